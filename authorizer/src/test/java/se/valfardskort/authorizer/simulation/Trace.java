package se.valfardskort.authorizer.simulation;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** All that happened in a world, as one number, and in words for whoever asks. */
final class Trace {
  private static final long PRIME = 0x100_0000_01b3L;

  private final SimClock clock;
  private final @Nullable PrintStream words;
  private long hash = 0xcbf2_9ce4_8422_2325L;
  private long steps;

  Trace(SimClock clock, @Nullable PrintStream words) {
    this.clock = clock;
    this.words = words;
  }

  void note(String what, long first, long second) {
    mix(clock.nanoTime());
    mix(what.hashCode());
    mix(first);
    mix(second);
    steps++;
    if (words != null) {
      words.printf("%6d %12.6f s  %s %d %d%n", steps, clock.nanoTime() / 1e9, what, first, second);
    }
  }

  /** For people only: part of no hash. */
  void say(String what) {
    if (words != null) {
      words.printf("%6d %12.6f s  %s%n", steps, clock.nanoTime() / 1e9, what);
    }
  }

  boolean isSpoken() {
    return words != null;
  }

  void mix(byte[] bytes) {
    for (byte octet : bytes) {
      mix(octet);
    }
  }

  private void mix(long word) {
    hash = (hash ^ word) * PRIME;
    hash ^= hash >>> 29;
  }

  long hash() {
    return hash;
  }

  long steps() {
    return steps;
  }
}
