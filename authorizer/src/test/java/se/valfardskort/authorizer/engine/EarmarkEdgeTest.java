package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** What earmarks must not pay, undo or use up where a message says less, or more, than it should. */
final class EarmarkEdgeTest {
  private static final int ANNA = 7;
  private static final int FOOD = 5411;
  private static final int SCHOOL = 8299;

  private final EngineFixture fixture = EngineFixture.configured();
  private long lastKey;

  @BeforeEach
  void open() {
    fixture.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private void grant(long amount, int uses, Covered scope) {
    long until = fixture.timeMs + 60 * EngineFixture.DAY_MS;
    EarmarkTerms terms =
        new EarmarkTerms(
            ++lastKey, EarmarkKind.OTHER, fixture.timeMs, until, amount, uses, 0, List.of(), List.of(scope),
            "caseworker-1");
    assertNull(fixture.earmark(ANNA, terms).refusal());
  }

  private TestRequest purchase(int mcc, long amount) {
    TestRequest request = fixture.request(ANNA);
    request.mcc = mcc;
    request.amount = amount;
    return request;
  }

  private CardView card() {
    CardView card = fixture.engine.card(new UnsafeBuffer(EngineFixture.token(ANNA)), 0);
    if (card == null) {
      throw new AssertionError("no card");
    }
    return card;
  }

  /** What others decided is booked, but never out of money for something else. */
  @Test
  void shouldPayNoCashAndNothingBlockedByAnAdviceEither() {
    grant(1_000_00, 0, Covered.category("food"));
    grant(1_000_00, 0, Covered.mcc(5921));
    TestRequest cash = purchase(FOOD, 100_00);
    cash.processingCode = 10_000;
    TestRequest cashback = purchase(FOOD, 100_00);
    cashback.processingCode = 90_000;
    cashback.cashback = 30_00;
    TestRequest wine = purchase(5921, 100_00);

    for (TestRequest request : List.of(cash, cashback, wine)) {
      request.advice = true;
      request.messageClass = MessageClass.FINANCIAL;
      assertEquals(0, fixture.send(request).earmark());
    }

    assertEquals(-300_00, card().cashAvailableMinor());
  }

  @Test
  void shouldNotCompleteAHoldForNothingByARequest() {
    fixture.load(ANNA, 0, 500_00, 0);
    grant(1_000_00, 0, Covered.category("food"));
    TestRequest hold = purchase(5651, 500_00);
    assertNull(fixture.send(hold).reason());
    TestRequest nothing = hold.completion(fixture.newKey(), 0);
    nothing.advice = false;

    assertEquals(DeclineReason.AMOUNT_ZERO, fixture.send(nothing).reason());
    assertEquals(500_00, fixture.send(hold.completion(fixture.newKey(), 500_00)).cash());
  }

  @Test
  void shouldConfirmAVisitByAnAdviceAndTakeItBackByOneThatDeclines() {
    grant(0, 2, Covered.category("food"));
    TestRequest posted = purchase(FOOD, 0);
    posted.messageClass = MessageClass.FINANCIAL;
    TestRequest held = purchase(FOOD, 0);
    assertNull(fixture.send(posted).reason());
    assertNull(fixture.send(held).reason());

    TestRequest confirming = posted.completion(fixture.newKey(), 0);
    assertEquals(Effect.REPLACE, fixture.send(confirming).effect());
    assertEquals(Effect.REPLACE, fixture.send(held.advice(fixture.newKey(), 0)).effect());
    assertEquals(2, card().earmarks().getFirst().usesTaken());
    TestRequest declined = held.advice(fixture.newKey(), 0);
    declined.declinedElsewhere = true;
    assertEquals(Effect.RELEASE, fixture.send(declined).effect());
    assertEquals(1, card().earmarks().getFirst().usesTaken());
  }

  @Test
  void shouldPayACompletionAfterAReversedOneAgain() {
    grant(1_000_00, 0, Covered.category("food"));
    TestRequest hold = purchase(FOOD, 400_00);
    assertNull(fixture.send(hold).reason());
    TestRequest completion = hold.completion(fixture.newKey(), 400_00);
    assertEquals(400_00, fixture.send(completion).earmark());
    assertEquals(Effect.UNPOST, fixture.send(completion.reversal(fixture.newKey())).effect());

    Answer again = fixture.send(hold.completion(fixture.newKey(), 400_00));

    assertEquals(400_00, again.earmark());
    assertEquals(0, again.cashAvailable());
  }

  @Test
  void shouldTakeNoUseOfAnApprovalThatPaysNothing() {
    grant(300_00, 0, Covered.mcc(SCHOOL));
    ApprovalTerms approval =
        new ApprovalTerms(
            ++lastKey, false, false, ApprovalReason.STUDIES, fixture.timeMs,
            fixture.timeMs + EngineFixture.DAY_MS, 700_00, 1, List.of(), List.of(Covered.mcc(SCHOOL)), "caseworker-1");
    assertNull(fixture.grant(ANNA, approval).refusal());
    TestRequest lessons = purchase(SCHOOL, 1_000_00);
    lessons.partialPossible = true;

    Answer part = fixture.send(lessons);

    assertEquals(300_00, part.earmark());
    assertEquals("approvedInPart", part.flags());
    assertEquals(0, card().allowances().getFirst().usesTaken());
  }
}
