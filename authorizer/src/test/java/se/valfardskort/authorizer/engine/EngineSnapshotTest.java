package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SectionDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SectionEncoder;
import se.valfardskort.authorizer.storage.ChronicleStore;

/** What a snapshot must bring back, and which engine may not take it. RandomRunTest goes on from many. */
final class EngineSnapshotTest {
  private static final int ANNA = 7;
  private static final int NEW_CARD = 8;
  private static final EngineCapacity ROOM = new EngineCapacity(10, 10, 100, 50, 60, 3, 1 << 18);

  private final EngineFixture fixture = EngineFixture.configured(ROOM);

  private MemoryFrames written() {
    fixture.card(ANNA);
    TestRequest declined = fixture.request(ANNA);
    declined.mcc = 7995;
    fixture.send(declined);
    fixture.send(fixture.request(ANNA));
    return MemoryFrames.of(fixture.engine);
  }

  @Test
  void shouldBringAnEmptyEngineBack() throws Exception {
    Engine fresh = new Engine(new ArrayStore(), ROOM);
    Engine loaded = new Engine(new ArrayStore(), ROOM);

    MemoryFrames.of(fresh).readInto(loaded);

    assertEquals(fresh.stateHash(), loaded.stateHash());
    loaded.checkInvariants();
  }

  @Test
  void shouldRememberWhatWasAnsweredAndOpenCardsBesideTheOld() throws Exception {
    written();
    TestRequest repeated = fixture.request(ANNA);
    Answer first = fixture.send(repeated);
    MemoryFrames frames = MemoryFrames.of(fixture.engine);
    EngineFixture second = new EngineFixture(ROOM);
    frames.readInto(second.engine);
    second.timeMs = fixture.timeMs;

    Answer again = second.send(repeated);

    assertTrue(again.remembered());
    assertEquals(first.bytes().length, again.bytes().length);
    assertEquals(first.authCode(), again.authCode());
    assertEquals(1, second.card(NEW_CARD).cardId());
    TestRequest purchase = second.request(NEW_CARD);
    purchase.key = repeated.key + 1;
    assertNull(second.send(purchase).reason());
    second.engine.checkInvariants();
  }

  @Test
  void shouldKeepAConfigurationThatIsBeingSent() throws Exception {
    byte[] next = ConfigurationCodec.encode(TestPolicy.configuration());
    fixture.chunk(next, 0);
    EngineFixture second = new EngineFixture(ROOM);
    MemoryFrames.of(fixture.engine).readInto(second.engine);
    second.timeMs = fixture.timeMs;

    for (int index = 1; index < Commands.configurationChunks(next.length); index++) {
      assertNull(second.chunk(next, index).refusal());
    }

    assertNull(second.activateOnly(next).refusal());
    assertEquals(
        TestPolicy.configuration().programmes(), second.engine.activeConfiguration().programmes());
  }

  @ParameterizedTest
  @CsvSource({
    "11, 11, 200, 60, 4, 2097152",
    "20, 30, 100, 70, 3, 262144",
    "10, 10, 100, 60, 16, 262144"
  })
  void shouldFitWhereThereIsMoreRoom(
      int cards, int accounts, int originals, int merchants, int capped, int configuration) throws Exception {
    MemoryFrames frames = written();
    EngineCapacity larger = new EngineCapacity(cards, accounts, originals, 50, merchants, capped, configuration);
    EngineFixture second = new EngineFixture(larger);

    frames.readInto(second.engine);

    second.timeMs = fixture.timeMs;
    second.engine.checkInvariants();
    assertEquals(fixture.engine.digest(), second.engine.digest());
    assertEquals(fixture.send(fixture.request(ANNA)), second.send(sameRequest()));
    assertEquals(fixture.engine.digest(), second.engine.digest());
  }

  /** The one that the first engine got last. */
  private TestRequest sameRequest() {
    TestRequest request = new TestRequest();
    request.card = ANNA;
    request.key = fixture.newKey() - 1;
    request.stan = (int) (request.key % 1_000_000);
    return request;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, 2, 50, 60, 3, 262144, 2 cards",
    "2, 1, 2, 50, 60, 3, 262144, 2 accounts",
    "2, 2, 1, 50, 60, 3, 262144, 2 originals",
    "2, 2, 2, 50, 1, 3, 262144, merchants",
    "2, 2, 2, 50, 60, 2, 262144, 3 capped categories",
    "2, 2, 2, 50, 60, 3, 100, configuration bytes",
    "2, 2, 2, 51, 60, 3, 262144, set requests back to 50"
  })
  void shouldRefuseWhereThereIsLessRoom(
      int cards, int accounts, int originals, int requests, int merchants, int capped, int bytes, String said) {
    written();
    fixture.card(NEW_CARD);
    fixture.send(fixture.request(NEW_CARD));
    MemoryFrames frames = MemoryFrames.of(fixture.engine);
    Engine second =
        new Engine(
            new ArrayStore(), new EngineCapacity(cards, accounts, originals, requests, merchants, capped, bytes));

    StateMisfitException refused = assertThrows(StateMisfitException.class, () -> frames.readInto(second));

    assertTrue(String.valueOf(refused.getMessage()).contains(said), refused.getMessage());
  }

  @Test
  void shouldRefuseANewerSchemaAndANewerLayout() {
    MemoryFrames newerSchema = written();
    new UnsafeBuffer(newerSchema.frames.get(0)).putShort(6, (short) (MessageHeaderDecoder.SCHEMA_VERSION + 1));
    MemoryFrames newerLayout = MemoryFrames.of(fixture.engine);
    int section = MessageHeaderDecoder.ENCODED_LENGTH + SectionEncoder.layoutEncodingOffset();
    new UnsafeBuffer(newerLayout.frames.get(1)).putShort(section, (short) (StateTable.CONFIGURATION.layout + 1));

    for (MemoryFrames newer : new MemoryFrames[] {newerSchema, newerLayout}) {
      StateMisfitException refused =
          assertThrows(StateMisfitException.class, () -> newer.readInto(new Engine(new ArrayStore(), ROOM)));
      assertTrue(String.valueOf(refused.getMessage()).contains("newer release wrote it"), refused.getMessage());
    }
  }

  @Test
  void shouldNoticeEveryByteOfATableThatIsNotWhatItWas() throws Exception {
    MemoryFrames frames = written();
    try (ChronicleStore store = new ChronicleStore()) {
      frames.readInto(new Engine(store, ROOM));
    }
    int cards = frameOf(frames, "cards") + 1;
    frames.frames.get(cards)[16 + 8] ^= 1;

    IllegalStateException broken =
        assertThrows(IllegalStateException.class, () -> frames.readInto(new Engine(new ArrayStore(), ROOM)));

    assertTrue(String.valueOf(broken.getMessage()).contains("hash"), broken.getMessage());
  }

  private static int frameOf(MemoryFrames frames, String table) {
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    for (int index = 0; index < frames.frames.size(); index++) {
      header.wrap(frames.frame(index), 0);
      if (header.templateId() == SectionDecoder.TEMPLATE_ID
          && new SectionDecoder().wrapAndApplyHeader(frames.frame(index), 0, header).name().equals(table)) {
        return index;
      }
    }
    throw new IllegalArgumentException(table);
  }
}
