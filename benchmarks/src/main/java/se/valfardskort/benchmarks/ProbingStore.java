package se.valfardskort.benchmarks;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.Directory;
import se.valfardskort.authorizer.engine.EngineStore;
import se.valfardskort.authorizer.engine.Rows;
import se.valfardskort.authorizer.storage.ChronicleStore;

/**
 * The bare limit beside Chronicle Map: off-heap directories with open addressing and nothing else; no locks, no
 * segments, no checks that one owner does not need. Rows are those of {@link ChronicleStore}, so that the directories
 * are the only difference.
 *
 * <p>Owned by one thread. It exists to be measured; production keeps its directories on Chronicle Map.
 */
public final class ProbingStore implements EngineStore {
  private final ChronicleStore rows = new ChronicleStore();

  @Override
  public Directory directory(String name, int keyLength, int capacity) {
    return new ProbingDirectory(rows, name, keyLength, capacity);
  }

  @Override
  public Rows rows(String name, int rowLength, int capacity) {
    return rows.rows(name, rowLength, capacity);
  }

  @Override
  public void close() {
    rows.close();
  }

  /**
   * Linear probing at a load of at most two thirds; a removal moves the entries behind it back.
   *
   * <pre>
   *   slot   0        8 - 8           8 ...
   *          id + 1   unused          key: 2, 3 or 4 words
   * </pre>
   */
  private static final class ProbingDirectory implements Directory {
    private static final int KEY = Long.BYTES;

    private final String name;
    private final int keyLength;
    private final int capacity;
    private final int mask;
    private final Rows slots;
    private final UnsafeBuffer slot = new UnsafeBuffer();
    private final UnsafeBuffer other = new UnsafeBuffer();
    private int size;

    ProbingDirectory(EngineStore memory, String name, int keyLength, int capacity) {
      this.name = name;
      this.keyLength = keyLength;
      this.capacity = capacity;
      int count = Math.max(8, Integer.highestOneBit(capacity + capacity / 2) << 1);
      this.mask = count - 1;
      this.slots = memory.rows(name, KEY + keyLength, count);
    }

    @Override
    public int get(DirectBuffer key, int offset) {
      find(key, offset);
      return slot.getInt(0) - 1;
    }

    @Override
    public void put(DirectBuffer key, int offset, int id) {
      find(key, offset);
      if (slot.getInt(0) == 0) {
        if (size == capacity) {
          throw new IllegalStateException("directory " + name + " is full with " + capacity + " entries");
        }
        size++;
        for (int index = 0; index < keyLength; index += Long.BYTES) {
          slot.putLong(KEY + index, key.getLong(offset + index));
        }
      }
      slot.putInt(0, id + 1);
    }

    @Override
    public int remove(DirectBuffer key, int offset) {
      int hole = find(key, offset);
      int id = slot.getInt(0) - 1;
      if (id == MISSING) {
        return MISSING;
      }
      int next = hole;
      while (true) {
        next = (next + 1) & mask;
        slots.wrap(other, next);
        if (other.getInt(0) == 0) {
          break;
        }
        int home = hash(other, KEY) & mask;
        if (((next - home) & mask) >= ((next - hole) & mask)) {
          slot.putBytes(0, other, 0, KEY + keyLength);
          slots.wrap(slot, next);
          hole = next;
        }
      }
      slot.putInt(0, 0);
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

    /** Leaves {@link #slot} at the key's slot, or at the free slot where it would go. */
    private int find(DirectBuffer key, int offset) {
      int index = hash(key, offset) & mask;
      slots.wrap(slot, index);
      while (slot.getInt(0) != 0 && !holds(key, offset)) {
        index = (index + 1) & mask;
        slots.wrap(slot, index);
      }
      return index;
    }

    private boolean holds(DirectBuffer key, int offset) {
      for (int index = 0; index < keyLength; index += Long.BYTES) {
        if (slot.getLong(KEY + index) != key.getLong(offset + index)) {
          return false;
        }
      }
      return true;
    }

    private int hash(DirectBuffer key, int offset) {
      long hash = 0;
      for (int index = 0; index < keyLength; index += Long.BYTES) {
        hash = (hash ^ key.getLong(offset + index)) * 0x9E37_79B9_7F4A_7C15L;
        hash ^= hash >>> 29;
      }
      return (int) (hash >>> 32);
    }
  }
}
