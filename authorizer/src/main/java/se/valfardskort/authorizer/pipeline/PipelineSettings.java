package se.valfardskort.authorizer.pipeline;

/**
 * How the pipeline is wired and bounded. Immutable; {@link #defaults} is what is shipped.
 *
 * @param wiring one thread or three
 * @param waiting what an idle stage does
 * @param ringSize slots, a power of two of at least 16
 * @param batchRecords commands a sync covers at most
 * @param batchBytes bytes of commands and decisions after which a batch is closed
 * @param tickPeriodMs between two journaled ticks; 0: none
 * @param tickMaximumExpiries holds that one tick may expire
 * @param drainTimeoutMs how long {@link Pipeline#close} waits for what was published
 */
public record PipelineSettings(
    Wiring wiring,
    Waiting waiting,
    int ringSize,
    int batchRecords,
    int batchBytes,
    long tickPeriodMs,
    int tickMaximumExpiries,
    long drainTimeoutMs) {

  /** Which threads run the stages. */
  public enum Wiring {
    /** Core, journal and reply on one thread: best up to four cores. */
    FUSED,
    /** A thread each. */
    STAGED
  }

  /** What a stage does that has nothing to do. */
  public enum Waiting {
    /** Backs off briefly, then sleeps until it is woken. */
    PARKING,
    /** Never leaves its core; only for machines with cores to spare. */
    BUSY_SPIN
  }

  private static final int SMALLEST_RING = 16;

  /** Checks the figures. */
  public PipelineSettings {
    if (ringSize < SMALLEST_RING || Integer.bitCount(ringSize) != 1) {
      throw new IllegalArgumentException(
          "pipeline ring size is " + ringSize + ": it must be a power of two, " + SMALLEST_RING + " or more");
    }
    requirePositive("batch records", batchRecords);
    requirePositive("batch bytes", batchBytes);
    requirePositive("tick maximum expiries", tickMaximumExpiries);
    requirePositive("drain timeout in ms", drainTimeoutMs);
    if (tickPeriodMs < 0) {
      throw new IllegalArgumentException("tick period is " + tickPeriodMs + " ms: it must be 0 (off) or more");
    }
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("pipeline " + name + " is " + value + ": it must be 1 or more");
    }
  }

  /** Fused, parking, 4,096 slots, 512 records or 256 KiB a sync, a tick a second. */
  public static PipelineSettings defaults() {
    return new PipelineSettings(Wiring.FUSED, Waiting.PARKING, 4096, 512, 256 * 1024, 1000, 1000, 30_000);
  }

  /** The same with another wiring. */
  public PipelineSettings withWiring(Wiring other) {
    return new PipelineSettings(
        other, waiting, ringSize, batchRecords, batchBytes, tickPeriodMs, tickMaximumExpiries, drainTimeoutMs);
  }

  /** The same with another way of waiting. */
  public PipelineSettings withWaiting(Waiting other) {
    return new PipelineSettings(
        wiring, other, ringSize, batchRecords, batchBytes, tickPeriodMs, tickMaximumExpiries, drainTimeoutMs);
  }

  /** The same with another number of slots. */
  public PipelineSettings withRingSize(int other) {
    return new PipelineSettings(
        wiring, waiting, other, batchRecords, batchBytes, tickPeriodMs, tickMaximumExpiries, drainTimeoutMs);
  }

  /** The same with other bounds of a batch. */
  public PipelineSettings withBatch(int records, int bytes) {
    return new PipelineSettings(
        wiring, waiting, ringSize, records, bytes, tickPeriodMs, tickMaximumExpiries, drainTimeoutMs);
  }

  /** The same with another tick; a period of 0 turns it off. */
  public PipelineSettings withTick(long periodMs, int maximumExpiries) {
    return new PipelineSettings(
        wiring, waiting, ringSize, batchRecords, batchBytes, periodMs, maximumExpiries, drainTimeoutMs);
  }

  /** The same with another patience at the end. */
  public PipelineSettings withDrainTimeoutMs(long other) {
    return new PipelineSettings(
        wiring, waiting, ringSize, batchRecords, batchBytes, tickPeriodMs, tickMaximumExpiries, other);
  }
}
