package se.valfardskort.loadtest.client;

import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * STANs (DE 11) for one run: 000001 to 999999, then again from 000001. Starts anywhere, so that two runs within the
 * same second do not meet. Thread-safe.
 */
public final class TraceNumbers {
  private static final int COUNT = 999_999;

  private final AtomicInteger next;

  /** Starts at a random number. */
  public TraceNumbers() {
    this(new Random().nextInt(COUNT));
  }

  TraceNumbers(int first) {
    next = new AtomicInteger(first);
  }

  /** The next number, 1 to 999999. */
  public int next() {
    return Math.floorMod(next.getAndIncrement(), COUNT) + 1;
  }

  /** Completes a request with the next number and the present time. */
  public Request stamp(RequestBuilder builder) {
    return builder.build(next(), Instant.now());
  }
}
