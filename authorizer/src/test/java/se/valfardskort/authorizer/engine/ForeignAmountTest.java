package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * DE 95 is told in the currency of the original's DE 4: how many kronor it stands for after advices and increments at
 * other rates. 100 euro are held first, as 1,150 kr.
 */
final class ForeignAmountTest extends HolderTest {
  private TestRequest hold() {
    TestRequest hold = fixture.request(ANNA);
    hold.rrn = "632612000001";
    hold.amount = 1_150_00;
    hold.transactionAmount = 100_00;
    return hold;
  }

  /** 50 euro more, as 600 kr. */
  private TestRequest increment(TestRequest hold, String code) {
    TestRequest increment = hold.copy();
    increment.key = fixture.newKey();
    increment.stan = 777;
    increment.authCode = code;
    increment.amount = 600_00;
    increment.transactionAmount = 50_00;
    assertEquals(Effect.RAISE, fixture.send(increment).effect());
    return increment;
  }

  private long reducedTo(TestRequest original, long euro) {
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.replacement = euro;
    return fixture.send(reversal).approved();
  }

  @Test
  void shouldGoByTheAdviceThatReplacedTheHold() {
    TestRequest hold = hold();
    fixture.send(hold);
    TestRequest advice = hold.advice(fixture.newKey(), 1_400_00);
    advice.transactionAmount = 120_00;
    assertEquals(Effect.REPLACE, fixture.send(advice).effect());

    // 60 of 120 euro: 700 of 1,400 kr remain.
    assertEquals(700_00, reducedTo(hold, 60_00));
  }

  @Test
  void shouldGoByTheHoldAndWhatAnIncrementAdded() {
    TestRequest hold = hold();
    increment(hold, fixture.send(hold).authCode());

    // 75 of 150 euro: 875 of 1,750 kr remain.
    assertEquals(875_00, reducedTo(hold, 75_00));
  }

  @Test
  void shouldGoByWhatTheIncrementBecame() {
    TestRequest hold = hold();
    TestRequest increment = increment(hold, fixture.send(hold).authCode());
    TestRequest advice = increment.advice(fixture.newKey(), 960_00);
    advice.transactionAmount = 80_00;
    assertEquals(Effect.REPLACE, fixture.send(advice).effect());

    // 90 of 180 euro: 1,055 of 2,110 kr remain.
    assertEquals(1_055_00, reducedTo(hold, 90_00));
  }

  @Test
  void shouldTakeOffTheIncrementAtItsOwnRate() {
    TestRequest hold = hold();
    TestRequest increment = increment(hold, fixture.send(hold).authCode());

    // 20 of the increment's 50 euro: 240 of its 600 kr remain.
    assertEquals(360_00, reducedTo(increment, 20_00));
  }
}
