package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** What was decided elsewhere: it takes the place of what we decided, or is booked whatever the purses hold. */
final class AdviceTest extends HolderTest {
  /** 3,500 kr at a provider: 3,000 Hjartan and 500 kr. */
  private TestRequest split(MessageClass messageClass) {
    TestRequest request = fixture.request(ANNA);
    request.merchant = "BARNKOOP0000001";
    request.amount = 3_500_00;
    request.messageClass = messageClass;
    return request;
  }

  private TestRequest notice(TestRequest original, MessageClass messageClass, long amount) {
    return messageClass == MessageClass.AUTHORIZATION
        ? original.advice(fixture.newKey(), amount)
        : original.completion(fixture.newKey(), amount);
  }

  @ParameterizedTest
  @CsvSource({
    // original, DE 4 of the advice, parts afterwards (or given back), available afterwards, effect, flags
    "AUTHORIZATION, 350000, 300000, 50000, 0, 650000, REPLACE, ''",
    "AUTHORIZATION, 200000, 200000, 0, 100000, 700000, REPLACE, ''",
    "AUTHORIZATION, 400000, 300000, 100000, 0, 600000, REPLACE, ''",
    "AUTHORIZATION, 1000001, 300000, 700001, 0, -1, REPLACE, overdrawn",
    "AUTHORIZATION, 0, 300000, 50000, 300000, 700000, RELEASE, ''",
    "FINANCIAL, 350000, 300000, 50000, 0, 650000, REPLACE, ''",
    "FINANCIAL, 200000, 200000, 0, 100000, 700000, REPLACE, ''",
    "FINANCIAL, 400000, 300000, 100000, 0, 600000, REPLACE, ''",
    "FINANCIAL, 1000001, 300000, 700001, 0, -1, REPLACE, overdrawn",
    "FINANCIAL, 0, 300000, 50000, 300000, 700000, UNPOST, ''"
  })
  void shouldPutTheAdvicesAmountInThePlaceOfOurs(
      MessageClass messageClass,
      long amount,
      long hjartan,
      long cash,
      long hjartanAfter,
      long cashAfter,
      Effect effect,
      String flags) {
    TestRequest original = split(messageClass);
    fixture.send(original);
    TestRequest advice = notice(original, messageClass, amount);

    Answer answer = fixture.send(advice);

    assertNull(answer.reason());
    assertEquals("00", answer.responseCode());
    assertEquals("", answer.authCode());
    assertEquals(effect, answer.effect());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(hjartanAfter, answer.hjartanAvailable());
    assertEquals(hjartan + cash, answer.approved());
    assertEquals(cashAfter, answer.cashAvailable());
    assertEquals(flags, answer.flags());
    assertEquals(answer, fixture.send(advice));
  }

  @ParameterizedTest
  @CsvSource({"AUTHORIZATION, true", "AUTHORIZATION, false", "FINANCIAL, true", "FINANCIAL, false"})
  void shouldReverseWhatAnAdviceReplacedByTheAdviceToo(MessageClass messageClass, boolean namesAdvice) {
    TestRequest original = split(messageClass);
    fixture.send(original);
    TestRequest advice = notice(original, messageClass, 4_000_00);
    fixture.send(advice);

    Answer half = fixture.send(reduced(namesAdvice ? advice : original, 2_000_00));
    Answer whole = fixture.send((namesAdvice ? advice : original).reversal(fixture.newKey()));

    assertEquals(2_000_00, half.approved());
    assertEquals(1_000_00, half.hjartan());
    assertEquals(1_000_00, half.cash());
    assertEquals(2_000_00, whole.hjartan());
    assertEquals(EngineFixture.CASH, whole.cashAvailable());
    assertEquals(DeclineReason.ORIGINAL_REVERSED, fixture.send(original).reason());
  }

  private TestRequest reduced(TestRequest original, long remains) {
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.replacement = remains;
    return reversal;
  }

