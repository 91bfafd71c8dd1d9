package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * The order of the rules: a request that breaks all of them is repaired one rule at a time, and each time the next
 * reason shows.
 */
final class PrecedenceTest {
  private static final int GOOD = 1;
  private static final int STOLEN = 2;
  private static final int EXPIRED = 3;
  private static final int TRIES_USED_UP = 4;
  private static final int UNKNOWN = 99;
  private static final int FROZEN = 5;
  private static final int CLOSED = 6;
  private static final int LOST = 7;
  private static final int OWNER = TestPolicy.OWNER_CARD;
  private static final int FORCED_SAVINGS = 1_000;
  private static final int FORCED_CREDIT = 3_000;
  private static final int FORCED_CASH = 9_600;
  private static final int FORCED_HJARTAN = 9_800;
  private static final long HJARTAN_LACKING = 200_00;

  private final EngineFixture fixture = EngineFixture.configured();

  /** What shows, and what mends it. */
  private record Row(DeclineReason shows, Consumer<TestRequest> mend) {}

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private static TestRequest brokenInEveryWay(EngineFixture fixture) {
    TestRequest request = fixture.request(UNKNOWN);
    request.messageClass = MessageClass.OTHER;
    request.increment = true;
    request.faultDe = 11;
    request.currency = 978;
    request.amount = 0;
    request.checkDigitOk = false;
    request.expiryConflict = true;
    request.expiry = 2512;
    request.cvv = Check.FAILED;
    request.cryptogram = Check.FAILED;
    request.pinPresented = true;
    request.pin = Check.NO_KEY;
    request.processingCode = 10_000;
    request.cashback = 50_00;
    request.mcc = 6011;
    request.merchant = "LYXMODE00000001";
    request.country = 578;
    request.contactless = true;
    return request;
  }

  private static List<Row> rows() {
    return List.of(
        new Row(DeclineReason.FUNCTION_UNKNOWN, r -> r.messageClass = MessageClass.AUTHORIZATION),
        new Row(DeclineReason.FORMAT_ERROR, r -> r.faultDe = 0),
        new Row(DeclineReason.CURRENCY_NOT_HANDLED, r -> r.currency = 752),
        new Row(DeclineReason.AMOUNT_ZERO, r -> r.amount = 10_000_000_001L),
        new Row(DeclineReason.AMOUNT_TOO_LARGE, r -> r.amount = 10_000_000_000L),
        new Row(DeclineReason.PAN_CHECK_DIGIT, r -> r.checkDigitOk = true),
        new Row(DeclineReason.CARD_UNKNOWN, r -> r.card = STOLEN),
        new Row(DeclineReason.CARD_STOLEN, r -> r.card = EXPIRED),
        new Row(DeclineReason.CARD_EXPIRED, r -> r.card = TRIES_USED_UP),
        new Row(DeclineReason.EXPIRY_CONFLICT, r -> r.expiryConflict = false),
        new Row(DeclineReason.EXPIRY_MISMATCH, r -> r.expiry = EngineFixture.EXPIRY),
        new Row(DeclineReason.CVV_FAILED, r -> r.cvv = Check.PASSED),
        new Row(DeclineReason.CRYPTOGRAM_FAILED, r -> r.cryptogram = Check.NO_KEY),
        new Row(DeclineReason.PIN_TRIES_USED_UP, r -> r.card = GOOD),
        new Row(DeclineReason.PIN_NOT_VERIFIABLE, r -> r.pin = Check.FAILED),
        new Row(DeclineReason.PIN_WRONG, r -> {
          r.pin = Check.NOT_PRESENTED;
          r.pinPresented = false;
        }),
        new Row(DeclineReason.CASH_WITHDRAWAL, r -> r.processingCode = 90_000),
        new Row(DeclineReason.CASHBACK, r -> r.cashback = 0),
        new Row(DeclineReason.QUASI_CASH, r -> r.mcc = 5921),
        new Row(DeclineReason.MERCHANT_DENIED, r -> r.merchant = "SYSTEMBOLAGET01"),
        new Row(DeclineReason.BLOCKED_ALCOHOL_TOBACCO, r -> r.mcc = 4722),
        new Row(DeclineReason.ABROAD, r -> r.country = 752),
        new Row(DeclineReason.ABROAD_JOURNEY, r -> r.mcc = 8220),
        new Row(DeclineReason.APPROVAL_EDUCATION, r -> r.mcc = 5812),
        new Row(DeclineReason.LUXURY_AMOUNT, r -> r.mcc = 5541),
        new Row(DeclineReason.CATEGORY_CAP, r -> r.mcc = 5411),
        new Row(DeclineReason.CONTACTLESS_AMOUNT, r -> r.contactless = false),
        new Row(DeclineReason.INSUFFICIENT_FUNDS, r -> r.amount = 100_00),
        new Row(DeclineReason.ORIGINAL_NOT_FOUND, r -> r.increment = false));
  }

