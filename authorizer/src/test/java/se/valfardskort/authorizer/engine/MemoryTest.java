package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** What is remembered, for how long, and what becomes of requests older than the memory. */
final class MemoryTest {
  private static final int ANNA = 7;
  private static final int REQUESTS = 4;
  private static final int ORIGINALS = 20;

  private final EngineFixture fixture =
      EngineFixture.configured(new EngineCapacity(10, 10, ORIGINALS, REQUESTS, 20, 2, 1 << 16));

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private TestRequest declined() {
    TestRequest request = fixture.request(ANNA);
    request.mcc = 7995;
    return request;
  }

  @Test
  void shouldDeclineTheSameKeyWithOtherContent() {
    fixture.card(ANNA);
    TestRequest held = fixture.request(ANNA);
    TestRequest refused = declined();
    Answer first = fixture.send(held);
    fixture.send(refused);
    held.fingerprint = 2;
    held.amount = 200_00;
    refused.fingerprint = 2;

    Answer other = fixture.send(held);

    assertTrue(other.remembered());
    assertEquals(DeclineReason.KEY_REUSED, other.reason());
    assertEquals("94", other.responseCode());
    assertEquals("", other.authCode());
    assertEquals(EngineFixture.CASH - 100_00, other.cashAvailable());
    assertEquals(DeclineReason.KEY_REUSED, fixture.send(refused).reason());
    held.fingerprint = 1;
    assertEquals(first, fixture.send(held));
  }

  @Test
  void shouldRememberTheAnswersOfTheLatestDeclines() {
    fixture.card(ANNA);
    TestRequest oldest = declined();
    Answer first = fixture.send(oldest);
    for (int other = 1; other < REQUESTS; other++) {
      fixture.send(declined());
    }
    assertEquals(first, fixture.send(oldest));
    assertEquals(0, fixture.engine.lowWaterMs());
    long arrival = fixture.timeMs;
    fixture.timeMs += 1000;

    fixture.send(declined());

    assertFalse(fixture.send(oldest).remembered());
    assertEquals(fixture.timeMs, fixture.engine.lowWaterMs() + (fixture.timeMs - arrival));
  }

  @Test
  void shouldKnowWhatAReversalSpeaksOfAsLongAsTheDeclineIsRemembered() {
    fixture.card(ANNA);
    fixture.card(8);
    TestRequest forgotten = declined();
    TestRequest remembered = declined();
    fixture.send(forgotten);
    fixture.send(remembered);
    for (int other = 2; other <= REQUESTS; other++) {
      TestRequest otherCard = declined();
      otherCard.card = 8;
      fixture.send(otherCard);
    }
    fixture.engine.checkInvariants();

    assertEquals(Effect.TOMBSTONE, fixture.send(forgotten.reversal(fixture.newKey())).effect());
    assertEquals(Effect.NOTHING, fixture.send(remembered.reversal(fixture.newKey())).effect());
    assertEquals(Effect.TOMBSTONE, fixture.send(remembered.reversal(fixture.newKey())).effect());
  }

  @Test
  void shouldDeclineARequestThatIsOlderThanTheMemory() {
    fixture.card(ANNA);
    for (int other = 0; other <= REQUESTS; other++) {
      fixture.send(declined());
      fixture.timeMs += 1000;
    }
    TestRequest older = fixture.request(ANNA);
    older.transmissionTime = 1122_115959L;
    TestRequest asOld = fixture.request(ANNA);
    asOld.transmissionTime = 1122_120000L;
    TestRequest fromLastYear = fixture.request(ANNA);
    fromLastYear.transmissionTime = 601_120000L;
    TestRequest reversal = fixture.request(ANNA).reversal(fixture.newKey());
    reversal.transmissionTime = 1122_115959L;

    assertEquals(EngineFixture.START_MS, fixture.engine.lowWaterMs());
    assertNull(fixture.send(asOld).reason());
    assertEquals(DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW, fixture.send(older).reason());
    assertEquals(DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW, fixture.send(fromLastYear).reason());
    assertEquals(Effect.TOMBSTONE, fixture.send(reversal).effect());
  }

