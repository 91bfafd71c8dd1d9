package se.valfardskort.authorizer.reliability;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.Purchase;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;
import se.valfardskort.independent.model.Kind;
import se.valfardskort.independent.model.Words1993;

/**
 * What is done with one card, one message after the other, and what its purses must hold after each: purchases, holds,
 * increments, completions, reversals whole and in part, refunds, advices, declines. Each pays from one purse alone, so
 * that what a message moves follows from docs/partner/wire.md without a model of the authorizer.
 *
 * <p>Owned by one client at a time.
 */
final class CardLife {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MMdd", Locale.ROOT);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
  private static final DateTimeFormatter YEAR = DateTimeFormatter.ofPattern("yy", Locale.ROOT);
  /** What the demonstration pays a card when it opens it. */
  static final Balances PAID = new Balances(700_000, 300_000);

  /** Far less than its purses could pay for. */
  private static final int MOST_MESSAGES = 150;

  /** What the last message left to be done. */
  private enum Open {
    NOTHING,
    HOLD,
    POSTING,
    STRAY_REVERSAL
  }

  final int number;
  final Layout layout;
  /** All that was ever sent about the card, in order. */
  final List<Exchange> history = new ArrayList<>();
  private final Random random;
  private final Words1993 words;
  private final Stans stans;
  private Balances balances = PAID;
  private @Nullable Exchange pending;
  private Open open = Open.NOTHING;
  /** The hold or posting that is open, in the words of 1987. */
  private @Nullable WireMessage original;
  private @Nullable Exchange opening;
  private long openMinor;
  private boolean inHjartan;
  private boolean wasRaised;
  private int historyBefore;

  /** Numbers a client's messages. */
  static final class Stans {
    private int last;

    int next() {
      last = last % 999_999 + 1;
      return last;
    }
  }

  CardLife(int number, Layout layout, Random random, Stans stans) {
    this.number = number;
    this.layout = layout;
    this.random = random;
    this.stans = stans;
    words = new Words1993(random);
  }

  /** What is on its way, or was when the other side died. */
  @Nullable Exchange pending() {
    return pending;
  }

  /** By all that was answered. */
  Balances balances() {
    return balances;
  }

  /** Goes to a shop once more. */
  boolean goesOn() {
    return open != Open.NOTHING || history.size() < MOST_MESSAGES;
  }

  /** Has been used since it was last asked this. */
  boolean wasUsed() {
    boolean used = history.size() > historyBefore;
    historyBefore = history.size();
    return used;
  }

  /** The next message; nothing may be pending. */
  Exchange next() {
    if (pending != null) {
      throw new IllegalStateException("card " + number + " still waits for an answer");
    }
    Exchange made = switch (open) {
      case NOTHING -> visit();
      case HOLD -> aboutTheHold();
      case POSTING -> aboutThePosting();
      case STRAY_REVERSAL -> lateOriginal();
    };
    pending = made;
    history.add(made);
    return made;
  }

  /** The pending one was answered so. */
  void answered(Exchange exchange, byte[] answer) {
    if (exchange != pending) {
      throw new IllegalStateException("nobody waits for an answer to " + exchange.words());
    }
    exchange.answer = answer;
    pending = null;
    balances = exchange.after;
    String code = WireMessage.decode(layout, answer).get(38);
    WireMessage about = original;
    if (about != null && open == Open.HOLD && code != null) {
      about.set(38, code);
    }
  }

  /** A balance inquiry, of which no account is kept. */
  WireMessage inquiry() {
    return worded(plain("0100", "310000", 0).without(4).without(18).without(49), Kind.INQUIRY);
  }

  private Exchange visit() {
    inHjartan = random.nextInt(3) == 0;
    wasRaised = false;
    long amount = 100L + random.nextInt(400);
    int dice = random.nextInt(20);
    if (dice < 8) {
      return opens(Open.HOLD, plain("0100", "00", amount), amount);
    }
    if (dice < 14) {
      return opens(Open.POSTING, plain("0200", "00", amount), amount);
    }
    if (dice < 16) {
      return opens(Open.POSTING, plain("0220", "00", amount).set(39, "00").set(38, foreignCode()), amount);
    }
    if (dice == 16) {
      return says(plain("0200", "00", amount).set(18, "7995").set(42, "BLANDAT00000001").set(3, "000000"), "03", 0);
    }
    if (dice == 17) {
      WireMessage never = plain("0200", "00", amount);
      original = never;
      open = Open.STRAY_REVERSAL;
      return says(about("0420", never, amount), "00", 0);
    }
    return says(plain("0100", "300000", 0).without(4).without(18).without(49), Kind.INQUIRY, "00", 0);
  }

  private Exchange lateOriginal() {
    open = Open.NOTHING;
    return says(required(), "94", 0);
  }

