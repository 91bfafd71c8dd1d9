package se.valfardskort.authorizer.gateway;

/**
 * How many messages a second a connection may send: counted in periods of a second. Event loop only.
 */
final class Pace {
  private static final long NS_PER_MS = 1_000_000L;
  private static final long PERIOD_NS = 1_000 * NS_PER_MS;

  private final int limit;
  private long periodNs;
  private int count;

  /** @param limit messages a second; 0: any number */
  Pace(int limit) {
    this.limit = limit;
  }

  void begin(long nowNs) {
    periodNs = nowNs;
  }

  boolean isLimited() {
    return limit > 0;
  }

  /** One message was taken. */
  void count() {
    count++;
  }

  /** Milliseconds until the next message may come; 0: now. */
  long waitMs(long nowNs) {
    long elapsedNs = nowNs - periodNs;
    if (elapsedNs >= PERIOD_NS) {
      periodNs += elapsedNs;
      count = 0;
    }
    return count < limit ? 0 : (PERIOD_NS - elapsedNs) / NS_PER_MS + 1;
  }
}
