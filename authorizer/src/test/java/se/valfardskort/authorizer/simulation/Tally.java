package se.valfardskort.authorizer.simulation;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened: faults that really struck, and the traffic between them. */
final class Tally {
  private final Map<String, Long> counts = new TreeMap<>();

  void count(String what) {
    add(what, 1);
  }

  void add(String what, long times) {
    counts.merge(what, times, Long::sum);
  }

  void addAll(Tally other) {
    other.counts.forEach(this::add);
  }

  long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  Map<String, Long> all() {
    return new TreeMap<>(counts);
  }
}
