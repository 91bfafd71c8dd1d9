package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What holds and postings drew on allowances: on approvals, and on earmarks, which pay. Owned by the core thread.
 * Amounts are minor units.
 *
 * <p>The draws of one hold or posting are a chain, whose head lies in the original's row, the last drawn first; nearly
 * every purchase has none. A completion hands the chain on to the posting. The chain of a refund says to which earmarks
 * it gave. Links are id + 1, 0: none. What a chain does to earmarks needs their account selected.
 *
 * <pre>
 *   0  allowance + 1, 0: the row is free            i32
 *   4  next of the chain, or next free row          i32
 *   8  1: a use was taken                           u8
 *  12  civil week in which it was taken             i32
 *  16  left of what was drawn; of a refund: given   i64
 *  24  of an earmark: ever drawn                    i64
 *  32  of an earmark: refunded of what is left      i64
 * </pre>
 */
final class DrawTable {
  private static final int ALLOWANCE = 0;
  private static final int NEXT = 4;
  private static final int USE = 8;
  private static final int WEEK = 12;
  private static final int LEFT = 16;
  private static final int DRAWN = 24;
  private static final int REFUNDED = 32;
  private static final int ROW_LENGTH = 40;

  private final AllowanceTable allowances;
  private final EarmarkPurse purse;
  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private int firstFresh;
  private int firstFree;
  private int live;

  DrawTable(EngineStore store, int capacity, AllowanceTable allowances) {
    this.allowances = allowances;
    this.purse = allowances.purse;
    rows = store.rows("draws", ROW_LENGTH, capacity);
  }

  /** Whether so many more can be drawn. */
  boolean hasRoomFor(int more) {
    return live + more <= rows.capacity();
  }

  /** Takes a row for a draw on the selected allowance and puts it in front of a chain; returns the chain. */
  private int add(int chain, int allowanceId) {
    allowances.drawn(1);
    int id = firstFree != 0 ? firstFree - 1 : firstFresh++;
    rows.wrap(row, id);
    firstFree = firstFree != 0 ? row.getInt(NEXT) : 0;
    live++;
    row.putInt(ALLOWANCE, allowanceId + 1);
    row.putInt(NEXT, chain);
    return id + 1;
  }

  /** Takes a use of the selected allowance, where one is left; the draw just made keeps it. */
  private void takeUse(int dayIndex) {
    if (allowances.hasUse()) {
      int week = EarmarkPurse.weekOf(dayIndex);
      allowances.takeUse();
      purse.visit(week);
      row.putByte(USE, (byte) 1);
      row.putInt(WEEK, week);
    }
  }

  /** Selects a draw of a chain, and the allowance on which it draws. */
  private void select(int link) {
    rows.wrap(row, link - 1);
    allowances.select(row.getInt(ALLOWANCE) - 1);
  }

  /**
   * Draws on an approval what it has of that amount, and a use where one is left; returns the chain with the draw in
   * front.
   */
  int drawApproval(int chain, int allowanceId, long amountMinor, int dayIndex) {
    allowances.select(allowanceId);
    long takenMinor = allowances.take(amountMinor);
    int drawn = add(chain, allowanceId);
    takeUse(dayIndex);
    row.putLong(LEFT, takenMinor);
    return drawn;
  }

