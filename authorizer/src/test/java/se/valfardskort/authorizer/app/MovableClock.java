package se.valfardskort.authorizer.app;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.SystemClock;

/** The machine's clocks, of which the monotonic one can be put forward. Any thread. */
final class MovableClock implements Clock {
  private final SystemClock machine = new SystemClock();
  private final AtomicLong aheadNs = new AtomicLong();

  /** So much time passes at once. */
  void pass(long seconds) {
    aheadNs.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Override
  public long epochMs() {
    return machine.epochMs();
  }

  @Override
  public long nanoTime() {
    return machine.nanoTime() + aheadNs.get();
  }
}
