package se.valfardskort.independent.model;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireMessage;

/**
 * What wire.md says that the messages of one card are answered, one after the other. One thread at a time.
 *
 * <p>Each request is asked the rules in their order; the first that refuses it names its reason.
 */
final class CardModel {
  /** What was answered, so that it can be answered again. */
  private record Told(String fingerprint, Expected answer, @Nullable Row row) {}

  final Book book;
  private final Advices advices;
  private final Laws laws;
  private final Settlement settlement;
  private final Map<String, Told> told = new HashMap<>();
  private int contactlessRun;

  /** The row of the last request, to which the DE 38 of its answer belongs. */
  private @Nullable Row last;

  CardModel(Card card, Laws laws, long nowMs, Settlement settlement) {
    this.laws = laws;
    this.settlement = settlement;
    book = new Book(card, laws, nowMs);
    advices = new Advices(book, laws);
  }

  /** Decides; {@code command} is how whoever plays calls this message. */
  Expected answer(WireMessage message, int command) {
    Facts facts = new Facts(message);
    last = null;
    if (!facts.acquirer().equals(Programme.ACQUIRER) && !facts.acquirer().equals(Programme.SECOND_ACQUIRER)) {
      return refused(Reason.ACQUIRER_NOT_ALLOWED, null);
    }
    if (facts.messageClass() == '3' || facts.messageClass() == '6') {
      return refused(Reason.FUNCTION, null);
    }
    String key = Sameness.key(facts);
    Told before = laws.repeatsAreRecognized() ? told.get(key) : null;
    if (before != null && (before.row == null || !before.row.forgotten)) {
      if (!before.fingerprint.equals(Sameness.fingerprint(facts))) {
        return refused(Reason.SAME_KEY_OTHER_CONTENT, balances(facts));
      }
      boolean reversed = before.row != null && before.row.state == Row.State.REVERSED;
      return reversed ? refused(Reason.REVERSED_SINCE, balances(facts)) : before.answer;
    }
    int rowsBefore = book.rows.size();
    Tally tally = new Tally(book, settlement);
    Expected answer = decide(facts, command);
    tally.count(facts);
    if (facts.messageClass() == '1') {
      settlement.countAuthorization(facts, book.day(), answer.reason() == null);
    }
    if (book.rows.size() == rowsBefore) {
      last = book.add(Row.Kind.NOTHING, facts, command);
    } else {
      last = book.rows.get(rowsBefore);
    }
    told.put(key, new Told(Sameness.fingerprint(facts), answer, last.kind == Row.Kind.NOTHING ? null : last));
    return answer;
  }

  /** The DE 38 that was minted for the last request. */
  void learn(String code) {
    if (last != null) {
      last.codes.add(code);
      if (last.hold != null) {
        last.hold.codes.add(code);
      }
    }
  }

  /** DE 54: on every answer to a request that the demo links give for a card. */
  private @Nullable String balances(Facts facts) {
    boolean request = (facts.messageClass() == '1' || facts.messageClass() == '2') && !facts.isAdvice();
    return request && isKnown(facts) ? book.balances() : null;
  }

  private boolean isKnown(Facts facts) {
    return book.card.exists() && facts.text(2).equals(book.card.pan(true));
  }

  private static Expected refused(Reason reason, @Nullable String balances) {
    return new Expected(reason.code, reason, false, balances, Map.of(), 0);
  }

  private Expected approved(Facts facts, boolean minted) {
    return new Expected("00", null, minted, balances(facts), Map.of(), 0);
  }

  private Expected decide(Facts facts, int command) {
    if (facts.messageClass() == '4') {
      return reverse(facts, command);
    }
    if (isKnown(facts) && book.isAwaited(facts)) {
      return refused(Reason.REVERSED_BEFORE_IT_CAME, balances(facts));
    }
    if (!isFunction(facts)) {
      return refused(Reason.FUNCTION, balances(facts));
    }
    int missing = missing(facts);
    if (missing != 0) {
      return new Expected("30", Reason.FORMAT, false, "", Map.of(), missing);
    }
    if (!facts.isInquiry() && !facts.isConvertible()) {
      return refused(Reason.CURRENCY, balances(facts));
    }
    if (!facts.isAdvice() && book.isOlderThanMemory(facts)) {
      return refused(Reason.OLDER_THAN_MEMORY, balances(facts));
    }
    boolean zeroAllowed = facts.isInquiry() || facts.isVerification() || facts.isAdvice();
    if (facts.kronor() == 0 && !zeroAllowed) {
      return refused(Reason.AMOUNT_ZERO, balances(facts));
    }
    if (facts.text(2).equals(book.card.pan(false))) {
      return refused(Reason.CHECK_DIGIT, null);
    }
    if (!book.card.exists()) {
      return refused(Reason.CARD_UNKNOWN, null);
    }
    if (facts.isAdvice()) {
      advices.take(facts, command);
      return approved(facts, false);
    }
    Reason reason = cardRefusal(facts);
    if (reason != null) {
      return refused(reason, balances(facts));
    }
    return request(facts, command);
  }

