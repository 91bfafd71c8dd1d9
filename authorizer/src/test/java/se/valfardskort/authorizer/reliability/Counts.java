package se.valfardskort.authorizer.reliability;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Counts and failures as they come. Any thread. */
final class Counts {
  private static final int MOST_FAILURES = 200;

  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private Consumer<String> listener = _ -> { };

  /** @param kinds shown in this order, also while they are 0 */
  Counts(String... kinds) {
    for (String kind : kinds) {
      counts.put(kind, 0L);
    }
  }

  /** Tells of each failure at once: who waits for an hour should not wait for that. */
  synchronized void tell(Consumer<String> whom) {
    listener = whom;
  }

  synchronized void count(String kind) {
    add(kind, 1);
  }

  synchronized void add(String kind, long times) {
    counts.merge(kind, times, Long::sum);
  }

  synchronized long of(String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** Counted, and said. */
  synchronized void fail(String kind, String what) {
    count(kind);
    if (failures.size() < MOST_FAILURES) {
      failures.add(kind + ": " + what);
      listener.accept(kind + ": " + what);
    }
  }

  synchronized Findings findings() {
    return new Findings(new LinkedHashMap<>(counts), List.copyOf(failures));
  }
}
