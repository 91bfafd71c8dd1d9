package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of a storm may stand ahead of others, by arithmetic alone: no thread, no socket, no clock. */
class StormBrakeTest {
  private static final int SHARE = 32;

  private final Storms storms = new Storms();
  private final StormBrake brake = new StormBrake(storms);

  @Test
  void shouldHoldBackFromAWholeShareUntilAllOfItIsAnsweredAndARestIsOver() {
    take(brake, SHARE - 1, 0);
    assertFalse(brake.holdsBack());
    take(brake, 1, 10_000);
    assertTrue(brake.holdsBack());

    assertEquals(StormBrake.NO_REST, brake.answered(SHARE - 1, 200_000));
    assertTrue(brake.holdsBack());
    assertEquals(900_000, brake.answered(1, 300_000));
    assertTrue(brake.holdsBack());
    // Answers of other kinds come back meanwhile.
    assertEquals(StormBrake.NO_REST, brake.answered(0, 400_000));
    brake.rested();
    assertFalse(brake.holdsBack());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 3", "250000, 750000", "1666666, 4999998", "1666667, 5000000", "1000000000, 5000000"})
  void shouldRestThreeTimesAsLongAsTheShareTookButNotLongerThanFiveMilliseconds(long tookNs, long restNs) {
    take(brake, SHARE, 7_000);

    assertEquals(restNs, brake.answered(SHARE, 7_000 + tookNs));
  }

  @Test
  void shouldNeverHoldBackWhoHasLessThanAShareOnItsWay() {
    take(brake, SHARE - 1, 0);
    for (int i = 1; i <= 1_000; i++) {
      assertEquals(StormBrake.NO_REST, brake.answered(1, i));
      take(brake, 1, i);
      assertFalse(brake.holdsBack());
    }
  }

  /** 32 among one, two, three ... storms; four at least, so that a sync and a rest are worth their while. */
  @ParameterizedTest
  @CsvSource({"0, 32", "1, 16", "2, 10", "3, 8", "7, 4", "8, 4", "500, 4"})
  void shouldShareTheRoomWithTheOtherStorms(int others, int share) {
    for (int i = 0; i < others; i++) {
      storms.begin();
    }

    take(brake, share - 1, 0);
    assertFalse(brake.holdsBack());
    take(brake, 1, 0);
    assertTrue(brake.holdsBack());
  }

  @Test
  void shouldCountAStormOnceAndGiveItsPartBackWhenItIsOver() {
    for (int i = 0; i < 3; i++) {
      take(brake, SHARE, 0);
      // Still in the middle of it.
      brake.allTaken();
      assertEquals(SHARE / 2, storms.share(false));
      assertEquals(3, brake.answered(SHARE, 1));
      brake.rested();
    }
    assertEquals(SHARE, storms.share(true));

    take(brake, 3, 0);
    brake.allTaken();
    assertEquals(SHARE, storms.share(false));
    brake.end();
    assertEquals(SHARE, storms.share(false));
  }

  private static void take(StormBrake brake, int count, long nowNs) {
    for (int i = 0; i < count; i++) {
      brake.taken(nowNs);
    }
  }

  /** A connection with a backlog, its brake, and when its rest is over. */
  private static final class Late {
    final StormBrake brake;
    int backlog;
    int onItsWay;
    long restedAtNs = -1;

    Late(Storms storms, int backlog) {
      this.brake = new StormBrake(storms);
      this.backlog = backlog;
    }

    boolean isOver() {
      return backlog == 0 && onItsWay == 0;
    }
  }

  /**
   * Late links before one queue, by a clock of our own: whenever a request of somebody else comes, less than the room
   * and what as many storms may have at least stands ahead of it; every backlog ends; and all go forward alike.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldPutNoMoreThanAShareAheadOfOthersAndStarveNobody(long seed) {
    Random random = new Random(seed);
    Storms storms = new Storms();
    List<Late> links = new ArrayList<>();
    int count = 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      links.add(new Late(storms, 500));
    }
    Queue<Late> ring = new ArrayDeque<>();
    // The most, when all begin at once: the first has the room, the second half of it, the third a third ...
    int most = 0;
    for (int i = 1; i <= count; i++) {
      most += Math.max(4, SHARE / i);
    }
    long nowNs = 0;
    for (int round = 0; links.stream().anyMatch(link -> !link.isOver()); round++) {
      assertTrue(round < 10_000, "no end in sight, seed " + seed);
      for (Late link : links) {
        takeTurn(link, ring, nowNs);
      }
      assertTrue(ring.size() <= (round == 0 ? most : Math.max(most, SHARE)), ring.size() + " ahead, seed " + seed);
      int batch = Math.min(ring.size(), 1 + random.nextInt(64));
      nowNs += 100_000 + random.nextInt(400_000);
      answer(ring, batch, links, nowNs);
    }

    assertEquals(SHARE, storms.share(false), "no storm is left, seed " + seed);
  }

  /** As a session does: the rest, then frames until the brake holds or all are taken. */
  private static void takeTurn(Late link, Queue<Late> ring, long nowNs) {
    if (link.restedAtNs >= 0 && link.restedAtNs <= nowNs) {
      link.restedAtNs = -1;
      link.brake.rested();
    }
    while (link.backlog > 0 && !link.brake.holdsBack()) {
      link.backlog--;
      link.onItsWay++;
      ring.add(link);
      link.brake.taken(nowNs);
    }
    if (!link.brake.holdsBack()) {
      link.brake.allTaken();
    }
  }

  private static void answer(Queue<Late> ring, int batch, List<Late> links, long nowNs) {
    int[] answers = new int[links.size()];
    for (int i = 0; i < batch; i++) {
      answers[links.indexOf(ring.remove())]++;
    }
    for (int i = 0; i < answers.length; i++) {
      Late link = links.get(i);
      link.onItsWay -= answers[i];
      long restNs = link.brake.answered(answers[i], nowNs);
      if (restNs != StormBrake.NO_REST) {
        link.restedAtNs = nowNs + restNs;
      }
    }
  }
}
