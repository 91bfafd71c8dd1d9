package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** Reversals: what goes back to which purse, how the original is found, and what happens when it is not. */
final class ReversalTest extends HolderTest {
  /** 3,500 kr at a provider: 3,000 Hjartan and 500 kr. */
  private TestRequest split(MessageClass messageClass) {
    TestRequest request = fixture.request(ANNA);
    request.merchant = "BARNKOOP0000001";
    request.amount = 3_500_00;
    request.messageClass = messageClass;
    request.transmissionTime = 1122_120000L;
    return request;
  }

  @ParameterizedTest
  @CsvSource({
    // class, DE 95 (-1: absent), HJARTAN back, CASH back, effect
    "AUTHORIZATION, -1, 300000, 50000, RELEASE",
    "AUTHORIZATION, 0, 300000, 50000, RELEASE",
    "AUTHORIZATION, 310000, 0, 40000, RELEASE",
    "AUTHORIZATION, 300000, 0, 50000, RELEASE",
    "AUTHORIZATION, 100000, 200000, 50000, RELEASE",
    "AUTHORIZATION, 1, 299999, 50000, RELEASE",
    "AUTHORIZATION, 350000, 0, 0, NOTHING",
    "AUTHORIZATION, 999999, 0, 0, NOTHING",
    "FINANCIAL, -1, 300000, 50000, UNPOST",
    "FINANCIAL, 310000, 0, 40000, UNPOST",
    "FINANCIAL, 100000, 200000, 50000, UNPOST",
    "FINANCIAL, 350000, 0, 0, NOTHING"
  })
  void shouldGiveBackInReversePayingOrder(
      MessageClass messageClass, long replacement, long hjartan, long cash, Effect effect) {
    TestRequest original = split(messageClass);
    fixture.send(original);
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.replacement = replacement;

    Answer answer = fixture.send(reversal);

    assertNull(answer.reason());
    assertEquals(effect, answer.effect());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(hjartan, answer.hjartanAvailable());
    assertEquals(EngineFixture.CASH - 500_00 + cash, answer.cashAvailable());
  }

  @Test
  void shouldReduceStepByStepAndNeverRaise() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    fixture.send(original);