  private static boolean isFunction(Facts facts) {
    boolean advice = facts.isAdvice();
    return switch (facts.type()) {
      case "00", "01", "09" -> true;
      case "20" -> !advice || facts.messageClass() == '2';
      case "30", "31" -> !advice;
      default -> false;
    };
  }

  /** The first data element that the function cannot do without. */
  private static int missing(Facts facts) {
    if (facts.isInquiry()) {
      return 0;
    }
    if (!facts.message().has(4)) {
      return 4;
    }
    boolean purchase = !facts.type().equals("20") && !facts.isVerification() && !facts.isAdvice();
    String category = facts.merchantCategory();
    if (purchase && (category == null || category.equals("0000"))) {
      return facts.is1993() ? 26 : 18;
    }
    return facts.message().has(49) ? 0 : 49;
  }

  /** Status, expiry, PIN. Refunds skip the first two. */
  private @Nullable Reason cardRefusal(Facts facts) {
    Card card = book.card;
    if (!facts.type().equals("20")) {
      if (card.refusal() != null) {
        return card.refusal();
      }
      if (!facts.text(14).isEmpty() && !facts.text(14).equals(card.expiry())) {
        return Reason.EXPIRY_DIFFERS;
      }
    }
    return facts.message().has(52) ? card.pinRefusal() : null;
  }

  private Expected request(Facts facts, int command) {
    if (facts.isInquiry() || facts.isVerification()) {
      if (facts.isVerification() && !laws.verificationPlacesNoHold()) {
        book.add(Row.Kind.HOLD, facts, command);
      }
      return approved(facts, true);
    }
    if (facts.type().equals("20")) {
      if (facts.messageClass() == '2') {
        Row refund = book.add(Row.Kind.REFUND, facts, command);
        book.refund(refund, book.original(facts), facts.kronor());
      }
      return approved(facts, true);
    }
    Row completed = facts.messageClass() == '2' ? book.original(facts) : null;
    if (completed != null && completed.isHeld()) {
      return completeByRequest(completed, facts, command);
    }
    return purchase(facts, command, facts.messageClass() == '1' ? book.raised(facts) : null);
  }

  private Expected completeByRequest(Row hold, Facts facts, int command) {
    long amount = facts.kronor();
    if (amount > laws.tolerated(hold.category, hold.held())) {
      return refused(Reason.ABOVE_TOLERANCE, balances(facts));
    }
    long excess = Math.max(0, amount - hold.held());
    long[] parts = new long[2];
    Reason reason = excess == 0 ? null : pay(facts, excess, parts);
    if (reason != null) {
      return refused(reason, balances(facts));
    }
    book.complete(hold, facts, command, amount);
    return approved(facts, true);
  }

  /** A purchase, or the raise of a hold by one. */
  private Expected purchase(Facts facts, int command, @Nullable Row raised) {
    Reason reason = policy(facts, raised);
    if (reason != null) {
      return refused(reason, balances(facts));
    }
    long[] parts = new long[2];
    reason = pay(facts, facts.kronor(), parts);
    boolean inPart = false;
    if (reason != null) {
      inPart = raised == null && !facts.saysIncrement() && facts.isPartialCapable() && payInPart(facts, reason, parts);
      if (!inPart) {
        return refused(reason, balances(facts));
      }
    }
    if (facts.saysIncrement() && raised == null && laws.incrementsNeedAHold()) {
      return refused(Reason.ORIGINAL_NOT_FOUND, balances(facts));
    }
    contactlessRun = facts.isContactless() ? contactlessRun + 1 : 0;
    if (raised != null) {
      Row increment = book.add(Row.Kind.INCREMENT, facts, command);
      increment.hold = raised;
      increment.added = facts.kronor();
      raised.hjartan += parts[0];
      raised.cash += parts[1];
      raised.sent += facts.number(4);
      raised.kronor += facts.kronor();
      return approved(facts, true);
    }
    Row row = book.add(facts.messageClass() == '1' ? Row.Kind.HOLD : Row.Kind.POSTING, facts, command);
    row.category = category(facts);
    row.hjartan = parts[0];
    row.cash = parts[1];
    return inPart ? approvedInPart(facts, row) : approved(facts, true);
  }

  private static Programme.Category category(Facts facts) {
    return Programme.category(facts.acquirer(), facts.text(42), facts.merchantCategory());
  }

  /** Cash, merchant, category, country, amounts, counts. */
  private @Nullable Reason policy(Facts facts, @Nullable Row raised) {
    Programme.Category category = category(facts);
    if (facts.type().equals("01")) {
      return Reason.CASH;
    }
    if (facts.cashback() > 0) {
      return Reason.CASHBACK;
    }
    if (category == Programme.Category.CASH) {
      return category.refusal;
    }
    if (Programme.denies(facts.acquirer(), facts.text(42))) {
      return Reason.MERCHANT_DENIED;
    }
    boolean liftable = category.refusal != null && category.refusal.code.equals("05");
    if (category.refusal != null && !liftable) {
      return category.refusal;
    }
    if (facts.isAbroad()) {
      return Reason.ABROAD;
    }
    if (liftable) {
      return category.refusal;
    }
    return limit(facts, category, raised);
  }

