package se.valfardskort.loadtest.load;

import java.util.SplittableRandom;

/**
 * Chooses the messages of a run: 60 % FOOD, 10 % PROVIDER, 15 % HOLD, 15 % REVERSAL of an approved hold; amounts of
 * 0.10 to 0.99 kr, so that purses last for hours; cards at random.
 *
 * <p>Owned by one thread; allocates nothing. The same seed and answers give the same choices. Holds wait in a queue of
 * fixed size for their reversal: an empty queue turns a reversal into a hold, a full one a hold into a reversal, so
 * that no card gathers holds up to the programme's limit.
 */
final class Mix {
  private static final int QUEUE = 4096;
  private static final int FOOD_BELOW = 60;
  private static final int PROVIDER_BELOW = 70;
  private static final int HOLD_BELOW = 85;

  private final SplittableRandom random;
  private final int cards;
  private final int[] holdStan = new int[QUEUE];
  private final int[] holdCard = new int[QUEUE];
  private final long[] holdAmountMinor = new long[QUEUE];
  private final long[] holdEpochSecond = new long[QUEUE];
  private long firstHold;
  private long nextHold;

  Mix(long seed, int cards) {
    this.random = new SplittableRandom(seed);
    this.cards = cards;
  }

  /** Fills in kind, card, amount and, for a reversal, the original. */
  void choose(LoadMessage message) {
    int drawn = random.nextInt(100);
    boolean dual = drawn >= PROVIDER_BELOW;
    boolean reversal = dual && (drawn >= HOLD_BELOW ? nextHold > firstHold : nextHold - firstHold == QUEUE);
    if (reversal) {
      int slot = (int) (firstHold++ & (QUEUE - 1));
      message.kind = LoadMessage.Kind.REVERSAL;
      message.card = holdCard[slot];
      message.amountMinor = holdAmountMinor[slot];
      message.originalStan = holdStan[slot];
      message.originalEpochSecond = holdEpochSecond[slot];
      return;
    }
    message.kind = dual ? LoadMessage.Kind.HOLD
        : drawn < FOOD_BELOW ? LoadMessage.Kind.FOOD : LoadMessage.Kind.PROVIDER;
    message.card = random.nextInt(cards);
    message.amountMinor = 10L + random.nextInt(90);
    message.originalStan = LoadMessage.NONE;
    message.originalEpochSecond = 0;
  }

  /** A hold was approved: it may be reversed from now on. Forgotten where the queue is full. */
  void approved(int stan, int card, long amountMinor, long epochSecond) {
    if (nextHold - firstHold == QUEUE) {
      return;
    }
    int slot = (int) (nextHold++ & (QUEUE - 1));
    holdStan[slot] = stan;
    holdCard[slot] = card;
    holdAmountMinor[slot] = amountMinor;
    holdEpochSecond[slot] = epochSecond;
  }
}
