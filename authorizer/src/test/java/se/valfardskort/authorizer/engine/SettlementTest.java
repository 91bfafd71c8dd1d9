package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** Reconciliation and cut-over, with totals added up by hand. */
final class SettlementTest {
  private static final long A = TestPolicy.ACQUIRER;
  private static final long B = 654_321L;

  private final EngineFixture fixture = EngineFixture.configured();

  @AfterEach
  void checkInvariants() {
    fixture.engine.checkInvariants();
  }

  private TestRequest purchase(long acquirer, long amount) {
    TestRequest request = fixture.request(1);
    request.messageClass = MessageClass.FINANCIAL;
    request.acquirer = acquirer;
    request.amount = amount;
    return request;
  }

  private TestRequest post(long acquirer, long amount) {
    TestRequest request = purchase(acquirer, amount);
    assertEquals(Effect.POST, fixture.send(request).effect());
    return request;
  }

  private void reverse(TestRequest original, long remains) {
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.replacement = remains;
    fixture.send(reversal);
  }

  private void assertBalanced(TestSettlement request, long net) {
    Answer answer = fixture.send(request);
    assertNull(answer.reason(), answer::toString);
    assertEquals("00", answer.responseCode());
    assertEquals(net, answer.approved());
    assertEquals(Effect.NOTHING, answer.effect());
  }

  /**
   * A: posted 100.00, 250.50 (of which 200.00 given back) and 30.00 in Hjartan; two 0100, one of them declined, one
   * reversed; a 0200 declined. B: posted 70.00, on another settlement day.
   */
  private void trade() {
    fixture.card(1);
    post(A, 100_00);
    TestRequest partly = post(A, 250_50);
    reverse(partly, 50_50);
    TestRequest hearts = purchase(A, 30_00);
    hearts.merchant = "BARNKOOP0000001";
    hearts.mcc = 8351;
    assertEquals(30_00, fixture.send(hearts).hjartan());

    TestRequest hold = fixture.request(1);
    hold.amount = 40_00;
    assertEquals(Effect.HOLD, fixture.send(hold).effect());
    reverse(hold, -1);
    TestRequest gambling = fixture.request(1);
    gambling.mcc = 7995;
    assertEquals(DeclineReason.BLOCKED_GAMBLING, fixture.send(gambling).reason());
    fixture.send(gambling);
    assertEquals(DeclineReason.INSUFFICIENT_FUNDS, fixture.send(purchase(A, 90_000_00)).reason());

    TestRequest other = purchase(B, 70_00);
    other.settlementDate = 1123;
    assertEquals(Effect.POST, fixture.send(other).effect());
  }

  @Test
  void shouldFindEachAcquirersTotals() {
    trade();

    assertBalanced(fixture.settlement().of(A).totals(3, 380_50, 1, 200_00, 2), 180_50);
    assertBalanced(fixture.settlement().of(B).totals(1, 70_00, 0, 0, 0), 70_00);
    assertBalanced(fixture.settlement().of(A).on(1122).totals(3, 380_50, 1, 200_00, 2), 180_50);
    assertBalanced(fixture.settlement().of(A).on(1123).totals(0, 0, 0, 0, 0), 0);
    assertBalanced(fixture.settlement().of(B).on(1122).totals(0, 0, 0, 0, 0), 0);
    assertBalanced(fixture.settlement().of(B).on(1123).totals(1, 70_00, 0, 0, 0), 70_00);
  }

  @Test
  void shouldCompareEveryTotalThatIsSentAndNoOther() {
    trade();
    Map<String, Consumer<TestSettlement>> differences = Map.of(
        "74", r -> r.credits = 1,
        "75", r -> r.creditReversals = 1,
        "76", r -> r.debits = 2,
        "77", r -> r.debitReversals = 0,
        "81", r -> r.authorizations = 3,
        "86", r -> r.creditsMinor = 1,
        "87", r -> r.creditReversalsMinor = 1,
        "88", r -> r.debitsMinor = 380_51,
        "89", r -> r.debitReversalsMinor = 200_01,
        "97", r -> r.net = -180_50);

    differences.forEach((de, difference) -> {
      TestSettlement request = fixture.settlement().totals(3, 380_50, 1, 200_00, 2);
      difference.accept(request);
      Answer answer = fixture.send(request);
      assertEquals(DeclineReason.OUT_OF_BALANCE, answer.reason(), de);
      assertEquals(180_50, answer.approved(), de);

      TestSettlement alone = fixture.settlement();
      difference.accept(alone);
      assertEquals(DeclineReason.OUT_OF_BALANCE, fixture.send(alone).reason(), de);
    });
    TestSettlement net = fixture.settlement();
    net.net = 180_50;
    assertBalanced(net, 180_50);
  }

