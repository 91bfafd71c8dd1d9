package se.valfardskort.authorizer.engine;

import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Moves a random run's time along: by seconds or hours, and on to just before days on which a calendar may err. */
final class NaiveClock {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
  private static final long MINUTE_MS = 60_000;

  private final RandomGenerator random;

  /** How many steps were taken within ten minutes of each kind of edge. */
  final Map<String, Integer> edges = new TreeMap<>();

  NaiveClock(RandomGenerator random) {
    this.random = random;
  }

  /** A later time. */
  long after(long timeMs) {
    int dice = random.nextInt(900);
    long later;
    if (dice < 12) {
      later = before(timeMs, nextMidnight(timeMs));
    } else if (dice < 14) {
      later = before(timeMs, day(timeMs).withDayOfMonth(1).plusMonths(1));
    } else if (dice < 16) {
      later = before(timeMs, nextRareDay(timeMs));
    } else if (dice < 24) {
      later = timeMs + random.nextLong(2 * EngineFixture.DAY_MS);
    } else {
      later = timeMs + random.nextLong(dice < 60 ? 90 * MINUTE_MS : MINUTE_MS);
    }
    note(later);
    return later;
  }

  /** Just before that day's first moment, or its change of the clock. */
  private long before(long timeMs, LocalDate day) {
    long edge = day.atStartOfDay(STOCKHOLM).toInstant().toEpochMilli();
    return Math.max(timeMs, edge - random.nextLong(3 * MINUTE_MS));
  }

  private static LocalDate day(long timeMs) {
    return NaiveModel.dayOf(timeMs);
  }

  private static LocalDate nextMidnight(long timeMs) {
    return day(timeMs).plusDays(1);
  }

  /** The day of a change of the clock or the one after it, a leap day or the one after it, a New Year's Day. */
  private LocalDate nextRareDay(long timeMs) {
    LocalDate day = nextMidnight(timeMs);
    while (kind(day).isEmpty()) {
      day = day.plusDays(1);
    }
    return day;
  }

  private static String kind(LocalDate day) {
    LocalDate before = day.minusDays(1);
    if (hours(day) != 24 || hours(before) != 24) {
      return Math.min(hours(day), hours(before)) == 23 ? "spring" : "autumn";
    }
    if (day.getMonth() == Month.FEBRUARY && day.getDayOfMonth() == 29) {
      return "leap day";
    }
    if (before.getMonth() == Month.FEBRUARY && day.getMonth() == Month.MARCH) {
      return before.getDayOfMonth() == 29 ? "after a leap day" : "end of February";
    }
    return day.getDayOfYear() == 1 ? "new year" : "";
  }

  private static long hours(LocalDate day) {
    ZonedDateTime start = day.atStartOfDay(STOCKHOLM);
    return java.time.Duration.between(start, day.plusDays(1).atStartOfDay(STOCKHOLM)).toHours();
  }

  private void note(long timeMs) {
    LocalDate soon = day(timeMs + 10 * MINUTE_MS);
    LocalDate lately = day(timeMs - 10 * MINUTE_MS);
    if (!soon.equals(lately)) {
      edges.merge("midnight", 1, Integer::sum);
      if (soon.getDayOfMonth() == 1) {
        edges.merge("month", 1, Integer::sum);
      }
      if (!kind(soon).isEmpty()) {
        edges.merge(kind(soon), 1, Integer::sum);
      }
    }
  }
}
