package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/** One segment of real zeros in the making, chunk by chunk. Owned by the thread that makes it. */
final class SpareFile {
  static final String NAME = "spare" + JournalFolder.TEMPORARY;

  private final Disk disk;
  private final DiskFile file;
  private final long length;
  private final ByteBuffer zeros;
  private long written;

  private SpareFile(Disk disk, DiskFile file, JournalSettings settings) {
    this.disk = disk;
    this.file = file;
    this.length = settings.segmentBytes();
    this.zeros = ByteBuffer.allocateDirect(settings.zeroChunkBytes());
  }

  /** Begins one, in the place of any that was left lying. */
  static SpareFile begin(Disk disk, JournalSettings settings) throws IOException {
    disk.delete(NAME);
    return new SpareFile(disk, disk.create(NAME), settings);
  }

  /**
   * Writes the next chunk.
   *
   * @param force whether to force it at once, so that few pages are dirty at any time; the last chunk always is
   */
  void writeChunk(boolean force) throws IOException {
    zeros.clear().limit((int) Math.min(zeros.capacity(), length - written));
    int chunk = zeros.remaining();
    DiskIo.writeFully(file, zeros, written);
    if (force || written + chunk == length) {
      file.force();
    }
    written += chunk;
  }

  /** Whether all of it is zeros on stable storage. */
  boolean isWhole() {
    return written == length;
  }

  /** The file; the taker's from now on. */
  DiskFile file() {
    return file;
  }

  /** Lets go of it and removes it. */
  void abandon() throws IOException {
    file.close();
    disk.delete(NAME);
  }

  /** Makes the whole spare {@code file} the segment {@code name}, durably, its header first. */
  static void name(Disk disk, DiskFile file, ByteBuffer header, String name) throws IOException {
    DiskIo.writeFully(file, header, 0);
    file.force();
    disk.rename(NAME, name);
  }
}
