package se.valfardskort.authorizer.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import se.valfardskort.authorizer.reliability.Findings;
import se.valfardskort.authorizer.reliability.Trial;
import se.valfardskort.authorizer.reliability.TrialSettings;

/** Simulated worlds, as many as are asked for; the first one has the trial's seed. */
public final class WorldsTrial implements Trial {
  private static final int WORLDS_BETWEEN_WORDS = 200;

  @Override
  public String name() {
    return "worlds";
  }

  @Override
  public Findings run(TrialSettings settings, Consumer<String> progress) {
    Tally all = new Tally();
    List<String> failures = new ArrayList<>();
    for (int done = 0; done < settings.amount(); done++) {
      Simulation.Outcome outcome = Simulation.run(settings.seed() + done);
      all.addAll(outcome.tally());
      if (outcome.failure() != null) {
        String failure = outcome.words() + "; again: ./run simulate --seed " + outcome.script().seed;
        failures.add(failure);
        progress.accept(failure);
      }
      if ((done + 1) % WORLDS_BETWEEN_WORDS == 0) {
        progress.accept(String.format(Locale.ROOT, "%,d worlds, %d failed", done + 1, failures.size()));
      }
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("worlds", (long) settings.amount());
    counts.putAll(all.all());
    return new Findings(counts, failures);
  }
}
