package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** Refunds: to the purses that paid, never more than they paid, and how they are taken back. */
final class RefundTest extends HolderTest {
  /** 3,500 kr at a provider: 3,000 Hjartan and 500 kr. */
  private TestRequest bought() {
    TestRequest request = fixture.request(ANNA);
    request.merchant = "BARNKOOP0000001";
    request.amount = 3_500_00;
    request.messageClass = MessageClass.FINANCIAL;
    assertNull(fixture.send(request).reason());
    return request;
  }

  private Answer refund(TestRequest original, long amount) {
    return fixture.send(original.refund(fixture.newKey(), amount));
  }

  private TestRequest unlinked(String merchant, long amount) {
    TestRequest refund = fixture.request(ANNA);
    refund.messageClass = MessageClass.FINANCIAL;
    refund.processingCode = 200_000;
    refund.merchant = merchant;
    refund.amount = amount;
    return refund;
  }

  @ParameterizedTest
  @CsvSource({
    // amount, HJARTAN and CASH back, flags
    "100000, 100000, 0, ''",
    "300000, 300000, 0, ''",
    "320000, 300000, 20000, ''",
    "350000, 300000, 50000, ''",
    "350001, 300000, 50000, refundWaiting",
    "900000, 300000, 50000, refundWaiting"
  })
  void shouldRefundToThePursesThatPaidNarrowestFirst(long amount, long hjartan, long cash, String flags) {
    TestRequest refund = bought().refund(fixture.newKey(), amount);

    Answer answer = fixture.send(refund);

    assertNull(answer.reason());
    assertEquals("00", answer.responseCode());
    assertEquals(6, answer.authCode().length());
    assertEquals(Effect.REFUND, answer.effect());
    assertEquals(amount, answer.approved());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(hjartan, answer.hjartanAvailable());
    assertEquals(EngineFixture.CASH - 500_00 + cash, answer.cashAvailable());
    assertEquals(flags, answer.flags());
    assertEquals(answer, fixture.send(refund));
  }

  @Test
  void shouldNeverRefundMoreThanWasPaid() {
    TestRequest bought = bought();

    assertEquals(2_000_00, refund(bought, 2_000_00).hjartan());
    Answer second = refund(bought, 1_200_00);
    Answer third = refund(bought, 1_000_00);
    Answer fourth = refund(bought, 1_00);

    assertEquals(1_000_00, second.hjartan());
    assertEquals(200_00, second.cash());
    assertEquals(300_00, third.cash());
    assertEquals("refundWaiting", third.flags());
    assertEquals(0, fourth.hjartan() + fourth.cash());
    assertEquals(EngineFixture.CASH, fourth.cashAvailable());
  }

  @ParameterizedTest
  @CsvSource({
    // what is named: what goes back in HJARTAN, in CASH, flags
    "completedHold, 300000, 20000, refundWaiting",
    "completion, 300000, 20000, refundWaiting",
    "openHold, 0, 0, refundWaiting",
    "expiredHold, 0, 0, refundWaiting",
    "reversedPosting, 0, 0, refundWaiting"
  })
  void shouldRefundOnlyWhatWasPosted(String named, long hjartan, long cash, String flags) {
    TestRequest original = fixture.request(ANNA);
    original.merchant = "BARNKOOP0000001";
    original.amount = 3_500_00;
    original.messageClass =
        named.equals("reversedPosting") ? MessageClass.FINANCIAL : MessageClass.AUTHORIZATION;
    fixture.send(original);
    TestRequest completion = original.completion(fixture.newKey(), 3_200_00);
    switch (named) {
      case "completedHold", "completion" -> fixture.send(completion);
      case "expiredHold" -> {
        fixture.timeMs += 7 * EngineFixture.DAY_MS;
        fixture.tick(10);
      }
      case "reversedPosting" -> fixture.send(original.reversal(fixture.newKey()));
      default -> { }
    }

    Answer answer = refund(named.equals("completion") ? completion : original, 3_500_00);

    assertNull(answer.reason());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(flags, answer.flags());
  }

