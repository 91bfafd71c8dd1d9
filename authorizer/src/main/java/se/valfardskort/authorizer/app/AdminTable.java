package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers of the admin port as tables for people. Owned by one thread. */
final class AdminTable {
  private static final String APPROVAL = "%-7s %-16s %-11s %-11s %14s %14s %-9s %-10s %s%n";

  private final PrintWriter out;
  private final String masked;

  /** @param masked the card's number as it may be shown */
  AdminTable(PrintWriter out, String masked) {
    this.out = out;
    this.masked = masked;
  }

  /** One line about a card. */
  void line(Map<?, ?> answer) {
    Map<?, ?> card = map(answer, "card");
    out.printf(Locale.ROOT, "%s  %s  account %s, programme %s, expires %s  (sequence %s)%n", masked, status(card),
        card.get("account"), card.get("programme"), card.get("expires"), answer.get("sequence"));
  }

  /** All of a card. */
  void card(Map<?, ?> answer) {
    Map<?, ?> card = map(answer, "card");
    row("card", masked);
    row("status", status(card));
    row("account", card.get("account") + ", programme " + card.get("programme") + ", baz " + card.get("baz"));
    row("expires", card.get("expires"));
    row("PIN tries left", card.get("pinTriesLeft"));
    row("CASH", kronor(card, "cashAvailableMinor") + " (held " + kronor(card, "cashHeldMinor") + ")");
    row("HJARTAN", kronor(card, "hjartanAvailableMinor") + " (held " + kronor(card, "hjartanHeldMinor") + ")");
    row("refunds waiting", kronor(card, "refundsWaitingMinor"));
    for (Map<?, ?> counter : maps(card, "counters")) {
      Object month = card.get("countedMonth");
      row(
          "month's " + counter.get("category"),
          kronor(counter, "amountMinor") + (month == null ? "" : " in " + month));
    }
    approvals(maps(card, "approvals"));
    earmarks(maps(card, "earmarks"));
    List<Map<?, ?>> newest = maps(card, "newest");
    if (!newest.isEmpty()) {
      out.printf(Locale.ROOT, "%n%-9s %-10s %-24s %14s %14s%n", "original", "state", "time", "CASH", "HJARTAN");
    }
    for (Map<?, ?> original : newest) {
      out.printf(Locale.ROOT, "%-9s %-10s %-24s %14s %14s%n", original.get("number"), original.get("state"),
          original.get("time"), kronor(original, "cashMinor"), kronor(original, "hjartanMinor"));
    }
  }

  /** What a card did, or who has looked at it. */
  void history(Map<?, ?> answer, String name, LanguageOption lang) {
    out.println(masked + "  card " + answer.get("card") + ", account " + answer.get("account"));
    HistoryTable.lines(out, answer, name, lang);
  }

  /** The approvals of a card's account. */
  void approvals(List<Map<?, ?>> approvals) {
    if (approvals.isEmpty()) {
      out.println("no approvals");
      return;
    }
    out.printf(Locale.ROOT, APPROVAL, "number", "reason", "from", "until", "granted", "left", "uses", "countries",
        "covers");
    for (Map<?, ?> approval : approvals) {
      out.printf(Locale.ROOT, APPROVAL, approval.get("number"), approval.get("reason"),
          or(approval.get("firstDay"), "-"), approval.get("lastDay"),
          approval.containsKey("amountMinor") ? kronor(approval, "amountMinor") : "no limit",
          approval.containsKey("leftMinor") ? kronor(approval, "leftMinor") : "no limit",
          approval.get("usesTaken") + " of " + or(approval.get("uses"), "any"),
          words(approval.get("countries"), "at home"),
          words(approval.get("covers"), "anything") + (Boolean.TRUE.equals(approval.get("revoked")) ? " REVOKED" : ""));
    }
  }

  /** One approval. */
  void approval(Map<?, ?> answer) {
    out.println("card " + masked);
    approvals(List.of(map(answer, "approval")));
  }

  /** Begins with the card: what follows is about grants or the bonus, in a language. */
  OfferText offers(String language) {
    out.println(masked);
    return new OfferText(out, language);
  }

  /** The earmarks of a card's account. */
  void earmarks(List<Map<?, ?>> earmarks) {
    new EarmarkTable(out).print(earmarks);
  }

  /** One earmark. */
  void earmark(Map<?, ?> answer) {
    out.println("card " + masked);
    earmarks(List.of(map(answer, "earmark")));
  }

  private void row(String name, @Nullable Object value) {
    out.printf(Locale.ROOT, "%-28s %s%n", name, value);
  }

  private static String status(Map<?, ?> card) {
    Object reason = card.get("statusReason");
    Object review = card.get("reviewOn");
    return card.get("status") + (reason == null ? "" : " (" + reason + ")")
        + (review == null ? "" : ", to be reviewed on " + review);
  }

  static String kronor(Map<?, ?> members, String name) {
    return members.get(name) instanceof Long amountMinor ? Kronor.of(amountMinor) : "-";
  }

  static Object or(@Nullable Object value, String otherwise) {
    return value == null ? otherwise : value;
  }

  static String words(@Nullable Object list, String none) {
    return list instanceof List<?> words && !words.isEmpty()
        ? String.join(", ", words.stream().map(String::valueOf).toList())
        : none;
  }

  static Map<?, ?> map(Map<?, ?> members, String name) {
    return members.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<Map<?, ?>> maps(Map<?, ?> members, String name) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (members.get(name) instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }
}