  private @Nullable Reason limit(Facts facts, Programme.Category category, @Nullable Row raised) {
    long amount = facts.kronor();
    if (amount + (raised == null ? 0 : raised.held()) > laws.luxuryLimit(category)) {
      return Reason.LUXURY_AMOUNT;
    }
    Programme.Category counted = raised == null ? category : raised.category;
    if (counted == Programme.Category.FUEL && book.fuelThisMonth() + amount > laws.monthlyFuel()) {
      return Reason.CATEGORY_CAP;
    }
    if (facts.isContactless()) {
      if (amount > laws.contactlessAmount()) {
        return Reason.CONTACTLESS_AMOUNT;
      }
      if (contactlessRun >= laws.contactlessInARow()) {
        return Reason.CONTACTLESS_COUNT;
      }
    }
    boolean places = facts.messageClass() == '1' && raised == null;
    return places && book.openHolds() >= laws.openHolds() ? Reason.OPEN_HOLDS : null;
  }

  /** From which purses; {@code parts}: HJARTAN, CASH. */
  private @Nullable Reason pay(Facts facts, long amount, long[] parts) {
    return switch (facts.account()) {
      case "10" -> Reason.SAVINGS;
      case "30" -> Reason.CREDIT;
      case "96" -> {
        parts[1] = amount;
        yield amount > book.spendableCash() ? Reason.FUNDS_CASH : null;
      }
      case "98" -> {
        parts[0] = amount;
        Reason refusal = Programme.hjartanRefusal(book.card, facts.acquirer(), facts.text(42));
        yield refusal == null && amount > book.hjartan() ? Reason.FUNDS_HJARTAN : refusal;
      }
      default -> {
        parts[0] = Math.min(amount, book.usableHjartan(facts));
        parts[1] = amount - parts[0];
        yield parts[1] > book.spendableCash() ? Reason.FUNDS : null;
      }
    };
  }

  /** All that the purses have that may pay, where nothing but money is missing. */
  private boolean payInPart(Facts facts, Reason missing, long[] parts) {
    parts[0] = missing == Reason.FUNDS_CASH ? 0 : book.usableHjartan(facts);
    parts[1] = missing == Reason.FUNDS_HJARTAN ? 0 : book.spendableCash();
    long part = parts[0] + parts[1];
    return missing.code.equals("51") && part > 0 && sentFor(facts, part) > 0;
  }

  /** DE 4 of a part: nothing of a foreign currency can be approved where it comes to less than one of its units. */
  private static long sentFor(Facts facts, long part) {
    return facts.isForeign() ? facts.number(4) * part / facts.number(6) : part;
  }

  private Expected approvedInPart(Facts facts, Row row) {
    long part = row.held();
    Map<Integer, String> amounts = new HashMap<>();
    row.kronor = part;
    row.sent = sentFor(facts, part);
    amounts.put(4, twelve(row.sent));
    if (facts.message().has(6)) {
      amounts.put(6, twelve(part));
    }
    if (facts.is1993()) {
      amounts.put(30, twelve(facts.number(4)) + twelve(0));
    }
    String balances = book.balances() + Book.entry("0057", facts.text(49), facts.number(4));
    return new Expected("10", null, true, balances, amounts, 0);
  }

  private static String twelve(long amount) {
    return String.format(Locale.ROOT, "%012d", amount);
  }

  private Expected reverse(Facts facts, int command) {
    Expected answer = approved(facts, false);
    if (facts.text(2).equals(book.card.pan(false))) {
      return refused(Reason.CHECK_DIGIT, null);
    }
    if (!book.card.exists()) {
      return refused(Reason.CARD_UNKNOWN, null);
    }
    Row row = book.reversed(facts);
    if (row == null) {
      if (laws.unknownReversalsAreRemembered()) {
        book.add(Row.Kind.TOMBSTONE, facts, command);
      }
      return answer;
    }
    long remains = facts.replacement();
    if (facts.is1993() && remains > 0 && !laws.partialReversalsSayWhatRemains()) {
      remains = Math.max(0, facts.amount() - remains);
    }
    if (row.request.isForeign() && remains > 0 && row.sent > 0) {
      remains = laws.remains(row.kronor, remains, row.sent);
    }
    switch (row.kind) {
      case HOLD, POSTING -> book.reverse(row, remains);
      case REFUND -> {
        if (row.state == Row.State.OPEN && row.refunded() > remains) {
          book.takeBack(row, row.refunded() - remains);
          row.state = remains == 0 ? Row.State.REVERSED : Row.State.OPEN;
        }
      }
      case INCREMENT -> book.takeOff(row, remains);
      case NOTHING, TOMBSTONE -> { }
    }
    return answer;
  }
}
