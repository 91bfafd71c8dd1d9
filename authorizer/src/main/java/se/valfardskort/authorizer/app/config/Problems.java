package se.valfardskort.authorizer.app.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects what is wrong, so that whoever mends a file sees all of it at once.
 *
 * <p>Owned by the thread that reads the configuration.
 */
final class Problems {
  private record Problem(Place place, String what, String mend) {}

  private final List<Problem> found = new ArrayList<>();
  private final List<String> files = new ArrayList<>();

  /** Notes one problem: what is wrong and how to mend it. */
  void add(Place place, String what, String mend) {
    if (!files.contains(place.file())) {
      files.add(place.file());
    }
    found.add(new Problem(place, what, mend));
  }

  /** Throws when anything was noted, file by file and line by line. */
  void throwIfAny() throws ConfigurationException {
    if (found.isEmpty()) {
      return;
    }
    found.sort(
        Comparator.comparingInt((Problem problem) -> files.indexOf(problem.place.file()))
            .thenComparingInt(problem -> problem.place.line()));
    List<String> lines = new ArrayList<>();
    for (Problem problem : found) {
      lines.add(problem.place + ": " + problem.what + "; " + problem.mend);
    }
    throw new ConfigurationException(lines);
  }
}
