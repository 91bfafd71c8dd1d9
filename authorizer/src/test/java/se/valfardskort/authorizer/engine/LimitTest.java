package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** How much and how often: luxury amounts, caps by calendar month, contactless, open holds, PIN tries. */
final class LimitTest extends HolderTest {
  private @Nullable DeclineReason buy(int mcc, long amount) {
    TestRequest request = fixture.request(ANNA);
    request.mcc = mcc;
    request.amount = amount;
    return fixture.send(request).reason();
  }

  @Test
  void shouldDeclineOneLuxuriousPurchaseAndNotManyModestOnes() {
    assertEquals(DeclineReason.LUXURY_AMOUNT, buy(5812, 500_01));
    assertNull(buy(5812, 500_00));
    assertNull(buy(5812, 500_00));
    assertEquals(DeclineReason.LUXURY_AMOUNT, buy(5651, 3_000_01));
    assertNull(buy(5651, 3_000_00));
  }

  @Test
  void shouldCapFuelByTheCalendarMonthInStockholm() {
    fixture.timeMs = Instant.parse("2026-11-30T22:59:59.999Z").toEpochMilli();
    assertNull(buy(5541, 1_000_00));
    assertNull(buy(7523, 500_00));
    assertEquals(DeclineReason.CATEGORY_CAP, buy(4784, 1));

    fixture.timeMs++;

    assertNull(buy(5541, 1_500_00));
    assertEquals(DeclineReason.CATEGORY_CAP, buy(5541, 1));
  }

  @Test
  void shouldBeginTheMonthAnHourEarlierInSummerTime() {
    fixture.timeMs = Instant.parse("2027-03-31T21:59:59.999Z").toEpochMilli();
    assertNull(buy(5541, 1_500_00));
    assertEquals(DeclineReason.CATEGORY_CAP, buy(5541, 1));

    fixture.timeMs++;

    assertNull(buy(5541, 1));
  }

  @Test
  void shouldCountOnlyApprovedPurchasesAgainstTheCap() {
    TestRequest atFuel = fixture.request(ANNA);
    atFuel.mcc = 5541;
    atFuel.amount = 1_000_00;
    atFuel.processingCode = 9800;

    assertEquals(DeclineReason.HJARTAN_NOT_ACCREDITED, fixture.send(atFuel).reason());

    assertNull(buy(5541, 1_500_00));
  }

  @Test
  void shouldGiveTheCapBackWithAReversalOfTheSameMonth() {
    TestRequest fuel = fixture.request(ANNA);
    fuel.mcc = 5541;
    fuel.amount = 1_500_00;
    fixture.send(fuel);
    TestRequest partial = fuel.reversal(fixture.newKey());
    partial.replacement = 600_00;
    fixture.send(partial);

    assertEquals(DeclineReason.CATEGORY_CAP, buy(5541, 900_01));
    assertNull(buy(5541, 900_00));
  }

  @Test
  void shouldNotGiveLastMonthsCapBackToThisMonth() {
    TestRequest fuel = fixture.request(ANNA);
    fuel.mcc = 5541;
    fuel.amount = 1_500_00;
    fuel.messageClass = MessageClass.FINANCIAL;
    fixture.send(fuel);
    fixture.timeMs += 20 * EngineFixture.DAY_MS;
    assertNull(buy(5541, 1_500_00));

    fixture.send(fuel.reversal(fixture.newKey()));

    assertEquals(DeclineReason.CATEGORY_CAP, buy(5541, 1));
  }

  @Test
  void shouldGiveTheCapBackWhenTheHoldExpires() {
    fixture.timeMs = Instant.parse("2026-12-01T12:00:00Z").toEpochMilli();
    assertNull(buy(5541, 1_500_00));

    fixture.timeMs += 8 * EngineFixture.DAY_MS;
    fixture.tick(100);

    assertNull(buy(5541, 1_500_00));
  }

  private Answer tap(long amount, Check pin) {
    TestRequest request = fixture.request(ANNA);
    request.contactless = true;
    request.amount = amount;
    request.pin = pin;
    return fixture.send(request);
  }

  @Test
  void shouldLimitContactlessAmountsWithoutPin() {
    assertEquals(DeclineReason.CONTACTLESS_AMOUNT, tap(400_01, Check.NOT_PRESENTED).reason());
    assertNull(tap(400_00, Check.NOT_PRESENTED).reason());
    assertNull(tap(400_01, Check.PASSED).reason());
  }

  @Test
  void shouldAllowFiveContactlessPurchasesInARow() {
    for (int purchase = 1; purchase <= 5; purchase++) {
      assertNull(tap(10_00, Check.NOT_PRESENTED).reason());
    }
    assertEquals(DeclineReason.CONTACTLESS_COUNT, tap(10_00, Check.NOT_PRESENTED).reason());
    assertEquals(DeclineReason.BLOCKED_GAMBLING, buy(7995, 10_00));
    assertEquals(DeclineReason.CONTACTLESS_COUNT, tap(10_00, Check.NOT_PRESENTED).reason());

    assertNull(buy(5411, 10_00));

    assertNull(tap(10_00, Check.NOT_PRESENTED).reason());
  }

  @Test
  void shouldLimitOpenHoldsAnAccount() {
    TestRequest first = fixture.request(ANNA);
    first.amount = 1_00;
    fixture.send(first);
    for (int hold = 2; hold <= 100; hold++) {
      assertNull(buy(5411, 1_00));
    }
    TestRequest posting = fixture.request(ANNA);
    posting.messageClass = MessageClass.FINANCIAL;
    posting.amount = 1_00;

    assertEquals(DeclineReason.OPEN_HOLDS, buy(5411, 1_00));
    assertNull(fixture.send(posting).reason());
    fixture.send(first.reversal(fixture.newKey()));
    assertNull(buy(5411, 1_00));
  }

  private Answer withPin(Check pin) {
    TestRequest request = fixture.request(ANNA);
    request.amount = 1_00;
    request.pin = pin;
    return fixture.send(request);
  }

  @Test
  void shouldCountWrongPinsAndForgetThemWithARightOne() {
    assertEquals(DeclineReason.PIN_WRONG, withPin(Check.FAILED).reason());
    assertEquals(DeclineReason.PIN_WRONG, withPin(Check.FAILED).reason());
    assertNull(withPin(Check.PASSED).reason());
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertEquals(DeclineReason.PIN_WRONG, withPin(Check.FAILED).reason());
    }

    assertEquals(DeclineReason.PIN_TRIES_USED_UP, withPin(Check.PASSED).reason());
    assertEquals(DeclineReason.PIN_TRIES_USED_UP, withPin(Check.NO_KEY).reason());
    assertNull(withPin(Check.NOT_PRESENTED).reason());
  }

  @Test
  void shouldNotGivePinTriesBackWithAReversal() {
    for (int attempt = 1; attempt <= 3; attempt++) {
      TestRequest wrong = fixture.request(ANNA);
      wrong.pin = Check.FAILED;
      assertEquals(DeclineReason.PIN_WRONG, fixture.send(wrong).reason());
      fixture.send(wrong.reversal(fixture.newKey()));
    }

    assertEquals(DeclineReason.PIN_TRIES_USED_UP, withPin(Check.FAILED).reason());
  }
}
