package se.valfardskort.authorizer.engine;

/** DE 7 and 15: times and days without a year, hence resolved to the nearest one (wire.md section 4). */
final class TransmissionTime {
  private static final long MS_PER_DAY = 86_400_000L;

  /** Answer of {@link #nearestDay} for what is no day. */
  static final long NONE = Long.MIN_VALUE;

  private TransmissionTime() {}

  /**
   * Returns the instant nearest to {@code nowMs} at which it is {@code monthToSecond}, the number MMDDhhmmss; {@code
   * nowMs} where there is no such date.
   */
  static long nearestMs(long monthToSecond, long nowMs) {
    int month = (int) (monthToSecond / 100_000_000L);
    int day = (int) (monthToSecond / 1_000_000L % 100);
    if (month < 1 || month > 12 || day < 1 || day > 31) {
      return nowMs;
    }
    long secondOfDay =
        monthToSecond / 10_000L % 100 * 3600 + monthToSecond / 100L % 100 * 60 + monthToSecond % 100;
    int year = yearOf(Math.floorDiv(nowMs, MS_PER_DAY));
    long nearest = nowMs;
    long distance = Long.MAX_VALUE;
    for (int candidate = year - 1; candidate <= year + 1; candidate++) {
      if (month == 2 && day == 29 && !isLeap(candidate)) {
        continue;
      }
      long ms = epochDay(candidate, month, day) * MS_PER_DAY + secondOfDay * 1000;
      if (Math.abs(ms - nowMs) < distance) {
        distance = Math.abs(ms - nowMs);
        nearest = ms;
      }
    }
    return nearest;
  }

  /**
   * Returns the day, counted from 1970, nearest to {@code today} that is {@code monthDay}, the number MMDD; {@link
   * #NONE} where none of these three years has such a day.
   */
  static long nearestDay(int monthDay, long today) {
    int month = monthDay / 100;
    int day = monthDay % 100;
    if (month < 1 || month > 12 || day < 1 || day > 31) {
      return NONE;
    }
    long nearest = NONE;
    long distance = Long.MAX_VALUE;
    int year = yearOf(today);
    for (int candidate = year - 1; candidate <= year + 1; candidate++) {
      if (month == 2 && day == 29 && !isLeap(candidate)) {
        continue;
      }
      long epochDay = epochDay(candidate, month, day);
      if (Math.abs(epochDay - today) < distance) {
        distance = Math.abs(epochDay - today);
        nearest = epochDay;
      }
    }
    return nearest;
  }

  private static boolean isLeap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  /** Days since 1970 of a proleptic Gregorian date, the year counted from March so that leap days come last. */
  private static long epochDay(int year, int month, int day) {
    long shifted = month <= 2 ? year - 1L : year;
    long era = Math.floorDiv(shifted, 400L);
    long yearOfEra = shifted - era * 400;
    long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146_097L + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
  }

  private static int yearOf(long epochDay) {
    int year = (int) (1970 + Math.floorDiv(epochDay, 366L));
    while (epochDay(year + 1, 1, 1) <= epochDay) {
      year++;
    }
    return year;
  }
}
