package se.valfardskort.loadtest.load;

/**
 * What is needed to build one message of a run, and to build it again byte for byte. Reused; owned by one thread.
 */
final class LoadMessage {
  /** No original. */
  static final int NONE = -1;

  /** The kinds of message in the mix. */
  enum Kind {
    /** A small single-message purchase of food, 0200. */
    FOOD(0, 200, 5411, "MATHALL00000001"),
    /** The same at an accredited provider, so that Hjartan are spent, 0200. */
    PROVIDER(1, 200, 8351, "BARNKOOP0000001"),
    /** A dual-message purchase of food, 0100: a hold. */
    HOLD(2, 100, 5411, "MATHALL00000001"),
    /** The reversal of a hold that was approved, 0400. */
    REVERSAL(3, 400, 5411, "MATHALL00000001");

    private static final Kind[] BY_CODE = {FOOD, PROVIDER, HOLD, REVERSAL};

    /** Stable: stands in ledgers. */
    final int code;
    final int mti;
    final int mcc;
    final String merchant;

    Kind(int code, int mti, int mcc, String merchant) {
      this.code = code;
      this.mti = mti;
      this.mcc = mcc;
      this.merchant = merchant;
    }

    static Kind of(int code) {
      return BY_CODE[code];
    }
  }

  /** Its place in the schedule, from 0. */
  long number;
  Kind kind = Kind.FOOD;
  /** DE 11, 1 to 999999. */
  int stan;
  /** When it was built: DE 7, 12, 13. */
  long epochSecond;
  /** Card number, 0 to 999999999. */
  int card;
  long amountMinor;
  /** Which connection, from 0; part of DE 41. */
  int connection;
  /** DE 11 of the hold that is reversed, or {@link #NONE}. */
  int originalStan = NONE;
  /** When that hold was built. */
  long originalEpochSecond;
}
