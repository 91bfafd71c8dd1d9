package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The books: one balance for each {@link LedgerAccount}, and the two doors through which money moves: {@link #move},
 * and {@link #force} for what was paid out elsewhere in a purse's name, however little is in it.
 *
 * <p>Owned by the core thread. All amounts are minor units.
 */
final class Ledger {
  private static final LedgerAccount[] ACCOUNTS = LedgerAccount.values();

  /** Passed where an account has no subledger. */
  static final UnsafeBuffer NO_ROW = new UnsafeBuffer(new byte[0]);

  private final long[] balances = new long[LedgerAccount.NUMBERS];

  /**
   * Moves {@code amountMinor} (0 or more) from one account to another of the same unit, in the totals and in the rows.
   *
   * @throws IllegalStateException when a balance would get the wrong sign: the process must stop
   */
  void move(LedgerAccount from, UnsafeBuffer fromRow, LedgerAccount to, UnsafeBuffer toRow, long amountMinor) {
    if (amountMinor == 0) {
      return;
    }
    if (amountMinor < 0) {
      throw new IllegalStateException("a posting of " + amountMinor + " from " + from + " to " + to);
    }
    if (from.unit != to.unit) {
      throw new IllegalStateException("invariant 7: " + amountMinor + " from " + from + " to " + to);
    }
    // What is below 0 may rise; nothing may sink there.
    if (add(from, fromRow, -amountMinor) < 0) {
      throw new IllegalStateException("a row of ledger account " + from + " cannot pay " + amountMinor);
    }
    add(to, toRow, amountMinor);
  }

  /**
   * The forced door: as {@link #move} out of the kronor that a purse has available, but the purse may come below 0.
   *
   * @throws IllegalStateException when the other side would get the wrong sign: the process must stop
   */
  void force(UnsafeBuffer purse, LedgerAccount to, UnsafeBuffer toRow, long amountMinor) {
    if (amountMinor < 0 || to.unit != LedgerAccount.Unit.SEK) {
      throw new IllegalStateException("a forced posting of " + amountMinor + " to " + to);
    }
    add(LedgerAccount.CASH_AVAILABLE, purse, -amountMinor);
    add(to, toRow, amountMinor);
  }

  /** Returns the new balance of the row; 0 where the account has no rows. */
  private long add(LedgerAccount account, UnsafeBuffer row, long deltaMinor) {
    long total = balances[account.number] + deltaMinor;
    balances[account.number] = total;
    boolean wrong =
        switch (account.sign) {
          case NEVER_BELOW_0 -> total < 0;
          case NEVER_ABOVE_0 -> total > 0;
          case EITHER -> false;
        };
    if (wrong) {
      throw new IllegalStateException("ledger account " + account + " came to " + total);
    }
    if (account.subledgerOffset == LedgerAccount.NO_SUBLEDGER) {
      return 0;
    }
    long balance = row.getLong(account.subledgerOffset) + deltaMinor;
    row.putLong(account.subledgerOffset, balance);
    return balance;
  }

  long balanceMinor(LedgerAccount account) {
    return balances[account.number];
  }

  /** Takes over a balance. */
  void restore(LedgerAccount account, long amountMinor) {
    balances[account.number] = amountMinor;
  }

  /** Backing in kronor that no Hjartan stands against yet, and that no run of loads has set aside. */
  long unusedBackingMinor() {
    return balanceMinor(LedgerAccount.TREASURY_BACKING) + balanceMinor(LedgerAccount.HJARTAN_ISSUED);
  }

  /** Invariants 2 and 8 over the totals; a few additions, so run after every command. */
  void check() {
    long sek = 0;
    long hjartan = 0;
    for (LedgerAccount account : ACCOUNTS) {
      if (account.unit == LedgerAccount.Unit.SEK) {
        sek += balances[account.number];
      } else {
        hjartan += balances[account.number];
      }
    }
    if (sek != 0) {
      throw new IllegalStateException("invariant 2: the ledger's kronor sum to " + sek);
    }
    if (hjartan != 0) {
      throw new IllegalStateException("invariant 8: Hjartan issued differ from those that exist by " + hjartan);
    }
    if (unusedBackingMinor() < 0) {
      throw new IllegalStateException("invariant 8: backing falls short of Hjartan issued by " + -unusedBackingMinor());
    }
  }

  long hash(long seed) {
    long hash = seed;
    for (long balance : balances) {
      hash = Hash.mix(hash, balance);
    }
    return hash;
  }
}
