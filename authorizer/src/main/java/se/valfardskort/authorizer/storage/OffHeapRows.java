package se.valfardskort.authorizer.storage;

import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.Rows;

/**
 * Rows side by side in one piece of {@link NativeMemory}, of any size: a row's address is the base plus id times
 * length.
 *
 * <p>Owned by the core thread. A row of 64 bytes lies in one cache line, because the base is aligned to one.
 */
final class OffHeapRows implements Rows, AutoCloseable {
  private final String name;
  private final int rowLength;
  private final int capacity;
  private final NativeMemory memory;
  private final long base;
  /** {@link #capacity} while open, then 0: a late {@link #wrap} throws instead of reading freed memory. */
  private int limit;

  OffHeapRows(String name, int rowLength, int capacity) {
    this.name = name;
    this.rowLength = rowLength;
    this.capacity = capacity;
    this.memory = NativeMemory.zeroed("table " + name, (long) rowLength * capacity);
    this.base = memory.address();
    this.limit = capacity;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public int rowLength() {
    return rowLength;
  }

  @Override
  public void wrap(UnsafeBuffer row, int id) {
    if (id < 0 || id >= limit) {
      throw new IndexOutOfBoundsException(
          "table " + name + ": row " + id + " of " + capacity + (limit == 0 ? ", after the store was closed" : ""));
    }
    row.wrap(base + (long) id * rowLength, rowLength);
  }

  @Override
  public void close() {
    if (limit != 0) {
      limit = 0;
      memory.free();
    }
  }
}
