package se.valfardskort.authorizer.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;
import se.valfardskort.authorizer.engine.sbe.StatusReason;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotKey;
import se.valfardskort.authorizer.storage.SnapshotPace;

/**
 * A small state that has something in every table of a snapshot, from which the fixtures since format 3 are made:
 * savings, limits that count, an approval, earmarks held and spent, a frozen card, a run of loads, rows that were
 * freed, and answers to accounts with and without all of that.
 */
final class SnapshotScene {
  static final EngineCapacity ROOM = new EngineCapacity(20, 20, 100, 8, 100, 4, 1 << 20);
  static final long END_MS = EngineFixture.START_MS + 20 * EngineFixture.DAY_MS;
  private static final int ANNA = 7;
  private static final int ANNAS_OTHER_CARD = 8;
  private static final int BERIT = 9;
  private static final int CILLA = 10;
  private static final int DORA = 11;
  private static final long RUN = 4_711;
  private static final long NONE = Long.MIN_VALUE;
  private static final int FOOD = 5411;
  private static final int CASINO = 7995;
  private static final int SCHOOL = 8299;

  /** What was answered, by the key of the request, where it is still remembered. */
  private final List<String> answers = new ArrayList<>();

  final EngineFixture fixture = new EngineFixture(ROOM);

  /** Plays it. */
  SnapshotScene() {
    openCards();
    withSavings();
    withEarmarks();
    withAnApproval();
    // What went before is forgotten or expired by now, but for the postings.
    fixture.timeMs = END_MS;
    fixture.tick(100);
    fixture.tick(100);
    fixture.timeMs += 1_000;
    latest();
  }

