package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** Which purses pay: the purse order, the forced purses, and who may take Hjartan. */
final class PurseTest {
  private static final int ANNA = 7;

  private final EngineFixture fixture = EngineFixture.configured();

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  @ParameterizedTest
  @CsvSource({
    // DE 3, merchant, amount, reason, HJARTAN, CASH
    "000000, BARNKOOP0000001, 100000, , 100000, 0",
    "002000, BARNKOOP0000001, 100000, , 100000, 0",
    "000000, BARNKOOP0000001, 300000, , 300000, 0",
    "000000, BARNKOOP0000001, 300001, , 300000, 1",
    "000000, BARNKOOP0000001, 1000000, , 300000, 700000",
    "000000, BARNKOOP0000001, 1000001, INSUFFICIENT_FUNDS, 0, 0",
    "000000, ICA000000000001, 700000, , 0, 700000",
    "000000, ICA000000000001, 700001, INSUFFICIENT_FUNDS, 0, 0",
    "000000, SUSPENDED000001, 100000, , 0, 100000",
    "000000, WITHDRAWN000001, 100000, , 0, 100000",
    "000000, ANNANBAZ0000001, 100000, , 0, 100000",
    "000000, TAKET0000000001, 100000, , 40000, 60000",
    "009600, BARNKOOP0000001, 100000, , 0, 100000",
    "009600, BARNKOOP0000001, 700001, INSUFFICIENT_CASH, 0, 0",
    "009800, BARNKOOP0000001, 300000, , 300000, 0",
    "009800, BARNKOOP0000001, 300001, INSUFFICIENT_HJARTAN, 0, 0",
    "009800, ICA000000000001, 100, HJARTAN_NOT_ACCREDITED, 0, 0",
    "009800, WITHDRAWN000001, 100, HJARTAN_NOT_ACCREDITED, 0, 0",
    "009800, SUSPENDED000001, 100, HJARTAN_PROVIDER_SUSPENDED, 0, 0",
    "009800, ANNANBAZ0000001, 100, HJARTAN_OTHER_BAZ, 0, 0",
    "009800, TAKET0000000001, 40000, , 40000, 0",
    "009800, TAKET0000000001, 40001, PROVIDER_CEILING, 0, 0",
    "001000, BARNKOOP0000001, 100, SAVINGS_NOT_OPEN, 0, 0",
    "003000, BARNKOOP0000001, 100, NO_CREDIT_ACCOUNT, 0, 0"
  })
  void shouldPayFromThePursesThatMay(
      String processingCode, String merchant, long amount, String reason, long hjartan, long cash) {
    fixture.card(ANNA);
    TestRequest request = fixture.request(ANNA);
    request.processingCode = Long.parseLong(processingCode);
    request.merchant = merchant;
    request.mcc = 8351;
    request.amount = amount;

    Answer answer = fixture.send(request);

    assertEquals(reason == null ? null : DeclineReason.valueOf(reason), answer.reason());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(EngineFixture.HJARTAN - hjartan, answer.hjartanAvailable());
    assertEquals(EngineFixture.CASH - cash, answer.cashAvailable());
  }

  @Test
  void shouldNotLetHjartanPayTheOwnersOwnFirm() {
    fixture.card(TestPolicy.OWNER_CARD);
    fixture.activate(TestPolicy.configuration());
    fixture.card(TestPolicy.LATE_OWNER_CARD);
    fixture.card(ANNA);

    assertEquals(DeclineReason.HJARTAN_OWN_HOUSEHOLD, hjartanAtOwnFirm(TestPolicy.OWNER_CARD).reason());
    assertEquals(DeclineReason.HJARTAN_OWN_HOUSEHOLD, hjartanAtOwnFirm(TestPolicy.LATE_OWNER_CARD).reason());
    assertNull(hjartanAtOwnFirm(ANNA).reason());
  }

  @Test
  void shouldNotLetAnotherCardOfTheSameAccountPayTheOwnersFirm() {
    int account = fixture.card(TestPolicy.OWNER_CARD).accountId();
    fixture.open(77, account, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);

    assertEquals(DeclineReason.HJARTAN_OWN_HOUSEHOLD, hjartanAtOwnFirm(77).reason());
  }

