package se.valfardskort.authorizer.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each target once, in the order of its first answer. */
final class TouchedTargetsTest {
  private static final long SEED = 20261122;

  @Test
  void shouldKeepEachTargetOnceInOrder() {
    Random random = new Random(SEED);
    List<ReplyTarget> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(new Answers());
    }
    TouchedTargets touched = new TouchedTargets(500);
    for (int round = 0; round < 20; round++) {
      Set<ReplyTarget> expected = new LinkedHashSet<>();
      for (int i = 0; i < 1_000; i++) {
        ReplyTarget target = all.get(random.nextInt(all.size()));
        expected.add(target);
        touched.add(target);
      }

      assertEquals(expected.size(), touched.size(), "round " + round + ", seed " + SEED);
      int index = 0;
      for (ReplyTarget target : expected) {
        assertSame(target, touched.get(index++), "round " + round + ", seed " + SEED);
      }
      touched.clear();
      assertEquals(0, touched.size());
    }
  }

  @Test
  void shouldSayWhenItIsFull() {
    TouchedTargets touched = new TouchedTargets(2);
    touched.add(new Answers());
    assertFalse(touched.isFull());

    touched.add(new Answers());

    assertTrue(touched.isFull());
  }
}
