package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** What people are shown of a card, its account and the books, and that every movement is to be seen there. */
final class CardViewTest extends HolderTest {
  private CardView anna() {
    return view(ANNA);
  }

  private CardView view(int card) {
    return Objects.requireNonNull(fixture.engine.card(new UnsafeBuffer(EngineFixture.token(card)), 0));
  }

  /** Number, state, made by, related; HJARTAN and CASH left; both refunded; what waits. */
  private List<String> originals() {
    List<String> lines = new ArrayList<>();
    for (CardView.OriginalView original : anna().originals()) {
      lines.add(
          original.number() + " " + original.state() + " " + original.madeBy() + " of " + original.related() + ": "
              + original.hjartanMinor() + "+" + original.cashMinor() + ", refunded " + original.hjartanRefundedMinor()
              + "+" + original.cashRefundedMinor() + ", waiting " + original.waitingMinor());
    }
    return lines;
  }

  /** 3,500 kr at a provider: 3,000 Hjartan and 500 kr. */
  private TestRequest split(MessageClass messageClass) {
    TestRequest request = fixture.request(ANNA);
    request.merchant = "BARNKOOP0000001";
    request.amount = 3_500_00;
    request.messageClass = messageClass;
    request.rrn = "632612000001";
    return request;
  }

  @Test
  void shouldShowNothingOfACardThatNobodyOpened() {
    assertNull(fixture.engine.card(new UnsafeBuffer(EngineFixture.token(99)), 0));
  }

  @Test
  void shouldShowTheCardAndItsAccount() {
    int account = fixture.open(8, -1, TestPolicy.ANNAN, CardStatus.FROZEN, 2911, 2).accountId();
    fixture.open(9, account, TestPolicy.ANNAN, CardStatus.ACTIVE, 3001, 3);

    CardView frozen = view(8);
    CardView second = view(9);

    assertEquals(1, frozen.cardId());
    assertEquals(1, frozen.accountId());
    assertEquals(TestPolicy.PROGRAMME, frozen.programmeId());
    assertEquals(TestPolicy.ANNAN, frozen.bazId());
    assertEquals(CardStatus.FROZEN, frozen.status());
    assertEquals(2911, frozen.expiryYearMonth());
    assertEquals(2, frozen.pinTriesLeft());
    assertEquals(List.of(), frozen.originals());
    assertEquals(2, second.cardId());
    assertEquals(1, second.accountId());
    assertEquals(0, anna().accountId());
  }

  @Test
  void shouldShowAHoldAndWhatCompletedIt() {
    TestRequest hold = split(MessageClass.AUTHORIZATION);
    fixture.send(hold);
    CardView held = anna();
    assertEquals(List.of("1 HELD HOLD of 0: 300000+50000, refunded 0+0, waiting 0"), originals());

    fixture.send(hold.completion(fixture.newKey(), 3_200_00));

    assertEquals(1, held.openHolds());
    assertEquals(EngineFixture.CASH - 500_00, held.cashAvailableMinor());
    assertEquals(500_00, held.cashHeldMinor());
    assertEquals(0, held.hjartanAvailableMinor());
    assertEquals(EngineFixture.HJARTAN, held.hjartanHeldMinor());
    assertEquals(EngineFixture.START_MS, held.originals().getFirst().createdMs());
    assertEquals(
        List.of(
            "2 POSTED COMPLETE of 1: 300000+20000, refunded 0+0, waiting 0",
            "1 COMPLETED HOLD of 2: 0+0, refunded 0+0, waiting 0"),
        originals());
    assertEquals(0, anna().openHolds());
    assertEquals(0, anna().cashHeldMinor());
    assertEquals(0, anna().hjartanHeldMinor());
    assertEquals(EngineFixture.CASH - 200_00, anna().cashAvailableMinor());
  }