  @Test
  void shouldRefundWithoutAReferenceWhatThatMerchantWasPaid() {
    bought();
    TestRequest second = fixture.request(ANNA);
    second.merchant = "BARNKOOP0000001";
    second.amount = 100_00;
    second.messageClass = MessageClass.FINANCIAL;
    fixture.send(second);

    Answer elsewhere = fixture.send(unlinked("KONSTRUM0000001", 50_00));
    Answer first = fixture.send(unlinked("BARNKOOP0000001", 3_050_00));
    Answer rest = fixture.send(unlinked("BARNKOOP0000001", 600_00));

    assertEquals("refundWaiting unlinkedRefund", elsewhere.flags());
    assertEquals(0, elsewhere.hjartan() + elsewhere.cash());
    assertEquals(3_000_00, first.hjartan());
    assertEquals(50_00, first.cash());
    assertEquals("unlinkedRefund", first.flags());
    assertEquals(0, rest.hjartan());
    assertEquals(550_00, rest.cash());
    assertEquals("refundWaiting unlinkedRefund", rest.flags());
    // Of the newest first: the second purchase is refunded, the first all but.
    assertEquals(0, fixture.send(second.reversal(fixture.newKey())).approved());
  }

  @Test
  void shouldNotGiveBackByAReversalWhatWasRefunded() {
    TestRequest bought = bought();
    refund(bought, 3_100_00);

    Answer reversal = fixture.send(bought.reversal(fixture.newKey()));

    assertEquals(0, reversal.hjartan());
    assertEquals(400_00, reversal.cash());
    assertEquals(EngineFixture.CASH, reversal.cashAvailable());
    assertEquals(EngineFixture.HJARTAN, reversal.hjartanAvailable());
    assertEquals("refundWaiting", refund(bought, 1_00).flags());
  }

  @ParameterizedTest
  @CsvSource({
    // DE 95 (-1: absent), taken back in all, from HJARTAN, from CASH
    "-1, 360000, 300000, 50000",
    "350000, 10000, 0, 0",
    "310000, 50000, 0, 40000",
    "100000, 260000, 200000, 50000",
    "360000, 0, 0, 0"
  })
  void shouldTakeBackWhatWaitsFirstThenCashThenHjartan(long replacement, long back, long hjartan, long cash) {
    TestRequest refund = bought().refund(fixture.newKey(), 3_600_00);
    fixture.send(refund);
    TestRequest reversal = refund.reversal(fixture.newKey());
    reversal.replacement = replacement;

    Answer answer = fixture.send(reversal);

    assertNull(answer.reason());
    assertEquals(back == 0 ? Effect.NOTHING : Effect.UNREFUND, answer.effect());
    assertEquals(back, answer.approved());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(EngineFixture.HJARTAN - hjartan, answer.hjartanAvailable());
    assertEquals(EngineFixture.CASH - cash, answer.cashAvailable());
  }

  @Test
  void shouldTakeHjartanThatAreNoLongerThereFromCashAndLetThePurchaseBeRefundedAgain() {
    TestRequest bought = bought();
    TestRequest refund = bought.refund(fixture.newKey(), 3_000_00);
    fixture.send(refund);
    TestRequest elsewhere = fixture.request(ANNA);
    elsewhere.merchant = "KONSTRUM0000001";
    elsewhere.amount = 2_000_00;
    elsewhere.messageClass = MessageClass.FINANCIAL;
    fixture.send(elsewhere);

    Answer undone = fixture.send(refund.reversal(fixture.newKey()));
    fixture.engine.checkInvariants();
    Answer again = refund(bought, 3_500_00);

    assertEquals(1_000_00, undone.hjartan());
    assertEquals(2_000_00, undone.cash());
    assertEquals(0, undone.hjartanAvailable());
    assertEquals(EngineFixture.CASH - 500_00 - 2_000_00, undone.cashAvailable());
    assertEquals(DeclineReason.ORIGINAL_REVERSED, fixture.send(refund).reason());
    assertEquals(1_000_00, again.hjartan());
    assertEquals(2_500_00, again.cash());
    assertEquals("", again.flags());
  }

