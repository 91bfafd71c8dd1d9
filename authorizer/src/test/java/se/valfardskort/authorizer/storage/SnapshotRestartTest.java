package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.engine.StateMisfitException;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SnapshotEndDecoder;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;

/** Starts from snapshots: whole, damaged, missing, too new, of another journal; with and without the journal's past. */
final class SnapshotRestartTest {
  /** About as many commands as a segment of the rig holds. */
  private static final int SEGMENT = 100;

  private final Path data;
  private final Path snapshots;

  SnapshotRestartTest(@TempDir Path folder) {
    data = folder.resolve("data");
    snapshots = data.resolve("snapshots");
  }

  /** Snapshots after 2 and 4 segments' worth of commands; 5 in all. Returns the hash of the state at the end. */
  private long run() throws IOException {
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      rig.pay(2 * SEGMENT);
      rig.snapshot();
      rig.pay(2 * SEGMENT);
      rig.snapshot();
      rig.pay(SEGMENT);
      return rig.engine.stateHash();
    }
  }

  private Path snapshot(int segments) {
    return snapshots.resolve(SnapshotFormat.nameOf((long) segments * SEGMENT));
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("journal"))) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  private void assertRestarts(long hash, long from, String... said) throws IOException {
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      assertEquals(from, rig.loaded.key().sequence());
      assertEquals(5 * SEGMENT, rig.end().sequence());
      assertEquals(hash, rig.engine.stateHash());
      assertEquals(said.length, rig.said.size(), rig.said::toString);
      int damaged = (int) rig.said.stream().filter(line -> line.contains("is not used")).count();
      assertEquals(damaged, rig.loaded.passedOver().size());
      for (int line = 0; line < said.length; line++) {
        assertTrue(rig.said.get(line).contains(said[line]), rig.said::toString);
      }
    }
  }

  @Test
  void shouldGoOnFromTheNewestSnapshot() throws Exception {
    long hash = run();

    assertRestarts(hash, 4 * SEGMENT);
  }

  @Test
  void shouldNotNeedWhatLiesBeforeTheSnapshot() throws Exception {
    long hash = run();
    List<Path> all = segments();
    assertTrue(all.size() >= 5, all::toString);
    for (Path segment : all.subList(0, 3)) {
      Files.delete(segment);
    }

    assertRestarts(hash, 4 * SEGMENT);
    assertRestarts(hash, 4 * SEGMENT);
  }

  @Test
  void shouldPassOverADamagedSnapshotAloud() throws Exception {
    long hash = run();
    byte[] bytes = Files.readAllBytes(snapshot(4));
    bytes[bytes.length / 2] ^= 4;
    Files.write(snapshot(4), bytes);

    assertRestarts(hash, 2 * SEGMENT, snapshot(4).getFileName() + ", offset");
  }

  @Test
  void shouldReplayAllWithoutAnyThatIsWhole() throws Exception {
    long hash = run();
    Files.write(snapshot(4), new byte[0]);
    Files.write(snapshot(2), new byte[100]);

    assertRestarts(hash, 0, "ends within a frame", "its header is not one", "the whole journal is replayed");
  }

  @Test
  void shouldReplayAllWithoutSnapshots() throws Exception {
    long hash = run();
    Files.delete(snapshot(4));
    Files.delete(snapshot(2));

    assertRestarts(hash, 0);
  }

  @Test
  void shouldRefuseWithoutASnapshotWhereTheBeginningIsGone() throws Exception {
    run();
    Files.delete(segments().getFirst());
    Files.write(snapshot(4), new byte[10]);
    Files.delete(snapshot(2));

    JournalDamagedException refused = assertThrows(JournalDamagedException.class, () -> SnapshotRig.start(data));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("restore a snapshot of sequence "), message);
    assertTrue(message.contains("begins at sequence "), message);
  }

  @Test
  void shouldRefuseASnapshotBeforeWhichRecordsAreMissing() throws Exception {
    run();
    for (Path segment : segments().subList(0, 3)) {
      Files.delete(segment);
    }
    Files.write(snapshot(4), new byte[10]);

    JournalDamagedException refused = assertThrows(JournalDamagedException.class, () -> SnapshotRig.start(data));

    assertTrue(String.valueOf(refused.getMessage()).contains("what lies between is missing"), refused.getMessage());
  }

  @Test
  void shouldRefuseEveryFlippedBitAndEveryCut() throws Exception {
    run();
    byte[] whole = Files.readAllBytes(snapshot(4));
    SnapshotFolder folder = new SnapshotFolder(new FolderDisk(snapshots));
    readAll(folder);
    for (int at = 0; at < whole.length; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) (1 << at % 8);
      Files.write(snapshot(4), bytes);
      assertThrows(IOException.class, () -> readAll(folder), "byte " + at);
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(snapshot(4), Arrays.copyOf(whole, length));
      assertThrows(IOException.class, () -> readAll(folder), "cut at " + length);
    }
  }

  private static void readAll(SnapshotFolder folder) throws IOException {
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    try (SnapshotInput input = folder.open(4L * SEGMENT)) {
      do {
        input.next();
      } while (header.wrap(input.frame(), 0).templateId() != SnapshotEndDecoder.TEMPLATE_ID);
    }
  }

  @Test
  void shouldRefuseANewerFormat() throws Exception {
    run();
    byte[] bytes = Files.readAllBytes(snapshot(4));
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(SnapshotFormat.VERSION_AT, SnapshotFormat.SEALED + 1);
    header.putInt(SnapshotFormat.FILE_CRC_AT, SnapshotFormat.fileCrc(header));
    Files.write(snapshot(4), bytes);

    StateMisfitException refused = assertThrows(StateMisfitException.class, () -> SnapshotRig.start(data));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(snapshot(4).toString()) && message.contains("newer release wrote it"), message);
  }

  /** A header of a newer format alone, or with what no snapshot begins with, is damage and not a newer snapshot. */
  @Test
  void shouldPassOverGarbageThatSaysItIsOfANewerFormat() throws Exception {
    long hash = run();
    byte[] sound = Files.readAllBytes(snapshot(4));
    ByteBuffer header = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(SnapshotFormat.VERSION_AT, SnapshotFormat.SEALED + 1);
    header.putInt(SnapshotFormat.FILE_CRC_AT, SnapshotFormat.fileCrc(header));

    Files.write(snapshot(4), Arrays.copyOf(sound, SnapshotFormat.FILE_HEADER_LENGTH));
    assertRestarts(hash, 2 * SEGMENT, "the file ends before its end mark");

    Files.write(snapshot(4), Arrays.copyOf(Arrays.copyOf(sound, SnapshotFormat.FILE_HEADER_LENGTH), sound.length));
    assertRestarts(hash, 2 * SEGMENT, "a frame of 0 bytes cannot be");

    // The newer header, and then what another snapshot begins with.
    byte[] other = Files.readAllBytes(snapshot(2));
    System.arraycopy(sound, 0, other, 0, SnapshotFormat.FILE_HEADER_LENGTH);
    Files.write(snapshot(4), other);
    assertRestarts(hash, 2 * SEGMENT, "not what its name says");
  }

  @Test
  void shouldRefuseAJournalThatEndsBeforeTheSnapshot() throws Exception {
    run();
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      rig.pay(SEGMENT);
      rig.snapshot();
    }
    List<Path> all = segments();
    for (Path segment : all.subList(all.size() - 2, all.size())) {
      Files.delete(segment);
    }

    JournalDamagedException refused = assertThrows(JournalDamagedException.class, () -> SnapshotRig.start(data));

    assertTrue(
        String.valueOf(refused.getMessage()).contains("but there is a snapshot of sequence " + 6 * SEGMENT),
        refused.getMessage());
  }

  @Test
  void shouldRefuseASnapshotOfAnotherHistory() throws Exception {
    run();
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      SnapshotKey key = rig.key();
      SnapshotKey other =
          new SnapshotKey(
              key.sequence() - 3, key.timeMs() - 21, key.epoch(), key.digest(), key.engineVersion(), key.keyCheck(),
              key.requests());
      rig.snapshots.write(other, rig.engine::writeState, SnapshotPace.UNBOUND, SnapshotRig.KEEP);
    }

    JournalDamagedException refused = assertThrows(JournalDamagedException.class, () -> SnapshotRig.start(data));

    assertTrue(String.valueOf(refused.getMessage()).contains("Files of two journals were mixed"), refused.getMessage());
  }

  @Test
  void shouldPassOverASnapshotOfAnotherKey() throws Exception {
    long hash = run();
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      SnapshotKey key = rig.key();
      SnapshotKey other =
          new SnapshotKey(
              key.sequence(), key.timeMs(), key.epoch(), key.digest(), key.engineVersion(), 1, key.requests());
      rig.snapshots.write(other, rig.engine::writeState, SnapshotPace.UNBOUND, 3);
    }

    assertRestarts(hash, 4 * SEGMENT, "belongs to another journal");
  }

  @Test
  void shouldKeepTheNewestAndRemoveWhatWasNotFinished() throws Exception {
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      Files.createDirectories(snapshots);
      Files.write(snapshots.resolve("snapshot-00000000000000000007.snap.tmp"), new byte[100]);
      for (int i = 0; i < 4; i++) {
        rig.pay(10);
        rig.snapshot();
      }

      assertEquals(List.of(40L, 30L), rig.snapshots.sequences());
    }
    try (Stream<Path> files = Files.list(snapshots)) {
      assertFalse(files.anyMatch(file -> file.toString().endsWith(".tmp")));
    }
  }

  @Test
  void shouldNotCountWhatWasSetAsideAmongThoseKept() throws Exception {
    run();
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      String aside = rig.snapshots.setAside(4 * SEGMENT);
      rig.pay(10);
      rig.snapshot();

      assertTrue(Files.exists(Path.of(aside)), aside);
      assertEquals(List.of(5L * SEGMENT + 10, 2L * SEGMENT), rig.snapshots.sequences());
    }
  }

  @Test
  void shouldLeaveNothingBehindWhereTheDiskIsFull() throws Exception {
    FaultyDisk disk = new FaultyDisk(new FolderDisk(snapshots));
    try (SnapshotRig rig = SnapshotRig.start(data, disk)) {
      rig.pay(10);
      rig.snapshot();
      rig.pay(10);
      disk.leaveRoom(1_000);

      assertThrows(IOException.class, rig::snapshot);

      assertEquals(List.of(10L), rig.snapshots.sequences());
      disk.leaveRoom(Long.MAX_VALUE);
      rig.snapshot();
      assertEquals(List.of(20L, 10L), rig.snapshots.sequences());
    }
  }

  @Test
  void shouldWriteInThePiecesThatThePaceAsksFor() throws Exception {
    List<Long> written = new ArrayList<>();
    SnapshotPace pace = new SnapshotPace() {
      @Override
      public int pieceBytes() {
        return 100;
      }

      @Override
      public void written(DiskFile file, long bytes) throws IOException {
        assertEquals(bytes, file.size());
        written.add(bytes);
      }
    };
    long bytes;
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      rig.pay(10);
      bytes = rig.snapshots.write(rig.key(), rig.engine::writeState, pace, SnapshotRig.KEEP);
    }

    assertEquals(bytes, written.getLast());
    for (int piece = 1; piece < written.size(); piece++) {
      long length = written.get(piece) - written.get(piece - 1);
      assertTrue(length > 0 && length <= 100, "a piece of " + length);
    }
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      assertEquals(10, rig.loaded.key().sequence(), rig.said::toString);
    }
  }

  @Test
  void shouldGiveAnOldSnapshotBackInThePiecesThatThePaceAsksForAndUnderNoSnapshotsName() throws Exception {
    List<Long> left = new ArrayList<>();
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      rig.pay(10);
      rig.snapshot();
      rig.pay(10);
      rig.snapshot();
      long size = Files.size(snapshots.resolve(SnapshotFormat.nameOf(10)));

      rig.snapshots.remove(10, new SnapshotPace() {
        @Override
        public int removedAtOnce() {
          return 1_000;
        }

        @Override
        public void written(DiskFile file, long bytes) throws IOException {
          assertEquals(bytes, file.size());
          assertEquals(List.of(20L), rig.snapshots.sequences());
          left.add(bytes);
        }
      });

      assertEquals(size - 1_000, left.getFirst());
      assertEquals((size - 1) / 1_000, left.size());
      assertTrue(left.getLast() <= 1_000, left::toString);
      assertEquals(List.of(20L), rig.snapshots.sequences());
      rig.pay(10);
      rig.snapshot();
      assertEquals(List.of(30L, 20L), rig.snapshots.sequences());
    }
  }

  @Test
  void shouldLetOneWriterInAtATime() throws Exception {
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      rig.pay(10);
      FolderDisk disk = new FolderDisk(snapshots);
      try (AutoCloseable _ = disk.lock("lock")) {
        assertThrows(IOException.class, rig::snapshot);
      }

      rig.snapshot();

      assertEquals(10, rig.snapshots.newest());
    }
  }

  @Test
  void shouldFollowClosedSegmentsAndLeaveTheLastAlone() throws Exception {
    try (SnapshotRig rig = SnapshotRig.start(data)) {
      rig.pay(2 * SEGMENT + SEGMENT / 2);
      long closed = rig.journal.closedSequence();
      assertTrue(closed >= SEGMENT && closed < rig.end().sequence(), "closed " + closed);

      try (JournalFolder other = JournalFolder.follow(new FolderDisk(data.resolve("journal")))) {
        SnapshotLoader.Loaded fresh = SnapshotRig.loader(rig.snapshots, other, new ArrayList<>()).load();
        List<Long> seen = new ArrayList<>();
        JournalReader reader = new JournalReader(other, JournalReader.Mode.CLOSED, fresh.key());
        Position end = Recovery.follow(reader, fresh.engine().engine(), (records, bytes, total) -> { });
        new JournalReader(other, JournalReader.Mode.CLOSED, SnapshotKey.START)
            .readAll((JournalRecord record) -> seen.add(record.sequence));

        assertEquals(closed, end.sequence());
        assertEquals(closed, seen.size());
      }
    }
  }
}