  @Test
  void shouldShowWhatCompletedAHoldTooLate() {
    TestRequest hold = split(MessageClass.AUTHORIZATION);
    fixture.send(hold);
    fixture.timeMs += 7 * EngineFixture.DAY_MS;
    fixture.tick(10);

    fixture.send(hold.completion(fixture.newKey(), 3_200_00));

    assertEquals(
        List.of(
            "2 POSTED POST of 1: 300000+20000, refunded 0+0, waiting 0",
            "1 EXPIRED HOLD of 2: 0+0, refunded 0+0, waiting 0"),
        originals());
    assertEquals(0, anna().openHolds());
  }

  @Test
  void shouldShowWhatAnIncrementStillAdds() {
    TestRequest hold = split(MessageClass.AUTHORIZATION);
    hold.amount = 2_900_00;
    TestRequest increment = hold.copy();
    increment.authCode = fixture.send(hold).authCode();
    increment.key = fixture.newKey();
    increment.stan = 777;
    increment.amount = 600_00;
    fixture.send(increment);
    assertEquals(
        List.of(
            "2 RAISED RAISE of 1: 10000+50000, refunded 0+0, waiting 0",
            "1 HELD HOLD of 0: 300000+50000, refunded 0+0, waiting 0"),
        originals());
    TestRequest less = increment.reversal(fixture.newKey());
    less.replacement = 300_00;
    fixture.send(less);
    assertEquals(
        List.of(
            "2 RAISED RAISE of 1: 10000+20000, refunded 0+0, waiting 0",
            "1 HELD HOLD of 0: 300000+20000, refunded 0+0, waiting 0"),
        originals());

    fixture.send(increment.reversal(fixture.newKey()));

    assertEquals(
        List.of(
            "2 RELEASED RAISE of 1: 0+0, refunded 0+0, waiting 0",
            "1 HELD HOLD of 0: 290000+0, refunded 0+0, waiting 0"),
        originals());
    assertEquals(1, anna().openHolds());
  }

  @Test
  void shouldShowWhatIsRefundedAndWhatWaits() {
    TestRequest bought = split(MessageClass.FINANCIAL);
    fixture.send(bought);
    TestRequest refund = bought.refund(fixture.newKey(), 3_600_00);
    refund.rrn = "632612000002";
    fixture.send(refund);
    assertEquals(
        List.of(
            "2 REFUNDED REFUND of 1: 300000+50000, refunded 0+0, waiting 10000",
            "1 POSTED POST of 0: 300000+50000, refunded 300000+50000, waiting 0"),
        originals());
    assertEquals(100_00, anna().refundsWaitingMinor());
    TestRequest less = refund.reversal(fixture.newKey());
    less.replacement = 3_400_00;

    fixture.send(less);

    assertEquals(
        List.of(
            "2 REFUNDED REFUND of 1: 300000+40000, refunded 0+0, waiting 0",
            "1 POSTED POST of 0: 300000+50000, refunded 300000+40000, waiting 0"),
        originals());
    assertEquals(0, anna().refundsWaitingMinor());
  }

  /** What others decided in our name, step by step: 3,000 Hjartan and some kronor. */
  @Test
  void shouldShowTheExposureOfWhatOthersDecidedUntilItIsGivenBack() {
    TestRequest advice = split(MessageClass.AUTHORIZATION).advice(fixture.newKey(), 3_300_00);
    advice.authCode = "VISA01";
    fixture.send(advice);
    assertExposure(3_300_00, "standIn 3_300_00");

    TestRequest more = advice.advice(fixture.newKey(), 3_400_00);
    fixture.send(more);
    assertExposure(3_400_00, "replaced by 3_400_00");

    TestRequest less = advice.reversal(fixture.newKey());
    less.replacement = 3_100_00;
    fixture.send(less);
    assertExposure(3_100_00, "reversed down to 3_100_00");

    TestRequest increment = advice.copy();
    increment.key = fixture.newKey();
    increment.stan = 778;
    increment.originalData = false;
    increment.advice = false;
    increment.amount = 40_00;
    fixture.send(increment);
    assertExposure(3_140_00, "raised by 40_00");

    TestRequest completion = advice.completion(fixture.newKey(), 3_150_00);
    fixture.send(completion);
    assertExposure(3_150_00, "completed for 3_150_00");

    fixture.send(completion.reversal(fixture.newKey()));
    assertExposure(0, "reversed");
  }

