package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import se.valfardskort.authorizer.pipeline.CounterCore;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.ReplayDifference;

/** What recovery makes of every kind of damage, on real files: a torn tail is cut, anything else refuses. */
final class JournalDamageTest {
  private static final int RECORD = 384;
  private static final int HEADER = JournalFormat.SEGMENT_HEADER_LENGTH;
  private static final int RECORDS = 5;
  private static final int END = HEADER + RECORDS * RECORD;
  private static final JournalSettings TINY =
      new JournalSettings(JournalSettings.Durability.FSYNC, 4096, 4096, 4096, 10_000);
  /** Each cut is recovered twice; every few are written on to in between. */
  private static final int STARTS_APART = 21;
  private static final long SEED = 20261122;

  private final Path folder;
  private byte[] whole = new byte[0];
  private Path segment;

  JournalDamageTest(@TempDir Path temporary) {
    this.folder = temporary.resolve("journal");
    this.segment = folder;
  }

  /** A journal of five records in two batches, as a crash right after the second sync leaves it. */
  @BeforeEach
  void crash() throws IOException {
    Path live = folder.resolveSibling("live");
    try (JournalRig rig = JournalRig.start(new FolderDisk(live), TINY)) {
      rig.appendMany(RECORDS, 3);
      JournalRig.image(live, folder);
    }
    segment = JournalRig.lastSegment(folder);
    whole = Files.readAllBytes(segment);
    assertEquals(TINY.segmentBytes(), whole.length);
    assertEquals(0, whole[END]);
  }

  private FaultyDisk disk() throws IOException {
    return new FaultyDisk(new FolderDisk(folder)).withoutForcing();
  }

  private JournalRig start() throws IOException {
    return JournalRig.start(disk(), TINY);
  }

  /** What lies after the place where the crash cut. */
  enum After {
    NOTHING,
    ZEROS,
    NOISE
  }

