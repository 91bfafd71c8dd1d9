package se.valfardskort.independent.model;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import se.valfardskort.independent.WireMessage;

/** Makes messages that speak of an earlier one, in each of the ways of wire.md section 4. */
final class References {
  private static final int[] SAME = {2, 3, 14, 18, 22, 25, 32, 41, 42, 43, 49, 51};

  private final Random random;
  private final Messages messages;
  private final List<Command> sent;

  References(Random random, Messages messages, List<Command> sent) {
    this.random = random;
    this.messages = messages;
    this.sent = sent;
  }

  /** Below, at, just above and far above an amount, and nothing. */
  long around(long amount) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> amount <= 1 ? amount : 1 + (long) (random.nextDouble() * (amount - 1));
      case 4, 5, 6 -> amount;
      case 7 -> amount + amount * 20 / 100;
      case 8 -> amount + amount * 20 / 100 + 1;
      case 9 -> amount + 1 + random.nextInt(20_000);
      case 10 -> amount + 1;
      default -> 0;
    };
  }

  /** What the row's request says in the words of 1987. */
  private WireMessage plain(Row row) {
    return row.command == Command.NO_REPEAT ? row.request.message() : sent.get(row.command).plain();
  }

  private WireMessage about(Row row, String mti) {
    WireMessage message = new WireMessage(mti);
    WireMessage plain = plain(row);
    for (int field : SAME) {
      String value = plain.get(field);
      if (value != null) {
        message.set(field, value);
      }
    }
    return message.set(2, Command.PAN);
  }

  WireMessage reversalOf(Row row, Book book) {
    WireMessage message = messages.stamp(about(row, random.nextInt(3) == 0 ? "0420" : "0400"));
    message.set(4, Messages.twelve(row.sent));
    String reference = row.request.message().get(37);
    if (reference != null) {
      message.set(37, reference);
    }
    int way = random.nextInt(10);
    if (way >= 7 && isOnlyOneOfItsReference(row, book)) {
      return way == 7 ? name(message, row, 999_999) : message;
    }
    if (way == 6 && row.kind != Row.Kind.INCREMENT && isOnlyOneOfItsCode(row, book)) {
      return message.without(37).set(38, firstCode(row));
    }
    return nameSomehow(message, row, true);
  }

  /** Of the rows that share a DE 37, only holds and their postings have an order that is said. */
  private static boolean isOnlyOneOfItsReference(Row row, Book book) {
    if (row.kind == Row.Kind.INCREMENT || row.request.text(37).isEmpty()) {
      return false;
    }
    for (Row other : book.rows) {
      boolean sibling =
          row.kind != Row.Kind.NOTHING
              && row.kind != Row.Kind.REFUND
              && (other.kind == Row.Kind.HOLD || other.kind == Row.Kind.POSTING);
      if (other != row && !sibling && other.request.messageClass() != '4' && other.request.refersTo(row.request)) {
        return false;
      }
    }
    return true;
  }

  /** Which of several that carry a DE 38 is meant, nobody says. */
  private static boolean isOnlyOneOfItsCode(Row row, Book book) {
    if (row.codes.isEmpty() || row.codes.getFirst().isEmpty()) {
      return false;
    }
    String code = row.codes.getFirst();
    return book.newest(
            other -> other != row && (other.codes.contains(code) || other.request.text(38).equals(code)
                || other.hold == row))
        == null;
  }

  private WireMessage nameSomehow(WireMessage message, Row row, boolean byOwnStan) {
    int dice = random.nextInt(8);
    if (dice == 0 && byOwnStan) {
      // The sender uses the original's STAN again and says nothing of it in DE 90.
      message.set(11, row.request.text(11));
      return message.set(90, plain(row).mti + "0".repeat(38));
    }
    name(message, row, row.request.number(11));
    if (dice == 1) {
      message.set(90, message.require(90).substring(0, 20) + "0".repeat(22));
    }
    return message;
  }

  private WireMessage name(WireMessage message, Row row, long stan) {
    return message.set(
        90,
        plain(row).mti
            + String.format(Locale.ROOT, "%06d", stan)
            + plain(row).require(7)
            + String.format(Locale.ROOT, "%011d", row.request.number(32))
            + "0".repeat(11));
  }

  /** What the request was answered with, or what the advice brought along. */
  private String firstCode(Row row) {
    if (row.request.isAdvice()) {
      String code = sent.get(row.command).message().get(38);
      return code == null ? "" : code;
    }
    return Command.codeOf(row.command);
  }

  /** The code of the last increment, else the first. */
  private String latestCode(Row hold, Book book) {
    Row increment = book.newest(row -> row.hold == hold);
    boolean isLatest = increment != null && increment.codes.contains(hold.codes.getLast());
    return isLatest && increment != null ? Command.codeOf(increment.command) : firstCode(hold);
  }

  WireMessage completionOf(Row row, String mti, Book book) {
    WireMessage message = messages.stamp(about(row, mti));
    boolean known = !row.codes.isEmpty() && !row.codes.getFirst().isEmpty();
    String code = known ? random.nextBoolean() ? firstCode(row) : latestCode(row, book) : "";
    if (!code.isEmpty()) {
      message.set(38, code);
    }
    String reference = row.request.message().get(37);
    int way = random.nextInt(3);
    if (way == 2 && !code.isEmpty()) {
      return message.set(37, messages.freshReference());
    }
    if (reference != null) {
      message.set(37, reference);
    }
    return way == 1 && reference != null
        ? message
        : nameSomehow(message, row, mti.equals("0220") && row.isHeld());
  }

  /** An increment that only others have seen: DE 90 says so, and DE 37, 38 and 41 are the hold's. */
  void nameWhatNeverCame(WireMessage message, Row hold, Book book) {
    String reference = hold.request.message().get(37);
    if (reference != null && !hold.codes.isEmpty() && !hold.codes.getFirst().isEmpty()) {
      message.set(37, reference).set(38, random.nextBoolean() ? firstCode(hold) : latestCode(hold, book));
      name(message, hold, 999_999);
    }
  }

  WireMessage increment(Row hold, long amount, Book book) {
    WireMessage message = messages.stamp(about(hold, "0100")).set(4, Messages.twelve(amount));
    message.set(37, hold.request.text(37));
    message.set(38, random.nextBoolean() ? firstCode(hold) : latestCode(hold, book));
    if (random.nextInt(4) == 0) {
      message.set(60, "0000000001");
    }
    return message;
  }
}
