package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;

/**
 * Maps a key of fixed length to a dense id.
 *
 * <p>Owned by the core thread. Implementations differ in where the entries live (off heap, or plain arrays in tests),
 * never in what they answer. No operation allocates. Iteration does not exist, so that nothing can depend on an order.
 */
public interface Directory {
  /** Answer of {@link #get} for a key that is not there. Ids are never negative. */
  int MISSING = -1;

  /** Returns the id of the key at {@code offset}, or {@link #MISSING}. */
  int get(DirectBuffer key, int offset);

  /**
   * Puts or replaces.
   *
   * @throws IllegalStateException when the directory is full: the owner must have refused before it came to this
   */
  void put(DirectBuffer key, int offset, int id);

  /** Removes the key; returns the id that it had, or {@link #MISSING}. */
  int remove(DirectBuffer key, int offset);

  /** Puts for one thread, beside those of other threads that fill the same directory. */
  interface Filler extends AutoCloseable {
    /** As {@link Directory#put}; counted when this is closed. */
    void put(DirectBuffer key, int offset, int id);

    @Override
    void close();
  }

  /** Makes one. While there are any, the directory is not used otherwise. Here they wait for one another. */
  default Filler filler() {
    return new Filler() {
      @Override
      public void put(DirectBuffer key, int offset, int id) {
        synchronized (Directory.this) {
          Directory.this.put(key, offset, id);
        }
      }

      @Override
      public void close() {
        // All is counted that was put.
      }
    };
  }

  /** Number of entries. */
  int size();

  /** Number of entries that there is room for. */
  int capacity();
}