  private Answer hjartanAtOwnFirm(int card) {
    TestRequest request = fixture.request(card);
    request.processingCode = 9800;
    request.merchant = "EGENFIRMA000001";
    return fixture.send(request);
  }

  @Test
  void shouldTakeHjartanOnlyOfTheCardsOwnBaz() {
    fixture.open(ANNA, -1, TestPolicy.ANNAN, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.load(ANNA, 0, 0, 500_00);
    TestRequest atOwn = fixture.request(ANNA);
    atOwn.merchant = "ANNANBAZ0000001";
    TestRequest atOther = fixture.request(ANNA);
    atOther.merchant = "BARNKOOP0000001";

    assertEquals(100_00, fixture.send(atOwn).hjartan());
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(atOther).reason());
  }

  @Test
  void shouldCountTheCeilingOverAllCardsAndAnewEachMonth() {
    fixture.card(ANNA);
    fixture.card(8);
    assertEquals(300_00, atCeiling(ANNA, 300_00).hjartan());
    Answer second = atCeiling(8, 300_00);

    fixture.timeMs += 30 * EngineFixture.DAY_MS;
    Answer nextMonth = atCeiling(8, 300_00);

    assertEquals(100_00, second.hjartan());
    assertEquals(200_00, second.cash());
    assertEquals(300_00, nextMonth.hjartan());
  }

  private Answer atCeiling(int card, long amount) {
    TestRequest request = fixture.request(card);
    request.merchant = "TAKET0000000001";
    request.amount = amount;
    return fixture.send(request);
  }

  @Test
  void shouldAnswerAnInquiryWithBothPursesAndHoldNothing() {
    fixture.card(ANNA);
    TestRequest inquiry = fixture.request(ANNA);
    inquiry.processingCode = 310_000;
    inquiry.amount = -1;
    inquiry.mcc = 0;
    inquiry.currency = 0;

    Answer answer = fixture.send(inquiry);

    assertNull(answer.reason());
    assertEquals(Effect.NOTHING, answer.effect());
    assertEquals(0, answer.approved());
    assertEquals(EngineFixture.CASH, answer.cashAvailable());
    assertEquals(EngineFixture.HJARTAN, answer.hjartanAvailable());
    assertNotEquals("", answer.authCode());
    assertEquals(0, fixture.engine.originals());
  }

  @Test
  void shouldVerifyAnAccountWithThePartnersCode() {
    fixture.card(ANNA);
    TestRequest verification = fixture.request(ANNA);
    verification.amount = 0;
    verification.conditionCode = 51;
    TestRequest strict = fixture.request(ANNA);
    strict.amount = 0;
    strict.conditionCode = 51;
    strict.partner = TestPolicy.STRICT_PARTNER;
    TestRequest financial = fixture.request(ANNA);
    financial.amount = 0;
    financial.conditionCode = 51;
    financial.messageClass = MessageClass.FINANCIAL;

    Answer answer = fixture.send(verification);
    Answer approved = fixture.send(strict);

    assertEquals("85", answer.responseCode());
    assertEquals("", answer.authCode(), "DE 38 goes with 00 and 10 only");
    assertEquals("00", approved.responseCode());
    assertNotEquals("", approved.authCode());
    assertEquals(DeclineReason.AMOUNT_ZERO, fixture.send(financial).reason());
    assertEquals(0, fixture.engine.originals());
  }

  @Test
  void shouldAnswerARefundAuthorizationAndMoveNothing() {
    fixture.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.FROZEN, 2601, 3);
    TestRequest refund = fixture.request(ANNA);
    refund.processingCode = 200_000;
    refund.mcc = 0;
    TestRequest posted = fixture.request(ANNA);
    posted.processingCode = 200_000;
    posted.messageClass = MessageClass.FINANCIAL;

    Answer answer = fixture.send(refund);

    assertNull(answer.reason());
    assertEquals(Effect.NOTHING, answer.effect());
    assertEquals(0, answer.cashAvailable());
    assertEquals(Effect.REFUND, fixture.send(posted).effect());
  }
}
