package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.SavingsRule;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;

/** SAVINGS: what may be moved there, that all of it may be moved back, and that no terminal sees more than its sum. */
final class SavingsTest {
  private static final int ANNA = 7;
  private static final long NONE = Long.MIN_VALUE;
  private static final EngineCapacity ROOM = new EngineCapacity(10, 10, 200, 100, 60, 4, 1 << 18);

  private EngineFixture fixture = EngineFixture.configured(ROOM);
  private long lastMove;

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private Answer save(long amount) {
    return fixture.move(ANNA, PurseMoveDirection.TO_SAVINGS, amount, ++lastMove);
  }

  private Answer back(long amount) {
    return fixture.move(ANNA, PurseMoveDirection.TO_CASH, amount, ++lastMove);
  }

  private long savings() {
    return fixture.engine.books().getOrDefault("SAVINGS_AVAILABLE", NONE);
  }

  private TestRequest purchase(long amount) {
    TestRequest request = fixture.request(ANNA);
    request.messageClass = MessageClass.FINANCIAL;
    request.amount = amount;
    return request;
  }

  @Test
  void shouldMoveThereAndBackByDoubleEntry() {
    fixture.card(ANNA);
    assertEquals(NONE, fixture.send(purchase(1_00)).savingsAvailable());

    Answer saved = save(400_00);

    assertNull(saved.refusal());
    assertEquals(Effect.MOVED, saved.effect());
    assertEquals(400_00, saved.approved());
    assertEquals(400_00, saved.cash());
    assertEquals(6_599_00, saved.cashAvailable());
    assertEquals(400_00, saved.savingsAvailable());
    assertEquals(400_00, savings());
    Answer returned = back(150_00);
    assertEquals(-150_00, returned.cash());
    assertEquals(6_749_00, returned.cashAvailable());
    assertEquals(250_00, returned.savingsAvailable());
    assertEquals(250_00, savings());
    // The purse is there from now on, also with nothing in it.
    assertEquals(0, back(250_00).savingsAvailable());
    assertEquals(0, fixture.send(purchase(1_00)).savingsAvailable());
  }

  @Test
  void shouldTakeAThousandKronorACalendarMonth() {
    fixture.card(ANNA);

    assertEquals(CommandRefusal.SAVINGS_MONTH_LIMIT, save(1_000_01).refusal());
    assertNull(save(600_00).refusal());
    assertNull(back(600_00).refusal());
    // What went back makes no room in the month.
    assertEquals(CommandRefusal.SAVINGS_MONTH_LIMIT, save(400_01).refusal());
    assertNull(save(400_00).refusal());
    assertEquals(CommandRefusal.SAVINGS_MONTH_LIMIT, save(1).refusal());
    fixture.timeMs = Instant.parse("2026-11-30T22:59:59Z").toEpochMilli();
    assertEquals(CommandRefusal.SAVINGS_MONTH_LIMIT, save(1).refusal());
    fixture.timeMs = Instant.parse("2026-11-30T23:00:00Z").toEpochMilli();
    assertNull(save(1_000_00).refusal());
    assertEquals(1_400_00, savings());
  }

  @Test
  void shouldHoldSixMonthlyAmounts() {
    fixture.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    // What comes beside the monthly loads counts for one until there is one.
    fixture.load(ANNA, 0, 500_00, 0);
    fixture.load(ANNA, 2611, 70_00, 30_00);
    fixture.load(ANNA, 0, 900_00, 0);

    assertEquals(CommandRefusal.SAVINGS_BUFFER_FULL, save(600_01).refusal());
    assertNull(save(600_00).refusal());
    assertEquals(CommandRefusal.SAVINGS_BUFFER_FULL, save(1).refusal());
    assertNull(back(100_00).refusal());
    assertNull(save(100_00).refusal());
    fixture.load(ANNA, 2612, 120_00, 0);
    assertEquals(CommandRefusal.SAVINGS_BUFFER_FULL, save(120_01).refusal());
    assertNull(save(120_00).refusal());
  }

