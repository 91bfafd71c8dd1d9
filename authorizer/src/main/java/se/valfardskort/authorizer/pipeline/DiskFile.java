package se.valfardskort.authorizer.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}. One thread at a time. */
public interface DiskFile extends AutoCloseable {
  /** Length in bytes. */
  long size() throws IOException;

  /** Reads some bytes at {@code position}; returns how many, or -1 at the end of the file. */
  int read(ByteBuffer into, long position) throws IOException;

  /** Writes some bytes at {@code position}; returns how many, which may be fewer than remain. */
  int write(ByteBuffer from, long position) throws IOException;

  /** Returns when the contents are on stable storage. */
  void force() throws IOException;

  /** Shortens the file to {@code size} bytes. */
  void truncate(long size) throws IOException;

  @Override
  void close() throws IOException;
}