  private void assertExposure(long standIn, String step) {
    assertEquals(standIn, anna().standInMinor(), step);
    assertEquals(standIn == 0 ? List.of() : List.of("0 0 " + standIn + " 0 0"), exposures(), step);
  }

  private List<String> exposures() {
    List<String> lines = new ArrayList<>();
    fixture.engine.exposures(
        (accountId, cardId, tokenStart, standIn, overdrawn, waiting) -> {
          assertEquals(tokenStart(ANNA + cardId), tokenStart);
          lines.add(accountId + " " + cardId + " " + standIn + " " + overdrawn + " " + waiting);
        });
    return lines;
  }

  /** As people read it: the first byte first. */
  private static long tokenStart(int card) {
    return ByteBuffer.wrap(EngineFixture.token(card)).getLong(0);
  }

  @Test
  void shouldShowEachAccountWithSomethingOpenOnce() {
    int account = fixture.card(8).accountId();
    fixture.open(9, account, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.card(10);
    fixture.card(11);
    // A stand-in of 7,100 kr where there are 7,000; a refund that waits; and a card with nothing to show.
    TestRequest overdraft = fixture.request(9).completion(fixture.newKey(), 7_100_00);
    fixture.send(overdraft);
    TestRequest refund = fixture.request(10);
    refund.messageClass = MessageClass.FINANCIAL;
    refund.processingCode = 200_000;
    refund.amount = 20_00;
    fixture.send(refund);

    assertEquals(List.of("1 1 710000 10000 0", "2 3 0 0 2000"), exposures());
    assertEquals(100_00, fixture.engine.overdrawnMinor(TestPolicy.PARTNER));
    assertEquals(0, fixture.engine.overdrawnMinor(TestPolicy.STRICT_PARTNER));
  }

  @Test
  void shouldShowWhichCardsWereEverLoaded() {
    fixture.open(8, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.open(9, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.load(9, 0, 0, 1);
    List<String> seen = new ArrayList<>();

    fixture.engine.visitCards((cardId, tokenStart, loaded) -> {
      assertEquals(Long.reverseBytes(tokenStart(ANNA + cardId)), tokenStart);
      seen.add(cardId + " " + loaded);
    });

    assertEquals(List.of("0 true", "1 false", "2 true"), seen);
    assertEquals(3, fixture.engine.cards());
    assertEquals(3, fixture.engine.accounts());
  }

  @Test
  void shouldShowTheBooks() {
    fixture.send(split(MessageClass.AUTHORIZATION));
    TestRequest bought = fixture.request(ANNA);
    bought.messageClass = MessageClass.FINANCIAL;
    bought.amount = 40_00;
    fixture.send(bought);

    // Paid in by the fixture: 1,000,000,000.00 and 1,000,000.00 to the pools, 1,000,000,000.00 to the treasury.
    assertEquals(1_001_000_000_00L, fixture.engine.poolPaidInMinor());
    assertEquals(1_000_000_000_00L, fixture.engine.backingMinor());
    assertEquals(1_001_000_000_00L - EngineFixture.CASH, fixture.engine.books().get("POOL"));
    assertEquals(EngineFixture.CASH - 500_00 - 40_00, fixture.engine.books().get("CASH_AVAILABLE"));
    assertEquals(500_00, fixture.engine.books().get("CASH_HELD"));
    assertEquals(0, fixture.engine.books().get("HJARTAN_AVAILABLE"));
    assertEquals(EngineFixture.HJARTAN, fixture.engine.books().get("HJARTAN_HELD"));
    assertEquals(-EngineFixture.HJARTAN, fixture.engine.books().get("HJARTAN_ISSUED"));
    assertEquals(40_00, fixture.engine.books().get("SETTLEMENT_DUE"));
    assertEquals(fixture.timeMs, fixture.engine.timeMs());
  }
}