  /** The approval on which a purchase with that chain drew, {@link AllowanceTable#NONE}: on none. */
  int approvalOf(int chain) {
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      select(next);
      if (!allowances.isEarmark()) {
        return row.getInt(ALLOWANCE) - 1;
      }
    }
    return AllowanceTable.NONE;
  }

  /** Draws more on the chain's approval, without another use; what it lacks is not drawn. */
  void drawMoreApproval(int chain, long amountMinor) {
    if (approvalOf(chain) != AllowanceTable.NONE) {
      row.putLong(LEFT, row.getLong(LEFT) + allowances.take(amountMinor));
    }
  }

  /** What a chain has drawn on approvals and not given back. */
  long approvedMinor(int chain) {
    long approvedMinor = 0;
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      select(next);
      approvedMinor += allowances.isEarmark() ? 0 : row.getLong(LEFT);
    }
    return approvedMinor;
  }

  /** A part of the purchase went back to its purses, so a part of what was approved, the last first, is there again. */
  void giveApprovalBack(int chain, long amountMinor) {
    long leftMinor = amountMinor;
    for (int next = chain; next != 0 && leftMinor > 0; next = row.getInt(NEXT)) {
      select(next);
      if (!allowances.isEarmark()) {
        long backMinor = Math.min(leftMinor, row.getLong(LEFT));
        row.putLong(LEFT, row.getLong(LEFT) - backMinor);
        allowances.giveBack(backMinor);
        leftMinor -= backMinor;
      }
    }
  }

  /** The purchase never was: its uses, of approvals and earmarks, are there again. */
  void giveBackUses(int chain) {
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      select(next);
      if (row.getByte(USE) != 0) {
        row.putByte(USE, (byte) 0);
        allowances.giveBackUse();
        purse.unvisit(row.getInt(WEEK));
      }
    }
  }

  /** Selects the draw of a chain on that earmark; false: there is none. */
  boolean drewOn(int chain, int earmarkId) {
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      rows.wrap(row, next - 1);
      if (row.getInt(ALLOWANCE) == earmarkId + 1) {
        allowances.select(earmarkId);
        return true;
      }
    }
    return false;
  }

  /** The earmark pays for a purchase, or a part; the first time with a use. Returns the chain with its draw. */
  int drawEarmark(int chain, int earmarkId, long amountMinor, boolean held, int dayIndex) {
    int drawn = chain;
    if (!drewOn(chain, earmarkId)) {
      allowances.select(earmarkId);
      drawn = add(chain, earmarkId);
      takeUse(dayIndex);
    }
    row.putLong(LEFT, row.getLong(LEFT) + amountMinor);
    row.putLong(DRAWN, row.getLong(DRAWN) + amountMinor);
    if (held) {
      purse.hold(amountMinor);
    } else {
      purse.post(amountMinor);
    }
    return drawn;
  }

  /** What earmarks pay of a purchase with that chain; of a refund: what it gave them. */
  long earmarkMinor(int chain) {
    return sumOfEarmarks(chain, LEFT);
  }

  /** What of {@link #earmarkMinor} was refunded. */
  long refundedMinor(int chain) {
    return sumOfEarmarks(chain, REFUNDED);
  }

  /** What earmarks ever paid of it. */
  long drawnMinor(int chain) {
    return sumOfEarmarks(chain, DRAWN);
  }

  private long sumOfEarmarks(int chain, int field) {
    long sumMinor = 0;
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      select(next);
      sumMinor += allowances.isEarmark() ? row.getLong(field) : 0;
    }
    return sumMinor;
  }

  /**
   * How much of it the holder can spend again, where earmarks get so much back: what goes to one that has ended is the
   * pool's.
   */
  long spendableAgainMinor(int chain, long amountMinor, long timeMs) {
    long leftMinor = amountMinor;
    long spendableMinor = 0;
    for (int next = chain; next != 0 && leftMinor > 0; next = row.getInt(NEXT)) {
      select(next);
      if (allowances.isEarmark()) {
        long backMinor = Math.min(leftMinor, row.getLong(LEFT) - row.getLong(REFUNDED));
        spendableMinor += allowances.isLiveAt(timeMs) ? backMinor : 0;
        leftMinor -= backMinor;
      }
    }
    return spendableMinor;
  }

  /** Gives back to the earmarks, the last drawn first, so much of what is left and was not refunded. */
  void giveEarmarksBack(int chain, long amountMinor, boolean held) {
    long leftMinor = amountMinor;
    for (int next = chain; next != 0 && leftMinor > 0; next = row.getInt(NEXT)) {
      select(next);
      if (allowances.isEarmark()) {
        long backMinor = Math.min(leftMinor, row.getLong(LEFT) - row.getLong(REFUNDED));
        row.putLong(LEFT, row.getLong(LEFT) - backMinor);
        if (held) {
          purse.release(backMinor);
        } else {
          purse.takeBack(backMinor);
        }
        leftMinor -= backMinor;
      }
    }
    requireNothing(leftMinor, "given back");
  }

  /** A hold becomes a posting: what its earmarks hold is paid. */
  void complete(int chain) {
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      select(next);
      if (allowances.isEarmark()) {
        purse.complete(row.getLong(LEFT));
      }
    }
  }

  /**
   * Refunds to the earmarks that paid a posting, the last drawn first, so much of what is left and was not refunded.
   *
   * @param refund the chain of the refund so far
   * @return the chain of the refund, with what each earmark was given
   */
  int refund(int posting, long amountMinor, int refund) {
    int given = refund;
    long leftMinor = amountMinor;
    for (int next = posting; next != 0 && leftMinor > 0; ) {
      select(next);
      final int link = next;
      final int earmarkId = row.getInt(ALLOWANCE) - 1;
      long backMinor = Math.min(leftMinor, row.getLong(LEFT) - row.getLong(REFUNDED));
      next = row.getInt(NEXT);
      if (allowances.isEarmark() && backMinor > 0) {
        row.putLong(REFUNDED, row.getLong(REFUNDED) + backMinor);
        purse.takeBack(backMinor);
        leftMinor -= backMinor;
        if (!drewOn(given, earmarkId)) {
          allowances.select(earmarkId);
          given = add(given, earmarkId);
        }
        row.putLong(LEFT, row.getLong(LEFT) + backMinor);
        rows.wrap(row, link - 1);
      }
    }
    requireNothing(leftMinor, "refunded");
    return given;
  }

  /** What can be taken again of so much that a refund gave to earmarks, the last given first. */
  long takableMinor(int refund, long amountMinor) {
    return takableMinor(refund, amountMinor, false, 0);
  }

  /** What of {@link #takableMinor(int, long)} is taken from earmarks that the holder could spend at {@code timeMs}. */
  long takenOfLiveMinor(int refund, long amountMinor, long timeMs) {
    return takableMinor(refund, amountMinor, true, timeMs);
  }

  private long takableMinor(int refund, long amountMinor, boolean ofLive, long timeMs) {
    long leftMinor = amountMinor;
    long takableMinor = 0;
    long ofPoolMinor = 0;
    for (int next = refund; next != 0 && leftMinor > 0; next = row.getInt(NEXT)) {
      select(next);
      long shareMinor = Math.min(leftMinor, row.getLong(LEFT));
      boolean swept = purse.isSwept();
      long takenMinor = Math.min(shareMinor, purse.takableMinor() - (swept ? ofPoolMinor : 0));
      ofPoolMinor += swept ? takenMinor : 0;
      takableMinor += !ofLive || allowances.isLiveAt(timeMs) ? takenMinor : 0;
      leftMinor -= shareMinor;
    }
    return takableMinor;
  }

  /**
   * Takes back so much of what a refund gave to earmarks; what is no longer there stays the earmark's, since CASH pays
   * for it.
   *
   * @param posting the chain of the posting that was refunded, to which it belongs again; 0: none
   */
  void takeRefundBack(int refund, long amountMinor, int posting) {
    long leftMinor = amountMinor;
    for (int next = refund; next != 0 && leftMinor > 0; ) {
      select(next);
      final int earmarkId = row.getInt(ALLOWANCE) - 1;
      long shareMinor = Math.min(leftMinor, row.getLong(LEFT));
      long takenMinor = Math.min(shareMinor, purse.takableMinor());
      row.putLong(LEFT, row.getLong(LEFT) - shareMinor);
      purse.takeRefundBack(takenMinor);
      next = row.getInt(NEXT);
      if (drewOn(posting, earmarkId)) {
        row.putLong(REFUNDED, row.getLong(REFUNDED) - shareMinor);
        row.putLong(LEFT, row.getLong(LEFT) - shareMinor + takenMinor);
      }
      leftMinor -= shareMinor;
    }
    requireNothing(leftMinor, "taken back");
  }

  private static void requireNothing(long leftMinor, String what) {
    if (leftMinor != 0) {
      throw new IllegalStateException(leftMinor + " could not be " + what + ": the earmarks' draws have less");
    }
  }

  /** Forgets a chain with its original; what is drawn stays drawn. */
  void forget(int chain) {
    int next = chain;
    while (next != 0) {
      int id = next - 1;
      rows.wrap(row, id);
      next = row.getInt(NEXT);
      allowances.select(row.getInt(ALLOWANCE) - 1);
      allowances.drawn(-1);
      row.setMemory(0, ROW_LENGTH, (byte) 0);
      row.putInt(NEXT, firstFree);
      firstFree = id + 1;
      live--;
    }
  }

  /**
   * Walks a chain, for {@link Invariants}: adds the draws that each allowance has to {@code draws}, and what a hold has
   * of each earmark to {@code heldMinor}.
   */
  void count(int chain, boolean held, int[] draws, long[] heldMinor) {
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      rows.wrap(row, next - 1);
      int allowanceId = row.getInt(ALLOWANCE) - 1;
      long leftMinor = row.getLong(LEFT);
      if (allowanceId < 0 || leftMinor < 0 || row.getLong(REFUNDED) < 0 || row.getLong(REFUNDED) > leftMinor) {
        throw new IllegalStateException(
            "invariant 6: draw " + (next - 1) + " stands in a chain and is free, or has " + leftMinor + " left, "
                + row.getLong(REFUNDED) + " of it refunded");
      }
      draws[allowanceId]++;
      heldMinor[allowanceId] += held ? leftMinor : 0;
    }
  }

  Rows rows() {
    return rows;
  }

  /** Rows that were ever used, freed ones included. */
  int everUsed() {
    return firstFresh;
  }

  /** The first freed row + 1; 0: none is free. */
  int firstFree() {
    return firstFree;
  }

  /** Takes over rows that have been filled. */
  void restore(int everUsed, int firstFreeRow) {
    firstFresh = everUsed;
    firstFree = firstFreeRow;
  }

  /** Counts the rows in use, once they have been filled. */
  void countLive() {
    live = firstFresh;
    for (int next = firstFree; next != 0; next = row.getInt(NEXT)) {
      rows.wrap(row, next - 1);
      live--;
    }
  }

  /** Of a state that never had any: the seed, as it was before there were draws. */
  long hash(long seed) {
    if (firstFresh == 0) {
      return seed;
    }
    long hash = Hash.mix(Hash.mix(seed, firstFresh), firstFree);
    for (int id = 0; id < firstFresh; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }
}
