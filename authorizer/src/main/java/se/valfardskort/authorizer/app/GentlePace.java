package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.storage.SnapshotPace;

/**
 * A snapshot in small pieces, each on the disk before the next is written, with a rest after it that is a multiple of
 * what it took: the journal's own syncs must never wait behind more than one of ours, and the slower the disk is, the
 * less of it is ours. Owned by the writing thread.
 */
public final class GentlePace implements SnapshotPace {
  /** A sync of the journal that comes at the wrong moment waits for so much. */
  private static final int PIECE_BYTES = 256 << 10;

  /** Seen where the file system discards: 390 MiB at once hold up a sync by 36 to 66 ms, pieces of 8 MiB by none. */
  private static final int REMOVED_BYTES = 8 << 20;

  private static final int RESTS = 3;
  /** A disk that takes seconds for a piece is in trouble of another kind: a follower must not seem to hang on it. */
  private static final long LONGEST_REST_NS = 10_000_000_000L;

  private final Clock clock;

  /** Takes the clock that rests are measured by. */
  public GentlePace(Clock clock) {
    this.clock = clock;
  }

  @Override
  public int pieceBytes() {
    return PIECE_BYTES;
  }

  @Override
  public int removedAtOnce() {
    return REMOVED_BYTES;
  }

  @Override
  public void written(DiskFile file, long bytes) throws IOException {
    long startNs = clock.nanoTime();
    file.force();
    LockSupport.parkNanos(this, Math.min(LONGEST_REST_NS, RESTS * (clock.nanoTime() - startNs)));
  }
}
