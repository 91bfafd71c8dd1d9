package se.valfardskort.authorizer.storage;

/**
 * How the journal is kept. Immutable.
 *
 * @param durability what an answer waits for
 * @param segmentBytes preallocated length of a segment file
 * @param bufferBytes batch buffer; a batch that exceeds it is written in parts before its one sync
 * @param zeroChunkBytes the background task writes zeros in pieces of this size, so that it never crowds out a sync
 * @param spareTimeoutMs how long the journal waits for a segment that is not ready
 */
public record JournalSettings(
    Durability durability, long segmentBytes, int bufferBytes, int zeroChunkBytes, long spareTimeoutMs) {

  /** What must have happened before an answer leaves. */
  public enum Durability {
    /** The records are on stable storage (fdatasync). */
    FSYNC,
    /** The records are in the operating system's page cache: a power failure loses answered purchases. */
    OS
  }

  /** Also what the sizes that can be configured are multiples of. */
  static final long SMALLEST_SEGMENT = 4096;
  private static final int SMALLEST_CHUNK = 1024;

  /** Checks the figures. */
  public JournalSettings {
    if (segmentBytes < SMALLEST_SEGMENT || segmentBytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "journal segment size is " + segmentBytes + " bytes: it must lie between " + SMALLEST_SEGMENT + " and "
              + Integer.MAX_VALUE);
    }
    if (bufferBytes < SMALLEST_CHUNK || zeroChunkBytes < SMALLEST_CHUNK) {
      throw new IllegalArgumentException(
          "journal buffer is " + bufferBytes + " and zero chunk " + zeroChunkBytes + " bytes: both must be "
              + SMALLEST_CHUNK + " or more");
    }
    if (spareTimeoutMs < 1) {
      throw new IllegalArgumentException("journal spare timeout is " + spareTimeoutMs + " ms: it must be 1 or more");
    }
  }

  /** Fsync, 64 MiB segments. */
  public static JournalSettings defaults() {
    return new JournalSettings(Durability.FSYNC, 64L << 20, 512 * 1024, 256 * 1024, 30_000);
  }

  /** The same with another durability. */
  public JournalSettings withDurability(Durability other) {
    return new JournalSettings(other, segmentBytes, bufferBytes, zeroChunkBytes, spareTimeoutMs);
  }

  /** The same with another segment size. */
  public JournalSettings withSegmentBytes(long other) {
    return new JournalSettings(durability, other, bufferBytes, zeroChunkBytes, spareTimeoutMs);
  }

  /** The same with another patience for a spare segment. */
  public JournalSettings withSpareTimeoutMs(long other) {
    return new JournalSettings(durability, segmentBytes, bufferBytes, zeroChunkBytes, other);
  }
}
