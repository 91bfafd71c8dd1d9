package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.StatusReason;

/** Freezes and what they stop, reports of loss, closings: what may follow what, and what must be said of it. */
final class CardStatusTest {
  private static final int ANNA = 7;
  /** 22 November 2026. */
  private static final int TODAY = (int) LocalDate.of(2026, 11, 22).toEpochDay();
  private static final EngineCapacity ROOM = new EngineCapacity(10, 10, 100, 50, 60, 3, 1 << 18);

  private final EngineFixture fixture = EngineFixture.configured(ROOM);

  @BeforeEach
  void open() {
    fixture.card(ANNA);
  }

  private CardView anna(EngineFixture of) {
    return Objects.requireNonNull(of.engine.card(new UnsafeBuffer(EngineFixture.token(ANNA)), 0));
  }

  @ParameterizedTest
  @CsvSource({
    "ACTIVE, ACTIVE, CARD_STATUS_SAME",
    "ACTIVE, FROZEN,",
    "ACTIVE, CLOSED,",
    "ACTIVE, LOST,",
    "ACTIVE, STOLEN,",
    "FROZEN, ACTIVE,",
    "FROZEN, FROZEN, CARD_STATUS_SAME",
    "FROZEN, CLOSED,",
    "FROZEN, LOST,",
    "FROZEN, STOLEN,",
    "CLOSED, ACTIVE, CARD_STATUS_FINAL",
    "CLOSED, FROZEN, CARD_STATUS_FINAL",
    "CLOSED, CLOSED, CARD_STATUS_SAME",
    "CLOSED, LOST, CARD_STATUS_FINAL",
    "CLOSED, STOLEN, CARD_STATUS_FINAL",
    "LOST, ACTIVE, CARD_STATUS_FINAL",
    "LOST, FROZEN, CARD_STATUS_FINAL",
    "LOST, CLOSED, CARD_STATUS_FINAL",
    "LOST, LOST, CARD_STATUS_SAME",
    "LOST, STOLEN, CARD_STATUS_FINAL",
    "STOLEN, ACTIVE, CARD_STATUS_FINAL",
    "STOLEN, FROZEN, CARD_STATUS_FINAL",
    "STOLEN, CLOSED, CARD_STATUS_FINAL",
    "STOLEN, LOST, CARD_STATUS_FINAL",
    "STOLEN, STOLEN, CARD_STATUS_SAME"
  })
  void shouldFollowTheCardsLife(CardStatus from, CardStatus to, CommandRefusal refusal) {
    if (from != CardStatus.ACTIVE) {
      assertNull(fixture.change(ANNA, from).refusal());
    }

    Answer changed = fixture.change(ANNA, to);

    assertEquals(refusal, changed.refusal());
    assertEquals(refusal == null ? Effect.CARD_CHANGED : Effect.NOTHING, changed.effect());
    assertEquals(refusal == null ? to : from, anna(fixture).status());
    fixture.engine.checkInvariants();
  }

  @Test
  void shouldKeepReasonAndReviewDateUntilTheFreezeIsLifted() throws Exception {
    fixture.change(ANNA, CardStatus.FROZEN, StatusReason.SUSPECTED_MISUSE, "caseworker-7", TODAY + 30);
    // A freeze may be prolonged.
    assertNull(
        fixture.change(ANNA, CardStatus.FROZEN, StatusReason.OTHER, "caseworker-8", TODAY + 60).refusal());
    assertEquals(StatusReason.OTHER, anna(fixture).statusReason());
    assertEquals(TODAY + 60, anna(fixture).reviewDay());

    // The same where there is room for more counters: it lies behind them.
    EngineFixture wider = new EngineFixture(new EngineCapacity(10, 10, 100, 50, 60, 9, 1 << 18));
    MemoryFrames.of(fixture.engine).readInto(wider.engine);
    assertEquals(TODAY + 60, anna(wider).reviewDay());
    assertEquals(StatusReason.OTHER, anna(wider).statusReason());
    EngineFixture same = new EngineFixture(ROOM);
    MemoryFrames.of(fixture.engine).readInto(same.engine);
    assertEquals(fixture.engine.stateHash(), same.engine.stateHash());

    fixture.change(ANNA, CardStatus.ACTIVE, StatusReason.REVIEWED, "caseworker-7", Commands.NO_REVIEW);
    assertEquals(StatusReason.REVIEWED, anna(fixture).statusReason());
    assertEquals(0, anna(fixture).reviewDay());
  }

