package se.valfardskort.independent.model;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/**
 * Makes up the messages of one card. What it may refer to it looks up in the card's book, so that most references hit
 * something; a seed gives the same messages again as long as the answers are the same.
 */
final class Generator {
  /** One card in so many blips all the time, and one leaves its holds open. */
  private static final int BLIPPER = 8;

  private static final Layout[] LINKS = Layout.values();
  private static final DateTimeFormatter MONTH_DAY = DateTimeFormatter.ofPattern("MMdd", Locale.ROOT);

  /** One reference in so many is to something that may be forgotten. */
  private static final int OLD = 12;

  private static final int HOARDER = 12;

  /** One message in so many speaks of another partner's original. */
  private static final int STRANGER = 25;

  /** An original that its reversal overtakes. */
  private record Unsent(WireMessage plain, Layout link) {}

  private final Random random;
  private final Book book;
  private final List<Kind> kinds = new ArrayList<>();
  private final Messages messages;
  private final List<Command> sent = new ArrayList<>();
  private final List<Unsent> reversedBeforeSent = new ArrayList<>();
  private final References references;
  private final Words1993 words;

  /** The link over which the message that is being made must go; null: any. */
  private @Nullable Layout over;

  /** What it speaks of; null: nothing. */
  private @Nullable Row about;

  Generator(long seed, Book book, Set<Kind> enabled) {
    random = new Random(seed);
    this.book = book;
    boolean blips = random.nextInt(BLIPPER) == 0;
    boolean hoards = random.nextInt(HOARDER) == 0;
    for (Kind kind : Kind.values()) {
      if (enabled.contains(kind)) {
        int times = kind.weight * (hoards && kind == Kind.PURCHASE ? 20 : 1);
        for (int i = 0; i < times; i++) {
          kinds.add(kind);
        }
      }
    }
    messages = new Messages(random, blips, hoards);
    references = new References(random, messages, sent);
    words = new Words1993(random);
  }

  private void lookAtTheClock() {
    messages.day = MONTH_DAY.format(book.day());
    messages.settlementDay = MONTH_DAY.format(book.day().plusDays(random.nextInt(5) - 2));
  }

  /** Two digits: the latest year whose day that is. */
  private String yearOf(String monthDay) {
    boolean past = monthDay.compareTo(MONTH_DAY.format(book.day())) <= 0;
    return String.format(Locale.ROOT, "%02d", book.day().getYear() % 100 - (past ? 0 : 1));
  }

  Command next() {
    lookAtTheClock();
    for (; ; ) {
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      Command command = make(kind);
      if (command != null) {
        sent.add(command);
        return command;
      }
    }
  }

  /** What the purses have now. */
  Command inquiry() {
    lookAtTheClock();
    Command command = command(Kind.INQUIRY, Layout.ASCII, messages.inquiry());
    sent.add(command);
    return command;
  }

  private Command command(Kind kind, Layout link, WireMessage plain) {
    WireMessage message = link == Layout.BINARY_1993 ? words.of(plain, kind, this::yearOf) : plain;
    return new Command(sent.size(), kind, link, message, plain, kind != Kind.UNANSWERED, Command.NO_REPEAT);
  }

  private Layout anyLink() {
    return LINKS[random.nextInt(LINKS.length)];
  }

  /** A link of the partner that has sent what the row is of. */
  private Layout linkOfSender(Row row) {
    if (row.request.is1993()) {
      return Layout.BINARY_1993;
    }
    return random.nextBoolean() ? Layout.BINARY : Layout.ASCII;
  }

