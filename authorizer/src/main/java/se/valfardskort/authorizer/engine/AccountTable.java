package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The cardholder accounts and their purses, by dense id. Owned by the core thread; accessors speak of the account last
 * selected. Amounts are minor units.
 *
 * <pre>
 *   0  programme id                      u16
 *   2  BAZ id                            u16
 *   4  last loaded period, YYMM, 0: none u16
 *   6  (unused)
 *   8  CASH available                    i64
 *  16  CASH held                         i64
 *  24  HJARTAN available                 i64
 *  32  HJARTAN held                      i64
 *  40  open holds                        i32
 *  44  month that the counters count     i32   year * 12 + month - 1
 *  48  CASH ever loaded                  i64
 *  56  HJARTAN ever loaded               i64
 *  64  CASH spent (posted - undone)      i64
 *  72  HJARTAN spent                     i64
 *  80  spent and held this month in capped category 0, 1, ...   i64 each
 * </pre>
 */
final class AccountTable {
  static final int CASH_AVAILABLE = 8;
  static final int CASH_HELD = 16;
  static final int HJARTAN_AVAILABLE = 24;
  static final int HJARTAN_HELD = 32;

  private static final int PROGRAMME = 0;
  private static final int BAZ = 2;
  private static final int PERIOD = 4;
  private static final int OPEN_HOLDS = 40;
  private static final int COUNTER_MONTH = 44;
  private static final int CASH_LOADED = 48;
  private static final int HJARTAN_LOADED = 56;
  private static final int CASH_SPENT = 64;
  private static final int HJARTAN_SPENT = 72;
  private static final int COUNTERS = 80;

  /** No capped category. */
  static final int NO_SLOT = 255;

  private final Rows rows;
  private final Ledger ledger;
  private final MerchantTable merchants;
  private final int cappedCategories;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private int count;

  AccountTable(EngineStore store, EngineCapacity capacity, Ledger ledger, MerchantTable merchants) {
    this.ledger = ledger;
    this.merchants = merchants;
    this.cappedCategories = capacity.cappedCategories();
    this.rows = store.rows("accounts", COUNTERS + cappedCategories * Long.BYTES, capacity.accounts());
  }

  void select(int accountId) {
    rows.wrap(row, accountId);
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == rows.capacity();
  }

  int nextId() {
    return count;
  }

  /** Opens an account and selects it. */
  int open(int programmeId, int bazId) {
    int accountId = count++;
    rows.wrap(row, accountId);
    row.putShort(PROGRAMME, (short) programmeId);
    row.putShort(BAZ, (short) bazId);
    return accountId;
  }

  int programmeId() {
    return row.getShort(PROGRAMME) & 0xFFFF;
  }

  int bazId() {
    return row.getShort(BAZ) & 0xFFFF;
  }

  int period() {
    return row.getShort(PERIOD) & 0xFFFF;
  }

  void period(int yearMonth) {
    row.putShort(PERIOD, (short) yearMonth);
  }

  long cashAvailableMinor() {
    return row.getLong(CASH_AVAILABLE);
  }

  long cashHeldMinor() {
    return row.getLong(CASH_HELD);
  }

  long hjartanAvailableMinor() {
    return row.getLong(HJARTAN_AVAILABLE);
  }

  long hjartanHeldMinor() {
    return row.getLong(HJARTAN_HELD);
  }

  int openHolds() {
    return row.getInt(OPEN_HOLDS);
  }

  /** What counts against a category's cap in the month {@code monthIndex}. */
  long cappedMinor(int slot, int monthIndex) {
    return row.getInt(COUNTER_MONTH) == monthIndex ? row.getLong(COUNTERS + slot * Long.BYTES) : 0;
  }

  void load(UnsafeBuffer poolRow, long hjartanMinor, long cashMinor) {
    ledger.move(LedgerAccount.POOL, poolRow, LedgerAccount.CASH_AVAILABLE, row, cashMinor);
    ledger.move(LedgerAccount.HJARTAN_ISSUED, Ledger.NO_ROW, LedgerAccount.HJARTAN_AVAILABLE, row, hjartanMinor);
    add(CASH_LOADED, cashMinor);
    add(HJARTAN_LOADED, hjartanMinor);
  }

