package se.valfardskort.authorizer.gateway;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from a minimum to a maximum, each time a random part of it, so
 * that issuers that lost a network at the same moment do not all come back at the same moment.
 *
 * <p>Owned by one thread. The n-th wait lies in the upper half of {@code 2 * minimum * 2^(n-1)}, cut to
 * {@code [minimum, maximum]}.
 */
final class Backoff {
  private final long minimumMs;
  private final long maximumMs;
  private final RandomGenerator random;
  private long ceilingMs;
  private int failures;

  Backoff(long minimumMs, long maximumMs, RandomGenerator random) {
    if (minimumMs < 1 || maximumMs < minimumMs) {
      throw new IllegalArgumentException(
          "a back-off from " + minimumMs + " to " + maximumMs + " ms: begin at 1 or more, end no lower");
    }
    this.minimumMs = minimumMs;
    this.maximumMs = maximumMs;
    this.random = random;
    ceilingMs = minimumMs;
  }

  /** One more failure: how long to wait now. */
  long nextMs() {
    failures++;
    ceilingMs = Math.min(maximumMs, 2 * ceilingMs);
    return random.nextLong(Math.max(minimumMs, ceilingMs / 2), ceilingMs + 1);
  }

  /** Failures since the last {@link #reset}. */
  int failures() {
    return failures;
  }

  /** All is well again. */
  void reset() {
    failures = 0;
    ceilingMs = minimumMs;
  }
}
