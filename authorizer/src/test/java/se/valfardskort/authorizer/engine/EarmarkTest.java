package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** EARMARKs: what they pay, in which order, and what becomes of it when purchases are undone or their time is over. */
final class EarmarkTest {
  private static final int ANNA = 7;
  private static final String ICA = "ICA000000000001";
  private static final String GARDEN = "BARNKOOP0000001";
  private static final int FOOD = 5411;
  private static final int CLOTHES = 5651;
  private static final int SCHOOL = 8299;
  private static final int RESTAURANT = 5812;
  private static final int WINE = 5921;
  private static final int NORWAY = 578;
  private static final long DAY_MS = EngineFixture.DAY_MS;

  private final EngineFixture fixture = EngineFixture.configured();
  private final long poolAtFirst = pool();
  private long lastKey;

  @BeforeEach
  void openWithoutMoney() {
    fixture.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
  }

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private long pool() {
    return fixture.engine.books().getOrDefault("POOL", 0L);
  }

  private EarmarkTerms terms(long amount, int uses, int aWeek, int days, Covered... scope) {
    return new EarmarkTerms(
        ++lastKey, EarmarkKind.FOOD, fixture.timeMs, fixture.timeMs + days * DAY_MS, amount, uses, aWeek, List.of(),
        List.of(scope), "caseworker-1");
  }

  private long grant(EarmarkTerms terms) {
    Answer granted = fixture.earmark(ANNA, terms);
    assertNull(granted.refusal());
    assertEquals(Effect.EARMARK_GRANTED, granted.effect());
    return granted.originalId();
  }

  private long forFood(long amount) {
    return grant(terms(amount, 0, 0, 30, Covered.category("food")));
  }

  /** Visits to the garden. */
  private long prescription(long price, int visits, int aWeek) {
    return grant(terms(price, visits, aWeek, 60, Covered.merchant(TestPolicy.ACQUIRER, GARDEN)));
  }

  private void load(long cash, long hjartan) {
    assertNull(fixture.load(ANNA, 0, cash, hjartan).refusal());
  }

  private TestRequest purchase(int mcc, long amount) {
    TestRequest request = fixture.request(ANNA);
    request.mcc = mcc;
    request.amount = amount;
    return request;
  }

  private TestRequest visit(long amount) {
    TestRequest request = purchase(FOOD, amount);
    request.merchant = GARDEN;
    return request;
  }

  private Answer buy(int mcc, long amount) {
    return fixture.send(purchase(mcc, amount));
  }

  private @Nullable DeclineReason reasonOf(TestRequest request) {
    return fixture.send(request).reason();
  }

  private CardView card() {
    CardView card = fixture.engine.card(new UnsafeBuffer(EngineFixture.token(ANNA)), 0);
    if (card == null) {
      throw new AssertionError("no card");
    }
    return card;
  }

  private CardView.Earmark only() {
    assertEquals(1, card().earmarks().size(), "earmarks");
    return card().earmarks().getFirst();
  }

  /** Available, held and spent of the only earmark. */
  private void assertMoney(long available, long held, long spent) {
    CardView.Earmark earmark = only();
    assertEquals(
        List.of(available, held, spent),
        List.of(earmark.availableMinor(), earmark.heldMinor(), earmark.spentMinor()),
        "available, held, spent");
  }

  private static void assertParts(long earmark, long hjartan, long cash, Answer answer) {
    assertNull(answer.reason());
    assertEquals(
        List.of(earmark, hjartan, cash), List.of(answer.earmark(), answer.hjartan(), answer.cash()),
        "earmark, hjartan, cash");
  }

