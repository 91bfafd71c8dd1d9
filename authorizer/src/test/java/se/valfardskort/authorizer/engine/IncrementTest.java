package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** Increments: a 0100 that raises a hold, what may then complete it, and how it is taken back. */
final class IncrementTest extends HolderTest {
  /** 2,900 kr at a provider, in Hjartan. */
  private final TestRequest hold = fixture.request(ANNA);

  @BeforeEach
  void prepare() {
    hold.merchant = "BARNKOOP0000001";
    hold.amount = 2_900_00;
    hold.rrn = "632612000001";
    hold.authCode = "";
  }

  private TestRequest increment(String authCode, long amount) {
    TestRequest increment = hold.copy();
    increment.key = fixture.newKey();
    increment.stan = (int) (increment.key % 1_000_000);
    increment.authCode = authCode;
    increment.amount = amount;
    return increment;
  }

  @Test
  void shouldRaiseTheHoldByWhatThePursesPay() {
    String code = fixture.send(hold).authCode();
    TestRequest increment = increment(code, 600_00);

    Answer answer = fixture.send(increment);

    assertEquals(Effect.RAISE, answer.effect());
    assertEquals(100_00, answer.hjartan());
    assertEquals(500_00, answer.cash());
    assertEquals(600_00, answer.approved());
    assertEquals(0, answer.hjartanAvailable());
    assertEquals(EngineFixture.CASH - 500_00, answer.cashAvailable());
    assertNotEquals(code, answer.authCode());
    assertEquals(6, answer.authCode().length());
    assertEquals(answer, fixture.send(increment));
  }

  @ParameterizedTest
  @CsvSource({
    // named by, DE 4, HJARTAN and CASH posted, CASH available, flags
    "first, 350000, 300000, 50000, 650000, ''",
    "latest, 350000, 300000, 50000, 650000, ''",
    "stan, 350000, 300000, 50000, 650000, ''",
    "incrementsStan, 350000, 300000, 50000, 650000, ''",
    "latest, 310000, 300000, 10000, 690000, ''",
    "latest, 350100, 300000, 50100, 649900, overTolerance"
  })
  void shouldBeCompletedAsAWholeByEitherCode(
      String by, long amount, long hjartan, long cash, long cashAfter, String flags) {
    String first = fixture.send(hold).authCode();
    TestRequest increment = increment(first, 600_00);
    String latest = fixture.send(increment).authCode();
    TestRequest completion = (by.equals("incrementsStan") ? increment : hold).completion(fixture.newKey(), amount);
    completion.originalData = by.endsWith("tan") || by.endsWith("Stan");
    completion.rrn = "";
    completion.authCode = by.equals("first") ? first : by.equals("latest") ? latest : "";

    Answer answer = fixture.send(completion);

    assertEquals(Effect.COMPLETE, answer.effect());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
    assertEquals(cashAfter, answer.cashAvailable());
    assertEquals(flags, answer.flags());
  }

  @ParameterizedTest
  @CsvSource({
    // right DE 38, DE 37, DE 41; effect
    "true, 632612000001, TERM0001, RAISE",
    "false, 632612000001, TERM0001, HOLD",
    "true, 632612000002, TERM0001, HOLD",
    "true, 632612000001, TERM0002, HOLD"
  })
  void shouldRaiseOnlyWhereAllThreeReferencesAreTheHolds(
      boolean rightCode, String rrn, String terminal, Effect effect) {
    String code = fixture.send(hold).authCode();
    TestRequest increment = increment(rightCode ? code : "ZZZZZZ", 10_00);
    increment.rrn = rrn;
    increment.terminal = terminal;

    assertEquals(effect, fixture.send(increment).effect());
  }

  @ParameterizedTest
  @CsvSource({
    // fate, reason, effect
    "held, , RAISE",
    "unknown, ORIGINAL_NOT_FOUND, NOTHING",
    "completed, ORIGINAL_NOT_FOUND, NOTHING",
    "reversed, ORIGINAL_NOT_FOUND, NOTHING",
    "expired, ORIGINAL_NOT_FOUND, NOTHING"
  })
  void shouldDeclineWhatSaysThatItIsAnIncrementAndRaisesNothing(
      String fate, @Nullable DeclineReason reason, Effect effect) {
    String code = fixture.send(hold).authCode();
    switch (fate) {
      case "completed" -> fixture.send(hold.completion(fixture.newKey(), 1_00));
      case "reversed" -> fixture.send(hold.reversal(fixture.newKey()));
      case "expired" -> {
        fixture.timeMs += 7 * EngineFixture.DAY_MS;
        fixture.tick(10);
      }
      default -> { }
    }
    TestRequest increment = increment(fate.equals("unknown") ? "ZZZZZZ" : code, 10_00);
    increment.increment = true;

    Answer answer = fixture.send(increment);

    assertEquals(reason, answer.reason());
    assertEquals(effect, answer.effect());
    assertEquals(reason == null ? "00" : "25", answer.responseCode());
  }

