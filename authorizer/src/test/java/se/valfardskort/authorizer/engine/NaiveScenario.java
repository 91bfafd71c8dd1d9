package se.valfardskort.authorizer.engine;

import java.util.List;
import se.valfardskort.authorizer.mutation.Scenarios;

/** The engine beside {@link NaiveModel}, for as many seeds as a fault may need to show. */
public final class NaiveScenario implements Scenarios {
  private static final long FIRST_SEED = 20_261_122L;
  private static final int RUNS = 20;
  private static final int STEPS = 4_000;

  @Override
  public List<Runnable> all() {
    return List.of(NaiveScenario::play);
  }

  private static void play() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      new NaiveRun(seed).play(STEPS);
    }
  }
}
