package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.Position;

/** Where the journal puts what it is given, to the byte; and what it says of itself. Segments of 4 KiB. */
final class JournalWriterTest {
  private static final JournalSettings TINY =
      new JournalSettings(JournalSettings.Durability.FSYNC, 4096, 4096, 4096, 10_000);
  private static final int HEADER = 64;
  private static final int RECORD_HEADER = 48;
  private static final SealKey KEY = SealKey.derivedFrom(new byte[32]);

  private final Path folder;
  private final FaultyDisk disk;
  private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[2 * 8192]);

  JournalWriterTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    disk = new FaultyDisk(new FolderDisk(folder)).withoutForcing();
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.putByte(i, (byte) (i + 1));
    }
  }

  /** A record of {@code length} bytes in all, a multiple of 8, half command and half decision. */
  private void append(FileJournal journal, long sequence, int length) throws IOException {
    int body = length - RECORD_HEADER;
    journal.append(
        Journal.Kind.DECIDED, sequence, 10 * sequence, bytes, 0, body / 2, bytes, body / 2, body - body / 2);
  }

  private List<String> segments() throws IOException {
    return disk.list().stream().filter(name -> name.startsWith("journal-")).toList();
  }

  private List<Integer> lengthsRead() throws IOException {
    List<Integer> lengths = new ArrayList<>();
    try (JournalFolder locked = JournalFolder.lock(disk)) {
      new JournalReader(locked, JournalReader.Mode.INSPECT).readAll(record -> {
        assertEquals(10 * record.sequence, record.timeMs);
        for (int i = 0; i < record.commandLength + record.decisionLength; i++) {
          assertEquals((byte) (i + 1), record.buffer.getByte(record.commandOffset + i));
        }
        lengths.add(RECORD_HEADER + record.commandLength + record.decisionLength);
      });
    }
    return lengths;
  }

  @ParameterizedTest
  @CsvSource({
    // with seals; the second of two records, of which the first has 1,032 bytes; segments
    // 64 + 1,032 + 3,000 = 4,096
    "false, 3000, 1",
    "false, 3008, 2",
    // 64 + 88 for the opening seal + 1,032 + 2,824 + 88 for the closing one = 4,096
    "true, 2824, 1",
    "true, 2832, 2"
  })
  void shouldFillASegmentToItsLastByteAndNoFurther(boolean sealed, int second, int segments) throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk, sealed ? KEY : null);
        FileJournal journal = FileJournal.open(locked, TINY, JournalReader.Tail.EMPTY)) {
      append(journal, 1, 1032);
      append(journal, 2, second);
      journal.sync();

      assertEquals(segments, segments().size());
      assertEquals(segments == 1 ? 0 : 1, journal.closedSequence());
      assertEquals(2, journal.durableSequence());
      assertEquals(new Position(2, 20), journal.end());
    }
    assertEquals(List.of(1032, second), lengthsRead());
  }

  @Test
  void shouldTakeARecordThatIsLongerThanASegmentIntoOneOfItsOwn() throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk);
        FileJournal journal = FileJournal.open(locked, TINY, JournalReader.Tail.EMPTY)) {
      append(journal, 1, 8000);
      append(journal, 2, 8000);
      append(journal, 3, 80);
      journal.sync();
      assertEquals(
          List.of(JournalFormat.nameOf(1, 1), JournalFormat.nameOf(2, 2), JournalFormat.nameOf(3, 3)), segments());
    }
    assertEquals(List.of(8000, 8000, 80), lengthsRead());
  }

  @ParameterizedTest
  @CsvSource({
    // command, decision, whether it is taken
    "8192, 8192, true",
    "0, 0, true",
    "8193, 0, false",
    "0, 8193, false"
  })
  void shouldBoundCommandAndDecision(int command, int decision, boolean taken) throws Exception {
    JournalSettings roomy = TINY.withSegmentBytes(64 * 1024);
    try (JournalFolder locked = JournalFolder.lock(disk);
        FileJournal journal = FileJournal.open(locked, roomy, JournalReader.Tail.EMPTY)) {
      if (taken) {
        journal.append(Journal.Kind.DECIDED, 1, 10, bytes, 0, command, bytes, 0, decision);
        journal.sync();
        assertEquals(1, journal.durableSequence());
        assertEquals(RECORD_HEADER + command + decision, journal.bytesAppended());
      } else {
        IOException refused = assertThrows(
            IOException.class,
            () -> journal.append(Journal.Kind.DECIDED, 1, 10, bytes, 0, command, bytes, 0, decision));
        assertTrue(String.valueOf(refused.getMessage()).contains("neither may exceed 8192"), refused::toString);
      }
    }
  }

  @Test
  void shouldCountTheBytesThatItWrote() throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk);
        FileJournal journal = FileJournal.open(locked, TINY, JournalReader.Tail.EMPTY)) {
      for (int sequence = 1; sequence <= 10; sequence++) {
        append(journal, sequence, 1000);
        journal.sync();
        assertEquals(1000L * sequence, journal.bytesAppended());
      }
      assertEquals(JournalSettings.Durability.FSYNC, journal.durability());
      // Four records of 1,000 bytes and the header: 4,064 of 4,096.
      assertEquals(8, journal.closedSequence());
    }
  }

  @Test
  void shouldSayWhetherItWasClosedWhole() throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk)) {
      FileJournal good = FileJournal.open(locked, TINY, JournalReader.Tail.EMPTY);
      append(good, 1, 80);
      assertFalse(good.isClosedWhole());
      good.close();
      good.close();
      assertTrue(good.isClosedWhole());
      IOException refused = assertThrows(IOException.class, () -> append(good, 2, 80));
      assertEquals("the journal is closed", refused.getMessage());
    }
    try (JournalFolder locked = JournalFolder.lock(disk)) {
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.RECOVER);
      reader.readAll(record -> { });
      FileJournal bad = FileJournal.open(locked, TINY, reader.tail());
      append(bad, 2, 80);
      disk.failWrites();
      IOException failed = assertThrows(IOException.class, bad::sync);
      String message = String.valueOf(failed.getMessage());
      assertTrue(message.contains(JournalFormat.nameOf(2, 2) + " at offset 64, last durable sequence 1"), message);
      bad.close();
      assertFalse(bad.isClosedWhole());
      assertEquals(1, bad.durableSequence());
    }
  }

  /** Spares that count how often they were asked. */
  private static final class CountedSpares implements Spares {
    private final SpareSegments real;
    private final List<String> asked = new ArrayList<>();

    CountedSpares(Disk disk) {
      real = new SpareSegments(disk, TINY);
    }

    @Override
    public void start() {
      real.start();
    }

    @Override
    public @Nullable IOException problem() {
      return real.problem();
    }

    @Override
    public void prepare() {
      asked.add("prepare");
      real.prepare();
    }

    @Override
    public DiskFile take(ByteBuffer header, String name) throws IOException {
      asked.add("take " + header.remaining());
      return real.take(header, name);
    }

    @Override
    public DiskFile takeFirst(ByteBuffer header, String name) throws IOException {
      asked.add("first " + header.remaining());
      return real.takeFirst(header, name);
    }

    @Override
    public void close() throws IOException {
      asked.add("close");
      real.close();
    }
  }

  @Test
  void shouldAskOnceForTheNextSegmentWhenAQuarterOfThePresentOneIsUsed() throws Exception {
    CountedSpares spares = new CountedSpares(disk);
    try (JournalFolder locked = JournalFolder.lock(disk)) {
      FileJournal journal = FileJournal.open(locked, TINY, JournalReader.Tail.EMPTY, spares);
      // A quarter is 1,024 bytes: the header's 64 and two records of 480 are just that, a third is more.
      for (int sequence = 1; sequence <= 8; sequence++) {
        append(journal, sequence, 480);
        journal.sync();
        assertEquals(sequence < 3 ? List.of("first 64") : List.of("first 64", "prepare"), spares.asked);
      }
      append(journal, 9, 480);
      assertEquals(List.of("first 64", "prepare", "take 64"), spares.asked);
      journal.close();
    }
    assertEquals(List.of("first 64", "prepare", "take 64", "close"), spares.asked);
  }

  @Test
  void shouldLetGoOfTheSparesWhereTheFirstSegmentCannotBeMade() throws Exception {
    CountedSpares spares = new CountedSpares(disk);
    disk.leaveRoom(100);
    try (JournalFolder locked = JournalFolder.lock(disk)) {
      assertThrows(
          IOException.class, () -> FileJournal.open(locked, TINY, JournalReader.Tail.EMPTY, spares));
    }
    assertEquals(List.of("first 64", "close"), spares.asked);
  }

  @Test
  void shouldKeepNoFileOpenThatItDoesNotWrite() throws Exception {
    WatchedDisk watched = new WatchedDisk(disk);
    try (JournalFolder locked = JournalFolder.lock(watched)) {
      FileJournal journal = FileJournal.open(locked, TINY, JournalReader.Tail.EMPTY);
      for (int sequence = 1; sequence <= 9; sequence++) {
        append(journal, sequence, 1000);
        journal.sync();
      }
      assertEquals(List.of(JournalFormat.nameOf(3, 9)), watched.stillOpen("journal-"));
      journal.close();
      assertEquals(List.of(), watched.stillOpen(""));
    }
  }

  /** The batch's buffer holds 4,096 bytes and a largest record of 16,432: 20,528. */
  @Test
  void shouldWriteTheBatchOutBeforeARecordThatDoesNotFitIn() throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk);
        FileJournal journal = FileJournal.open(locked, roomy(), JournalReader.Tail.EMPTY)) {
      append(journal, 1, 8000);
      append(journal, 2, 8000);
      append(journal, 3, 4528);
      assertEquals(0, journal.bytesAppended());
      append(journal, 4, 80);
      assertEquals(20_528, journal.bytesAppended());
      assertEquals(0, journal.durableSequence());
      journal.sync();
    }
    assertEquals(List.of(8000, 8000, 4528, 80), lengthsRead());
  }

  private static JournalSettings roomy() {
    return TINY.withSegmentBytes(1 << 20);
  }

  @Test
  void shouldFillUpARecordWithZeros() throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk);
        FileJournal journal = FileJournal.open(locked, roomy(), JournalReader.Tail.EMPTY)) {
      append(journal, 1, 8192);
      journal.sync();
      // 48 + 81 bytes in the place where those of the first were: 7 more up to 136.
      journal.append(Journal.Kind.DECIDED, 2, 20, bytes, 0, 81, bytes, 0, 0);
      journal.sync();
    }
    byte[] segment = segment();
    assertEquals(HEADER + 8192 + 136, segment.length);
    assertEquals(bytes.getByte(80), segment[HEADER + 8192 + 128]);
    for (int pad = 129; pad < 136; pad++) {
      assertEquals(0, segment[HEADER + 8192 + pad]);
    }
  }

  private byte[] segment() throws IOException {
    try (DiskFile file = disk.open(JournalFormat.nameOf(1, 1))) {
      ByteBuffer all = ByteBuffer.allocate((int) file.size());
      DiskIo.readFully(file, all, 0);
      return all.array();
    }
  }

  /** Sequences that the seals of the first segment name. */
  private List<Long> seals() throws IOException {
    UnsafeBuffer segment = new UnsafeBuffer(segment());
    List<Long> sequences = new ArrayList<>();
    int at = HEADER;
    while (at < segment.capacity()) {
      if (segment.getByte(at + JournalFormat.KIND_AT) == JournalFormat.KIND_SEAL) {
        sequences.add(segment.getLong(at + JournalFormat.SEQUENCE_AT));
        assertEquals(0, segment.getShort(at + JournalFormat.ENGINE_VERSION_AT), "no engine made a seal");
      }
      at += segment.getInt(at + JournalFormat.LENGTH_AT);
    }
    try (JournalFolder locked = JournalFolder.lock(disk, KEY)) {
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.INSPECT);
      reader.readAll(record -> { });
      assertEquals(sequences.size(), reader.sealing().seals());
    }
    return sequences;
  }

  private FileJournal openSealed(JournalFolder locked) throws IOException {
    return FileJournal.open(locked, roomy(), JournalReader.Tail.EMPTY);
  }

  private void appendAt(FileJournal journal, long sequence, long timeMs, int length) throws IOException {
    journal.append(
        Journal.Kind.DECIDED, sequence, timeMs, bytes, 0, length - RECORD_HEADER, bytes, 0, 0);
    journal.sync();
  }

  @Test
  void shouldSealASecondOfItsOwnTimeAfterTheLastSealAndAtTheEnd() throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk, KEY); FileJournal journal = openSealed(locked)) {
      appendAt(journal, 1, 999, 80);
      appendAt(journal, 2, 1000, 80);
      appendAt(journal, 3, 1999, 80);
      appendAt(journal, 4, 2000, 80);
      appendAt(journal, 5, 2001, 80);
    }
    assertEquals(List.of(0L, 2L, 4L, 5L), seals());
  }

  /** Eight records of 8,192 bytes are 64 KiB. */
  @Test
  void shouldSealAfter64KiBAndNotTwiceAtTheEnd() throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk, KEY); FileJournal journal = openSealed(locked)) {
      for (int sequence = 1; sequence <= 16; sequence++) {
        appendAt(journal, sequence, 1, 8192);
      }
    }
    assertEquals(List.of(0L, 8L, 16L), seals());
  }

  @ParameterizedTest
  @CsvSource({
    // third record: with it the buffer of 20,528 bytes is full; has room for a seal of 88 bytes; for 8 less
    "4528", "4440", "4448"
  })
  void shouldSealABatchThatFillsItsBuffer(int third) throws Exception {
    try (JournalFolder locked = JournalFolder.lock(disk, KEY); FileJournal journal = openSealed(locked)) {
      append(journal, 1, 8000);
      append(journal, 2, 8000);
      append(journal, 3, third);
      appendAt(journal, 4, 5000, 80);
    }
    assertEquals(List.of(0L, 4L), seals());
    assertEquals(HEADER + 88 + 16_000 + third + 80 + 88, segment().length);
  }

  @Test
  void shouldSayThatADiskTookNothing() {
    DiskFile stuck = new StuckFile();
    IOException refused = assertThrows(
        IOException.class, () -> DiskIo.writeFully(stuck, ByteBuffer.allocate(10), 100));
    assertEquals("the disk took 0 of 10 bytes at offset 100", refused.getMessage());
  }

  @Test
  void shouldReadInPartsAndWriteAgainAllOfALongFile() throws Exception {
    disk.shortenWrites();
    byte[] content = new byte[150_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 7);
    }
    try (DiskFile file = disk.create("some")) {
      DiskIo.writeFully(file, ByteBuffer.wrap(content), 0);
      WatchedDisk watched = new WatchedDisk(new FolderDisk(folder));
      try (DiskFile again = watched.open("some")) {
        DiskIo.writeAgain(again, 1_000, content.length);
      }
      // 64 KiB at a time.
      assertEquals(
          List.of("write 1000 to 66536", "write 66536 to 132072", "write 132072 to 150000"), watched.asked("some"));
      assertEquals(5, DiskIo.readFully(file, ByteBuffer.allocate(5), 0));
      ByteBuffer read = ByteBuffer.allocate(200_000);
      assertEquals(content.length, DiskIo.readFully(file, read, 0));
      assertEquals(ByteBuffer.wrap(content), read.flip());
    }
  }

  /** Takes nothing. */
  private static final class StuckFile implements DiskFile {
    @Override
    public long size() {
      return 0;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      return -1;
    }

    @Override
    public int write(ByteBuffer from, long position) {
      return 0;
    }

    @Override
    public void force() {}

    @Override
    public void truncate(long size) {}

    @Override
    public void close() {}
  }
}
