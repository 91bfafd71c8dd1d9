package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import se.valfardskort.authorizer.pipeline.DiskFile;

/** Loops around positional reads and writes, which may do less than they were asked. */
final class DiskIo {
  private static final int REWRITE_BYTES = 64 * 1024;

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

  /** Reads the bytes from {@code from} to {@code to} and writes the same, so that the next sync covers them. */
  static void writeAgain(DiskFile file, long from, long to) throws IOException {
    ByteBuffer part = ByteBuffer.allocateDirect((int) Math.min(REWRITE_BYTES, to - from));
    for (long at = from; at < to; at += part.limit()) {
      part.clear().limit((int) Math.min(part.capacity(), to - at));
      readFully(file, part, at);
      writeFully(file, part.flip(), at);
    }
  }
}