  @Test
  void shouldPayForItsScopeAndNothingElse() {
    assertEquals(Long.MIN_VALUE, buy(FOOD, 100_00).earmarkAvailable(), "no earmark, so nothing is told of any");
    forFood(2_000_00);
    assertEquals(poolAtFirst - 2_000_00, pool(), "set aside in the pool");

    Answer food = buy(FOOD, 500_00);

    assertParts(500_00, 0, 0, food);
    assertEquals(1_500_00, food.earmarkAvailable());
    assertMoney(1_500_00, 500_00, 0);
    Answer clothes = buy(CLOTHES, 100_00);
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, clothes.reason());
    assertEquals(0, clothes.earmark());
    assertEquals(1_500_00, clothes.earmarkAvailable());
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, buy(FOOD, 1_500_01).reason());
    assertParts(1_500_00, 0, 0, buy(FOOD, 1_500_00));
  }

  @Test
  void shouldPayBeforeHjartanBeforeCashAndTheOneThatEndsFirstFirst() {
    load(100_00, 50_00);
    final long late = grant(terms(30_00, 0, 0, 60, Covered.merchant(TestPolicy.ACQUIRER, GARDEN)));
    final long early = grant(terms(20_00, 0, 0, 30, Covered.merchant(TestPolicy.ACQUIRER, GARDEN)));

    assertParts(25_00, 0, 0, fixture.send(visit(25_00)));
    assertEquals(List.of(early, late), card().earmarks().stream().map(CardView.Earmark::number).toList());
    assertEquals(List.of(0L, 25_00L), card().earmarks().stream().map(CardView.Earmark::availableMinor).toList());

    assertParts(25_00, 50_00, 10_00, fixture.send(visit(85_00)));
  }

  @Test
  void shouldLeaveItAloneWhereAPurseIsNamed() {
    load(100_00, 100_00);
    forFood(1_000_00);
    TestRequest cash = purchase(FOOD, 40_00);
    cash.processingCode = 9_600;
    assertParts(0, 0, 40_00, fixture.send(cash));
    prescription(0, 5, 0);
    TestRequest hjartan = visit(40_00);
    hjartan.processingCode = 9_800;
    assertParts(0, 40_00, 0, fixture.send(hjartan));
    TestRequest nothing = visit(0);
    nothing.processingCode = 9_600;
    assertEquals(DeclineReason.AMOUNT_ZERO, reasonOf(nothing));
  }

  @Test
  void shouldBeItselfTheApprovalForWhatItPaysAndLiftNoBlock() {
    load(1_000_00, 0);
    grant(terms(2_000_00, 0, 0, 30, Covered.mcc(SCHOOL), Covered.mcc(RESTAURANT), Covered.mcc(WINE)));

    assertParts(900_00, 0, 0, buy(SCHOOL, 900_00));
    assertParts(600_00, 0, 0, buy(RESTAURANT, 600_00));
    assertEquals(DeclineReason.BLOCKED_ALCOHOL_TOBACCO, buy(WINE, 10_00).reason());
    assertEquals(DeclineReason.APPROVAL_EDUCATION, buy(SCHOOL, 500_01).reason(), "one ore would not be approved");
    TestRequest abroad = purchase(SCHOOL, 100_00);
    abroad.country = NORWAY;
    assertEquals(DeclineReason.ABROAD, reasonOf(abroad));
    grant(terms(1_000_00, 0, 0, 30, Covered.category("fuel")));
    load(1_500_00, 0);
    assertParts(1_000_00, 0, 400_00, buy(5541, 1_400_00));
    assertParts(0, 0, 1_100_00, buy(5541, 1_100_00));
    assertEquals(DeclineReason.CATEGORY_CAP, buy(5541, 1).reason(), "what it paid is not counted");
  }

  @Test
  void shouldShareAPurchaseWithAnApproval() {
    load(1_000_00, 0);
    grant(terms(300_00, 0, 0, 30, Covered.mcc(SCHOOL)));
    ApprovalTerms approval =
        new ApprovalTerms(
            ++lastKey, false, false, ApprovalReason.STUDIES, fixture.timeMs, fixture.timeMs + DAY_MS, 400_00, 0,
            List.of(), List.of(Covered.mcc(SCHOOL)), "caseworker-1");
    assertNull(fixture.grant(ANNA, approval).refusal());

    TestRequest lessons = purchase(SCHOOL, 500_00);
    Answer answer = fixture.send(lessons);

    assertParts(300_00, 0, 200_00, answer);
    assertEquals("byApproval", answer.flags());
    assertEquals(200_00, card().allowances().getFirst().leftMinor());
    assertEquals(Effect.RELEASE, fixture.send(lessons.reversal(fixture.newKey())).effect());
    assertEquals(400_00, card().allowances().getFirst().leftMinor());
    assertMoney(300_00, 0, 0);
  }

  @Test
  void shouldGiveBackInReversePayingOrder() {
    load(100_00, 50_00);
    grant(terms(30_00, 0, 0, 60, Covered.merchant(TestPolicy.ACQUIRER, GARDEN)));
    TestRequest visit = visit(100_00);
    assertParts(30_00, 50_00, 20_00, fixture.send(visit));

    assertParts(0, 20_00, 20_00, remaining(visit, 60_00));
    assertParts(0, 30_00, 0, remaining(visit, 30_00));
    Answer last = remaining(visit, 10_00);
    assertParts(20_00, 0, 0, last);
    assertEquals(20_00, last.earmarkAvailable());
    assertMoney(20_00, 10_00, 0);
    assertParts(10_00, 0, 0, fixture.send(visit.reversal(fixture.newKey())));
    assertMoney(30_00, 0, 0);
  }

  private Answer remaining(TestRequest purchase, long remains) {
    TestRequest reversal = purchase.reversal(fixture.newKey());
    reversal.replacement = remains;
    return fixture.send(reversal);
  }

  /** Rows: held, completed for; parts of the posting, and what the earmark of 30 kr has available and spent. */
  @ParameterizedTest
  @CsvSource({
    "2000, 2000, 2000, 0, 1000, 2000",
    "2000, 1500, 1500, 0, 1500, 1500",
    "2000, 2500, 2500, 0, 500, 2500",
    "2000, 4000, 3000, 1000, 0, 3000",
    "4000, 3500, 3000, 500, 0, 3000",
    "4000, 2000, 2000, 0, 1000, 2000",
    "4000, 9000, 3000, 6000, 0, 3000",
  })
  void shouldComplete(long held, long completed, long earmark, long cash, long available, long spent) {
    load(20_00, 0);
    forFood(30_00);
    TestRequest hold = purchase(FOOD, held);
    assertNull(reasonOf(hold));

    Answer posting = fixture.send(hold.completion(fixture.newKey(), completed));

    assertParts(earmark, 0, cash, posting);
    assertMoney(available, 0, spent);
    assertEquals(2000 - cash, posting.cashAvailable());
  }

  @Test
  void shouldTakeUsesAndGiveThemBackByAFullReversalAndExpiryButNotByARefund() {
    grant(terms(1_000_00, 3, 0, 60, Covered.category("food")));
    TestRequest reversed = purchase(FOOD, 10_00);
    assertNull(reasonOf(reversed));
    assertNull(buy(FOOD, 10_00).reason());
    TestRequest refunded = purchase(FOOD, 10_00);
    refunded.messageClass = MessageClass.FINANCIAL;
    assertNull(reasonOf(refunded));
    assertEquals(3, only().usesTaken());
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, buy(FOOD, 10_00).reason(), "all uses are taken");

    fixture.send(reversed.reversal(fixture.newKey()));
    assertEquals(2, only().usesTaken());
    assertParts(10_00, 0, 0, fixture.send(refunded.refund(fixture.newKey(), 10_00)));
    assertEquals(2, only().usesTaken());
    fixture.timeMs += 8 * DAY_MS;
    fixture.tick(100);
    assertEquals(1, only().usesTaken());
    assertMoney(1_000_00, 0, 0);
  }

  @Test
  void shouldPayVisitsThatCostNothingThereAndNowhereElse() {
    load(100_00, 100_00);
    prescription(0, 2, 0);
    assertEquals(DeclineReason.AMOUNT_ZERO, buy(FOOD, 0).reason());

    TestRequest first = visit(0);
    Answer visited = fixture.send(first);
    assertParts(0, 0, 0, visited);
    assertEquals(Effect.HOLD, visited.effect());
    TestRequest second = visit(0);
    second.messageClass = MessageClass.FINANCIAL;
    assertEquals(Effect.POST, fixture.send(second).effect());
    assertEquals(DeclineReason.EARMARK_USES, reasonOf(visit(0)));
    assertParts(0, 40_00, 0, fixture.send(visit(40_00)));

    Answer completed = fixture.send(first.completion(fixture.newKey(), 0));
    assertEquals(Effect.COMPLETE, completed.effect());
    assertEquals(2, only().usesTaken());
    assertEquals(Effect.UNPOST, fixture.send(second.reversal(fixture.newKey())).effect());
    assertEquals(1, only().usesTaken());
    assertNull(reasonOf(visit(0)));
  }

  @Test
  void shouldDeclineTheThirdVisitInAWeekOfMondayToSundayInStockholm() {
    load(500_00, 0);
    fixture.timeMs = Instant.parse("2026-11-23T12:00:00Z").toEpochMilli();
    prescription(400_00, 16, 2);
    TestRequest monday = visit(25_00);
    assertParts(25_00, 0, 0, fixture.send(monday));
    assertParts(25_00, 0, 0, fixture.send(visit(25_00)));

    assertEquals(DeclineReason.EARMARK_WEEK, reasonOf(visit(25_00)), "money in CASH pays nothing in its place");
    assertEquals(DeclineReason.EARMARK_WEEK, reasonOf(visit(0)));
    fixture.timeMs = Instant.parse("2026-11-29T22:59:59Z").toEpochMilli();
    assertEquals(DeclineReason.EARMARK_WEEK, reasonOf(visit(25_00)), "Sunday, a second before midnight");
    assertEquals(Effect.RELEASE, fixture.send(monday.reversal(fixture.newKey())).effect());
    assertParts(25_00, 0, 0, fixture.send(visit(25_00)));
    fixture.timeMs = Instant.parse("2026-11-29T23:00:00Z").toEpochMilli();
    assertParts(25_00, 0, 0, fixture.send(visit(25_00)));
    assertNull(reasonOf(visit(0)));
    assertEquals(DeclineReason.EARMARK_WEEK, reasonOf(visit(0)));
  }

  @Test
  void shouldRefundToTheEarmarkBeforeOtherPursesAndNoMoreThanItPaid() {
    load(100_00, 0);
    forFood(30_00);
    TestRequest purchase = purchase(FOOD, 50_00);
    purchase.messageClass = MessageClass.FINANCIAL;
    assertParts(30_00, 0, 20_00, fixture.send(purchase));

    Answer first = fixture.send(purchase.refund(fixture.newKey(), 10_00));
    assertParts(10_00, 0, 0, first);
    assertEquals(10_00, first.earmarkAvailable());
    assertParts(20_00, 0, 5_00, fixture.send(purchase.refund(fixture.newKey(), 25_00)));
    Answer last = fixture.send(purchase.refund(fixture.newKey(), 100_00));
    assertParts(0, 0, 15_00, last);
    assertEquals("refundWaiting", last.flags());
    assertMoney(30_00, 0, 0);
    assertEquals(100_00, card().cashAvailableMinor());
  }

  @Test
  void shouldRefundUnlinkedToTheEarmarksThatPaidAtThatMerchant() {
    load(100_00, 0);
    forFood(30_00);
    for (int time = 0; time < 2; time++) {
      TestRequest purchase = purchase(FOOD, 20_00);
      purchase.messageClass = MessageClass.FINANCIAL;
      assertNull(reasonOf(purchase));
    }
    assertMoney(0, 0, 30_00);

    TestRequest refund = purchase(FOOD, 45_00);
    refund.messageClass = MessageClass.FINANCIAL;
    refund.processingCode = 200_000;
    assertEquals(ICA, refund.merchant);
    Answer answer = fixture.send(refund);

    assertParts(30_00, 0, 10_00, answer);
    assertEquals("refundWaiting unlinkedRefund", answer.flags());
    assertMoney(30_00, 0, 0);
  }

  @Test
  void shouldTakeARefundBackFromTheEarmarkAndFromCashWhatItNoLongerHas() {
    load(100_00, 0);
    forFood(30_00);
    TestRequest purchase = purchase(FOOD, 30_00);
    purchase.messageClass = MessageClass.FINANCIAL;
    assertParts(30_00, 0, 0, fixture.send(purchase));
    TestRequest refund = purchase.refund(fixture.newKey(), 30_00);
    assertParts(30_00, 0, 0, fixture.send(refund));
    assertParts(18_00, 0, 0, buy(FOOD, 18_00));

    Answer undone = fixture.send(refund.reversal(fixture.newKey()));

    assertEquals(Effect.UNREFUND, undone.effect());
    assertParts(12_00, 0, 18_00, undone);
    assertEquals(0, undone.earmarkAvailable());
    assertEquals(82_00, undone.cashAvailable());
    assertMoney(0, 18_00, 12_00);
    assertParts(12_00, 0, 18_00, fixture.send(purchase.refund(fixture.newKey(), 30_00)));
  }

  @Test
  void shouldGoBackToThePoolAtItsEndAndSoDoesWhatComesBackLater() {
    forFood(100_00);
    TestRequest held = purchase(FOOD, 30_00);
    assertNull(reasonOf(held));
    TestRequest posted = purchase(FOOD, 20_00);
    posted.messageClass = MessageClass.FINANCIAL;
    fixture.timeMs += 26 * DAY_MS;
    assertNull(reasonOf(posted));
    TestRequest late = purchase(FOOD, 10_00);
    assertNull(reasonOf(late));
    fixture.timeMs += 4 * DAY_MS;

    Answer over = buy(FOOD, 1_00);
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, over.reason());
    assertEquals(0, over.earmarkAvailable(), "what is over is not available, swept or not");
    fixture.tick(100);
    assertEquals(poolAtFirst - 30_00, pool(), "70 kr that were not used or whose hold expired");

    Answer released = fixture.send(late.reversal(fixture.newKey()));
    assertParts(10_00, 0, 0, released);
    assertEquals(0, released.earmarkAvailable());
    assertEquals(poolAtFirst - 20_00, pool());
    Answer refunded = fixture.send(posted.refund(fixture.newKey(), 20_00));
    assertParts(20_00, 0, 0, refunded);
    assertEquals(0, refunded.earmarkAvailable());
    assertEquals(poolAtFirst, pool());

    fixture.timeMs += 60 * DAY_MS;
    fixture.tick(100);
    fixture.tick(100);
    assertEquals(List.of(), card().earmarks(), "forgotten with the purchases that it paid");
  }

  @Test
  void shouldEndBeforeItsTime() {
    long number = forFood(100_00);
    TestRequest held = purchase(FOOD, 30_00);
    assertNull(reasonOf(held));

    Answer ended = fixture.endEarmark(ANNA, number);

    assertNull(ended.refusal());
    assertEquals(Effect.EARMARK_ENDED, ended.effect());
    assertEquals(70_00, ended.earmark());
    assertEquals(0, ended.earmarkAvailable());
    assertEquals(poolAtFirst - 30_00, pool());
    assertEquals(CommandRefusal.EARMARK_ENDED, fixture.endEarmark(ANNA, number).refusal());
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, buy(FOOD, 1_00).reason());
    assertParts(30_00, 0, 0, fixture.send(held.completion(fixture.newKey(), 30_00)));
  }

  @Test
  void shouldPayIncrementsAndTakeThemOffWithOneUse() {
    load(100_00, 0);
    grant(terms(50_00, 1, 0, 30, Covered.category("food")));
    TestRequest hold = purchase(FOOD, 20_00);
    hold.rrn = "000000000777";
    Answer held = fixture.send(hold);
    TestRequest more = purchase(FOOD, 40_00);
    more.rrn = hold.rrn;
    more.authCode = held.authCode();

    assertParts(30_00, 0, 10_00, fixture.send(more));
    assertEquals(1, only().usesTaken());
    assertMoney(0, 50_00, 0);
    Answer off = fixture.send(more.reversal(fixture.newKey()));
    assertParts(30_00, 0, 10_00, off);
    assertMoney(30_00, 20_00, 0);
    assertEquals(1, only().usesTaken());
  }

  @Test
  void shouldPayWhatOthersDecidedAndReplaceIt() {
    load(10_00, 0);
    forFood(30_00);
    TestRequest standIn = purchase(FOOD, 20_00);
    standIn.advice = true;
    Answer booked = fixture.send(standIn);
    assertParts(20_00, 0, 0, booked);
    assertEquals(20_00, card().standInMinor());

    TestRequest hold = purchase(FOOD, 5_00);
    assertNull(reasonOf(hold));
    assertParts(10_00, 0, 15_00, fixture.send(hold.advice(fixture.newKey(), 25_00)));
    assertEquals(-5_00, card().cashAvailableMinor());
    assertParts(3_00, 0, 0, fixture.send(hold.advice(fixture.newKey(), 3_00)));
    assertMoney(7_00, 23_00, 0);
    assertEquals(10_00, card().cashAvailableMinor());
  }

  @Test
  void shouldPayAPartWhereTheTerminalCanTakeIt() {
    load(5_00, 0);
    forFood(30_00);
    TestRequest request = purchase(FOOD, 50_00);
    request.partialPossible = true;

    Answer part = fixture.send(request);

    assertParts(30_00, 0, 5_00, part);
    assertEquals(35_00, part.approved());
    assertEquals(35_00, part.transactionApproved());
  }
}
