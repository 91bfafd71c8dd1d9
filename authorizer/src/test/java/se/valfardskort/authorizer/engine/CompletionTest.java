package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** How a hold becomes a posting, by 0220 and by 0200: for less, equal and more, late, twice, and without a hold. */
final class CompletionTest extends HolderTest {
  /** 3,500 kr at a provider: 3,000 Hjartan and 500 kr. */
  private TestRequest split() {
    TestRequest request = fixture.request(ANNA);
    request.merchant = "BARNKOOP0000001";
    request.amount = 3_500_00;
    request.transmissionTime = 1122_120000L;
    return request;
  }

  private TestRequest hold(long amount) {
    TestRequest request = fixture.request(ANNA);
    request.amount = amount;
    fixture.send(request);
    return request;
  }

  private Answer complete(TestRequest hold, long amount) {
    return fixture.send(hold.completion(fixture.newKey(), amount));
  }

  @ParameterizedTest
  @CsvSource({
    // DE 4, HJARTAN and CASH posted (or given back), HJARTAN and CASH available after, effect, flags
    "350000, 300000, 50000, 0, 650000, COMPLETE, ''",
    "320000, 300000, 20000, 0, 680000, COMPLETE, ''",
    "300000, 300000, 0, 0, 700000, COMPLETE, ''",
    "100000, 100000, 0, 200000, 700000, COMPLETE, ''",
    "0, 300000, 50000, 300000, 700000, RELEASE, ''",
    "350001, 300000, 50001, 0, 649999, COMPLETE, 'overTolerance'",
    "1000000, 300000, 700000, 0, 0, COMPLETE, 'overTolerance'",
    "1010000, 300000, 710000, 0, -10000, COMPLETE, 'overTolerance overdrawn'"
  })
  void shouldPostWhatA0220SaysAndGiveBackTheRestInReversePayingOrder(
      long amount, long hjartan, long cash, long hjartanAfter, long cashAfter, Effect effect, String flags) {
    TestRequest hold = split();
    fixture.send(hold);

    Answer answer = complete(hold, amount);

    assertNull(answer.reason());
    assertEquals("00", answer.responseCode());
    assertEquals("", answer.authCode());
    assertEquals(effect, answer.effect());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(hjartanAfter, answer.hjartanAvailable());
    assertEquals(cashAfter, answer.cashAvailable());
    assertEquals(flags, answer.flags());
  }

  @ParameterizedTest
  @CsvSource({
    // MCC, hold, DE 4, reason (empty: approved), flags of a 0220 for the same
    "5812, 10000, 12000, , ''",
    "5812, 10000, 12001, COMPLETION_ABOVE_TOLERANCE, overTolerance",
    "5812, 9, 10, , ''",
    "5812, 9, 11, COMPLETION_ABOVE_TOLERANCE, overTolerance",
    "5541, 10000, 12000, , ''",
    "5411, 10000, 10000, , ''",
    "5411, 10000, 10001, COMPLETION_ABOVE_TOLERANCE, overTolerance"
  })
  void shouldDeclineA0200AboveTheToleranceAndBookA0220(
      int mcc, long held, long amount, @Nullable DeclineReason reason, String flags) {
    TestRequest hold = fixture.request(ANNA);
    hold.mcc = mcc;
    hold.amount = held;
    fixture.send(hold);
    TestRequest request = hold.completion(fixture.newKey(), amount);
    request.advice = false;

    Answer financial = fixture.send(request);
    Answer advice = complete(hold, amount);

    assertEquals(reason, financial.reason());
    assertEquals(reason == null ? Effect.COMPLETE : Effect.NOTHING, financial.effect());
    assertEquals(reason == null ? 6 : 0, financial.authCode().length());
    assertEquals(reason == null ? "repeatedCompletion" : flags, advice.flags());
  }

