package se.valfardskort.authorizer.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Short worlds, the same ones in every build: {@code ./run simulate} runs as many others as anyone wants. */
final class SimulationTest {
  private static final long FIRST_SEED = 752_000;
  private static final int SEEDS = 1_000;

  /** What must have struck somewhere, so that nobody believes in a fault that never happened. */
  private static final Set<String> STRUCK =
      Set.of(
          "fault: GARBAGE", "fault: HALF_CLOSE", "fault: RESET", "fault: SLOW_READER", "fault: bit flipped",
          "fault: bytes delayed", "fault: clock set back", "fault: clock set forward", "fault: disk full",
          "fault: force fails", "fault: force hangs", "fault: frame doubled", "fault: frame lost",
          "fault: frame split", "fault: read fails", "fault: rename fails", "fault: second instance",
          "fault: short read", "fault: short write", "fault: torn journal", "fault: torn other file",
          "fault: un-forced name lost", "fault: write fails", "power cut", "process killed",
          "process halted by its disk", "clean stop", "start failed", "ring full",
          "recovery: torn tail cut", "recovery: flipped bit refused", "record lost that nobody was told of",
          "answer: remembered", "answer: silence", "answer: not booked, reason 901",
          "answer: not booked, reason 911", "decision compared with the model",
          "fault: bit of a snapshot flipped", "fault: segment taken away", "fault: older copy put in place",
          "fault: torn snapshot", "fault: follower killed", "fault: power cut beside the authorizer",
          "fault: memory failed", "follower: snapshot written", "follower: failed by its disk",
          "follower: alarm, it decides otherwise", "stop: snapshot written", "archive: segment copied",
          "archive: failed by its disk", "prune: segment removed", "recovery: from a snapshot",
          "recovery: damaged snapshot passed over", "recovery: lost segment refused",
          "recovery: older copy refused",
          "order answered: GRANT", "order answered: GRANT refused", "order answered: REVOKE",
          "order answered: FREEZE", "order answered: FREEZE refused", "order answered: LIFT",
          "order answered: SAVE", "order answered: SAVE refused", "order answered: TAKE_BACK",
          "bought by an approval",
          "recovery: record that was not decided so refused");

  @Test
  @Timeout(600)
  void shouldKeepItsPromisesInEveryWorld() {
    System.out.println("simulation: seeds " + FIRST_SEED + " to " + (FIRST_SEED + SEEDS - 1));
    Tally all = new Tally();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Simulation.Outcome outcome = Simulation.run(seed);
      all.addAll(outcome.tally());
      if (outcome.failure() != null) {
        Simulation.Outcome smallest = Simulation.shrink(outcome);
        String enough = ids(smallest.events()).stream().map(String::valueOf).collect(Collectors.joining(","));
        fail(outcome.words() + "; again: ./run simulate --seed " + seed + " --only " + enough + " --trace",
            outcome.failure());
      }
    }
    System.out.println("simulation: " + all.of("simulated ms") / 1_000 + " simulated seconds, "
        + all.of("commands journaled") + " commands, " + all.of("power cut") + " power cuts");

    Set<String> never = new TreeSet<>(STRUCK);
    never.removeAll(all.all().keySet());
    assertEquals(Set.of(), never, "these never happened");
  }

  @ParameterizedTest
  @ValueSource(longs = {752_001, 752_002, 752_003, 752_004, 752_005, 752_006})
  void shouldGoTheSameWayAgain(long seed) {
    Simulation.Outcome first = Simulation.run(seed);
    Simulation.Outcome second = Simulation.run(seed);

    assertEquals(first.hash(), second.hash());
    assertEquals(first.steps(), second.steps());
    assertEquals(first.tally().all(), second.tally().all());
    assertNotEquals(first.hash(), Simulation.run(seed + 1_000_000).hash());
  }

  @Test
  void shouldLeaveOutWhatAFailureDoesNotNeed() {
    List<Script.Event> all = new Script(FIRST_SEED).events;
    Set<Integer> needed = Set.of(all.get(3).id(), all.get(all.size() - 1).id());

    Shrinker shrinker = new Shrinker(events -> ids(events).containsAll(needed), 1_000);
    List<Script.Event> smallest = shrinker.shrink(all);

    assertEquals(needed, new TreeSet<>(ids(smallest)));
    assertTrue(shrinker.tries() < 4 * all.size(), shrinker.tries() + " tries");
  }

  private static List<Integer> ids(List<Script.Event> events) {
    List<Integer> ids = new ArrayList<>();
    events.forEach(event -> ids.add(event.id()));
    return ids;
  }

  @Test
  void shouldReportWhatHappened() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    int code = run(out, "--seeds", "3", "--from", "752010", "--json");

    String text = out.toString(StandardCharsets.UTF_8);
    assertEquals(0, code);
    assertTrue(text.startsWith("{\"seeds\":3,\"from\":752010,"), text);
    assertTrue(text.contains("\"failedSeeds\":[]"), text);
    assertTrue(text.contains("\"commands journaled\":"), text);
  }

  @Test
  void shouldReplayOneSeedInWords() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    int code = run(out, "--seed", "752011", "--only", "0,1", "--trace");

    String text = out.toString(StandardCharsets.UTF_8);
    assertEquals(0, code);
    assertTrue(text.contains("recovered"), text);
    assertTrue(text.contains("seed 752011: nothing was broken"), text);
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    assertEquals(64, run(new ByteArrayOutputStream(), "--sedes", "3"));
  }

  private static int run(ByteArrayOutputStream out, String... arguments) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return SimulateCommand.execute(stream, stream, arguments);
  }
}
