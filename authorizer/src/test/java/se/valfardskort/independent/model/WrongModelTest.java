package se.valfardskort.independent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import se.valfardskort.independent.ServerProcess;

/** The comparison itself: a model with one rule wrong must be caught, and the transcript must be short. */
class WrongModelTest {
  private static final int CARDS = 60;
  private static final int COMMANDS_A_CARD = 150;
  private static final int[] WAITS = {7, 24, 7};
  private static final long SEED = 20_261_122;
  private static final AtomicInteger NEXT_CARD = new AtomicInteger(50);

  @TempDir private static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    int cards = 50 + CARDS * (Flaw.ALL.size() + 1);
    server = ServerProcess.startClocked(folder.resolve("server"), cards, StatefulModelTest.START.toEpochMilli());
  }

  @AfterAll
  static void stop() throws InterruptedException {
    assertEquals(0, server.stop(), "exit code after SIGTERM");
  }

  @ParameterizedTest
  @FieldSource("se.valfardskort.independent.model.Flaw#ALL")
  void shouldCatchOneWrongRule(Flaw flaw) throws Exception {
    try (ModelRun run = new ModelRun(new Host(server), SEED, flaw.laws(), StatefulModelTest.SPOKEN)) {
      List<Integer> cards = new ArrayList<>();
      for (int i = 0; i < CARDS; i++) {
        cards.add(NEXT_CARD.getAndIncrement());
      }
      ModelRun.Round round = run.new Round(cards);
      for (int days : WAITS) {
        round.play(COMMANDS_A_CARD / WAITS.length);
        if (run.hasFailed()) {
          break;
        }
        round.timePasses(Duration.ofDays(days).toMillis());
        round.compareAllPurses();
      }

      assertTrue(run.hasFailed(), flaw + " was not found in " + run.played() + " commands");
    }
  }

  @Test
  void shouldShrinkWhatItFindsToTheMessagesThatMatter() throws Exception {
    Laws wrong = Flaw.CONTACTLESS_SIX_TIMES.laws();
    try (ModelRun run = new ModelRun(new Host(server), SEED, wrong, StatefulModelTest.SPOKEN)) {
      List<Integer> cards = new ArrayList<>();
      for (int i = 0; i < CARDS; i++) {
        cards.add(NEXT_CARD.getAndIncrement());
      }
      run.new Round(cards).play(COMMANDS_A_CARD);
      String transcript = new Replay(folder, wrong).explain(Replay.shortest(run.failed()));

      // Five contactless purchases that pass, and the sixth that the wrong model lets pass too.
      assertEquals(6, transcript.lines().filter(line -> line.startsWith("#")).count(), transcript);
      boolean says =
          transcript.contains("*** DE 39: expected 00, received 65")
              || transcript.contains("*** DE 39: expected 000, received 123");
      assertTrue(says, transcript);
    }
  }
}
