package se.valfardskort.authorizer.simulation;

import se.valfardskort.authorizer.pipeline.Clock;

/** The only time in a world: moved by its loop, never by the machine. The wall may step, the monotonic may not. */
final class SimClock implements Clock {
  /** Noon of 22 November 2026, UTC. */
  private static final long BEGIN_MS = 1_795_348_800_000L;

  private static final long NS_PER_MS = 1_000_000L;

  private long nowNs;
  private long stepMs;

  @Override
  public long epochMs() {
    return trueMs() + stepMs;
  }

  /** What a clock shows that nobody steps. */
  long trueMs() {
    return BEGIN_MS + nowNs / NS_PER_MS;
  }

  @Override
  public long nanoTime() {
    return nowNs;
  }

  void advanceTo(long ns) {
    nowNs = Math.max(nowNs, ns);
  }

  /** Somebody sets the wall clock. */
  void step(long ms) {
    stepMs += ms;
  }

  /** The wall clock is right again. */
  void mend() {
    stepMs = 0;
  }
}
