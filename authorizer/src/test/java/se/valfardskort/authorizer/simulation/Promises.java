package se.valfardskort.authorizer.simulation;

import java.util.List;
import se.valfardskort.authorizer.mutation.Scenarios;

/** Worlds, one seed after the other, until a promise is broken: for code with planted faults, one scenario a fault. */
public final class Promises implements Scenarios {
  /** A fault may be found later than it was when its seed was noted: other code draws other worlds from the dice. */
  private static final int MOST_SEEDS = 60;

  @Override
  public List<Runnable> all() {
    return Planted.ALL.stream().map(planted -> (Runnable) () -> searchFrom(planted.seed())).toList();
  }

  private static void searchFrom(long seed) {
    for (int i = 0; i < MOST_SEEDS; i++) {
      Simulation.Outcome outcome = Simulation.run(seed + i);
      if (outcome.failure() != null) {
        throw new AssertionError(outcome.words(), outcome.failure());
      }
    }
  }
}
