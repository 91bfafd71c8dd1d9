package se.valfardskort.authorizer.engine;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;

/**
 * What was appended to decisions after the rows of originals and answers had been laid out: SAVINGS and earmarks, of
 * which few accounts have anything. Owned by the core thread. Only a decision that tells any of it has a row here; the
 * row that keeps the decision has the link to it: id + 1, 0: nothing is told.
 *
 * <p>All that is appended are 64-bit numbers; they lie here so that 0, as in what older releases wrote, reads as the
 * null value: not told.
 *
 * <pre>
 *   0  the decision's block from {@link #FIRST} on; of a free row the next free one's id + 1, i32
 * </pre>
 */
final class DecisionRests {
  /** Bytes of a decision's block that are not kept here. */
  static final int FIRST = 85;

  private static final int LENGTH = DecisionEncoder.BLOCK_LENGTH - FIRST;
  private static final int NEXT = 0;
  private static final long NULL = DecisionEncoder.savingsAvailableMinorNullValue();

  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

  /** Rows never used start here. */
  private int firstFresh;

  /** Freed rows, last freed first; id + 1. */
  private int firstFree;

  /** Room for one of every original and every answer. */
  DecisionRests(EngineStore store, EngineCapacity capacity) {
    rows = store.rows("rests", LENGTH, Math.addExact(capacity.originals(), capacity.requests()));
  }

  /**
   * Keeps the rest of a decision in the place of another's.
   *
   * @param link of the one that was kept; 0: none was
   * @param block where the decision's block begins
   * @return the link of this one
   */
  int put(int link, DirectBuffer decision, int block) {
    long told = 0;
    for (int at = FIRST; at < DecisionEncoder.BLOCK_LENGTH; at += Long.BYTES) {
      told |= decision.getLong(block + at, ByteOrder.LITTLE_ENDIAN) ^ NULL;
    }
    if (told == 0) {
      free(link);
      return 0;
    }
    int kept = link == 0 ? take() : link;
    rows.wrap(row, kept - 1);
    for (int at = 0; at < LENGTH; at += Long.BYTES) {
      row.putLong(at, decision.getLong(block + FIRST + at, ByteOrder.LITTLE_ENDIAN) ^ NULL);
    }
    return kept;
  }

  /** The reverse of {@link #put}. */
  void get(int link, MutableDirectBuffer decision, int block) {
    if (link != 0) {
      rows.wrap(row, link - 1);
    }
    for (int at = 0; at < LENGTH; at += Long.BYTES) {
      long kept = link == 0 ? 0 : row.getLong(at);
      decision.putLong(block + FIRST + at, kept ^ NULL, ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** Takes over what an older release kept in {@code length} bytes of the row itself; returns its link. */
  int take(DirectBuffer written, int offset, int length) {
    long told = 0;
    for (int at = 0; at < Math.min(length, LENGTH); at += Long.BYTES) {
      told |= written.getLong(offset + at);
    }
    if (told == 0) {
      return 0;
    }
    int kept = take();
    rows.wrap(row, kept - 1);
    row.putBytes(0, written, offset, Math.min(length, LENGTH));
    return kept;
  }

  private int take() {
    if (firstFree == 0) {
      firstFresh++;
      return firstFresh;
    }
    int link = firstFree;
    rows.wrap(row, link - 1);
    firstFree = row.getInt(NEXT);
    row.putInt(NEXT, 0);
    return link;
  }

  /** Forgets one; {@code link} may be 0. */
  void free(int link) {
    if (link != 0) {
      rows.wrap(row, link - 1);
      row.setMemory(0, LENGTH, (byte) 0);
      row.putInt(NEXT, firstFree);
      firstFree = link;
    }
  }

  Rows rows() {
    return rows;
  }

  /** Rows that were ever used, freed ones included. */
  int everUsed() {
    return firstFresh;
  }

  /** The first freed row + 1; 0: none is free. */
  int firstFree() {
    return firstFree;
  }

  /** Takes over rows that have been filled. */
  void restore(int everUsed, int firstFreeRow) {
    firstFresh = everUsed;
    firstFree = firstFreeRow;
  }

  /** Every row is free, or belongs to one decision; {@code owners}: how many were found for each. Changes those. */
  void check(int[] owners) {
    for (int next = firstFree; next != 0; next = row.getInt(NEXT)) {
      rows.wrap(row, next - 1);
      owners[next - 1]++;
    }
    for (int id = 0; id < owners.length; id++) {
      if (owners[id] != 1) {
        throw new IllegalStateException(
            "the rest " + id + " of a decision has " + owners[id] + " owners, the list of free ones included");
      }
    }
  }

  /** Of a state that never had any: the seed. */
  long hash(long seed) {
    if (firstFresh == 0) {
      return seed;
    }
    long hash = Hash.mix(Hash.mix(seed, firstFresh), firstFree);
    for (int id = 0; id < firstFresh; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, LENGTH);
    }
    return hash;
  }
}
