package se.valfardskort.authorizer.pipeline;

/** A clock that a test sets. Any thread. */
final class ManualClock implements Clock {
  private volatile long epochMs = 1_000_000;
  private volatile long nanoTime = 1_000_000_000;

  @Override
  public long epochMs() {
    return epochMs;
  }

  @Override
  public long nanoTime() {
    return nanoTime;
  }

  void setEpochMs(long value) {
    epochMs = value;
  }

  void setNanoTime(long value) {
    nanoTime = value;
  }
}
