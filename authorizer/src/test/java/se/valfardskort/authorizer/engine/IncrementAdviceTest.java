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

/** 0120 about an increment of ours, and 0120 that is an increment decided elsewhere. */
final class IncrementAdviceTest {
  private static final int ANNA = 7;
  private static final long CASH = EngineFixture.CASH;
  private static final long HJARTAN = EngineFixture.HJARTAN;

  private final EngineFixture fixture = EngineFixture.configured();

  /** 2,900 kr at a provider, in Hjartan. */
  private final TestRequest hold = fixture.request(ANNA);

  private String code = "";

  @BeforeEach
  void open() {
    fixture.card(ANNA);
    hold.merchant = "BARNKOOP0000001";
    hold.amount = 2_900_00;
    hold.rrn = "632612000001";
    code = fixture.send(hold).authCode();
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private TestRequest increment(long amount) {
    TestRequest increment = hold.copy();
    increment.key = fixture.newKey();
    increment.stan = (int) (increment.key % 1_000_000);
    increment.authCode = code;
    increment.amount = amount;
    return increment;
  }

  /** 600 kr more: 100 Hjartan and 500 kr. */
  private TestRequest raised() {
    TestRequest increment = increment(600_00);
    assertEquals(Effect.RAISE, fixture.send(increment).effect());
    return increment;
  }

  /** What is left of the hold goes back when it is reversed. */
  private void assertHeld(long hjartan, long cash) {
    Answer answer = fixture.send(hold.reversal(fixture.newKey()));
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(CASH, answer.cashAvailable());
    assertEquals(HJARTAN, answer.hjartanAvailable());
  }

  @ParameterizedTest
  @CsvSource({
    // declined elsewhere, DE 4, HJARTAN and CASH of the hold afterwards, effect
    "false, 60000, 300000, 50000, REPLACE",
    "false, 20000, 300000, 10000, REPLACE",
    "false, 5000, 295000, 0, REPLACE",
    "false, 80000, 300000, 70000, REPLACE",
    "false, 0, 290000, 0, RELEASE",
    "true, 60000, 290000, 0, RELEASE",
    "true, 0, 290000, 0, RELEASE"
  })
  void shouldChangeOnlyWhatTheIncrementAdded(
      boolean declined, long amount, long hjartan, long cash, Effect effect) {
    TestRequest advice = raised().advice(fixture.newKey(), amount);
    advice.authCode = "VISA01";
    advice.declinedElsewhere = declined;

    Answer answer = fixture.send(advice);

    assertNull(answer.reason());
    assertEquals(effect, answer.effect());
    if (effect == Effect.REPLACE) {
      assertEquals(hjartan, answer.hjartan());
      assertEquals(cash, answer.cash());
      assertEquals(hjartan + cash, answer.approved());
    }
    assertEquals(HJARTAN - hjartan, answer.hjartanAvailable());
    assertEquals(CASH - cash, answer.cashAvailable());
    assertEquals(answer, fixture.send(advice));
    assertHeld(hjartan, cash);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldReplaceTheWholeHoldUnlessDe90NamesItsIncrement(boolean byDe90) {
    raised();
    TestRequest advice = hold.advice(fixture.newKey(), 1_000_00);
    advice.originalData = byDe90;

    assertEquals(Effect.REPLACE, fixture.send(advice).effect());
    assertHeld(1_000_00, 0);
  }

  @Test
  void shouldReleaseTheWholeHoldThatWasDeclinedElsewhereWithoutDe90() {
    TestRequest advice = raised().advice(fixture.newKey(), 600_00);
    advice.originalData = false;
    advice.declinedElsewhere = true;

    assertEquals(Effect.RELEASE, fixture.send(advice).effect());
    assertHeld(0, 0);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void shouldTakeTheReplacedIncrementOffByNamingEither(boolean namesAdvice) {
    TestRequest increment = raised();
    TestRequest advice = increment.advice(fixture.newKey(), 200_00);
    fixture.send(advice);
    TestRequest reversal = (namesAdvice ? advice : increment).reversal(fixture.newKey());
    reversal.rrn = "";

    assertEquals(200_00, fixture.send(reversal).approved());
    assertHeld(2_900_00, 0);
  }

  @Test
  void shouldLetTheIncrementsCodeNameTheHoldAfterAnAdviceWithTheFirst() {
    String latest = fixture.send(increment(100_00)).authCode();
    TestRequest advice = hold.advice(fixture.newKey(), 2_000_00);
    advice.authCode = code;
    assertEquals(Effect.REPLACE, fixture.send(advice).effect());
    TestRequest completion = hold.completion(fixture.newKey(), 2_000_00);
    completion.originalData = false;
    completion.rrn = "";
    completion.authCode = latest;

    assertEquals(Effect.COMPLETE, fixture.send(completion).effect());
  }

  @Test
  void shouldNotTakeMoreOffThanTheHoldHas() {
    TestRequest increment = raised();
    TestRequest reduced = hold.reversal(fixture.newKey());
    reduced.replacement = 300_00;
    fixture.send(reduced);

    // The hold has 300 of the 600 that were added: they become 100.
    assertEquals(Effect.REPLACE, fixture.send(increment.advice(fixture.newKey(), 100_00)).effect());
    assertHeld(100_00, 0);
  }

  @Test
  void shouldReadDe95OfAForeignHoldByWhatTheAdviceMadeOfIt() {
    TestRequest foreign = fixture.request(ANNA);
    foreign.rrn = "632612000009";
    foreign.amount = 1_000_00;
    foreign.transactionAmount = 100_00;
    String foreignCode = fixture.send(foreign).authCode();
    TestRequest increment = foreign.copy();
    increment.key = fixture.newKey();
    increment.stan = (int) (increment.key % 1_000_000);
    increment.authCode = foreignCode;
    increment.amount = 500_00;
    increment.transactionAmount = 50_00;
    assertEquals(Effect.RAISE, fixture.send(increment).effect());
    TestRequest advice = increment.advice(fixture.newKey(), 1_000_00);
    advice.transactionAmount = 100_00;
    fixture.send(advice);
    TestRequest reversal = foreign.reversal(fixture.newKey());
    reversal.replacement = 50_00;

    // 2,000 kr for 200.00: a quarter of it remains.
    assertEquals(1_500_00, fixture.send(reversal).approved());
  }

  @ParameterizedTest
  @CsvSource({
    // what came first, effect, flags
    "incrementReversed, RAISE, afterReversal",
    "completed, NOTHING, repeatedCompletion",
    "holdReversed, HOLD, standIn afterReversal",
    "expired, HOLD, standIn late"
  })
  void shouldAskWhatHasBecomeOfIncrementAndHold(String fate, Effect effect, String flags) {
    TestRequest increment = raised();
    switch (fate) {
      case "incrementReversed" -> fixture.send(increment.reversal(fixture.newKey()));
      case "completed" -> fixture.send(hold.completion(fixture.newKey(), 3_500_00));
      case "holdReversed" -> fixture.send(hold.reversal(fixture.newKey()));
      default -> {
        fixture.timeMs += 7 * EngineFixture.DAY_MS;
        fixture.tick(10);
      }
    }

    Answer answer = fixture.send(increment.advice(fixture.newKey(), 400_00));

    assertNull(answer.reason());
    assertEquals(effect, answer.effect());
    assertEquals(flags, answer.flags());
    if (effect == Effect.RAISE) {
      assertHeld(3_000_00, 300_00);
    }
  }

  /** An increment that only others saw: DE 90 names it, and the three references name the hold. */
  private TestRequest theirIncrement(long amount) {
    TestRequest advice = increment(amount).advice(fixture.newKey(), amount);
    advice.authCode = code;
    return advice;
  }

  @ParameterizedTest
  @CsvSource({
    // edition, DE 4, declined elsewhere, HJARTAN and CASH of the hold afterwards, effect, flags
    "1987, 60000, false, 300000, 50000, RAISE, ''",
    "1987, 60000, true, 290000, 0, NOTHING, ''",
    "1987, 0, false, 290000, 0, NOTHING, ''",
    "1987, 900000, false, 300000, 890000, RAISE, overdrawn",
    "1993, 60000, false, 300000, 50000, RAISE, ''",
    "1993, 60000, true, 290000, 0, NOTHING, ''"
  })
  void shouldRaiseTheHoldByWhatOthersAddedInOurName(
      String edition, long amount, boolean declined, long hjartan, long cash, Effect effect, String flags) {
    TestRequest advice = theirIncrement(amount);
    advice.declinedElsewhere = declined;
    if (edition.equals("1993")) {
      // Its function code says so; DE 56 names the hold.
      advice.increment = true;
      advice.originalStan = hold.stan;
      advice.authCode = "VISA01";
    }

    Answer answer = fixture.send(advice);

    assertNull(answer.reason());
    assertEquals("00", answer.responseCode());
    assertEquals(effect, answer.effect());
    assertEquals(flags, answer.flags());
    assertEquals(CASH - cash, answer.cashAvailable());
    assertEquals(answer, fixture.send(advice));
    assertHeld(hjartan, cash);
  }

  @Test
  void shouldTakeTheirIncrementOffAndCompleteTheWhole() {
    TestRequest advice = theirIncrement(600_00);
    fixture.send(advice);
    TestRequest reversal = advice.reversal(fixture.newKey());
    reversal.replacement = 100_00;

    assertEquals(500_00, fixture.send(reversal).approved());
    Answer completed = fixture.send(hold.completion(fixture.newKey(), 3_000_00));
    assertEquals(Effect.COMPLETE, completed.effect());
    assertEquals("", completed.flags());
    assertEquals(DeclineReason.KEY_REUSED, changed(advice));
  }

  private @org.jspecify.annotations.Nullable DeclineReason changed(TestRequest advice) {
    TestRequest other = advice.copy();
    other.fingerprint = 2;
    return fixture.send(other).reason();
  }

  @ParameterizedTest
  @CsvSource({
    // DE 90: none, of the hold, of the advice's own STAN, of something unknown; DE 38: the hold's
    "none, true",
    "hold, true",
    "own, true",
    "unknown, false"
  })
  void shouldTakeForTheHoldsOwnWhatDoesNotSayThatItIsAnIncrement(String named, boolean holdsCode) {
    TestRequest advice = theirIncrement(600_00);
    advice.originalData = !named.equals("none");
    switch (named) {
      case "hold" -> advice.originalStan = hold.stan;
      case "own" -> advice.originalStan = advice.stan;
      default -> { }
    }
    advice.authCode = holdsCode ? code : "VISA01";

    assertEquals(Effect.REPLACE, fixture.send(advice).effect());
    assertHeld(600_00, 0);
  }

  @ParameterizedTest
  @CsvSource({
    // what DE 56 names, effect, flags
    "nothing, HOLD, standIn",
    "posting, HOLD, standIn",
    "completed, NOTHING, repeatedCompletion",
    "reversed, HOLD, standIn afterReversal"
  })
  void shouldHoldWhatAnIncrementInOurNameAddsToNoHoldOfOurs(String named, Effect effect, String flags) {
    TestRequest original = fixture.request(ANNA);
    original.messageClass = named.equals("posting") ? MessageClass.FINANCIAL : MessageClass.AUTHORIZATION;
    original.amount = 200_00;
    if (!named.equals("nothing")) {
      fixture.send(original);
    }
    switch (named) {
      case "completed" -> fixture.send(original.completion(fixture.newKey(), 200_00));
      case "reversed" -> fixture.send(original.reversal(fixture.newKey()));
      default -> { }
    }
    TestRequest advice = original.advice(fixture.newKey(), 100_00);
    advice.increment = true;

    Answer answer = fixture.send(advice);

    assertEquals(effect, answer.effect());
    assertEquals(flags, answer.flags());
  }

  @Test
  void shouldTellAFurtherIncrementFromAnAdviceAboutTheLast() {
    TestRequest increment = raised();
    TestRequest further = theirIncrement(100_00);
    further.increment = true;
    further.originalData = false;
    TestRequest about = increment.advice(fixture.newKey(), 500_00);
    about.increment = true;

    assertEquals(Effect.RAISE, fixture.send(further).effect());
    assertEquals(Effect.REPLACE, fixture.send(about).effect());
    assertHeld(3_000_00, 500_00);
  }

  @Test
  void shouldTakeWhatAnAdviceAddsToAnIncrementFromHjartanAsLongAsThereAreSome() {
    TestRequest increment = increment(50_00);
    assertEquals(50_00, fixture.send(increment).hjartan());

    // 150 kr more: the 50 Hjartan that are left, and 100 kr.
    Answer answer = fixture.send(increment.advice(fixture.newKey(), 200_00));

    assertEquals(Effect.REPLACE, answer.effect());
    assertEquals(3_000_00, answer.hjartan());
    assertEquals(100_00, answer.cash());
    assertHeld(3_000_00, 100_00);
  }
}
