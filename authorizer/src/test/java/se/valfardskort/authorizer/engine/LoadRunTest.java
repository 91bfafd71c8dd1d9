package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.LoadStatement.Component;
import se.valfardskort.authorizer.domain.LoadStatement.Kind;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadKind;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;

/** A run of loads: its total is set aside or it is refused whole, a card is loaded once, what is left goes back. */
final class LoadRunTest {
  private static final int ANNA = 7;
  private static final int BERIT = 8;
  private static final int CECILIA = 9;
  private static final int STRANGER = 10;
  private static final int HERE = TestPolicy.PROGRAMME;
  private static final int THERE = TestPolicy.OTHER_PROGRAMME;
  private static final long POOL = 1_000_00;
  private static final long BACKING = 500_00;
  private static final long KEY = 4_711;

  private final EngineFixture fixture = new EngineFixture();

  @BeforeEach
  void openCards() {
    fixture.activate(TestPolicy.configuration());
    fixture.fundPool(HERE, POOL);
    fixture.fundPool(THERE, POOL);
    fixture.fundTreasury(BACKING);
    for (int card : new int[] {ANNA, BERIT, CECILIA}) {
      fixture.open(card, -1, HERE, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    }
    fixture.open(STRANGER, -1, THERE, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
  }

  private Answer load(int card, int period, long cash, long hjartan, Component... components) {
    return fixture.load(card, new LoadTerms(period, cash, hjartan, KEY, HERE, List.of(components)));
  }

  private LoadRunView run() {
    return fixture.engine.loadRun(HERE);
  }

  private long book(String account) {
    return fixture.engine.books().getOrDefault(account, Long.MIN_VALUE);
  }

  @Test
  void shouldSetTheTotalAsideLoadOutOfItAndGiveBackTheRest() {
    Answer opened = fixture.openRun(HERE, 2611, KEY, 3, 900_00, 400_00);

    assertNull(opened.refusal());
    assertEquals(Effect.LOAD_RUN_OPENED, opened.effect());
    assertEquals(900_00, opened.cash());
    assertEquals(400_00, opened.hjartan());
    assertEquals(100_00, run().poolMinor());
    assertEquals(100_00, run().backingMinor());
    assertEquals(900_00, book("POOL_RESERVED"));
    assertEquals(400_00, book("BACKING_RESERVED"));
    fixture.engine.checkInvariants();

    Answer anna = load(ANNA, 2611, 300_00, 100_00);
    Answer berit = load(BERIT, 2611, 250_00, 0);

    assertEquals(Effect.LOADED, anna.effect());
    assertEquals(300_00, anna.cashAvailable());
    assertEquals(100_00, anna.hjartanAvailable());
    assertNull(berit.refusal());
    assertEquals(new LoadRunView(HERE, KEY, true, 2611, 3, 2, 900_00, 550_00, 400_00, 100_00, 100_00, 100_00), run());
    fixture.engine.checkInvariants();

    Answer closed = fixture.closeRun(HERE, KEY);

    assertEquals(Effect.LOAD_RUN_CLOSED, closed.effect());
    assertEquals(350_00, closed.cash());
    assertEquals(300_00, closed.hjartan());
    assertEquals(new LoadRunView(HERE, KEY, false, 2611, 3, 2, 900_00, 550_00, 400_00, 100_00, 450_00, 400_00), run());
    assertEquals(0, book("POOL_RESERVED"));
    assertEquals(0, book("BACKING_RESERVED"));
    assertEquals(BACKING, fixture.engine.backingMinor());
    fixture.engine.checkInvariants();
  }

  @Test
  void shouldRefuseWholeWhatThePoolOrTheBackingCannotPayAndNameWhatIsMissing() {
    Answer poor = fixture.openRun(HERE, 2611, KEY, 3, POOL + 12_34, BACKING + 56);
    assertEquals(CommandRefusal.POOL_SHORT, poor.refusal());
    assertEquals(Effect.NOTHING, poor.effect());
    assertEquals(12_34, poor.cash());
    assertEquals(56, poor.hjartan());
    Answer unbacked = fixture.openRun(HERE, 2611, KEY, 3, POOL, BACKING + 1);
    assertEquals(CommandRefusal.BACKING_SHORT, unbacked.refusal());
    assertEquals(0, unbacked.cash());
    assertEquals(1, unbacked.hjartan());
    assertEquals(CommandRefusal.LOAD_RUN_NOT_OPEN, load(ANNA, 2611, 1, 0).refusal(), "nothing is cut card by card");
    assertEquals(POOL, run().poolMinor());

    assertNull(fixture.openRun(HERE, 2611, KEY, 3, POOL, BACKING).refusal());
    fixture.engine.checkInvariants();
  }

  /** Of another programme: its pool is its own, the treasury is everybody's. */
  @Test
  void shouldLetNothingElseTakeWhatIsSetAside() {
    fixture.openRun(HERE, 2611, KEY, 3, POOL, BACKING - 1_00);

    assertEquals(CommandRefusal.POOL_SHORT, fixture.load(CECILIA, 0, 1, 0).refusal());
    assertEquals(CommandRefusal.BACKING_SHORT, fixture.load(STRANGER, 0, 0, 1_01).refusal());
    assertEquals(CommandRefusal.BACKING_SHORT, fixture.openRun(THERE, 2611, 1, 1, 0, 1_01).refusal());
    assertNull(fixture.load(STRANGER, 0, 10_00, 1_00).refusal());
    assertNull(load(ANNA, 2611, POOL, BACKING - 1_00).refusal());

    assertNull(fixture.closeRun(HERE, KEY).refusal());
    fixture.engine.checkInvariants();
  }

  @Test
  void shouldSayOfASecondTryThatItWasDone() {
    fixture.openRun(HERE, 2611, KEY, 2, 200_00, 0);
    assertEquals(CommandRefusal.LOAD_RUN_OPEN_ALREADY, fixture.openRun(HERE, 2611, KEY, 2, 200_00, 0).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_KEY_INVALID, fixture.openRun(HERE, 2612, KEY, 2, 200_00, 0).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_KEY_INVALID, fixture.openRun(HERE, 2611, KEY, 3, 200_00, 0).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_KEY_INVALID, fixture.openRun(HERE, 2611, KEY, 2, 200_01, 0).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_KEY_INVALID, fixture.openRun(HERE, 2611, KEY, 2, 200_00, 1).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_OTHER_OPEN, fixture.openRun(HERE, 2611, KEY + 1, 2, 200_00, 0).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_NOT_OPEN, fixture.closeRun(HERE, KEY + 1).refusal());
    load(ANNA, 2611, 100_00, 0);
    assertEquals(CommandRefusal.PERIOD_ALREADY_LOADED, load(ANNA, 2611, 100_00, 0).refusal());

    fixture.closeRun(HERE, KEY);
    assertEquals(CommandRefusal.LOAD_RUN_CLOSED_ALREADY, fixture.closeRun(HERE, KEY).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_CLOSED_ALREADY, fixture.openRun(HERE, 2611, KEY, 2, 200_00, 0).refusal());
    assertEquals(CommandRefusal.PERIOD_ALREADY_LOADED, load(ANNA, 2611, 100_00, 0).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_NOT_OPEN, load(BERIT, 2611, 100_00, 0).refusal());
    assertEquals(POOL - 100_00, run().poolMinor());
  }

  @Test
  void shouldKnowTheKeysOfTheEightRunsBeforeTheLastOne() {
    for (int run = 1; run <= 10; run++) {
      assertNull(fixture.openRun(HERE, 2611, run, 1, 1, 0).refusal());
      assertNull(fixture.closeRun(HERE, run).refusal());
    }

    for (int run = 2; run <= 10; run++) {
      assertEquals(CommandRefusal.LOAD_RUN_CLOSED_ALREADY, fixture.openRun(HERE, 2611, run, 1, 1, 0).refusal());
    }
    assertNull(fixture.openRun(HERE, 2611, 1, 1, 1, 0).refusal(), "the ninth before is forgotten");
    assertEquals(CommandRefusal.LOAD_RUN_CLOSED_ALREADY, fixture.closeRun(HERE, 10).refusal());
    fixture.engine.checkInvariants();
  }

  @Test
  void shouldLoadLateAdditionsOfAPeriodInAnotherRunAndNobodyTwice() {
    fixture.openRun(HERE, 2611, KEY, 1, 100_00, 0);
    load(ANNA, 2611, 100_00, 0);
    fixture.closeRun(HERE, KEY);

    assertNull(fixture.openRun(HERE, 2611, KEY + 1, 2, 200_00, 0).refusal());
    LoadTerms late = new LoadTerms(2611, 100_00, 0, KEY + 1, HERE, List.of());
    assertEquals(CommandRefusal.PERIOD_ALREADY_LOADED, fixture.load(ANNA, late).refusal());
    assertNull(fixture.load(BERIT, late).refusal());
    assertEquals(100_00, fixture.closeRun(HERE, KEY + 1).cash());
    assertEquals(POOL - 200_00, run().poolMinor());
  }

  /** Each row repairs only what the row above failed on. */
  @Test
  void shouldRefuseALoadForTheFirstOfItsFaults() {
    Component wrong = new Component(Kind.BASE, "", 1);
    assertEquals(CommandRefusal.AMOUNT_INVALID, load(99, 2613, -1, 0, wrong).refusal());
    assertEquals(CommandRefusal.PERIOD_INVALID, load(99, 2613, 600_00, 0, wrong).refusal());
    assertEquals(CommandRefusal.LOAD_COMPONENTS_INVALID, load(99, 2611, 600_00, 0, wrong).refusal());
    assertEquals(CommandRefusal.CARD_NOT_FOUND, load(99, 2611, 600_00, 0).refusal());
    assertEquals(CommandRefusal.LOAD_CARD_ELSEWHERE, load(STRANGER, 2611, 600_00, 0).refusal());
    fixture.load(ANNA, 2611, 1, 0);
    assertEquals(CommandRefusal.PERIOD_ALREADY_LOADED, load(ANNA, 2611, 600_00, 0).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_NOT_OPEN, load(BERIT, 2611, 600_00, 0).refusal());
    fixture.openRun(HERE, 2612, KEY, 1, 500_00, 5_00);
    assertEquals(CommandRefusal.LOAD_RUN_PERIOD, load(BERIT, 2611, 600_00, 0).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_EXHAUSTED, load(BERIT, 2612, 500_01, 0).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_EXHAUSTED, load(BERIT, 2612, 500_00, 5_01).refusal());
    assertNull(load(BERIT, 2612, 400_00, 4_00).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_EXHAUSTED, load(CECILIA, 2612, 1_00, 0).refusal(), "one card was announced");
    fixture.engine.checkInvariants();
  }

  /** Each row repairs only what the row above failed on. */
  @Test
  void shouldRefuseAnOpeningForTheFirstOfItsFaults() {
    assertEquals(CommandRefusal.PROGRAMME_UNKNOWN, fixture.openRun(99, 0, 0, 0, -1, 0).refusal());
    assertEquals(CommandRefusal.PERIOD_INVALID, fixture.openRun(HERE, 0, 0, 0, -1, 0).refusal());
    assertEquals(CommandRefusal.PERIOD_INVALID, fixture.openRun(HERE, 2613, 0, 0, -1, 0).refusal());
    assertEquals(CommandRefusal.LOAD_CARDS_INVALID, fixture.openRun(HERE, 2611, 0, 0, -1, 0).refusal());
    assertEquals(CommandRefusal.AMOUNT_INVALID, fixture.openRun(HERE, 2611, 0, 1, -1, 0).refusal());
    assertEquals(CommandRefusal.AMOUNT_INVALID, fixture.openRun(HERE, 2611, 0, 1, 0, 0).refusal());
    assertEquals(
        CommandRefusal.AMOUNT_INVALID, fixture.openRun(HERE, 2611, 0, 1, Long.MAX_VALUE, Long.MAX_VALUE).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_KEY_INVALID, fixture.openRun(HERE, 2611, 0, 1, 1, 0).refusal());
    assertNull(fixture.openRun(HERE, 2611, -1, 1, 1, 0).refusal());
    assertEquals(CommandRefusal.PROGRAMME_UNKNOWN, fixture.closeRun(99, -1).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_NOT_OPEN, fixture.closeRun(THERE, -1).refusal());
    assertEquals(CommandRefusal.LOAD_RUN_NOT_OPEN, fixture.closeRun(HERE, 0).refusal());
    assertNull(fixture.closeRun(HERE, -1).refusal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words"})
  void shouldRefuseALookOfNobody(String author) {
    assertEquals(CommandRefusal.AUTHOR_INVALID, fixture.lookAtRun(HERE, author).refusal());
  }

  @Test
  void shouldKeepALookAndChangeNothing() {
    LoadRunView before = run();

    assertEquals(Effect.READ, fixture.lookAtRun(HERE, "caseworker-1").effect());

    assertEquals(before, run());
    assertEquals(CommandRefusal.PROGRAMME_UNKNOWN, fixture.lookAtRun(99, "caseworker-1").refusal());
  }

  @Test
  void shouldTakeOnlyComponentsThatSumToTheLoad() {
    fixture.openRun(HERE, 2611, KEY, 3, POOL, BACKING);
    Component base = new Component(Kind.BASE, "", 80_00);
    Component taper = new Component(Kind.TAPER, "", -30_00);
    Component skills = new Component(Kind.SUPPLEMENT, "skills-2", 50_00);
    Component[] seventeen = new Component[17];
    Arrays.fill(seventeen, new Component(Kind.BASE, "", 1));

    assertComponentsRefused(60_00, 39_99, base, taper, skills);
    assertComponentsRefused(0, 80_00, new Component(Kind.BASE, "x", 80_00));
    assertComponentsRefused(0, 80_00, new Component(Kind.SUPPLEMENT, "", 80_00));
    assertComponentsRefused(0, 80_00, new Component(Kind.SUPPLEMENT, "A", 80_00));
    assertComponentsRefused(0, 80_00, new Component(Kind.SUPPLEMENT, "a".repeat(41), 80_00));
    assertComponentsRefused(0, 110_00, base, new Component(Kind.TAPER, "", 30_00));
    assertComponentsRefused(0, 50_00, base, new Component(Kind.RENT, "", -30_00));
    assertComponentsRefused(0, 17, seventeen);
    assertNull(load(ANNA, 2611, 60_00, 40_00, base, taper, skills).refusal());
    assertNull(load(BERIT, 2611, 0, 80_00, new Component(Kind.SUPPLEMENT, "a".repeat(40), 80_00)).refusal());
  }

  private void assertComponentsRefused(long cash, long hjartan, Component... components) {
    assertEquals(CommandRefusal.LOAD_COMPONENTS_INVALID, load(ANNA, 2611, cash, hjartan, components).refusal());
  }

  @Test
  void shouldKeepTheComponentsInTheCommandForAStatement() {
    Component rent = new Component(Kind.RENT, "", 90_00);
    load(ANNA, 2611, 60_00, 40_00, rent, new Component(Kind.SUPPLEMENT, "health", 10_00));
    byte[] journaled = fixture.journal.getLast().command;

    LoadDecoder load =
        new LoadDecoder().wrapAndApplyHeader(new UnsafeBuffer(journaled), 0, new MessageHeaderDecoder());
    LoadDecoder.ComponentsDecoder components = load.components();

    assertEquals(2, components.count());
    assertEquals(LoadKind.RENT, components.next().kind());
    assertEquals(90_00, components.amountMinor());
    assertEquals("", components.supplement());
    assertEquals(LoadKind.SUPPLEMENT, components.next().kind());
    assertEquals(10_00, components.amountMinor());
    assertEquals("health", components.supplement());
  }

  @Test
  void shouldGoOnWithARunAfterASnapshot() throws Exception {
    fixture.openRun(HERE, 2611, 1, 1, 1, 0);
    fixture.closeRun(HERE, 1);
    fixture.openRun(HERE, 2611, KEY, 3, 900_00, 400_00);
    load(ANNA, 2611, 300_00, 100_00);
    EngineFixture second = new EngineFixture();

    MemoryFrames.of(fixture.engine).readInto(second.engine);

    assertEquals(fixture.engine.stateHash(), second.engine.stateHash());
    second.engine.checkInvariants();
    second.timeMs = fixture.timeMs;
    assertEquals(run(), second.engine.loadRun(HERE));
    LoadTerms same = new LoadTerms(2611, 300_00, 100_00, KEY, HERE, List.of());
    assertEquals(CommandRefusal.PERIOD_ALREADY_LOADED, second.load(ANNA, same).refusal());
    assertNull(second.load(BERIT, same).refusal());
    assertEquals(300_00, second.closeRun(HERE, KEY).cash());
    assertEquals(CommandRefusal.LOAD_RUN_CLOSED_ALREADY, second.openRun(HERE, 2611, 1, 1, 1, 0).refusal());
  }
}
