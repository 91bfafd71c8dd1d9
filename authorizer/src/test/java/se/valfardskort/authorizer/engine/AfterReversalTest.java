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
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** Completions of what was completed and reversed; reversals of what we declined and others approved in our name. */
final class AfterReversalTest {
  private static final int ANNA = 7;

  private final EngineFixture fixture = EngineFixture.configured();

  @BeforeEach
  void open() {
    fixture.card(ANNA);
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private TestRequest request(MessageClass messageClass, long amount) {
    TestRequest request = fixture.request(ANNA);
    request.messageClass = messageClass;
    request.amount = amount;
    request.rrn = "632612000001";
    return request;
  }

  private TestRequest completion(TestRequest hold, boolean advice, long amount) {
    TestRequest completion = hold.completion(fixture.newKey(), amount);
    completion.advice = advice;
    return completion;
  }

  @ParameterizedTest
  @CsvSource({
    // the first by 0220, the second by 0220, effect, flags
    "true, true, POST, afterReversal",
    "false, true, POST, afterReversal",
    "true, false, POST, ''",
    "false, false, POST, ''"
  })
  void shouldBookACompletionThatComesAfterAReversedOne(
      boolean firstByAdvice, boolean secondByAdvice, Effect effect, String flags) {
    TestRequest hold = request(MessageClass.AUTHORIZATION, 500_00);
    fixture.send(hold);
    TestRequest first = completion(hold, firstByAdvice, 500_00);
    assertEquals(Effect.COMPLETE, fixture.send(first).effect());
    assertEquals(Effect.UNPOST, fixture.send(first.reversal(fixture.newKey())).effect());
    TestRequest second = completion(hold, secondByAdvice, 450_00);

    Answer answer = fixture.send(second);

    assertNull(answer.reason());
    assertEquals(effect, answer.effect());
    assertEquals(flags, answer.flags());
    assertEquals(450_00, answer.cash());
    assertEquals(EngineFixture.CASH - 450_00, answer.cashAvailable());
    assertEquals(450_00, fixture.send(second.reversal(fixture.newKey())).approved());
  }

  @Test
  void shouldTakeTheSecondCompletionForFinalUntilItIsReversedToo() {
    TestRequest hold = request(MessageClass.AUTHORIZATION, 500_00);
    fixture.send(hold);
    TestRequest first = completion(hold, true, 500_00);
    fixture.send(first);
    fixture.send(first.reversal(fixture.newKey()));
    TestRequest second = completion(hold, true, 450_00);
    assertEquals("afterReversal", fixture.send(second).flags());

    assertEquals("repeatedCompletion", fixture.send(completion(hold, true, 400_00)).flags());
    assertEquals(450_00, fixture.send(hold.refund(fixture.newKey(), 450_00)).cash());
    fixture.send(second.reversal(fixture.newKey()));
    assertEquals("afterReversal", fixture.send(completion(hold, true, 400_00)).flags());
  }

  /** A hold of 500 kr that is over, and the first completion, which comes after that. */
  private TestRequest completedLate(TestRequest hold, boolean expired) {
    fixture.send(hold);
    if (expired) {
      fixture.timeMs += 7 * EngineFixture.DAY_MS;
      fixture.tick(10);
    } else {
      fixture.send(hold.reversal(fixture.newKey()));
    }
    TestRequest first = completion(hold, true, 500_00);
    Answer answer = fixture.send(first);
    assertEquals(Effect.POST, answer.effect());
    assertEquals(expired ? "late" : "afterReversal", answer.flags());
    return first;
  }

  @ParameterizedTest
  @CsvSource({
    // expired or reversed, second and third completion by DE 90 or DE 37
    "true, true",
    "true, false",
    "false, true",
    "false, false"
  })
  void shouldBookOneCompletionOfAHoldThatIsOver(boolean expired, boolean byDe90) {
    TestRequest hold = request(MessageClass.AUTHORIZATION, 500_00);
    TestRequest first = completedLate(hold, expired);
    TestRequest second = completion(hold, true, 450_00);
    second.originalData = byDe90;
    assertEquals("repeatedCompletion", fixture.send(second).flags());
    assertEquals("repeatedCompletion", fixture.send(hold.advice(fixture.newKey(), 500_00)).flags());

    assertEquals(500_00, fixture.send(first.reversal(fixture.newKey())).approved());
    TestRequest third = completion(hold, true, 400_00);
    third.originalData = byDe90;
    assertEquals("afterReversal", fixture.send(third).flags());

    Answer fourth = fixture.send(completion(hold, true, 300_00));
    assertEquals("repeatedCompletion", fourth.flags());
    assertEquals(EngineFixture.CASH - 400_00, fourth.cashAvailable());
    assertEquals(400_00, fixture.send(hold.refund(fixture.newKey(), 400_00)).cash());
  }

  @Test
  void shouldFindTheHoldByItsReversedPosting() {
    TestRequest hold = request(MessageClass.AUTHORIZATION, 500_00);
    fixture.send(hold);
    TestRequest first = completion(hold, true, 500_00);
    fixture.send(first);
    fixture.send(first.reversal(fixture.newKey()));
    TestRequest second = completion(hold, true, 450_00);
    second.originalData = false;
    assertEquals("afterReversal", fixture.send(second).flags());

    assertEquals("repeatedCompletion", fixture.send(completion(hold, true, 400_00)).flags());
    assertEquals("repeatedCompletion", fixture.send(completion(first, true, 400_00)).flags());
    assertEquals(450_00, fixture.send(second.reversal(fixture.newKey())).approved());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTakeMerchantAndCategoryFromTheHoldThatIsOver(boolean expired) {
    TestRequest hold = request(MessageClass.AUTHORIZATION, 500_00);
    hold.merchant = "BARNKOOP0000001";
    fixture.send(completedLate(hold, expired).reversal(fixture.newKey()));
    TestRequest again = completion(hold, true, 450_00);
    again.merchant = "";
    again.mcc = CardRequestDecoder.mccNullValue();
    assertEquals(450_00, fixture.send(again).hjartan());
    TestRequest refund = fixture.request(ANNA);
    refund.messageClass = MessageClass.FINANCIAL;
    refund.processingCode = 200_000;
    refund.merchant = "BARNKOOP0000001";
    refund.amount = 100_00;

    // It is found among the purchases at the hold's merchant.
    assertEquals(100_00, fixture.send(refund).hjartan());
  }

  @Test
  void shouldNotHoldAgainForAnAuthorizationWhoseCompletionWasReversed() {
    TestRequest hold = request(MessageClass.AUTHORIZATION, 500_00);
    fixture.send(hold);
    TestRequest first = completion(hold, true, 500_00);
    fixture.send(first);
    fixture.send(first.reversal(fixture.newKey()));

    Answer answer = fixture.send(hold.advice(fixture.newKey(), 500_00));

    assertEquals(Effect.NOTHING, answer.effect());
    assertEquals("repeatedCompletion", answer.flags());
  }

  @ParameterizedTest
  @CsvSource({
    // class, what the reversal carries beside DE 90, effect
    "FINANCIAL, true, UNPOST",
    "FINANCIAL, false, UNPOST",
    "AUTHORIZATION, true, RELEASE",
    "AUTHORIZATION, false, RELEASE"
  })
  void shouldUndoWhatOthersApprovedOfWhatWeDeclined(MessageClass messageClass, boolean carriesRrn, Effect effect) {
    TestRequest declined = request(messageClass, 8_000_00);
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(declined).reason());
    TestRequest theirs = completion(declined, true, 8_000_00);
    theirs.messageClass = messageClass;
    assertEquals(-1_000_00, fixture.send(theirs).cashAvailable());
    TestRequest reversal = declined.reversal(fixture.newKey());
    reversal.advice = true;
    reversal.rrn = carriesRrn ? declined.rrn : "";

    Answer answer = fixture.send(reversal);

    assertEquals(effect, answer.effect());
    assertEquals(EngineFixture.CASH, answer.cashAvailable());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTellADeclinedIncrementFromTheAuthorizationThatOthersRaised(boolean declinedIncrement) {
    TestRequest hold = request(MessageClass.AUTHORIZATION, declinedIncrement ? 100_00 : 8_000_00);
    hold.authCode = "VISA01";
    String code = fixture.send(hold).authCode();
    TestRequest declined = hold;
    if (declinedIncrement) {
      declined = request(MessageClass.AUTHORIZATION, 8_000_00);
      declined.authCode = code;
      assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(declined).reason());
    } else {
      fixture.send(hold.advice(fixture.newKey(), 8_000_00));
    }
    TestRequest raises = hold.advice(fixture.newKey(), 300_00);
    raises.increment = true;
    raises.originalData = false;
    assertEquals(Effect.RAISE, fixture.send(raises).effect());

    Answer answer = fixture.send(declined.reversal(fixture.newKey()));

    assertEquals(declinedIncrement ? 300_00 : 8_300_00, answer.approved());
  }

  @ParameterizedTest
  @CsvSource({
    // what came after the declined 0200: its class, whether by an advice, its DE 37, its terminal
    "FINANCIAL, false, 632612000001, TERM0001",
    "FINANCIAL, true, 632612000002, TERM0001",
    "FINANCIAL, true, 632612000001, TERM0002",
    "AUTHORIZATION, true, 632612000001, TERM0001"
  })
  void shouldNotUndoWhatIsNotOthersDecisionOnTheSame(
      MessageClass messageClass, boolean advice, String rrn, String terminal) {
    TestRequest declined = request(MessageClass.FINANCIAL, 8_000_00);
    fixture.send(declined);
    TestRequest after = declined.copy();
    after.key = fixture.newKey();
    after.stan = (int) (after.key % 1_000_000);
    after.messageClass = messageClass;
    after.advice = advice;
    after.amount = 100_00;
    after.rrn = rrn;
    after.terminal = terminal;
    fixture.send(after);

    Answer answer = fixture.send(declined.reversal(fixture.newKey()));

    assertEquals(Effect.NOTHING, answer.effect());
    assertEquals(EngineFixture.CASH - 100_00, answer.cashAvailable());
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 0})
  void shouldNotUndoWhatOthersApprovedBeforeTheDeclinedTry(int laterMs) {
    TestRequest theirs = request(MessageClass.FINANCIAL, 100_00);
    theirs.advice = true;
    fixture.send(theirs);
    fixture.timeMs += laterMs;
    TestRequest declined = request(MessageClass.FINANCIAL, 8_000_00);
    fixture.send(declined);

    assertEquals(Effect.NOTHING, fixture.send(declined.reversal(fixture.newKey())).effect());
  }
}
