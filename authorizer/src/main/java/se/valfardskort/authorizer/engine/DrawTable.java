package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What holds and postings drew on allowances. Owned by the core thread. Amounts are minor units.
 *
 * <p>The draws of one hold or posting are a chain, whose head lies in the original's row; nearly every purchase has
 * none. A completion hands the chain on to the posting. Links are id + 1, 0: none.
 *
 * <pre>
 *   0  allowance + 1, 0: the row is free   i32
 *   4  next of the chain, or next free row i32
 *   8  1: a use was taken                  u8
 *  16  left of what was drawn              i64
 * </pre>
 */
final class DrawTable {
  private static final int ALLOWANCE = 0;
  private static final int NEXT = 4;
  private static final int USE = 8;
  private static final int LEFT = 16;
  private static final int ROW_LENGTH = 24;

  private final AllowanceTable allowances;
  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private int firstFresh;
  private int firstFree;

  DrawTable(EngineStore store, int capacity, AllowanceTable allowances) {
    this.allowances = allowances;
    rows = store.rows("draws", ROW_LENGTH, capacity);
  }

  boolean isFull() {
    return firstFree == 0 && firstFresh == rows.capacity();
  }

  /**
   * Draws on an allowance what it has of that amount, and a use where one is left; returns the chain with the draw in
   * front.
   */
  int draw(int chain, int allowanceId, long amountMinor) {
    allowances.select(allowanceId);
    final long takenMinor = allowances.take(amountMinor);
    final boolean takesUse = allowances.hasUse();
    if (takesUse) {
      allowances.takeUse();
    }
    allowances.drawn(1);
    int id = firstFree != 0 ? firstFree - 1 : firstFresh++;
    rows.wrap(row, id);
    firstFree = firstFree != 0 ? row.getInt(NEXT) : 0;
    row.putInt(ALLOWANCE, allowanceId + 1);
    row.putInt(NEXT, chain);
    row.putByte(USE, (byte) (takesUse ? 1 : 0));
    row.putLong(LEFT, takenMinor);
    return id + 1;
  }

  /** The allowance on which a purchase with that chain drew, {@link AllowanceTable#NONE}: on none. */
  int allowanceOf(int chain) {
    if (chain == 0) {
      return AllowanceTable.NONE;
    }
    rows.wrap(row, chain - 1);
    return row.getInt(ALLOWANCE) - 1;
  }

  /** Draws more for the same purchase, without another use; what the allowance lacks is not drawn. */
  void drawMore(int chain, long amountMinor) {
    allowances.select(allowanceOf(chain));
    row.putLong(LEFT, row.getLong(LEFT) + allowances.take(amountMinor));
  }

  /** What a chain has drawn and not given back. */
  long drawnMinor(int chain) {
    long drawnMinor = 0;
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      rows.wrap(row, next - 1);
      drawnMinor += row.getLong(LEFT);
    }
    return drawnMinor;
  }

  /** A part of the purchase went back to its purses, so a part of what was drawn, the last first, is there again. */
  void giveBack(int chain, long amountMinor) {
    long leftMinor = amountMinor;
    for (int next = chain; next != 0 && leftMinor > 0; next = row.getInt(NEXT)) {
      allowances.select(allowanceOf(next));
      long backMinor = Math.min(leftMinor, row.getLong(LEFT));
      row.putLong(LEFT, row.getLong(LEFT) - backMinor);
      allowances.giveBack(backMinor);
      leftMinor -= backMinor;
    }
  }

  /** The purchase never was: its uses are there again. */
  void giveBackUses(int chain) {
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      rows.wrap(row, next - 1);
      if (row.getByte(USE) != 0) {
        row.putByte(USE, (byte) 0);
        allowances.select(row.getInt(ALLOWANCE) - 1);
        allowances.giveBackUse();
      }
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
    }
  }

  /** Walks a chain: adds the draws that each allowance has to {@code draws}, for {@link Invariants}. */
  void count(int chain, int[] draws) {
    for (int next = chain; next != 0; next = row.getInt(NEXT)) {
      rows.wrap(row, next - 1);
      int allowanceId = row.getInt(ALLOWANCE) - 1;
      if (allowanceId < 0 || row.getLong(LEFT) < 0) {
        throw new IllegalStateException("draw " + (next - 1) + " is free or below 0, and stands in a chain");
      }
      draws[allowanceId]++;
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