  @Test
  void shouldSayWhatIsWrongWithACommand() {
    int review = TODAY + 30;
    assertEquals(CommandRefusal.CARD_NOT_FOUND, fixture.change(99, CardStatus.CLOSED).refusal());
    assertEquals(CommandRefusal.STATUS_INVALID, fixture.change(ANNA, CardStatus.NULL_VAL).refusal());
    assertEquals(
        CommandRefusal.STATUS_REASON_INVALID,
        fixture.change(ANNA, CardStatus.FROZEN, StatusReason.NULL_VAL, "caseworker-7", review).refusal());
    assertEquals(CardStatus.ACTIVE, anna(fixture).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Anna Ek", "a\0b", "tab\tbed"})
  void shouldWantAKeysNameForAnAuthor(String author) {
    assertEquals(
        CommandRefusal.AUTHOR_INVALID,
        fixture.change(ANNA, CardStatus.FROZEN, StatusReason.OTHER, author, TODAY + 30).refusal());
  }

  @Test
  void shouldTakeAnAuthorOf32Characters() {
    assertNull(
        fixture
            .change(ANNA, CardStatus.FROZEN, StatusReason.OTHER, "0123456789abcdef0123456789abcdef", TODAY + 1)
            .refusal());
  }

  @ParameterizedTest
  @CsvSource({
    // Noon in Stockholm; then 23:30 there, and 0:30 of the next civil day at 23:30 UTC; then the same in summer time.
    "2026-11-22T11:00:00Z, 2026-11-22, false",
    "2026-11-22T11:00:00Z, 2026-11-23, true",
    "2026-11-22T22:30:00Z, 2026-11-23, true",
    "2026-11-22T23:30:00Z, 2026-11-23, false",
    "2026-11-22T23:30:00Z, 2026-11-24, true",
    "2027-06-01T22:30:00Z, 2027-06-02, false",
    "2027-06-01T22:30:00Z, 2027-06-03, true",
    "2026-11-22T11:00:00Z, 2027-11-23, true",
    "2026-11-22T11:00:00Z, 2027-11-24, false"
  })
  void shouldWantAReviewDateAfterTodayAndWithinAYear(Instant now, LocalDate review, boolean taken) {
    EngineFixture at = new EngineFixture(ROOM);
    at.timeMs = Instant.parse("2026-11-22T10:00:00Z").toEpochMilli();
    at.activate(TestPolicy.configuration());
    at.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    at.timeMs = now.toEpochMilli();

    Answer frozen =
        at.change(ANNA, CardStatus.FROZEN, StatusReason.SUSPECTED_MISUSE, "caseworker-7", (int) review.toEpochDay());

    assertEquals(taken ? null : CommandRefusal.REVIEW_DAY_INVALID, frozen.refusal());
  }

  @Test
  void shouldWantNoReviewDateOfAnythingButAFreeze() {
    assertEquals(
        CommandRefusal.REVIEW_DAY_INVALID,
        fixture.change(ANNA, CardStatus.CLOSED, StatusReason.OTHER, "caseworker-7", TODAY + 30).refusal());
    assertEquals(
        CommandRefusal.REVIEW_DAY_INVALID,
        fixture.change(ANNA, CardStatus.FROZEN, StatusReason.OTHER, "caseworker-7", Commands.NO_REVIEW).refusal());
  }

  private TestRequest request(long amount, MessageClass messageClass) {
    TestRequest request = fixture.request(ANNA);
    request.amount = amount;
    request.messageClass = messageClass;
    request.rrn = "%012d".formatted(request.stan);
    request.transmissionTime = 1122_120000L;
    return request;
  }

  /** Every figure: 7,000 kr CASH, what was held and posted before, and what still comes and goes while frozen. */
  @Test
  void shouldStopNewDebitsAndNothingElse() {
    TestRequest toComplete = request(100_00, MessageClass.AUTHORIZATION);
    TestRequest toReverse = request(200_00, MessageClass.AUTHORIZATION);
    TestRequest toLower = request(300_00, MessageClass.AUTHORIZATION);
    TestRequest toRefund = request(400_00, MessageClass.FINANCIAL);
    for (TestRequest before : new TestRequest[] {toComplete, toReverse, toLower, toRefund}) {
      assertNull(fixture.send(before).reason());
    }
    assertEquals(6_000_00, anna(fixture).cashAvailableMinor());

    fixture.change(ANNA, CardStatus.FROZEN);

    assertEquals(DeclineReason.CARD_FROZEN, fixture.send(request(1_00, MessageClass.AUTHORIZATION)).reason());
    assertEquals(DeclineReason.CARD_FROZEN, fixture.send(request(1_00, MessageClass.FINANCIAL)).reason());
    // A reversal, in full and in part.
    assertEquals(200_00, fixture.send(toReverse.reversal(fixture.newKey())).approved());
    TestRequest partial = toLower.reversal(fixture.newKey());
    partial.replacement = 250_00;
    assertEquals(50_00, fixture.send(partial).approved());
    // A completion for less, and an advice of what others have decided.
    assertEquals(90_00, fixture.send(toComplete.completion(fixture.newKey(), 90_00)).approved());
    TestRequest advice = request(10_00, MessageClass.AUTHORIZATION);
    advice.advice = true;
    assertEquals(Effect.HOLD, fixture.send(advice).effect());
    // A refund.
    assertEquals(150_00, fixture.send(toRefund.refund(fixture.newKey(), 150_00)).approved());
    // A load.
    assertNull(fixture.load(ANNA, 2611, 1_000_00, 500_00).refusal());

    // 7,000 - 250 held - 90 posted - 10 held - 400 + 150 posted and refunded + 1,000.
    assertEquals(7_400_00, anna(fixture).cashAvailableMinor());
    assertEquals(260_00, anna(fixture).cashHeldMinor());
    assertEquals(3_500_00, anna(fixture).hjartanAvailableMinor());
    fixture.change(ANNA, CardStatus.ACTIVE);
    assertNull(fixture.send(request(7_400_00, MessageClass.FINANCIAL)).reason());
    fixture.engine.checkInvariants();
  }

  @ParameterizedTest
  @CsvSource({"CLOSED, CARD_CLOSED", "LOST, CARD_LOST", "STOLEN, CARD_STOLEN"})
  void shouldLeaveTheMoneyOnTheAccountOfACardThatIsOver(CardStatus status, DeclineReason reason) {
    int account = anna(fixture).accountId();
    fixture.open(8, account, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);

    fixture.change(ANNA, status);

    assertEquals(reason, fixture.send(request(1_00, MessageClass.FINANCIAL)).reason());
    TestRequest byTheNewCard = request(7_000_00, MessageClass.FINANCIAL);
    byTheNewCard.card = 8;
    assertNull(fixture.send(byTheNewCard).reason());
  }
}
