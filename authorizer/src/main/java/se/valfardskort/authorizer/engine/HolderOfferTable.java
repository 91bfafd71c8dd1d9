package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What grants and bonuses know of each cardholder account, by account id. Owned by the core thread; accessors speak of
 * the account last selected.
 *
 * <pre>
 *   0  first request + 1, 0: none               i32
 *   4  civil day of the first load, 0: not told  i32   days since 1970-01-01
 *   8  no grants before this day, a conviction   i32   0: no bar
 *  12  no grants before this day, misuse         i32   0: no bar
 *  16  ordered for payout, minor units           i64
 *  24  last of the account's years that was paid i32
 *  28  (unused)
 * </pre>
 */
final class HolderOfferTable {
  static final int ORDERED = 16;
  private static final int FIRST_REQUEST = 0;
  private static final int FIRST_LOAD = 4;
  private static final int CONVICTION = 8;
  private static final int MISUSE = 12;
  private static final int PAID_YEAR = 24;
  private static final int ROW_LENGTH = 32;

  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

  HolderOfferTable(EngineStore store, int capacity) {
    rows = store.rows("holder-offers", ROW_LENGTH, capacity);
  }

  /** Selects an account; the returned row is valid until the next selection. */
  UnsafeBuffer select(int accountId) {
    rows.wrap(row, accountId);
    return row;
  }

  int firstRequest() {
    return row.getInt(FIRST_REQUEST);
  }

  void firstRequest(int link) {
    row.putInt(FIRST_REQUEST, link);
  }

  /** Civil day of the first load; 0: there was none since accounts have this row. */
  int firstLoadDay() {
    return row.getInt(FIRST_LOAD);
  }

  /** Notes a load; only the first one is kept. */
  void loaded(long epochDay) {
    if (firstLoadDay() == 0) {
      row.putInt(FIRST_LOAD, Math.toIntExact(epochDay));
    }
  }

  /** First civil day after the bar; 0: there is none. */
  int barredUntil(boolean conviction) {
    return row.getInt(conviction ? CONVICTION : MISUSE);
  }

  /** The later of the two. */
  int barredUntil() {
    return Math.max(row.getInt(CONVICTION), row.getInt(MISUSE));
  }

  void barUntil(boolean conviction, int epochDay) {
    row.putInt(conviction ? CONVICTION : MISUSE, epochDay);
  }

  /** Of the account's years; 0: none was paid. */
  int paidYear() {
    return row.getInt(PAID_YEAR);
  }

  void paidYear(int year) {
    row.putInt(PAID_YEAR, year);
  }

  long orderedMinor() {
    return row.getLong(ORDERED);
  }

  Rows rows() {
    return rows;
  }

  /** Of a state in which nothing was ever noted: the seed, as it was before there were such rows. */
  long hash(long seed, int accounts) {
    long hash = seed;
    for (int id = 0; id < accounts; id++) {
      rows.wrap(row, id);
      if (firstLoadDay() != 0 || firstRequest() != 0 || barredUntil() != 0) {
        hash = Hash.mix(Hash.mix(hash, id), row, 0, ROW_LENGTH);
      }
    }
    return hash;
  }
}
