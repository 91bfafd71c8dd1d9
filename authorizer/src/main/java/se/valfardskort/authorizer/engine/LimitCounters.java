package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How often and for how much was bought on an account this civil day and this calendar month, in all and in each
 * counted category. Lies in {@link HolderRests}; owned by the core thread; speaks of the account last selected.
 *
 * <p>What a counted category has come to this month in amount is kept with the caps, in {@link AccountTable}. A day is
 * counted in days since 1970-01-01, a month as year * 12 + month - 1. Counters of another day or month than the one
 * asked for are 0. All zeros: nothing was ever bought.
 *
 * <pre>
 *   0  month i32                  4  day i32
 *   8  purchases this month i32  12  purchases this day i32
 *  16  amount this month i64     24  amount this day i64
 *  32  for counted category 0, 1, ... { purchases this month i32, this day i32, amount this day i64 }
 * </pre>
 */
final class LimitCounters {
  private static final int MONTH = 0;
  private static final int DAY = 4;
  private static final int MONTH_COUNT = 8;
  private static final int DAY_COUNT = 12;
  private static final int MONTH_MINOR = 16;
  private static final int DAY_MINOR = 24;
  private static final int SLOTS = 32;

  private static final int SLOT_MONTH_COUNT = 0;
  private static final int SLOT_DAY_COUNT = 4;
  private static final int SLOT_DAY_MINOR = 8;
  private static final int SLOT_LENGTH = 16;

  private static final int START = HolderRests.LIMITS;

  private final HolderRests.Cursor rest;
  private final int slots;

  /**
   * The counters at {@code rest}.
   *
   * @param slots counted categories that there is room for
   */
  LimitCounters(HolderRests.Cursor rest, int slots) {
    this.rest = rest;
    this.slots = slots;
  }

  /** Bytes that they take. */
  static int length(int slots) {
    return SLOTS + slots * SLOT_LENGTH;
  }

  long monthMinor(int month) {
    return isOfMonth(month) ? rest.row().getLong(START + MONTH_MINOR) : 0;
  }

  int monthCount(int month) {
    return isOfMonth(month) ? rest.row().getInt(START + MONTH_COUNT) : 0;
  }

  int monthCount(int slot, int month) {
    return isOfMonth(month) ? rest.row().getInt(at(slot) + SLOT_MONTH_COUNT) : 0;
  }

  long dayMinor(int day) {
    return isOfDay(day) ? rest.row().getLong(START + DAY_MINOR) : 0;
  }

  long dayMinor(int slot, int day) {
    return isOfDay(day) ? rest.row().getLong(at(slot) + SLOT_DAY_MINOR) : 0;
  }

  int dayCount(int day) {
    return isOfDay(day) ? rest.row().getInt(START + DAY_COUNT) : 0;
  }

  int dayCount(int slot, int day) {
    return isOfDay(day) ? rest.row().getInt(at(slot) + SLOT_DAY_COUNT) : 0;
  }

  private boolean isOfMonth(int month) {
    return rest.row().getInt(START + MONTH) == month;
  }

  private boolean isOfDay(int day) {
    return rest.row().getInt(START + DAY) == day;
  }

  private static int at(int slot) {
    return START + SLOTS + slot * SLOT_LENGTH;
  }

  /**
   * Counts what was bought.
   *
   * @param slot counted category, or {@link AccountTable#NO_SLOT}
   * @param purchases 1 for a purchase, 0 for more of one that was counted
   */
  void count(int slot, int month, int day, int purchases, long amountMinor) {
    UnsafeBuffer row = rest.touched();
    if (!isOfMonth(month)) {
      row.putInt(START + MONTH, month);
      row.putInt(START + MONTH_COUNT, 0);
      row.putLong(START + MONTH_MINOR, 0);
      for (int each = 0; each < slots; each++) {
        row.putInt(at(each) + SLOT_MONTH_COUNT, 0);
      }
    }
    if (!isOfDay(day)) {
      row.putInt(START + DAY, day);
      row.putInt(START + DAY_COUNT, 0);
      row.putLong(START + DAY_MINOR, 0);
      for (int each = 0; each < slots; each++) {
        row.putInt(at(each) + SLOT_DAY_COUNT, 0);
        row.putLong(at(each) + SLOT_DAY_MINOR, 0);
      }
    }
    addToMonth(slot, purchases, amountMinor);
    addToDay(slot, purchases, amountMinor);
  }

  /** Takes back what {@link #count} counted, from the month and the day that are still the counters' own. */
  void uncount(int slot, int month, int day, int purchases, long amountMinor) {
    if (isOfMonth(month)) {
      addToMonth(slot, -purchases, -amountMinor);
    }
    if (isOfDay(day)) {
      addToDay(slot, -purchases, -amountMinor);
    }
  }

  private void addToMonth(int slot, int purchases, long amountMinor) {
    addCount(START + MONTH_COUNT, purchases);
    addAmount(START + MONTH_MINOR, amountMinor);
    if (slot != AccountTable.NO_SLOT) {
      addCount(at(slot) + SLOT_MONTH_COUNT, purchases);
    }
  }

  private void addToDay(int slot, int purchases, long amountMinor) {
    addCount(START + DAY_COUNT, purchases);
    addAmount(START + DAY_MINOR, amountMinor);
    if (slot != AccountTable.NO_SLOT) {
      addCount(at(slot) + SLOT_DAY_COUNT, purchases);
      addAmount(at(slot) + SLOT_DAY_MINOR, amountMinor);
    }
  }

  private void addCount(int offset, int delta) {
    UnsafeBuffer row = rest.touched();
    row.putInt(offset, row.getInt(offset) + delta);
  }

  private void addAmount(int offset, long deltaMinor) {
    UnsafeBuffer row = rest.touched();
    row.putLong(offset, row.getLong(offset) + deltaMinor);
  }

  /** Nothing was ever taken back that had not been counted. */
  void check(int accountId) {
    DirectBuffer row = rest.row();
    long least = Math.min(row.getInt(START + MONTH_COUNT), row.getInt(START + DAY_COUNT));
    least = Math.min(least, Math.min(row.getLong(START + MONTH_MINOR), row.getLong(START + DAY_MINOR)));
    for (int slot = 0; slot < slots; slot++) {
      least = Math.min(least, Math.min(row.getInt(at(slot) + SLOT_MONTH_COUNT), row.getInt(at(slot) + SLOT_DAY_COUNT)));
      least = Math.min(least, row.getLong(at(slot) + SLOT_DAY_MINOR));
    }
    if (least < 0) {
      throw new IllegalStateException("account " + accountId + ": a counter of its limits is " + least);
    }
  }
}
