package se.valfardskort.authorizer.gateway;

/**
 * Keeps a connection's reversals and advices from standing in everybody's way. One a connection; event loop only.
 *
 * <p>They give money back or tell what has happened, so none is lost and none is refused; but nobody stands at a till
 * and waits for them. A late link may have thousands. So a connection takes a share of them ({@link Storms}), waits
 * until the last of the share is answered, then rests three times as long as the share took, and takes the next:
 *
 * <pre>
 *   share taken ... all answered | rest, three times as long | share taken ... all answered | rest ...
 * </pre>
 *
 * <p>So never more than a share of a storm stands ahead of another link's request, and most of the time nothing of it;
 * on a slow disk or a busy machine both parts grow, and the storm yields. What comes behind them on the same
 * connection, whatever it is, waits its turn: the order of a connection is kept. A connection that never has a whole
 * share on its way is never held back.
 */
final class StormBrake {
  /** Nothing is to be waited for. */
  static final long NO_REST = -1;

  /** A disk that hung for a second is no reason to rest for one. */
  static final long LONGEST_REST_NS = 5_000_000;

  private static final int RESTS = 3;

  private final Storms storms;
  private int inFlight;
  private boolean holdsBack;
  private boolean storming;
  private long beganNs;

  StormBrake(Storms storms) {
    this.storms = storms;
  }

  /** Whether the connection may take nothing for now. */
  boolean holdsBack() {
    return holdsBack;
  }

  /** One reversal or advice is on its way. */
  void taken(long nowNs) {
    if (inFlight == 0) {
      beganNs = nowNs;
    }
    inFlight++;
    if (!holdsBack && inFlight >= storms.share(storming)) {
      holdsBack = true;
      if (!storming) {
        storming = true;
        storms.begin();
      }
    }
  }

  /**
   * So many reversals and advices have come back.
   *
   * @return nanoseconds after which {@link #rested} is to be called, or {@link #NO_REST}
   */
  long answered(int count, long nowNs) {
    inFlight -= count;
    if (count == 0 || inFlight > 0 || !holdsBack) {
      return NO_REST;
    }
    return Math.clamp(RESTS * (nowNs - beganNs), 0, LONGEST_REST_NS);
  }

  /** The rest is over: another share may be taken. */
  void rested() {
    holdsBack = false;
  }

  /** All that had been received was taken: where it was less than a share, the storm is over. */
  void allTaken() {
    if (!holdsBack) {
      end();
    }
  }

  /** The connection has ended, or its storm. */
  void end() {
    if (storming) {
      storming = false;
      storms.end();
    }
  }
}
