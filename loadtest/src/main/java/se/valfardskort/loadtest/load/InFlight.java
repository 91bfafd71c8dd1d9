package se.valfardskort.loadtest.load;

/**
 * What is unanswered, by STAN. Owned by one thread; allocates nothing after construction.
 */
final class InFlight {
  /** No such message is in flight. */
  static final long NONE = -1;
  /** STANs 1 to 999999. */
  static final int STANS = 999_999;

  private final long[] numberPlusOne = new long[STANS + 1];
  private final int[] card = new int[STANS + 1];
  private final int[] amountMinor = new int[STANS + 1];
  private final long[] epochSecond = new long[STANS + 1];
  private final short[] connection = new short[STANS + 1];
  private final byte[] kind = new byte[STANS + 1];
  private int count;

  boolean isFree(int stan) {
    return numberPlusOne[stan] == 0;
  }

  void add(LoadMessage message) {
    int stan = message.stan;
    numberPlusOne[stan] = message.number + 1;
    card[stan] = message.card;
    amountMinor[stan] = (int) message.amountMinor;
    epochSecond[stan] = message.epochSecond;
    connection[stan] = (short) message.connection;
    kind[stan] = (byte) message.kind.code;
    count++;
  }

  /** The message number that this STAN on this connection stands for, or {@link #NONE}. */
  long numberOf(long stan, int onConnection) {
    if (stan < 1 || stan > STANS || numberPlusOne[(int) stan] == 0 || connection[(int) stan] != onConnection) {
      return NONE;
    }
    return numberPlusOne[(int) stan] - 1;
  }

  LoadMessage.Kind kindOf(int stan) {
    return LoadMessage.Kind.of(kind[stan]);
  }

  int cardOf(int stan) {
    return card[stan];
  }

  long amountMinorOf(int stan) {
    return amountMinor[stan];
  }

  long epochSecondOf(int stan) {
    return epochSecond[stan];
  }

  void remove(int stan) {
    numberPlusOne[stan] = 0;
    count--;
  }

  int count() {
    return count;
  }
}