  @Test
  void shouldOweTheAcquirerLessThanNothingAfterACutOverBetweenPurchaseAndReversal() {
    fixture.card(1);
    TestRequest purchase = post(A, 100_00);
    assertEquals(Effect.CUT_OVER, fixture.send(fixture.settlement().cutOver()).effect());

    reverse(purchase, -1);

    assertBalanced(fixture.settlement().totals(0, 0, 1, 100_00, 0), -100_00);
  }

  @Test
  void shouldStartAnewAtACutOver() {
    trade();
    Answer cutOver = fixture.send(fixture.settlement().of(A).on(1123).cutOver());
    assertNull(cutOver.reason());
    assertEquals(Effect.CUT_OVER, cutOver.effect());
    assertEquals("00", cutOver.responseCode());
    post(A, 5_00);

    assertBalanced(fixture.settlement().of(A).totals(1, 5_00, 0, 0, 0), 5_00);
    assertBalanced(fixture.settlement().of(B).totals(1, 70_00, 0, 0, 0), 70_00);
    assertBalanced(fixture.settlement().of(A).on(1122).totals(3, 380_50, 1, 200_00, 2), 180_50);
    assertBalanced(fixture.settlement().of(A).on(1123).totals(1, 5_00, 0, 0, 0), 5_00);

    fixture.send(fixture.settlement().ofAll().cutOver());
    post(A, 6_00);
    assertBalanced(fixture.settlement().of(A).totals(1, 6_00, 0, 0, 0), 6_00);
    assertBalanced(fixture.settlement().of(B).totals(0, 0, 0, 0, 0), 0);
    assertBalanced(fixture.settlement().of(A).on(1122).totals(4, 386_50, 1, 200_00, 2), 186_50);
  }

  @Test
  void shouldGoOnCountingWhateverConfigurationComesNext() {
    trade();
    for (int activation = 0; activation < SettlementTable.CAPACITY; activation++) {
      assertNull(fixture.activate(TestPolicy.configuration()).refusal());
    }
    post(A, 5_00);

    assertBalanced(fixture.settlement().of(A).totals(4, 385_50, 1, 200_00, 2), 185_50);
    assertBalanced(fixture.settlement().of(B).totals(1, 70_00, 0, 0, 0), 70_00);
  }

  @Test
  void shouldTakeTheDayFromTheCalendarOfStockholm() {
    fixture.card(1);
    fixture.timeMs = Instant.parse("2026-12-31T22:59:59.999Z").toEpochMilli();
    post(A, 1_00);
    fixture.timeMs++;
    post(A, 2_00);

    assertBalanced(fixture.settlement().on(1231).totals(1, 1_00, 0, 0, 0), 1_00);
    assertBalanced(fixture.settlement().on(101).totals(1, 2_00, 0, 0, 0), 2_00);
  }

  @Test
  void shouldKeepTheDaysNearestToTheCalendars() {
    fixture.card(1);
    TestRequest far = purchase(A, 1_00);
    far.settlementDate = 401;
    fixture.send(far);
    for (int day = 0; day < SettlementTable.DAYS - 1; day++) {
      post(A, 2_00);
      fixture.timeMs += EngineFixture.DAY_MS;
    }
    // 1 April and the 63 days from 22 November to 23 January; now it is 24 January.
    assertBalanced(fixture.settlement().on(401).totals(1, 1_00, 0, 0, 0), 1_00);
    assertBalanced(fixture.settlement().on(402).totals(0, 0, 0, 0, 0), 0, DeclineReason.FORMAT_ERROR);
    assertBalanced(fixture.settlement().on(1122).totals(1, 2_00, 0, 0, 0), 2_00);

    post(A, 3_00);

    assertBalanced(fixture.settlement().on(401).totals(1, 1_00, 0, 0, 0), 0, DeclineReason.FORMAT_ERROR);
    assertBalanced(fixture.settlement().on(1122).totals(1, 2_00, 0, 0, 0), 2_00);
    assertBalanced(fixture.settlement().on(124).totals(1, 3_00, 0, 0, 0), 3_00);
    assertBalanced(fixture.settlement().on(125).totals(0, 0, 0, 0, 0), 0);
  }

  private void assertBalanced(TestSettlement request, long net, DeclineReason instead) {
    Answer answer = fixture.send(request);
    assertEquals(instead, answer.reason(), answer::toString);
    assertEquals(15, answer.faultDe());
    assertEquals(net, answer.approved());
  }

