package se.valfardskort.authorizer.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link CivilTime} against the platform's own calendar. */
final class CivilTimeTest {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

  @Test
  void shouldAgreeWithThePlatformsCalendar() {
    CivilTime civilTime = stockholm(2020, 2035);
    long seed = 752;
    Random random = new Random(seed);
    long first = Instant.parse("2020-06-01T00:00:00Z").toEpochMilli();
    long last = Instant.parse("2034-12-31T00:00:00Z").toEpochMilli();

    for (int round = 0; round < 50_000; round++) {
      long timeMs = first + (long) (random.nextDouble() * (last - first));
      check(civilTime, timeMs, "seed " + seed);
    }
  }

  @Test
  void shouldAgreeAroundEveryMonthsEndAndTransition() {
    CivilTime civilTime = stockholm(2020, 2035);
    for (ZonedDateTime month = ZonedDateTime.of(2021, 1, 1, 0, 0, 0, 0, STOCKHOLM);
        month.getYear() < 2034;
        month = month.plusMonths(1)) {
      long midnightMs = month.toInstant().toEpochMilli();
      check(civilTime, midnightMs - 1, "before " + month);
      check(civilTime, midnightMs, "at " + month);
    }
    for (long transition : civilTime.transitionsEpochSecond()) {
      check(civilTime, transition * 1000 - 1, "before " + transition);
      check(civilTime, transition * 1000, "at " + transition);
    }
  }

  @Test
  void shouldKnowEveryDayOfFourHundredYears() {
    CivilTime utc = new CivilTime(new long[0], new int[] {0});
    LocalDate end = LocalDate.of(2401, 1, 1);
    for (LocalDate day = LocalDate.of(1999, 12, 31); day.isBefore(end); day = day.plusDays(1)) {
      long noonMs = day.toEpochDay() * 86_400_000L + 43_200_000L;

      assertEquals(day.getYear() * 12 + day.getMonthValue() - 1, utc.monthIndex(noonMs), day.toString());
    }
  }

  /** An hour before midnight clocks go forward by one. */
  @Test
  void shouldHaveTheNewOffsetFromTheTransitionOn() {
    CivilTime civilTime = new CivilTime(new long[] {82_800}, new int[] {0, 3600});

    assertEquals(0, civilTime.epochDay(82_799_999));
    assertEquals(1, civilTime.epochDay(82_800_000));
  }

  @Test
  void shouldRefuseOffsetsThatDoNotFitTheTransitions() {
    assertThrows(IllegalArgumentException.class, () -> new CivilTime(new long[1], new int[1]));
  }

  @Test
  void shouldRefuseTransitionsThatDoNotAscend() {
    int[] offsets = {0, 3600, 7200};

    assertThrows(IllegalArgumentException.class, () -> new CivilTime(new long[] {2, 1}, offsets));
    assertThrows(IllegalArgumentException.class, () -> new CivilTime(new long[] {1, 1}, offsets));
  }

  @Test
  void shouldBeginDaysAndAddMonthsAsThePlatformDoes() {
    CivilTime civilTime = stockholm(2020, 2035);
    for (LocalDate day = LocalDate.of(2021, 1, 1); day.getYear() < 2034; day = day.plusDays(1)) {
      assertEquals(
          day.atStartOfDay(STOCKHOLM).toInstant().toEpochMilli(), civilTime.startOfDayMs(day.toEpochDay()),
          day.toString());
      for (int months : new int[] {0, 1, 12, 24, 60}) {
        assertEquals(
            day.plusMonths(months).toEpochDay(), CivilTime.plusMonths(day.toEpochDay(), months), day.toString());
      }
    }
    assertEquals(
        LocalDate.of(2029, 2, 28).toEpochDay(), CivilTime.plusMonths(LocalDate.of(2028, 2, 29).toEpochDay(), 12));
  }

  private static void check(CivilTime civilTime, long timeMs, String where) {
    ZonedDateTime expected = Instant.ofEpochMilli(timeMs).atZone(STOCKHOLM);
    assertEquals(expected.getYear() * 12 + expected.getMonthValue() - 1, civilTime.monthIndex(timeMs), where);
    assertEquals(expected.toLocalDate().toEpochDay(), civilTime.epochDay(timeMs), where);
  }

  private static CivilTime stockholm(int firstYear, int lastYear) {
    List<ZoneOffsetTransition> transitions = new ArrayList<>();
    Instant at = Instant.parse(firstYear + "-01-01T00:00:00Z");
    int before = STOCKHOLM.getRules().getOffset(at).getTotalSeconds();
    while (true) {
      ZoneOffsetTransition next = STOCKHOLM.getRules().nextTransition(at);
      if (next == null || next.getDateTimeAfter().getYear() > lastYear) {
        break;
      }
      transitions.add(next);
      at = next.getInstant();
    }
    long[] seconds = new long[transitions.size()];
    int[] offsets = new int[transitions.size() + 1];
    offsets[0] = before;
    for (int index = 0; index < seconds.length; index++) {
      seconds[index] = transitions.get(index).toEpochSecond();
      offsets[index + 1] = transitions.get(index).getOffsetAfter().getTotalSeconds();
    }
    return new CivilTime(seconds, offsets);
  }
}
