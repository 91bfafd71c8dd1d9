package se.valfardskort.independent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.independent.ServerProcess;

/**
 * Random messages over many cards, links, restarts and kills against the model: every answer and every purse equal.
 *
 * <p>{@code -Dmodel.commands=N} says how many (the profile {@code extended}: a million), {@code -Dmodel.seed=N} which.
 */
class StatefulModelTest {
  private static final int CARDS_A_ROUND = 300;
  private static final int COMMANDS_A_CARD = 180;

  /** Noon, so that the times of day of the messages have been. */
  static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  /** When the cards are about to expire time stands still. */
  private static final Instant END = Instant.parse("2030-06-30T12:00:00Z");

  /** What the authorizer is asked. */
  static final Set<Kind> SPOKEN = EnumSet.allOf(Kind.class);

  @TempDir private Path folder;

  @Test
  void shouldAnswerAsTheModelSays() throws Exception {
    long commands = Long.getLong("model.commands", 100_000);
    // What is no number, such as "random", leaves it to chance.
    long seed = Long.getLong("model.seed", new Random().nextLong() >>> 20);
    int rounds = (int) Math.max(1, Math.ceilDiv(commands, (long) CARDS_A_ROUND * COMMANDS_A_CARD));
    Random random = new Random(seed);
    String reproduce = "-Dmodel.seed=" + seed + " -Dmodel.commands=" + commands;
    System.out.println("The stateful test runs with " + reproduce);

    int cards = rounds * CARDS_A_ROUND;
    try (ServerProcess server = ServerProcess.startClocked(folder.resolve("server"), cards, START.toEpochMilli())) {
      Host host = new Host(server);
      try (ModelRun run = new ModelRun(host, seed, new Laws(), SPOKEN)) {
        List<Play> plays = List.of();
        for (int number = 0; number < rounds && !run.hasFailed(); number++) {
          ModelRun.Round round = run.new Round(cards(number));
          plays = round.plays();
          playRound(run, round, host, random);
        }
        if (!run.failed().isEmpty()) {
          Play shortest = Replay.shortest(run.failed());
          fail(reproduce + "\n" + new Replay(folder, new Laws()).explain(shortest));
        }
        String complaint = run.clerksComplaint();
        if (complaint != null) {
          fail(reproduce + "\n" + new Replay(folder, new Laws()).explainTotals(plays, complaint));
        }
        assertTrue(run.played() >= commands, run.played() + " commands only");
      }
      assertEquals(0, server.stop(), "exit code after SIGTERM");
    }
  }

  /**
   * A quarter of the commands with a kill among them, a stop in order, and then the rest, with time passing between:
   * all purses after each.
   */
  private static void playRound(ModelRun run, ModelRun.Round round, Host host, Random random) throws Exception {
    int quarter = COMMANDS_A_CARD / 4;
    long played = run.played();
    List<Future<?>> tellers = round.start(quarter);
    run.awaitPlayed(played + CARDS_A_ROUND * (quarter / 2L));
    host.killAndRestart();
    ModelRun.await(tellers);
    round.compareAllPurses();
    host.stopAndRestart();
    round.compareAllPurses();

    List<List<Duration>> waits =
        new ArrayList<>(
            List.of(
                // To the last moment of a hold, and to its end.
                List.of(Duration.ofDays(7).minusMillis(1), Duration.ofMillis(1)),
                List.of(Duration.ofDays(1 + random.nextInt(20))),
                List.of(Duration.ofDays(23 + random.nextInt(10)))));
    Collections.shuffle(waits, random);
    for (List<Duration> wait : waits) {
      for (Duration part : wait) {
        if (run.hasFailed()) {
          return;
        }
        if (host.timeMs() + part.toMillis() < END.toEpochMilli()) {
          round.timePasses(part.toMillis());
        }
        round.compareAllPurses();
      }
      round.play(quarter);
    }
    round.compareAllPurses();
  }

  private static List<Integer> cards(int round) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < CARDS_A_ROUND; i++) {
      numbers.add(round * CARDS_A_ROUND + i);
    }
    if (round == 0) {
      for (int special : Card.SPECIAL) {
        numbers.add(special);
      }
    }
    return numbers;
  }
}
