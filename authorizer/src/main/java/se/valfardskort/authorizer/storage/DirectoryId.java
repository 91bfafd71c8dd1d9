package se.valfardskort.authorizer.storage;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.bytes.RandomDataOutput;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.serialization.DataAccess;
import net.openhft.chronicle.hash.serialization.SizedReader;
import org.jspecify.annotations.Nullable;

/**
 * The id that a {@link ChronicleDirectory} is being given, as Chronicle Map wants to see it: an int that is written
 * into the map's memory without a marshaller. Ids are read straight from that memory, never through this class.
 *
 * <p>Owned by the thread that owns the directory; one for each directory.
 */
final class DirectoryId implements DataAccess<DirectoryId>, SizedReader<DirectoryId>, Data<DirectoryId> {
  private final BytesStore<?, ?> store = BytesStore.nativeStoreWithFixedCapacity(Integer.BYTES);

  void set(int id) {
    store.writeInt(0, id);
  }

  void close() {
    store.releaseLast();
  }

  @Override
  @SuppressWarnings("rawtypes") // as the interface declares it
  public void writeTo(RandomDataOutput target, long offset) {
    target.writeInt(offset, store.readInt(0));
  }

  @Override
  public RandomDataInput bytes() {
    return store;
  }

  @Override
  public long offset() {
    return 0;
  }

  @Override
  public long size() {
    return Integer.BYTES;
  }

  @Override
  public DirectoryId get() {
    return this;
  }

  @Override
  public DirectoryId getUsing(@Nullable DirectoryId using) {
    return this;
  }

  @Override
  public Data<DirectoryId> getData(DirectoryId id) {
    return id;
  }

  @Override
  public void uninit() {
    // Nothing is borrowed from the id, so nothing is to be let go.
  }

  @Override
  public DataAccess<DirectoryId> copy() {
    return this;
  }

  /** Never asked for: ids are read as ints where they lie. */
  @Override
  public DirectoryId read(Bytes<?> in, long size, @Nullable DirectoryId using) {
    throw new UnsupportedOperationException("the ids of a directory are read in place");
  }
}
