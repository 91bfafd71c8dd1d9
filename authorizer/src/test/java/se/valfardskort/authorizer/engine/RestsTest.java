package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.RowsDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SectionDecoder;

/** What few have lies in rows of its own: others do not touch them, and what is over is used again. */
final class RestsTest {
  private static final int ANNA = 7;
  private static final int BERIT = 8;
  private static final int REQUESTS = 3;
  private static final EngineCapacity ROOM = new EngineCapacity(10, 10, 40, REQUESTS, 60, 4, 1 << 18);

  /** Notes how often a table's rows were pointed at, and the last of them. */
  private static final class WatchingStore implements EngineStore {
    private final ArrayStore store = new ArrayStore();
    final Map<String, Integer> looks = new TreeMap<>();
    final Map<String, Integer> last = new TreeMap<>();

    @Override
    public Directory directory(String name, int keyLength, int capacity) {
      return store.directory(name, keyLength, capacity);
    }

    @Override
    public Rows rows(String name, int rowLength, int capacity) {
      Rows rows = store.rows(name, rowLength, capacity);
      return new Rows() {
        @Override
        public int capacity() {
          return rows.capacity();
        }

        @Override
        public int rowLength() {
          return rows.rowLength();
        }

        @Override
        public void wrap(UnsafeBuffer row, int id) {
          looks.merge(name, 1, Integer::sum);
          last.merge(name, id, Math::max);
          rows.wrap(row, id);
        }
      };
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private final WatchingStore store = new WatchingStore();
  private final EngineFixture fixture = EngineFixture.configured(ROOM, store);

  @AfterEach
  void shouldKeepTheInvariants() {
    fixture.engine.checkInvariants();
  }

  private TestRequest purchase(int card, long amount) {
    TestRequest request = fixture.request(card);
    request.amount = amount;
    return request;
  }

  private Answer decline(int card) {
    TestRequest request = purchase(card, 10_00);
    request.mcc = 7995;
    return fixture.send(request);
  }

  private void saveAsBerit() {
    fixture.card(BERIT);
    assertNull(fixture.move(BERIT, PurseMoveDirection.TO_SAVINGS, 100_00, 1).refusal());
  }

  private int looks(String table) {
    return store.looks.getOrDefault(table, 0);
  }

  @Test
  void shouldLeaveThemAloneOnEveryPathOfOneWhoHasNothingThere() {
    fixture.card(ANNA);
    saveAsBerit();
    int holderLooks = looks("holder-rests");
    assertNotEquals(0, holderLooks);

    for (int round = 0; round < 10; round++) {
      TestRequest hold = purchase(ANNA, 50_00);
      assertNull(fixture.send(hold).reason());
      assertTrue(fixture.send(hold).remembered());
      fixture.send(hold.completion(fixture.newKey(), 40_00));
      TestRequest paid = purchase(ANNA, 20_00);
      paid.messageClass = MessageClass.FINANCIAL;
      fixture.send(paid);
      fixture.send(paid.refund(fixture.newKey(), 5_00));
      fixture.send(paid.reversal(fixture.newKey()));
      decline(ANNA);
      fixture.timeMs += 20 * EngineFixture.DAY_MS;
      fixture.tick(100);
    }
    fixture.load(ANNA, 2612, 100_00, 0);

    assertEquals(holderLooks, looks("holder-rests"));
    assertEquals(0, looks("rests"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldBeFreedWithWhatTheyBelongTo(boolean declined) {
    saveAsBerit();

    for (int round = 0; round < 100; round++) {
      Answer answer = declined ? decline(BERIT) : fixture.send(purchase(BERIT, 10_00));
      assertEquals(100_00, answer.savingsAvailable());
      if (round % 5 == 0) {
        fixture.timeMs += 20 * EngineFixture.DAY_MS;
        fixture.tick(100);
        fixture.tick(100);
      }
      fixture.engine.checkInvariants();
    }

    int most = declined ? REQUESTS : 10;
    assertTrue(store.last.getOrDefault("rests", 0) < most, store.last::toString);
  }

  @Test
  void shouldTakeTheRestAwayWhenTheAnswerInItsPlaceTellsLess() {
    saveAsBerit();
    fixture.card(ANNA);
    for (int each = 0; each < REQUESTS; each++) {
      decline(BERIT);
    }
    for (int each = 0; each < REQUESTS; each++) {
      assertEquals(Long.MIN_VALUE, decline(ANNA).savingsAvailable());
    }
    fixture.engine.checkInvariants();
    for (int each = 0; each < REQUESTS; each++) {
      decline(BERIT);
    }

    assertEquals(REQUESTS - 1, store.last.get("rests"));
  }

  @Test
  void shouldBeInASnapshotUpToTheLastThatHasAnything() throws Exception {
    fixture.card(ANNA);
    fixture.card(BERIT);
    fixture.card(9);
    long before = fixture.engine.stateHash();
    fixture.change(BERIT, CardStatus.FROZEN);
    assertNotEquals(before, fixture.engine.stateHash());
    EngineFixture second = new EngineFixture(ROOM);

    MemoryFrames.of(fixture.engine).readInto(second.engine);

    assertEquals(fixture.engine.stateHash(), second.engine.stateHash());
    assertEquals(1, store.last.get("holder-rests"));
  }

  /** Rows are looked at again after each 64 that were written. */
  @ParameterizedTest
  @CsvSource({"'0', 1", "'299', 1", "'3 4 299', 65", "'0 70 299', 129", "'0 1 2 63 64 65 66 290', 129"})
  void shouldLeaveOutWhatIsNothingInASnapshot(String frozen, int written) throws Exception {
    EngineCapacity wide = new EngineCapacity(300, 300, 40, REQUESTS, 60, 4, 1 << 18);
    EngineFixture many = EngineFixture.configured(wide);
    for (int card = 0; card < 300; card++) {
      many.open(card, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    }
    for (String card : frozen.split(" ", -1)) {
      assertNull(many.change(Integer.parseInt(card), CardStatus.FROZEN).refusal());
    }
    EngineFixture second = new EngineFixture(wide);

    MemoryFrames frames = MemoryFrames.of(many.engine);
    frames.readInto(second.engine);

    assertEquals(many.engine.stateHash(), second.engine.stateHash());
    assertEquals(written, rowsOf(frames, "holder-rests"));
  }

  private static int rowsOf(MemoryFrames frames, String table) {
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    int rows = 0;
    boolean inTable = false;
    for (int index = 0; index < frames.frames.size(); index++) {
      header.wrap(frames.frame(index), 0);
      if (header.templateId() == SectionDecoder.TEMPLATE_ID) {
        inTable = new SectionDecoder().wrapAndApplyHeader(frames.frame(index), 0, header).name().equals(table);
      } else if (inTable && header.templateId() == RowsDecoder.TEMPLATE_ID) {
        rows += new RowsDecoder().wrapAndApplyHeader(frames.frame(index), 0, header).rows();
      }
    }
    return rows;
  }

  @Test
  void shouldCountInTheRowsOfTheirOwnWhereAProgrammeLimits() {
    fixture.activate(TestPolicy.withLimits(new Limits(-1, 100_00, -1, -1, -1), Map.of()));
    fixture.card(ANNA);
    int looks = looks("holder-rests");

    assertNull(fixture.send(purchase(ANNA, 90_00)).reason());

    assertNotEquals(looks, looks("holder-rests"));
  }
}
