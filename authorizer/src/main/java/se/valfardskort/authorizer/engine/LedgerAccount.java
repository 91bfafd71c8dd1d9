package se.valfardskort.authorizer.engine;

/**
 * The chart of accounts. Credit balances are positive; the sum over each unit is 0 at every sequence.
 *
 * <p>An account with a subledger is the total over rows elsewhere: purses in the account table, pools in the programme
 * table, provider balances in the merchant table.
 */
enum LedgerAccount {
  /** Kronor paid in by municipalities and backers, the other side of every krona below; never positive. */
  BANK(0, Unit.SEK, true, LedgerAccount.NO_SUBLEDGER),
  /** What municipalities have paid in and not yet loaded; by programme. */
  POOL(1, Unit.SEK, false, ProgrammeTable.POOL),
  /** Kronor that back the Hjartan. */
  TREASURY_BACKING(2, Unit.SEK, false, LedgerAccount.NO_SUBLEDGER),
  /** By cardholder account. */
  CASH_AVAILABLE(3, Unit.SEK, false, AccountTable.CASH_AVAILABLE),
  /** By cardholder account. */
  CASH_HELD(4, Unit.SEK, false, AccountTable.CASH_HELD),
  /** Posted purchases that the acquirers are to be paid for. */
  SETTLEMENT_DUE(5, Unit.SEK, false, LedgerAccount.NO_SUBLEDGER),
  /** The other side of every Hjartan below; never positive. */
  HJARTAN_ISSUED(6, Unit.HJARTAN, true, LedgerAccount.NO_SUBLEDGER),
  /** By cardholder account. */
  HJARTAN_AVAILABLE(7, Unit.HJARTAN, false, AccountTable.HJARTAN_AVAILABLE),
  /** By cardholder account. */
  HJARTAN_HELD(8, Unit.HJARTAN, false, AccountTable.HJARTAN_HELD),
  /** What community providers have earned and not yet redeemed; by merchant row. */
  PROVIDER_HJARTAN(9, Unit.HJARTAN, false, MerchantTable.BALANCE);

  /** The two kinds of money; nothing moves between them. */
  enum Unit {
    SEK,
    HJARTAN
  }

  static final int NO_SUBLEDGER = -1;

  /** Place in a list of balances; stable. */
  final int number;

  final Unit unit;

  /** A contra account: its balance is never positive, where the others' are never negative. */
  final boolean contra;

  /** Where the balance lies in the subledger's row; {@link #NO_SUBLEDGER}: the account has no rows. */
  final int subledgerOffset;

  LedgerAccount(int number, Unit unit, boolean contra, int subledgerOffset) {
    this.number = number;
    this.unit = unit;
    this.contra = contra;
    this.subledgerOffset = subledgerOffset;
  }
}
