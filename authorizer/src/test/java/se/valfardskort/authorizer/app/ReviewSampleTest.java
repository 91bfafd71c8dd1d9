package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The draw for review: as many as there should be, the same ones again, and others under another key. */
final class ReviewSampleTest {
  private static final int DECISIONS = 100_000;

  private static byte[] random(SplittableRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return bytes;
  }

  private static BitSet drawn(ReviewSample sample, byte[] token, int percent) {
    UnsafeBuffer bytes = new UnsafeBuffer(token);
    BitSet drawn = new BitSet();
    for (int sequence = 1; sequence <= DECISIONS; sequence++) {
      drawn.set(sequence, sample.draws(bytes, 0, sequence, percent));
    }
    return drawn;
  }

  /** 2 % of 100,000 are 2,000, with a standard deviation of 44.3: five of them are 222. */
  @ParameterizedTest
  @ValueSource(longs = {1, 20_261_122, 987_654_321})
  void shouldDrawTwoOfAHundred(long seed) {
    System.out.println("review sample: seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    byte[] key = random(random);
    byte[] anna = random(random);
    byte[] berit = random(random);

    BitSet ofAnna = drawn(new ReviewSample(key), anna, 2);

    assertEquals(2_000, ofAnna.cardinality(), 222);
    assertEquals(ofAnna, drawn(new ReviewSample(key), anna, 2));
    // By chance 2 % of 2 % are drawn twice: 40, with a standard deviation of 6.3.
    for (BitSet other
        : new BitSet[] {drawn(new ReviewSample(key), berit, 2), drawn(new ReviewSample(random(random)), anna, 2)}) {
      other.and(ofAnna);
      assertEquals(40, other.cardinality(), 32);
    }
  }

  /** Neither do the draws come at regular distances: of 100,000 pairs of neighbours 40 are drawn both. */
  @Test
  void shouldNotTellTheNextDrawByTheLast() {
    SplittableRandom random = new SplittableRandom(7);
    BitSet drawn = drawn(new ReviewSample(random(random)), random(random), 2);
    int pairs = 0;
    for (int sequence = 1; sequence < DECISIONS; sequence++) {
      pairs += drawn.get(sequence) && drawn.get(sequence + 1) ? 1 : 0;
    }

    assertEquals(40, pairs, 32);
  }

  @Test
  void shouldDrawNoneOrAllWhereAsked() {
    ReviewSample sample = new ReviewSample(new byte[32]);

    assertTrue(drawn(sample, new byte[32], 0).isEmpty());
    assertEquals(DECISIONS, drawn(sample, new byte[32], 100).cardinality());
  }
}