  @Test
  void shouldOverdrawCashWhereARefundIsTakenBackThatWasSpent() {
    fixture.send(unlinked("BARNKOOP0000001", 1_00));
    TestRequest bought = fixture.request(ANNA);
    bought.amount = 1_000_00;
    bought.messageClass = MessageClass.FINANCIAL;
    fixture.send(bought);
    TestRequest refund = bought.refund(fixture.newKey(), 1_000_00);
    fixture.send(refund);
    TestRequest all = fixture.request(ANNA);
    all.amount = EngineFixture.CASH;
    all.messageClass = MessageClass.FINANCIAL;
    fixture.send(all);

    Answer answer = fixture.send(refund.reversal(fixture.newKey()));

    assertEquals(-1_000_00, answer.cashAvailable());
    assertEquals("overdrawn", answer.flags());
  }

  @Test
  void shouldBookARefundAdviceAndKnowTheOneThatItRepeats() {
    TestRequest bought = bought();
    TestRequest ours = bought.refund(fixture.newKey(), 100_00);
    fixture.send(ours);
    TestRequest repeats = ours.refund(fixture.newKey(), 100_00);
    repeats.advice = true;
    TestRequest anew = bought.refund(fixture.newKey(), 200_00);
    anew.advice = true;
    TestRequest declined = ours.refund(fixture.newKey(), 100_00);
    declined.advice = true;
    declined.declinedElsewhere = true;

    Answer confirmed = fixture.send(repeats);
    assertEquals(Effect.REPLACE, confirmed.effect());
    assertEquals(100_00, confirmed.hjartanAvailable());
    Answer booked = fixture.send(anew);
    Answer undone = fixture.send(declined);

    assertEquals(200_00, booked.hjartan());
    assertEquals("", booked.authCode());
    assertEquals(300_00, booked.hjartanAvailable());
    assertEquals(Effect.UNREFUND, undone.effect());
    assertEquals(200_00, undone.hjartanAvailable());
  }

  @Test
  void shouldRefundToACardThatIsNoLongerGoodButNotNothing() {
    fixture.open(8, -1, TestPolicy.FITTJA, CardStatus.CLOSED, 2401, 0);
    TestRequest refund = unlinked("ICA000000000001", 50_00);
    refund.card = 8;
    refund.mcc = 7995;
    TestRequest nothing = unlinked("ICA000000000001", 0);
    TestRequest authorization = unlinked("ICA000000000001", 50_00);
    authorization.messageClass = MessageClass.AUTHORIZATION;

    assertEquals(Effect.REFUND, fixture.send(refund).effect());
    assertEquals(DeclineReason.AMOUNT_ZERO, fixture.send(nothing).reason());
    assertEquals(Effect.NOTHING, fixture.send(authorization).effect());
  }

  @Test
  void shouldNotRaiseWhatAnAdviceLowersBelowItsRefunds() {
    TestRequest bought = bought();
    refund(bought, 3_100_00);
    TestRequest lower = bought.completion(fixture.newKey(), 1_000_00);

    Answer answer = fixture.send(lower);

    assertEquals(Effect.REPLACE, answer.effect());
    assertEquals(3_000_00, answer.hjartan());
    assertEquals(100_00, answer.cash());
    assertEquals(EngineFixture.CASH, answer.cashAvailable());
  }

  @Test
  void shouldSpreadUnlinkedRefundsOverPurchasesThatArePartlyRefundedAlready() {
    TestRequest older = fixture.request(ANNA);
    older.merchant = "BARNKOOP0000001";
    older.amount = 2_000_00;
    older.messageClass = MessageClass.FINANCIAL;
    assertEquals(2_000_00, fixture.send(older).hjartan());
    TestRequest newer = older.copy();
    newer.key = fixture.newKey();
    newer.stan++;
    newer.amount = 1_000_00;
    assertEquals(1_000_00, fixture.send(newer).hjartan());

    // 600 of the newer; then its other 400 and 300 of the older.
    assertEquals(600_00, fixture.send(unlinked("BARNKOOP0000001", 600_00)).hjartan());
    assertEquals(700_00, fixture.send(unlinked("BARNKOOP0000001", 700_00)).hjartan());

    assertEquals(0, refund(newer, 1_00).hjartan());
    Answer rest = refund(older, 2_000_00);
    assertEquals(1_700_00, rest.hjartan());
    assertEquals(0, rest.cash());
    assertEquals("refundWaiting", rest.flags());
  }

