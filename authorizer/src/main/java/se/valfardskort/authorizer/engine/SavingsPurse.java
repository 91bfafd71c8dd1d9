package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The SAVINGS purse (sparande) of an account. Lies in {@link HolderRests}; owned by the core thread; speaks of the
 * account last selected. Amounts are minor units; a month is year * 12 + month - 1. All zeros: there is none.
 *
 * <pre>
 *   0  available i64
 *   8  ever moved here from CASH i64     16  ever moved back i64
 *  24  moved here in the month below i64
 *  32  that month i32                    36  (unused)
 *  40  number of the last move i64
 * </pre>
 */
final class SavingsPurse {
  static final int AVAILABLE = 0;
  private static final int MOVED_IN = 8;
  private static final int MOVED_OUT = 16;
  private static final int MONTH_MINOR = 24;
  private static final int MONTH = 32;
  private static final int LAST_MOVE = 40;

  /** Bytes that it takes. */
  static final int LENGTH = 48;

  private static final int START = HolderRests.SAVINGS;

  private final UnsafeBuffer account;
  private final HolderRests.Cursor rest;
  private final Ledger ledger;

  /** The purse's own bytes, for the ledger. */
  private final UnsafeBuffer purse = new UnsafeBuffer(0, 0);

  /** The purse of the row {@code account}, whatever that wraps, at {@code rest}. */
  SavingsPurse(UnsafeBuffer account, HolderRests.Cursor rest, Ledger ledger) {
    this.account = account;
    this.rest = rest;
    this.ledger = ledger;
  }

  long availableMinor() {
    return rest.row().getLong(START + AVAILABLE);
  }

  long movedInMinor() {
    return rest.row().getLong(START + MOVED_IN);
  }

  long movedOutMinor() {
    return rest.row().getLong(START + MOVED_OUT);
  }

  /** What was moved here in a month; moving back gives no room again. */
  long movedInMinor(int month) {
    return rest.row().getInt(START + MONTH) == month ? rest.row().getLong(START + MONTH_MINOR) : 0;
  }

  long lastMove() {
    return rest.row().getLong(START + LAST_MOVE);
  }

  /** From CASH to here. */
  void moveIn(int month, long number, long amountMinor) {
    purse.wrap(rest.touched(), START, LENGTH);
    ledger.move(LedgerAccount.CASH_AVAILABLE, account, LedgerAccount.SAVINGS_AVAILABLE, purse, amountMinor);
    long before = movedInMinor(month);
    purse.putInt(MONTH, month);
    purse.putLong(MONTH_MINOR, before + amountMinor);
    purse.putLong(MOVED_IN, movedInMinor() + amountMinor);
    purse.putLong(LAST_MOVE, number);
  }

  /** From here to CASH. */
  void moveOut(long number, long amountMinor) {
    purse.wrap(rest.touched(), START, LENGTH);
    ledger.move(LedgerAccount.SAVINGS_AVAILABLE, purse, LedgerAccount.CASH_AVAILABLE, account, amountMinor);
    purse.putLong(MOVED_OUT, movedOutMinor() + amountMinor);
    purse.putLong(LAST_MOVE, number);
  }

  /** From here into a payment order. */
  void payOut(UnsafeBuffer ordered, long amountMinor) {
    if (amountMinor > 0) {
      purse.wrap(rest.touched(), START, LENGTH);
      ledger.move(LedgerAccount.SAVINGS_AVAILABLE, purse, LedgerAccount.PAYMENT_ORDERS, ordered, amountMinor);
      purse.putLong(MOVED_OUT, movedOutMinor() + amountMinor);
    }
  }

  /** Invariant 1. */
  void check(int accountId) {
    long available = availableMinor();
    if (available < 0 || movedOutMinor() < 0 || movedInMinor() != available + movedOutMinor()) {
      throw new IllegalStateException(
          "invariant 1: account " + accountId + " SAVINGS: moved in " + movedInMinor() + " is not available "
              + available + " + moved out " + movedOutMinor());
    }
  }
}
