package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Rows of one fixed length, addressed by a dense id: the memory under the engine's tables.
 *
 * <p>Owned by the core thread. All bytes are zero at first. A row starts at a multiple of 8 when its length is one.
 */
public interface Rows {
  /** Number of rows. */
  int capacity();

  /** Bytes in a row. */
  int rowLength();

  /**
   * Points {@code row} at the bytes of row {@code id}; valid as long as the store is open.
   *
   * @throws IndexOutOfBoundsException when {@code id} is not in {@code [0, capacity)}
   */
  void wrap(UnsafeBuffer row, int id);

  /** Whether the {@code length} bytes of a row are zeros, as they are at first; false where it is no multiple of 8. */
  static boolean isNothing(DirectBuffer row, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at + Long.BYTES <= end && row.getLong(at) == 0) {
      at += Long.BYTES;
    }
    return at == end;
  }
}
