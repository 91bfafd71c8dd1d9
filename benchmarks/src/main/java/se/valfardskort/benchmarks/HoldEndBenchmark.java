package se.valfardskort.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** What the ticks do for one purchase later. The purchases run untimed in between. */
public class HoldEndBenchmark extends EngineRig {
  /** Makes as much work for the ticks as the batch has. */
  @Setup(Level.Invocation)
  public void place() {
    purchases();
  }

  /** A hold expires after a week, and is forgotten after another. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void expiryAndForgetting() {
    ticks();
  }
}
