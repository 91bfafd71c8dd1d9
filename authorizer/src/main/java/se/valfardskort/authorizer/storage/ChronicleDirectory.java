package se.valfardskort.authorizer.storage;

import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapEntry;
import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.Directory;

/**
 * A directory in one in-memory Chronicle Map.
 *
 * <p>Every operation is one lookup in a query context, which Chronicle keeps for each thread; keys and ids go in and
 * out as longs and ints of the map's own memory ({@link DirectoryKey}, {@link DirectoryId}), so that nothing is
 * allocated and no marshaller runs.
 */
final class ChronicleDirectory implements Directory, AutoCloseable {
  /**
   * Chronicle's {@code entries} is what it expects, not a bound: keys spread over segments unevenly and a segment may
   * fill before the map has. Up to this many times the memory may be taken on to make the stated capacity fit; the
   * extra is reserved only when a segment overflows. The bound that callers see is {@link #capacity}, counted here.
   */
  private static final double ROOM_FOR_UNEVEN_SEGMENTS = 2.0;

  private final String name;
  private final int keyLength;
  private final int capacity;
  private final DirectoryKey key;
  /** The same object; typed so, because Chronicle takes a key's bytes only by that name. */
  private final Data<DirectoryKey> keyData;
  private final DirectoryId id;
  private final ChronicleMap<DirectoryKey, DirectoryId> map;
  private int size;

  ChronicleDirectory(String name, int keyLength, int capacity) {
    this.name = name;
    this.keyLength = keyLength;
    this.capacity = capacity;
    this.key = new DirectoryKey(keyLength);
    this.keyData = key;
    this.id = new DirectoryId();
    this.map =
        ChronicleMap.of(DirectoryKey.class, DirectoryId.class)
            .name(name)
            .entries(capacity)
            .maxBloatFactor(ROOM_FOR_UNEVEN_SEGMENTS)
            .keyReaderAndDataAccess(key, key)
            .constantKeySizeBySample(key)
            .valueReaderAndDataAccess(id, id)
            .constantValueSizeBySample(id)
            .checksumEntries(false)
            .skipCloseOnExitHook(true)
            .create();
    // The map's own memory is what a lookup waits for; only the implementation tells where it lies.
    if (map instanceof VanillaChronicleHash<?, ?, ?, ?> memory) {
      NativeMemory.preferHugePages(memory.bsAddress(), memory.sizeInBytesWithoutTiers());
    }
  }

  @Override
  public int get(DirectBuffer keyBuffer, int offset) {
    key.set(keyBuffer, offset);
    try (ExternalMapQueryContext<DirectoryKey, DirectoryId, ?> query = map.queryContext(keyData)) {
      MapEntry<DirectoryKey, DirectoryId> entry = query.entry();
      return entry == null ? MISSING : idOf(entry);
    }
  }

  @Override
  public void put(DirectBuffer keyBuffer, int offset, int newId) {
    if (newId < 0) {
      throw new IllegalArgumentException("directory " + name + ": negative id " + newId);
    }
    key.set(keyBuffer, offset);
    id.set(newId);
    if (insert(keyData, id, size < capacity)) {
      size++;
    }
  }

  /** Returns whether it was not there before. */
  private boolean insert(Data<DirectoryKey> newKey, DirectoryId newId, boolean hasRoom) {
    try (ExternalMapQueryContext<DirectoryKey, DirectoryId, ?> query = map.queryContext(newKey)) {
      query.updateLock().lock();
      MapEntry<DirectoryKey, DirectoryId> entry = query.entry();
      if (entry != null) {
        entry.doReplaceValue(newId);
        return false;
      }
      if (!hasRoom) {
        throw new IllegalStateException("directory " + name + " is full with " + capacity + " entries");
      }
      query.absentEntry().doInsert(newId);
      return true;
    }
  }

  @Override
  public int remove(DirectBuffer keyBuffer, int offset) {
    key.set(keyBuffer, offset);
    try (ExternalMapQueryContext<DirectoryKey, DirectoryId, ?> query = map.queryContext(keyData)) {
      query.updateLock().lock();
      MapEntry<DirectoryKey, DirectoryId> entry = query.entry();
      if (entry == null) {
        return MISSING;
      }
      int removed = idOf(entry);
      entry.doRemove();
      size--;
      return removed;
    }
  }

  /** Chronicle Map takes what several threads put at once; each needs a key and an id of its own. */
  @Override
  public Filler filler() {
    synchronized (this) {
      return new OwnFiller(capacity - size);
    }
  }

  /** Owned by the thread that fills; what it added is counted when it is closed. */
  private final class OwnFiller implements Filler {
    private final DirectoryKey ownKey = new DirectoryKey(keyLength);
    private final Data<DirectoryKey> ownKeyData = ownKey;
    private final DirectoryId ownId = new DirectoryId();
    private final int room;
    private int added;

    OwnFiller(int room) {
      this.room = room;
    }

    @Override
    public void put(DirectBuffer keyBuffer, int offset, int newId) {
      ownKey.set(keyBuffer, offset);
      ownId.set(newId);
      if (insert(ownKeyData, ownId, added < room)) {
        added++;
      }
    }

    @Override
    public void close() {
      ownKey.close();
      ownId.close();
      synchronized (ChronicleDirectory.this) {
        size += added;
      }
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public void close() {
    map.close();
    key.close();
    id.close();
  }

  private static int idOf(MapEntry<DirectoryKey, DirectoryId> entry) {
    Data<DirectoryId> value = entry.value();
    return value.bytes().readInt(value.offset());
  }
}
