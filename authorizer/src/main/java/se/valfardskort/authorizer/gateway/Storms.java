package se.valfardskort.authorizer.gateway;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections send more reversals and advices than they may have on their way, and what each of them may then
 * have. Any thread; allocates nothing.
 */
final class Storms {
  /** Reversals and advices on their way at once, of all connections that storm. */
  static final int ROOM = 32;

  /** Enough for a sync to be worth its while. */
  static final int SMALLEST_SHARE = 4;

  private final AtomicInteger raging = new AtomicInteger();

  /** A connection has more than its share. */
  void begin() {
    raging.incrementAndGet();
  }

  /** It has no more than that, or is gone. */
  void end() {
    raging.decrementAndGet();
  }

  /**
   * What one connection may have on its way: an equal part of the room, and never nothing.
   *
   * @param counted whether it is one of those that storm
   */
  int share(boolean counted) {
    return Math.max(SMALLEST_SHARE, ROOM / (raging.get() + (counted ? 0 : 1)));
  }
}
