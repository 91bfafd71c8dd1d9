package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What each acquirer is to be paid, as it will ask for it: totals of postings and their reversals by partner and
 * acquirer, since the last cut-over and by settlement day. Owned by the core thread; counting and reading speak of what
 * was last selected. Amounts are minor units, whichever purse paid; days are counted from 1970.
 *
 * <p>A row is made when a configuration names an acquirer of a partner, and stays. Row {@link #OTHERS} takes what comes
 * from nobody that is configured, so that counting can neither fail nor lose anything.
 *
 * <p>The {@link #DAYS} settlement days nearest to the calendar's are kept; a further one takes the place of the
 * farthest.
 *
 * <pre>
 *    0  partner id i32 | 4 place of the day last counted i32
 *    8  acquirer i64
 *   16  current settlement day i64, 0: the calendar's
 *   24  totals ever
 *   96  totals since the last cut-over
 *  168  the days that are kept, 64 times i64, 0: none
 *  680  the totals of each
 *
 *  totals (all i64):  0 credits       8 their amount   16 credit reversals  24 their amount
 *                    32 debits       40 their amount   48 debit reversals   56 their amount   64 authorizations
 * </pre>
 */
final class SettlementTable {
  /** Acquirers of all partners that may ever be configured; about 5 KB each. */
  static final int CAPACITY = 256;

  /** Row of what belongs to no configured acquirer. */
  static final int OTHERS = 0;

  /** Settlement days that are kept. */
  static final int DAYS = 64;

  /** No acquirer has it. */
  static final long NO_ACQUIRER = -1;

  // Where each total lies; the amount of a count follows it.
  static final int CREDITS = 0;
  static final int CREDIT_REVERSALS = 16;
  static final int DEBITS = 32;
  static final int DEBIT_REVERSALS = 48;
  static final int AUTHORIZATIONS = 64;
  static final int AMOUNT = 8;

  private static final int PARTNER = 0;
  private static final int LAST_PLACE = 4;
  private static final int ACQUIRER = 8;
  private static final int CURRENT_DAY = 16;
  private static final int EVER = 24;
  private static final int TOTALS_LENGTH = 72;
  private static final int SINCE_CUT_OVER = EVER + TOTALS_LENGTH;
  private static final int DAY = SINCE_CUT_OVER + TOTALS_LENGTH;
  private static final int OF_DAY = DAY + DAYS * Long.BYTES;
  private static final int ROW_LENGTH = OF_DAY + DAYS * TOTALS_LENGTH;

  /** The calendar names the settlement day. */
  static final long NO_DAY = 0;

  /** In the place of totals: the selected day has none. */
  private static final int NOTHING = -1;

  private final Rows rows;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private int count;

  /** Totals of the selected day, or what is read. */
  private int selected = NOTHING;

  SettlementTable(EngineStore store) {
    rows = store.rows("settlement", ROW_LENGTH, CAPACITY);
    findOrAdd(0, NO_ACQUIRER);
  }

  int count() {
    return count;
  }

  int room() {
    return CAPACITY - count;
  }

  /** Off the hot path. */
  boolean knows(int partnerId, long acquirer) {
    return find(partnerId, acquirer) < count;
  }

  /** Returns the row of a partner's acquirer, made if need be; the caller has seen to it that there is room. */
  int findOrAdd(int partnerId, long acquirer) {
    int id = find(partnerId, acquirer);
    rows.wrap(row, id);
    if (id == count) {
      count++;
      row.putInt(PARTNER, partnerId);
      row.putLong(ACQUIRER, acquirer);
    }
    return id;
  }

  private int find(int partnerId, long acquirer) {
    for (int id = 0; id < count; id++) {
      rows.wrap(row, id);
      if (row.getInt(PARTNER) == partnerId && row.getLong(ACQUIRER) == acquirer) {
        return id;
      }
    }
    return count;
  }

  /** Selects the acquirer and the settlement day of a card's request: what is counted next is counted there. */
  void select(Rules rules, Request request, long timeMs) {
    rows.wrap(row, rules.partners.settlementRow(request.partnerId, request.acquirer));
    long today = rules.civilTime.epochDay(timeMs);
    long day = TransmissionTime.NONE;
    if (request.hasSettlementDate()) {
      day = TransmissionTime.nearestDay(request.settlementDate, today);
    }
    if (day == TransmissionTime.NONE) {
      day = row.getLong(CURRENT_DAY) == NO_DAY ? today : row.getLong(CURRENT_DAY);
    }

    int place = row.getInt(LAST_PLACE);
    if (dayAt(place) != day) {
      place = placeOf(day);
      if (place == NOTHING) {
        place = farthest(today);
        row.putLong(DAY + place * Long.BYTES, day);
        row.setMemory(OF_DAY + place * TOTALS_LENGTH, TOTALS_LENGTH, (byte) 0);
      }
      row.putInt(LAST_PLACE, place);
    }
    selected = OF_DAY + place * TOTALS_LENGTH;
  }

  private long dayAt(int place) {
    return row.getLong(DAY + place * Long.BYTES);
  }

  /** Where a day is kept, or {@link #NOTHING}. */
  private int placeOf(long day) {
    for (int place = 0; place < DAYS; place++) {
      if (dayAt(place) == day) {
        return place;
      }
    }
    return NOTHING;
  }

  /** The first place that is free, else that of the day which is farthest from today. */
  private int farthest(long today) {
    int farthest = 0;
    for (int place = 0; place < DAYS && dayAt(farthest) != NO_DAY; place++) {
      boolean farther = Math.abs(dayAt(place) - today) > Math.abs(dayAt(farthest) - today);
      if (farther || dayAt(place) == NO_DAY) {
        farthest = place;
      }
    }
    return farthest;
  }

  /** A purchase was posted. */
  void debit(long amountMinor) {
    count(DEBITS, amountMinor);
  }

  /** So much of a posted purchase was given back by a reversal. */
  void debitReversal(long amountMinor) {
    count(DEBIT_REVERSALS, amountMinor);
  }

  /** A refund was posted. */
  void credit(long amountMinor) {
    count(CREDITS, amountMinor);
  }

  /** So much of a refund was taken back by a reversal. */
  void creditReversal(long amountMinor) {
    count(CREDIT_REVERSALS, amountMinor);
  }

  /** A 01xx was decided. */
  void authorization() {
    add(AUTHORIZATIONS, 1);
  }

  private void count(int total, long amountMinor) {
    add(total, 1);
    add(total + AMOUNT, amountMinor);
  }

  private void add(int total, long delta) {
    row.putLong(EVER + total, row.getLong(EVER + total) + delta);
    row.putLong(SINCE_CUT_OVER + total, row.getLong(SINCE_CUT_OVER + total) + delta);
    row.putLong(selected + total, row.getLong(selected + total) + delta);
  }

  /** For reading: what was counted since the last cut-over. */
  void readSinceCutOver(int id) {
    rows.wrap(row, id);
    selected = SINCE_CUT_OVER;
  }

  /** For reading: what was counted on a day; false where that may have been forgotten. */
  boolean readDay(int id, long day, long today) {
    rows.wrap(row, id);
    int place = placeOf(day);
    selected = place == NOTHING ? NOTHING : OF_DAY + place * TOTALS_LENGTH;
    if (place != NOTHING) {
      return true;
    }
    long farthest = dayAt(farthest(today));
    return farthest == NO_DAY || Math.abs(day - today) < Math.abs(farthest - today);
  }

  /** For reading: all that was ever counted. */
  void readEver(int id) {
    rows.wrap(row, id);
    selected = EVER;
  }

  /** One of the totals that were selected for reading. */
  long value(int total) {
    return selected == NOTHING ? 0 : row.getLong(selected + total);
  }

  /** What the acquirer receives; below 0 what it pays. */
  long netMinor() {
    return value(DEBITS + AMOUNT) - value(DEBIT_REVERSALS + AMOUNT)
        - value(CREDITS + AMOUNT) + value(CREDIT_REVERSALS + AMOUNT);
  }

  /**
   * The acquirer's totals start anew.
   *
   * @param day the settlement day from now on; {@link #NO_DAY}: the calendar's
   */
  void cutOver(int id, long day) {
    rows.wrap(row, id);
    row.setMemory(SINCE_CUT_OVER, TOTALS_LENGTH, (byte) 0);
    row.putLong(CURRENT_DAY, day);
  }

  Rows rows() {
    return rows;
  }

  /** Takes over {@code acquirers} rows that have been filled. */
  void restore(int acquirers) {
    count = acquirers;
  }

  long hash(long seed) {
    long hash = Hash.mix(seed, count);
    for (int id = 0; id < count; id++) {
      rows.wrap(row, id);
      hash = Hash.mix(hash, row, 0, ROW_LENGTH);
    }
    return hash;
  }
}
