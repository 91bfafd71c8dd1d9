package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static se.valfardskort.authorizer.engine.Neighbourhood.ANNA;
import static se.valfardskort.authorizer.engine.Neighbourhood.BERIT;
import static se.valfardskort.authorizer.engine.Neighbourhood.CECILIA;
import static se.valfardskort.authorizer.engine.Neighbourhood.DAGNY;
import static se.valfardskort.authorizer.engine.Neighbourhood.ELSEWHERE;
import static se.valfardskort.authorizer.engine.Neighbourhood.HOUR_MS;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.HolderOffers;
import se.valfardskort.authorizer.engine.sbe.BarReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.Vote;

/** Neighbour-verified grants: every figure, every window at its edge, who may verify, and what a retry does. */
final class GrantTest {
  private final Neighbourhood baz = new Neighbourhood();
  private final EngineFixture fixture = baz.fixture;
  private final long poolAtFirst = baz.pool();

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private int ask() {
    Answer asked = baz.request(ANNA, EarmarkKind.FOOD, 2_000_00);
    assertNull(asked.refusal());
    return asked.originalId();
  }

  @Test
  void shouldBecomeAnEarmarkWithTheSecondYes() {
    baz.clock("2026-11-22T13:00:00");
    final Answer asked = baz.request(ANNA, EarmarkKind.FOOD, 2_000_00);
    final int number = asked.originalId();
    final Answer first = baz.vote(BERIT, number, Vote.YES);
    assertEquals("open", baz.state(ANNA, number));
    assertEquals(List.of(), baz.card(ANNA).earmarks());
    final Answer second = baz.vote(CECILIA, number, Vote.YES);

    assertEquals(Effect.GRANT_REQUESTED, asked.effect());
    assertEquals(Effect.GRANT_VOTED, first.effect());
    assertEquals(0, first.approved());
    assertEquals(2_000_00, second.approved());
    assertEquals("paid", baz.state(ANNA, number));
    CardView.Earmark earmark = baz.card(ANNA).earmarks().getFirst();
    assertEquals(EarmarkKind.FOOD, earmark.kind());
    assertEquals(List.of("food"), earmark.covers());
    assertEquals(2_000_00, earmark.availableMinor());
    // Sixty days after the one on which it was granted.
    assertEquals(
        LocalDate.of(2027, 1, 22).atStartOfDay(Neighbourhood.STOCKHOLM).toInstant(),
        Instant.ofEpochMilli(earmark.validUntilMs()));
    assertEquals(poolAtFirst - 2_000_00, baz.pool());
    TestRequest food = fixture.request(ANNA);
    food.amount = 150_00;
    assertNull(fixture.send(food).reason());
  }

  @ParameterizedTest
  @CsvSource({"FOOD,200000", "APPLIANCE,500000", "FUNERAL,1000000", "HOUSING,800000", "CRISIS,1000000"})
  void shouldGrantUpToTheFigureOfItsKind(EarmarkKind kind, long mostMinor) {
    assertEquals(CommandRefusal.GRANT_AMOUNT_INVALID, baz.request(ANNA, kind, mostMinor + 1).refusal());
    assertEquals(CommandRefusal.GRANT_AMOUNT_INVALID, baz.request(ANNA, kind, 0).refusal());

    baz.grant(ANNA, kind, mostMinor);

    assertEquals(mostMinor, baz.card(ANNA).earmarks().getFirst().availableMinor());
  }

  @ParameterizedTest
  @CsvSource({"PRESCRIPTION", "SERVICE_CHEQUE", "OTHER", "NULL_VAL"})
  void shouldOfferNothingElse(EarmarkKind kind) {
    assertEquals(CommandRefusal.GRANT_NOT_OFFERED, baz.request(ANNA, kind, 100_00).refusal());
  }

  @Test
  void shouldOfferNothingWhereThePolicySaysNothing() {
    final int number = ask();
    fixture.activate(Neighbourhood.with(HolderOffers.NONE));

    assertEquals(CommandRefusal.GRANT_NOT_OFFERED, baz.request(BERIT, EarmarkKind.FOOD, 100_00).refusal());
    assertEquals(CommandRefusal.GRANT_NOT_OFFERED, baz.vote(BERIT, number, Vote.YES).refusal());
    assertEquals("open", baz.state(ANNA, number));
  }

