package se.valfardskort.authorizer.reliability;

import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Trials that this machine does not let anybody make. */
final class TrialSkips {
  private TrialSkips() {}

  /** Says what was not tried, and skips the test where nothing was. */
  static void unlessTried(Findings findings, String tried, List<String> progress) {
    List<String> why = progress.stream().filter(line -> line.startsWith("NOT TRIED")).toList();
    why.forEach(System.out::println);
    Assumptions.assumeTrue(why.isEmpty() || findings.counts().getOrDefault(tried, 0L) > 0, () -> why.toString());
  }
}
