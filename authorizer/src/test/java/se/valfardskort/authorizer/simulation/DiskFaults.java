package se.valfardskort.authorizer.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** What is wrong with the disk at the moment. */
final class DiskFaults {
  /** What an operation may meet. */
  enum Kind {
    FAILED_READ,
    FAILED_WRITE,
    FAILED_FORCE,
    FAILED_RENAME,
    SHORT_READ,
    SHORT_WRITE
  }

  private static final long NS_PER_MS = 1_000_000L;

  /** One operation in so many is struck; absent: none. */
  private final Map<Kind, Integer> chances = new EnumMap<>(Kind.class);
  private final long usualForceNs;
  private boolean full;
  private long slowForceMs;
  private long operationsLeft = Long.MAX_VALUE;

  DiskFaults(long usualForceNs) {
    this.usualForceNs = usualForceNs;
  }

  /** Nothing is wrong any more. */
  void mend() {
    chances.clear();
    full = false;
    slowForceMs = 0;
    operationsLeft = Long.MAX_VALUE;
  }

  void oneIn(Kind kind, int chances) {
    this.chances.put(kind, chances);
  }

  void without(Kind kind) {
    chances.remove(kind);
  }

  void fill(boolean isFull) {
    full = isFull;
  }

  boolean isFull() {
    return full;
  }

  /** Each force takes about so long from now on; 0: as usual. */
  void slowForces(long ms) {
    slowForceMs = ms;
  }

  /** The power goes in the midst of what comes after so many operations. */
  void cutAfter(long operations) {
    operationsLeft = operations;
  }

  boolean isTheLast() {
    if (operationsLeft != Long.MAX_VALUE && operationsLeft-- <= 0) {
      operationsLeft = 0;
      return true;
    }
    return false;
  }

  boolean strikes(Kind kind, SplittableRandom dice) {
    Integer oneIn = chances.get(kind);
    return oneIn != null && dice.nextInt(oneIn) == 0;
  }

  long forceNs(SplittableRandom dice, Tally tally) {
    if (slowForceMs > 0) {
      tally.count("fault: force hangs");
      return dice.nextLong(slowForceMs * NS_PER_MS) + 1;
    }
    return usualForceNs + dice.nextLong(usualForceNs);
  }
}
