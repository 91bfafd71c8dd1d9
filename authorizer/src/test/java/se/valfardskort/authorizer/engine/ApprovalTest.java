package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** What a caseworker's approval lifts, what it does not, and what becomes of its uses and its amount. */
final class ApprovalTest {
  private static final int ANNA = 7;
  private static final int ANNAS_OTHER_CARD = 8;
  private static final int SCHOOL = 8299;
  private static final int RESTAURANT = 5812;
  private static final int FUEL = 5541;
  private static final int AIRLINE = 3010;
  private static final int FOOD = 5411;
  private static final int NORWAY = 578;
  private static final int SWEDEN = 752;
  private static final long NO_LIMIT = Category.NO_LIMIT;

  private final EngineFixture fixture = EngineFixture.configured();
  private long lastKey;

  @BeforeEach
  void open() {
    fixture.card(ANNA);
    fixture.open(ANNAS_OTHER_CARD, 0, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  /** For all cards of the account, for ten days from now on. */
  private ApprovalTerms terms(long amount, int uses, List<Integer> countries, Covered... scope) {
    return terms(fixture.timeMs, fixture.timeMs + 10 * EngineFixture.DAY_MS, amount, uses, countries, scope);
  }

  private ApprovalTerms terms(
      long fromMs, long untilMs, long amount, int uses, List<Integer> countries, Covered... scope) {
    return new ApprovalTerms(
        ++lastKey, false, false, ApprovalReason.STUDIES, fromMs, untilMs, amount, uses, countries, List.of(scope),
        "caseworker-1");
  }

  private Answer grant(ApprovalTerms terms) {
    Answer granted = fixture.grant(ANNA, terms);
    assertNull(granted.refusal());
    assertEquals(Effect.APPROVAL_GRANTED, granted.effect());
    return granted;
  }

  private TestRequest purchase(int mcc, long amount) {
    TestRequest request = fixture.request(ANNA);
    request.mcc = mcc;
    request.amount = amount;
    return request;
  }

  private @Nullable DeclineReason buy(int mcc, long amount, int country) {
    TestRequest request = purchase(mcc, amount);
    request.country = country;
    return fixture.send(request).reason();
  }

  private CardView.Allowance onlyAllowance() {
    CardView card = fixture.engine.card(new UnsafeBuffer(EngineFixture.token(ANNA)), 0);
    if (card == null || card.allowances().size() != 1) {
      throw new AssertionError("not one allowance: " + card);
    }
    return card.allowances().getFirst();
  }

  @Test
  void shouldLiftTheCategoryOnceAndForItsAmount() {
    assertEquals(DeclineReason.APPROVAL_EDUCATION, buy(SCHOOL, 5_000_00, SWEDEN));
    grant(terms(5_000_00, 1, List.of(), Covered.category("education")));

    assertEquals(DeclineReason.APPROVAL_EDUCATION, buy(SCHOOL, 5_000_01, SWEDEN), "more than was approved");
    assertEquals(DeclineReason.APPROVAL_WORK_TOOLS, buy(5045, 100_00, SWEDEN), "another category");
    TestRequest licence = purchase(SCHOOL, 5_000_00);
    Answer answer = fixture.send(licence);
    assertNull(answer.reason());
    assertEquals("byApproval", answer.flags());

    assertEquals(DeclineReason.APPROVAL_EDUCATION, buy(SCHOOL, 1_00, SWEDEN), "the use is taken");
  }

  @Test
  void shouldTakeNothingWhereNoApprovalIsNeeded() {
    grant(terms(1_000_00, 1, List.of()));

    Answer food = fixture.send(purchase(FOOD, 100_00));

    assertEquals("", food.flags());
    assertEquals(1_000_00, onlyAllowance().leftMinor());
    assertEquals(0, onlyAllowance().usesTaken());
  }

  /** Rows: what stands in the way, where, and whether an approval with these countries lifts it. */
  @ParameterizedTest
  @CsvSource({
    // mcc, amount, country, approval's country, lifted
    "5812, 60000, 752, 0, true",
    "5541, 160000, 752, 0, true",
    "8299, 10000, 752, 0, true",
    "3010, 10000, 752, 0, false",
    "5411, 10000, 578, 0, false",
    "5411, 10000, 578, 578, true",
    "8299, 10000, 578, 578, true",
    "3010, 10000, 578, 578, true",
    "3010, 10000, 752, 578, true",
    "5812, 60000, 578, 578, true",
    "5411, 10000, 208, 578, false",
    "5411, 10000, 208, 65534, true",
    "8299, 10000, 752, 578, false",
    "8299, 10000, 752, 65534, false",
    "8299, 10000, 752, 752, true",
    "7995, 10000, 752, 0, false",
    "5309, 10000, 578, 578, false",
    "6011, 10000, 578, 65534, false",
  })
  void shouldLiftWhatItsCountriesAllowAndNoOutrightBlock(
      int mcc, long amount, int country, int approved, boolean lifted) {
    DeclineReason before = buy(mcc, amount, country);
    grant(terms(NO_LIMIT, 0, approved == 0 ? List.of() : List.of(approved)));

    assertEquals(lifted ? null : before, buy(mcc, amount, country), () -> mcc + " in " + country + ": " + before);
    assertTrue(before != null, "something stood in the way");
  }

  @Test
  void shouldCoverAMerchantOrAnMccAndNothingBesideThem() {
    grant(terms(NO_LIMIT, 0, List.of(), Covered.merchant(TestPolicy.ACQUIRER, "KORSKOLAN000001"), Covered.mcc(8244)));

    TestRequest school = purchase(SCHOOL, 100_00);
    assertEquals(DeclineReason.APPROVAL_EDUCATION, fixture.send(school).reason());
    TestRequest there = purchase(SCHOOL, 100_00);
    there.merchant = "KORSKOLAN000001";
    assertNull(fixture.send(there).reason());
    TestRequest elsewhere = purchase(SCHOOL, 100_00);
    elsewhere.merchant = "KORSKOLAN000001";
    elsewhere.acquirer = 654_321;
    assertEquals(DeclineReason.APPROVAL_EDUCATION, fixture.send(elsewhere).reason());
    assertNull(buy(8244, 100_00, SWEDEN));
  }

  /** A merchant that is registered as something is that, whatever MCC it sends. */
  @Test
  void shouldNotCoverARegisteredMerchantByTheMccItSends() {
    grant(terms(NO_LIMIT, 0, List.of(), Covered.mcc(FUEL)));
    assertNull(buy(FUEL, 1_600_00, SWEDEN));

    TestRequest bicycles = purchase(FUEL, 100_00);
    bicycles.merchant = "CYKEL0000000001";
    assertEquals(DeclineReason.CATEGORY_CAP, fixture.send(bicycles).reason());
  }

  @Test
  void shouldHoldFromItsBeginningToItsEnd() {
    long fromMs = fixture.timeMs + 1000;
    grant(terms(fromMs, fromMs + 1000, NO_LIMIT, 0, List.of()));

    assertEquals(DeclineReason.APPROVAL_EDUCATION, buy(SCHOOL, 1_00, SWEDEN));
    fixture.timeMs = fromMs;
    assertNull(buy(SCHOOL, 1_00, SWEDEN));
    fixture.timeMs = fromMs + 999;
    assertNull(buy(SCHOOL, 1_00, SWEDEN));
    fixture.timeMs = fromMs + 1000;
    assertEquals(DeclineReason.APPROVAL_EDUCATION, buy(SCHOOL, 1_00, SWEDEN));
  }

  @Test
  void shouldHoldForEveryCardOfTheAccountOrForOne() {
    ApprovalTerms all = terms(NO_LIMIT, 1, List.of());
    grant(all);
    TestRequest other = purchase(SCHOOL, 1_00);
    other.card = ANNAS_OTHER_CARD;
    assertNull(fixture.send(other).reason());

    ApprovalTerms one =
        new ApprovalTerms(
            ++lastKey, true, false, ApprovalReason.STUDIES, all.validFromMs(), all.validUntilMs(), NO_LIMIT, 0,
            List.of(), List.of(), "caseworker-1");
    grant(one);
    TestRequest again = purchase(SCHOOL, 1_00);
    again.card = ANNAS_OTHER_CARD;
    assertEquals(DeclineReason.APPROVAL_EDUCATION, fixture.send(again).reason());
    assertNull(buy(SCHOOL, 1_00, SWEDEN));
  }

  @Test
  void shouldUseTheOneThatEndsFirst() {
    long soon = fixture.timeMs + EngineFixture.DAY_MS;
    grant(terms(fixture.timeMs, soon + 1, NO_LIMIT, 1, List.of()));
    grant(terms(fixture.timeMs, soon, 50_00, 1, List.of()));
    grant(terms(fixture.timeMs, soon, NO_LIMIT, 1, List.of()));

    // The second ends first, but is too small; the third is the younger of that end.
    assertNull(buy(SCHOOL, 60_00, SWEDEN));
    assertNull(buy(SCHOOL, 50_00, SWEDEN));
    assertNull(buy(SCHOOL, 50_00, SWEDEN));
    assertEquals(DeclineReason.APPROVAL_EDUCATION, buy(SCHOOL, 50_00, SWEDEN));
    List<CardView.Allowance> allowances = allowances();
    assertEquals(List.of(2L, 3L, 1L), allowances.stream().map(CardView.Allowance::number).toList());
    assertEquals(0, allowances.getFirst().leftMinor());
  }

  private List<CardView.Allowance> allowances() {
    CardView card = fixture.engine.card(new UnsafeBuffer(EngineFixture.token(ANNA)), 0);
    return card == null ? List.of() : card.allowances();
  }

  @Test
  void shouldGiveUseAndAmountBackWhenAHoldIsReversedOrExpires() {
    grant(terms(1_000_00, 1, List.of()));
    TestRequest first = purchase(SCHOOL, 600_00);
    assertNull(fixture.send(first).reason());
    assertEquals(400_00, onlyAllowance().leftMinor());

    assertNull(fixture.send(first.reversal(fixture.newKey())).reason());
    assertEquals(1_000_00, onlyAllowance().leftMinor());
    assertEquals(0, onlyAllowance().usesTaken());

    assertNull(buy(SCHOOL, 700_00, SWEDEN));
    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(10);
    assertEquals(1_000_00, onlyAllowance().leftMinor());
    assertEquals(0, onlyAllowance().usesTaken());
  }

  @Test
  void shouldGiveBackWhatACompletionLeavesAndKeepTheUseUntilTheReversal() {
    grant(terms(1_000_00, 1, List.of()));
    TestRequest hold = purchase(SCHOOL, 800_00);
    fixture.send(hold);
    TestRequest completion = hold.completion(fixture.newKey(), 500_00);
    assertEquals(Effect.COMPLETE, fixture.send(completion).effect());
    assertEquals(500_00, onlyAllowance().leftMinor());
    assertEquals(1, onlyAllowance().usesTaken());

    TestRequest partial = completion.reversal(fixture.newKey());
    partial.replacement = 200_00;
    fixture.send(partial);
    assertEquals(800_00, onlyAllowance().leftMinor());
    assertEquals(1, onlyAllowance().usesTaken());

    assertEquals(Effect.UNPOST, fixture.send(completion.reversal(fixture.newKey())).effect());
    assertEquals(1_000_00, onlyAllowance().leftMinor());
    assertEquals(0, onlyAllowance().usesTaken());
  }

  @Test
  void shouldGiveNothingBackForARefund() {
    grant(terms(1_000_00, 1, List.of()));
    TestRequest bought = purchase(SCHOOL, 800_00);
    bought.messageClass = MessageClass.FINANCIAL;
    fixture.send(bought);

    assertEquals(Effect.REFUND, fixture.send(bought.refund(fixture.newKey(), 300_00)).effect());

    assertEquals(200_00, onlyAllowance().leftMinor());
    assertEquals(1, onlyAllowance().usesTaken());
  }

  @Test
  void shouldDrawMoreOnTheSameApprovalForAnIncrement() {
    grant(terms(1_000_00, 1, List.of()));
    TestRequest hold = purchase(SCHOOL, 600_00);
    hold.rrn = "632600000001";
    Answer held = fixture.send(hold);

    assertEquals(DeclineReason.APPROVAL_EDUCATION, fixture.send(increment(hold, held, 400_01)).reason());
    Answer raised = fixture.send(increment(hold, held, 400_00));
    assertEquals(Effect.RAISE, raised.effect());
    assertEquals("byApproval", raised.flags());
    assertEquals(0, onlyAllowance().leftMinor());
    assertEquals(1, onlyAllowance().usesTaken());

    fixture.send(hold.reversal(fixture.newKey()));
    assertEquals(1_000_00, onlyAllowance().leftMinor());
    assertEquals(0, onlyAllowance().usesTaken());
  }

  /** The hold needed none, what it is raised to is luxury. */
  @Test
  void shouldTakeAnApprovalForTheIncrementThatNeedsOne() {
    TestRequest hold = purchase(RESTAURANT, 400_00);
    hold.rrn = "632600000001";
    Answer held = fixture.send(hold);
    grant(terms(NO_LIMIT, 1, List.of(), Covered.category("restaurants")));

    assertEquals("byApproval", fixture.send(increment(hold, held, 200_00)).flags());

    assertEquals(1, onlyAllowance().usesTaken());
    fixture.send(hold.reversal(fixture.newKey()));
    assertEquals(0, onlyAllowance().usesTaken());
  }

  /** Two approvals are not added up, and an increment is a part of its purchase. */
  @Test
  void shouldCoverARaisedHoldWithOneApprovalOrNotAtAll() {
    grant(terms(200_00, 0, List.of(), Covered.category("restaurants")));
    TestRequest meal = purchase(RESTAURANT, 400_00);
    meal.rrn = "632600000001";
    Answer held = fixture.send(meal);
    assertEquals(DeclineReason.LUXURY_AMOUNT, fixture.send(increment(meal, held, 200_00)).reason());

    grant(terms(600_00, 1, List.of(), Covered.category("education")));
    grant(terms(500_00, 1, List.of(), Covered.category("education")));
    TestRequest lessons = purchase(SCHOOL, 600_00);
    lessons.rrn = "632600000002";
    Answer taken = fixture.send(lessons);
    assertNull(taken.reason());
    assertEquals(DeclineReason.APPROVAL_EDUCATION, fixture.send(increment(lessons, taken, 500_00)).reason());
  }

  /** 400 are drawn; the 200 that an advice adds are not, and go back first. */
  @Test
  void shouldGiveBackNoMoreThanWasDrawn() {
    grant(terms(1_000_00, 0, List.of()));
    TestRequest hold = purchase(SCHOOL, 400_00);
    fixture.send(hold);
    assertEquals(600_00, onlyAllowance().leftMinor());

    assertEquals(Effect.REPLACE, fixture.send(hold.advice(fixture.newKey(), 600_00)).effect());
    assertEquals(600_00, onlyAllowance().leftMinor());
    assertEquals(Effect.REPLACE, fixture.send(hold.advice(fixture.newKey(), 400_00)).effect());
    assertEquals(600_00, onlyAllowance().leftMinor());
    assertEquals(Effect.REPLACE, fixture.send(hold.advice(fixture.newKey(), 300_00)).effect());
    assertEquals(700_00, onlyAllowance().leftMinor());
  }

  @Test
  void shouldBeDrawnOnAgainByALateCompletion() {
    grant(terms(5_000_00, 1, List.of()));
    TestRequest hold = purchase(SCHOOL, 4_800_00);
    fixture.send(hold);
    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(10);
    assertEquals(0, onlyAllowance().usesTaken());

    assertEquals(Effect.POST, fixture.send(hold.completion(fixture.newKey(), 4_800_00)).effect());

    assertEquals(200_00, onlyAllowance().leftMinor());
    assertEquals(1, onlyAllowance().usesTaken());
    assertEquals(DeclineReason.APPROVAL_EDUCATION, buy(SCHOOL, 100_00, SWEDEN));
  }

  @Test
  void shouldGiveNothingBackForAPurchaseThatWasRefundedBeforeItIsReversed() {
    grant(terms(1_000_00, 1, List.of()));
    TestRequest bought = purchase(SCHOOL, 800_00);
    bought.messageClass = MessageClass.FINANCIAL;
    fixture.send(bought);
    fixture.send(bought.refund(fixture.newKey(), 800_00));

    fixture.send(bought.reversal(fixture.newKey()));

    assertEquals(200_00, onlyAllowance().leftMinor());
    assertEquals(1, onlyAllowance().usesTaken());
  }

  private TestRequest increment(TestRequest hold, Answer held, long amount) {
    TestRequest increment = purchase(hold.mcc, amount);
    increment.rrn = hold.rrn;
    increment.authCode = held.authCode();
    return increment;
  }

  @Test
  void shouldHoldNoLongerOnceItIsRevoked() {
    long number = grant(terms(NO_LIMIT, 0, List.of())).originalId();
    TestRequest before = purchase(SCHOOL, 100_00);
    assertNull(fixture.send(before).reason());

    assertEquals(Effect.APPROVAL_REVOKED, fixture.revoke(ANNA, number).effect());

    assertEquals(DeclineReason.APPROVAL_EDUCATION, buy(SCHOOL, 100_00, SWEDEN));
    assertEquals(Effect.COMPLETE, fixture.send(before.completion(fixture.newKey(), 100_00)).effect());
    assertEquals(CommandRefusal.APPROVAL_ENDED, fixture.revoke(ANNA, number).refusal());
    assertEquals(CommandRefusal.APPROVAL_NOT_FOUND, fixture.revoke(ANNA, number + 1).refusal());
  }

  @Test
  void shouldGrantOnceWhateverIsRetried() {
    ApprovalTerms terms = terms(NO_LIMIT, 1, List.of());
    grant(terms);

    assertEquals(CommandRefusal.APPROVAL_EXISTS, fixture.grant(ANNA, terms).refusal());
    fixture.revoke(ANNA, 1);
    assertEquals(CommandRefusal.APPROVAL_EXISTS, fixture.grant(ANNA, terms).refusal(), "a revoked one stays revoked");
  }

  @Test
  void shouldRefuseWhatCannotBe() {
    long now = fixture.timeMs;
    refused(CommandRefusal.VALIDITY_INVALID, terms(now + 1, now + 1, NO_LIMIT, 0, List.of()));
    refused(CommandRefusal.VALIDITY_INVALID, terms(now - 2, now, NO_LIMIT, 0, List.of()));
    refused(CommandRefusal.AMOUNT_INVALID, terms(0, 0, List.of()));
    refused(CommandRefusal.AMOUNT_INVALID, terms(-2, 0, List.of()));
    refused(CommandRefusal.AMOUNT_INVALID, terms(10_000_000_001L, 0, List.of()));
    refused(CommandRefusal.USES_INVALID, terms(NO_LIMIT, -1, List.of()));
    refused(CommandRefusal.USES_INVALID, terms(NO_LIMIT, 10_001, List.of()));
    refused(CommandRefusal.COUNTRY_INVALID, terms(NO_LIMIT, 0, List.of(NORWAY, 1_000)));
    refused(CommandRefusal.COUNTRY_INVALID, terms(NO_LIMIT, 0, List.of(0, NORWAY)));
    refused(CommandRefusal.SAVINGS_NOT_OPENED, new ApprovalTerms(
        ++lastKey, false, true, ApprovalReason.OTHER, now, now + 1, NO_LIMIT, 0, List.of(), List.of(), "caseworker-1"));
    refused(CommandRefusal.AUTHOR_INVALID, new ApprovalTerms(
        ++lastKey, false, false, ApprovalReason.OTHER, now, now + 1, NO_LIMIT, 0, List.of(), List.of(), "Eva Berg"));
    refused(CommandRefusal.SCOPE_INVALID, terms(NO_LIMIT, 0, List.of(), Covered.category("edukation")));
    refused(CommandRefusal.SCOPE_INVALID, terms(NO_LIMIT, 0, List.of(), Covered.mcc(0)));
    refused(CommandRefusal.SCOPE_INVALID, terms(NO_LIMIT, 0, List.of(), Covered.mcc(10_000)));
    refused(CommandRefusal.SCOPE_INVALID, terms(NO_LIMIT, 0, List.of(), Covered.merchant(1, "")));
    assertEquals(CommandRefusal.CARD_NOT_FOUND, fixture.grant(99, terms(NO_LIMIT, 0, List.of())).refusal());
    assertEquals(List.of(), allowances());
  }

  private void refused(CommandRefusal expected, ApprovalTerms terms) {
    assertEquals(expected, fixture.grant(ANNA, terms).refusal(), terms::toString);
  }

  @Test
  void shouldForgetWhatHasEndedOnceNothingSpeaksOfIt() {
    for (int i = 0; i < AllowanceTable.MOST_OF_AN_ACCOUNT; i++) {
      grant(terms(NO_LIMIT, 1, List.of()));
    }
    refused(CommandRefusal.ALLOWANCES_TOO_MANY, terms(NO_LIMIT, 1, List.of()));
    TestRequest bought = purchase(SCHOOL, 1_00);
    bought.messageClass = MessageClass.FINANCIAL;
    fixture.send(bought);

    fixture.timeMs += 10 * EngineFixture.DAY_MS;
    fixture.tick(10);
    assertEquals(1, allowances().size(), "the one that the purchase drew on");
    fixture.engine.checkInvariants();
    fixture.timeMs += 20 * EngineFixture.DAY_MS;
    fixture.tick(10);
    fixture.tick(10);

    assertEquals(List.of(), allowances());
    assertEquals(AllowanceTable.MOST_OF_AN_ACCOUNT + 1, grant(terms(NO_LIMIT, 1, List.of())).originalId());
  }

  @Test
  void shouldComeBackWithASnapshotAndDecideOn() throws Exception {
    grant(terms(1_000_00, 3, List.of(), Covered.category("education")));
    TestRequest hold = purchase(SCHOOL, 600_00);
    fixture.send(hold);
    EngineFixture second = new EngineFixture();
    MemoryFrames.of(fixture.engine).readInto(second.engine);
    second.timeMs = fixture.timeMs;
    assertEquals(fixture.engine.stateHash(), second.engine.stateHash());

    TestRequest reversal = hold.reversal(fixture.newKey());
    assertEquals(fixture.send(reversal), second.send(reversal));
    TestRequest next = purchase(SCHOOL, 1_000_00);
    assertEquals(fixture.send(next), second.send(next));

    assertEquals(fixture.engine.stateHash(), second.engine.stateHash());
    second.engine.checkInvariants();
    assertFalse(second.engine.stateHash() == 0);
  }

  @Test
  void shouldDecideTheSameInAReplay() {
    grant(terms(1_000_00, 3, List.of(), Covered.category("education")));
    fixture.send(purchase(SCHOOL, 600_00));
    fixture.revoke(ANNA, 1);
    buy(AIRLINE, 1_00, SWEDEN);
    Engine replayed = new Engine(new ArrayStore(), EngineCapacity.small());

    for (EngineFixture.Applied applied : fixture.journal) {
      UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
      UnsafeBuffer command = new UnsafeBuffer(applied.command);
      replayed.decide(command, 0, applied.command.length, applied.timeMs, decision, 0);
      replayed.apply(command, 0, applied.command.length, applied.timeMs, decision, 0);
    }

    assertEquals(fixture.engine.stateHash(), replayed.stateHash());
  }
}