  @Test
  void shouldPayAppliancesInShopsThatAnApprovalIsNeededFor() {
    baz.grant(ANNA, EarmarkKind.APPLIANCE, 5_000_00);
    for (int mcc : new int[] {5722, 5732, 7622, 7623, 7629}) {
      TestRequest purchase = fixture.request(ANNA);
      purchase.mcc = mcc;
      purchase.amount = 1_000_00;
      assertNull(fixture.send(purchase).reason(), "MCC " + mcc);
    }
    assertEquals(0, baz.card(ANNA).earmarks().getFirst().availableMinor());
  }

  @Test
  void shouldBeAnsweredWithin24Hours() {
    final int number = ask();
    final long askedMs = fixture.timeMs;
    baz.vote(BERIT, number, Vote.YES);
    fixture.timeMs = askedMs + 24 * HOUR_MS - 1;
    fixture.tick(10);
    assertEquals("open", baz.state(ANNA, number));
    fixture.timeMs = askedMs + 24 * HOUR_MS;

    assertEquals(CommandRefusal.GRANT_NOT_OPEN, baz.vote(CECILIA, number, Vote.YES).refusal());
    assertEquals(CommandRefusal.GRANT_NOT_OPEN, baz.withdraw(ANNA, number).refusal());
    fixture.look(ANNA, "caseworker-1");
    assertEquals("ordinary", baz.state(ANNA, number));
    fixture.tick(10);
    assertEquals("ordinary", baz.state(ANNA, number));
    assertEquals(poolAtFirst, baz.pool());
    assertNull(baz.request(ANNA, EarmarkKind.FOOD, 1).refusal());
  }

  @Test
  void shouldPayTheLastMillisecondOfThe24Hours() {
    final int number = ask();
    final long askedMs = fixture.timeMs;
    baz.vote(BERIT, number, Vote.YES);
    fixture.timeMs = askedMs + 24 * HOUR_MS - 1;

    assertEquals(2_000_00, baz.vote(CECILIA, number, Vote.YES).approved());
    assertEquals("paid", baz.state(ANNA, number));
  }

  @Test
  void shouldCloseWithANoAndNotTellItFromAYesOrFromSilence() {
    final int said = ask();
    final Answer no = baz.vote(BERIT, said, Vote.NO);
    baz.vote(BERIT, baz.request(DAGNY, EarmarkKind.FOOD, 1_00).originalId(), Vote.YES);
    final Answer yes = baz.vote(CECILIA, said + 1, Vote.YES);
    final int silent = baz.request(ANNA, EarmarkKind.FOOD, 2_000_00).originalId();
    fixture.timeMs += 24 * HOUR_MS;
    fixture.tick(10);

    assertEquals("ordinary", baz.state(ANNA, said));
    assertEquals("ordinary", baz.state(ANNA, silent));
    assertEquals(yes.effect(), no.effect());
    assertEquals(-1, no.cardId());
    assertEquals(-1, no.accountId());
    assertEquals(0, no.approved());
    assertEquals(Long.MIN_VALUE, no.cashAvailable());
    assertEquals(CommandRefusal.GRANT_NOT_OPEN, baz.vote(CECILIA, said, Vote.YES).refusal());
  }

  @Test
  void shouldGiveTheSameDecisionForANoAsForAFirstYes() {
    final Neighbourhood other = new Neighbourhood();
    final int number = ask();
    other.request(ANNA, EarmarkKind.FOOD, 2_000_00);

    byte[] no = baz.vote(BERIT, number, Vote.NO).bytes();
    byte[] yes = other.vote(BERIT, number, Vote.YES).bytes();

    assertArrayEquals(yes, no);
    assertNotEquals(other.fixture.engine.stateHash(), fixture.engine.stateHash());
  }