  @Test
  void shouldTakeNothingBeforeTheFirstLoad() {
    fixture.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);

    assertEquals(CommandRefusal.CASH_SHORT, save(1).refusal());
    assertEquals(CommandRefusal.SAVINGS_SHORT, back(1).refusal());
    assertEquals(NONE, fixture.send(purchase(1)).savingsAvailable());
  }

  @Test
  void shouldMoveNothingTwice() {
    fixture.card(ANNA);
    assertNull(fixture.move(ANNA, PurseMoveDirection.TO_SAVINGS, 100_00, 5).refusal());

    for (long number : new long[] {5, 4, 0, -1, Long.MIN_VALUE}) {
      assertEquals(
          CommandRefusal.MOVE_ALREADY_MADE,
          fixture.move(ANNA, PurseMoveDirection.TO_SAVINGS, 100_00, number).refusal());
    }

    assertEquals(100_00, savings());
    assertNull(fixture.move(ANNA, PurseMoveDirection.TO_CASH, 1, 6).refusal());
  }

  @Test
  void shouldSayWhatIsWrongWithAMove() {
    fixture.card(ANNA);

    assertEquals(CommandRefusal.AMOUNT_INVALID, save(0).refusal());
    assertEquals(CommandRefusal.AMOUNT_INVALID, back(-1).refusal());
    assertEquals(
        CommandRefusal.MOVE_DIRECTION_INVALID, fixture.move(ANNA, PurseMoveDirection.NULL_VAL, 1, 1).refusal());
    assertEquals(
        CommandRefusal.CARD_NOT_FOUND, fixture.move(99, PurseMoveDirection.TO_SAVINGS, 1, 1).refusal());
    fixture.send(purchase(6_500_00));
    assertEquals(CommandRefusal.CASH_SHORT, save(500_01).refusal());
    assertNull(save(500_00).refusal());
  }

  @Test
  void shouldGiveBackWhereSavingIsNoLongerOffered() {
    fixture.card(ANNA);
    save(300_00);

    fixture.activate(TestPolicy.withSavings(SavingsRule.NOT_OFFERED));

    assertEquals(CommandRefusal.SAVINGS_NOT_OFFERED, save(1).refusal());
    assertNull(back(300_00).refusal());
  }

  @Test
  void shouldTakeAnyAmountAMonthWhereNoneIsNamed() {
    fixture.activate(TestPolicy.withSavings(new SavingsRule(-1, 1)));
    fixture.card(ANNA);

    assertNull(save(7_000_00).refusal());
    assertEquals(
        CommandRefusal.CONFIGURATION_INVALID,
        fixture.activate(TestPolicy.withSavings(new SavingsRule(-2, 1))).refusal());
  }

  @ParameterizedTest
  @CsvSource({"FROZEN, CARD_FROZEN", "LOST, CARD_LOST", "CLOSED, CARD_CLOSED"})
  void shouldLeaveTheHolderTheMoneyWhateverBecameOfTheCard(CardStatus status, DeclineReason reason) {
    fixture.card(ANNA);
    save(300_00);
    fixture.change(ANNA, status);

    assertNull(back(100_00).refusal());
    assertNull(save(50_00).refusal());

    Answer declined = fixture.send(purchase(1_00));
    assertEquals(reason, declined.reason());
    assertEquals(250_00, declined.savingsAvailable());
  }

  @Test
  void shouldPayNothingAtATerminal() {
    fixture.card(ANNA);
    save(1_000_00);

    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(purchase(6_000_01)).reason());
    TestRequest fromSavings = purchase(10_00);
    fromSavings.processingCode = 1_000;
    assertEquals(DeclineReason.SAVINGS_NOT_OPEN, fixture.send(fromSavings).reason());
    TestRequest inPart = purchase(6_500_00);
    inPart.partialPossible = true;
    assertEquals(6_000_00, fixture.send(inPart).approved());
    assertEquals(1_000_00, savings());
    // What others pay in our name comes out of CASH, below 0 if need be.
    TestRequest advice = purchase(200_00);
    advice.advice = true;
    Answer forced = fixture.send(advice);
    assertEquals(-200_00, forced.cashAvailable());
    assertEquals(1_000_00, forced.savingsAvailable());
    assertEquals(CommandRefusal.CASH_SHORT, save(1).refusal());
    assertNull(back(200_00).refusal());
  }

  @Test
  void shouldGiveTheSameAnswerToARepeatWhateverWasSavedSince() {
    fixture.card(ANNA);
    TestRequest before = purchase(10_00);
    Answer first = fixture.send(before);
    save(300_00);
    TestRequest approved = purchase(10_00);
    Answer second = fixture.send(approved);
    TestRequest declined = purchase(10_00);
    declined.mcc = 7995;
    Answer third = fixture.send(declined);
    assertEquals(300_00, third.savingsAvailable());
    save(200_00);

    for (int round = 0; round < 2; round++) {
      assertSame(first, fixture.send(before));
      assertSame(second, fixture.send(approved));
      assertSame(third, fixture.send(declined));
      fixture = reloaded(9);
    }
  }

  private static void assertSame(Answer first, Answer again) {
    assertTrue(again.remembered());
    assertArrayEquals(first.bytes(), again.bytes());
  }

  /** Another engine with this one's state. */
  private EngineFixture reloaded(int counters) {
    EngineFixture other = new EngineFixture(new EngineCapacity(10, 10, 200, 100, 60, counters, 1 << 18));
    try {
      MemoryFrames.of(fixture.engine).readInto(other.engine);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    other.timeMs = fixture.timeMs;
    return other;
  }

  @Test
  void shouldComeBackWithASnapshotAndByReplay() {
    fixture.card(ANNA);
    save(300_00);
    back(100_00);
    fixture.change(ANNA, CardStatus.FROZEN);
    assertEquals(fixture.engine.stateHash(), reloaded(4).engine.stateHash());
    EngineFixture replayed = new EngineFixture(ROOM);
    UnsafeBuffer decision = new UnsafeBuffer(new byte[replayed.engine.decisionLength()]);
    for (EngineFixture.Applied applied : fixture.journal) {
      UnsafeBuffer command = new UnsafeBuffer(applied.command);
      replayed.engine.decide(command, 0, applied.command.length, applied.timeMs, decision, 0);
      replayed.engine.apply(command, 0, applied.command.length, applied.timeMs, decision, 0);
      assertArrayEquals(applied.decision, decision.byteArray());
    }
    assertEquals(fixture.engine.stateHash(), replayed.engine.stateHash());

    fixture = reloaded(12);

    lastMove = 10;
    assertEquals(CommandRefusal.SAVINGS_MONTH_LIMIT, save(700_01).refusal());
    assertEquals(CommandRefusal.SAVINGS_SHORT, back(200_01).refusal());
    assertEquals(900_00, save(700_00).savingsAvailable());
  }

  /** Whatever is moved, bought, reversed and loaded: what the holder has in all is what came in less what was spent. */
  @Test
  void shouldNeverMakeOrLoseMoney() {
    long seed = 20_261_122;
    System.out.println("savings: seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    fixture.card(ANNA);
    long owned = EngineFixture.CASH;
    long saved = 0;
    for (int step = 0; step < 2_000; step++) {
      fixture.timeMs += random.nextLong(EngineFixture.DAY_MS / 4);
      long amount = random.nextLong(400_00) + 1;
      switch (random.nextInt(4)) {
        case 0 -> saved += save(amount).refusal() == null ? amount : 0;
        case 1 -> saved -= back(amount).refusal() == null ? amount : 0;
        case 2 -> owned -= fixture.send(purchase(amount)).approved();
        default -> owned += fixture.load(ANNA, 0, amount, 0).approved();
      }
      assertEquals(saved, savings());
      assertTrue(saved >= 0 && saved <= 6 * 10_000_00);
    }
    CardView anna = fixture.engine.card(new UnsafeBuffer(EngineFixture.token(ANNA)), 0);
    assertEquals(owned, (anna == null ? 0 : anna.cashAvailableMinor()) + saved);
  }
}
