package se.valfardskort.authorizer.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SnapshotDamagedException;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotInput;
import se.valfardskort.authorizer.storage.SnapshotKey;

/**
 * Snapshots as released formats wrote them, which must load for ever. The files of a format are never written again: a
 * change that alters them (a layout that rises, a field that is appended) is a new fixture in a folder of its own.
 */
final class SnapshotFixturesTest {
  private static final EngineCapacity ROOM = new EngineCapacity(20, 20, 100, 50, 100, 4, 1 << 20);
  /** Under which the fixtures are sealed. */
  static final String SEAL_SECRET = "the key of the fixtures: 32 bytes";
  private static final SealKey SEAL_KEY = SealKey.derivedFrom(SEAL_SECRET.getBytes(UTF_8));
  private static final int ANNA = 7;
  private static final int BERIT = 8;

  private final Path folder;

  SnapshotFixturesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /**
   * Format 1: Anna bought food for 100 kr (a hold), and for 60 kr with Hjartan at BARNKOOP0000001, of which 40 were
   * completed; was declined at a casino; Berit paid 30 kr at once, got 10 back, and reversed what never came. A second
   * configuration was being sent.
   */
  @Test
  void shouldLoadFormat1() throws Exception {
    EngineFixture fixture = new EngineFixture(ROOM);

    SnapshotKey key = load("format-1", 4_711, fixture.engine, null);

    assertEquals(new SnapshotKey(4_711, EngineFixture.START_MS, 3, fixture.engine.digest(), 2, 77, 50), key);
    assertAnnasAndBeritsAccounts(fixture);
  }

  /** Format 2: the same state, sealed. */
  @Test
  void shouldLoadFormat2WithItsKeyAndWhereNoSealIsAskedFor() throws Exception {
    for (SealKey sealKey : Arrays.asList(SEAL_KEY, null)) {
      EngineFixture fixture = new EngineFixture(ROOM);

      SnapshotKey key = load("format-2", 4_712, fixture.engine, sealKey);

      assertEquals(new SnapshotKey(4_712, EngineFixture.START_MS, 3, fixture.engine.digest(), 3, 77, 50), key);
      assertAnnasAndBeritsAccounts(fixture);
    }
  }

  @Test
  void shouldFindTheSceneWhereItWasJustPlayed() {
    SnapshotScene scene = new SnapshotScene();

    SnapshotScene.assertIn(scene.fixture, scene.answers());
  }

  /**
   * {@link SnapshotScene}, where there are as many counters as there were and more. Format 3: all of a holder in one
   * row, all of a decision with its original. Format 4: what few have, in rows of their own.
   */
  @ParameterizedTest
  @CsvSource({"format-3, 4713, 4", "format-3, 4713, 9", "format-4, 4714, 4", "format-4, 4714, 9"})
  void shouldLoadTheSceneOf(String format, long sequence, int cappedCategories) throws Exception {
    EngineCapacity room = SnapshotScene.ROOM;
    EngineFixture fixture =
        new EngineFixture(
            new EngineCapacity(
                room.cards() + 1, room.accounts() + 1, room.originals() + 1, room.requests(), room.merchants(),
                cappedCategories, room.configurationBytes()));

    SnapshotKey key = load(format, sequence, fixture.engine, SEAL_KEY);

    assertEquals(SnapshotScene.END_MS + 1_000, key.timeMs());
    assertEquals(fixture.engine.digest(), key.digest());
    fixture.timeMs = key.timeMs();
    SnapshotScene.assertIn(fixture, answersOf(format));
  }

  private static List<String> answersOf(String format) throws IOException {
    try (InputStream in = SnapshotFixturesTest.class.getResourceAsStream("/snapshots/" + format + "/answers.txt")) {
      return new String(requireNonNull(in).readAllBytes(), US_ASCII).lines().toList();
    }
  }

  @Test
  void shouldNotBelieveFormat2UnderAnotherKeyNorFormat1UnderAny() {
    Engine engine = new EngineFixture(ROOM).engine;

    assertThrows(
        SnapshotDamagedException.class,
        () -> load("format-2", 4_712, engine, SealKey.derivedFrom(new byte[32])));
    assertThrows(SnapshotDamagedException.class, () -> load("format-1", 4_711, engine, SEAL_KEY));
  }

  private static void assertAnnasAndBeritsAccounts(EngineFixture fixture) {
    assertEquals(2, fixture.engine.cards());
    assertEquals(6, fixture.engine.originals());
    fixture.engine.checkInvariants();
    Answer anna = fixture.send(inquiry(ANNA, 901));
    assertEquals(6_900_00, anna.cashAvailable());
    assertEquals(2_960_00, anna.hjartanAvailable());
    Answer berit = fixture.send(inquiry(BERIT, 902));
    assertEquals(6_980_00, berit.cashAvailable());
    TestRequest casino = purchase(ANNA, 103);
    casino.mcc = 7995;
    Answer again = fixture.send(casino);
    assertTrue(again.remembered());
    assertEquals(DeclineReason.BLOCKED_GAMBLING, again.reason());
    assertEquals(Long.MIN_VALUE, again.savingsAvailable(), "what was not known then is not told now");
    assertEquals(60_00, fixture.send(purchase(ANNA, 904)).approved());
    fixture.engine.checkInvariants();
  }

  private static TestRequest purchase(int card, long key) {
    TestRequest request = new TestRequest();
    request.card = card;
    request.key = key;
    request.stan = (int) key;
    request.rrn = String.format("%012d", key);
    request.amount = 60_00;
    return request;
  }

  private static TestRequest inquiry(int card, long key) {
    TestRequest request = purchase(card, key);
    request.processingCode = 310_000;
    request.amount = 0;
    return request;
  }

  private SnapshotKey load(String format, long sequence, Engine engine, @Nullable SealKey sealKey) throws IOException {
    String name = String.format("snapshot-%020d.snap", sequence);
    try (InputStream in = SnapshotFixturesTest.class.getResourceAsStream("/snapshots/" + format + "/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the fixture " + name + " is missing");
      }
      Files.write(folder.resolve(name), in.readAllBytes());
    }
    try (SnapshotInput input = new SnapshotFolder(new FolderDisk(folder), sealKey).open(sequence)) {
      engine.readState(input, input.key().engineVersion());
      engine.catchUp();
      engine.endReplay();
      return input.key();
    }
  }
}
