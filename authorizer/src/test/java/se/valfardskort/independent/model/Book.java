package se.valfardskort.independent.model;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that a card has done, and the money moves. The purses are added up from the list each time they are asked for.
 */
final class Book {
  private static final long DAY_MS = 86_400_000;
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

  final Card card;
  final Laws laws;
  final List<Row> rows = new ArrayList<>();

  /** The server's time. */
  private long nowMs;

  /** When the newest of the rows was made that are forgotten. */
  private long lowWaterMs;

  Book(Card card, Laws laws, long nowMs) {
    this.card = card;
    this.laws = laws;
    this.nowMs = nowMs;
  }

  /** In Stockholm. */
  String month() {
    return YearMonth.from(Instant.ofEpochMilli(nowMs).atZone(STOCKHOLM)).toString();
  }

  LocalDate day() {
    return LocalDate.ofInstant(Instant.ofEpochMilli(nowMs), ZoneOffset.UTC);
  }

  /** The clock: holds expire, and what is old is forgotten. */
  void timePasses(long ms) {
    nowMs += ms;
    for (Row row : rows) {
      if (row.forgotten || row.kind == Row.Kind.NOTHING || nowMs < dueMs(row)) {
        continue;
      }
      if (row.isHeld()) {
        giveBack(row, row.held());
        row.state = Row.State.EXPIRED;
        row.endedMs = nowMs;
      } else if (row.is(Row.Kind.HOLD, Row.State.COMPLETED) && row.endedMs == 0) {
        row.endedMs = nowMs;
      } else {
        row.forgotten = true;
        lowWaterMs = Math.max(lowWaterMs, row.madeMs);
      }
    }
  }

  /** When the clock next does something to it. */
  private long dueMs(Row row) {
    if (row.endedMs != 0) {
      return row.endedMs + 7 * DAY_MS;
    }
    int days =
        switch (row.kind) {
          case HOLD -> row.request.isPreauthorization() ? laws.daysOfPreauthorizations() : laws.daysOfHolds();
          case TOMBSTONE -> laws.daysOfTombstones();
          default -> laws.daysOfPostings();
        };
    return row.madeMs + days * DAY_MS;
  }

  /** So old that the same request may have been decided and forgotten. */
  boolean isOlderThanMemory(Facts facts) {
    int month = (int) (facts.number(7) / 100_000_000);
    int day = (int) (facts.number(7) / 1_000_000 % 100);
    long second = facts.number(7) / 10_000 % 100 * 3_600 + facts.number(7) / 100 % 100 * 60 + facts.number(7) % 100;
    LocalDate sent = LocalDate.of(day().getYear(), month, day);
    if (sent.isAfter(day())) {
      sent = sent.minusYears(1);
    }
    long sentMs = (sent.toEpochDay() * 86_400 + second) * 1_000;
    // A sender's clock may be a day ahead of ours, so that what was forgotten told a later time than it came.
    boolean mayBeOfAClockAhead = sentMs <= nowMs - DAY_MS && sentMs <= lowWaterMs + DAY_MS;
    return lowWaterMs > 0 && (sentMs < lowWaterMs || mayBeOfAClockAhead);
  }

  long cash() {
    return card.cash() - rows.stream().mapToLong(row -> row.cash).sum();
  }

  long hjartan() {
    return card.hjartan() - rows.stream().mapToLong(row -> row.hjartan).sum();
  }

  /** CASH below nothing counts as nothing. */
  long spendableCash() {
    return Math.max(0, cash());
  }

  /** Hjartan that can be spent at that merchant. */
  long usableHjartan(Facts at) {
    boolean usable = Programme.hjartanRefusal(card, at.acquirer(), at.text(42)) == null;
    return usable && laws.hjartanPayFirst() ? Math.max(0, hjartan()) : 0;
  }

  String balances() {
    String both = entry("9602", "752", cash()) + entry("9802", "752", hjartan());
    return card.hasVisits() ? both + entry("9702", "752", 0) : both;
  }

  static String entry(String types, String currency, long amount) {
    return types + currency + (amount < 0 ? "D" : "C") + String.format(Locale.ROOT, "%012d", Math.abs(amount));
  }

  long fuelThisMonth() {
    return rows.stream()
        .filter(row -> row.category == Programme.Category.FUEL && row.month.equals(month()))
        .mapToLong(Row::held)
        .sum();
  }

  long openHolds() {
    return rows.stream().filter(Row::isHeld).count();
  }

