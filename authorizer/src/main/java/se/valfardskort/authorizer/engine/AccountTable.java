package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The cardholder accounts and their purses, by dense id. Owned by the core thread; accessors speak of the account last
 * selected. Amounts are minor units.
 *
 * <p>An account lies in one row with the card of the same number. Most holders have one card, opened with its account,
 * so the two have the same number and a request finds both with one wait for memory. Where an account has more cards
 * the numbers part, and nothing changes but the wait.
 *
 * <pre>
 *  20  first allowance + 1, 0: none      i32   among the card's bytes, which leave it free
 *  64  programme id                      u16
 *  66  BAZ id                            u16
 *  68  last loaded period, YYMM, 0: none u16
 *  70  bits: 1 has, or had, something in SAVINGS u16
 *  72  CASH available                    i64
 *  80  CASH held                         i64
 *  88  HJARTAN available                 i64
 *  96  HJARTAN held                      i64
 * 104  open holds                        i32
 * 108  month that the counters count     i32   year * 12 + month - 1
 * 112  CASH ever loaded                  i64
 * 120  HJARTAN ever loaded               i64
 * 128  CASH spent (posted - undone)      i64
 * 136  HJARTAN spent                     i64
 * 144  CASH refunded                     i64
 * 152  HJARTAN refunded                  i64
 * 160  refunds that wait for a caseworker i64
 * 168  stand-in exposure: what others decided in our name and is still held or posted   i64
 * 176  the card's monthly amount, by its loads; 0: none has told yet   i64
 * 184  spent and held this month in capped category 0, 1, ...   i64 each
 * </pre>
 *
 * <p>What few accounts have, {@link SavingsPurse} and {@link LimitCounters}, lies in {@link HolderRests}.
 */
final class AccountTable {
  private static final int START = CardTable.LENGTH;
  private static final int ALLOWANCES = 20;

  static final int CASH_AVAILABLE = START + 8;
  static final int CASH_HELD = START + 16;
  static final int HJARTAN_AVAILABLE = START + 24;
  static final int HJARTAN_HELD = START + 32;
  static final int REFUNDS_WAITING = START + 96;

  private static final int PROGRAMME = START;
  private static final int BAZ = START + 2;
  private static final int PERIOD = START + 4;
  private static final int OPEN_HOLDS = START + 40;
  private static final int COUNTER_MONTH = START + 44;
  private static final int CASH_LOADED = START + 48;
  private static final int HJARTAN_LOADED = START + 56;
  private static final int CASH_SPENT = START + 64;
  private static final int HJARTAN_SPENT = START + 72;
  private static final int CASH_REFUNDED = START + 80;
  private static final int HJARTAN_REFUNDED = START + 88;
  private static final int STAND_IN = START + 104;
  static final int MONTHLY_AMOUNT = START + 112;
  static final int COUNTERS = START + 120;

  private static final int BITS = START + 6;
  private static final short HAS_SAVINGS = 1;

  private static final int LINE = 64;

  /** No capped category. */
  static final int NO_SLOT = 255;

  private final Rows rows;
  private final Ledger ledger;
  private final MerchantTable merchants;
  private final int capacity;
  private final int cappedCategories;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private final HolderRests rests;
  private final HolderRests.Cursor rest;

  /** Both of the selected account. */
  final SavingsPurse savings;

  final LimitCounters limits;

  private int count;

  /** @param rows of {@link #rowLength} bytes, shared with the cards, as {@code rests} are */
  AccountTable(Rows rows, HolderRests rests, EngineCapacity capacity, Ledger ledger, MerchantTable merchants) {
    this.ledger = ledger;
    this.merchants = merchants;
    this.cappedCategories = capacity.cappedCategories();
    this.capacity = capacity.accounts();
    this.rows = rows;
    this.rests = rests;
    rest = rests.cursor();
    savings = new SavingsPurse(row, rest, ledger);
    limits = new LimitCounters(rest, cappedCategories);
  }

  /** Bytes of a row of a card and an account: whole cache lines. */
  static int rowLength(EngineCapacity capacity) {
    int length = endOfRow(capacity.cappedCategories());
    return (length + LINE - 1) / LINE * LINE;
  }

  /** The counters come last, so it only grows there. */
  private static int endOfRow(int cappedCategories) {
    return COUNTERS + cappedCategories * Long.BYTES;
  }

  void select(int accountId) {
    rows.wrap(row, accountId);
    rest.select(accountId);
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == capacity;
  }

  int nextId() {
    return count;
  }