  void hold(long hjartanMinor, long cashMinor) {
    ledger.move(LedgerAccount.HJARTAN_AVAILABLE, row, LedgerAccount.HJARTAN_HELD, row, hjartanMinor);
    ledger.move(LedgerAccount.CASH_AVAILABLE, row, LedgerAccount.CASH_HELD, row, cashMinor);
    row.putInt(OPEN_HOLDS, openHolds() + 1);
  }

  /** Gives back a part of a hold, or all; {@link #closeHold} says that nothing of it is left. */
  void release(long hjartanMinor, long cashMinor) {
    ledger.move(LedgerAccount.HJARTAN_HELD, row, LedgerAccount.HJARTAN_AVAILABLE, row, hjartanMinor);
    ledger.move(LedgerAccount.CASH_HELD, row, LedgerAccount.CASH_AVAILABLE, row, cashMinor);
  }

  void closeHold() {
    int open = openHolds() - 1;
    if (open < 0) {
      throw new IllegalStateException("an account's open holds came to " + open);
    }
    row.putInt(OPEN_HOLDS, open);
  }

  /** Pays a merchant at once; {@code merchantRow} earns the Hjartan. */
  void post(int merchantRow, long hjartanMinor, long cashMinor) {
    if (hjartanMinor > 0) {
      UnsafeBuffer provider = merchants.select(merchantRow);
      ledger.move(LedgerAccount.HJARTAN_AVAILABLE, row, LedgerAccount.PROVIDER_HJARTAN, provider, hjartanMinor);
      add(HJARTAN_SPENT, hjartanMinor);
    }
    ledger.move(LedgerAccount.CASH_AVAILABLE, row, LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, cashMinor);
    add(CASH_SPENT, cashMinor);
  }

  /** Undoes {@link #post}, wholly or in part. */
  void unpost(int merchantRow, long hjartanMinor, long cashMinor) {
    if (hjartanMinor > 0) {
      UnsafeBuffer provider = merchants.select(merchantRow);
      ledger.move(LedgerAccount.PROVIDER_HJARTAN, provider, LedgerAccount.HJARTAN_AVAILABLE, row, hjartanMinor);
      add(HJARTAN_SPENT, -hjartanMinor);
    }
    ledger.move(LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, LedgerAccount.CASH_AVAILABLE, row, cashMinor);
    add(CASH_SPENT, -cashMinor);
  }

  void count(int slot, int monthIndex, long amountMinor) {
    if (slot == NO_SLOT) {
      return;
    }
    if (row.getInt(COUNTER_MONTH) != monthIndex) {
      row.putInt(COUNTER_MONTH, monthIndex);
      row.setMemory(COUNTERS, cappedCategories * Long.BYTES, (byte) 0);
    }
    add(COUNTERS + slot * Long.BYTES, amountMinor);
  }

  /** Takes back what {@link #count} counted, unless the counters have gone on to another month. */
  void uncount(int slot, int monthIndex, long amountMinor) {
    if (slot != NO_SLOT && row.getInt(COUNTER_MONTH) == monthIndex) {
      add(COUNTERS + slot * Long.BYTES, -amountMinor);
    }
  }

  private void add(int offset, long deltaMinor) {
    row.putLong(offset, row.getLong(offset) + deltaMinor);
  }

  long hash(long seed) {
    long hash = Hash.mix(seed, count);
    for (int id = 0; id < count; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, rows.rowLength());
    }
    return hash;
  }

  /** Invariant 1 for the selected account. */
  void check(int accountId) {
    checkPurse(accountId, "CASH", row.getLong(CASH_LOADED), cashAvailableMinor(), cashHeldMinor(), CASH_SPENT);
    checkPurse(
        accountId, "HJARTAN", row.getLong(HJARTAN_LOADED), hjartanAvailableMinor(), hjartanHeldMinor(), HJARTAN_SPENT);
    for (int slot = 0; slot < cappedCategories; slot++) {
      if (row.getLong(COUNTERS + slot * Long.BYTES) < 0) {
        throw new IllegalStateException(
            "account " + accountId + ": the counter of capped category " + slot + " is below 0");
      }
    }
  }

  private void checkPurse(int accountId, String purse, long loaded, long available, long held, int spentOffset) {
    long spent = row.getLong(spentOffset);
    if (available < 0 || held < 0 || spent < 0 || loaded != available + held + spent) {
      throw new IllegalStateException(
          "invariant 1: account " + accountId + " " + purse + ": loaded " + loaded + " is not available " + available
              + " + held " + held + " + spent " + spent);
    }
  }
}