  @Test
  void shouldLetOnlyNeighboursVerify() {
    final int number = ask();
    final int annasAccount = baz.card(ANNA).accountId();
    final int beritsAccount = baz.card(BERIT).accountId();
    fixture.open(20, annasAccount, TestPolicy.FITTJA, CardStatus.ACTIVE, 9912, 3);
    fixture.open(21, beritsAccount, TestPolicy.FITTJA, CardStatus.ACTIVE, 9912, 3);

    for (Vote vote : List.of(Vote.YES, Vote.NO)) {
      assertEquals(CommandRefusal.VOTER_IS_APPLICANT, baz.vote(ANNA, number, vote).refusal());
      assertEquals(CommandRefusal.VOTER_IS_APPLICANT, baz.vote(20, number, vote).refusal());
      assertEquals(CommandRefusal.VOTER_ELSEWHERE, baz.vote(ELSEWHERE, number, vote).refusal());
      assertEquals(CommandRefusal.VOTE_INCOMPLETE, baz.vote(BERIT, number, vote, false).refusal());
      assertEquals(CommandRefusal.CARD_NOT_FOUND, baz.vote(99, number, vote).refusal());
      assertEquals(CommandRefusal.GRANT_NOT_FOUND, baz.vote(BERIT, number + 1, vote).refusal());
    }
    assertEquals(CommandRefusal.VOTE_INCOMPLETE, baz.vote(BERIT, number, Vote.NULL_VAL).refusal());
    assertNull(baz.vote(BERIT, number, Vote.YES).refusal());
    for (int sameAccount : List.of(BERIT, 21)) {
      for (Vote vote : List.of(Vote.YES, Vote.NO)) {
        assertEquals(CommandRefusal.VOTE_GIVEN, baz.vote(sameAccount, number, vote).refusal());
      }
    }
    assertEquals("open", baz.state(ANNA, number));
    assertEquals(2_000_00, baz.vote(CECILIA, number, Vote.YES).approved());
  }

  @ParameterizedTest
  @CsvSource({"FROZEN", "CLOSED", "LOST", "STOLEN"})
  void shouldAskAndVerifyWithActiveCardsOnly(CardStatus status) {
    final int number = ask();
    fixture.change(BERIT, status);

    assertEquals(CommandRefusal.GRANT_CARD_NOT_ACTIVE, baz.vote(BERIT, number, Vote.YES).refusal());
    assertEquals(CommandRefusal.GRANT_CARD_NOT_ACTIVE, baz.request(BERIT, EarmarkKind.FOOD, 1).refusal());
  }

  @Test
  void shouldNotVerifyWithAnExpiredCard() {
    baz.clock("2026-11-22T12:00:00");
    final int number = ask();
    fixture.open(30, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, 2610, 3);
    fixture.open(31, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, 2611, 3);

    assertEquals(CommandRefusal.GRANT_CARD_NOT_ACTIVE, baz.vote(30, number, Vote.YES).refusal());
    assertNull(baz.vote(31, number, Vote.YES).refusal());
  }

  @Test
  void shouldGrantThreeInTwelveMonths() {
    baz.clock("2026-03-15T23:59:59");
    baz.grant(ANNA, EarmarkKind.FOOD, 1_00);
    baz.clock("2026-06-01T12:00:00");
    baz.grant(ANNA, EarmarkKind.CRISIS, 1_00);
    baz.clock("2026-10-25T02:30:00");
    baz.grant(ANNA, EarmarkKind.APPLIANCE, 1_00);

    assertEquals(CommandRefusal.GRANTS_TOO_MANY, baz.request(ANNA, EarmarkKind.FOOD, 1_00).refusal());
    baz.clock("2027-03-14T23:59:59");
    fixture.tick(10);
    assertEquals(CommandRefusal.GRANTS_TOO_MANY, baz.request(ANNA, EarmarkKind.FOOD, 1_00).refusal());
    baz.clock("2027-03-15T00:00:00");
    baz.grant(ANNA, EarmarkKind.FOOD, 1_00);
    assertEquals(CommandRefusal.GRANTS_TOO_MANY, baz.request(ANNA, EarmarkKind.FOOD, 1_00).refusal());
    fixture.tick(10);
    // Another account's are another account's.
    assertNull(baz.request(DAGNY, EarmarkKind.FOOD, 1_00).refusal());
  }

  @Test
  void shouldGrantHousingOnceInTwelveMonths() {
    baz.clock("2028-02-29T10:00:00");
    baz.grant(ANNA, EarmarkKind.HOUSING, 8_000_00);

    assertEquals(CommandRefusal.GRANT_KIND_TOO_MANY, baz.request(ANNA, EarmarkKind.HOUSING, 1).refusal());
    assertNull(baz.withdraw(ANNA, baz.request(ANNA, EarmarkKind.FOOD, 1).originalId()).refusal());
    baz.clock("2029-02-27T23:59:59");
    assertEquals(CommandRefusal.GRANT_KIND_TOO_MANY, baz.request(ANNA, EarmarkKind.HOUSING, 1).refusal());
    // A year after the leap day is the last day of February.
    baz.clock("2029-02-28T00:00:00");
    assertNull(baz.request(ANNA, EarmarkKind.HOUSING, 1).refusal());
  }