  @ParameterizedTest
  @CsvSource({
    // original, advice, effect
    "AUTHORIZATION, AUTHORIZATION, RELEASE",
    "AUTHORIZATION, FINANCIAL, RELEASE",
    "FINANCIAL, FINANCIAL, UNPOST",
    "FINANCIAL, AUTHORIZATION, UNPOST"
  })
  void shouldUndoWhatWasDeclinedElsewhere(MessageClass original, MessageClass advice, Effect effect) {
    TestRequest ours = split(original);
    fixture.send(ours);
    TestRequest declined = notice(ours, advice, 3_500_00);
    declined.declinedElsewhere = true;

    Answer answer = fixture.send(declined);

    assertNull(answer.reason());
    assertEquals(effect, answer.effect());
    assertEquals(EngineFixture.HJARTAN, answer.hjartanAvailable());
    assertEquals(EngineFixture.CASH, answer.cashAvailable());
    declined.key = fixture.newKey();
    assertEquals(Effect.NOTHING, fixture.send(declined).effect());
  }

  @ParameterizedTest
  @CsvSource({
    // fate of the hold, effect, flags
    "unknown, HOLD, standIn",
    "expired, HOLD, standIn late",
    "released, HOLD, standIn afterReversal",
    "completed, NOTHING, repeatedCompletion"
  })
  void shouldPlaceAHoldByForceWhereOursIsGone(String fate, Effect effect, String flags) {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    if (!fate.equals("unknown")) {
      fixture.send(original);
    }
    switch (fate) {
      case "expired" -> {
        fixture.timeMs += 7 * EngineFixture.DAY_MS;
        fixture.tick(10);
      }
      case "released" -> fixture.send(original.reversal(fixture.newKey()));
      case "completed" -> fixture.send(original.completion(fixture.newKey(), 3_500_00));
      default -> { }
    }
    TestRequest advice = original.advice(fixture.newKey(), 3_600_00);
    TestRequest declined = original.advice(fixture.newKey(), 3_600_00);
    declined.declinedElsewhere = true;
    declined.originalStan = 999_999;

    assertEquals(Effect.NOTHING, fixture.send(declined).effect());
    Answer answer = fixture.send(advice);

    assertEquals(effect, answer.effect());
    assertEquals(flags, answer.flags());
    if (effect == Effect.HOLD) {
      assertEquals(3_000_00, answer.hjartan());
      assertEquals(600_00, answer.cash());
      // A hold like any other: it can be completed by the code of who decided.
      assertEquals("", fixture.send(advice.completion(fixture.newKey(), 3_600_00)).flags());
    }
  }

  @Test
  void shouldFindAStandInHoldByTheCodeOfWhoDecided() {
    TestRequest advice = split(MessageClass.AUTHORIZATION).advice(fixture.newKey(), 100_00);
    advice.authCode = "VISA01";
    fixture.send(advice);
    TestRequest completion = fixture.request(ANNA);
    completion.merchant = advice.merchant;
    completion.messageClass = MessageClass.FINANCIAL;
    completion.advice = true;
    completion.authCode = "VISA01";
    completion.amount = 100_00;

    assertEquals(Effect.COMPLETE, fixture.send(completion).effect());
  }

  @Test
  void shouldFindAnIncrementedStandInHoldByTheFirstCodeToo() {
    TestRequest advice = split(MessageClass.AUTHORIZATION).advice(fixture.newKey(), 100_00);
    advice.authCode = "VISA01";
    advice.rrn = "632612000077";
    fixture.send(advice);
    TestRequest increment = fixture.request(ANNA);
    increment.merchant = advice.merchant;
    increment.authCode = "VISA01";
    increment.rrn = advice.rrn;
    increment.amount = 50_00;
    assertEquals(Effect.RAISE, fixture.send(increment).effect());
    TestRequest completion = fixture.request(ANNA);
    completion.merchant = advice.merchant;
    completion.messageClass = MessageClass.FINANCIAL;
    completion.advice = true;
    completion.authCode = "VISA01";
    completion.rrn = "632612000078";
    completion.amount = 150_00;

    assertEquals(Effect.COMPLETE, fixture.send(completion).effect());
  }

