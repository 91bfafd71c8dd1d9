package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** A 0220 with DE 3 = 20 takes the place of our own refund; and what becomes of refunds whose purchase is undone. */
final class RefundAdviceTest {
  private static final int ANNA = 7;
  private static final long CASH = EngineFixture.CASH;
  private static final long HJARTAN = EngineFixture.HJARTAN;

  private final EngineFixture fixture = EngineFixture.configured();

  @BeforeEach
  void open() {
    fixture.card(ANNA);
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  /** 3,500 kr at a provider: 3,000 Hjartan and 500 kr. */
  private TestRequest bought() {
    TestRequest request = fixture.request(ANNA);
    request.merchant = "BARNKOOP0000001";
    request.amount = 3_500_00;
    request.messageClass = MessageClass.FINANCIAL;
    request.rrn = "632612000001";
    assertNull(fixture.send(request).reason());
    return request;
  }

  /** By a 0200 with a DE 37 of its own. */
  private TestRequest refunded(TestRequest bought, long amount) {
    TestRequest refund = bought.refund(fixture.newKey(), amount);
    refund.rrn = "632612000002";
    assertEquals(Effect.REFUND, fixture.send(refund).effect());
    return refund;
  }

  /** What a network sends that did not hear of our 0210: as the 0200 was, with a STAN of its own. */
  private TestRequest advice(TestRequest refund, long amount) {
    TestRequest advice = refund.copy();
    advice.key = fixture.newKey();
    advice.stan = (int) (advice.key % 1_000_000);
    advice.advice = true;
    advice.amount = amount;
    return advice;
  }

  private static void nameByDe90(TestRequest advice, TestRequest refund) {
    advice.originalData = true;
    advice.originalMti = 200;
    advice.originalStan = refund.stan;
  }

  @ParameterizedTest
  @CsvSource({
    // named by, DE 4, HJARTAN and CASH of the refund afterwards, HJARTAN and CASH available, effect, flags
    "DE 90, 310000, 300000, 10000, 300000, 660000, REPLACE, ''",
    "DE 37, 310000, 300000, 10000, 300000, 660000, REPLACE, ''",
    "carried, 310000, 300000, 10000, 300000, 660000, REPLACE, ''",
    "DE 38, 310000, 300000, 10000, 300000, 660000, REPLACE, ''",
    "DE 90, 100000, 100000, 0, 100000, 650000, REPLACE, ''",
    "DE 37, 300000, 300000, 0, 300000, 650000, REPLACE, ''",
    "carried, 340000, 300000, 40000, 300000, 690000, REPLACE, ''",
    "DE 90, 350000, 300000, 50000, 300000, 700000, REPLACE, ''",
    "DE 37, 360000, 300000, 50000, 300000, 700000, REPLACE, refundWaiting"
  })
  void shouldPutTheAdvicesAmountInThePlaceOfOurRefunds(
      String by, long amount, long hjartan, long cash, long hjartanAfter, long cashAfter, Effect effect, String flags) {
    TestRequest refund = bought().refund(fixture.newKey(), 3_100_00);
    refund.rrn = "632612000002";
    String code = fixture.send(refund).authCode();
    TestRequest advice = advice(refund, amount);
    switch (by) {
      case "DE 90" -> nameByDe90(advice, refund);
      case "DE 37" -> advice.originalData = false;
      case "DE 38" -> {
        advice.originalData = false;
        advice.rrn = "";
        advice.authCode = code;
      }
      // As the 0200 was: DE 90 names the purchase.
      default -> { }
    }

    Answer answer = fixture.send(advice);

    assertNull(answer.reason());
    assertEquals("00", answer.responseCode());
    assertEquals(effect, answer.effect());
    assertEquals(flags, answer.flags());
    assertEquals(hjartanAfter, answer.hjartanAvailable());
    assertEquals(cashAfter, answer.cashAvailable());
    if (effect == Effect.REPLACE) {
      assertEquals(hjartan, answer.hjartan());
      assertEquals(cash, answer.cash());
      assertEquals(amount, answer.approved());
    }
    assertEquals(answer, fixture.send(advice));

    Answer undone = fixture.send(refund.reversal(fixture.newKey()));
    assertEquals(amount, undone.approved());
    assertEquals(CASH - 500_00, undone.cashAvailable());
    assertEquals(0, undone.hjartanAvailable());
  }

  @Test
  void shouldCountNothingForAnAdviceThatOnlyConfirmsARefund() {
    fixture.send(advice(refunded(bought(), 3_100_00), 3_100_00));
    TestSettlement totals = fixture.settlement().totals(1, 3_500_00, 0, 0, 0);
    totals.credits = 1;
    totals.creditsMinor = 3_100_00;
    totals.creditReversals = 0;
    totals.net = 3_500_00 - 3_100_00;

    assertEquals("00", fixture.send(totals).responseCode());
  }

  @ParameterizedTest
  @ValueSource(longs = {3_100_00, 3_200_00})
  void shouldTakeBackTheRefundByNamingTheAdviceToo(long amount) {
    TestRequest refund = refunded(bought(), 3_100_00);
    TestRequest advice = advice(refund, amount);
    advice.originalData = false;
    assertEquals(Effect.REPLACE, fixture.send(advice).effect());
    TestRequest reversal = advice.reversal(fixture.newKey());
    reversal.rrn = "";

    assertEquals(amount, fixture.send(reversal).approved());
    assertEquals(DeclineReason.ORIGINAL_REVERSED, fixture.send(refund).reason());
  }

  @Test
  void shouldReplaceAnUnlinkedRefundOverTheSamePurchases() {
    bought();
    TestRequest refund = fixture.request(ANNA);
    refund.messageClass = MessageClass.FINANCIAL;
    refund.processingCode = 200_000;
    refund.merchant = "BARNKOOP0000001";
    refund.rrn = "632612000002";
    refund.amount = 100_00;
    fixture.send(refund);

    Answer more = fixture.send(advice(refund, 3_550_00));

    assertEquals(Effect.REPLACE, more.effect());
    assertEquals(3_000_00, more.hjartan());
    assertEquals(500_00, more.cash());
    assertEquals("refundWaiting", more.flags());
    assertEquals(3_550_00, fixture.send(refund.reversal(fixture.newKey())).approved());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DE 90", "DE 37"})
  void shouldGiveHjartanBackOfAMerchantThatBecameAProviderAfterTheRefund(String by) {
    TestRequest refund = fixture.request(ANNA);
    refund.messageClass = MessageClass.FINANCIAL;
    refund.processingCode = 200_000;
    refund.merchant = "NYBUTIK00000001";
    refund.rrn = "632612000002";
    refund.amount = 100_00;
    assertEquals("refundWaiting unlinkedRefund", fixture.send(refund).flags());
    fixture.activate(TestPolicy.configurationWithProvider("NYBUTIK00000001"));
    TestRequest bought = fixture.request(ANNA);
    bought.messageClass = MessageClass.FINANCIAL;
    bought.merchant = "NYBUTIK00000001";
    bought.amount = 500_00;
    assertEquals(500_00, fixture.send(bought).hjartan());
    TestRequest advice = advice(refund, 300_00);
    if (by.equals("DE 90")) {
      nameByDe90(advice, refund);
    }

    Answer more = fixture.send(advice);

    assertEquals(Effect.REPLACE, more.effect());
    assertEquals(200_00, more.hjartan());
    assertEquals(HJARTAN - 500_00 + 200_00, more.hjartanAvailable());
    Answer undone = fixture.send(refund.reversal(fixture.newKey()));
    assertEquals(300_00, undone.approved());
    assertEquals(HJARTAN - 500_00, undone.hjartanAvailable());
  }

  @ParameterizedTest
  @CsvSource({
    // DE 37 of the refund; DE 90 of the advice names the purchase
    "632612000001, 20000, REFUND",
    "632612000002, 10000, REPLACE"
  })
  void shouldNotTakeAnotherRefundForTheSameBecauseOfThePurchasesReference(String rrn, long after, Effect effect) {
    TestRequest refund = bought().refund(fixture.newKey(), 100_00);
    refund.rrn = rrn;
    fixture.send(refund);

    Answer answer = fixture.send(advice(refund, 99_99));

    assertEquals(effect, answer.effect());
    assertEquals(after - 1, answer.hjartanAvailable());
  }

  @Test
  void shouldLeaveARefundThatWasMadeByAnAdvice() {
    TestRequest first = advice(bought().refund(fixture.newKey(), 100_00), 100_00);
    first.rrn = "632612000002";
    assertEquals(Effect.REFUND, fixture.send(first).effect());
    TestRequest again = advice(first, 200_00);
    nameByDe90(again, first);
    TestRequest declined = advice(first, 100_00);
    nameByDe90(declined, first);
    declined.declinedElsewhere = true;

    assertEquals("repeatedCompletion", fixture.send(again).flags());
    Answer answer = fixture.send(declined);
    assertEquals(Effect.NOTHING, answer.effect());
    assertEquals(100_00, answer.hjartanAvailable());
  }

  @ParameterizedTest
  @CsvSource({"DE 90", "DE 37", "carried"})
  void shouldBookARefundAnewWhoseReversalCameBeforeItsAdvice(String by) {
    TestRequest refund = refunded(bought(), 3_100_00);
    fixture.send(refund.reversal(fixture.newKey()));
    TestRequest advice = advice(refund, 3_200_00);
    if (by.equals("DE 90")) {
      nameByDe90(advice, refund);
    }
    advice.originalData = !by.equals("DE 37");

    Answer answer = fixture.send(advice);

    assertEquals(Effect.REFUND, answer.effect());
    assertEquals("afterReversal", answer.flags());
    assertEquals(3_000_00, answer.hjartan());
    assertEquals(200_00, answer.cash());
    assertEquals(3_200_00, fixture.send(advice.reversal(fixture.newKey())).approved());
  }

  @Test
  void shouldUndoARefundThatWasDeclinedElsewhereByItsReferenceToo() {
    TestRequest refund = refunded(bought(), 3_100_00);
    TestRequest declined = advice(refund, 3_100_00);
    declined.declinedElsewhere = true;

    Answer answer = fixture.send(declined);

    assertEquals(Effect.UNREFUND, answer.effect());
    assertEquals(0, answer.hjartanAvailable());
    assertEquals(CASH - 500_00, answer.cashAvailable());
  }

  @ParameterizedTest
  @CsvSource({
    // refunded, waiting of it; given back by the purchase's reversal; taken back by the refund's
    "310000, 40000, 0",
    "350000, 0, 0",
    "360000, 0, 10000"
  })
  void shouldNotLetTheHolderPayForAReversedPurchaseWhenItsRefundIsReversed(long refunded, long back, long taken) {
    TestRequest bought = bought();
    TestRequest refund = refunded(bought, refunded);

    Answer purchaseUndone = fixture.send(bought.reversal(fixture.newKey()));
    Answer refundUndone = fixture.send(refund.reversal(fixture.newKey()));

    assertEquals(Effect.UNPOST, purchaseUndone.effect());
    assertEquals(back, purchaseUndone.approved());
    assertEquals(Effect.UNREFUND, refundUndone.effect());
    assertEquals(taken, refundUndone.approved());
    assertEquals(HJARTAN, refundUndone.hjartanAvailable());
    assertEquals(CASH, refundUndone.cashAvailable());
    assertEquals(DeclineReason.ORIGINAL_REVERSED, fixture.send(bought).reason());
    assertEquals(DeclineReason.ORIGINAL_REVERSED, fixture.send(refund).reason());
    TestSettlement totals = fixture.settlement().totals(1, 3_500_00, back == 0 ? 0 : 1, back, 0);
    totals.credits = 1;
    totals.creditsMinor = refunded;
    totals.creditReversals = taken == 0 ? 0 : 1;
    totals.creditReversalsMinor = taken;
    totals.net = 0;
    assertEquals("00", fixture.send(totals).responseCode());
  }

  @Test
  void shouldCountAReplacedRefundAsTheOldOneReversedAndANewOne() {
    TestRequest refund = refunded(bought(), 3_100_00);
    fixture.send(advice(refund, 3_200_00));
    fixture.send(advice(refund, 3_200_00));
    TestSettlement totals = fixture.settlement().totals(1, 3_500_00, 0, 0, 0);
    totals.credits = 2;
    totals.creditsMinor = 3_100_00 + 3_200_00;
    totals.creditReversals = 1;
    totals.creditReversalsMinor = 3_100_00;
    totals.net = 3_500_00 - 3_200_00;

    assertEquals("00", fixture.send(totals).responseCode());
  }

  @ParameterizedTest
  @CsvSource({
    // DE 4 of the advice, HJARTAN and CASH of the refund, what it says that it is, flags
    "100000, 300000, 10000, 310000, ''",
    "330000, 300000, 10000, 330000, refundWaiting"
  })
  void shouldGiveNoMoreOfAReversedPurchaseAndTakeBackOnlyWhatWaits(
      long amount, long hjartan, long cash, long approved, String flags) {
    TestRequest bought = bought();
    TestRequest refund = refunded(bought, 3_100_00);
    fixture.send(bought.reversal(fixture.newKey()));

    Answer answer = fixture.send(advice(refund, amount));

    assertEquals(Effect.REPLACE, answer.effect());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(approved, answer.approved());
    assertEquals(flags, answer.flags());
    assertEquals(HJARTAN, answer.hjartanAvailable());
    assertEquals(CASH, answer.cashAvailable());
  }

  @Test
  void shouldLowerARefundWhoseHjartanAreSpentByKronor() {
    TestRequest refund = refunded(bought(), 3_000_00);
    TestRequest elsewhere = fixture.request(ANNA);
    elsewhere.merchant = "KONSTRUM0000001";
    elsewhere.amount = 2_500_00;
    elsewhere.messageClass = MessageClass.FINANCIAL;
    assertEquals(2_500_00, fixture.send(elsewhere).hjartan());

    // 2,000 go back: the 500 Hjartan that are left, and 1,500 kr for those that are not.
    Answer lower = fixture.send(advice(refund, 1_000_00));

    assertEquals(Effect.REPLACE, lower.effect());
    assertEquals(1_000_00, lower.approved());
    assertEquals(1_000_00, lower.hjartan());
    assertEquals(0, lower.cash());
    assertEquals(0, lower.hjartanAvailable());
    assertEquals(CASH - 500_00 - 1_500_00, lower.cashAvailable());
    assertEquals(1_000_00, fixture.send(refund.reversal(fixture.newKey())).approved());
  }

  @Test
  void shouldKnowARefundByTheCodeOfItsAdvice() {
    TestRequest refund = refunded(bought(), 3_100_00);
    TestRequest advice = advice(refund, 3_100_00);
    advice.authCode = "NETW01";
    assertEquals(Effect.REPLACE, fixture.send(advice).effect());
    TestRequest reversal = refund.reversal(fixture.newKey());
    reversal.originalData = false;
    reversal.rrn = "";
    reversal.authCode = "NETW01";

    assertEquals(Effect.UNREFUND, fixture.send(reversal).effect());
  }

  @ParameterizedTest
  @CsvSource({
    // DE 37 of the advice, whose DE 38 is the refund's; what becomes of it
    "'', REPLACE",
    "632612000009, REPLACE",
    "632612000001, REFUND"
  })
  void shouldGoByTheCodeAloneWhereDe37IsNotThePurchases(String rrn, Effect effect) {
    TestRequest refund = bought().refund(fixture.newKey(), 1_000_00);
    refund.rrn = "632612000002";
    String code = fixture.send(refund).authCode();
    TestRequest advice = advice(refund, 1_100_00);
    advice.originalData = false;
    advice.rrn = rrn;
    advice.authCode = code;

    assertEquals(effect, fixture.send(advice).effect());
  }
}
