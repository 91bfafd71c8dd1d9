package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An engine's state on plain Java arrays: for tests and small tools.
 *
 * <p>Owned by one thread. All memory is on the heap and taken when a table is asked for.
 */
public final class ArrayStore implements EngineStore {
  @Override
  public Directory directory(String name, int keyLength, int capacity) {
    if (keyLength != 16 && keyLength != 24 && keyLength != 32) {
      throw new IllegalArgumentException(
          "directory " + name + ": keys of " + keyLength + " bytes; make it 16, 24 or 32");
    }
    if (capacity < 1 || capacity > 1 << 28) {
      throw new IllegalArgumentException(
          "directory " + name + ": capacity " + capacity + "; make it 1 to " + (1 << 28));
    }
    return new ArrayDirectory(name, keyLength / Long.BYTES, capacity);
  }

  @Override
  public Rows rows(String name, int rowLength, int capacity) {
    if (rowLength < 1 || capacity < 1) {
      throw new IllegalArgumentException(
          "table " + name + ": " + capacity + " rows of " + rowLength + " bytes; both must be 1 or more");
    }
    return new ArrayRows(name, rowLength, capacity);
  }

  /** The heap needs no freeing. */
  @Override
  public void close() {}

  /**
   * Open addressing with linear probing. A removal moves later entries of its run back, so that no marks of removed
   * entries pile up.
   */
  private static final class ArrayDirectory implements Directory {
    private final String name;
    private final int words;
    private final int capacity;
    private final int mask;
    private final long[] keys;
    /** Id + 1; 0: the slot is free. */
    private final int[] ids;
    private int size;

    ArrayDirectory(String name, int words, int capacity) {
      this.name = name;
      this.words = words;
      this.capacity = capacity;
      int slots = Math.max(8, Integer.highestOneBit(capacity + capacity / 2) << 1);
      this.mask = slots - 1;
      this.keys = new long[Math.multiplyExact(slots, words)];
      this.ids = new int[slots];
    }

    @Override
    public int get(DirectBuffer key, int offset) {
      return ids[find(key, offset)] - 1;
    }

    @Override
    public void put(DirectBuffer key, int offset, int id) {
      if (id < 0) {
        throw new IllegalArgumentException("directory " + name + ": negative id " + id);
      }
      int slot = find(key, offset);
      if (ids[slot] == 0) {
        if (size == capacity) {
          throw new IllegalStateException("directory " + name + " is full with " + capacity + " entries");
        }
        size++;
        for (int word = 0; word < words; word++) {
          keys[slot * words + word] = key.getLong(offset + word * Long.BYTES);
        }
      }
      ids[slot] = id + 1;
    }

    @Override
    public int remove(DirectBuffer key, int offset) {
      int hole = find(key, offset);
      int id = ids[hole] - 1;
      if (id == MISSING) {
        return MISSING;
      }

      int slot = hole;
      while (true) {
        slot = (slot + 1) & mask;
        if (ids[slot] == 0) {
          break;
        }
        int home = home(slot);
        // The entry may move into the hole unless its home lies cyclically after the hole and not after the entry.
        if (((slot - home) & mask) >= ((slot - hole) & mask)) {
          System.arraycopy(keys, slot * words, keys, hole * words, words);
          ids[hole] = ids[slot];
          hole = slot;
        }
      }
      ids[hole] = 0;
      size--;
      return id;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public int capacity() {
      return capacity;
    }

    private int find(DirectBuffer key, int offset) {
      long hash = 0;
      for (int word = 0; word < words; word++) {
        hash = mix(hash, key.getLong(offset + word * Long.BYTES));
      }
      int slot = (int) (hash >>> 32) & mask;
      while (ids[slot] != 0 && !holds(slot, key, offset)) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    private boolean holds(int slot, DirectBuffer key, int offset) {
      for (int word = 0; word < words; word++) {
        if (keys[slot * words + word] != key.getLong(offset + word * Long.BYTES)) {
          return false;
        }
      }
      return true;
    }

    private int home(int slot) {
      long hash = 0;
      for (int word = 0; word < words; word++) {
        hash = mix(hash, keys[slot * words + word]);
      }
      return (int) (hash >>> 32) & mask;
    }

    private static long mix(long hash, long word) {
      long mixed = (hash ^ word) * 0x9E37_79B9_7F4A_7C15L;
      return mixed ^ (mixed >>> 29);
    }
  }

  /** Rows in arrays of at most about 64 MB each, so that a large table needs no single huge array. */
  private static final class ArrayRows implements Rows {
    private static final int CHUNK_BYTES = 64 << 20;

    private final String name;
    private final int rowLength;
    private final int capacity;
    private final int rowsInChunkShift;
    private final byte[][] chunks;

    ArrayRows(String name, int rowLength, int capacity) {
      this.name = name;
      this.rowLength = rowLength;
      this.capacity = capacity;
      int rowsInChunk = Integer.highestOneBit(Math.max(1, CHUNK_BYTES / rowLength));
      this.rowsInChunkShift = Integer.numberOfTrailingZeros(rowsInChunk);
      this.chunks = new byte[(capacity + rowsInChunk - 1) / rowsInChunk][];
      for (int chunk = 0; chunk < chunks.length; chunk++) {
        int rows = Math.min(rowsInChunk, capacity - chunk * rowsInChunk);
        chunks[chunk] = new byte[Math.multiplyExact(rows, rowLength)];
      }
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
      if (id < 0 || id >= capacity) {
        throw new IndexOutOfBoundsException("table " + name + ": row " + id + " of " + capacity);
      }
      int inChunk = id & ((1 << rowsInChunkShift) - 1);
      row.wrap(chunks[id >>> rowsInChunkShift], inChunk * rowLength, rowLength);
    }
  }
}