  @Test
  void shouldDeclineA0200WhoseExcessThePursesLack() {
    TestRequest hold = fixture.request(ANNA);
    hold.mcc = 5812;
    hold.amount = 500_00;
    fixture.send(hold);
    TestRequest rest = fixture.request(ANNA);
    rest.amount = EngineFixture.CASH - 500_00 - 99_99;
    fixture.send(rest);
    TestRequest completion = hold.completion(fixture.newKey(), 600_00);
    completion.advice = false;

    Answer declined = fixture.send(completion);
    completion.key = fixture.newKey();
    completion.amount = 599_99;

    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, declined.reason());
    assertEquals(99_99, declined.cashAvailable());
    assertEquals(Effect.COMPLETE, fixture.send(completion).effect());
  }

  @Test
  void shouldTakeTheExcessOfA0200FromThePursesInTheirOrder() {
    fixture.load(ANNA, 0, 0, 1_000_00);
    TestRequest hold = fixture.request(ANNA);
    hold.merchant = "CYKEL0000000001";
    hold.amount = 100_00;
    hold.processingCode = 9600;
    fixture.send(hold);
    TestRequest completion = hold.completion(fixture.newKey(), 120_00);
    completion.advice = false;
    completion.processingCode = 0;

    Answer answer = fixture.send(completion);

    assertEquals(Effect.COMPLETE, answer.effect());
    assertEquals(20_00, answer.hjartan());
    assertEquals(100_00, answer.cash());
    assertEquals(EngineFixture.HJARTAN + 1_000_00 - 20_00, answer.hjartanAvailable());
    assertEquals(EngineFixture.CASH - 100_00, answer.cashAvailable());
  }

  @ParameterizedTest
  @CsvSource({
    // DE 3 of hold and 0200: HJARTAN and CASH posted
    "9600, 0, 12000",
    "9800, 12000, 0"
  })
  void shouldTakeTheExcessOfA0200FromThePurseThatItsDe3Forces(long processingCode, long hjartan, long cash) {
    TestRequest hold = fixture.request(ANNA);
    hold.merchant = "CYKEL0000000001";
    hold.amount = 100_00;
    hold.processingCode = processingCode;
    fixture.send(hold);
    TestRequest completion = hold.completion(fixture.newKey(), 120_00);
    completion.advice = false;

    Answer answer = fixture.send(completion);

    assertEquals(Effect.COMPLETE, answer.effect());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
  }

  @Test
  void shouldAskTheCardAndItsHolderButNotThePolicyWhenA0200Completes() {
    TestRequest hold = hold(100_00);
    TestRequest gambling = hold.completion(fixture.newKey(), 90_00);
    gambling.advice = false;
    gambling.mcc = 7995;
    gambling.country = 578;
    TestRequest expired = gambling.copy();
    expired.key = fixture.newKey();
    expired.expiry = 2901;
    TestRequest cashback = gambling.copy();
    cashback.key = fixture.newKey();
    cashback.cashback = 1_00;

    assertEquals(DeclineReason.EXPIRY_MISMATCH, fixture.send(expired).reason());
    assertEquals(DeclineReason.CASHBACK, fixture.send(cashback).reason());
    assertEquals(Effect.COMPLETE, fixture.send(gambling).effect());
  }

  @Test
  void shouldTakeA0200ThatNamesNothingHeldForAnOrdinaryPurchase() {
    TestRequest hold = hold(100_00);
    complete(hold, 100_00);
    TestRequest purchase = hold.completion(fixture.newKey(), 50_00);
    purchase.advice = false;

    assertEquals(Effect.POST, fixture.send(purchase).effect());
    purchase.key = fixture.newKey();
    purchase.mcc = 7995;
    assertEquals(DeclineReason.BLOCKED_GAMBLING, fixture.send(purchase).reason());
  }

  @Test
  void shouldBookTheFirstCompletionOnly() {
    TestRequest hold = hold(100_00);
    TestRequest first = hold.completion(fixture.newKey(), 80_00);
    Answer booked = fixture.send(first);

    Answer second = complete(hold, 100_00);
    Answer ofTheFirst = complete(first, 90_00);

    assertEquals(Effect.COMPLETE, booked.effect());
    assertEquals(Effect.NOTHING, second.effect());
    assertEquals("repeatedCompletion", second.flags());
    assertEquals(Effect.NOTHING, ofTheFirst.effect());
    assertEquals("repeatedCompletion", ofTheFirst.flags());
    assertEquals(EngineFixture.CASH - 80_00, ofTheFirst.cashAvailable());
    assertEquals(booked, fixture.send(first));
  }

  @Test
  void shouldKnowACompletedHoldForAWeekAfterItWouldHaveExpired() {
    TestRequest hold = hold(100_00);
    complete(hold, 80_00);
    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(10);
    assertEquals("repeatedCompletion", complete(hold, 80_00).flags());

    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(10);

    assertEquals(1, fixture.engine.originals());
  }

  @Test
  void shouldReverseThePostingAndNotTheCompletedHold() {
    TestRequest hold = split();
    hold.rrn = "632612000001";
    fixture.send(hold);
    TestRequest completion = hold.completion(fixture.newKey(), 3_200_00);
    fixture.send(completion);

    Answer ofTheHold = fixture.send(hold.reversal(fixture.newKey()));
    TestRequest byReference = completion.reversal(fixture.newKey());
    byReference.originalData = false;
    byReference.replacement = 3_000_00;
    Answer partly = fixture.send(byReference);
    Answer wholly = fixture.send(completion.reversal(fixture.newKey()));

    assertEquals(Effect.NOTHING, ofTheHold.effect());
    assertEquals(Effect.UNPOST, partly.effect());
    assertEquals(200_00, partly.cash());
    assertEquals(Effect.UNPOST, wholly.effect());
    assertEquals(3_000_00, wholly.hjartan());
    assertEquals(EngineFixture.CASH, wholly.cashAvailable());
    assertEquals(EngineFixture.HJARTAN, wholly.hjartanAvailable());
    assertEquals("afterReversal", complete(hold, 1_00).flags());
    assertEquals(DeclineReason.ORIGINAL_REVERSED, fixture.send(completion).reason());
  }

  @ParameterizedTest
  @CsvSource({
    // what became of the hold, flags
    "expired, late",
    "reversed, afterReversal",
    "unknown, standIn noHold",
    "postedAndReversed, afterReversal"
  })
  void shouldForceAPostingWhereThereIsNoHoldAnyMore(String fate, String flags) {
    TestRequest hold = split();
    switch (fate) {
      case "expired" -> {
        fixture.send(hold);
        fixture.timeMs += 7 * EngineFixture.DAY_MS;
        fixture.tick(10);
      }
      case "reversed" -> {
        fixture.send(hold);
        fixture.send(hold.reversal(fixture.newKey()));
      }
      case "postedAndReversed" -> {
        hold.messageClass = MessageClass.FINANCIAL;
        fixture.send(hold);
        fixture.send(hold.reversal(fixture.newKey()));
      }
      default -> { }
    }

    Answer answer = complete(hold, 3_200_00);

    assertNull(answer.reason());
    assertEquals(Effect.POST, answer.effect());
    assertEquals(flags, answer.flags());
    assertEquals(3_000_00, answer.hjartan());
    assertEquals(200_00, answer.cash());
    assertEquals(EngineFixture.CASH - 200_00, answer.cashAvailable());
  }

  @Test
  void shouldReleaseTheHoldWhereA0220SaysThatItWasDeclinedElsewhere() {
    TestRequest hold = split();
    fixture.send(hold);
    TestRequest declined = hold.completion(fixture.newKey(), 3_500_00);
    declined.declinedElsewhere = true;

    Answer answer = fixture.send(declined);

    assertNull(answer.reason());
    assertEquals(Effect.RELEASE, answer.effect());
    assertEquals(EngineFixture.HJARTAN, answer.hjartanAvailable());
    assertEquals("afterReversal", complete(hold, 1_00).flags());
  }

  @ParameterizedTest
  @CsvSource({
    // by DE 37 + 41, by DE 38 + 42, other DE 41, other DE 42: effect
    "true, false, TERM0001, BARNKOOP0000001, COMPLETE",
    "true, false, TERM0002, BARNKOOP0000001, POST",
    "false, true, TERM0002, BARNKOOP0000001, COMPLETE",
    "false, true, TERM0001, KONSTRUM0000001, POST",
    "false, false, TERM0001, BARNKOOP0000001, POST"
  })
  void shouldFindTheHoldByOtherReferencesWhereOriginalDataFindsNone(
      boolean byRrn, boolean byCode, String terminal, String merchant, Effect effect) {
    TestRequest hold = split();
    hold.rrn = "632612000001";
    String code = fixture.send(hold).authCode();
    TestRequest completion = hold.completion(fixture.newKey(), 100_00);
    completion.originalStan = 999_999;
    completion.rrn = byRrn ? hold.rrn : "632612000002";
    completion.authCode = byCode ? code : "";
    completion.terminal = terminal;
    completion.merchant = merchant;

    assertEquals(effect, fixture.send(completion).effect());
  }

  @Test
  void shouldNeverCompleteAnotherAcquirersPartnersOrCardsHold() {
    fixture.card(8);
    TestRequest hold = split();
    fixture.send(hold);
    TestRequest otherAcquirer = hold.completion(fixture.newKey(), 1_00);
    otherAcquirer.acquirer = 654_321;
    TestRequest otherPartner = hold.completion(fixture.newKey(), 1_00);
    otherPartner.partner = TestPolicy.STRICT_PARTNER;
    TestRequest otherCard = hold.completion(fixture.newKey(), 1_00);
    otherCard.card = 8;

    assertEquals("standIn noHold", fixture.send(otherAcquirer).flags());
    assertEquals("standIn noHold", fixture.send(otherPartner).flags());
    assertEquals("standIn noHold", fixture.send(otherCard).flags());
    assertEquals(Effect.COMPLETE, complete(hold, 1_00).effect());
  }

  @Test
  void shouldAnswer94WhereItsReversalCameFirst() {
    TestRequest completion = split().completion(fixture.newKey(), 100_00);
    assertEquals(Effect.TOMBSTONE, fixture.send(completion.reversal(fixture.newKey())).effect());

    Answer late = fixture.send(completion);

    assertEquals(DeclineReason.REVERSED_BEFORE_ARRIVAL, late.reason());
    assertEquals("94", late.responseCode());
  }

  @Test
  void shouldCorrectTheMonthsCapAtCompletion() {
    TestRequest hold = fixture.request(ANNA);
    hold.mcc = 5541;
    hold.amount = 1_500_00;
    fixture.send(hold);
    complete(hold, 1_000_00);
    TestRequest more = fixture.request(ANNA);
    more.mcc = 5541;
    more.amount = 500_01;
    assertEquals(DeclineReason.CATEGORY_CAP, fixture.send(more).reason());
    more.key = fixture.newKey();
    more.amount = 500_00;

    assertNull(fixture.send(more).reason());
    assertEquals("overTolerance", complete(more, 700_00).flags());
    assertTrue(fixture.send(more.reversal(fixture.newKey())).effect() == Effect.NOTHING);
  }

  @Test
  void shouldBookForACardThatIsNoLongerGood() {
    fixture.open(8, -1, TestPolicy.FITTJA, CardStatus.STOLEN, 2401, 0);
    TestRequest completion = fixture.request(8).completion(fixture.newKey(), 100_00);
    completion.mcc = 7995;
    completion.country = 578;

    Answer answer = fixture.send(completion);

    assertEquals(Effect.POST, answer.effect());
    assertEquals(-100_00, answer.cashAvailable());
    assertEquals("standIn noHold overdrawn blockedCategory", answer.flags());
  }

  @Test
  void shouldPostAtTheHoldsMerchantWhateverDe42OfTheCompletionIs() {
    TestRequest hold = split();
    fixture.send(hold);
    TestRequest completion = hold.completion(fixture.newKey(), 3_200_00);
    completion.merchant = "ICA000000000001";
    assertEquals(Effect.COMPLETE, fixture.send(completion).effect());
    TestRequest refund = fixture.request(ANNA);
    refund.messageClass = MessageClass.FINANCIAL;
    refund.processingCode = 200_000;
    refund.amount = 3_100_00;
    TestRequest elsewhere = refund.copy();
    elsewhere.key = fixture.newKey();
    elsewhere.merchant = completion.merchant;
    refund.merchant = hold.merchant;

    assertEquals(0, fixture.send(elsewhere).hjartan());
    Answer answer = fixture.send(refund);
    assertEquals(3_000_00, answer.hjartan());
    assertEquals(100_00, answer.cash());
  }

  @Test
  void shouldKeepWhoDecidedThePosting() {
    // By a 0220 it was final; by a 0200 of ours an advice takes its place.
    TestRequest byAdvice = hold(100_00);
    TestRequest advice = byAdvice.completion(fixture.newKey(), 80_00);
    fixture.send(advice);
    TestRequest byRequest = hold(100_00);
    TestRequest request = byRequest.completion(fixture.newKey(), 80_00);
    request.advice = false;
    assertEquals(Effect.COMPLETE, fixture.send(request).effect());

    assertEquals("repeatedCompletion", complete(advice, 90_00).flags());
    assertEquals(Effect.REPLACE, complete(request, 90_00).effect());
  }

  @ParameterizedTest
  @CsvSource({
    // DE 4 of a 0200: HJARTAN and CASH posted, available afterwards
    "340000, 300000, 40000, 0, 660000",
    "350000, 300000, 50000, 0, 650000",
    "10000, 10000, 0, 290000, 700000"
  })
  void shouldGiveBackTheRestByA0200Too(long amount, long hjartan, long cash, long hjartanAfter, long cashAfter) {
    TestRequest hold = split();
    fixture.send(hold);
    TestRequest request = hold.completion(fixture.newKey(), amount);
    request.advice = false;

    Answer answer = fixture.send(request);

    assertEquals(Effect.COMPLETE, answer.effect());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(hjartanAfter, answer.hjartanAvailable());
    assertEquals(cashAfter, answer.cashAvailable());
  }

  @Test
  void shouldTakeTheExcessOfA0200FromCash() {
    TestRequest hold = fixture.request(ANNA);
    hold.mcc = 5812;
    hold.amount = 100_00;
    fixture.send(hold);
    TestRequest request = hold.completion(fixture.newKey(), 120_00);
    request.advice = false;

    Answer answer = fixture.send(request);

    assertEquals(120_00, answer.cash());
    assertEquals(EngineFixture.CASH - 120_00, answer.cashAvailable());
  }

  @Test
  void shouldCompleteByA0200TheHoldThatItNamesAndNoOther() {
    TestRequest first = hold(100_00);
    TestRequest second = hold(200_00);
    TestRequest unrelated = fixture.request(ANNA);
    unrelated.messageClass = MessageClass.FINANCIAL;
    unrelated.amount = 50_00;
    TestRequest request = second.completion(fixture.newKey(), 150_00);
    request.advice = false;

    assertEquals(Effect.POST, fixture.send(unrelated).effect());
    assertEquals(EngineFixture.CASH - 100_00 - 50_00 - 150_00, fixture.send(request).cashAvailable());
    assertEquals(Effect.COMPLETE, complete(first, 100_00).effect());
    assertEquals("repeatedCompletion", complete(second, 100_00).flags());
  }
}