  @Test
  void shouldAskEveryRuleOfThePurchaseOfWhatIsAdded() {
    TestRequest restaurant = hold.copy();
    restaurant.merchant = "KROGEN000000001";
    restaurant.mcc = 5812;
    restaurant.amount = 400_00;
    String code = fixture.send(restaurant).authCode();
    TestRequest within = increment(code, 100_00);
    within.merchant = restaurant.merchant;
    within.mcc = 5812;
    TestRequest above = within.copy();
    above.key = fixture.newKey();
    above.amount = 100_01;
    TestRequest gambling = within.copy();
    gambling.key = fixture.newKey();
    gambling.mcc = 7995;
    TestRequest poor = within.copy();
    poor.key = fixture.newKey();
    poor.mcc = 5411;
    poor.amount = EngineFixture.CASH;
    poor.partialPossible = true;

    assertEquals(DeclineReason.LUXURY_AMOUNT, fixture.send(above).reason());
    assertEquals(DeclineReason.BLOCKED_GAMBLING, fixture.send(gambling).reason());
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(poor).reason());
    assertNull(fixture.send(within).reason());
  }

  @ParameterizedTest
  @CsvSource({
    // hold reduced to (-1: not), DE 95 of the increment's reversal (-1: absent), HJARTAN back, CASH back, effect
    "-1, -1, 100000, 500000, RELEASE",
    "-1, 200000, 0, 400000, RELEASE",
    "-1, 600000, 0, 0, NOTHING",
    "3200000, -1, 400000, 200000, RELEASE",
    "400000, -1, 400000, 0, RELEASE",
    "0, -1, 0, 0, NOTHING"
  })
  void shouldTakeWhatTheIncrementAddedOffTheHold(
      long reducedTo, long replacement, long hjartan, long cash, Effect effect) {
    fixture.load(ANNA, 0, 100_000_00, 27_000_00);
    hold.amount = 29_000_00;
    String code = fixture.send(hold).authCode();
    TestRequest increment = increment(code, 6_000_00);
    fixture.send(increment);
    if (reducedTo >= 0) {
      TestRequest reduction = hold.reversal(fixture.newKey());
      reduction.replacement = reducedTo;
      fixture.send(reduction);
    }
    TestRequest reversal = increment.reversal(fixture.newKey());
    reversal.replacement = replacement;

    Answer answer = fixture.send(reversal);

    assertNull(answer.reason());
    assertEquals(effect, answer.effect());
    assertEquals(hjartan, answer.hjartan());
    assertEquals(cash, answer.cash());
  }

  @Test
  void shouldGiveBackTheIncrementsWithTheHold() {
    String code = fixture.send(hold).authCode();
    TestRequest increment = increment(code, 600_00);
    fixture.send(increment);

    Answer answer = fixture.send(hold.reversal(fixture.newKey()));

    assertEquals(3_000_00, answer.hjartan());
    assertEquals(500_00, answer.cash());
    assertEquals(Effect.NOTHING, fixture.send(increment.reversal(fixture.newKey())).effect());
    assertEquals(DeclineReason.ORIGINAL_REVERSED, fixture.send(hold).reason());
  }

  @Test
  void shouldTakeAnIncrementOffTheCapThatItsHoldCountsAgainst() {
    hold.merchant = "PUMPEN000000001";
    hold.mcc = 5541;
    hold.amount = 900_00;
    String code = fixture.send(hold).authCode();
    TestRequest increment = increment(code, 100_00);
    increment.mcc = 5411;
    assertEquals(Effect.RAISE, fixture.send(increment).effect());

    assertEquals(1_000_00, fixture.send(hold.reversal(fixture.newKey())).approved());

    // The cap is 1,500: had the hold left another counter behind than it took, this would pass or fail by that much.
    TestRequest fuel = increment("", 1_500_01);
    fuel.mcc = 5541;
    assertEquals(DeclineReason.CATEGORY_CAP, fixture.send(fuel).reason());
    TestRequest just = increment("", 1_500_00);
    just.mcc = 5541;
    assertNull(fixture.send(just).reason());
  }

  @ParameterizedTest
  @CsvSource({
    // MCC of the hold, of the increment, what the increment adds to 900, reason
    "5541, 5411, 60000, ",
    "5541, 5411, 60001, CATEGORY_CAP",
    "5541, 5541, 60001, CATEGORY_CAP",
    "5411, 5541, 160001, "
  })
  void shouldAskAnIncrementForTheCapThatItsHoldCountsAgainst(
      int holdMcc, int incrementMcc, long amount, @Nullable DeclineReason reason) {
    hold.merchant = "PUMPEN000000001";
    hold.mcc = holdMcc;
    hold.amount = 900_00;
    String code = fixture.send(hold).authCode();
    TestRequest increment = increment(code, amount);
    increment.mcc = incrementMcc;

    assertEquals(reason, fixture.send(increment).reason());
  }

  @Test
  void shouldCountOneHoldForAllItsIncrements() {
    String code = fixture.send(hold).authCode();
    for (int step = 0; step < 120; step++) {
      assertNull(fixture.send(increment(code, 1)).reason());
    }

    assertEquals(2_901_20, fixture.send(hold.reversal(fixture.newKey())).approved());
  }

  @Test
  void shouldRaiseAHoldThatStandsForAForeignAmount() {
    hold.amount = 1_000_00;
    hold.transactionAmount = 100_00;
    String code = fixture.send(hold).authCode();
    TestRequest increment = increment(code, 500_00);
    increment.transactionAmount = 50_00;
    fixture.send(increment);
    TestRequest reversal = hold.reversal(fixture.newKey());
    reversal.replacement = 75_00;

    // 1,500 kr for 150.00: half of it remains.
    assertEquals(750_00, fixture.send(reversal).approved());
    assertEquals(MessageClass.REVERSAL, reversal.messageClass);
  }

  @Test
  void shouldFindTheRaisedHoldByItsLatestCodeAndTheWholeAmount() {
    TestRequest increment = increment(fixture.send(hold).authCode(), 600_00);
    TestRequest reversal = hold.reversal(fixture.newKey());
    reversal.originalData = false;
    reversal.rrn = "";
    reversal.authCode = fixture.send(increment).authCode();
    reversal.amount = 3_500_00;

    Answer answer = fixture.send(reversal);

    assertEquals(Effect.RELEASE, answer.effect());
    assertEquals(3_500_00, answer.approved());
  }
}