  private @Nullable Command make(Kind kind) {
    over = null;
    about = null;
    if (kind == Kind.REPEAT) {
      return repeat();
    }
    if (kind == Kind.OTHER_CONTENT) {
      return otherContent();
    }
    WireMessage message =
        switch (kind) {
          case PURCHASE -> messages.purchase(book);
          case FOREIGN_PURCHASE -> messages.foreign(messages.purchase(book));
          case PARTIAL_APPROVAL -> messages.partialCapable(book);
          case INQUIRY -> messages.inquiry();
          case VERIFICATION -> messages.verification();
          case REFUND_AUTHORIZATION -> messages.plain("0100", "200000", 5000);
          case FORMAT_ERROR -> messages.incomplete(book);
          case ODD_MESSAGE -> messages.odd(book);
          case UNANSWERED -> messages.plain(random.nextBoolean() ? "0140" : "0210", "000000", 7000);
          case REVERSAL -> reversal(false);
          case PARTIAL_REVERSAL -> reversal(true);
          case REVERSAL_BY_A_STRANGER -> strangersReversal();
          case UNKNOWN_REVERSAL -> unknownReversal();
          case LATE_ORIGINAL -> lateOriginal();
          case INCREMENT -> increment();
          case STRAY_INCREMENT -> strayIncrement();
          case COMPLETION -> completion("0220");
          case COMPLETING_REQUEST -> completion("0200");
          case ADVICE -> advice();
          case REFUND -> refund();
          case UNLINKED_REFUND -> unlinkedRefund();
          case REPEAT, OTHER_CONTENT, TIME_PASSES -> null;
        };
    if (message == null || book.card.isExceptionFor(new Facts(message))) {
      return null;
    }
    Layout link = over == null ? anyLink() : over;
    leaveNoDoubt(message, link);
    return command(kind, link, message);
  }

  /**
   * A message to another partner than its original's must not fit several of that partner's own by DE 37 or 38: which
   * is then meant, nobody says.
   */
  private void leaveNoDoubt(WireMessage message, Layout link) {
    Row row = about;
    boolean to1993 = link == Layout.BINARY_1993;
    if (row == null || row.request.is1993() == to1993) {
      return;
    }
    for (Row other : book.rows) {
      if (other.request.is1993() == to1993 && other.request.refersTo(row.request)) {
        message.set(37, messages.freshReference()).without(38);
        return;
      }
    }
  }

  /** A recent row that fits, newer ones more often. */
  private @Nullable Row pick(Predicate<Row> fits) {
    boolean old = random.nextInt(OLD) == 0;
    List<Row> rows =
        book.rows.stream()
            .filter(fits)
            .filter(row -> !row.forgotten || old)
            .filter(this::isOfNoOlderCap)
            .toList();
    if (rows.isEmpty()) {
      return null;
    }
    int back = Math.min(rows.size() - 1, (int) (-Math.log(1 - random.nextDouble()) * 3));
    Row row = rows.get(rows.size() - 1 - back);
    about = row;
    over = random.nextInt(STRANGER) == 0 ? anyLink() : linkOfSender(row);
    return row;
  }

  /** In which month what is added to an older month's fuel counts, or what is given back of both, nobody says. */
  private boolean isOfNoOlderCap(Row row) {
    return row.category != Programme.Category.FUEL || row.month.equals(book.month());
  }

  private @Nullable WireMessage reversal(boolean partial) {
    Row row =
        pick(
            candidate ->
                switch (candidate.kind) {
                  case HOLD, POSTING, REFUND -> candidate.state == Row.State.OPEN || random.nextInt(6) == 0;
                  case INCREMENT -> isIncrementReversible(candidate);
                  case NOTHING -> isReversible(candidate) && random.nextInt(12) == 0;
                  case TOMBSTONE -> false;
                });
    if (row == null) {
      return null;
    }
    WireMessage message = references.reversalOf(row, book);
    if (partial) {
      long current =
          switch (row.kind) {
            case REFUND -> row.refunded();
            case INCREMENT -> row.added;
            default -> row.held();
          };
      long scale = row.request.isForeign() ? row.sent : current;
      messages.replacement(message, references.around(scale));
    }
    return message;
  }

  /** An increment can be taken back while its hold has more than it. */
  private static boolean isIncrementReversible(Row increment) {
    Row hold = increment.hold;
    return hold != null && hold.isHeld() && hold.held() > increment.added;
  }

  /** Advices that changed another row, and what was no request, have nothing of their own to reverse. */
  private static boolean isReversible(Row row) {
    char messageClass = row.request.messageClass();
    return (messageClass == '1' || messageClass == '2') && !row.request.isAdvice();
  }

