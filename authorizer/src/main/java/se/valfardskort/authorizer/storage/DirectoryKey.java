package se.valfardskort.authorizer.storage;

import net.openhft.chronicle.algo.hashing.LongHashFunction;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.bytes.RandomDataOutput;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.serialization.DataAccess;
import net.openhft.chronicle.hash.serialization.SizedReader;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The key that a {@link ChronicleDirectory} is being asked for, as Chronicle Map wants to see it.
 *
 * <p>Owned by the thread that owns the directory; one for each directory, set before each query. It is key, access and
 * bytes in one, because Chronicle then has nothing to copy, marshal or allocate: it hashes, compares and writes the
 * words that lie here.
 */
final class DirectoryKey implements DataAccess<DirectoryKey>, SizedReader<DirectoryKey>, Data<DirectoryKey> {
  private final int length;
  private final BytesStore<?, ?> store;
  private final UnsafeBuffer words;

  DirectoryKey(int length) {
    this.length = length;
    this.store = BytesStore.nativeStoreWithFixedCapacity(length);
    this.words = new UnsafeBuffer(store.addressForRead(0), length);
  }

  void set(DirectBuffer source, int offset) {
    for (int index = 0; index < length; index += Long.BYTES) {
      words.putLong(index, source.getLong(offset + index));
    }
  }

  void close() {
    store.releaseLast();
  }

  /**
   * Multiply and fold, word by word, then stir once more: request keys differ in a few digits, and Chronicle takes the
   * segment from the lowest bits and the slot from the next.
   */
  @Override
  public long hash(LongHashFunction unused) {
    long hash = 0;
    for (int index = 0; index < length; index += Long.BYTES) {
      hash = (hash ^ words.getLong(index)) * 0x9E37_79B9_7F4A_7C15L;
      hash ^= hash >>> 29;
    }
    hash *= 0xBF58_476D_1CE4_E5B9L;
    return hash ^ (hash >>> 32);
  }

  @Override
  public boolean equivalent(RandomDataInput source, long offset) {
    for (int index = 0; index < length; index += Long.BYTES) {
      if (source.readLong(offset + index) != words.getLong(index)) {
        return false;
      }
    }
    return true;
  }

  @Override
  @SuppressWarnings("rawtypes") // as the interface declares it
  public void writeTo(RandomDataOutput target, long offset) {
    for (int index = 0; index < length; index += Long.BYTES) {
      target.writeLong(offset + index, words.getLong(index));
    }
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
    return length;
  }

  @Override
  public DirectoryKey get() {
    return this;
  }

  @Override
  public DirectoryKey getUsing(@Nullable DirectoryKey using) {
    return this;
  }

  @Override
  public Data<DirectoryKey> getData(DirectoryKey key) {
    return key;
  }

  @Override
  public void uninit() {
    // Nothing is borrowed from the key, so nothing is to be let go.
  }

  @Override
  public DataAccess<DirectoryKey> copy() {
    return this;
  }

  /** Never asked for: a directory is not iterated, and its keys are not read back. */
  @Override
  public DirectoryKey read(Bytes<?> in, long size, @Nullable DirectoryKey using) {
    throw new UnsupportedOperationException("the keys of a directory cannot be read back");
  }
}
