package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The SAVINGS purse (sparande) of an account. Lies in the account's row; owned by the core thread; speaks of the
 * account last selected. Amounts are minor units; a month is year * 12 + month - 1. All zeros: there is none.
 *
 * <pre>
 *   0  available i64
 *   8  ever moved here from CASH i64     16  ever moved back i64
 *  24  moved here in the month below i64
 *  32  that month i32                    36  (unused)
 *  40  the card's monthly amount, by its loads; 0: none has told yet i64
 *  48  number of the last move i64
 * </pre>
 */
final class SavingsPurse {
  static final int AVAILABLE = 0;
  private static final int MOVED_IN = 8;
  private static final int MOVED_OUT = 16;
  private static final int MONTH_MINOR = 24;
  private static final int MONTH = 32;
  private static final int MONTHLY_AMOUNT = 40;
  private static final int LAST_MOVE = 48;

  /** Bytes that it takes. */
  static final int LENGTH = 56;

  private final UnsafeBuffer account;
  private final int start;
  private final Ledger ledger;

  /** The purse's own bytes, for the ledger. */
  private final UnsafeBuffer purse = new UnsafeBuffer(0, 0);

  /**
   * A purse in the row {@code account}, whatever that wraps.
   *
   * @param start where in the row it begins
   */
  SavingsPurse(UnsafeBuffer account, int start, Ledger ledger) {
    this.account = account;
    this.start = start;
    this.ledger = ledger;
  }

  long availableMinor() {
    return account.getLong(start + AVAILABLE);
  }

  long movedInMinor() {
    return account.getLong(start + MOVED_IN);
  }

  long movedOutMinor() {
    return account.getLong(start + MOVED_OUT);
  }

  /** What was moved here in a month; moving back gives no room again. */
  long movedInMinor(int month) {
    return account.getInt(start + MONTH) == month ? account.getLong(start + MONTH_MINOR) : 0;
  }

  long monthlyAmountMinor() {
    return account.getLong(start + MONTHLY_AMOUNT);
  }

  void monthlyAmount(long amountMinor) {
    account.putLong(start + MONTHLY_AMOUNT, amountMinor);
  }

  long lastMove() {
    return account.getLong(start + LAST_MOVE);
  }

  /** From CASH to here. */
  void moveIn(int month, long number, long amountMinor) {
    purse.wrap(account, start, LENGTH);
    ledger.move(LedgerAccount.CASH_AVAILABLE, account, LedgerAccount.SAVINGS_AVAILABLE, purse, amountMinor);
    long before = movedInMinor(month);
    account.putInt(start + MONTH, month);
    account.putLong(start + MONTH_MINOR, before + amountMinor);
    account.putLong(start + MOVED_IN, movedInMinor() + amountMinor);
    account.putLong(start + LAST_MOVE, number);
  }

  /** From here to CASH. */
  void moveOut(long number, long amountMinor) {
    purse.wrap(account, start, LENGTH);
    ledger.move(LedgerAccount.SAVINGS_AVAILABLE, purse, LedgerAccount.CASH_AVAILABLE, account, amountMinor);
    account.putLong(start + MOVED_OUT, movedOutMinor() + amountMinor);
    account.putLong(start + LAST_MOVE, number);
  }

  /** From here into a payment order. */
  void payOut(UnsafeBuffer ordered, long amountMinor) {
    purse.wrap(account, start, LENGTH);
    ledger.move(LedgerAccount.SAVINGS_AVAILABLE, purse, LedgerAccount.PAYMENT_ORDERS, ordered, amountMinor);
    account.putLong(start + MOVED_OUT, movedOutMinor() + amountMinor);
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