  private @Nullable WireMessage strangersReversal() {
    Row row = pick(candidate -> candidate.kind == Row.Kind.HOLD || candidate.kind == Row.Kind.POSTING);
    if (row == null) {
      return null;
    }
    WireMessage message = references.reversalOf(row, book);
    String other =
        row.request.acquirer().equals(Programme.ACQUIRER) ? Programme.SECOND_ACQUIRER : Programme.ACQUIRER;
    return message.set(32, other);
  }

  private WireMessage unknownReversal() {
    WireMessage original = messages.purchase(book);
    Layout link = anyLink();
    over = link;
    reversedBeforeSent.add(new Unsent(original, link));
    Row unsent = new Row(Row.Kind.NOTHING, new Facts(original), Command.NO_REPEAT, 0);
    return references.reversalOf(unsent, book);
  }

  private @Nullable WireMessage lateOriginal() {
    if (reversedBeforeSent.isEmpty()) {
      return null;
    }
    Unsent unsent = reversedBeforeSent.removeLast();
    if (!book.card.exists() && !unsent.plain().require(13).equals(messages.day)) {
      // No reversal of it was kept, and what else was forgotten since then this card does not know.
      return null;
    }
    over = unsent.link();
    return unsent.plain();
  }

  private @Nullable Command repeat() {
    if (sent.isEmpty()) {
      return null;
    }
    int back = Math.min(sent.size() - 1, (int) (-Math.log(1 - random.nextDouble()) * 5));
    Command again = sent.get(sent.size() - 1 - back);
    if (!again.answered() || !isRepeatable(again)) {
      return null;
    }
    WireMessage message = again.message();
    if (random.nextBoolean()) {
      return new Command(sent.size(), Kind.REPEAT, again.link(), message, again.plain(), true, again.id());
    }
    Layout link =
        switch (again.link()) {
          case BINARY -> Layout.ASCII;
          case ASCII -> Layout.BINARY;
          case BINARY_1993 -> Layout.BINARY_1993;
        };
    WireMessage repeat = message.copyAs(message.mti.substring(0, 3) + "1");
    return new Command(sent.size(), Kind.REPEAT, link, repeat, again.plain(), true, Command.NO_REPEAT);
  }

  /** Of what was released by an advice, and of an increment of a reversed hold, nobody says that it was reversed. */
  private boolean isRepeatable(Command again) {
    for (Row row : book.rows) {
      boolean same =
          row.request.text(11).equals(again.message().get(11)) && row.request.text(12).equals(again.message().get(12));
      if (same && (row.state == Row.State.RELEASED || (row.forgotten && row.request.isAdvice()))) {
        return false;
      }
      if (same && row.kind == Row.Kind.INCREMENT && row.hold != null) {
        return row.hold.state != Row.State.REVERSED && row.state == Row.State.OPEN;
      }
    }
    return true;
  }

  private @Nullable Command otherContent() {
    if (sent.isEmpty()) {
      return null;
    }
    Command again = sent.get(sent.size() - 1 - random.nextInt(Math.min(sent.size(), 10)));
    WireMessage message = again.message();
    boolean decided = message.mti.charAt(1) == '1' || message.mti.charAt(1) == '2';
    if (!again.answered() || !decided || !message.has(4)) {
      return null;
    }
    String other = Messages.twelve(Long.parseLong(message.require(4)) + 1);
    return new Command(
        sent.size(),
        Kind.OTHER_CONTENT,
        again.link(),
        message.copyAs(message.mti).set(4, other),
        again.plain(),
        true,
        Command.NO_REPEAT);
  }

  private @Nullable WireMessage increment() {
    Row hold = pick(candidate -> candidate.isHeld() && !candidate.codes.isEmpty() && !candidate.request.isForeign());
    return hold == null ? null : references.increment(hold, messages.amount(book), book);
  }

  private WireMessage strayIncrement() {
    over = Layout.BINARY_1993;
    return messages.purchase(book).copyAs("0100").set(25, "00").set(38, messages.foreignCode());
  }

