package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import se.valfardskort.authorizer.pipeline.DiskFile;

/** Loops around positional reads and writes, which may do less than they were asked. */
final class DiskIo {
  private DiskIo() {}

  /** Writes all that remains in {@code from}. */
  static void writeFully(DiskFile file, ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      int written = file.write(from, at);
      if (written <= 0) {
        throw new IOException("the disk took " + written + " of " + from.remaining() + " bytes at offset " + at);
      }
      at += written;
    }
  }

  /** Reads until {@code into} is full or the file ends; returns the number of bytes. */
  static int readFully(DiskFile file, ByteBuffer into, long position) throws IOException {
    int total = 0;
    while (into.hasRemaining()) {
      int read = file.read(into, position + total);
      if (read < 0) {
        return total;
      }
      total += read;
    }
    return total;
  }
}
