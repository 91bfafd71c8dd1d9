package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import se.valfardskort.authorizer.mutation.Scenarios;

/** The trial of torn tails on a small journal, up to the first broken promise: for code with planted faults. */
public final class TailPromises implements Scenarios {
  static final int JOURNAL_BYTES = 36 * 1024;
  static final long SEED = 20_261_122;

  @Override
  public List<Runnable> all() {
    return TailFault.ALL.stream().map(fault -> (Runnable) () -> search(fault.family())).toList();
  }

  private static void search(String family) {
    TrialSettings settings = new TrialSettings(SEED, 0, Path.of(""));
    try {
      Findings findings = new TailTrial(JOURNAL_BYTES).run(settings, progress -> { }, family, 1);
      if (!findings.failures().isEmpty()) {
        throw new AssertionError(findings.failures().getFirst());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
