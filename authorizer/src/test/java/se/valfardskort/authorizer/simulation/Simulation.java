package se.valfardskort.authorizer.simulation;

import java.io.PrintStream;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs the worlds of seeds. One thread at a time. */
final class Simulation {
  /** Kept, since the logging library forgets the levels of loggers that nobody holds. */
  private static final Logger OURS = Logger.getLogger("se.valfardskort");

  private static final int MOST_TRIES = 400;

  /**
   * What became of a seed.
   *
   * @param events those that happened
   * @param failure what was broken; null: nothing
   * @param hash of all that happened
   */
  record Outcome(
      Script script, List<Script.Event> events, @Nullable Violation failure, long hash, long steps, Tally tally) {
    /** In a line. */
    String words() {
      Violation broken = failure;
      return "seed " + script.seed + (broken == null
          ? ": nothing was broken"
          : ", step " + steps + ": " + broken.getMessage());
    }
  }

  private Simulation() {}

  /** Runs a seed whole. */
  static Outcome run(long seed) {
    Script script = new Script(seed);
    return run(script, script.events, null);
  }

  /** Runs a seed with these of its events; {@code words} gets the trace, null: nobody wants it. */
  static Outcome run(Script script, List<Script.Event> events, @Nullable PrintStream words) {
    Level before = OURS.getLevel();
    // What a gateway says of each broken connection would be most of the output.
    OURS.setLevel(Level.OFF);
    World world = new World(script, events, words);
    Violation failure = null;
    try {
      world.run();
    } catch (Violation broken) {
      failure = broken;
    } finally {
      OURS.setLevel(before);
    }
    return new Outcome(script, events, failure, world.trace.hash(), world.trace.steps(), world.tally);
  }

  /** The same failure with as few events as it takes, or a few more. */
  static Outcome shrink(Outcome failed) {
    Outcome[] smallest = {failed};
    new Shrinker(
            events -> {
              Outcome outcome = run(failed.script, events, null);
              boolean fails = outcome.failure != null;
              if (fails) {
                smallest[0] = outcome;
              }
              return fails;
            },
            MOST_TRIES)
        .shrink(failed.events);
    return smallest[0];
  }
}
