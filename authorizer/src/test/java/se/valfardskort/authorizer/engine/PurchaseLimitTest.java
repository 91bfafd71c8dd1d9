package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** Limits per purchase, day and calendar month, in amount and number, on an account and in a category. */
final class PurchaseLimitTest {
  private static final int ANNA = 7;
  private static final int FOOD = 5411;
  private static final int FUEL = 5541;
  private static final int HEALTH = 5912;
  private static final EngineCapacity ROOM = new EngineCapacity(10, 10, 200, 100, 60, 4, 1 << 18);

  private EngineFixture fixture = EngineFixture.configured(ROOM);

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private void limit(Limits all, Map<String, Limits> byCategory) {
    assertNull(fixture.activate(TestPolicy.withLimits(all, byCategory)).refusal());
    fixture.card(ANNA);
  }

  private static Limits purchase(long amount) {
    return new Limits(amount, -1, -1, -1, -1);
  }

  private static Limits day(long amount, int count) {
    return new Limits(-1, amount, count, -1, -1);
  }

  private static Limits month(long amount, int count) {
    return new Limits(-1, -1, -1, amount, count);
  }

  private void at(String instant) {
    fixture.timeMs = Instant.parse(instant).toEpochMilli();
  }

  private TestRequest request(int mcc, long amount) {
    TestRequest request = fixture.request(ANNA);
    request.mcc = mcc;
    request.amount = amount;
    request.rrn = "%012d".formatted(request.stan);
    return request;
  }

  private @Nullable DeclineReason hold(int mcc, long amount) {
    return fixture.send(request(mcc, amount)).reason();
  }

  @Test
  void shouldLimitOnePurchase() {
    limit(purchase(900_00), Map.of("food", purchase(300_00)));

    assertEquals(DeclineReason.PURCHASE_LIMIT, hold(HEALTH, 900_01));
    assertNull(hold(HEALTH, 900_00));
    assertEquals(DeclineReason.CATEGORY_PURCHASE_LIMIT, hold(FOOD, 300_01));
    assertNull(hold(FOOD, 300_00));
    assertNull(hold(FOOD, 300_00));
  }

  @Test
  void shouldCountAnIncrementAsMoreOfThePurchase() {
    limit(new Limits(500_00, -1, 1, -1, -1), Map.of());
    TestRequest hold = request(FOOD, 300_00);
    String code = fixture.send(hold).authCode();
    TestRequest more = hold.copy();
    more.key = fixture.newKey();
    more.stan = (int) more.key;
    more.authCode = code;
    more.amount = 200_01;

    assertEquals(DeclineReason.PURCHASE_LIMIT, fixture.send(more).reason());
    more.key = fixture.newKey();
    more.amount = 200_00;
    assertNull(fixture.send(more).reason());
    assertEquals(DeclineReason.DAY_COUNT, hold(FOOD, 1));
  }

