package se.valfardskort.authorizer.gateway;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * How far DE 7 (MMDDhhmmss, UTC, no year) may be from now (wire.md section 2).
 *
 * <p>Owned by one event loop. Allocates only when a year begins.
 */
final class TransmissionWindow {
  private static final long SECONDS_PER_DAY = 86_400;

  private final long widthSeconds;
  /** First days of last year, this year, next year and the one after, counted from 1970. */
  private final long[] yearStarts = new long[4];
  private final boolean[] leap = new boolean[3];

  TransmissionWindow(int hours) {
    widthSeconds = hours * 3600L;
  }

  /** Whether a legal DE 7 lies inside the window, in whichever year brings it nearest; always where there is none. */
  boolean contains(long monthDayTime, long epochMs) {
    if (widthSeconds == 0) {
      return true;
    }
    long now = Math.floorDiv(epochMs, 1000L);
    long today = Math.floorDiv(now, SECONDS_PER_DAY);
    if (today < yearStarts[1] || today >= yearStarts[2]) {
      learnYears(epochMs);
    }
    int month = (int) (monthDayTime / 100_000_000);
    int day = (int) (monthDayTime / 1_000_000 % 100);
    long seconds = monthDayTime / 10_000 % 100 * 3600 + monthDayTime / 100 % 100 * 60 + monthDayTime % 100;
    for (int i = 0; i < 3; i++) {
      long then = (yearStarts[i] + dayOfYear(month, day, leap[i])) * SECONDS_PER_DAY + seconds;
      if (Math.abs(then - now) <= widthSeconds) {
        return true;
      }
    }
    return false;
  }

  /** From 0. */
  private static int dayOfYear(int month, int day, boolean leap) {
    int before = (153 * ((month + 9) % 12) + 2) / 5 + 59;
    int ordinal = month <= 2 ? before - 365 : before + (leap ? 1 : 0);
    return ordinal + day - 1;
  }

  private void learnYears(long epochMs) {
    int year = LocalDate.ofInstant(Instant.ofEpochMilli(epochMs), ZoneOffset.UTC).getYear();
    for (int i = 0; i < yearStarts.length; i++) {
      LocalDate start = LocalDate.of(year - 1 + i, 1, 1);
      yearStarts[i] = start.toEpochDay();
      if (i < leap.length) {
        leap[i] = start.isLeapYear();
      }
    }
  }
}