  @Test
  void shouldRefuseWhatCannotBeAnswered() {
    trade();
    TestSettlement without = fixture.settlement();
    TestSettlement faulty = fixture.settlement().totals(3, 380_50, 1, 200_00, 2);
    faulty.faultDe = 86;
    TestSettlement stranger = fixture.settlement().of(999).totals(0, 0, 0, 0, 0);
    TestSettlement nobody = fixture.settlement().totals(0, 0, 0, 0, 0);
    nobody.partner = 77;

    Answer empty = fixture.send(without);
    assertEquals(DeclineReason.FORMAT_ERROR, empty.reason());
    assertEquals(97, empty.faultDe());
    assertEquals("30", empty.responseCode());
    Answer fault = fixture.send(faulty);
    assertEquals(DeclineReason.FORMAT_ERROR, fault.reason());
    assertEquals(86, fault.faultDe());
    assertEquals(DeclineReason.ACQUIRER_NOT_ALLOWED, fixture.send(stranger).reason());
    assertEquals(DeclineReason.ACQUIRER_NOT_ALLOWED, fixture.send(fixture.settlement().of(999).cutOver()).reason());
    assertEquals(DeclineReason.SYSTEM_MALFUNCTION, fixture.send(nobody).reason());
    // 2025, 2026 and 2027 have no 29 February.
    Answer noDay = fixture.send(fixture.settlement().on(229).totals(0, 0, 0, 0, 0));
    assertEquals(DeclineReason.FORMAT_ERROR, noDay.reason());
    assertEquals(15, noDay.faultDe());
    assertEquals(DeclineReason.FORMAT_ERROR, fixture.send(fixture.settlement().on(1301).cutOver()).reason());
    assertBalanced(fixture.settlement().totals(3, 380_50, 1, 200_00, 2), 180_50);
  }

  @Test
  void shouldCountOnTheCalendarsDayWhatNamesNone() {
    fixture.card(1);
    TestRequest purchase = purchase(A, 9_00);
    purchase.settlementDate = 229;
    fixture.send(purchase);

    assertBalanced(fixture.settlement().on(1122).totals(1, 9_00, 0, 0, 0), 9_00);
  }

  @Test
  void shouldGiveTheSameRequestTheSameAnswer() {
    trade();
    TestSettlement request = fixture.settlement().totals(3, 380_50, 1, 200_00, 2);
    Answer first = fixture.send(request);
    TestSettlement cutOver = fixture.settlement().cutOver();
    fixture.send(cutOver);
    post(A, 5_00);

    Answer again = fixture.send(request);
    Answer cutOverAgain = fixture.send(cutOver);
    request.fingerprint = 2;
    Answer misused = fixture.send(request);

    assertTrue(again.remembered());
    assertArrayEquals(first.bytes(), again.bytes());
    assertTrue(cutOverAgain.remembered());
    assertEquals(DeclineReason.KEY_REUSED, misused.reason());
    assertEquals("94", misused.responseCode());
    assertBalanced(fixture.settlement().totals(1, 5_00, 0, 0, 0), 5_00);
  }

  @Test
  void shouldNotCutOverTwiceWhatItMayHaveForgotten() {
    EngineFixture small = EngineFixture.configured(new EngineCapacity(10, 10, 10, 2, 20, 2, 1 << 16));
    TestSettlement cutOver = small.settlement().cutOver();
    cutOver.transmissionTime = 1_122_120_000L;
    small.send(cutOver);
    for (int other = 0; other < 2; other++) {
      small.timeMs += 1_000;
      small.send(small.settlement().totals(0, 0, 0, 0, 0));
    }
    assertEquals(DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW, laterCutOver(small, 1_122_115_959L).reason());
    assertNull(laterCutOver(small, 1_122_120_100L).reason());
  }

  private static Answer laterCutOver(EngineFixture small, long transmissionTime) {
    TestSettlement cutOver = small.settlement().cutOver();
    cutOver.transmissionTime = transmissionTime;
    return small.send(cutOver);
  }

  @Test
  void shouldRefuseMoreAcquirersThanThereIsRoomFor() {
    Configuration good = TestPolicy.configuration();
    List<Long> many = java.util.stream.LongStream.rangeClosed(1, SettlementTable.CAPACITY).boxed().toList();
    Partner partner = good.partners().getFirst();
    Configuration tooMany =
        new Configuration(
            good.programmes(), good.bazNames(), good.providers(),
            List.of(
                new Partner(
                    partner.id(), partner.name(), many, partner.approvals(), partner.declines(), false, false, -1)),
            good.civilTime());

    assertTrue(fixture.activate(tooMany).refusal() != null);
    assertTrue(fixture.engine.configurationFault().contains("256 new acquirers"), fixture.engine::configurationFault);
  }

  @Test
  void shouldReplayToTheSameState() {
    trade();
    fixture.send(fixture.settlement().of(A).on(1124).cutOver());
    post(A, 5_00);
    fixture.send(fixture.settlement().totals(0, 0, 0, 0, 1));
    Engine second = new Engine(new ArrayStore(), EngineCapacity.small());
    UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);

    for (EngineFixture.Applied applied : fixture.journal) {
      UnsafeBuffer command = new UnsafeBuffer(applied.command);
      second.decide(command, 0, applied.command.length, applied.timeMs, decision, 0);
      second.apply(command, 0, applied.command.length, applied.timeMs, decision, 0);
      assertArrayEquals(applied.decision, Arrays.copyOf(decision.byteArray(), second.decisionLength()));
    }

    assertEquals(fixture.engine.stateHash(), second.stateHash());
    second.checkInvariants();
  }
}
