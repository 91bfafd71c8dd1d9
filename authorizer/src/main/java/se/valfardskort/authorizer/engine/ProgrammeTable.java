package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a programme owns, by programme id; its policy lies in the configuration. Owned by the core thread.
 *
 * <pre>
 *   0  pool, minor units             i64
 *   8  accounts opened in it         i64
 * </pre>
 */
final class ProgrammeTable {
  static final int POOL = 0;
  private static final int ACCOUNTS = 8;
  private static final int ROW_LENGTH = 16;
  static final int CAPACITY = 65_536;

  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

  ProgrammeTable(EngineStore store) {
    rows = store.rows("programmes", ROW_LENGTH, CAPACITY);
  }

  /** Selects a programme; the returned row is valid until the next selection. */
  UnsafeBuffer select(int programmeId) {
    rows.wrap(row, programmeId);
    return row;
  }

  long poolMinor() {
    return row.getLong(POOL);
  }

  long accounts() {
    return row.getLong(ACCOUNTS);
  }

  void countAccount() {
    row.putLong(ACCOUNTS, row.getLong(ACCOUNTS) + 1);
  }

  Rows rows() {
    return rows;
  }

  /** Number of the last programme that has accounts or money, + 1. */
  int used() {
    int used = CAPACITY;
    while (used > 0 && isUnused(used - 1)) {
      used--;
    }
    return used;
  }

  private boolean isUnused(int programmeId) {
    rows.wrap(row, programmeId);
    return accounts() == 0 && poolMinor() == 0;
  }

  long hash(long seed) {
    long hash = seed;
    for (int id = 0; id < CAPACITY; id++) {
      rows.wrap(row, id);
      if (accounts() != 0 || poolMinor() != 0) {
        hash = Hash.mix(Hash.mix(hash, id), row, 0, ROW_LENGTH);
      }
    }
    return hash;
  }
}