  private void openCards() {
    Limits all = new Limits(-1, 900_00, 5, 4_000_00, 40);
    fixture.activate(TestPolicy.withLimits(all, Map.of("food", new Limits(-1, 500_00, -1, -1, 30))));
    fixture.fundPool(TestPolicy.PROGRAMME, 100_000_00);
    fixture.fundPool(TestPolicy.OTHER_PROGRAMME, 50_000_00);
    fixture.fundTreasury(20_000_00);
    fixture.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.open(ANNAS_OTHER_CARD, 0, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.open(BERIT, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.open(CILLA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.open(DORA, -1, TestPolicy.OTHER_PROGRAMME, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    assertNull(fixture.openRun(TestPolicy.PROGRAMME, 2611, RUN, 3, 24_000_00, 9_000_00).refusal());
    for (int card : new int[] {ANNA, BERIT}) {
      LoadTerms terms = new LoadTerms(2611, 7_000_00, 3_000_00, RUN, TestPolicy.PROGRAMME, List.of());
      assertNull(fixture.load(card, terms).refusal());
    }
    fixture.load(CILLA, 0, 7_000_00, 0);
    fixture.load(DORA, 0, 7_000_00, 0);
  }

  /** Anna saves 400 kr, takes 100 back, and buys for 120 kr, of which 80 are completed. */
  private void withSavings() {
    assertNull(fixture.move(ANNA, PurseMoveDirection.TO_SAVINGS, 400_00, 1).refusal());
    assertNull(fixture.move(ANNA, PurseMoveDirection.TO_CASH, 100_00, 2).refusal());
    TestRequest hold = purchase(ANNA, 101, FOOD, 120_00);
    assertNull(fixture.send(hold).reason());
    assertNull(fixture.send(hold.completion(102, 80_00)).reason());
    for (long key = 103; key < 106; key++) {
      assertEquals(DeclineReason.BLOCKED_GAMBLING, fixture.send(purchase(ANNA, key, CASINO, 10_00)).reason());
    }
  }

  /** Berit has 300 kr for food, 200 of which she spends and gets 50 back, and an earmark that is over soon. */
  private void withEarmarks() {
    assertNull(fixture.earmark(BERIT, earmark(11, 60, 300_00, "food")).refusal());
    assertNull(fixture.earmark(BERIT, earmark(12, 5, 40_00, "clothes")).refusal());
    TestRequest spent = purchase(BERIT, 201, FOOD, 200_00);
    spent.messageClass = MessageClass.FINANCIAL;
    assertEquals(200_00, fixture.send(spent).earmark());
    assertNull(fixture.send(spent.refund(202, 50_00)).reason());
  }

  private EarmarkTerms earmark(long key, int days, long amount, String category) {
    return new EarmarkTerms(
        key, EarmarkKind.FOOD, fixture.timeMs, fixture.timeMs + days * EngineFixture.DAY_MS, amount, 0, 0, List.of(),
        List.of(Covered.category(category)), "caseworker-1");
  }

  /** Cilla pays a course of 500 kr on an approval of 800, and her card is frozen later on. */
  private void withAnApproval() {
    ApprovalTerms terms =
        new ApprovalTerms(
            21, false, false, ApprovalReason.STUDIES, fixture.timeMs, fixture.timeMs + 60 * EngineFixture.DAY_MS,
            800_00, 2, List.of(), List.of(Covered.category("education")), "caseworker-1");
    assertNull(fixture.grant(CILLA, terms).refusal());
    TestRequest course = purchase(CILLA, 301, SCHOOL, 500_00);
    course.messageClass = MessageClass.FINANCIAL;
    assertNull(fixture.send(course).reason());
  }

  /** Of this day: what the limits count, what is held, and what is remembered. */
  private void latest() {
    send(purchase(ANNA, 401, FOOD, 100_00));
    send(purchase(ANNAS_OTHER_CARD, 402, FOOD, 50_00));
    send(purchase(ANNA, 403, CASINO, 10_00));
    send(purchase(BERIT, 404, FOOD, 30_00));
    send(purchase(BERIT, 405, CASINO, 10_00));
    send(purchase(BERIT, 406, FOOD, 480_00));
    send(purchase(CILLA, 407, FOOD, 25_00));
    send(purchase(CILLA, 408, CASINO, 10_00));
    send(purchase(DORA, 409, FOOD, 70_00));
    send(purchase(DORA, 410, CASINO, 10_00));
    send(purchase(DORA, 411, FOOD, 15_00).reversal(412));
    int today = (int) Math.floorDiv(fixture.timeMs, EngineFixture.DAY_MS);
    assertNull(
        fixture.change(CILLA, CardStatus.FROZEN, StatusReason.SUSPECTED_MISUSE, "caseworker-7", today + 14).refusal());
    send(purchase(CILLA, 413, FOOD, 26_00));
  }

  private void send(TestRequest request) {
    Answer answer = fixture.send(request);
    answers.add(request.key + " " + HexFormat.of().formatHex(body(answer)));
  }

  private static byte[] body(Answer answer) {
    byte[] bytes = answer.bytes();
    byte[] body = new byte[bytes.length - MessageHeaderDecoder.ENCODED_LENGTH];
    System.arraycopy(bytes, MessageHeaderDecoder.ENCODED_LENGTH, body, 0, body.length);
    return body;
  }

  private static TestRequest purchase(int card, long key, int mcc, long amount) {
    TestRequest request = new TestRequest();
    request.card = card;
    request.key = key;
    request.stan = (int) key;
    request.rrn = String.format("%012d", key);
    request.mcc = mcc;
    request.amount = amount;
    return request;
  }

  List<String> answers() {
    return List.copyOf(answers);
  }

  /** Asserts that {@code loaded}, at {@link #END_MS} or a second later, is in this state, and goes on from it. */
  static void assertIn(EngineFixture loaded, List<String> answers) {
    loaded.engine.checkInvariants();
    assertRepeats(loaded, answers);
    assertCards(loaded);
    Answer tooMuch = loaded.send(purchase(ANNAS_OTHER_CARD, 501, FOOD, 351_00));
    assertEquals(DeclineReason.CATEGORY_DAY_AMOUNT, tooMuch.reason(), "150 kr of today's 500 are counted");
    assertEquals(300_00, tooMuch.savingsAvailable());
    assertNull(loaded.send(purchase(ANNAS_OTHER_CARD, 502, FOOD, 350_00)).reason());
    assertEquals(
        DeclineReason.APPROVAL_EDUCATION, loaded.send(purchase(ANNA, 503, SCHOOL, 1_00)).reason());
    Answer more = loaded.send(purchase(BERIT, 504, FOOD, 125_00));
    assertEquals(120_00, more.earmark(), "of 300 kr, 150 are spent and 30 held");
    assertEquals(0, more.earmarkAvailable());
    assertEquals(NONE, loaded.send(purchase(DORA, 505, FOOD, 1_00)).savingsAvailable());
    assertNull(loaded.move(ANNA, PurseMoveDirection.TO_SAVINGS, 50_00, 3).refusal());
    assertNotNull(loaded.move(ANNA, PurseMoveDirection.TO_CASH, 50_00, 2).refusal(), "a move that was made");
    assertNotNull(loaded.move(ANNA, PurseMoveDirection.TO_SAVINGS, 951_00, 4).refusal(), "50 kr of this month's 1,000");
    LoadTerms last = new LoadTerms(2611, 7_000_00, 3_000_00, RUN, TestPolicy.PROGRAMME, List.of());
    assertNull(loaded.load(CILLA, last).refusal());
    assertNotNull(loaded.load(CILLA, last).refusal(), "loaded for that month");
    loaded.engine.checkInvariants();
    loaded.timeMs += 40 * EngineFixture.DAY_MS;
    loaded.tick(1_000);
    loaded.tick(1_000);
    assertNull(loaded.send(purchase(ANNA, 506, FOOD, 400_00)).reason(), "another day and month");
    loaded.engine.checkInvariants();
  }

  /** Each gets the bytes that it got then; what decisions have been given since lies behind them. */
  private static void assertRepeats(EngineFixture loaded, List<String> answers) {
    for (String line : answers) {
      String[] parts = line.split(" ", -1);
      TestRequest request = new TestRequest();
      request.key = Long.parseLong(parts[0]);
      Answer again = loaded.send(request);
      assertTrue(again.remembered(), line);
      String bytes = HexFormat.of().formatHex(body(again));
      assertTrue(bytes.startsWith(parts[1]), line + " became " + bytes);
    }
  }

  private static void assertCards(EngineFixture loaded) {
    CardView anna = view(loaded, ANNA);
    assertEquals(300_00L, anna.savingsMinor());
    assertEquals(7_000_00 - 300_00 - 80_00 - 100_00 - 50_00, anna.cashAvailableMinor());
    assertEquals(150_00, anna.cashHeldMinor());
    assertEquals(150_00, used(anna, CardView.Bound.DAY));
    assertEquals(2, used(anna, CardView.Bound.DAY_COUNT));
    CardView berit = view(loaded, BERIT);
    assertNull(berit.savingsMinor());
    CardView.Earmark earmark = berit.earmarks().getLast();
    assertEquals(
        List.of(120_00L, 30_00L, 150_00L),
        List.of(earmark.availableMinor(), earmark.heldMinor(), earmark.spentMinor()));
    CardView cilla = view(loaded, CILLA);
    assertEquals(CardStatus.FROZEN, cilla.status());
    assertEquals(StatusReason.SUSPECTED_MISUSE, cilla.statusReason());
    assertEquals((int) Math.floorDiv(END_MS, EngineFixture.DAY_MS) + 14, cilla.reviewDay());
    assertEquals(300_00, cilla.allowances().getFirst().leftMinor());
    CardView dora = view(loaded, DORA);
    assertEquals(70_00, dora.cashHeldMinor());
    assertEquals(0, dora.reviewDay());
    assertNull(dora.statusReason());
  }

  private static long used(CardView card, CardView.Bound bound) {
    return card.limits().stream()
        .filter(limit -> limit.bound() == bound && limit.category().isEmpty())
        .findFirst()
        .orElseThrow()
        .used();
  }

  private static CardView view(EngineFixture loaded, int card) {
    CardView view = loaded.engine.card(new UnsafeBuffer(EngineFixture.token(card)), 0);
    if (view == null) {
      throw new AssertionError("card " + card + " is missing");
    }
    return view;
  }

  /**
   * Writes the fixture of a format that is new: {@code FOLDER SEQUENCE}, in the test class path, once. The name of the
   * file that says what was answered does not change.
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    long sequence = Long.parseLong(arguments[1]);
    SnapshotScene scene = new SnapshotScene();
    SealKey sealKey = SealKey.derivedFrom(SnapshotFixturesTest.SEAL_SECRET.getBytes(UTF_8));
    Engine engine = scene.fixture.engine;
    SnapshotKey key =
        new SnapshotKey(sequence, scene.fixture.timeMs, 3, engine.digest(), Core.VERSION, 77, ROOM.requests());
    new SnapshotFolder(new FolderDisk(folder), sealKey).write(key, engine::writeState, SnapshotPace.UNBOUND, 1);
    Files.write(folder.resolve("answers.txt"), scene.answers(), US_ASCII);
  }
}
