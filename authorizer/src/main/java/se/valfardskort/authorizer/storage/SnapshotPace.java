package se.valfardskort.authorizer.storage;

import java.io.IOException;
import se.valfardskort.authorizer.pipeline.DiskFile;

/** Decides how fast a snapshot may be written, and hears how far it has come. Owned by the writing thread. */
@FunctionalInterface
public interface SnapshotPace {
  /** As fast as the disk takes it. */
  SnapshotPace UNBOUND = (file, bytes) -> { };

  /** Most bytes that are written at once. */
  default int pieceBytes() {
    return Integer.MAX_VALUE;
  }

  /** Most bytes of an old snapshot that are given back to the disk at once. */
  default int removedAtOnce() {
    return Integer.MAX_VALUE;
  }

  /**
   * Called after each piece that was written or given back; may wait, and may force the file.
   *
   * @param bytes that the file has by now
   * @throws IOException to give up
   */
  void written(DiskFile file, long bytes) throws IOException;
}