    assertEquals(1_500_00, reduceTo(original, 2_000_00).approved());
    assertEquals(0, reduceTo(original, 2_500_00).approved());
    assertEquals(0, reduceTo(original, 2_000_00).approved());
    assertEquals(1_000_00, reduceTo(original, 1_000_00).approved());
    assertEquals(1_000_00, reduceTo(original, 0).approved());
    assertEquals(Effect.NOTHING, reduceTo(original, 0).effect());
    assertEquals(DeclineReason.ORIGINAL_REVERSED, fixture.send(original).reason());
  }

  private Answer reduceTo(TestRequest original, long replacement) {
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.replacement = replacement;
    return fixture.send(reversal);
  }

  @Test
  void shouldStillAnswerARepeatOfAPartlyReversedOriginal() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    Answer first = fixture.send(original);
    reduceTo(original, 1_00);

    assertEquals(first, fixture.send(original));
  }

  @ParameterizedTest
  @CsvSource({
    // DE 4 sent, SEK, DE 95, remains in SEK
    "10000, 115000, 5000, 57500",
    "300, 1000, 100, 333",
    "300, 1000, 200, 667",
    "200, 1001, 100, 501",
    "900000000000, 350000, 450000000000, 175000",
    "900000000000, 350000, 899999999999, 350000",
    "900000000000, 350000, 1, 0"
  })
  void shouldScaleAForeignReplacementAmountHalfUp(long sent, long sek, long replacement, long remains) {
    TestRequest original = fixture.request(ANNA);
    original.amount = sek;
    original.transactionAmount = sent;
    fixture.send(original);
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.replacement = replacement;

    Answer answer = fixture.send(reversal);

    assertEquals(sek - remains, answer.approved());
  }

  @Test
  void shouldScaleAnAmountWhoseProductAllButFillsALong() {
    fixture.load(ANNA, 0, 200_000_00, 0);
    TestRequest original = fixture.request(ANNA);
    original.amount = 100_000_00;
    original.transactionAmount = 999_999_999_999L;
    fixture.send(original);
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.replacement = 922_337_203_685L;

    Answer answer = fixture.send(reversal);

    assertEquals(100_000_00 - 92_233_72, answer.approved());
    assertEquals(EngineFixture.CASH + 200_000_00 - 92_233_72, answer.cashAvailable());
  }

  @Test
  void shouldFindTheOriginalByRrnWhereOriginalDataIsAbsent() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    original.rrn = "632612000001";
    fixture.send(original);
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.originalData = false;
    TestRequest otherTerminal = reversal.copy();
    otherTerminal.key = fixture.newKey();
    otherTerminal.terminal = "TERM0002";

    assertEquals(Effect.TOMBSTONE, fixture.send(otherTerminal).effect());
    assertEquals(Effect.RELEASE, fixture.send(reversal).effect());
  }

  @Test
  void shouldFindTheOriginalByAuthorizationCodeAndAmount() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    String authCode = fixture.send(original).authCode();
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.originalData = false;
    reversal.authCode = authCode;
    TestRequest otherAmount = reversal.copy();
    otherAmount.key = fixture.newKey();
    otherAmount.amount = 3_499_00;

    assertEquals(Effect.TOMBSTONE, fixture.send(otherAmount).effect());
    assertEquals(Effect.RELEASE, fixture.send(reversal).effect());
  }

  @Test
  void shouldPreferOriginalDataToOtherReferences() {
    TestRequest first = split(MessageClass.AUTHORIZATION);
    first.amount = 100_00;
    first.rrn = "632612000001";
    TestRequest second = split(MessageClass.AUTHORIZATION);
    second.amount = 200_00;
    second.rrn = "632612000001";
    fixture.send(first);
    fixture.send(second);

    assertEquals(100_00, fixture.send(first.reversal(fixture.newKey())).approved());
  }

  @Test
  void shouldCompareTheOriginalsTimeAndClassUnlessTheyAreZero() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    fixture.send(original);
    TestRequest otherTime = original.reversal(fixture.newKey());
    otherTime.originalTransmissionTime++;
    TestRequest otherClass = original.reversal(fixture.newKey());
    otherClass.originalMti = 200;
    TestRequest noTime = original.reversal(fixture.newKey());
    noTime.originalTransmissionTime = 0;
    noTime.originalMti = 101;

    assertEquals(Effect.TOMBSTONE, fixture.send(otherTime).effect());
    assertEquals(Effect.TOMBSTONE, fixture.send(otherClass).effect());
    assertEquals(Effect.RELEASE, fixture.send(noTime).effect());
  }

  @Test
  void shouldNeverTouchAnotherAcquirersOrAnotherCardsOriginal() {
    fixture.card(8);
    TestRequest original = split(MessageClass.AUTHORIZATION);
    original.rrn = "632612000001";
    fixture.send(original);
    TestRequest otherAcquirer = original.reversal(fixture.newKey());
    otherAcquirer.acquirer = 654_321;
    TestRequest otherCard = original.reversal(fixture.newKey());
    otherCard.card = 8;

    assertEquals(Effect.TOMBSTONE, fixture.send(otherAcquirer).effect());
    assertEquals(Effect.TOMBSTONE, fixture.send(otherCard).effect());
    assertEquals(Effect.RELEASE, fixture.send(original.reversal(fixture.newKey())).effect());
  }

  @Test
  void shouldNeverTouchAnotherPartnersOriginalNorWaitForIt() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    original.rrn = "632612000001";
    String authCode = fixture.send(original).authCode();
    TestRequest otherPartner = original.reversal(fixture.newKey());
    otherPartner.partner = TestPolicy.STRICT_PARTNER;
    otherPartner.advice = true;
    otherPartner.authCode = authCode;
    TestRequest late = split(MessageClass.AUTHORIZATION);
    late.amount = 100_00;
    TestRequest otherPartnersTombstone = late.reversal(fixture.newKey());
    otherPartnersTombstone.partner = TestPolicy.STRICT_PARTNER;
    otherPartnersTombstone.advice = true;

    assertEquals(Effect.TOMBSTONE, fixture.send(otherPartner).effect());
    assertEquals(Effect.TOMBSTONE, fixture.send(otherPartnersTombstone).effect());
    assertNull(fixture.send(late).reason());
    assertEquals(Effect.RELEASE, fixture.send(original.reversal(fixture.newKey())).effect());
  }

  @Test
  void shouldDeclineALateOriginalWhoseReversalCameFirst() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    TestRequest reversal = original.reversal(fixture.newKey());

    Answer tombstone = fixture.send(reversal);
    Answer late = fixture.send(original);
    Answer another = fixture.send(split(MessageClass.AUTHORIZATION));

    assertEquals(Effect.TOMBSTONE, tombstone.effect());
    assertEquals("00", tombstone.responseCode());
    assertEquals(DeclineReason.REVERSED_BEFORE_ARRIVAL, late.reason());
    assertEquals("94", late.responseCode());
    assertNull(another.reason());
    assertTrue(fixture.send(reversal).remembered());
  }

  @Test
  void shouldKnowALateOriginalByItsRrnToo() {
    TestRequest original = split(MessageClass.FINANCIAL);
    original.rrn = "632612000009";
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.originalData = false;
    fixture.send(reversal);
    TestRequest otherRrn = split(MessageClass.FINANCIAL);
    otherRrn.rrn = "632612000010";

    assertNull(fixture.send(otherRrn).reason());
    assertEquals(DeclineReason.REVERSED_BEFORE_ARRIVAL, fixture.send(original).reason());
  }

  @Test
  void shouldTellAPartnerThatWantsToKnowThatTheOriginalIsNotFound() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    original.partner = TestPolicy.STRICT_PARTNER;
    TestRequest request = original.reversal(fixture.newKey());
    TestRequest advice = original.reversal(fixture.newKey());
    advice.advice = true;

    Answer answer = fixture.send(request);

    assertEquals(DeclineReason.ORIGINAL_NOT_FOUND, answer.reason());
    assertEquals("25", answer.responseCode());
    assertEquals(0, fixture.engine.originals());
    assertEquals(Effect.TOMBSTONE, fixture.send(advice).effect());
  }

  @Test
  void shouldNotAskWhetherTheCardIsGood() {
    fixture.open(8, -1, TestPolicy.FITTJA, CardStatus.STOLEN, 2401, 0);
    TestRequest original = fixture.request(8);
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.currency = 978;
    reversal.mcc = 0;
    reversal.country = 578;

    assertEquals(Effect.TOMBSTONE, fixture.send(reversal).effect());
  }

  @Test
  void shouldDeclineWhatItCannotPlace() {
    TestRequest unknownCard = fixture.request(99).reversal(fixture.newKey());
    TestRequest badDigit = fixture.request(ANNA).reversal(fixture.newKey());
    badDigit.checkDigitOk = false;
    TestRequest fault = fixture.request(ANNA).reversal(fixture.newKey());
    fault.faultDe = 95;

    assertEquals(DeclineReason.CARD_UNKNOWN, fixture.send(unknownCard).reason());
    assertEquals(DeclineReason.PAN_CHECK_DIGIT, fixture.send(badDigit).reason());
    Answer faulty = fixture.send(fault);
    assertEquals(DeclineReason.FORMAT_ERROR, faulty.reason());
    assertEquals(95, faulty.faultDe());
    TestRequest noPan = fixture.request(ANNA).reversal(fixture.newKey());
    noPan.panPresent = false;
    Answer withoutPan = fixture.send(noPan);
    assertEquals(DeclineReason.FORMAT_ERROR, withoutPan.reason());
    assertEquals(2, withoutPan.faultDe());
  }

  @Test
  void shouldAnswerARepeatedReversalTheSameWay() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    fixture.send(original);
    TestRequest reversal = original.reversal(fixture.newKey());
    Answer first = fixture.send(reversal);

    Answer again = fixture.send(reversal);

    assertTrue(again.remembered());
    assertEquals(first, again);
    assertEquals(Effect.RELEASE, again.effect());
    assertFalse(first.remembered());
  }

  @Test
  void shouldChangeNothingForAnExpiredHold() {
    TestRequest original = split(MessageClass.AUTHORIZATION);
    fixture.send(original);
    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(10);

    Answer answer = fixture.send(original.reversal(fixture.newKey()));

    assertNull(answer.reason());
    assertEquals(Effect.NOTHING, answer.effect());
    assertEquals(EngineFixture.CASH, answer.cashAvailable());
    assertEquals(EngineFixture.HJARTAN, answer.hjartanAvailable());
  }

  /** At a casino, so declined. */
  private TestRequest declined() {
    TestRequest request = split(MessageClass.AUTHORIZATION);
    request.merchant = "CASINO000000001";
    request.mcc = 7995;
    return request;
  }

  @ParameterizedTest
  @CsvSource({"1, true", "1, false", "2, true", "2, false"})
  void shouldChangeNothingForADeclinedOriginalAndLeaveNoTombstone(int partner, boolean originalData) {
    TestRequest original = declined();
    original.partner = partner;
    original.rrn = "632612000001";
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.originalData = originalData;
    TestRequest retry = split(MessageClass.AUTHORIZATION);
    retry.partner = partner;
    retry.rrn = original.rrn;
    assertEquals(DeclineReason.BLOCKED_GAMBLING, fixture.send(original).reason());

    Answer answer = fixture.send(reversal);

    assertNull(answer.reason());
    assertEquals("00", answer.responseCode());
    assertEquals(Effect.NOTHING, answer.effect());
    assertEquals(EngineFixture.CASH, answer.cashAvailable());
    assertEquals(0, fixture.engine.originals());
    assertEquals(answer, fixture.send(reversal));
    assertNull(fixture.send(retry).reason());
  }

  @Test
  void shouldChangeNothingForAnInquiry() {
    TestRequest inquiry = split(MessageClass.AUTHORIZATION);
    inquiry.processingCode = 310_000;
    fixture.send(inquiry);

    assertEquals(Effect.NOTHING, fixture.send(inquiry.reversal(fixture.newKey())).effect());
    assertEquals(0, fixture.engine.originals());
  }

  @Test
  void shouldNotReverseThePurchaseThatFollowedADeclinedTry() {
    TestRequest tried = declined();
    tried.rrn = "632612000001";
    TestRequest bought = split(MessageClass.AUTHORIZATION);
    bought.rrn = tried.rrn;
    fixture.send(tried);
    fixture.send(bought);

    assertEquals(Effect.NOTHING, fixture.send(tried.reversal(fixture.newKey())).effect());
    assertEquals(Effect.RELEASE, fixture.send(bought.reversal(fixture.newKey())).effect());
  }

  @ParameterizedTest
  @CsvSource({"true, NOTHING", "false, RELEASE"})
  void shouldMeanTheLatestRequestWhereAStanComesRoundAgain(boolean declinedLast, Effect effect) {
    TestRequest approved = split(MessageClass.AUTHORIZATION);
    TestRequest declined = declined();
    declined.stan = approved.stan;
    fixture.send(declinedLast ? approved : declined);
    fixture.timeMs += EngineFixture.DAY_MS;
    fixture.send(declinedLast ? declined : approved);
    TestRequest reversal = approved.reversal(fixture.newKey());
    reversal.originalTransmissionTime = 0;

    assertEquals(effect, fixture.send(reversal).effect());
  }

  @Test
  void shouldKeepToItsOwnCardAcquirerAndPartnerAmongDeclinesToo() {
    fixture.card(8);
    TestRequest original = declined();
    fixture.send(original);
    TestRequest otherCard = original.reversal(fixture.newKey());
    otherCard.card = 8;
    TestRequest otherAcquirer = original.reversal(fixture.newKey());
    otherAcquirer.acquirer = 654_321;
    TestRequest otherPartner = original.reversal(fixture.newKey());
    otherPartner.partner = TestPolicy.STRICT_PARTNER;

    assertEquals(Effect.TOMBSTONE, fixture.send(otherCard).effect());
    assertEquals(Effect.TOMBSTONE, fixture.send(otherAcquirer).effect());
    assertEquals(DeclineReason.ORIGINAL_NOT_FOUND, fixture.send(otherPartner).reason());
  }

  @ParameterizedTest
  @CsvSource({"0, NOTHING", "1, TOMBSTONE"})
  void shouldLookThroughTheLatestDeclinesOfACardOnly(int more, Effect effect) {
    TestRequest original = declined();
    fixture.send(original);
    for (int later = 1; later < RequestMemory.LOOK_BACK + more; later++) {
      fixture.send(declined());
    }

    assertEquals(effect, fixture.send(original.reversal(fixture.newKey())).effect());
  }
}