  /** The newest that fits. */
  @Nullable Row newest(Predicate<Row> fits) {
    for (int i = rows.size() - 1; i >= 0; i--) {
      if (!rows.get(i).forgotten && fits.test(rows.get(i))) {
        return rows.get(i);
      }
    }
    return null;
  }

  /** By that partner and acquirer, and of this card: not a request that was refused because it named none. */
  private boolean isBySameSender(Row row, Facts facts) {
    return !row.request.text(2).equals(card.pan(false))
        && (row.request.isOfSamePartner(facts) || !laws.otherPartnersAreStrangers())
        && (row.request.acquirer().equals(facts.acquirer()) || !laws.otherAcquirersAreStrangers());
  }

  /** The hold or posting that a completion, an advice or a refund speaks of; who names an increment means its hold. */
  @Nullable Row original(Facts facts) {
    return holdOf(named(facts));
  }

  static @Nullable Row holdOf(@Nullable Row row) {
    if (row == null || row.kind != Row.Kind.INCREMENT) {
      return row;
    }
    return row.hold == null || row.hold.forgotten ? null : row.hold;
  }

  /** A reversed posting tells no more than the hold that it had completed. */
  static @Nullable Row currentOf(@Nullable Row row) {
    Row hold = row == null || !row.is(Row.Kind.POSTING, Row.State.REVERSED) ? null : row.completed;
    return hold == null || hold.forgotten ? row : hold;
  }

  private static boolean isPurchase(Row row) {
    return row.kind == Row.Kind.HOLD || row.kind == Row.Kind.POSTING || row.kind == Row.Kind.INCREMENT;
  }

  /** The hold, posting or increment itself that they name. */
  @Nullable Row named(Facts facts) {
    Predicate<Row> candidate = row -> isPurchase(row) && isBySameSender(row, facts);
    Row found = newest(candidate.and(row -> facts.names(row.request)));
    if (found == null) {
      found = newest(candidate.and(row -> facts.refersTo(row.request)));
    }
    if (found == null && !facts.text(38).isEmpty()) {
      found =
          newest(
              candidate
                  .and(row -> row.kind != Row.Kind.INCREMENT)
                  .and(row -> row.isKnownBy(facts.text(38)))
                  .and(row -> row.request.text(42).equals(facts.text(42))));
    }
    return found;
  }

  /** The advice tells of an increment that never came: DE 24 says so, or DE 90 names it, and DE 37, 38, 41 the hold. */
  boolean isIncrement(Facts advice, Row hold) {
    Row known = newest(row -> isPurchase(row) && isBySameSender(row, advice) && advice.names(row.request));
    if (advice.saysIncrement()) {
      return known == null || known.kind != Row.Kind.INCREMENT;
    }
    return advice.namesAnother()
        && known == null
        && advice.refersTo(hold.request)
        && hold.isKnownBy(advice.text(38));
  }

  /** The refund that an advice speaks of. */
  @Nullable Row refundMeant(Facts advice) {
    Predicate<Row> ours = row -> isBySameSender(row, advice);
    Predicate<Row> refund = row -> row.kind == Row.Kind.REFUND;
    Row named = newest(ours.and(refund.or(Book::isPurchase)).and(row -> advice.names(row.request)));
    if (named != null && named.kind == Row.Kind.REFUND) {
      return named;
    }
    if (named != null && advice.refersTo(named.request)) {
      return null;
    }
    Predicate<Row> byRequest = ours.and(refund).and(row -> !row.request.isAdvice());
    Row found = newest(byRequest.and(row -> advice.refersTo(row.request)));
    Row referred = newest(ours.and(Book::isPurchase).and(row -> advice.refersTo(row.request)));
    if (found == null && named == null && referred == null && !advice.text(38).isEmpty()) {
      found =
          newest(
              byRequest
                  .and(row -> row.isKnownBy(advice.text(38)))
                  .and(row -> row.request.text(42).equals(advice.text(42))));
    }
    return found;
  }

  /** What a reversal speaks of; it may be something that moved nothing. */
  @Nullable Row reversed(Facts facts) {
    Predicate<Row> candidate =
        row ->
            row.kind != Row.Kind.TOMBSTONE && row.request.messageClass() != '4' && isBySameSender(row, facts);
    Row found = newest(candidate.and(row -> facts.names(row.request)));
    Predicate<Row> moved = row -> row.kind != Row.Kind.NOTHING && row.kind != Row.Kind.INCREMENT;
    if (found == null) {
      found = newest(candidate.and(moved).and(row -> facts.refersTo(row.request)));
    }
    if (found == null) {
      found = newest(candidate.and(row -> facts.refersTo(row.request)));
    }
    if (found == null && !facts.text(38).isEmpty()) {
      found =
          newest(candidate.and(row -> row.isKnownBy(facts.text(38)) && row.sent == facts.amount()));
    }
    return found == null ? null : approvedElsewhere(found);
  }

