package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static se.valfardskort.authorizer.engine.Neighbourhood.ANNA;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.HolderOffers;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;

/** The yearly bonus: when it is due, how much, out of what, and once. */
final class BonusTest {
  private final Neighbourhood baz = new Neighbourhood();
  private final EngineFixture fixture = baz.fixture;

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private long ordered() {
    return fixture.engine.books().getOrDefault("PAYMENT_ORDERS", -1L);
  }

  private void firstLoad(String time, long cash) {
    baz.clock(time);
    assertNull(fixture.load(ANNA, 0, cash, 0).refusal());
  }

  @Test
  void shouldComeDueTwelveMonthsAfterTheFirstLoad() {
    assertEquals(CommandRefusal.BONUS_NOT_DUE, baz.bonus(ANNA, 1, 1).refusal());
    firstLoad("2026-11-30T23:30:00", 4_000_00);
    baz.clock("2027-06-01T12:00:00");
    fixture.load(ANNA, 2706, 4_000_00, 0);
    baz.clock("2027-11-29T23:59:59");
    assertEquals(CommandRefusal.BONUS_NOT_DUE, baz.bonus(ANNA, 1, 5_000_00).refusal());
    baz.clock("2027-11-30T00:00:00");
    assertEquals(CommandRefusal.BONUS_NOT_DUE, baz.bonus(ANNA, 0, 5_000_00).refusal());
    assertEquals(CommandRefusal.BONUS_NOT_DUE, baz.bonus(ANNA, 2, 5_000_00).refusal());

    Answer paid = baz.bonus(ANNA, 1, 5_000_00);

    assertEquals(Effect.BONUS_PAID, paid.effect());
    assertEquals(5_000_00, paid.approved());
    assertEquals(5_000_00, paid.cash());
    assertEquals(3_000_00, paid.cashAvailable());
    assertEquals(5_000_00, ordered());
    OffersView offers = baz.card(ANNA).offers();
    assertEquals(1, offers.bonusYear());
    assertEquals(1, offers.bonusPaidYear());
    assertEquals(5_000_00, offers.orderedMinor());
  }

  @Test
  void shouldPayOnceAYearWhateverIsRetried() {
    firstLoad("2026-11-22T12:00:00", 7_000_00);
    baz.clock("2027-11-22T12:00:00");
    assertNull(baz.bonus(ANNA, 1, 1_000_00).refusal());

    assertEquals(CommandRefusal.BONUS_PAID, baz.bonus(ANNA, 1, 1_000_00).refusal());
    baz.clock("2028-11-21T12:00:00");
    assertEquals(CommandRefusal.BONUS_PAID, baz.bonus(ANNA, 1, 1_000_00).refusal());
    assertEquals(CommandRefusal.BONUS_NOT_DUE, baz.bonus(ANNA, 2, 1_000_00).refusal());
    baz.clock("2028-11-22T00:00:00");
    assertNull(baz.bonus(ANNA, 2, 1_000_00).refusal());
    assertEquals(CommandRefusal.BONUS_PAID, baz.bonus(ANNA, 1, 1_000_00).refusal());
    assertEquals(2_000_00, ordered());
  }

  @Test
  void shouldNotPayAYearThatALaterOneHasFollowed() {
    firstLoad("2026-11-22T12:00:00", 7_000_00);
    baz.clock("2028-11-22T12:00:00");

    assertEquals(CommandRefusal.BONUS_NOT_DUE, baz.bonus(ANNA, 1, 1_000_00).refusal());
    assertNull(baz.bonus(ANNA, 2, 1_000_00).refusal());
  }

  @Test
  void shouldTakeCashThenSavingsAndNoMoreThanThereIs() {
    firstLoad("2026-11-22T12:00:00", 3_000_00);
    assertNull(fixture.move(ANNA, PurseMoveDirection.TO_SAVINGS, 1_000_00, 1).refusal());
    baz.clock("2027-11-22T12:00:00");
    assertEquals(CommandRefusal.BONUS_AMOUNT_INVALID, baz.bonus(ANNA, 1, 5_000_01).refusal());
    assertEquals(CommandRefusal.BONUS_AMOUNT_INVALID, baz.bonus(ANNA, 1, 3_000_01).refusal());
    assertEquals(CommandRefusal.BONUS_AMOUNT_INVALID, baz.bonus(ANNA, 1, 0).refusal());

    Answer paid = baz.bonus(ANNA, 1, 2_400_00);

    assertEquals(2_000_00, paid.cash());
    assertEquals(0, paid.cashAvailable());
    assertEquals(600_00, paid.savingsAvailable());
    assertEquals(600_00, fixture.engine.books().get("SAVINGS_AVAILABLE"));
    assertEquals(2_400_00, ordered());
    // What is left may still be moved back.
    assertNull(fixture.move(ANNA, PurseMoveDirection.TO_CASH, 600_00, 2).refusal());
  }

  @Test
  void shouldPayNothingFromAFrozenCardAndNothingThatIsNotOffered() {
    firstLoad("2026-11-22T12:00:00", 3_000_00);
    baz.clock("2027-11-22T12:00:00");
    fixture.change(ANNA, CardStatus.FROZEN);
    assertEquals(CommandRefusal.GRANT_CARD_NOT_ACTIVE, baz.bonus(ANNA, 1, 1_00).refusal());
    fixture.change(ANNA, CardStatus.ACTIVE);
    fixture.activate(Neighbourhood.with(HolderOffers.NONE));
    assertEquals(CommandRefusal.BONUS_NOT_DUE, baz.bonus(ANNA, 1, 1_00).refusal());
    fixture.activate(Neighbourhood.with(Neighbourhood.founding()));
    assertNull(baz.bonus(ANNA, 1, 1_00).refusal());
  }

  @Test
  void shouldPayOutOfSavingsWhereCashIsBelowZeroOnlyWhatIsNotOwed() {
    firstLoad("2026-11-22T12:00:00", 1_000_00);
    assertNull(fixture.move(ANNA, PurseMoveDirection.TO_SAVINGS, 1_000_00, 1).refusal());
    TestRequest standIn = fixture.request(ANNA);
    standIn.amount = 300_00;
    standIn.advice = true;
    assertNull(fixture.send(standIn).reason());
    baz.clock("2027-11-22T12:00:00");

    assertEquals(CommandRefusal.BONUS_AMOUNT_INVALID, baz.bonus(ANNA, 1, 700_01).refusal());
    Answer paid = baz.bonus(ANNA, 1, 700_00);

    assertEquals(0, paid.cash());
    assertEquals(-300_00, paid.cashAvailable());
    assertEquals(300_00, paid.savingsAvailable());
  }
}