  @Test
  void shouldReadDe95InKronorWhereAnAdviceHadReplacedARefundedPosting() {
    TestRequest purchase = split(MessageClass.FINANCIAL);
    purchase.amount = 41_17;
    fixture.send(purchase);
    TestRequest refund = purchase.refund(fixture.newKey(), 41_17);
    fixture.send(refund);
    // Refunded wholly, so the smaller advice finds nothing to give back.
    assertEquals(Effect.REPLACE, fixture.send(purchase.completion(fixture.newKey(), 38_83)).effect());
    fixture.send(refund.reversal(fixture.newKey()));

    Answer answer = fixture.send(reduced(purchase, 33_95));

    assertEquals(41_17 - 33_95, answer.hjartan());
    assertEquals(EngineFixture.HJARTAN - 33_95, answer.hjartanAvailable());
  }

  @Test
  void shouldLeaveAReplacedPostingWhereDe95IsAboveIt() {
    TestRequest purchase = split(MessageClass.FINANCIAL);
    fixture.send(purchase);
    TestRequest refund = purchase.refund(fixture.newKey(), 3_500_00);
    fixture.send(refund);
    fixture.send(purchase.completion(fixture.newKey(), 2_000_00));
    fixture.send(refund.reversal(fixture.newKey()));

    // The posting still has 3,500: 3,600 is no less, though the advice said 2,000.
    assertEquals(Effect.NOTHING, fixture.send(reduced(purchase, 3_600_00)).effect());
    assertEquals(100_00, fixture.send(reduced(purchase, 3_400_00)).approved());
  }

  @ParameterizedTest
  @CsvSource({
    // merchant, DE 3, DE 4, HJARTAN, CASH, flags beside standIn noHold
    "BARNKOOP0000001, 0, 350000, 300000, 50000, ''",
    "BARNKOOP0000001, 1000, 350000, 300000, 50000, ''",
    "BARNKOOP0000001, 3000, 350000, 300000, 50000, ''",
    "BARNKOOP0000001, 9600, 350000, 0, 350000, ''",
    "BARNKOOP0000001, 9800, 300000, 300000, 0, ''",
    "BARNKOOP0000001, 9800, 350000, 300000, 50000, hjartanToCash",
    "ICA000000000001, 9800, 350000, 0, 350000, hjartanToCash",
    "ICA000000000001, 0, 700001, 0, 700001, overdrawn",
    "ICA000000000001, 9800, 700001, 0, 700001, hjartanToCash overdrawn",
    "ANNANBAZ0000001, 0, 100, 0, 100, ''",
    "SUSPENDED000001, 0, 100, 0, 100, ''",
    "TAKET0000000001, 0, 50000, 40000, 10000, ''",
    "ICA000000000001, 10000, 100, 0, 100, ''",
    "ICA000000000001, 90000, 100, 0, 100, ''"
  })
  void shouldChooseThePursesOfAForcedBooking(
      String merchant, long processingCode, long amount, long hjartan, long cash, String flags) {
    TestRequest advice = split(MessageClass.FINANCIAL);
    advice.advice = true;
    advice.merchant = merchant;
    advice.processingCode = processingCode;
    advice.amount = amount;

    Answer answer = fixture.send(advice);

    assertEquals(Effect.POST, answer.effect());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(EngineFixture.CASH - cash, answer.cashAvailable());
    assertEquals(("standIn noHold " + flags).strip(), answer.flags());
  }

