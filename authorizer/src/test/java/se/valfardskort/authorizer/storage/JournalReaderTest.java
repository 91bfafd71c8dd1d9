package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.Position;

/**
 * Which segments are read, from where on, and which sound record in the wrong place is refused. Most journals here have
 * 150 records of 384 bytes, the first at 1,000 ms and each a second later, in segments that begin with sequence 1, 43,
 * 85 and 127: 42 records and a header of 64 bytes fill the 16 KiB but for 192 bytes.
 */
final class JournalReaderTest {
  private static final int RECORD = 384;
  private static final int HEADER = JournalFormat.SEGMENT_HEADER_LENGTH;
  private static final int RECORDS = 150;
  private static final SealKey KEY = SealKey.derivedFrom(new byte[32]);

  private final Path folder;
  private final List<Long> visited = new ArrayList<>();

  JournalReaderTest(@TempDir Path root) {
    this.folder = root.resolve("journal");
  }

  private void write(int records, @Nullable SealKey key) throws IOException {
    try (JournalRig rig = JournalRig.start(disk(), JournalRig.SMALL, key)) {
      rig.appendMany(records, 7);
    }
  }

  private FaultyDisk disk() throws IOException {
    return new FaultyDisk(new FolderDisk(folder)).withoutForcing();
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  /** Opens a reader on the locked folder. */
  @FunctionalInterface
  private interface Opening {
    JournalReader open(JournalFolder locked);
  }

  private JournalReader read(@Nullable SealKey key, Opening opening) throws IOException {
    visited.clear();
    try (JournalFolder locked = JournalFolder.lock(disk(), key)) {
      JournalReader reader = opening.open(locked);
      assertEquals(reader.readAll(record -> visited.add(record.sequence)), reader.tail().end());
      return reader;
    }
  }

  private JournalReader inspect() throws IOException {
    return read(null, locked -> new JournalReader(locked, JournalReader.Mode.INSPECT));
  }

  private JournalReader inspectFrom(SnapshotKey start) throws IOException {
    return read(null, locked -> new JournalReader(locked, JournalReader.Mode.INSPECT, start));
  }

  private JournalReader inspectFromOldest(@Nullable SealKey key) throws IOException {
    return read(key, locked -> JournalReader.fromOldest(locked, JournalReader.Mode.INSPECT));
  }

  private JournalReader closed(SnapshotKey start) throws IOException {
    return read(null, locked -> new JournalReader(locked, JournalReader.Mode.CLOSED, start));
  }

  private void assertVisited(long first, long last) {
    assertEquals(last - first + 1, visited.size());
    for (int i = 0; i < visited.size(); i++) {
      assertEquals(first + i, visited.get(i));
    }
  }

  private static Position at(long sequence) {
    return new Position(sequence, 1000 * sequence);
  }

  private static void assertRefused(Reading reading, String... words) {
    String message = String.valueOf(assertThrows(JournalDamagedException.class, reading::read).getMessage());
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  @FunctionalInterface
  private interface Reading {
    JournalReader read() throws IOException;
  }

  @Test
  void shouldCountAllThatItReads() throws Exception {
    write(RECORDS, null);
    long total = 0;
    for (Path segment : segments()) {
      total += Files.size(segment);
    }

    JournalReader reader = inspect();

    assertVisited(1, RECORDS);
    assertEquals(at(RECORDS), reader.tail().end());
    assertEquals(4, reader.tail().segments());
    assertEquals(4, reader.tail().lastSegment());
    assertEquals(1, reader.tail().lastEpoch());
    assertEquals(0, reader.tail().tornBytes());
    assertEquals("", reader.tail().tornAt());
    assertEquals(total, reader.bytesTotal());
    assertEquals(4L * HEADER + RECORDS * RECORD, reader.bytesRead());
    assertEquals(1, reader.oldest());
  }

  @Test
  void shouldSayHowMuchIsTorn() throws Exception {
    write(5, null);
    Path segment = segments().getFirst();
    byte[] torn = Arrays.copyOf(Files.readAllBytes(segment), 8192);
    // Two more would follow: 100 bytes of noise in the place of the sixth, not on its end.
    Arrays.fill(torn, HEADER + 5 * RECORD, HEADER + 5 * RECORD + 100, (byte) 0x55);
    Files.write(segment, torn);

    JournalReader reader = inspect();

    assertEquals(at(5), reader.tail().end());
    assertEquals(100, reader.tail().tornBytes());
    assertTrue(reader.tail().tornAt().endsWith(" at offset 1984"), reader.tail().tornAt());
  }

  /** Record 2 of 5 is changed, and its CRC mended; it is of epoch 1, at 2,000 ms, and says that nothing was durable. */
  @ParameterizedTest
  @CsvSource({
    // place, length and value of the field; what is said; empty: nothing
    "8, 8, 3, its sequence is 3",
    "8, 8, 1, its sequence is 1",
    "3, 1, 9, its kind or version is not one of this segment's format",
    "3, 1, 2, ",
    // A seal, but without seals in the segment
    "3, 1, 3, its kind or version is not one of this segment's format",
    "2, 1, 2, its kind or version is not one of this segment's format",
    "2, 1, 3, 'the record''s version (3)'",
    "32, 4, 2, 'its epoch is 2, the segment''s is 1'",
    "32, 4, 0, 'its epoch is 0, the segment''s is 1'",
    "16, 8, 999, 'its time 999 is before the last one''s, 1000'",
    "16, 8, 1000, ",
    "24, 8, 2, it says that sequence 2 was durable before it",
    "24, 8, 1, "
  })
  void shouldRefuseASoundRecordThatIsNotWhereItBelongs(int place, int length, long value, @Nullable String said)
      throws Exception {
    write(5, null);
    Path segment = segments().getFirst();
    byte[] bytes = Files.readAllBytes(segment);
    change(bytes, HEADER + RECORD, RECORD, place, length, value);
    Files.write(segment, bytes);

    if (said == null) {
      inspect();
      assertVisited(1, 5);
    } else {
      assertRefused(this::inspect, said, ", offset " + (HEADER + RECORD) + ",", "where sequence 2 is expected");
    }
  }

  private static void change(byte[] bytes, int record, int recordLength, int place, int length, long value) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (length) {
      case 1 -> buffer.put(record + place, (byte) value);
      case 4 -> buffer.putInt(record + place, (int) value);
      default -> buffer.putLong(record + place, value);
    }
    buffer.putInt(
        record + JournalFormat.CRC_AT,
        JournalFormat.recordCrc(new CRC32C(), buffer.duplicate(), record, recordLength));
  }

  @Test
  void shouldRefuseASealedSegmentThatBeginsWithAnotherRecord() throws Exception {
    write(5, KEY);
    Path segment = segments().getFirst();
    byte[] bytes = Files.readAllBytes(segment);
    change(bytes, HEADER, SealChain.RECORD_LENGTH, JournalFormat.KIND_AT, 1, JournalFormat.KIND_DECIDED);
    Files.write(segment, bytes);

    assertRefused(this::inspect, "a segment begins with a seal", "but another record stands here");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReadFromTheOldestSegmentThatIsLeft(boolean sealed) throws Exception {
    SealKey key = sealed ? KEY : null;
    write(RECORDS, key);
    assertEquals(1, inspectFromOldest(key).oldest());
    assertVisited(1, RECORDS);
    List<Path> segments = segments();
    String third = segments.get(2).getFileName().toString();
    long first = Objects.requireNonNull(JournalFormat.parse(third)).firstSequence();
    Files.delete(segments.get(0));
    Files.delete(segments.get(1));

    JournalReader reader = inspectFromOldest(key);

    assertVisited(first, RECORDS);
    assertEquals(first, reader.oldest());
    assertEquals(at(RECORDS), reader.tail().end());
    assertEquals(sealed ? RECORDS : 0, reader.sealing().to());
    assertRefused(
        () -> read(key, locked -> new JournalReader(locked, JournalReader.Mode.INSPECT)),
        "the journal begins with this segment", "before sequence " + first);
  }

  @Test
  void shouldRefuseAGapAlsoFromTheOldestSegmentOn() throws Exception {
    write(RECORDS, null);
    Files.delete(segments().get(1));

    assertRefused(() -> inspectFromOldest(null), "it follows segment 1, which ends at sequence 42");
  }

  @Test
  void shouldRefuseAnEmptyFolderThatHadAJournal() throws Exception {
    write(5, null);
    Files.delete(segments().getFirst());

    assertRefused(this::inspect, "ends at sequence 0, but sequence 5 was on stable storage: its end was lost");
  }

  @Test
  void shouldLeaveTheLastSegmentAsideWhereOnlyClosedOnesAreAsked() throws Exception {
    write(RECORDS, null);
    Path last = segments().getLast();
    byte[] noise = new byte[500];
    Arrays.fill(noise, (byte) 0x55);
    Files.write(last, noise);

    JournalReader reader = closed(SnapshotKey.START);

    assertVisited(1, 126);
    assertEquals(at(126), reader.tail().end());
    assertEquals(3, reader.tail().segments());
    assertEquals(3, reader.tail().lastSegment());
    assertEquals(0, reader.tail().tornBytes());
    assertEquals("", reader.tail().tornAt());
    assertEquals(500, Files.size(last));
  }

  @ParameterizedTest
  @CsvSource({
    // sequence of the snapshot, first visited (0: none), end
    "125, 126, 126",
    "126, 0, 126",
    "140, 0, 140"
  })
  void shouldEndClosedSegmentsAtTheSnapshotWhereItIsAhead(long sequence, long first, long end) throws Exception {
    write(RECORDS, null);

    JournalReader reader = closed(snapshot(sequence));

    assertVisited(first == 0 ? 1 : first, first == 0 ? 0 : 126);
    assertEquals(at(end), reader.tail().end());
  }

  /** Of the state after {@code sequence}, as the journal says. */
  private SnapshotKey snapshot(long sequence) throws IOException {
    List<Long> digests = new ArrayList<>();
    try (JournalFolder locked = JournalFolder.lock(disk())) {
      new JournalReader(locked, JournalReader.Mode.INSPECT).readAll(record -> digests.add(
          record.buffer.getLong(
              record.decisionOffset + MessageHeaderDecoder.ENCODED_LENGTH + DecisionDecoder.digestEncodingOffset())));
    }
    long digest = digests.get((int) Math.min(sequence, digests.size()) - 1);
    return new SnapshotKey(sequence, 1000 * sequence, 1, digest, 1, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    // sequence of the snapshot, segments that are gone, first visited
    "1, 0, 2",
    "41, 0, 42",
    "42, 1, 43",
    "43, 1, 44",
    "100, 2, 101",
    "126, 3, 127",
    "149, 3, 150",
    "150, 3, 151"
  })
  void shouldReadWhatFollowsASnapshot(long sequence, int gone, long first) throws Exception {
    write(RECORDS, null);
    SnapshotKey snapshot = snapshot(sequence);
    for (Path segment : segments().subList(0, gone)) {
      Files.delete(segment);
    }

    JournalReader reader = inspectFrom(snapshot);

    assertVisited(first, RECORDS);
    assertEquals(at(RECORDS), reader.tail().end());
    assertEquals(4, reader.tail().lastSegment());
  }

  @Test
  void shouldRefuseASnapshotThatTheJournalDoesNotReachOrThatLeavesAGap() throws Exception {
    write(RECORDS, null);
    SnapshotKey ahead = snapshot(151);
    SnapshotKey before = snapshot(125);

    assertRefused(
        () -> inspectFrom(ahead), "ends at sequence 150, but there is a snapshot of sequence 151");
    for (Path segment : segments().subList(0, 3)) {
      Files.delete(segment);
    }
    assertRefused(() -> inspectFrom(before), "what lies between is missing");
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "0, 1"})
  void shouldRefuseASnapshotOfAnotherJournal(long otherTime, long otherDigest) throws Exception {
    write(RECORDS, null);
    SnapshotKey right = snapshot(100);
    SnapshotKey other = new SnapshotKey(
        100, right.timeMs() + otherTime, 1, right.digest() + otherDigest, right.engineVersion(), 0, 0);

    assertRefused(() -> inspectFrom(other), "sequence 100 has time 100000", "Files of two journals were mixed");
  }
}
