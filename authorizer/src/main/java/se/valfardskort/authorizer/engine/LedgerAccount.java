package se.valfardskort.authorizer.engine;

/**
 * The chart of accounts. Credit balances are positive; the sum over each unit is 0 at every sequence.
 *
 * <p>An account with a subledger is the total over rows elsewhere: purses in the account table, earmarks in the
 * allowance table, pools in the programme table, provider balances in the merchant table.
 */
enum LedgerAccount {
  /** Kronor paid in by municipalities and backers, the other side of every krona below; never positive. */
  BANK(0, Unit.SEK, Sign.NEVER_ABOVE_0, LedgerAccount.NO_SUBLEDGER),
  /** What municipalities have paid in and not yet loaded; by programme. */
  POOL(1, Unit.SEK, Sign.NEVER_BELOW_0, ProgrammeTable.POOL),
  /** Kronor that back the Hjartan. */
  TREASURY_BACKING(2, Unit.SEK, Sign.NEVER_BELOW_0, LedgerAccount.NO_SUBLEDGER),
  /** By cardholder account. What others have paid out in its name may bring one below 0, nothing else. */
  CASH_AVAILABLE(3, Unit.SEK, Sign.EITHER, AccountTable.CASH_AVAILABLE),
  /** By cardholder account. */
  CASH_HELD(4, Unit.SEK, Sign.NEVER_BELOW_0, AccountTable.CASH_HELD),
  /** Posted purchases that the acquirers are to be paid for, less refunds that they owe. */
  SETTLEMENT_DUE(5, Unit.SEK, Sign.EITHER, LedgerAccount.NO_SUBLEDGER),
  /** The other side of every Hjartan below; never positive. */
  HJARTAN_ISSUED(6, Unit.HJARTAN, Sign.NEVER_ABOVE_0, LedgerAccount.NO_SUBLEDGER),
  /** By cardholder account. */
  HJARTAN_AVAILABLE(7, Unit.HJARTAN, Sign.NEVER_BELOW_0, AccountTable.HJARTAN_AVAILABLE),
  /** By cardholder account. */
  HJARTAN_HELD(8, Unit.HJARTAN, Sign.NEVER_BELOW_0, AccountTable.HJARTAN_HELD),
  /** What community providers have earned and not yet redeemed; by merchant row. */
  PROVIDER_HJARTAN(9, Unit.HJARTAN, Sign.NEVER_BELOW_0, MerchantTable.BALANCE),
  /** Refunds that no purse may take before a caseworker has looked; by cardholder account. */
  REFUNDS_WAITING(10, Unit.SEK, Sign.NEVER_BELOW_0, AccountTable.REFUNDS_WAITING),
  /** By cardholder account; filled and emptied by its holder, by way of CASH. */
  SAVINGS_AVAILABLE(11, Unit.SEK, Sign.NEVER_BELOW_0, SavingsPurse.AVAILABLE),
  /** Drawing rights on a pool, set aside there; by allowance row. */
  EARMARK_AVAILABLE(12, Unit.SEK, Sign.NEVER_BELOW_0, AllowanceTable.LEFT),
  /** By allowance row. */
  EARMARK_HELD(13, Unit.SEK, Sign.NEVER_BELOW_0, EarmarkPurse.HELD),
  /** Out of the pool, for the loads of a run that is open; by programme. */
  POOL_RESERVED(14, Unit.SEK, Sign.NEVER_BELOW_0, ProgrammeTable.POOL_RESERVED),
  /** Out of the backing, for Hjartan that a run is to issue; by programme. */
  BACKING_RESERVED(15, Unit.SEK, Sign.NEVER_BELOW_0, ProgrammeTable.BACKING_RESERVED),
  /** Ordered for payout to holders, outside of the cards; by cardholder account. */
  PAYMENT_ORDERS(16, Unit.SEK, Sign.NEVER_BELOW_0, HolderOfferTable.ORDERED);

  /** The two kinds of money; nothing moves between them. */
  enum Unit {
    SEK,
    HJARTAN
  }

  /** Which side of 0 an account's total may be on. */
  enum Sign {
    NEVER_BELOW_0,
    /** A contra account. */
    NEVER_ABOVE_0,
    EITHER
  }

  static final int NO_SUBLEDGER = -1;

  /** More than the highest number. */
  static final int NUMBERS = 17;

  private static final LedgerAccount[] VALUES = values();

  /** Place in a list of balances; stable, and on disk. Numbers may be left out. */
  final int number;

  final Unit unit;

  final Sign sign;

  /** Where the balance lies in the subledger's row; {@link #NO_SUBLEDGER}: the account has no rows. */
  final int subledgerOffset;

  LedgerAccount(int number, Unit unit, Sign sign, int subledgerOffset) {
    this.number = number;
    this.unit = unit;
    this.sign = sign;
    this.subledgerOffset = subledgerOffset;
  }

  /**
   * Returns the account of a number.
   *
   * @throws IllegalStateException when none has it
   */
  static LedgerAccount ofNumber(int number) {
    for (LedgerAccount account : VALUES) {
      if (account.number == number) {
        return account;
      }
    }
    throw new IllegalStateException("no ledger account has the number " + number);
  }
}