  private Exchange aboutTheHold() {
    WireMessage hold = required();
    int dice = random.nextInt(wasRaised ? 8 : 10);
    if (dice < 3) {
      open = Open.NOTHING;
      long taken = 1 + random.nextLong(openMinor);
      return says(about("0220", hold, taken).set(38, hold.require(38)), Kind.COMPLETION, "00", openMinor - taken);
    }
    if (dice == 3) {
      open = Open.NOTHING;
      long taken = 1 + random.nextLong(openMinor);
      WireMessage completing = about("0200", hold, taken);
      return says(completing, Kind.COMPLETING_REQUEST, "00", openMinor - taken);
    }
    if (dice < 6) {
      open = Open.NOTHING;
      return undoes(hold);
    }
    if (dice < 8) {
      long replaced = 1 + random.nextLong(openMinor);
      long back = openMinor - replaced;
      openMinor = replaced;
      // From here on increments and the advice's own DE 38 would each be a tale of their own.
      wasRaised = true;
      return says(about("0120", hold, replaced).set(38, hold.require(38)).set(39, "00"), Kind.ADVICE, "00", back);
    }
    wasRaised = true;
    long more = 1L + random.nextInt(200);
    openMinor += more;
    WireMessage increment = plain("0100", "00", more).set(37, hold.require(37)).set(38, hold.require(38));
    return says(increment, Kind.INCREMENT, "00", -more);
  }

  private Exchange aboutThePosting() {
    WireMessage posting = required();
    open = Open.NOTHING;
    int dice = random.nextInt(10);
    if (dice < 2) {
      return undoes(posting);
    }
    if (dice < 4) {
      long remains = 1 + random.nextLong(openMinor - 1);
      WireMessage partial = about("0420", posting, openMinor)
          .set(95, twelve(remains) + twelve(0) + "C00000000C00000000");
      return says(partial, Kind.PARTIAL_REVERSAL, "00", openMinor - remains);
    }
    if (dice < 7) {
      long back = 1 + random.nextLong(openMinor);
      WireMessage refund = about("0200", posting, back).set(3, "20" + posting.require(3).substring(2))
          .set(37, reference(stans.next()));
      return says(refund, Kind.REFUND, "00", back);
    }
    return visit();
  }

  private Exchange opens(Open what, WireMessage message, long amount) {
    open = what;
    original = message;
    openMinor = amount;
    Exchange exchange = says(message, message.mti.equals("0220") ? Kind.ADVICE : Kind.PURCHASE, "00", -amount);
    opening = exchange;
    return exchange;
  }

  /** From then on the original is answered that it was reversed; its increments are not. */
  private Exchange undoes(WireMessage whole) {
    Exchange reversal = says(about(random.nextBoolean() ? "0400" : "0420", whole, openMinor), "00", openMinor);
    Exchange undone = opening;
    if (undone != null) {
      undone.undoneBy = reversal;
    }
    return reversal;
  }

  private Exchange says(WireMessage plain, String code, long moved) {
    return says(plain, plain.mti.charAt(1) == '4' ? Kind.REVERSAL : Kind.PURCHASE, code, moved);
  }

  /** @param moved what the purse has more afterwards */
  private Exchange says(WireMessage plain, Kind kind, String code, long moved) {
    return Exchange.of(
        this, history.size(), worded(plain, kind), codeOf(plain, code), balances, balances.plus(moved, inHjartan));
  }

  private WireMessage required() {
    WireMessage about = original;
    if (about == null) {
      throw new IllegalStateException("nothing is open on card " + number);
    }
    return about;
  }

  private WireMessage worded(WireMessage plain, Kind kind) {
    if (layout != Layout.BINARY_1993) {
      return plain;
    }
    return words.of(plain, kind, _ -> YEAR.format(Instant.now().atOffset(ZoneOffset.UTC)));
  }

  /** Of the table in docs/partner/wire.md. */
  private String codeOf(WireMessage plain, String code) {
    if (layout != Layout.BINARY_1993) {
      return code;
    }
    return switch (code) {
      case "00" -> plain.mti.charAt(1) == '4' ? "400" : "000";
      case "03" -> "109";
      case "94" -> "913";
      default -> throw new IllegalStateException("no word of 1993 for " + code);
    };
  }

  private WireMessage plain(String mti, String function, long amount) {
    int stan = stans.next();
    Instant now = Instant.now();
    String day = DAY.format(now.atOffset(ZoneOffset.UTC));
    String time = TIME.format(now.atOffset(ZoneOffset.UTC));
    return new WireMessage(mti)
        .set(2, Purchase.pan(number))
        .set(3, function.length() == 6 ? function : function + (inHjartan ? "9800" : "9600"))
        .set(4, twelve(amount))
        .set(7, day + time)
        .set(11, String.format(Locale.ROOT, "%06d", stan))
        .set(12, time)
        .set(13, day)
        .set(14, "3012")
        .set(18, inHjartan ? "8351" : "5411")
        .set(22, "051")
        .set(25, "00")
        .set(32, "123456")
        .set(37, reference(stan))
        .set(41, String.format(Locale.ROOT, "TERM%04d", number % 10_000))
        .set(42, inHjartan ? "BARNKOOP0000001" : "MATAFFAREN00001")
        .set(43, String.format(Locale.ROOT, "%-25s%-13s%s", "BUTIKEN", "FITTJA", "SE"))
        .set(49, "752");
  }

  /** A message that names another by DE 90. */
  private WireMessage about(String mti, WireMessage named, long amount) {
    return plain(mti, named.require(3).substring(0, 2), amount)
        .set(37, named.require(37))
        .set(90, named.mti + named.require(11) + named.require(7) + "00000123456" + "0".repeat(11));
  }

  /** Never twice on one card: an advice with the code of an earlier one at the same merchant is that one again. */
  private String foreignCode() {
    return String.format(Locale.ROOT, "SI%04d", history.size());
  }

  private static String reference(int stan) {
    return String.format(Locale.ROOT, "6326%08d", stan);
  }

  private static String twelve(long amount) {
    return String.format(Locale.ROOT, "%012d", amount);
  }
}
