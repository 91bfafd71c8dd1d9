package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.pipeline.Clock;

/** {@link StartPhases}: what the line says, by a clock that is set by hand. */
class StartPhasesTest {
  private final AtomicLong nowNs = new AtomicLong(7);
  private final Clock clock = new Clock() {
    @Override
    public long epochMs() {
      return 0;
    }

    @Override
    public long nanoTime() {
      return nowNs.get();
    }
  };

  @Test
  void shouldSayHowLongEachPartTookAndAllOfThem() {
    StartPhases phases = new StartPhases(clock);
    nowNs.addAndGet(1_250_000_000L);
    phases.ended("configuration");
    nowNs.addAndGet(10_000_000L);
    phases.ended("ports");

    assertEquals("started in 1.76 s: java 0.50, configuration 1.25, ports 0.01", phases.line(500));
  }

  @Test
  void shouldKnowRoughlyWhenTheProcessBegan() {
    long saysMs = StartPhases.millisSinceProcessStart();

    // The JDK's own figure is exact to a second.
    long startMs = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
    long elsewhereMs = System.currentTimeMillis() - startMs;
    assertTrue(Math.abs(saysMs - elsewhereMs) < 60_000, saysMs + " ms, and by the JDK " + elsewhereMs);
  }
}