  @ParameterizedTest
  @CsvSource({"0", "10", "25", "240", "672"})
  void shouldNotDecideAgainWhatWasForgottenBecauseTheSendersClockRanAhead(int hours) {
    fixture.card(ANNA);
    TestRequest purchase = fixture.request(ANNA);
    purchase.messageClass = MessageClass.FINANCIAL;
    purchase.transmissionTime = sent(fixture.timeMs + hours * 3_600_000L);
    assertNull(fixture.send(purchase).reason());
    fixture.timeMs += 30 * EngineFixture.DAY_MS + 1000;
    fixture.tick(10);
    // Other clocks are right, and a request may be nearly a day under way.
    TestRequest late = fixture.request(ANNA);
    late.transmissionTime = sent(fixture.timeMs - EngineFixture.DAY_MS + 1000);

    assertEquals(DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW, fixture.send(purchase).reason());
    assertNull(fixture.send(late).reason());
  }

  @Test
  void shouldNotCutOverAgainWhatWasForgottenBecauseTheSendersClockRanAhead() {
    fixture.card(ANNA);
    TestSettlement cutOver = fixture.settlement().cutOver();
    cutOver.transmissionTime = sent(fixture.timeMs + 10 * EngineFixture.DAY_MS);
    assertEquals(Effect.CUT_OVER, fixture.send(cutOver).effect());
    fixture.timeMs += 12 * EngineFixture.DAY_MS;
    for (int other = 0; other < REQUESTS; other++) {
      fixture.send(declined());
    }

    assertEquals(DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW, fixture.send(cutOver).reason());
  }

  private static long sent(long timeMs) {
    return Long.parseLong(
        DateTimeFormatter.ofPattern("MMddHHmmss").withZone(ZoneOffset.UTC).format(Instant.ofEpochMilli(timeMs)));
  }

  @Test
  void shouldKeepTheAnswersOfHoldsHoweverManyDeclinesFollow() {
    fixture.card(ANNA);
    TestRequest held = fixture.request(ANNA);
    Answer first = fixture.send(held);
    for (int other = 0; other < 3 * REQUESTS; other++) {
      fixture.send(declined());
    }

    assertEquals(first, fixture.send(held));
  }

  @Test
  void shouldLetHoldsExpireAfterSevenDaysAndPreauthorizationsAfterThirty() {
    fixture.card(ANNA);
    TestRequest ordinary = fixture.request(ANNA);
    TestRequest hotel = fixture.request(ANNA);
    hotel.conditionCode = 6;
    fixture.send(ordinary);
    fixture.send(hotel);

    fixture.timeMs += 7 * EngineFixture.DAY_MS - 1;
    fixture.tick(10);
    assertEquals(EngineFixture.CASH - 200_00, balance());
    fixture.timeMs++;
    fixture.tick(10);
    assertEquals(EngineFixture.CASH - 100_00, balance());
    fixture.timeMs += 23 * EngineFixture.DAY_MS - 1;
    fixture.tick(10);
    assertEquals(EngineFixture.CASH - 100_00, balance());
    fixture.timeMs++;
    fixture.tick(10);
    assertEquals(EngineFixture.CASH, balance());
  }

  private long balance() {
    TestRequest inquiry = fixture.request(ANNA);
    inquiry.processingCode = 300_000;
    return fixture.send(inquiry).cashAvailable();
  }

  @Test
  void shouldExpireNoMoreThanATickMay() {
    fixture.card(ANNA);
    for (int hold = 0; hold < 5; hold++) {
      fixture.send(fixture.request(ANNA));
    }
    fixture.timeMs += 8 * EngineFixture.DAY_MS;

    fixture.tick(2);
    assertEquals(EngineFixture.CASH - 300_00, balance());
    fixture.tick(2);
    fixture.engine.checkInvariants();
    fixture.tick(2);
    assertEquals(EngineFixture.CASH, balance());
  }

