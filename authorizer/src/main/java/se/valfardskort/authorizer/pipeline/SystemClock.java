package se.valfardskort.authorizer.pipeline;

/** The machine's clocks. Any thread. */
public final class SystemClock implements Clock {
  @Override
  public long epochMs() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
