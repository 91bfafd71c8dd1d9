package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.pipeline.CounterCore;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;

/** What somebody can do to a journal who can write its folder, and what they cannot do unseen without the key. */
final class JournalSealTest {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final SealKey KEY = SealKey.derivedFrom(SECRET);
  private static final int RECORD = 384;
  private static final int HEAD = JournalFormat.SEGMENT_HEADER_LENGTH + SealChain.RECORD_LENGTH;

  private final Path root;
  private final Path folder;

  JournalSealTest(@TempDir Path root) {
    this.root = root;
    this.folder = root.resolve("journal");
  }

  private JournalRig start(Path path) throws IOException {
    return JournalRig.start(new FaultyDisk(new FolderDisk(path)).withoutForcing(), JournalRig.SMALL, KEY);
  }

  /** 100 records in three segments or so, and a clean stop. */
  private List<Path> write(Path path) throws IOException {
    try (JournalRig rig = start(path)) {
      rig.appendMany(100, 7);
    }
    return segments(path);
  }

  private static List<Path> segments(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  private JournalReader.Sealing verify(Path path) throws IOException {
    try (JournalFolder locked = JournalFolder.lock(new FolderDisk(path), KEY)) {
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.INSPECT);
      Recovery.replay(reader, new CounterCore(), (records, bytes, total) -> {});
      return reader.sealing();
    }
  }

  private void assertRefused(Path path, String... words) {
    String message = String.valueOf(assertThrows(JournalDamagedException.class, () -> verify(path)).getMessage());
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  @Test
  void shouldSealAllOfAJournalAcrossSegmentsStartsAndACrash() throws Exception {
    Path crashed = root.resolve("crashed");
    try (JournalRig rig = start(folder)) {
      rig.appendMany(100, 7);
      rig.append(5);
      rig.journal.sync();
      JournalRig.image(folder, crashed);
    }
    assertEquals(101, verify(folder).to());

    long before = verify(crashed).seals();
    try (JournalRig again = start(crashed)) {
      assertEquals(101, again.tail.end().sequence());
      again.appendMany(3, 1);
    }
    JournalReader.Sealing all = verify(crashed);
    assertEquals(104, all.to());
    assertTrue(all.seals() > before + 1, all + " after " + before);
  }

  /** By hand, from what SealChain says: nothing of its code. */
  @Test
  void shouldMakeTheFirstSealAsItIsWrittenDown() throws Exception {
    write(folder);

    byte[] segment = Files.readAllBytes(segments(folder).get(0));
    byte[] sealKey = hmac(SECRET, "valfardskort journal seal 1".getBytes(StandardCharsets.US_ASCII));
    byte[] begins = hmac(sealKey, "valfardskort journal begins".getBytes(StandardCharsets.US_ASCII));
    byte[] header = SealKey.sha256().digest(Arrays.copyOf(segment, JournalFormat.SEGMENT_HEADER_LENGTH));
    ByteBuffer message = ByteBuffer.allocate(80).order(ByteOrder.LITTLE_ENDIAN);
    message.put(begins).putLong(1).putLong(0).put(header);
    int body = JournalFormat.SEGMENT_HEADER_LENGTH + JournalFormat.RECORD_HEADER_LENGTH;
    ByteBuffer seal = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(JournalFormat.KIND_SEAL, segment[JournalFormat.SEGMENT_HEADER_LENGTH + JournalFormat.KIND_AT]);
    assertEquals(1, seal.getLong(body));
    assertEquals(
        ByteBuffer.wrap(hmac(sealKey, message.array())), seal.slice(body + Long.BYTES, SealKey.MAC_LENGTH));
  }

  private static byte[] hmac(byte[] key, byte[] bytes) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(bytes);
  }

  @Test
  void shouldGoOnWithSealsWhereAJournalBeganWithoutAndCoverItsBeginning() throws Exception {
    try (JournalRig old = JournalRig.start(new FolderDisk(folder), JournalRig.SMALL)) {
      old.appendMany(60, 7);
    }
    try (JournalRig rig = start(folder)) {
      rig.appendMany(40, 7);
    }

    assertEquals(100, verify(folder).to());
    edit(segments(folder).get(0), JournalFormat.SEGMENT_HEADER_LENGTH + RECORD, JournalFormat.UNSEALED);
    assertRefusedWithoutReplay("seal 1,");
  }

