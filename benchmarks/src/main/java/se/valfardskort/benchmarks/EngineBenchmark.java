package se.valfardskort.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * What one request costs the engine in the long run: looked up in the request memory, decided, applied, and later
 * forgotten.
 *
 * <p>The ticks, one after {@value #REQUESTS_A_TICK} requests, are part of what is measured: a figure here holds a
 * purchase, its expiry a week later and its being forgotten after another. {@link PurchaseBenchmark} and
 * {@link HoldEndBenchmark} tell the two apart.
 */
public class EngineBenchmark extends EngineRig {
  private static final int APPROVED = 0;

  /** 0100 for food, approved, paid from CASH. */
  @Benchmark
  public int purchaseFromCash() {
    return approved(send(shop));
  }

  /** 0100 at an accredited provider, approved, paid from HJARTAN. */
  @Benchmark
  public int purchaseFromHjartan() {
    return approved(send(provider));
  }

  /** 0100 for gambling: declined and remembered, the oldest remembered answer leaves. */
  @Benchmark
  public int declined() {
    int reason = send(gambling);
    if (reason == APPROVED) {
      throw new IllegalStateException("gambling was approved");
    }
    return reason;
  }
}
