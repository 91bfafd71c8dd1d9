package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;

/** Days and months are Stockholm's, to the second: caps, limits and savings at the edges of the calendar. */
final class CalendarEdgeTest {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
  private static final int ANNA = 7;
  private static final int FUEL = 5541;
  private static final int FOOD = 5411;
  private static final long CAP = 1_500_00;
  private static final long DAY = 300_00;

  private final EngineFixture fixture = EngineFixture.configured();

  @BeforeEach
  void open() {
    Limits limits = new Limits(-1, DAY, -1, -1, -1);
    Configuration as = TestPolicy.withLimits(Limits.NONE, Map.of("food", limits));
    Configuration years =
        new Configuration(
            as.programmes(), as.bazNames(), as.providers(), as.partners(), NaivePolicies.stockholm());
    assertNull(fixture.activate(years).refusal());
    fixture.card(ANNA);
    fixture.load(ANNA, 0, 20_000_00, 0);
  }

  private @Nullable DeclineReason buy(ZonedDateTime at, int mcc, long amount) {
    fixture.timeMs = at.toInstant().toEpochMilli();
    TestRequest request = fixture.request(ANNA);
    request.mcc = mcc;
    request.amount = amount;
    return fixture.send(request).reason();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "2026-12-01", "2027-01-01", "2027-03-01", "2027-04-01", "2027-11-01", "2028-03-01", "2028-04-01", "2028-11-01",
    "2029-01-01", "2029-03-01"
  })
  void shouldBeginTheCapAndTheLimitsAnewWithTheDayAndTheMonth(String month) {
    ZonedDateTime first = LocalDate.parse(month).atStartOfDay(STOCKHOLM);
    ZonedDateTime last = first.minusSeconds(1);

    assertNull(buy(last, FUEL, CAP));
    assertEquals(DeclineReason.CATEGORY_CAP, buy(last, FUEL, 1));
    assertNull(buy(last, FOOD, DAY));
    assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, buy(last, FOOD, 1));
    assertNull(buy(first, FUEL, CAP));
    assertEquals(DeclineReason.CATEGORY_CAP, buy(first, FUEL, 1));
    assertNull(buy(first, FOOD, DAY));
    assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, buy(first, FOOD, 1));
  }

  /** Days of 23 and 25 hours, a leap day, and the day after it. */
  @ParameterizedTest
  @CsvSource({"2027-03-28, 23", "2027-10-31, 25", "2028-02-29, 24", "2028-03-26, 23", "2028-10-29, 25"})
  void shouldLastAsLongAsTheDayDoes(String date, int hours) {
    ZonedDateTime begins = LocalDate.parse(date).atStartOfDay(STOCKHOLM);
    ZonedDateTime last = begins.plusHours(hours).minusSeconds(1);

    assertNull(buy(begins.minusSeconds(1), FOOD, DAY));
    assertNull(buy(begins, FOOD, DAY - 1));
    for (int hour = 1; hour < hours; hour++) {
      assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, buy(begins.plusHours(hour), FOOD, 2), "hour " + hour);
    }
    assertNull(buy(last, FOOD, 1));
    assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, buy(last, FOOD, 1));
    assertNull(buy(last.plusSeconds(1), FOOD, DAY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2027-01-01", "2027-04-01", "2027-11-01", "2028-03-01"})
  void shouldLetTheHolderSaveAThousandKronorMoreFromTheFirstOfTheMonthOn(String month) {
    ZonedDateTime first = LocalDate.parse(month).atStartOfDay(STOCKHOLM);
    long number = 0;

    for (ZonedDateTime at : List.of(first.minusSeconds(1), first)) {
      fixture.timeMs = at.toInstant().toEpochMilli();
      assertNull(fixture.move(ANNA, PurseMoveDirection.TO_SAVINGS, 1_000_00, ++number).refusal());
      assertEquals(
          CommandRefusal.SAVINGS_MONTH_LIMIT,
          fixture.move(ANNA, PurseMoveDirection.TO_SAVINGS, 1, ++number).refusal());
    }
  }
}
