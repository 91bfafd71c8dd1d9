package se.valfardskort.independent.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Delta debugging: leaves out ever smaller parts of a list as long as what is left still fails (Zeller and Hildebrandt,
 * "Simplifying and Isolating Failure-Inducing Input").
 */
final class Shrinker<T> {
  private final Predicate<List<T>> fails;
  private int triesLeft;

  Shrinker(Predicate<List<T>> fails, int mostTries) {
    this.fails = fails;
    triesLeft = mostTries;
  }

  /** The smallest list found that fails; {@code items} itself must. */
  List<T> shrink(List<T> items) {
    List<T> smallest = items;
    int part = Math.max(1, smallest.size() / 2);
    while (triesLeft > 0) {
      List<T> smaller = withoutParts(smallest, part);
      if (smaller.size() < smallest.size()) {
        smallest = smaller;
        part = Math.max(1, Math.min(part, smallest.size() / 2));
      } else if (part == 1) {
        return smallest;
      } else {
        part = Math.max(1, part / 2);
      }
    }
    return smallest;
  }

  /** Leaves out every part that the failure does without, one after the other. */
  private List<T> withoutParts(List<T> items, int part) {
    List<T> left = items;
    int from = 0;
    while (from < left.size() && triesLeft > 0) {
      List<T> candidate = new ArrayList<>(left.subList(0, from));
      candidate.addAll(left.subList(Math.min(left.size(), from + part), left.size()));
      if (candidate.isEmpty()) {
        return left;
      }
      triesLeft--;
      if (fails.test(candidate)) {
        left = candidate;
      } else {
        from += part;
      }
    }
    return left;
  }
}
