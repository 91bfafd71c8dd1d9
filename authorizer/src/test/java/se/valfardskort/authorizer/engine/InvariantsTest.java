package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The invariants' own test: a state that was tampered with is found out, and the invariant is named. */
final class InvariantsTest {
  private static final int ANNA = 7;

  /** An {@link ArrayStore} whose tables the test can reach into. */
  private static final class OpenStore implements EngineStore {
    private final ArrayStore store = new ArrayStore();
    private final Map<String, Rows> tables = new HashMap<>();

    @Override
    public Directory directory(String name, int keyLength, int capacity) {
      return store.directory(name, keyLength, capacity);
    }

    @Override
    public Rows rows(String name, int rowLength, int capacity) {
      Rows rows = store.rows(name, rowLength, capacity);
      tables.put(name, rows);
      return rows;
    }

    void add(String table, int row, int offset, long delta) {
      Rows rows = tables.get(table);
      if (rows == null) {
        throw new IllegalArgumentException(table);
      }
      UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
      rows.wrap(buffer, row);
      buffer.putLong(offset, buffer.getLong(offset) + delta);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private final OpenStore store = new OpenStore();
  private final EngineFixture fixture = EngineFixture.configured(EngineCapacity.small(), store);

  private void prepare() {
    fixture.card(ANNA);
    TestRequest request = fixture.request(ANNA);
    request.merchant = "BARNKOOP0000001";
    request.amount = 3_500_00;
    fixture.send(request);
    TestRequest declined = fixture.request(ANNA);
    declined.mcc = 7995;
    fixture.send(declined);
    fixture.openRun(TestPolicy.PROGRAMME, 2611, 77, 3, 900_00, 300_00);
    fixture.engine.checkInvariants();
  }

  @ParameterizedTest
  @CsvSource({
    "cards, 0, 72, 1, invariant 1",
    "cards, 0, 72, -1, invariant 1",
    "cards, 0, 88, 1, invariant 1",
    "cards, 0, 112, 5, invariant 1",
    "cards, 0, 80, 5, invariant 1",
    "cards, 0, 104, 1, invariant 3",
    "originals, 0, 88, -1, invariant 3",
    "originals, 0, 88, 1, invariant 5",
    "originals, 0, 80, 1, invariant 5",
    "originals, 0, 56, 1, invariant 4",
    "originals, 0, 272, -1, invariant 5",
    "originals, 0, 288, 300001, invariant 6",
    "originals, 0, 296, 50001, invariant 6",
    "cards, 0, 160, 1, invariant 2",
    "cards, 0, 168, -1, stand-in exposure -1",
    "cards, 0, 184, -1, capped category 0 is below 0",
    "cards, 0, 208, -1, capped category 3 is below 0",
    "merchants, 0, 0, 1, invariant 8",
    "programmes, 1, 0, -1, invariant 2",
    "programmes, 1, 16, 1, invariant 2",
    "programmes, 1, 24, 1, invariant 2",
    "programmes, 1, 32, -1, set aside",
    "load-runs, 0, 24, -1, set aside",
    "load-runs, 0, 48, 1, set aside",
    "load-runs, 0, 40, 90001, loaded more than it announced",
    "settlement, 1, 64, 1, acquirers' totals come to 1",
    "requests, 0, 0, 1, the answer in slot 0 is not found",
    "cards, 0, 24, 1, panToken",
    "cards, 0, 16, 1, tombstones"
  })
  void shouldNameTheInvariantThatIsBroken(String table, int row, int offset, long delta, String named) {
    prepare();

    store.add(table, row, offset, delta);

    IllegalStateException broken =
        assertThrows(IllegalStateException.class, fixture.engine::checkInvariants);
    assertTrue(String.valueOf(broken.getMessage()).contains(named), broken::toString);
  }

  @Test
  void shouldSeeEveryTamperingInTheStateHash() {
    prepare();
    long before = fixture.engine.stateHash();
    tamper("cards", 8, before);
    tamper("cards", 72, before);
    tamper("originals", 8, before);
    tamper("merchants", 8, before);
    tamper("load-runs", 16, before);
    assertTrue(before == fixture.engine.stateHash());
  }

  private void tamper(String table, int offset, long before) {
    store.add(table, 0, offset, 1);
    assertTrue(before != fixture.engine.stateHash(), table);
    store.add(table, 0, offset, -1);
  }
}
