package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The money of an EARMARK (oronmarkning): a drawing right on the programme's pool. Lies in a row of {@link
 * AllowanceTable}; owned by the core thread; speaks of the earmark last selected there. Amounts are minor units.
 *
 * <p>A grant sets its amount aside in the pool, so that every earmark can be paid. What is left at its end, or comes
 * back later, is the pool's again: it never was the holder's (domain.md section 2). Whatever touches the pool needs the
 * earmark's account selected.
 *
 * <pre>
 *  48  available                                i64, of the allowance
 * 152  held                                     i64
 * 160  spent: posted, less what came back       i64
 * 168  civil week that the visits below count   i32, weeks since Monday 1969-12-29
 * 172  visits in that week                      u8
 * 173  most visits in a week, 0: any number     u8
 * 174  (unused)
 * </pre>
 */
final class EarmarkPurse {
  static final int HELD = AllowanceTable.PURSE;
  private static final int SPENT = HELD + 8;
  private static final int WEEK = HELD + 16;
  private static final int VISITS = HELD + 20;
  private static final int USES_A_WEEK = HELD + 21;

  /** Bytes behind the allowance's own. */
  static final int LENGTH = 24;

  private static final int SWEPT = 4;
  private static final int MOST_VISITS = 255;
  private static final int DAYS_OF_1970_BEFORE_MONDAY = 3;
  private static final int DAYS_A_WEEK = 7;

  private final UnsafeBuffer row;
  private final AccountTable accounts;
  private final ProgrammeTable programmes;
  private final Ledger ledger;

  EarmarkPurse(UnsafeBuffer row, AccountTable accounts, ProgrammeTable programmes, Ledger ledger) {
    this.row = row;
    this.accounts = accounts;
    this.programmes = programmes;
    this.ledger = ledger;
  }

  /** The civil week, Monday to Sunday, of a civil day. */
  static int weekOf(int epochDay) {
    return Math.floorDiv(epochDay + DAYS_OF_1970_BEFORE_MONDAY, DAYS_A_WEEK);
  }

  long availableMinor() {
    return row.getLong(AllowanceTable.LEFT);
  }

  long heldMinor() {
    return row.getLong(HELD);
  }

  /** Posted, less what was taken back or refunded. */
  long spentMinor() {
    return row.getLong(SPENT);
  }

  int usesAWeek() {
    return row.getByte(USES_A_WEEK) & 0xFF;
  }

  /** It has ended, and what was left is the pool's again. */
  boolean isSwept() {
    return (row.getByte(AllowanceTable.BITS) & SWEPT) != 0;
  }

  /** Takes what was granted out of the pool; once, where the row is made. */
  void open(int usesAWeek) {
    row.putByte(USES_A_WEEK, (byte) usesAWeek);
    long grantedMinor = row.getLong(AllowanceTable.GRANTED);
    row.putLong(AllowanceTable.LEFT, 0);
    ledger.move(LedgerAccount.POOL, pool(), LedgerAccount.EARMARK_AVAILABLE, row, grantedMinor);
  }

  private UnsafeBuffer pool() {
    return programmes.select(accounts.programmeId());
  }

  /** What is left goes back to the pool; from now on so does whatever comes back. */
  void sweep() {
    ledger.move(LedgerAccount.EARMARK_AVAILABLE, row, LedgerAccount.POOL, pool(), availableMinor());
    row.putByte(AllowanceTable.BITS, (byte) (row.getByte(AllowanceTable.BITS) | SWEPT));
  }

  void hold(long amountMinor) {
    ledger.move(LedgerAccount.EARMARK_AVAILABLE, row, LedgerAccount.EARMARK_HELD, row, amountMinor);
  }

  void release(long amountMinor) {
    comesBack(LedgerAccount.EARMARK_HELD, row, amountMinor);
  }

  /** Pays a merchant with what was held. */
  void complete(long amountMinor) {
    ledger.move(LedgerAccount.EARMARK_HELD, row, LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, amountMinor);
    spent(amountMinor);
  }

  /** Pays a merchant at once. */
  void post(long amountMinor) {
    ledger.move(LedgerAccount.EARMARK_AVAILABLE, row, LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, amountMinor);
    spent(amountMinor);
  }

  /** A merchant gives back what it was paid: by a reversal or a refund. */
  void takeBack(long amountMinor) {
    comesBack(LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, amountMinor);
    spent(-amountMinor);
  }

  /** What a refund had given can be taken again: where it is now. */
  long takableMinor() {
    if (!isSwept()) {
      return availableMinor();
    }
    programmes.select(accounts.programmeId());
    return programmes.poolMinor();
  }

  /** Takes back what a refund had given, at most {@link #takableMinor}. */
  void takeRefundBack(long amountMinor) {
    if (isSwept()) {
      ledger.move(LedgerAccount.POOL, pool(), LedgerAccount.SETTLEMENT_DUE, Ledger.NO_ROW, amountMinor);
      spent(amountMinor);
    } else {
      post(amountMinor);
    }
  }

  private void comesBack(LedgerAccount from, UnsafeBuffer fromRow, long amountMinor) {
    if (isSwept()) {
      ledger.move(from, fromRow, LedgerAccount.POOL, pool(), amountMinor);
    } else {
      ledger.move(from, fromRow, LedgerAccount.EARMARK_AVAILABLE, row, amountMinor);
    }
  }

  private void spent(long amountMinor) {
    row.putLong(SPENT, spentMinor() + amountMinor);
  }

  /** Whether the week of that civil day has room for one more visit. */
  boolean hasVisit(int epochDay) {
    return usesAWeek() == 0 || visits(weekOf(epochDay)) < usesAWeek();
  }

  private int visits(int week) {
    return row.getInt(WEEK) == week ? row.getByte(VISITS) & 0xFF : 0;
  }

  /** Counts a visit, where its weeks are counted. */
  void visit(int week) {
    if (usesAWeek() != 0) {
      // A late completion may be one more than a week has; what is full stays full.
      int visits = Math.min(visits(week) + 1, MOST_VISITS);
      row.putInt(WEEK, week);
      row.putByte(VISITS, (byte) visits);
    }
  }

  /** Takes a visit back, unless the counter has gone on to another week. */
  void unvisit(int week) {
    if (usesAWeek() != 0 && visits(week) > 0) {
      row.putByte(VISITS, (byte) (visits(week) - 1));
    }
  }

  /** Invariant 1; what is swept has left nothing. {@code holdsMinor}: what the holds that drew on it say. */
  void check(int id, long holdsMinor) {
    long here = availableMinor() + heldMinor() + spentMinor();
    long grantedMinor = row.getLong(AllowanceTable.GRANTED);
    boolean sound = isSwept() ? availableMinor() == 0 && here <= grantedMinor : here == grantedMinor;
    if (!sound || heldMinor() != holdsMinor || spentMinor() < 0) {
      throw new IllegalStateException(
          "invariant 1: earmark " + id + ": granted " + grantedMinor + ", available " + availableMinor() + ", held "
              + heldMinor() + " (its holds say " + holdsMinor + "), spent " + spentMinor()
              + (isSwept() ? ", swept" : ""));
    }
  }
}