  @Test
  void shouldForgetPostingsAfterThirtyDaysAndTombstonesAfterSeven() {
    fixture.card(ANNA);
    TestRequest posting = fixture.request(ANNA);
    posting.messageClass = MessageClass.FINANCIAL;
    TestRequest late = fixture.request(ANNA);
    fixture.send(posting);
    fixture.send(late.reversal(fixture.newKey()));
    assertEquals(2, fixture.engine.originals());

    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(10);
    assertEquals(1, fixture.engine.originals());
    assertNull(fixture.send(late).reason());
    assertTrue(fixture.send(posting).remembered());
    fixture.timeMs += 23 * EngineFixture.DAY_MS;
    fixture.tick(10);

    assertFalse(fixture.send(posting).remembered());
  }

  @Test
  void shouldForgetAnExpiredHoldAWeekLater() {
    fixture.card(ANNA);
    fixture.send(fixture.request(ANNA));
    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(10);
    assertEquals(1, fixture.engine.originals());
    fixture.engine.checkInvariants();

    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(10);

    assertEquals(0, fixture.engine.originals());
    assertEquals(EngineFixture.START_MS, fixture.engine.lowWaterMs());
  }

  @Test
  void shouldDeclineWhenOriginalsAreNearlyFullAndTakeThemAgainLater() {
    fixture.card(ANNA);
    TestRequest held = fixture.request(ANNA);
    for (int hold = 0; hold < ORIGINALS * 95 / 100; hold++) {
      held = fixture.request(ANNA);
      held.amount = 1_00;
      assertNull(fixture.send(held).reason());
    }
    TestRequest tooMany = fixture.request(ANNA);

    Answer answer = fixture.send(tooMany);

    assertEquals(DeclineReason.CAPACITY, answer.reason());
    assertEquals("96", answer.responseCode());
    assertEquals(0, answer.cash());
    assertEquals(
        DeclineReason.CAPACITY, fixture.send(fixture.request(ANNA).reversal(fixture.newKey())).reason());
    assertEquals(
        DeclineReason.CAPACITY, fixture.send(tooMany.completion(fixture.newKey(), 1_00)).reason());
    assertEquals(DeclineReason.CAPACITY, fixture.send(tooMany.refund(fixture.newKey(), 1_00)).reason());
    Answer completion = fixture.send(held.completion(fixture.newKey(), 2_00));
    assertEquals(DeclineReason.CAPACITY, completion.reason());
    assertEquals(answer.cashAvailable(), completion.cashAvailable());
    TestRequest completing = held.completion(fixture.newKey(), 1_00);
    completing.advice = false;
    assertEquals(DeclineReason.CAPACITY, fixture.send(completing).reason());
    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(100);
    // All have expired and are remembered for another week.
    assertEquals(
        DeclineReason.CAPACITY, fixture.send(held.completion(fixture.newKey(), 3_00)).reason());
    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(100);
    assertNull(fixture.send(tooMany).reason());
  }

  @Test
  void shouldDeclineAnIncrementThatWasDecidedElsewhereWhenOriginalsAreNearlyFull() {
    fixture.card(ANNA);
    TestRequest hold = fixture.request(ANNA);
    hold.amount = 1_00;
    hold.rrn = "632612000001";
    String code = fixture.send(hold).authCode();
    for (int other = 1; other < ORIGINALS * 95 / 100; other++) {
      TestRequest request = fixture.request(ANNA);
      request.amount = 1_00;
      assertNull(fixture.send(request).reason());
    }
    TestRequest increment = hold.advice(fixture.newKey(), 5_00);
    increment.authCode = code;
    increment.originalStan = 999_999;

    Answer answer = fixture.send(increment);

    assertEquals(DeclineReason.CAPACITY, answer.reason());
    assertEquals(EngineFixture.CASH - ORIGINALS * 95L, answer.cashAvailable());
  }
}
