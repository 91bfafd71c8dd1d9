package se.valfardskort.authorizer.domain;

import java.time.LocalDate;

/** Civil time of one zone from its transitions alone, so that replay needs no zone database. Immutable. */
public final class CivilTime {
  private static final long MS_PER_DAY = 86_400_000L;

  private final long[] transitionsEpochSecond;
  private final int[] offsetsSecond;

  /**
   * Takes copies.
   *
   * @param transitionsEpochSecond ascending instants at which the offset changes
   * @param offsetsSecond offset from UTC before the first transition, then after each: one longer than the transitions
   */
  public CivilTime(long[] transitionsEpochSecond, int[] offsetsSecond) {
    if (offsetsSecond.length != transitionsEpochSecond.length + 1) {
      throw new IllegalArgumentException(
          offsetsSecond.length + " offsets do not fit " + transitionsEpochSecond.length + " transitions");
    }
    for (int index = 1; index < transitionsEpochSecond.length; index++) {
      if (transitionsEpochSecond[index] <= transitionsEpochSecond[index - 1]) {
        throw new IllegalArgumentException(
            "transition " + transitionsEpochSecond[index] + " does not come after the one before it");
      }
    }
    this.transitionsEpochSecond = transitionsEpochSecond.clone();
    this.offsetsSecond = offsetsSecond.clone();
  }

  /** A copy of the instants at which the offset changes. */
  public long[] transitionsEpochSecond() {
    return transitionsEpochSecond.clone();
  }

  /** A copy of the offsets: before the first transition, then after each. */
  public int[] offsetsSecond() {
    return offsetsSecond.clone();
  }

  /** Days since 1970-01-01 of the civil date at {@code timeMs}. */
  public long epochDay(long timeMs) {
    return Math.floorDiv(timeMs + offsetSecond(Math.floorDiv(timeMs, 1000L)) * 1000L, MS_PER_DAY);
  }

  /** The civil day that comes {@code months} after another; the last of its month where that has no such day. */
  public static long plusMonths(long epochDay, int months) {
    return LocalDate.ofEpochDay(epochDay).plusMonths(months).toEpochDay();
  }

  /** The moment at which a civil day begins, in milliseconds; no transition may fall into the hours around it. */
  public long startOfDayMs(long epochDay) {
    long utcSecond = epochDay * (MS_PER_DAY / 1000);
    long nearly = utcSecond - offsetSecond(utcSecond);
    return (utcSecond - offsetSecond(nearly)) * 1000;
  }

  /** Year * 12 + (month - 1) of the civil date at {@code timeMs}. */
  public int monthIndex(long timeMs) {
    // Days to civil date after the proleptic Gregorian calendar, with the year starting in March.
    long day = epochDay(timeMs) + 719_468;
    long era = Math.floorDiv(day, 146_097L);
    long dayOfEra = day - era * 146_097L;
    long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long shiftedMonth = (5 * dayOfYear + 2) / 153;
    // March of such a year is month 2 of the civil one; its January and February are months 12 and 13: the next year's.
    return Math.toIntExact((yearOfEra + era * 400) * 12 + shiftedMonth + 2);
  }

  private int offsetSecond(long epochSecond) {
    int low = 0;
    int high = transitionsEpochSecond.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (transitionsEpochSecond[middle] <= epochSecond) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return offsetsSecond[low];
  }
}