  /** What others approved in our name after we had declined it; else what was named. */
  private Row approvedElsewhere(Row named) {
    if (named.kind != Row.Kind.NOTHING || named.request.isAdvice()) {
      return named;
    }
    int first = rows.indexOf(named);
    Row theirs =
        newest(
            row ->
                isPurchase(row)
                    && row.request.isAdvice()
                    && rows.indexOf(row) > first
                    && (row.hold == null || rows.indexOf(row.hold) < first)
                    && row.request.messageClass() == named.request.messageClass()
                    && isBySameSender(row, named.request)
                    && row.request.refersTo(named.request));
    return theirs == null ? named : theirs;
  }

  /** A reversal of this request came before it. */
  boolean isAwaited(Facts facts) {
    return newest(
            row ->
                row.kind == Row.Kind.TOMBSTONE
                    && isBySameSender(row, facts)
                    && (row.request.names(facts) || row.request.refersTo(facts)))
        != null;
  }

  /** The hold that an increment raises. */
  @Nullable Row raised(Facts facts) {
    if (facts.text(38).isEmpty()) {
      return null;
    }
    return newest(
        row ->
            row.isHeld()
                && isBySameSender(row, facts)
                && row.isKnownBy(facts.text(38))
                && facts.refersTo(row.request));
  }

  Row add(Row.Kind kind, Facts facts, int command) {
    Row row = new Row(kind, facts, command, nowMs);
    row.month = month();
    row.sent = facts.amount();
    row.kronor = facts.message().has(4) ? facts.kronor() : 0;
    rows.add(row);
    return row;
  }

  /** As much as the purse order says, from CASH what is missing, whatever it has. */
  void force(Row row, Facts at, long amount) {
    long fromHjartan = at.account().equals("96") ? 0 : Math.min(amount, usableHjartan(at));
    row.hjartan += fromHjartan;
    row.cash += amount - fromHjartan;
  }

  /** In reverse paying order; never more than is there. */
  void giveBack(Row row, long amount) {
    long cashThere = row.cash - row.refundedCash;
    long hjartanThere = row.hjartan - row.refundedHjartan;
    long back = Math.min(amount, cashThere + hjartanThere);
    long fromCash =
        laws.cashGoesBackFirst() ? Math.min(back, cashThere) : back - Math.min(back, hjartanThere);
    row.cash -= fromCash;
    row.hjartan -= back - fromCash;
  }

  /** A hold or posting becomes another amount; what was refunded of it is another matter. */
  void become(Row row, Facts at, long amount) {
    if (amount > row.held()) {
      force(row, at, amount - row.held());
    } else {
      giveBack(row, row.held() - amount);
    }
  }

  /** The hold's money becomes a posting of that amount. */
  Row complete(Row hold, Facts facts, int command, long amount) {
    Row posting = add(Row.Kind.POSTING, facts, command);
    posting.category = hold.category;
    posting.month = hold.month;
    posting.hjartan = hold.hjartan;
    posting.cash = hold.cash;
    hold.hjartan = 0;
    hold.cash = 0;
    hold.posting = posting;
    posting.completed = hold;
    hold.state = Row.State.COMPLETED;
    if (laws.completionReleasesTheRest() || amount > posting.held()) {
      become(posting, facts, amount);
    }
    return posting;
  }

  /** A hold or posting comes down to what remains, as far as it was not refunded. */
  void reverse(Row row, long remains) {
    long before = row.held();
    if (row.state == Row.State.OPEN && before > remains) {
      giveBack(row, before - remains);
      row.state = remains == 0 ? Row.State.REVERSED : Row.State.OPEN;
    }
  }

  /** An increment comes down to what remains, and its hold by as much. */
  void takeOff(Row increment, long remains) {
    Row hold = increment.hold;
    if (hold != null && hold.isHeld() && increment.state == Row.State.OPEN && increment.added > remains) {
      giveBack(hold, Math.min(increment.added - remains, hold.held()));
      increment.added = remains;
      increment.state = remains == 0 ? Row.State.REVERSED : Row.State.OPEN;
      if (hold.held() == 0) {
        hold.state = Row.State.RELEASED;
      }
    }
  }

