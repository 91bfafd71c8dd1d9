package se.valfardskort.authorizer.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Leaves events out of a script for as long as it still fails: halves first, then ever smaller pieces, down to single
 * events.
 */
final class Shrinker {
  private final Predicate<List<Script.Event>> fails;
  private final int mostTries;
  private int tries;

  Shrinker(Predicate<List<Script.Event>> fails, int mostTries) {
    this.fails = fails;
    this.mostTries = mostTries;
  }

  /** The fewest events found with which it fails; {@code all} must. */
  List<Script.Event> shrink(List<Script.Event> all) {
    List<Script.Event> smallest = all;
    int piece = Math.max(1, all.size() / 2);
    while (tries < mostTries) {
      List<Script.Event> smaller = withoutPieces(smallest, piece);
      boolean gained = smaller.size() < smallest.size();
      smallest = smaller;
      if (piece == 1 && !gained) {
        return smallest;
      }
      piece = Math.max(1, gained ? Math.min(piece, smallest.size() / 2) : piece / 2);
    }
    return smallest;
  }

  /** One pass: each piece is left out if it is not needed. */
  private List<Script.Event> withoutPieces(List<Script.Event> all, int piece) {
    List<Script.Event> kept = all;
    int from = 0;
    while (from < kept.size() && tries < mostTries) {
      List<Script.Event> without = new ArrayList<>(kept.subList(0, from));
      without.addAll(kept.subList(Math.min(kept.size(), from + piece), kept.size()));
      tries++;
      if (fails.test(without)) {
        kept = without;
      } else {
        from += piece;
      }
    }
    return kept;
  }

  int tries() {
    return tries;
  }
}
