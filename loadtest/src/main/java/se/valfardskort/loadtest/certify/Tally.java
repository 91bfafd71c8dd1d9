package se.valfardskort.loadtest.certify;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import se.valfardskort.loadtest.client.Json;

/** What a run's outcomes are in a terminal: a table by topic, and what failed in full. Stateless. */
final class Tally {
  private Tally() {}

  /** Exchanges of one topic. */
  record Count(String partner, String topic, int passed, int failed) {
    int exchanges() {
      return passed + failed;
    }
  }

  /** By partner and topic, in the order of play. */
  static List<Count> count(List<Outcome> outcomes) {
    Map<String, Count> counts = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      Count one = new Count(outcome.partner(), outcome.topic(), outcome.passed() ? 1 : 0, outcome.passed() ? 0 : 1);
      counts.merge(outcome.partner() + "\n" + outcome.topic(), one, (sum, next) ->
          new Count(sum.partner(), sum.topic(), sum.passed() + next.passed(), sum.failed() + next.failed()));
    }
    return List.copyOf(counts.values());
  }

  /** The failing exchanges in full, then the table. */
  static void print(List<Outcome> outcomes, PrintStream out) {
    for (Outcome outcome : outcomes) {
      if (!outcome.passed()) {
        failure(outcome, out);
      }
    }
    out.println(row("partner", "topic", "exchanges", "passed", "failed"));
    int passed = 0;
    for (Count count : count(outcomes)) {
      passed += count.passed();
      out.println(row(count.partner(), count.topic(), Integer.toString(count.exchanges()),
          Integer.toString(count.passed()), count.failed() == 0 ? "-" : Integer.toString(count.failed())));
    }
    out.println(row("", "all", Integer.toString(outcomes.size()), Integer.toString(passed),
        passed == outcomes.size() ? "-" : Integer.toString(outcomes.size() - passed)));
  }

  private static void failure(Outcome outcome, PrintStream out) {
    Exchange exchange = outcome.exchange();
    out.println("FAILED  " + outcome.partner() + " / " + outcome.topic() + " / " + outcome.group() + " / "
        + exchange.title());
    out.println("  script  " + exchange.place());
    out.println("  rule    " + exchange.rule());
    out.println("  sent");
    outcome.sent().lines().forEach(line -> out.println("    " + line));
    out.println("  wrong");
    outcome.problems().forEach(line -> out.println("    " + line));
    out.println();
  }

  private static String row(String partner, String topic, String exchanges, String passed, String failed) {
    return String.format(Locale.ROOT, "%-14s %-44s %9s %7s %7s", partner, topic, exchanges, passed, failed);
  }

  /** A line of JSON an exchange. */
  static String json(Outcome outcome) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("partner", outcome.partner());
    all.put("topic", outcome.topic());
    all.put("group", outcome.group());
    all.put("exchange", outcome.exchange().title());
    all.put("rule", outcome.exchange().rule());
    all.put("place", outcome.exchange().place());
    all.put("passed", outcome.passed());
    all.put("problems", outcome.problems());
    all.put("micros", outcome.micros());
    return Json.of(all);
  }
}