  @Test
  void shouldSpreadUnlinkedRefundsInKronorToo() {
    TestRequest older = fixture.request(ANNA);
    older.amount = 200_00;
    older.messageClass = MessageClass.FINANCIAL;
    fixture.send(older);
    TestRequest newer = older.copy();
    newer.key = fixture.newKey();
    newer.stan++;
    newer.amount = 100_00;
    fixture.send(newer);

    assertEquals(60_00, fixture.send(unlinked("ICA000000000001", 60_00)).cash());
    assertEquals(70_00, fixture.send(unlinked("ICA000000000001", 70_00)).cash());

    assertEquals(0, refund(newer, 1_00).cash());
    assertEquals(170_00, refund(older, 200_00).cash());
  }

  @Test
  void shouldLetAPurchaseBeRefundedAgainOnlyByWhatWasTakenBack() {
    TestRequest bought = bought();
    TestRequest first = bought.refund(fixture.newKey(), 1_000_00);
    fixture.send(first);
    refund(bought, 3_100_00);

    // The first is taken back; the second, 2,000 Hjartan, 500 kr and 600 kr that wait, stays.
    assertEquals(1_000_00, fixture.send(first.reversal(fixture.newKey())).hjartan());

    Answer again = refund(bought, 3_500_00);
    assertEquals(1_000_00, again.hjartan());
    assertEquals(0, again.cash());
    assertEquals("refundWaiting", again.flags());
  }

  @Test
  void shouldTakeBackStepByStepWhatWaits() {
    TestRequest refund = bought().refund(fixture.newKey(), 3_600_00);
    fixture.send(refund);
    TestRequest first = refund.reversal(fixture.newKey());
    first.replacement = 3_550_00;
    TestRequest second = refund.reversal(fixture.newKey());
    second.replacement = 3_400_00;

    // 100 kr wait: 50 of them go, then the other 50 and 100 kr of CASH.
    Answer waiting = fixture.send(first);
    Answer both = fixture.send(second);

    assertEquals(50_00, waiting.approved());
    assertEquals(0, waiting.hjartan() + waiting.cash());
    assertEquals(150_00, both.approved());
    assertEquals(100_00, both.cash());
    assertEquals(EngineFixture.CASH - 100_00, both.cashAvailable());
  }

  @Test
  void shouldTakeARefundThatNamesARefundForOneWithoutAPurchase() {
    TestRequest refund = bought().refund(fixture.newKey(), 1_000_00);
    fixture.send(refund);

    Answer answer = refund(refund, 2_600_00);

    assertEquals("refundWaiting unlinkedRefund", answer.flags());
    assertEquals(2_000_00, answer.hjartan());
    assertEquals(500_00, answer.cash());
  }

  @ParameterizedTest
  @CsvSource({
    // class, advice, PIN; answer, effect
    "FINANCIAL, false, FAILED, PIN_WRONG, NOTHING",
    "FINANCIAL, false, PASSED, , REFUND",
    "FINANCIAL, false, NOT_PRESENTED, , REFUND",
    "FINANCIAL, true, FAILED, , REFUND",
    "AUTHORIZATION, false, FAILED, PIN_WRONG, NOTHING",
    "AUTHORIZATION, false, PASSED, , NOTHING"
  })
  void shouldAskForTheRightPinWhereOneIsPresented(
      MessageClass messageClass, boolean advice, Check pin, @Nullable DeclineReason reason, Effect effect) {
    TestRequest refund = unlinked("ICA000000000001", 50_00);
    refund.messageClass = messageClass;
    refund.advice = advice;
    refund.pin = pin;

    Answer answer = fixture.send(refund);

    assertEquals(reason, answer.reason());
    assertEquals(effect, answer.effect());
    assertEquals(reason == null ? 50_00 : 0, answer.approved());
    assertEquals(reason == null && !advice ? 6 : 0, answer.authCode().length());
  }
}
