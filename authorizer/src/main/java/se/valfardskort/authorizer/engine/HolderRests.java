package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What few holders have, beside the rows of cards and accounts and by the same ids, so that a purchase of all others
 * reads and writes nothing of it. Owned by the core thread.
 *
 * <pre>
 *   0  second part of the {@link CardTable card} of that number
 *   8  {@link SavingsPurse} of the account of that number
 *  56  {@link LimitCounters} of that account; they grow with the counted categories, so they are the last
 * </pre>
 *
 * <p>Nothing says which rows are in use: a row that was never written is all zeros, which means that there is nothing.
 * Writing one raises {@link #used}, behind which there are zeros alone.
 */
final class HolderRests {
  static final int CARD = 0;
  static final int SAVINGS = CARD + CardTable.SECOND_LENGTH;
  static final int LIMITS = SAVINGS + SavingsPurse.LENGTH;

  private final Rows rows;

  /** Bytes of a row. */
  private final int length;

  private int used;

  HolderRests(EngineStore store, EngineCapacity capacity) {
    length = LIMITS + LimitCounters.length(capacity.cappedCategories());
    rows = store.rows("holder-rests", length, Math.max(capacity.cards(), capacity.accounts()));
  }

  /** One row at a time, for one table. Selecting alone touches no memory. */
  final class Cursor {
    private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
    private int selected;
    private int wrapped = -1;

    void select(int id) {
      selected = id;
    }

    /** For reading. */
    DirectBuffer row() {
      return wrap();
    }

    /** For writing. */
    UnsafeBuffer touched() {
      used = Math.max(used, selected + 1);
      return wrap();
    }

    private UnsafeBuffer wrap() {
      if (wrapped != selected) {
        rows.wrap(row, selected);
        wrapped = selected;
      }
      return row;
    }
  }

  Cursor cursor() {
    return new Cursor();
  }

  Rows rows() {
    return rows;
  }

  /** Rows that may be something else than zeros. */
  int used() {
    return used;
  }

  /** Whether the account or card of that number can have anything here. */
  boolean mayHave(int id) {
    return id < used;
  }

  /** Takes over rows that have been filled. */
  void restore(int usedRows) {
    used = usedRows;
  }

  /** Of a state that never had any: the seed. */
  long hash(long seed) {
    if (used == 0) {
      return seed;
    }
    UnsafeBuffer row = new UnsafeBuffer(0, 0);
    long hash = Hash.mix(seed, used);
    for (int id = 0; id < used; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, length);
    }
    return hash;
  }
}