  private @Nullable WireMessage completion(String mti) {
    boolean request = mti.equals("0200");
    Row row =
        pick(
            candidate -> {
              if (candidate.kind == Row.Kind.HOLD) {
                return candidate.isHeld()
                    || (!request && candidate.state != Row.State.RELEASED && random.nextInt(4) == 0);
              }
              return !request && candidate.kind == Row.Kind.POSTING && random.nextInt(4) == 0;
            });
    if (row == null || (request && !row.request.text(3).equals("000000"))) {
      return null;
    }
    WireMessage message = references.completionOf(row, mti, book);
    long worth = row.held() > 0 ? row.held() : row.kronor;
    long amount = references.around(worth);
    if (request && amount == 0) {
      return null;
    }
    messages.amountOf(message, row, amount);
    if (!request && random.nextInt(6) == 0) {
      message.set(39, random.nextBoolean() ? "05" : "00");
    }
    return message;
  }

  private @Nullable WireMessage advice() {
    if (random.nextInt(3) == 0) {
      WireMessage message = messages.purchase(book);
      String mti = random.nextBoolean() ? "0120" : "0220";
      WireMessage unmatched = message.copyAs(mti).set(38, messages.foreignCode());
      if (random.nextInt(4) == 0) {
        unmatched.set(39, random.nextBoolean() ? "51" : "08");
      }
      return unmatched;
    }
    if (random.nextInt(8) == 0) {
      return approvalOfADecline();
    }
    Row row =
        pick(candidate -> candidate.isHeld()
            || (candidate.kind == Row.Kind.INCREMENT && random.nextInt(2) == 0)
            || (candidate.kind == Row.Kind.HOLD && candidate.state != Row.State.RELEASED && random.nextInt(5) == 0));
    if (row == null) {
      return null;
    }
    WireMessage message = references.completionOf(row, "0120", book);
    if (row.kind == Row.Kind.HOLD && random.nextInt(5) == 0) {
      references.nameWhatNeverCame(message, row, book);
    }
    messages.amountOf(message, row, Math.max(1, references.around(row.held() > 0 ? row.held() : row.kronor)));
    if (random.nextInt(4) == 0) {
      message.set(39, "05");
    }
    return message;
  }

  /** What we declined, the network has approved. */
  private @Nullable WireMessage approvalOfADecline() {
    Row row = pick(candidate -> candidate.kind == Row.Kind.NOTHING && isReversible(candidate) && isPlain(candidate));
    if (row == null) {
      return null;
    }
    String mti = row.request.messageClass() == '1' ? "0120" : "0220";
    WireMessage message = references.completionOf(row, mti, book);
    return message.set(4, row.request.message().require(4)).set(38, messages.foreignCode());
  }

  private static boolean isPlain(Row row) {
    return row.request.type().equals("00") && row.request.kronor() > 0 && !row.request.isForeign()
        && row.request.message().has(37);
  }

  private @Nullable WireMessage adviceAboutARefund() {
    Row row = pick(candidate -> candidate.kind == Row.Kind.REFUND && !candidate.request.isForeign());
    if (row == null) {
      return null;
    }
    WireMessage message = references.completionOf(row, "0220", book);
    messages.amountOf(message, row, Math.max(1, references.around(Math.max(1, row.refunded()))));
    return random.nextInt(5) == 0 ? message.set(39, "05") : message;
  }

  private @Nullable WireMessage refund() {
    if (random.nextInt(5) == 0) {
      return adviceAboutARefund();
    }
    Row row = pick(candidate -> candidate.kind == Row.Kind.POSTING || candidate.is(Row.Kind.HOLD, Row.State.COMPLETED));
    if (row == null) {
      return null;
    }
    WireMessage message = references.completionOf(row, random.nextInt(3) == 0 ? "0220" : "0200", book);
    messages.amountOf(message, row, Math.max(1, references.around(row.kronor)));
    return message.set(3, "200000");
  }

  private WireMessage unlinkedRefund() {
    WireMessage message = messages.plain(random.nextInt(3) == 0 ? "0220" : "0200", "200000", messages.amount(book));
    return messages.elsewhere(message);
  }
}
