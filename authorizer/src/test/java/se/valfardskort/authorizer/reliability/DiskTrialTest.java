package se.valfardskort.authorizer.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks that fail under the real process: the first {@code disk.amount} faults in every build (0: all of them), and
 * what is said of a disk that lies.
 */
@Timeout(3_600)
class DiskTrialTest {
  private static final long SEED = 20261122;

  @TempDir private Path folder;
  private final List<String> progress = new ArrayList<>();

  private Findings run(DiskTrial trial, int amount) throws Exception {
    Findings findings = trial.run(new TrialSettings(SEED, amount, folder), progress::add);
    TrialSkips.unlessTried(findings, "faults tried", progress);
    System.out.printf("disk, seed %d: %s%n", SEED, findings.counts());
    return findings;
  }

  @Test
  void shouldEndAndComeBackWithEveryAnswer() throws Exception {
    Findings findings = run(new DiskTrial(), Integer.getInteger("disk.amount", 1));

    assertEquals(List.of(), findings.failures(), () -> "seed " + SEED + ", " + progress);
    assertTrue(findings.counts().getOrDefault("answers checked", 0L) > 0, () -> findings.counts().toString());
  }

  /** The negative control: no answer that left while the disk lied is on its platter, or no start is possible there. */
  @Test
  void shouldFindWhatADiskThatLiesHasLost() throws Exception {
    Findings findings = run(new DiskTrial(true), 1);

    assertFalse(findings.failures().isEmpty(), () -> findings.counts() + ", " + progress);
    assertTrue(
        findings.failures().stream().allMatch(failure -> failure.contains("what was synced")), findings::toString);
  }
}