  @Test
  void shouldAskTheRulesInTheirOrder() {
    openCards();
    TestRequest request = brokenInEveryWay(fixture);
    List<DeclineReason> shown = new ArrayList<>();

    for (Row row : rows()) {
      request.key = fixture.newKey();
      Answer answer = fixture.send(request);
      assertEquals(row.shows(), answer.reason(), "after " + shown);
      assertEquals(row.shows() == DeclineReason.FORMAT_ERROR ? 11 : 0, answer.faultDe());
      shown.add(row.shows());
      row.mend().accept(request);
    }

    request.key = fixture.newKey();
    assertNull(fixture.send(request).reason());
  }

  /** A purchase that every limit and every purse refuses, and the figures that it meets. */
  private static final class Refused {
    private final EngineFixture fixture;
    private final long[] account = new long[5];
    private final long[] category = new long[5];
    final TestRequest request;

    Refused(EngineFixture fixture) {
      this.fixture = fixture;
      request = fixture.request(OWNER);
      request.amount = 401_00;
      request.contactless = true;
    }

    void activate() {
      fixture.activate(TestPolicy.withLimits(limits(account), Map.of("food", limits(category))));
    }

    private static Limits limits(long[] figures) {
      return new Limits(figures[0], figures[1], (int) figures[2], figures[3], (int) figures[4]);
    }

    /** Takes a limit away: 0 a purchase, 1 a day, 2 purchases a day, 3 a month, 4 purchases a month. */
    private void lift(long[] figures, int figure) {
      figures[figure] = Category.NO_LIMIT;
      activate();
    }

    void liftOfAccount(int figure) {
      lift(account, figure);
    }

    void liftOfCategory(int figure) {
      lift(category, figure);
    }
  }

  /** What shows, and what mends that alone. */
  private record LimitRow(DeclineReason shows, Consumer<Refused> mend) {}

  private List<LimitRow> fromTheLimitsToTheFunds(TestRequest oneOfTheHolds) {
    return List.of(
        new LimitRow(DeclineReason.PURCHASE_LIMIT, r -> r.liftOfAccount(0)),
        new LimitRow(DeclineReason.CATEGORY_PURCHASE_LIMIT, r -> r.liftOfCategory(0)),
        new LimitRow(DeclineReason.DAY_AMOUNT, r -> r.liftOfAccount(1)),
        new LimitRow(DeclineReason.CATEGORY_DAY_AMOUNT, r -> r.liftOfCategory(1)),
        new LimitRow(DeclineReason.DAY_COUNT, r -> r.liftOfAccount(2)),
        new LimitRow(DeclineReason.CATEGORY_DAY_COUNT, r -> r.liftOfCategory(2)),
        new LimitRow(DeclineReason.MONTH_AMOUNT, r -> r.liftOfAccount(3)),
        new LimitRow(DeclineReason.CATEGORY_MONTH_AMOUNT, r -> r.liftOfCategory(3)),
        new LimitRow(DeclineReason.MONTH_COUNT, r -> r.liftOfAccount(4)),
        new LimitRow(DeclineReason.CATEGORY_MONTH_COUNT, r -> r.liftOfCategory(4)),
        new LimitRow(DeclineReason.CONTACTLESS_AMOUNT, r -> r.request.amount = 300_00),
        new LimitRow(DeclineReason.CONTACTLESS_COUNT, r -> r.request.contactless = false),
        new LimitRow(DeclineReason.OPEN_HOLDS, r -> {
          assertNull(fixture.send(oneOfTheHolds.reversal(fixture.newKey())).reason());
          r.request.processingCode = FORCED_HJARTAN;
        }),
        new LimitRow(DeclineReason.HJARTAN_NOT_ACCREDITED, r -> r.request.merchant = "SUSPENDED000001"),
        new LimitRow(DeclineReason.HJARTAN_PROVIDER_SUSPENDED, r -> r.request.merchant = "ANNANBAZ0000001"),
        new LimitRow(DeclineReason.HJARTAN_OTHER_BAZ, r -> r.request.merchant = "EGENFIRMA000001"),
        new LimitRow(DeclineReason.HJARTAN_OWN_HOUSEHOLD, r -> r.request.merchant = "TAKET0000000001"),
        new LimitRow(DeclineReason.PROVIDER_CEILING, r -> r.request.processingCode = FORCED_SAVINGS),
        new LimitRow(DeclineReason.SAVINGS_NOT_OPEN, r -> r.request.processingCode = FORCED_CREDIT),
        new LimitRow(DeclineReason.NO_CREDIT_ACCOUNT, r -> r.request.processingCode = 0),
        new LimitRow(DeclineReason.INSUFFICIENT_FUNDS, r -> r.request.processingCode = FORCED_CASH),
        new LimitRow(DeclineReason.INSUFFICIENT_CASH, r -> {
          r.request.processingCode = FORCED_HJARTAN;
          r.request.merchant = "BARNKOOP0000001";
        }),
        new LimitRow(DeclineReason.INSUFFICIENT_HJARTAN, r -> fixture.load(OWNER, 0, 0, HJARTAN_LACKING)));
  }

