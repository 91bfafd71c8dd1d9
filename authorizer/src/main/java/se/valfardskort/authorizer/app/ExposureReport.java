package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import se.valfardskort.authorizer.app.AdviceSurvey.Counts;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.pipeline.Position;

/**
 * What networks decided in our name, as of one sequence, for people and for programs. Immutable once made; amounts are
 * minor units inside and in JSON, kronor in the tables.
 *
 * <p>A card is named by its number in the journal and the first eight bytes of its panToken: a PAN is not known here.
 *
 * @param journal folder that was read
 * @param end last record that was read
 * @param partners those that ever sent anything, by id
 * @param accounts those that have anything open, by card
 * @param countedFrom sequence from which on advices were counted; 1: all there ever were
 * @param notRead why what was before is not counted, and how to mend it; empty where all is
 */
record ExposureReport(
    Path journal,
    Position end,
    List<PartnerLine> partners,
    List<AccountLine> accounts,
    long countedFrom,
    String notRead) {
  /**
   * One partner; one that is no longer configured is named {@code id} and its number. {@code alarmMinor} is
   * {@link Category#NO_LIMIT} where none is set.
   */
  record PartnerLine(String name, Counts counts, long overdrawnMinor, long alarmMinor) {}

  /** One account. */
  record AccountLine(
      int accountId, int cardId, long tokenStart, long standInMinor, long overdrawnMinor, long waitingMinor) {}

  private static final String PARTNER_FORM = "%-12s %8s %8s %8s %10s %6s %9s %9s %8s %8s %14s %14s%n";
  private static final String ACCOUNT_FORM = "%8s %8s  %-16s %14s %14s %16s%n";

  /** Gathers; the engine has replayed the journal up to {@code end}. */
  static ExposureReport of(
      Path journal, Position end, Engine engine, Map<Integer, Counts> counts, long countedFrom, String notRead) {
    List<PartnerLine> partners = new ArrayList<>();
    Map<Integer, Counts> shown = new TreeMap<>(counts);
    for (Partner partner : engine.activeConfiguration().partners()) {
      // What it has overdrawn stays its own where its advices lie before the count.
      if (engine.overdrawnMinor(partner.id()) != 0) {
        shown.putIfAbsent(partner.id(), new Counts());
      }
    }
    for (Map.Entry<Integer, Counts> entry : shown.entrySet()) {
      int id = entry.getKey();
      // What a partner booked stays booked when its block leaves the configuration.
      String name = "id " + id;
      long alarmMinor = Category.NO_LIMIT;
      for (Partner partner : engine.activeConfiguration().partners()) {
        if (partner.id() == id) {
          name = partner.name();
          alarmMinor = partner.adviceLimitMinor();
        }
      }
      partners.add(new PartnerLine(name, entry.getValue(), engine.overdrawnMinor(id), alarmMinor));
    }
    List<AccountLine> accounts = new ArrayList<>();
    engine.exposures((accountId, cardId, tokenStart, standInMinor, overdrawnMinor, waitingMinor) ->
        accounts.add(new AccountLine(accountId, cardId, tokenStart, standInMinor, overdrawnMinor, waitingMinor)));
    return new ExposureReport(journal, end, List.copyOf(partners), List.copyOf(accounts), countedFrom, notRead);
  }

  /** Where not all advices are counted: from where on, and why. */
  String describeCount() {
    return "Advices are counted from sequence " + countedFrom + " on: what was before is pruned, and " + notRead
        + ". Amounts and accounts are whole.";
  }

  void print(PrintWriter out) {
    out.println("Decided elsewhere in our name, as of sequence " + end.sequence() + " ("
        + Instant.ofEpochMilli(end.timeMs()) + "), from " + journal);
    if (countedFrom > 1) {
      out.println(describeCount());
    }
    out.println();
    out.printf(Locale.ROOT, PARTNER_FORM, "partner", "advices", "standin", "no hold", "above tol.", "late", "reversed",
        "repeated", "to CASH", "refunds", "overdrawn kr", "alarm at kr");
    for (PartnerLine line : partners) {
      Counts counts = line.counts;
      out.printf(Locale.ROOT, PARTNER_FORM, line.name, counts.advices, counts.standIn, counts.noHold,
          counts.overTolerance, counts.late, counts.afterReversal, counts.repeatedCompletion, counts.hjartanToCash,
          counts.refundWaiting, kronor(line.overdrawnMinor),
          line.alarmMinor == Category.NO_LIMIT ? "none" : kronor(line.alarmMinor));
    }
    out.println();
    if (accounts.isEmpty()) {
      out.println("No account has anything open.");
      return;
    }
    out.printf(Locale.ROOT, ACCOUNT_FORM, "account", "card", "panToken begins", "stand-in kr", "overdrawn kr",
        "refunds waiting");
    for (AccountLine line : accounts) {
      out.printf(Locale.ROOT, ACCOUNT_FORM, line.accountId, line.cardId, token(line), kronor(line.standInMinor),
          kronor(line.overdrawnMinor), kronor(line.waitingMinor));
    }
    out.printf(Locale.ROOT, ACCOUNT_FORM, accounts.size(), "in all", "",
        kronor(accounts.stream().mapToLong(AccountLine::standInMinor).sum()),
        kronor(accounts.stream().mapToLong(AccountLine::overdrawnMinor).sum()),
        kronor(accounts.stream().mapToLong(AccountLine::waitingMinor).sum()));
  }

  void printJson(PrintWriter out) {
    StringJoiner partnerList = new StringJoiner(",", "[", "]");
    for (PartnerLine line : partners) {
      Counts counts = line.counts;
      partnerList.add(object(
          "\"partner\":\"" + line.name + "\"", "\"advices\":" + counts.advices, "\"standIn\":" + counts.standIn,
          "\"noHold\":" + counts.noHold, "\"overTolerance\":" + counts.overTolerance, "\"late\":" + counts.late,
          "\"afterReversal\":" + counts.afterReversal, "\"repeatedCompletion\":" + counts.repeatedCompletion,
          "\"hjartanToCash\":" + counts.hjartanToCash, "\"overdrawn\":" + counts.overdrawn,
          "\"refundWaiting\":" + counts.refundWaiting, "\"overdrawnMinor\":" + line.overdrawnMinor,
          "\"alarmMinor\":" + (line.alarmMinor == Category.NO_LIMIT ? "null" : Long.toString(line.alarmMinor))));
    }
    StringJoiner accountList = new StringJoiner(",", "[", "]");
    for (AccountLine line : accounts) {
      accountList.add(object(
          "\"account\":" + line.accountId, "\"card\":" + line.cardId, "\"panTokenBegins\":\"" + token(line) + "\"",
          "\"standInMinor\":" + line.standInMinor, "\"overdrawnMinor\":" + line.overdrawnMinor,
          "\"refundsWaitingMinor\":" + line.waitingMinor));
    }
    out.println(object(
        "\"sequence\":" + end.sequence(), "\"countedFrom\":" + countedFrom,
        "\"time\":\"" + Instant.ofEpochMilli(end.timeMs()) + "\"",
        "\"partners\":" + partnerList, "\"accounts\":" + accountList));
  }

  /** Names are keys of configuration files or "id 7": letters, digits, hyphens, spaces; nothing needs an escape. */
  private static String object(String... members) {
    return "{" + String.join(",", members) + "}";
  }

  private static String token(AccountLine line) {
    return HexFormat.of().toHexDigits(line.tokenStart);
  }

  private static String kronor(long amountMinor) {
    return String.format(Locale.ROOT, "%,d.%02d", amountMinor / 100, Math.abs(amountMinor % 100));
  }
}