  @Test
  void shouldLimitADay() {
    limit(day(500_00, 4), Map.of("food", day(300_00, 2)));

    assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, hold(FOOD, 300_01));
    assertNull(hold(FOOD, 200_00));
    assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, hold(FOOD, 100_01));
    assertNull(hold(FOOD, 100_00));
    assertEquals(DeclineReason.DAY_AMOUNT, hold(HEALTH, 200_01));
    assertNull(hold(HEALTH, 1_00));
    assertNull(hold(FUEL, 1_00));
    assertEquals(DeclineReason.DAY_COUNT, hold(HEALTH, 1_00));
    fixture.timeMs += EngineFixture.DAY_MS;
    assertNull(hold(FOOD, 300_00));
  }

  @Test
  void shouldLimitTheNumberOfADayInOneCategory() {
    limit(Limits.NONE, Map.of("food", day(-1, 2)));

    assertNull(hold(FOOD, 1_00));
    assertEquals(DeclineReason.BLOCKED_GAMBLING, hold(7995, 1_00));
    assertNull(hold(FOOD, 1_00));
    assertEquals(DeclineReason.CATEGORY_DAY_COUNT, hold(FOOD, 1_00));
    assertNull(hold(HEALTH, 1_00));
  }

  @Test
  void shouldLimitAMonth() {
    limit(month(1_000_00, 5), Map.of("food", month(400_00, 3), "health", month(-1, 1)));

    assertNull(hold(FOOD, 300_00));
    fixture.timeMs += EngineFixture.DAY_MS;
    assertEquals(DeclineReason.CATEGORY_MONTH_AMOUNT, hold(FOOD, 100_01));
    assertNull(hold(FOOD, 50_00));
    assertNull(hold(FOOD, 50_00));
    assertEquals(DeclineReason.CATEGORY_MONTH_AMOUNT, hold(FOOD, 1));
    assertNull(hold(HEALTH, 599_99));
    assertEquals(DeclineReason.CATEGORY_MONTH_COUNT, hold(HEALTH, 0_01));
    assertEquals(DeclineReason.MONTH_AMOUNT, hold(FUEL, 0_02));
    fixture.timeMs += 10 * EngineFixture.DAY_MS;
    assertNull(hold(HEALTH, 1_000_00));
  }

  @Test
  void shouldLimitTheNumberOfAMonth() {
    limit(month(-1, 2), Map.of());

    assertNull(hold(FOOD, 1_00));
    fixture.timeMs += EngineFixture.DAY_MS;
    assertNull(hold(FUEL, 1_00));
    fixture.timeMs += EngineFixture.DAY_MS;
    assertEquals(DeclineReason.MONTH_COUNT, hold(FOOD, 1_00));
  }

  /** Each row breaks all that come after it as well: 2 kr on an account that has bought for 1 kr before. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, PURCHASE_LIMIT",
    "-1, 1, 1, 1, 1, 1, 1, 1, 1, 1, CATEGORY_PURCHASE_LIMIT",
    "-1, -1, 1, 1, 1, 1, 1, 1, 1, 1, DAY_AMOUNT",
    "-1, -1, -1, 1, 1, 1, 1, 1, 1, 1, CATEGORY_DAY_AMOUNT",
    "-1, -1, -1, -1, 1, 1, 1, 1, 1, 1, DAY_COUNT",
    "-1, -1, -1, -1, -1, 1, 1, 1, 1, 1, CATEGORY_DAY_COUNT",
    "-1, -1, -1, -1, -1, -1, 1, 1, 1, 1, MONTH_AMOUNT",
    "-1, -1, -1, -1, -1, -1, -1, 1, 1, 1, CATEGORY_MONTH_AMOUNT",
    "-1, -1, -1, -1, -1, -1, -1, -1, 1, 1, MONTH_COUNT",
    "-1, -1, -1, -1, -1, -1, -1, -1, -1, 1, CATEGORY_MONTH_COUNT",
    "-1, -1, -1, -1, -1, -1, -1, -1, -1, -1,"
  })
  void shouldAskInOrder(
      long purchase, long ownPurchase, long day, long ownDay, int dayCount, int ownDayCount, long month, long ownMonth,
      int monthCount, int ownMonthCount, @Nullable DeclineReason reason) {
    limit(
        new Limits(kronor(purchase), kronor(day), dayCount, kronor(month), monthCount),
        Map.of(
            "food", new Limits(kronor(ownPurchase), kronor(ownDay), ownDayCount, kronor(ownMonth), ownMonthCount)));
    assertNull(hold(FOOD, 1_00));

    assertEquals(reason, hold(FOOD, 2_00));
  }

  private static long kronor(long figure) {
    return figure < 0 ? figure : figure * 100;
  }

  @ParameterizedTest
  @CsvSource({
    // Winter: midnight in Stockholm is 23:00 UTC.
    "2026-11-23T00:00:00Z, 2026-11-23T22:59:59Z, true, true",
    "2026-11-23T22:59:59Z, 2026-11-23T23:00:00Z, false, true",
    // The end of a month, in winter and in summer time.
    "2026-11-30T22:59:59Z, 2026-11-30T23:00:00Z, false, false",
    "2026-12-31T22:59:59Z, 2026-12-31T23:00:00Z, false, false",
    "2027-03-31T21:59:59Z, 2027-03-31T22:00:00Z, false, false",
    "2027-04-30T21:30:00Z, 2027-04-30T21:59:59Z, true, true",
    // 28 March 2027 has 23 hours.
    "2027-03-27T22:59:59Z, 2027-03-27T23:00:00Z, false, true",
    "2027-03-27T23:00:00Z, 2027-03-28T21:59:59Z, true, true",
    "2027-03-28T21:59:59Z, 2027-03-28T22:00:00Z, false, true",
    // 31 October 2027 has 25 hours, and is the last day of its month.
    "2027-10-30T21:59:59Z, 2027-10-30T22:00:00Z, false, true",
    "2027-10-30T22:00:00Z, 2027-10-31T22:59:59Z, true, true",
    "2027-10-31T22:59:59Z, 2027-10-31T23:00:00Z, false, false",
    // 29 February 2028.
    "2028-02-28T22:59:59Z, 2028-02-28T23:00:00Z, false, true",
    "2028-02-28T23:00:00Z, 2028-02-29T22:59:59Z, true, true",
    "2028-02-29T22:59:59Z, 2028-02-29T23:00:00Z, false, false"
  })
  void shouldGoByTheCalendarInStockholm(String first, String second, boolean sameDay, boolean sameMonth) {
    limit(day(100_00, -1), Map.of("food", month(150_00, -1)));
    at(first);
    assertNull(hold(FOOD, 100_00));

    at(second);

    assertEquals(sameDay ? DeclineReason.DAY_AMOUNT : null, hold(HEALTH, 0_01));
    assertEquals(
        sameDay ? DeclineReason.DAY_AMOUNT : sameMonth ? DeclineReason.CATEGORY_MONTH_AMOUNT : null,
        hold(FOOD, 50_01));
  }

  @Test
  void shouldTakeOffWhatIsReversedTheSameDay() {
    limit(day(500_00, 2), Map.of());
    TestRequest first = request(FOOD, 300_00);
    TestRequest second = request(FOOD, 200_00);
    second.messageClass = MessageClass.FINANCIAL;
    fixture.send(first);
    fixture.send(second);
    assertEquals(DeclineReason.DAY_AMOUNT, hold(FOOD, 0_01));

    TestRequest partial = first.reversal(fixture.newKey());
    partial.replacement = 100_00;
    fixture.send(partial);
    // There is room for 200 kr, but it was two purchases all the same.
    assertEquals(DeclineReason.DAY_COUNT, hold(FOOD, 0_01));
    fixture.send(second.reversal(fixture.newKey()));
    assertEquals(DeclineReason.DAY_AMOUNT, hold(FOOD, 400_01));
    assertNull(hold(FOOD, 400_00));
    assertEquals(DeclineReason.DAY_AMOUNT, hold(FOOD, 0_01));
  }

  @Test
  void shouldNotGiveYesterdaysPurchaseBackToToday() {
    limit(day(500_00, 1), Map.of());
    TestRequest yesterday = request(FOOD, 500_00);
    fixture.send(yesterday);
    fixture.timeMs += EngineFixture.DAY_MS;
    assertNull(hold(FOOD, 500_00));

    fixture.send(yesterday.reversal(fixture.newKey()));

    assertEquals(DeclineReason.DAY_AMOUNT, hold(FOOD, 0_01));
  }

  @Test
  void shouldTakeOffWhatExpiresInItsMonth() {
    limit(month(500_00, 1), Map.of());
    at("2026-12-01T12:00:00Z");
    assertNull(hold(FOOD, 500_00));
    assertEquals(DeclineReason.MONTH_AMOUNT, hold(FOOD, 0_01));

    fixture.timeMs += 8 * EngineFixture.DAY_MS;
    fixture.tick(100);

    assertNull(hold(FOOD, 500_00));
  }

  @Test
  void shouldCountWhatAHoldIsCompletedFor() {
    limit(day(500_00, 2), Map.of());
    TestRequest less = request(FOOD, 300_00);
    fixture.send(less);
    assertEquals(100_00, fixture.send(less.completion(fixture.newKey(), 100_00)).approved());
    TestRequest more = request(FUEL, 350_00);
    assertNull(fixture.send(more).reason());
    // Counted though nobody was asked: 450 kr and 70 more.
    fixture.send(more.completion(fixture.newKey(), 420_00));
    assertEquals(DeclineReason.DAY_AMOUNT, hold(FOOD, 0_01));
    fixture.timeMs += EngineFixture.DAY_MS;
    assertNull(hold(FOOD, 500_00));
  }

  @Test
  void shouldNotGiveARefundBackToTheLimit() {
    limit(day(500_00, -1), Map.of());
    TestRequest purchase = request(FOOD, 500_00);
    purchase.messageClass = MessageClass.FINANCIAL;
    fixture.send(purchase);

    assertEquals(500_00, fixture.send(purchase.refund(fixture.newKey(), 500_00)).approved());

    assertEquals(DeclineReason.DAY_AMOUNT, hold(FOOD, 0_01));
  }

  @Test
  void shouldNotCountOffWhatWasBoughtBeforeThereWereLimits() {
    fixture.card(ANNA);
    TestRequest before = request(FOOD, 300_00);
    fixture.send(before);
    assertNull(
        fixture.activate(TestPolicy.withLimits(day(500_00, 1), Map.of("food", day(400_00, -1)))).refusal());
    assertNull(hold(FOOD, 400_00));

    fixture.send(before.reversal(fixture.newKey()));

    assertEquals(DeclineReason.DAY_AMOUNT, hold(HEALTH, 100_01));
    assertEquals(DeclineReason.DAY_COUNT, hold(HEALTH, 100_00));
  }

  @Test
  void shouldCountOffWhatWasBoughtWhileThereWereLimits() {
    limit(day(500_00, 1), Map.of("food", day(400_00, -1)));
    TestRequest before = request(FOOD, 300_00);
    fixture.send(before);
    fixture.activate(TestPolicy.configuration());
    assertNull(hold(FOOD, 700_00));

    fixture.send(before.reversal(fixture.newKey()));

    fixture.activate(TestPolicy.withLimits(day(500_00, 1), Map.of("food", day(400_00, -1))));
    assertNull(hold(FOOD, 400_00));
  }

  @Test
  void shouldComeBackWithASnapshotWhereThereIsMoreRoom() throws Exception {
    limit(day(500_00, 3), Map.of("food", day(300_00, 2)));
    hold(FOOD, 250_00);
    EngineFixture wider = new EngineFixture(new EngineCapacity(10, 10, 200, 100, 60, 11, 1 << 18));
    MemoryFrames.of(fixture.engine).readInto(wider.engine);
    wider.timeMs = fixture.timeMs;
    TestRequest request = request(FOOD, 50_01);
    fixture = wider;

    assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, fixture.send(request).reason());
    assertEquals(DeclineReason.DAY_AMOUNT, wider.send(health(request, 1, 250_01)).reason());
    assertNull(wider.send(health(request, 2, 250_00)).reason());
  }

  private static TestRequest health(TestRequest like, int next, long amount) {
    TestRequest request = like.copy();
    request.key += next;
    request.stan += next;
    request.mcc = HEALTH;
    request.amount = amount;
    return request;
  }

  @Test
  void shouldRefuseNegativeFigures() {
    assertEquals(
        CommandRefusal.CONFIGURATION_INVALID,
        fixture.activate(TestPolicy.withLimits(day(-2, -1), Map.of())).refusal());
    assertEquals(
        CommandRefusal.CONFIGURATION_INVALID,
        fixture.activate(TestPolicy.withLimits(Limits.NONE, Map.of("food", day(-1, -2)))).refusal());
  }
}
