package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** Purchases that go well, and what they do to the purses. */
final class AuthorizationTest {
  private static final int ANNA = 7;

  private final EngineFixture fixture = EngineFixture.configured();

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  @Test
  void shouldHoldCashForFood() {
    fixture.card(ANNA);

    Answer answer = fixture.send(fixture.request(ANNA));

    assertNull(answer.reason());
    assertEquals("00", answer.responseCode());
    assertEquals(Effect.HOLD, answer.effect());
    assertEquals(100_00, answer.approved());
    assertEquals(100_00, answer.cash());
    assertEquals(0, answer.hjartan());
    assertEquals(EngineFixture.CASH - 100_00, answer.cashAvailable());
    assertEquals(EngineFixture.HJARTAN, answer.hjartanAvailable());
    assertTrue(answer.authCode().matches("[A-Z0-9]{6}"), answer.authCode());
  }

  @Test
  void shouldPayHjartanBeforeCashAtAProvider() {
    fixture.card(ANNA);
    TestRequest request = fixture.request(ANNA);
    request.merchant = "BARNKOOP0000001";
    request.mcc = 8351;
    request.amount = 3_500_00;
    request.messageClass = MessageClass.FINANCIAL;

    Answer answer = fixture.send(request);

    assertNull(answer.reason());
    assertEquals(Effect.POST, answer.effect());
    assertEquals(3_000_00, answer.hjartan());
    assertEquals(500_00, answer.cash());
    assertEquals(0, answer.hjartanAvailable());
    assertEquals(6_500_00, answer.cashAvailable());
  }

  @Test
  void shouldDeclineGambling() {
    fixture.card(ANNA);
    TestRequest request = fixture.request(ANNA);
    request.mcc = 7995;

    Answer answer = fixture.send(request);

    assertEquals(DeclineReason.BLOCKED_GAMBLING, answer.reason());
    assertEquals(Effect.NOTHING, answer.effect());
    assertEquals("", answer.authCode());
    assertEquals(EngineFixture.CASH, answer.cashAvailable());
  }

  @Test
  void shouldDeclineAForeignCurrencyThatComesWithoutAnAmountInKronor() {
    fixture.card(ANNA);
    TestRequest foreign = fixture.request(ANNA);
    foreign.currency = 978;
    foreign.amount = -1;
    foreign.transactionAmount = 100_00;
    TestRequest withoutAmount = fixture.request(ANNA);
    withoutAmount.amount = -1;

    Answer answer = fixture.send(foreign);
    Answer missing = fixture.send(withoutAmount);

    assertEquals(DeclineReason.CURRENCY_NOT_HANDLED, answer.reason());
    assertEquals(0, answer.faultDe());
    assertEquals(DeclineReason.FORMAT_ERROR, missing.reason());
    assertEquals(4, missing.faultDe());
  }

  @Test
  void shouldAnswerTheSameRequestTheSameWay() {
    fixture.card(ANNA);
    TestRequest request = fixture.request(ANNA);
    Answer first = fixture.send(request);

    Answer second = fixture.send(request);

    assertTrue(second.remembered());
    assertEquals(first, second);
    assertEquals(1, fixture.engine.originals());
  }

  @Test
  void shouldGiveBackAllByAFullReversal() {
    fixture.card(ANNA);
    TestRequest request = fixture.request(ANNA);
    request.merchant = "BARNKOOP0000001";
    request.amount = 3_500_00;
    fixture.send(request);

    Answer reversal = fixture.send(request.reversal(fixture.newKey()));
    Answer repeat = fixture.send(request);

    assertEquals(Effect.RELEASE, reversal.effect());
    assertEquals("00", reversal.responseCode());
    assertEquals("", reversal.authCode());
    assertEquals(EngineFixture.CASH, reversal.cashAvailable());
    assertEquals(EngineFixture.HJARTAN, reversal.hjartanAvailable());
    assertEquals(DeclineReason.ORIGINAL_REVERSED, repeat.reason());
    assertEquals("94", repeat.responseCode());
  }
}
