package se.valfardskort.independent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Smaller lists, fewer tries, the same failure. */
class ShrinkerTest {
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  @Test
  void shouldFindTheTwoThatTogetherFail() {
    List<Integer> smallest =
        new Shrinker<Integer>(list -> list.contains(17) && list.contains(83), 1_000).shrink(HUNDRED);

    assertEquals(List.of(17, 83), smallest);
  }

  @Test
  void shouldKeepTheOrder() {
    List<Integer> smallest =
        new Shrinker<Integer>(list -> list.indexOf(60) >= 0 && list.indexOf(60) < list.indexOf(61), 1_000)
            .shrink(HUNDRED);

    assertEquals(List.of(60, 61), smallest);
  }

  @Test
  void shouldNeverTryAnEmptyList() {
    List<Integer> smallest =
        new Shrinker<Integer>(
                list -> {
                  assertTrue(!list.isEmpty());
                  return true;
                },
                1_000)
            .shrink(HUNDRED);

    assertEquals(1, smallest.size());
  }

  @Test
  void shouldStopAtItsLimitWithWhatItHas() {
    int[] tries = {0};
    List<Integer> smallest =
        new Shrinker<Integer>(
                list -> {
                  tries[0]++;
                  return list.contains(99);
                },
                3)
            .shrink(HUNDRED);

    assertEquals(3, tries[0]);
    assertTrue(smallest.contains(99) && smallest.size() < 100, smallest.toString());
  }
}
