package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A programme's run of loads, the one that is open or the last one, and which were closed before it. A row a programme
 * that ever had one, by dense id. Owned by the core thread; accessors speak of the run last selected. Amounts are minor
 * units.
 *
 * <pre>
 *   0  key                            i64
 *   8  period, YYMM                   i32
 *  12  1: it is open                  i32
 *  16  cards in all                   i32
 *  20  cards loaded                   i32
 *  24  CASH in all                    i64
 *  32  HJARTAN in all                 i64
 *  40  CASH loaded                    i64
 *  48  HJARTAN loaded                 i64
 *  56  keys of the runs closed before, the last one first, 0: none   8 x i64
 * </pre>
 */
final class LoadRunTable {
  /** Programmes that have runs: Sweden has 290 municipalities. */
  static final int CAPACITY = 1_024;

  private static final int KEY = 0;
  private static final int PERIOD = 8;
  private static final int OPEN = 12;
  private static final int CARDS = 16;
  private static final int CARDS_LOADED = 20;
  private static final int CASH = 24;
  private static final int HJARTAN = 32;
  private static final int CASH_LOADED = 40;
  private static final int HJARTAN_LOADED = 48;
  private static final int CLOSED = 56;
  private static final int CLOSED_KEPT = 8;
  private static final int ROW_LENGTH = CLOSED + CLOSED_KEPT * Long.BYTES;

  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private int count;

  LoadRunTable(EngineStore store) {
    rows = store.rows("load-runs", ROW_LENGTH, CAPACITY);
  }

  boolean isFull() {
    return count == CAPACITY;
  }

  /** Takes a row for a programme's first run; gives its id. */
  int add() {
    return count++;
  }

  void select(int id) {
    rows.wrap(row, id);
  }

  /** Begins a run where none is open. */
  void open(long key, int period, int cards, long hjartanMinor, long cashMinor) {
    if (isOpen()) {
      throw new IllegalStateException("a run of loads is opened while one is open");
    }
    if (key() != 0) {
      for (int place = CLOSED_KEPT - 1; place > 0; place--) {
        row.putLong(CLOSED + place * Long.BYTES, row.getLong(CLOSED + (place - 1) * Long.BYTES));
      }
      row.putLong(CLOSED, key());
    }
    row.putLong(KEY, key);
    row.putInt(PERIOD, period);
    row.putInt(OPEN, 1);
    row.putInt(CARDS, cards);
    row.putInt(CARDS_LOADED, 0);
    row.putLong(CASH, cashMinor);
    row.putLong(HJARTAN, hjartanMinor);
    row.putLong(CASH_LOADED, 0);
    row.putLong(HJARTAN_LOADED, 0);
  }

  void loaded(long hjartanMinor, long cashMinor) {
    row.putInt(CARDS_LOADED, cardsLoaded() + 1);
    row.putLong(CASH_LOADED, cashLoadedMinor() + cashMinor);
    row.putLong(HJARTAN_LOADED, hjartanLoadedMinor() + hjartanMinor);
  }

  void close() {
    row.putInt(OPEN, 0);
  }

  /** Whether a run with this key was closed: the last one, or one of the eight before it. */
  boolean wasClosed(long key) {
    boolean found = key() == key && !isOpen();
    for (int place = 0; place < CLOSED_KEPT; place++) {
      found |= row.getLong(CLOSED + place * Long.BYTES) == key;
    }
    return found;
  }

  boolean isOpen() {
    return row.getInt(OPEN) != 0;
  }

  long key() {
    return row.getLong(KEY);
  }

  int period() {
    return row.getInt(PERIOD);
  }

  int cards() {
    return row.getInt(CARDS);
  }

  int cardsLoaded() {
    return row.getInt(CARDS_LOADED);
  }

  long cashMinor() {
    return row.getLong(CASH);
  }

  long hjartanMinor() {
    return row.getLong(HJARTAN);
  }

  long cashLoadedMinor() {
    return row.getLong(CASH_LOADED);
  }

  long hjartanLoadedMinor() {
    return row.getLong(HJARTAN_LOADED);
  }

  /** What is still set aside. */
  long cashLeftMinor() {
    return isOpen() ? cashMinor() - cashLoadedMinor() : 0;
  }

  /** What is still set aside. */
  long hjartanLeftMinor() {
    return isOpen() ? hjartanMinor() - hjartanLoadedMinor() : 0;
  }

  Rows rows() {
    return rows;
  }

  int count() {
    return count;
  }

  /** Takes over {@code runs} rows that have been filled. */
  void restore(int runs) {
    count = runs;
  }

  long hash(long seed) {
    long hash = Hash.mix(seed, count);
    for (int id = 0; id < count; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }

  /** A run never loads more than was announced. */
  void check(int programmeId) {
    if (cardsLoaded() > cards() || cashLoadedMinor() > cashMinor() || hjartanLoadedMinor() > hjartanMinor()) {
      throw new IllegalStateException("programme " + programmeId + ": a run of loads loaded more than it announced");
    }
  }
}
