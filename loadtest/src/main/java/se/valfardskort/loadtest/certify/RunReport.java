package se.valfardskort.loadtest.certify;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.Json;
import se.valfardskort.loadtest.client.UserError;

/**
 * What a run has come to so far, and its one report: of the whole run, or of what was played until it was cut short.
 * Any thread, since a signal may end the run; all is under this object's lock.
 */
final class RunReport {
  private final String run;
  private final @Nullable Path folder;
  private final boolean json;
  private final PrintStream out;
  private final List<Outcome> outcomes = new ArrayList<>();
  private boolean reported;

  /**
   * Begins.
   *
   * @param run in words, what is run against what
   * @param folder where the files go; null: there are none
   * @param json lines of JSON instead of the table
   */
  RunReport(String run, @Nullable Path folder, boolean json, PrintStream out) {
    this.run = run;
    this.folder = folder;
    this.json = json;
    this.out = out;
  }

  /** Takes an outcome, in the place of an earlier one of the same exchange. After the report nothing is taken. */
  synchronized void add(Outcome outcome) {
    if (reported) {
      return;
    }
    outcomes.removeIf(outcome::isOf);
    outcomes.add(outcome);
    if (json) {
      out.println(Tally.json(outcome));
    }
  }

  synchronized boolean isEmpty() {
    return outcomes.isEmpty();
  }

  /** Reports the whole run; tells whether all passed. */
  synchronized boolean finish() {
    return report("");
  }

  /** Reports what was played; does nothing where all was reported before. */
  synchronized void cutShort(String why) {
    if (!reported) {
      report(why);
    }
  }

  private boolean report(String cut) {
    reported = true;
    long failed = outcomes.stream().filter(outcome -> !outcome.passed()).count();
    boolean whole = cut.isEmpty();
    if (json) {
      Map<String, Object> sum = new LinkedHashMap<>();
      sum.put("run", run);
      sum.put("exchanges", outcomes.size());
      sum.put("failed", failed);
      sum.put("complete", whole);
      if (!whole) {
        sum.put("incomplete", cut);
      }
      out.println(Json.of(sum));
    } else {
      Tally.print(outcomes, out);
      out.println(whole ? verdict(failed) : "\nINCOMPLETE: the run was cut short after " + outcomes.size()
          + " exchanges, of which " + failed + " failed: " + cut);
    }
    out.flush();
    writeFiles(cut);
    return whole && failed == 0;
  }

  private String verdict(long failed) {
    return failed == 0 ? "\nAll " + outcomes.size() + " exchanges are as the scripts demand."
        : "\n" + failed + " of " + outcomes.size() + " exchanges are not as the scripts demand; they stand above.";
  }

  /** Where a cut run cannot write, why it was cut is still what must be told. */
  private void writeFiles(String cut) {
    if (folder == null) {
      return;
    }
    try {
      ReportFiles.write(folder, run, outcomes, cut);
    } catch (UserError unwritten) {
      if (cut.isEmpty()) {
        throw unwritten;
      }
      System.err.println(unwritten.getMessage());
    }
  }
}
