package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How the waits between two attempts grow. */
class BackoffTest {
  /** Shortest and longest of the 1st, 2nd ... wait between 100 ms and 3 s. */
  private static final long[][] BOUNDS = {
    {100, 200}, {200, 400}, {400, 800}, {800, 1_600}, {1_500, 3_000}, {1_500, 3_000}, {1_500, 3_000}
  };

  @Test
  void shouldDoubleWithinItsBounds() {
    for (long seed = 0; seed < 200; seed++) {
      Backoff backoff = new Backoff(100, 3_000, new SplittableRandom(seed));
      for (long[] bound : BOUNDS) {
        long waitMs = backoff.nextMs();
        assertTrue(waitMs >= bound[0] && waitMs <= bound[1], "seed " + seed + ": " + waitMs);
      }
    }
  }

  @Test
  void shouldGiveTheSameWaitsForTheSameSeedAndOthersForAnother() {
    assertEquals(waits(7), waits(7));
    assertNotEquals(waits(7), waits(8));
  }

  @Test
  void shouldBeginAnewWhenAllIsWell() {
    Backoff backoff = new Backoff(100, 3_000, new SplittableRandom(1));
    for (int i = 0; i < 5; i++) {
      backoff.nextMs();
    }
    assertEquals(5, backoff.failures());

    backoff.reset();

    assertTrue(backoff.nextMs() <= 200);
    assertEquals(1, backoff.failures());
  }

  @Test
  void shouldKeepToEqualBounds() {
    Backoff backoff = new Backoff(50, 50, new SplittableRandom(1));
    assertEquals(List.of(50L, 50L), List.of(backoff.nextMs(), backoff.nextMs()));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(51, 50, new SplittableRandom(1)));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(0, 50, new SplittableRandom(1)));
  }

  private static List<Long> waits(long seed) {
    Backoff backoff = new Backoff(100, 3_000, new SplittableRandom(seed));
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      waits.add(backoff.nextMs());
    }
    return waits;
  }
}