  @ParameterizedTest
  @CsvSource({
    "CONVICTION,2026-11-22,2031-11-21T23:59:59,2031-11-22T00:00:00",
    "CONVICTION,2024-02-29,2029-02-27T23:59:59,2029-02-28T00:00:00",
    "CONVICTION,2021-11-23,2026-11-22T23:59:59,2026-11-23T00:00:00",
    "MISUSE,2026-11-22,2028-11-21T23:59:59,2028-11-22T00:00:00",
    "MISUSE,2026-03-29,2028-03-28T23:59:59,2028-03-29T00:00:00"
  })
  void shouldGrantNoneForYearsAfter(BarReason reason, String day, String last, String first) {
    baz.clock("2026-11-22T12:00:00");
    final int open = ask();
    baz.vote(BERIT, open, Vote.YES);

    assertEquals(Effect.GRANT_BARRED, baz.bar(ANNA, reason, day).effect());

    assertEquals("ordinary", baz.state(ANNA, open));
    assertEquals(CommandRefusal.BAR_SAME, baz.bar(ANNA, reason, day).refusal());
    assertEquals(LocalDate.parse(first.substring(0, 10)).toEpochDay(), baz.card(ANNA).offers().barredUntilDay());
    assertEquals(CommandRefusal.GRANT_BARRED, baz.request(ANNA, EarmarkKind.FOOD, 1).refusal());
    baz.clock(last);
    assertEquals(CommandRefusal.GRANT_BARRED, baz.request(ANNA, EarmarkKind.FOOD, 1).refusal());
    baz.clock(first);
    assertNull(baz.request(ANNA, EarmarkKind.FOOD, 1).refusal());
  }

  @Test
  void shouldBarByADayOfThePastWhoseConsequencesAreNotOver() {
    baz.clock("2026-11-22T12:00:00");

    assertEquals(CommandRefusal.BAR_INVALID, baz.bar(ANNA, BarReason.CONVICTION, "2026-11-23").refusal());
    assertEquals(CommandRefusal.BAR_INVALID, baz.bar(ANNA, BarReason.CONVICTION, "2021-11-22").refusal());
    assertEquals(CommandRefusal.BAR_INVALID, baz.bar(ANNA, BarReason.MISUSE, "2024-11-22").refusal());
    assertEquals(CommandRefusal.REASON_INVALID, baz.bar(ANNA, BarReason.NULL_VAL, "2026-11-22").refusal());
    assertEquals(CommandRefusal.BAR_SAME, baz.liftBar(ANNA, BarReason.MISUSE).refusal());
    assertNull(baz.request(ANNA, EarmarkKind.FOOD, 1).refusal());
  }

  @Test
  void shouldLiftOneBarAndLeaveTheOther() {
    baz.clock("2026-11-22T12:00:00");
    baz.bar(ANNA, BarReason.CONVICTION, "2026-01-01");
    baz.bar(ANNA, BarReason.MISUSE, "2026-01-01");

    assertNull(baz.liftBar(ANNA, BarReason.CONVICTION).refusal());
    assertEquals(CommandRefusal.GRANT_BARRED, baz.request(ANNA, EarmarkKind.FOOD, 1).refusal());
    assertNull(baz.liftBar(ANNA, BarReason.MISUSE).refusal());
    assertEquals(CommandRefusal.BAR_SAME, baz.liftBar(ANNA, BarReason.MISUSE).refusal());
    assertNull(baz.request(ANNA, EarmarkKind.FOOD, 1).refusal());
  }

  @Test
  void shouldDoEachThingOnceWhateverIsRetried() {
    final int number = baz.request(ANNA, EarmarkKind.FOOD, 2_000_00, 4_711).originalId();
    assertEquals(CommandRefusal.GRANT_EXISTS, baz.request(ANNA, EarmarkKind.FOOD, 2_000_00, 4_711).refusal());
    assertEquals(CommandRefusal.GRANT_OPEN, baz.request(ANNA, EarmarkKind.FOOD, 2_000_00).refusal());
    assertNull(baz.vote(BERIT, number, Vote.YES).refusal());
    assertEquals(CommandRefusal.VOTE_GIVEN, baz.vote(BERIT, number, Vote.YES).refusal());
    assertNull(baz.vote(CECILIA, number, Vote.YES).refusal());
    for (int neighbour : List.of(BERIT, CECILIA, DAGNY)) {
      assertEquals(CommandRefusal.GRANT_NOT_OPEN, baz.vote(neighbour, number, Vote.YES).refusal());
    }
    assertEquals(CommandRefusal.GRANT_EXISTS, baz.request(ANNA, EarmarkKind.FOOD, 2_000_00, 4_711).refusal());

    assertEquals(1, baz.card(ANNA).earmarks().size());
    assertEquals(poolAtFirst - 2_000_00, baz.pool());
  }