  @Test
  void shouldCountKronorBelow0AsNone() {
    TestRequest advice = split(MessageClass.FINANCIAL);
    advice.advice = true;
    advice.merchant = "ICA000000000001";
    advice.amount = EngineFixture.CASH + 100_00;
    assertEquals(-100_00, fixture.send(advice).cashAvailable());
    TestRequest byHjartan = split(MessageClass.FINANCIAL);
    byHjartan.amount = 100_00;
    TestRequest byCash = fixture.request(ANNA);
    byCash.amount = 1;

    assertNull(fixture.send(byHjartan).reason());
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(byCash).reason());
    fixture.load(ANNA, 0, 50_00, 0);
    fixture.engine.checkInvariants();
    byCash.key = fixture.newKey();
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(byCash).reason());
    assertEquals(EngineFixture.CASH, fixture.send(advice.reversal(fixture.newKey())).cashAvailable() - 50_00);
  }

  @Test
  void shouldTellWhenAPartnersAdvicesHaveOverdrawnMoreThanItsLimit() {
    TestRequest advice = split(MessageClass.FINANCIAL);
    advice.advice = true;
    advice.partner = TestPolicy.BANK_PARTNER;
    advice.merchant = "ICA000000000001";
    advice.amount = EngineFixture.CASH + TestPolicy.ADVICE_LIMIT;

    assertEquals("standIn noHold overdrawn", fixture.send(advice).flags());
    advice.key = fixture.newKey();
    advice.stan++;
    advice.amount = 1;
    assertEquals("standIn noHold overdrawn partnerLimit", fixture.send(advice).flags());
    advice.key = fixture.newKey();
    advice.stan++;
    advice.partner = TestPolicy.PARTNER;
    assertEquals("standIn noHold overdrawn", fixture.send(advice).flags());
  }

  @ParameterizedTest
  @CsvSource({
    // class, partner, DE 3, reason (empty: none), effect, flags
    "AUTHORIZATION, 1, 310000, FUNCTION_UNKNOWN, NOTHING, ''",
    "FINANCIAL, 1, 300000, FUNCTION_UNKNOWN, NOTHING, ''",
    "FINANCIAL, 1, 20000, FUNCTION_UNKNOWN, NOTHING, ''",
    "FINANCIAL, 1, 220000, FUNCTION_UNKNOWN, NOTHING, ''",
    "FINANCIAL, 3, 20000, , POST, noHold",
    "FINANCIAL, 3, 220000, , REFUND, 'refundWaiting unlinkedRefund'",
    "AUTHORIZATION, 3, 20000, FUNCTION_UNKNOWN, NOTHING, ''",
    "AUTHORIZATION, 1, 200000, , NOTHING, ''",
    "FINANCIAL, 1, 500000, FUNCTION_UNKNOWN, NOTHING, ''"
  })
  void shouldKnowWhichAdvicesItTakes(
      MessageClass messageClass,
      int partner,
      long processingCode,
      @Nullable DeclineReason reason,
      Effect effect,
      String flags) {
    TestRequest advice = fixture.request(ANNA);
    advice.messageClass = messageClass;
    advice.advice = true;
    advice.partner = partner;
    advice.processingCode = processingCode;

    Answer answer = fixture.send(advice);

    assertEquals(reason, answer.reason());
    assertEquals(effect, answer.effect());
    assertEquals(flags, answer.flags());
  }

  @Test
  void shouldDeclineOnlyWhatCannotBeRead() {
    TestRequest unknown = fixture.request(99);
    TestRequest badDigit = fixture.request(ANNA);
    badDigit.checkDigitOk = false;
    TestRequest fault = fixture.request(ANNA);
    fault.faultDe = 4;
    TestRequest currency = fixture.request(ANNA);
    currency.currency = 978;
    TestRequest withoutMcc = fixture.request(ANNA);
    withoutMcc.mcc = 0;

    assertEquals(DeclineReason.CARD_UNKNOWN, sendAdvice(unknown).reason());
    assertEquals(DeclineReason.PAN_CHECK_DIGIT, sendAdvice(badDigit).reason());
    assertEquals(DeclineReason.FORMAT_ERROR, sendAdvice(fault).reason());
    assertEquals(DeclineReason.CURRENCY_NOT_HANDLED, sendAdvice(currency).reason());
    assertEquals(Effect.POST, sendAdvice(withoutMcc).effect());
  }

  private Answer sendAdvice(TestRequest request) {
    request.messageClass = MessageClass.FINANCIAL;
    request.advice = true;
    return fixture.send(request);
  }

  @Test
  void shouldFindAReplacedHoldByTheCodeOfWhoReplacedIt() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    fixture.send(original);
    TestRequest advice = original.advice(fixture.newKey(), 3_600_00);
    advice.authCode = "VISA02";
    assertEquals(Effect.REPLACE, fixture.send(advice).effect());
    TestRequest completion = fixture.request(ANNA);
    completion.merchant = original.merchant;
    completion.messageClass = MessageClass.FINANCIAL;
    completion.advice = true;
    completion.authCode = "VISA02";
    completion.amount = 3_600_00;

    assertEquals(Effect.COMPLETE, fixture.send(completion).effect());
  }
}