  @ParameterizedTest
  @EnumSource
  void shouldRecoverAPrefixWhereverTheTailIsCut(After after) throws Exception {
    Random random = new Random(SEED);
    for (int cut = END - 2 * RECORD; cut <= END; cut++) {
      byte[] torn = Arrays.copyOf(Arrays.copyOf(whole, cut), after == After.NOTHING ? cut : whole.length);
      if (after == After.NOISE) {
        byte[] noise = new byte[whole.length - cut];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, torn, cut, noise.length);
      }
      restoreWith(torn);

      // What follows the cut may happen to repeat the bytes that it replaced: then the record is whole after all.
      int same = Arrays.mismatch(torn, whole);
      int expected = ((same < 0 ? END : Math.min(same, END)) - HEADER) / RECORD;
      if (cut % STARTS_APART != 0) {
        assertEquals(expected, recovered().sequence(), "cut at " + cut + ", seed " + SEED);
        assertEquals(expected, recovered().sequence(), "once more, cut at " + cut + ", seed " + SEED);
        continue;
      }
      long hash;
      try (JournalRig rig = start()) {
        assertEquals(expected, rig.tail.end().sequence(), "cut at " + cut + ", seed " + SEED);
        assertEquals(1000L * expected, rig.tail.end().timeMs());
        rig.appendMany(2, 2);
        hash = rig.core.stateHash();
      }
      try (JournalRig again = start()) {
        assertEquals(2 + expected, again.tail.end().sequence(), "second start, cut at " + cut + ", seed " + SEED);
        assertEquals(0, again.tail.tornBytes());
        assertEquals(hash, again.core.stateHash());
      }
    }
  }

  private Position recovered() throws IOException {
    try (JournalFolder locked = JournalFolder.lock(disk())) {
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.RECOVER);
      return Recovery.replay(reader, new CounterCore(), (records, bytes, total) -> {});
    }
  }

  /** Puts the folder back to the crash, with other bytes in its segment. */
  private void restoreWith(byte[] bytes) throws IOException {
    Path anchor = folder.resolve("anchor");
    Path saved = folder.resolveSibling("anchor-of-the-crash");
    if (!Files.exists(saved)) {
      Files.copy(anchor, saved);
    }
    for (String name : new FolderDisk(folder).list()) {
      Files.delete(folder.resolve(name));
    }
    Files.copy(saved, anchor);
    Files.write(segment, bytes);
  }

  @Test
  void shouldSayWhatWasCut() throws Exception {
    byte[] torn = whole.clone();
    Arrays.fill(torn, END - 100, END, (byte) 0);
    Files.write(segment, torn);

    try (JournalRig rig = start()) {

      assertEquals(4, rig.tail.end().sequence());
      assertTrue(rig.tail.tornBytes() > 0);
      assertTrue(rig.tail.tornAt().endsWith(" at offset " + (END - RECORD)), rig.tail.tornAt());
    }
  }

  @Test
  void shouldRefuseAFlippedBitThatValidRecordsFollow() throws Exception {
    Random random = new Random(SEED);
    for (int at = 0; at < HEADER + 2 * RECORD; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(segment, flipped);

      String message = refusal();

      int record = Math.max(0, (at - HEADER) / RECORD);
      String offset = at < HEADER ? ", offset 0," : ", offset " + (HEADER + record * RECORD) + ",";
      assertTrue(message.contains(segment + offset), "byte " + at + ", seed " + SEED + ": " + message);
      assertTrue(message.contains("sequence " + (record + 1)), "byte " + at + ", seed " + SEED + ": " + message);
      assertArrayUnchanged(flipped);
    }
  }

  private void assertArrayUnchanged(byte[] expected) throws IOException {
    assertTrue(Arrays.equals(expected, Files.readAllBytes(segment)), "the refusing reader changed the file");
  }

  private String refusal() {
    return String.valueOf(assertThrows(JournalDamagedException.class, () -> start().close()).getMessage());
  }

  @Test
  void shouldCutAFlippedBitInALastRecordThatNothingSaysIsDurable() throws Exception {
    byte[] flipped = whole.clone();
    flipped[END - 50] ^= 4;
    Files.write(segment, flipped);

    try (JournalRig rig = start()) {
      assertEquals(4, rig.tail.end().sequence());
    }
  }

  @Test
  void shouldRefuseAFlippedBitInALastRecordThatTheAnchorCallsDurable() throws Exception {
    start().close();
    byte[] closed = Files.readAllBytes(segment);
    assertEquals(END, closed.length);
    closed[END - 50] ^= 4;
    Files.write(segment, closed);
    Files.delete(JournalRig.lastSegment(folder));

    String message = refusal();

    assertTrue(message.contains("offset " + (END - RECORD)), message);
    assertTrue(message.contains("sequence 5 was on stable storage"), message);
  }

  @Test
  void shouldRefuseWhenTheEndWasLost() throws Exception {
    start().close();
    Files.delete(JournalRig.lastSegment(folder));
    Files.write(segment, Arrays.copyOf(whole, END - RECORD));

    String message = refusal();

    assertTrue(message.contains("ends at sequence 4") && message.contains("sequence 5"), message);
  }

  @Test
  void shouldRefuseAMissingSegment() throws Exception {
    try (JournalRig rig = start()) {
      rig.appendMany(30, 5);
    }
    Files.delete(folder.resolve(new FolderDisk(folder).list().get(2)));

    String message = refusal();

    assertTrue(message.contains("what lies between is missing"), message);
  }

  @Test
  void shouldRefuseASoundRecordInTheWrongPlace() throws Exception {
    byte[] doubled = whole.clone();
    System.arraycopy(doubled, END - RECORD, doubled, END, RECORD);
    Files.write(segment, doubled);

    String message = refusal();

    assertTrue(message.contains("the record is sound, but its sequence is 5"), message);
  }

  @Test
  void shouldRefuseAZeroedRecordThatValidOnesFollow() throws Exception {
    byte[] hole = whole.clone();
    Arrays.fill(hole, END - 2 * RECORD, END - RECORD, (byte) 0);
    Files.write(segment, hole);

    String message = refusal();

    assertTrue(message.contains("zeros stand where a record should"), message);
  }

  @Test
  void shouldRefuseANewerFormat() throws Exception {
    byte[] newer = whole.clone();
    ByteBuffer bytes = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(JournalFormat.SEGMENT_VERSION_AT, 3);
    bytes.putInt(JournalFormat.SEGMENT_CRC_AT, JournalFormat.segmentCrc(bytes, 0));
    Files.write(segment, newer);

    String message = refusal();

    assertTrue(message.contains("format version 3"), message);
  }

  @Test
  void shouldRefuseADamagedAnchor() throws Exception {
    byte[] anchor = Files.readAllBytes(folder.resolve("anchor"));
    anchor[12] ^= 1;
    Files.write(folder.resolve("anchor"), anchor);

    String message = refusal();

    assertTrue(message.contains("anchor is damaged"), message);
  }

  @Test
  void shouldRefuseAJournalWithoutItsAnchor() throws Exception {
    Files.delete(folder.resolve("anchor"));

    String message = refusal();

    assertTrue(message.contains("anchor is missing"), message);
  }

  @Test
  void shouldRefuseRecordsOfAnEngineThatThisProgramDoesNotContain() throws Exception {
    byte[] newer = whole.clone();
    ByteBuffer bytes = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort(HEADER + JournalFormat.ENGINE_VERSION_AT, (short) 9);
    bytes.putInt(
        HEADER + JournalFormat.CRC_AT, JournalFormat.recordCrc(new CRC32C(), bytes.duplicate(), HEADER, RECORD));
    Files.write(segment, newer);

    ReplayDifference refused = assertThrows(ReplayDifference.class, () -> start().close());

    assertTrue(String.valueOf(refused.getMessage()).contains("engine version 9"), refused.getMessage());
  }

  @Test
  void shouldNameTheFieldsThatReplayDecidesOtherwise() throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk())) {
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.INSPECT);

      ReplayDifference difference = assertThrows(
          ReplayDifference.class, () -> Recovery.replay(reader, new CounterCore(1), (records, bytes, total) -> {}));

      String message = String.valueOf(difference.getMessage());
      assertTrue(message.contains("sequence 1 "), message);
      assertTrue(message.contains("approvedMinor 1 | 2; cashAvailableMinor 1 | 2;"), message);
    }
    assertArrayUnchanged(whole);
  }
}
