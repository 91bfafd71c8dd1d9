package se.valfardskort.authorizer.app;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.SystemClock;

/** Begins on Monday the second of November 2026; a test may let days pass. Any thread. */
final class CivilClock implements Clock {
  private final SystemClock machine = new SystemClock();
  private final AtomicLong ahead =
      new AtomicLong(Instant.parse("2026-11-02T09:00:00Z").toEpochMilli() - machine.epochMs());

  void pass(long milliseconds) {
    ahead.addAndGet(milliseconds);
  }

  /** DE 7 of a message that is sent now. */
  String transmissionTime() {
    String now = Instant.ofEpochMilli(epochMs()).toString();
    return now.replaceAll("\\d+-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d):(\\d\\d).*", "$1$2$3$4$5");
  }

  @Override
  public long epochMs() {
    return machine.epochMs() + ahead.get();
  }

  @Override
  public long nanoTime() {
    return machine.nanoTime();
  }
}