  /** The rest of the column: every limit is 0, and each row takes one away, or one purse's fault. */
  @Test
  void shouldAskTheLimitsAndThePursesInTheirOrder() {
    TestRequest aHold = spendUntilNothingMoreIsAllowed();
    Refused refused = new Refused(fixture);
    refused.activate();
    List<DeclineReason> shown = new ArrayList<>();

    for (LimitRow row : fromTheLimitsToTheFunds(aHold)) {
      refused.request.key = fixture.newKey();
      assertEquals(row.shows(), fixture.send(refused.request).reason(), "after " + shown);
      assertTrue(shown.isEmpty() || row.shows().compareTo(shown.getLast()) > 0, row.shows() + " after " + shown);
      shown.add(row.shows());
      row.mend().accept(refused);
    }

    refused.request.key = fixture.newKey();
    assertNull(fixture.send(refused.request).reason());
  }

  /** A hundred holds, five contactless ones in a row, 50 kr and 100 Hjartan left; a provider near its ceiling. */
  private TestRequest spendUntilNothingMoreIsAllowed() {
    fixture.open(OWNER, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.load(OWNER, 0, 150_00, 100_00);
    TestRequest hold = fixture.request(OWNER);
    for (int i = 0; i < 100; i++) {
      hold = fixture.request(OWNER);
      hold.amount = 1_00;
      hold.contactless = i >= 95;
      assertNull(fixture.send(hold).reason());
    }
    fixture.card(GOOD);
    TestRequest atTheCeiling = fixture.request(GOOD);
    atTheCeiling.merchant = "TAKET0000000001";
    atTheCeiling.amount = 200_00;
    assertNull(fixture.send(atTheCeiling).reason());
    return hold;
  }

  /** What an approval lifts is asked behind all that it does not lift, and before every limit. */
  @Test
  void shouldAskForAnApprovalBehindTheBlocksAndBeforeTheLimits() {
    openCards();
    Refused refused = new Refused(fixture);
    refused.activate();
    TestRequest request = fixture.request(GOOD);
    request.amount = 401_00;
    request.country = 578;
    request.mcc = 5921;

    List<DeclineReason> shown = new ArrayList<>();
    shown.add(fixture.send(request).reason());
    request.key = fixture.newKey();
    request.mcc = 5411;
    shown.add(fixture.send(request).reason());
    request.key = fixture.newKey();
    ApprovalTerms forNorway =
        new ApprovalTerms(
            1, false, false, ApprovalReason.FUNERAL, fixture.timeMs, fixture.timeMs + EngineFixture.DAY_MS,
            Category.NO_LIMIT, 0, List.of(578), List.of(), "caseworker-1");
    assertNull(fixture.grant(GOOD, forNorway).refusal());
    shown.add(fixture.send(request).reason());

    assertEquals(
        List.of(DeclineReason.BLOCKED_ALCOHOL_TOBACCO, DeclineReason.ABROAD, DeclineReason.PURCHASE_LIMIT), shown);
  }

  /** Only the missing field stands before its place in the enum: it is looked for once the function is known. */
  @Test
  void shouldDeclareTheReasonsInTheSameOrder() {
    DeclineReason last = DeclineReason.FUNCTION_UNKNOWN;
    for (Row row : rows()) {
      if (row.shows() != DeclineReason.FORMAT_ERROR) {
        assertTrue(row.shows().compareTo(last) >= 0, row.shows() + " after " + last);
        last = row.shows();
      }
    }
  }

  @Test
  void shouldNameTheStatusOfTheCard() {
    openCards();

    assertEquals(DeclineReason.CARD_FROZEN, fixture.send(fixture.request(FROZEN)).reason());
    assertEquals(DeclineReason.CARD_CLOSED, fixture.send(fixture.request(CLOSED)).reason());
    assertEquals(DeclineReason.CARD_LOST, fixture.send(fixture.request(LOST)).reason());
    assertEquals(DeclineReason.CARD_STOLEN, fixture.send(fixture.request(STOLEN)).reason());
  }

  @Test
  void shouldNameTheFieldThatAFunctionCannotDoWithout() {
    openCards();
    TestRequest noPan = fixture.request(GOOD);
    noPan.panPresent = false;
    TestRequest noProcessingCode = fixture.request(GOOD);
    noProcessingCode.processingCode = 4_294_967_295L;
    TestRequest noAmount = fixture.request(GOOD);
    noAmount.amount = -1;
    TestRequest noMcc = fixture.request(GOOD);
    noMcc.mcc = 0;

    assertEquals(2, format(noPan));
    assertEquals(3, format(noProcessingCode));
    assertEquals(4, format(noAmount));
    assertEquals(18, format(noMcc));
  }

  private int format(TestRequest request) {
    Answer answer = fixture.send(request);
    assertEquals(DeclineReason.FORMAT_ERROR, answer.reason());
    assertEquals("30", answer.responseCode());
    return answer.faultDe();
  }

  @Test
  void shouldRefuseFunctionsThatDoNotExist() {
    openCards();
    for (long processingCode : new long[] {20_000, 220_000, 170_000, 500_000, 990_000, 5_000, 4_000, 9_900, 309_900}) {
      TestRequest request = fixture.request(GOOD);
      request.processingCode = processingCode;
      assertEquals(DeclineReason.FUNCTION_UNKNOWN, fixture.send(request).reason(), "DE 3 = " + processingCode);
    }
  }

  @Test
  void shouldNotTellAPartnerThatIsNotConfiguredAnything() {
    openCards();
    TestRequest request = fixture.request(GOOD);
    request.partner = 77;

    Answer answer = fixture.send(request);

    assertEquals(DeclineReason.SYSTEM_MALFUNCTION, answer.reason());
    assertEquals("96", answer.responseCode());
    assertEquals(-1, answer.cardId());
    request.partner = TestPolicy.PARTNER;
    assertNull(fixture.send(request).reason());
  }

  @Test
  void shouldRefuseWithoutDecidingOrRemembering() {
    openCards();
    TestRequest request = fixture.request(GOOD);

    Answer refused = fixture.refuse(request, DeclineReason.OVERLOADED.code);

    assertEquals("91", refused.responseCode());
    assertNotNull(refused.reason());
    assertNull(fixture.send(request).reason());
  }

  private void openCards() {
    fixture.card(GOOD);
    fixture.open(STOLEN, -1, TestPolicy.FITTJA, CardStatus.STOLEN, EngineFixture.EXPIRY, 3);
    fixture.open(FROZEN, -1, TestPolicy.FITTJA, CardStatus.FROZEN, EngineFixture.EXPIRY, 3);
    fixture.open(CLOSED, -1, TestPolicy.FITTJA, CardStatus.CLOSED, EngineFixture.EXPIRY, 3);
    fixture.open(LOST, -1, TestPolicy.FITTJA, CardStatus.LOST, EngineFixture.EXPIRY, 3);
    fixture.open(EXPIRED, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, 2610, 3);
    fixture.open(TRIES_USED_UP, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 0);
  }
}
