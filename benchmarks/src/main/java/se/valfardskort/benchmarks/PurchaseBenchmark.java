package se.valfardskort.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** A purchase alone: asked whether it is a repeat, decided, applied, remembered. The ticks run untimed in between. */
public class PurchaseBenchmark extends EngineRig {
  /** As many older holds expire, and as many are forgotten, as the batch will make. */
  @Setup(Level.Invocation)
  public void makeRoom() {
    ticks();
  }

  /** 0100 for food, approved, paid from CASH. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void purchase() {
    purchases();
  }
}
