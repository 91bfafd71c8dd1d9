package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a programme owns, by programme id; its policy lies in the configuration. Owned by the core thread.
 *
 * <pre>
 *   0  pool, minor units             i64
 *   8  accounts opened in it         i64
 *  16  out of the pool, set aside for the loads of the run that is open      i64
 *  24  out of the backing, set aside for the Hjartan of that run             i64
 *  32  its row of {@link LoadRunTable} + 1, 0: none was ever opened          i32
 * </pre>
 */
final class ProgrammeTable {
  static final int POOL = 0;
  private static final int ACCOUNTS = 8;
  static final int POOL_RESERVED = 16;
  static final int BACKING_RESERVED = 24;
  private static final int RUN = 32;
  private static final int ROW_LENGTH = 40;
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

  long poolReservedMinor() {
    return row.getLong(POOL_RESERVED);
  }

  long backingReservedMinor() {
    return row.getLong(BACKING_RESERVED);
  }

  /** Whether a run of loads was ever opened. */
  boolean hasRun() {
    return row.getInt(RUN) != 0;
  }

  /** Row of its runs; where {@link #hasRun}. */
  int run() {
    return row.getInt(RUN) - 1;
  }

  void run(int runRow) {
    row.putInt(RUN, runRow + 1);
  }

  /** Whether it has accounts or money, wherever that is set aside. */
  boolean isInUse() {
    return accounts() != 0 || poolMinor() != 0 || hasRun();
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

  /** Number of the last programme that is in use, + 1. */
  int used() {
    int used = CAPACITY;
    while (used > 0) {
      rows.wrap(row, used - 1);
      if (isInUse()) {
        break;
      }
      used--;
    }
    return used;
  }

  long hash(long seed) {
    long hash = seed;
    for (int id = 0; id < CAPACITY; id++) {
      rows.wrap(row, id);
      if (isInUse()) {
        hash = Hash.mix(Hash.mix(hash, id), row, 0, ROW_LENGTH);
      }
    }
    return hash;
  }
}