  void release(Row hold) {
    giveBack(hold, hold.held());
    hold.state = Row.State.RELEASED;
  }

  /** Where a refund goes: what its purchases paid, the narrowest money first; the rest waits. */
  void refund(Row refund, @Nullable Row original, long amount) {
    List<Row> postings = new ArrayList<>();
    if (original == null) {
      refund.unlinked = true;
      postings.addAll(postedAtMerchantOf(refund.request));
    } else {
      Row posting = original.kind == Row.Kind.HOLD ? original.posting : original;
      if (posting != null && posting.is(Row.Kind.POSTING, Row.State.OPEN) && !posting.forgotten) {
        refund.posting = posting;
        postings.add(posting);
      }
    }
    give(refund, postings, amount);
  }

  private void give(Row refund, List<Row> postings, long amount) {
    long rest = amount;
    if (laws.refundsAreNarrowestFirst()) {
      rest -= refundHjartan(refund, postings, rest);
      rest -= refundCash(refund, postings, rest);
    } else {
      rest -= refundCash(refund, postings, rest);
      rest -= refundHjartan(refund, postings, rest);
    }
    refund.waiting += rest;
  }

  /** A refund becomes another amount, from where it came. */
  void replaceRefund(Row refund, Facts advice, long amount) {
    long more = amount - refund.refunded();
    if (more < 0) {
      takeBack(refund, -more);
    } else {
      Row posting = refund.posting;
      List<Row> postings = new ArrayList<>();
      if (posting != null && posting.state == Row.State.OPEN && !posting.forgotten) {
        postings.add(posting);
      } else if (refund.unlinked && !advice.text(42).isEmpty() && advice.text(42).equals(refund.request.text(42))) {
        postings.addAll(postedAtMerchantOf(advice));
      }
      give(refund, postings, more);
    }
    refund.sent = advice.number(4);
    refund.kronor = advice.kronor();
    refund.learn(advice.text(38));
  }

  /** Newest first. */
  private List<Row> postedAtMerchantOf(Facts facts) {
    List<Row> postings = new ArrayList<>();
    for (int i = rows.size() - 1; i >= 0; i--) {
      if (isPostedAtMerchantOf(rows.get(i), facts)) {
        postings.add(rows.get(i));
      }
    }
    return postings;
  }

  private boolean isPostedAtMerchantOf(Row row, Facts facts) {
    return row.is(Row.Kind.POSTING, Row.State.OPEN)
        && !row.forgotten
        && isBySameSender(row, facts)
        && row.request.text(42).equals(facts.text(42));
  }

  private static long refundHjartan(Row refund, List<Row> postings, long atMost) {
    long given = 0;
    for (Row posting : postings) {
      long part = Math.min(atMost - given, posting.hjartan - posting.refundedHjartan);
      posting.refundedHjartan += part;
      given += part;
    }
    refund.backHjartan += given;
    refund.hjartan -= given;
    return given;
  }

  private static long refundCash(Row refund, List<Row> postings, long atMost) {
    long given = 0;
    for (Row posting : postings) {
      long part = Math.min(atMost - given, posting.cash - posting.refundedCash);
      posting.refundedCash += part;
      given += part;
    }
    refund.backCash += given;
    refund.cash -= given;
    return given;
  }

  /**
   * Takes a refund back: what waits, then CASH, then HJARTAN, and CASH for those no longer there, which is then
   * what has paid that part of the purchase. Of a reversed purchase only what waits: the rest is the holder's own.
   */
  void takeBack(Row refund, long wanted) {
    Row purchase = refund.posting;
    boolean reversed = purchase != null && purchase.state == Row.State.REVERSED && !purchase.forgotten;
    long amount = reversed ? Math.min(wanted, refund.waiting) : wanted;
    long fromWaiting = Math.min(amount, refund.waiting);
    long ofCash = Math.min(amount - fromWaiting, refund.backCash);
    long ofHjartan = amount - fromWaiting - ofCash;
    long missing = ofHjartan - Math.min(ofHjartan, hjartan());
    refund.waiting -= fromWaiting;
    refund.backCash -= ofCash;
    refund.backHjartan -= ofHjartan;
    refund.cash += ofCash;
    refund.hjartan += ofHjartan;
    if (purchase == null) {
      refund.hjartan -= missing;
      refund.cash += missing;
    } else {
      purchase.refundedCash -= ofCash;
      purchase.refundedHjartan -= ofHjartan;
      purchase.hjartan -= missing;
      purchase.cash += missing;
    }
  }
}
