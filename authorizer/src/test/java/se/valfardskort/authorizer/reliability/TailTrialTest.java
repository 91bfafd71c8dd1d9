package se.valfardskort.authorizer.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import se.valfardskort.authorizer.mutation.MutantRun;
import se.valfardskort.authorizer.reliability.TailRecovery.Outcome;

/** Torn tails: a sample in every build, all of them in the extended one ({@code tail.amount}: 0). */
final class TailTrialTest {
  private static final long SEED = TailPromises.SEED;
  private static final int SMALL = 64 * 1024;
  private static final int LARGE = 1024 * 1024;

  @TempDir Path scratch = Path.of("");

  private Findings run(int journalBytes, String amountProperty) throws Exception {
    int amount = Integer.parseInt(System.getProperty(amountProperty, "500"));
    TailTrial trial = new TailTrial(journalBytes);
    long startedNs = System.nanoTime();

    Findings findings = trial.run(new TrialSettings(SEED, amount, scratch), progress -> { });

    System.out.printf(
        "%s, seed %d, %d ms: %s%n", trial.name(), SEED, (System.nanoTime() - startedNs) / 1_000_000,
        findings.counts());
    assertEquals("", String.join("\n", findings.failures()), trial.name() + ", seed " + SEED);
    return findings;
  }

  @Test
  void shouldRecoverExactlyWhatIsWholeOrRefuse() throws Exception {
    Findings findings = run(SMALL, "tail.amount");

    assertEquals(SMALL, findings.counts().get("journal: bytes"));
    for (Outcome outcome : List.of(Outcome.TORN, Outcome.REFUSED, Outcome.SHORTENED)) {
      assertTrue(findings.counts().containsKey("outcome: " + outcome.words), outcome + " never came about");
    }
  }

  @Test
  void shouldDoSoInAJournalThatIsReadPieceByPiece() throws Exception {
    assertEquals(LARGE, run(LARGE, "tail.large").counts().get("journal: bytes"));
  }

  /** What finds the planted faults finds nothing where there is none. */
  @Test
  void shouldFindNothingInTheJournalOfThePlantedFaults() throws Exception {
    Findings findings = run(TailPromises.JOURNAL_BYTES, "tail.amount");

    assertEquals(TailPromises.JOURNAL_BYTES, findings.counts().get("journal: bytes"));
  }

  static IntStream faults() {
    return IntStream.range(0, TailFault.ALL.size());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void shouldFindAPlantedFault(int index) throws Exception {
    TailFault fault = TailFault.ALL.get(index);

    Throwable found = MutantRun.run(List.of(fault.edit()), TailPromises.class, index);

    assertInstanceOf(AssertionError.class, found, fault + ": not found");
  }
}