  @Test
  void shouldStayOpenWhereThePoolIsShortUntilItIsFunded() {
    final int number = ask();
    baz.vote(BERIT, number, Vote.YES);
    EarmarkTerms all =
        new EarmarkTerms(
            1, EarmarkKind.OTHER, 0, fixture.timeMs + 1_000, 2_000_00L, 0, 0, List.of(),
            List.of(ApprovalTerms.Covered.category("food")), "caseworker-1");
    fixture.load(DAGNY, 0, poolAtFirst - 1_999_99, 0);
    assertEquals(CommandRefusal.POOL_SHORT, fixture.earmark(DAGNY, all).refusal());

    assertEquals(CommandRefusal.POOL_SHORT, baz.vote(CECILIA, number, Vote.YES).refusal());
    assertEquals("open", baz.state(ANNA, number));
    fixture.fundPool(TestPolicy.PROGRAMME, 1);
    assertEquals(2_000_00, baz.vote(CECILIA, number, Vote.YES).approved());
  }

  @Test
  void shouldLetItsHolderWithdrawIt() {
    final int number = ask();
    baz.vote(BERIT, number, Vote.YES);

    assertEquals(CommandRefusal.GRANT_NOT_FOUND, baz.withdraw(BERIT, number).refusal());
    assertEquals(Effect.GRANT_WITHDRAWN, baz.withdraw(ANNA, number).effect());
    assertEquals(CommandRefusal.GRANT_NOT_OPEN, baz.withdraw(ANNA, number).refusal());
    assertEquals("withdrawn", baz.state(ANNA, number));
    assertEquals(CommandRefusal.GRANT_NOT_OPEN, baz.vote(CECILIA, number, Vote.YES).refusal());
  }

  @Test
  void shouldForgetWhatCountsForNothingAndKeepWhatCounts() {
    baz.clock("2026-11-22T12:00:00");
    final int paid = baz.grant(ANNA, EarmarkKind.FOOD, 1_00);
    final int withdrawn = ask();
    baz.withdraw(ANNA, withdrawn);
    baz.clock("2026-12-22T12:00:00");
    fixture.tick(10);
    assertEquals("withdrawn", baz.state(ANNA, withdrawn));
    baz.clock("2026-12-23T12:00:00");
    fixture.tick(10);
    assertEquals("forgotten", baz.state(ANNA, withdrawn));
    assertEquals("paid", baz.state(ANNA, paid));
    baz.clock("2027-11-22T00:00:00");
    fixture.tick(10);
    assertEquals("forgotten", baz.state(ANNA, paid));
    assertEquals(CommandRefusal.GRANT_NOT_FOUND, baz.vote(BERIT, paid, Vote.YES).refusal());
    // Its row is used again, under a number of its own.
    assertEquals(withdrawn + 1, ask());
  }

  @Test
  void shouldKeepOnlySoManyRequestsOfAnAccount() {
    for (int round = 0; round < GrantTable.MOST_OF_AN_ACCOUNT; round++) {
      assertNull(baz.withdraw(ANNA, ask()).refusal());
    }
    assertEquals(CommandRefusal.GRANT_REQUESTS_TOO_MANY, baz.request(ANNA, EarmarkKind.FOOD, 1).refusal());
  }

  @Test
  void shouldLeaveTheRequestOpenWhereTheAccountHasNoRoomForAnEarmark() {
    final int number = ask();
    baz.vote(BERIT, number, Vote.YES);
    long first = 0;
    for (int key = 1; key <= Outcome.MOST_EARMARKS; key++) {
      Answer granted =
          fixture.earmark(
              ANNA,
              new EarmarkTerms(
                  key, EarmarkKind.OTHER, 0, fixture.timeMs + 100 * HOUR_MS, 1, 0, 0, List.of(),
                  List.of(ApprovalTerms.Covered.category("food")), "caseworker-1"));
      assertNull(granted.refusal());
      first = first == 0 ? granted.originalId() : first;
    }

    assertEquals(CommandRefusal.EARMARKS_TOO_MANY, baz.vote(CECILIA, number, Vote.YES).refusal());
    fixture.endEarmark(ANNA, first);
    assertEquals(2_000_00, baz.vote(CECILIA, number, Vote.YES).approved());
  }
}