  /** Opens an account and selects it. */
  int open(int programmeId, int bazId) {
    int accountId = count++;
    select(accountId);
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

  /** The account's first allowance + 1; 0: it has none. */
  int allowances() {
    return row.getInt(ALLOWANCES);
  }

  void allowances(int first) {
    row.putInt(ALLOWANCES, first);
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

  long cashLoadedMinor() {
    return row.getLong(CASH_LOADED);
  }

  /** False for most accounts, which need not be asked for more. */
  boolean hasSavings() {
    return (row.getShort(BITS) & HAS_SAVINGS) != 0;
  }

  /** From CASH to SAVINGS; the first time makes the purse. */
  void save(int monthIndex, long moveNumber, long amountMinor) {
    savings.moveIn(monthIndex, moveNumber, amountMinor);
    row.putShort(BITS, HAS_SAVINGS);
  }

  /** What the card gets in a month, as its loads have told; 0: none has yet. */
  long monthlyAmountMinor() {
    return row.getLong(MONTHLY_AMOUNT);
  }

  void monthlyAmount(long amountMinor) {
    row.putLong(MONTHLY_AMOUNT, amountMinor);
  }

  /** Kronor and Hjartan that were ever loaded. */
  long everLoadedMinor() {
    return row.getLong(CASH_LOADED) + row.getLong(HJARTAN_LOADED);
  }

  int openHolds() {
    return row.getInt(OPEN_HOLDS);
  }

  long refundsWaitingMinor() {
    return row.getLong(REFUNDS_WAITING);
  }

  /** What others decided in our name and is still held or posted. */
  long standInMinor() {
    return row.getLong(STAND_IN);
  }

  void addStandIn(long deltaMinor) {
    add(STAND_IN, deltaMinor);
  }

  /** Month that the counters count, year * 12 + month - 1. */
  int counterMonth() {
    return row.getInt(COUNTER_MONTH);
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

  /** Orders kronor for payout, out of CASH and out of SAVINGS; {@code ordered} is the account's row of orders. */
  void payOut(UnsafeBuffer ordered, long cashMinor, long savingsMinor) {
    ledger.move(LedgerAccount.CASH_AVAILABLE, row, LedgerAccount.PAYMENT_ORDERS, ordered, cashMinor);
    savings.payOut(ordered, savingsMinor);
  }

  /**
   * Sets money aside, for a hold that {@link #openHold} counts or for one that is open already.
   *
   * @param forced CASH may come below 0
   */
  void hold(long hjartanMinor, long cashMinor, boolean forced) {
    ledger.move(LedgerAccount.HJARTAN_AVAILABLE, row, LedgerAccount.HJARTAN_HELD, row, hjartanMinor);
    payCash(LedgerAccount.CASH_HELD, row, cashMinor, forced);
  }

  private void payCash(LedgerAccount to, UnsafeBuffer toRow, long cashMinor, boolean forced) {
    if (forced) {
      ledger.force(row, to, toRow, cashMinor);
    } else {
      ledger.move(LedgerAccount.CASH_AVAILABLE, row, to, toRow, cashMinor);
    }
  }

  void openHold() {
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

  /**
   * Pays a merchant at once; {@code merchantRow} earns the Hjartan.
   *
   * @param forced CASH may come below 0
   */
  void post(int merchantRow, long hjartanMinor, long cashMinor, boolean forced) {
    payHjartan(LedgerAccount.HJARTAN_AVAILABLE, merchantRow, hjartanMinor);
    payCash(LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, cashMinor, forced);
    add(CASH_SPENT, cashMinor);
  }

  /** Pays a merchant with what a hold had set aside. */
  void complete(int merchantRow, long hjartanMinor, long cashMinor) {
    payHjartan(LedgerAccount.HJARTAN_HELD, merchantRow, hjartanMinor);
    ledger.move(LedgerAccount.CASH_HELD, row, LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, cashMinor);
    add(CASH_SPENT, cashMinor);
  }

  private void payHjartan(LedgerAccount from, int merchantRow, long hjartanMinor) {
    if (hjartanMinor > 0) {
      ledger.move(from, row, LedgerAccount.PROVIDER_HJARTAN, merchants.select(merchantRow), hjartanMinor);
      add(HJARTAN_SPENT, hjartanMinor);
    }
  }

  /** A merchant pays back: to the purses that paid, and what none of them may take to where refunds wait. */
  void refund(int merchantRow, long hjartanMinor, long cashMinor, long waitingMinor) {
    if (hjartanMinor > 0) {
      UnsafeBuffer provider = merchants.select(merchantRow);
      ledger.move(LedgerAccount.PROVIDER_HJARTAN, provider, LedgerAccount.HJARTAN_AVAILABLE, row, hjartanMinor);
      add(HJARTAN_REFUNDED, hjartanMinor);
    }
    ledger.move(LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, LedgerAccount.CASH_AVAILABLE, row, cashMinor);
    add(CASH_REFUNDED, cashMinor);
    ledger.move(LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, LedgerAccount.REFUNDS_WAITING, row, waitingMinor);
  }

  /**
   * Undoes {@link #refund}, wholly or in part.
   *
   * @param hjartanByCashMinor part that had come in Hjartan which are no longer there: kronor pay the merchant, and the
   *     Hjartan stay the holder's
   * @param earmarkByCashMinor the same of earmarks
   */
  void unrefund(
      int merchantRow,
      long hjartanMinor,
      long hjartanByCashMinor,
      long cashMinor,
      long earmarkByCashMinor,
      long waitingMinor) {
    final long byCashMinor = hjartanByCashMinor + earmarkByCashMinor;
    if (hjartanMinor > 0) {
      UnsafeBuffer provider = merchants.select(merchantRow);
      ledger.move(LedgerAccount.HJARTAN_AVAILABLE, row, LedgerAccount.PROVIDER_HJARTAN, provider, hjartanMinor);
    }
    ledger.force(row, LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, cashMinor + byCashMinor);
    ledger.move(LedgerAccount.REFUNDS_WAITING, row, LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, waitingMinor);
    add(HJARTAN_REFUNDED, -hjartanMinor - hjartanByCashMinor);
    add(HJARTAN_SPENT, -hjartanByCashMinor);
    add(CASH_REFUNDED, -cashMinor);
    add(CASH_SPENT, byCashMinor);
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

  /** Takes over {@code accounts} accounts whose rows have been filled. */
  void restore(int accounts) {
    count = accounts;
  }

  long hash(long seed) {
    long hash = Hash.mix(seed, count);
    for (int id = 0; id < count; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, START, endOfRow(cappedCategories) - START);
    }
    return hash;
  }

  /** Invariant 1 for the selected account. */
  void check(int accountId, long paidOutMinor) {
    long savedEverMinor = rests.mayHave(accountId) ? savings.movedInMinor() : 0;
    // What SAVINGS paid out has left CASH when it was saved.
    long savedMinor = paidOutMinor + (savedEverMinor == 0 ? 0 : savedEverMinor - savings.movedOutMinor());
    checkPurse(
        accountId, "CASH", CASH_LOADED, CASH_REFUNDED, cashAvailableMinor() + savedMinor, cashHeldMinor(), CASH_SPENT);
    checkPurse(
        accountId,
        "HJARTAN",
        HJARTAN_LOADED,
        HJARTAN_REFUNDED,
        hjartanAvailableMinor(),
        hjartanHeldMinor(),
        HJARTAN_SPENT);
    if (hjartanAvailableMinor() < 0) {
      throw new IllegalStateException("invariant 1: account " + accountId + " has Hjartan below 0");
    }
    if (standInMinor() < 0 || refundsWaitingMinor() < 0) {
      throw new IllegalStateException(
          "account " + accountId + ": stand-in exposure " + standInMinor() + ", refunds waiting "
              + refundsWaitingMinor());
    }
    for (int slot = 0; slot < cappedCategories; slot++) {
      if (row.getLong(COUNTERS + slot * Long.BYTES) < 0) {
        throw new IllegalStateException(
            "account " + accountId + ": the counter of capped category " + slot + " is below 0");
      }
    }
    if (rests.mayHave(accountId)) {
      savings.check(accountId);
      limits.check(accountId);
    }
    if (hasSavings() != (savedEverMinor > 0)) {
      throw new IllegalStateException("account " + accountId + ": its row says otherwise whether it has SAVINGS");
    }
  }

  /** Invariant 1, and 6 for the account as a whole. */
  private void checkPurse(
      int accountId, String purse, int loadedAt, int refundedAt, long available, long held, int spentAt) {
    long loaded = row.getLong(loadedAt);
    long refunded = row.getLong(refundedAt);
    long spent = row.getLong(spentAt);
    if (held < 0 || spent < 0 || loaded + refunded != available + held + spent) {
      throw new IllegalStateException(
          "invariant 1: account " + accountId + " " + purse + ": loaded " + loaded + " + refunded " + refunded
              + " is not available " + available + " + held " + held + " + spent " + spent);
    }
    if (refunded < 0 || refunded > spent) {
      throw new IllegalStateException(
          "invariant 6: account " + accountId + " " + purse + ": refunded " + refunded + " of spent " + spent);
    }
  }
}
