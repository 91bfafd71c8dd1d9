package se.valfardskort.authorizer.gateway;

import se.valfardskort.authorizer.pipeline.Clock;

/** Ends a connection whose frame takes too long from its first byte to its last. Event loop only. */
final class FrameTimer implements Runnable {
  private static final long NS_PER_MS = 1_000_000L;

  private final Session session;
  private final Clock clock;
  private final int deadlineMs;
  private boolean begun;
  /** When the frame that is incomplete began; meaningful while {@link #begun}. */
  private long beganNs;
  private boolean armed;

  FrameTimer(Session session, Clock clock, int deadlineMs) {
    this.session = session;
    this.clock = clock;
    this.deadlineMs = deadlineMs;
  }

  /** Whether part of a frame is there. */
  boolean hasBegun() {
    return begun;
  }

  /** Part of a frame is there, and of no earlier one. */
  void begin() {
    begun = true;
    beganNs = clock.nanoTime();
    arm(deadlineMs);
  }

  /** Nothing is there, or what is there is ours to take. */
  void end() {
    begun = false;
  }

  private void arm(long ms) {
    if (!armed) {
      armed = true;
      session.after(this, ms);
    }
  }

  @Override
  public void run() {
    armed = false;
    if (session.isOver() || !begun) {
      return;
    }
    long leftMs = deadlineMs - (clock.nanoTime() - beganNs) / NS_PER_MS;
    if (leftMs <= 0) {
      session.close(CloseCause.FRAME_DEADLINE);
    } else {
      arm(leftMs);
    }
  }
}
