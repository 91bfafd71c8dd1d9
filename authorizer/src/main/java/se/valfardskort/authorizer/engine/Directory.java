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

  /** Number of entries. */
  int size();

  /** Number of entries that there is room for. */
  int capacity();
}
