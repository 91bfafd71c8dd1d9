package se.valfardskort.independent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
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

  /** What the authorizer is asked. */
  static final Set<Kind> SPOKEN = EnumSet.allOf(Kind.class);

  @TempDir private Path folder;

  @Test
  void shouldAnswerAsTheModelSays() throws Exception {
    long commands = Long.getLong("model.commands", 100_000);
    // What is no number, such as "random", leaves it to chance.
    long seed = Long.getLong("model.seed", new Random().nextLong() >>> 20);
    int rounds = (int) Math.max(1, Math.ceilDiv(commands, (long) CARDS_A_ROUND * COMMANDS_A_CARD));
    String reproduce = "-Dmodel.seed=" + seed + " -Dmodel.commands=" + commands;
    System.out.println("The stateful test runs with " + reproduce);

    try (ServerProcess server = ServerProcess.startFast(folder.resolve("data"), rounds * CARDS_A_ROUND)) {
      Host host = new Host(server);
      try (ModelRun run = new ModelRun(host, seed, new Laws(), SPOKEN)) {
        for (int number = 0; number < rounds && run.failed().isEmpty(); number++) {
          playRound(run, host, number);
        }
        if (!run.failed().isEmpty()) {
          Play shortest = Replay.shortest(run.failed());
          fail(reproduce + "\n" + new Replay(folder, new Laws()).explain(shortest));
        }
        assertTrue(run.played() >= commands, run.played() + " commands only");
      }
      assertEquals(0, server.stop(), "exit code after SIGTERM");
    }
  }

  /** Half of the commands with a kill among them, a stop in order, the other half; all purses after each. */
  private static void playRound(ModelRun run, Host host, int number) throws Exception {
    ModelRun.Round round = run.new Round(cards(number));
    long played = run.played();
    List<Future<?>> tellers = round.start(COMMANDS_A_CARD / 2);
    run.awaitPlayed(played + CARDS_A_ROUND * (COMMANDS_A_CARD / 4L));
    host.killAndRestart();
    ModelRun.await(tellers);
    round.compareAllPurses();
    host.stopAndRestart();
    round.compareAllPurses();
    round.play(COMMANDS_A_CARD - COMMANDS_A_CARD / 2);
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