  @Test
  void shouldSealTheLastOfEverySegmentThatWasClosed() throws Exception {
    for (Path segment : write(folder)) {
      byte[] bytes = Files.readAllBytes(segment);
      int at = HEAD;
      byte kind = JournalFormat.KIND_SEAL;
      while (at < bytes.length && bytes[at] != 0) {
        kind = bytes[at + JournalFormat.KIND_AT];
        at += ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at + JournalFormat.LENGTH_AT);
      }
      assertEquals(JournalFormat.KIND_SEAL, kind, segment.toString());
    }
  }

  /** Changes one byte of a record's decision and mends its CRC. */
  private static void edit(Path segment, int record, int version) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    assertEquals(version, bytes[record + JournalFormat.VERSION_AT]);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes[record + RECORD - 8] ^= 1;
    buffer.putInt(
        record + JournalFormat.CRC_AT, JournalFormat.recordCrc(new CRC32C(), buffer.duplicate(), record, RECORD));
    Files.write(segment, bytes);
  }

  @Test
  void shouldFindAnEditedRecordWhoseCrcWasMended() throws Exception {
    List<Path> segments = write(folder);
    byte[] before = Files.readAllBytes(segments.get(1));
    edit(segments.get(1), HEAD, JournalFormat.SEALED);

    try (JournalFolder withoutKey = JournalFolder.lock(new FolderDisk(folder))) {
      new JournalReader(withoutKey, JournalReader.Mode.INSPECT).readAll(record -> {});
    }
    String message = String.valueOf(
        assertThrows(JournalDamagedException.class, () -> readWithKey(folder)).getMessage());
    assertTrue(message.contains("does not fit") && message.contains(segments.get(1).toString()), message);
    Files.write(segments.get(1), before);
    assertEquals(100, verify(folder).to());
  }

  private static Position readWithKey(Path path) throws IOException {
    try (JournalFolder locked = JournalFolder.lock(new FolderDisk(path), KEY)) {
      return new JournalReader(locked, JournalReader.Mode.INSPECT).readAll(record -> {});
    }
  }

  @Test
  void shouldFindRecordsOfAnotherJournalUnderTheSameKey() throws Exception {
    write(folder);
    Path other = root.resolve("other");
    try (JournalRig rig = start(other)) {
      for (int i = 0; i < 100; i++) {
        rig.append(1000 + i);
        if (i % 7 == 6) {
          rig.journal.sync();
        }
      }
      rig.journal.sync();
    }
    List<Path> mine = segments(folder);
    List<Path> theirs = segments(other);
    Path last = mine.get(mine.size() - 1);
    Path taken = theirs.get(mine.size() - 1);
    assertEquals(last.getFileName(), taken.getFileName(), "both begin with the same sequence");
    Files.write(last, Files.readAllBytes(taken));

    assertRefusedWithoutReplay("does not fit");
  }

  private void assertRefusedWithoutReplay(String words) {
    String message = String.valueOf(
        assertThrows(JournalDamagedException.class, () -> readWithKey(folder)).getMessage());
    assertTrue(message.contains(words), message);
  }

  @Test
  void shouldFindSwappedSegmentsWhoseNamesAndHeadersWereMended() throws Exception {
    List<Path> segments = write(folder);
    byte[] second = Files.readAllBytes(segments.get(1));
    byte[] third = Files.readAllBytes(segments.get(2));
    // Header and opening seal stay where they were, so that number, sequence and names fit.
    byte[] swapped = third.clone();
    System.arraycopy(second, 0, swapped, 0, HEAD);
    Files.write(segments.get(1), swapped);

    assertRefused(folder, "the record is sound, but its sequence is");
  }

  @Test
  void shouldFindThatTheLastSegmentWasRemoved() throws Exception {
    write(folder);
    // Nothing was booked in it: only the seals can tell.
    start(folder).close();
    List<Path> segments = segments(folder);
    Files.delete(segments.get(segments.size() - 1));

    assertRefused(folder, "seal", "was on stable storage");
  }

  @Test
  void shouldFindAnAnchorThatWasWrittenWithoutTheKey() throws Exception {
    write(folder);
    Anchor read = Anchor.read(new FolderDisk(folder), "anchor", KEY);
    new Anchor(read.epoch(), 1, read.answers(), read.keyCheck(), false, SealMark.NONE)
        .write(new FolderDisk(folder), "anchor", SealKey.derivedFrom(new byte[32]));

    assertRefused(folder, "anchor was not written under the key");
  }

  @Test
  void shouldFindThatSealsAreMissingFromALaterSegment() throws Exception {
    write(folder);
    try (JournalFolder locked = JournalFolder.lock(new FolderDisk(folder), KEY)) {
      assertEquals(100, new JournalReader(locked, JournalReader.Mode.INSPECT).readAll(record -> {}).sequence());
    }
    try (JournalRig unsealed = JournalRig.start(new FolderDisk(folder), JournalRig.SMALL)) {
      unsealed.appendMany(2, 2);
    }

    assertRefused(folder, "it has no seals, but the segment before it has");
  }

  /**
   * Five records in two batches, each with a seal, as a crash leaves them: records end at 536, 920, 1304, 1776, 2160,
   * seals at 152, 1392 and 2248.
   */
  @Test
  void shouldSealWhatIsLeftWhereverTheTailWasCut() throws Exception {
    Path live = root.resolve("live");
    try (JournalRig rig = start(live)) {
      rig.appendMany(5, 3);
      JournalRig.image(live, folder);
    }
    Path segment = JournalRig.lastSegment(folder);
    byte[] whole = Files.readAllBytes(segment);
    byte[] anchor = Files.readAllBytes(folder.resolve("anchor"));
    assertEquals(0, whole[2248]);
    for (int cut = HEAD; cut <= 2248; cut += 13) {
      for (Path file : segments(folder)) {
        Files.delete(file);
      }
      Files.write(folder.resolve("anchor"), anchor);
      byte[] torn = whole.clone();
      Arrays.fill(torn, cut, torn.length, (byte) 0x55);
      Files.write(segment, torn);
      int expected = cut < 536 ? 0 : cut < 920 ? 1 : cut < 1304 ? 2 : cut < 1776 ? 3 : cut < 2160 ? 4 : 5;

      try (JournalRig again = start(folder)) {
        assertEquals(expected, again.tail.end().sequence(), "cut at " + cut);
        again.appendMany(2, 1);
      }

      assertEquals(2 + expected, verify(folder).to(), "cut at " + cut);
    }
  }

  @Test
  void shouldSayHowFarALiveJournalIsSealed() throws Exception {
    try (JournalRig rig = start(folder)) {
      // A second of the journal's time between two records: a seal at each sync but the first.
      rig.appendMany(6, 3);
      rig.append(1);
      rig.journal.sync();
      try (JournalFolder beside = JournalFolder.follow(FolderDisk.readOnly(folder), KEY)) {
        JournalReader reader = new JournalReader(beside, JournalReader.Mode.FOLLOW);

        assertEquals(7, reader.readAll(record -> {}).sequence());
        assertEquals(7, reader.sealing().to());
      }
      assertFalse(JournalRig.lastSegment(folder).toString().isEmpty());
    }
  }

  @Test
  void shouldRefuseAnOlderCopyOfTheWholeFolderThatTheWitnessHasOutgrown() throws Exception {
    Path outside = root.resolve("outside");
    startWitnessed(outside).close();
    Path copy = root.resolve("copy");
    JournalRig.image(folder, copy);
    try (JournalRig rig = startWitnessed(outside)) {
      rig.appendMany(5, 5);
    }

    // The copy alone is without fault.
    assertEquals(0, verify(copy).to());
    String message = String.valueOf(
        assertThrows(JournalDamagedException.class, () -> startWitnessed(copy, outside)).getMessage());
    assertTrue(message.contains("is an older copy: it was last started as epoch 1"), message);
    assertTrue(message.contains("has seen epoch 2"), message);
    startWitnessed(outside).close();
  }

  @Test
  void shouldRefuseAnotherContinuationThatOvertookTheWitness() throws Exception {
    Path outside = root.resolve("outside");
    startWitnessed(outside).close();
    Path copy = root.resolve("copy");
    JournalRig.image(folder, copy);
    try (JournalRig rig = startWitnessed(outside)) {
      rig.appendMany(5, 5);
    }
    // The older copy goes on without its witness, further than that has seen.
    for (int i = 0; i < 3; i++) {
      try (JournalRig rig = start(copy)) {
        rig.appendMany(9, 3);
      }
    }

    String message = String.valueOf(
        assertThrows(JournalDamagedException.class, () -> startWitnessed(copy, outside)).getMessage());
    assertTrue(message.contains("another continuation"), message);
  }

  @Test
  void shouldRefuseToStartWithoutAWitnessThatWasKept() throws Exception {
    Path outside = root.resolve("outside");
    startWitnessed(outside).close();
    Files.delete(outside.resolve("anchor-copy"));

    String message =
        String.valueOf(assertThrows(JournalDamagedException.class, () -> startWitnessed(outside)).getMessage());
    assertTrue(message.contains("anchor-copy is missing"), message);

    // The way that the message names.
    start(folder).close();
    startWitnessed(outside).close();
    assertTrue(Files.exists(outside.resolve("anchor-copy")));
  }

  @Test
  void shouldStartWhereACrashLeftAHalfWrittenWitnessAndAnchor() throws Exception {
    Path outside = root.resolve("outside");
    startWitnessed(outside).close();
    Files.write(outside.resolve("anchor-copy.tmp"), new byte[7]);
    Files.write(folder.resolve("anchor.tmp"), new byte[7]);

    startWitnessed(outside).close();

    assertFalse(Files.exists(outside.resolve("anchor-copy.tmp")));
    assertFalse(Files.exists(folder.resolve("anchor.tmp")));
  }

  /** 39 bytes instead of 40 give a record of the same length; its CRC is mended. */
  @Test
  void shouldRefuseASealOfAnotherLengthAlsoWithoutTheKey() throws Exception {
    List<Path> segments = write(folder);
    byte[] bytes = Files.readAllBytes(segments.get(0));
    int seal = JournalFormat.SEGMENT_HEADER_LENGTH;
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putShort(seal + JournalFormat.COMMAND_LENGTH_AT, (short) (SealChain.BODY_LENGTH - 1));
    mend(buffer, seal);
    Files.write(segments.get(0), bytes);

    assertRefusedWithoutReplay("a seal of another length stands here");
    buffer.putShort(seal + JournalFormat.DECISION_LENGTH_AT, (short) 1);
    mend(buffer, seal);
    Files.write(segments.get(0), bytes);
    try (JournalFolder withoutKey = JournalFolder.lock(new FolderDisk(folder))) {
      JournalReader reader = new JournalReader(withoutKey, JournalReader.Mode.INSPECT);
      assertThrows(JournalDamagedException.class, () -> reader.readAll(record -> {}));
    }
  }

  private static void mend(ByteBuffer segment, int record) {
    segment.putInt(
        record + JournalFormat.CRC_AT,
        JournalFormat.recordCrc(new CRC32C(), segment.duplicate(), record, SealChain.RECORD_LENGTH));
  }

  private JournalRig startWitnessed(Path outside) throws IOException {
    return startWitnessed(folder, outside);
  }

  private static JournalRig startWitnessed(Path path, Path outside) throws IOException {
    JournalFolder locked = JournalFolder.lock(new FolderDisk(path), KEY);
    boolean started = false;
    try {
      locked.keepWitness(new FolderDisk(outside), "anchor-copy");
      JournalRig rig = JournalRig.start(locked, JournalRig.SMALL);
      started = true;
      return rig;
    } finally {
      if (!started) {
        locked.close();
      }
    }
  }
}
