package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.pipeline.CounterCore;
import se.valfardskort.authorizer.pipeline.JournalSource;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;

/** Reading a journal beside the instance that writes it. */
class JournalFollowTest {
  private static final JournalSettings SEGMENTS = JournalRig.SMALL.withSegmentBytes(256 * 1024);
  private static final int MOST_ROUNDS = 1000;
  private static final int READINGS = 20;

  @TempDir private Path path;

  @Test
  void shouldReadWholeRecordsWhileAnotherInstanceWrites() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    AtomicReference<@Nullable Exception> trouble = new AtomicReference<>();
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(10, 3);
      Thread writer = Thread.ofPlatform().start(() -> writeUntil(enough, rig, trouble));
      long before = 0;
      try {
        for (int reading = 0; reading < READINGS || (before <= 10 && writer.isAlive()); reading++) {
          Position end = follow();
          assertTrue(end.sequence() >= Math.max(10, before), end + " after " + before);
          before = end.sequence();
        }
      } finally {
        enough.set(true);
        writer.join();
      }
      assertEquals(null, trouble.get());
      assertTrue(before > 10, "the readings saw nothing that was written beside them");
    }
  }

  @Test
  void shouldStopAtWhatIsNotWholeAndRefuseDamageBelowTheMark() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(10, 10);
      flip(JournalRig.lastSegment(path), endOf(8) + 100);

      assertEquals(8, follow().sequence(), "a valid record follows, as where a page is written before the one ahead");
      rig.folder.anchor(9, SealMark.NONE);
      JournalDamagedException refused = assertThrows(JournalDamagedException.class, this::follow);
      assertTrue(String.valueOf(refused.getMessage()).contains("sequence 9"), refused.getMessage());
    }
  }

  @Test
  void shouldRefuseWhatALaterRecordSaysWasDurable() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      // Synced after 3, 6, 9 and 10: the tenth record says that the ninth was durable.
      rig.appendMany(10, 3);
      flip(JournalRig.lastSegment(path), endOf(8) + 100);

      assertRefused("sequence 9 is expected", "but sequence 9 was on stable storage");
    }
  }

  /** Where the file is cut, and what is said of it. */
  @ParameterizedTest
  @CsvSource({
    "8, 0, the file ends here",
    "8, 8, the file ends within a record's header",
    "8, 100, the file ends within a record",
    "0, 0, -"
  })
  void shouldRefuseALiveSegmentThatWasShortened(int records, int more, String said) throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(10, 3);
      // An earlier stop is noted in the anchor up to sequence 0 alone.
      cut(JournalRig.lastSegment(path), endOf(records) + more);

      if (records == 0) {
        assertEquals(0, follow().sequence(), "nothing was ever known to be durable");
      } else {
        assertRefused(said, "cut off");
      }
      rig.appendMany(1, 1);
      assertRefused("sequence " + (records + 1) + " is expected", "but sequence 10 was on stable storage");
    }
  }

  @Test
  void shouldReadToTheEndAfterAStopAndAfterAKill(@TempDir Path killed) throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(10, 3);
      JournalRig.image(path, killed);
    }

    assertEquals(10, follow().sequence());
    assertEquals(10, follow(JournalFolder.follow(FolderDisk.readOnly(killed)), record -> { }).sequence());
  }

  /** The cut that trims the last segment comes after the note that says where it ends, at a stop and at a start. */
  @Test
  void shouldNotTakeAStopOrAStartThatWasKilledForDamage(@TempDir Path killed) throws Exception {
    FaultyDisk stopping = new FaultyDisk(new FolderDisk(path));
    JournalRig stopped = JournalRig.start(stopping, SEGMENTS);
    stopped.appendMany(10, 3);
    stopping.dieAfterCuts();
    assertThrows(IOException.class, stopped::close);
    assertEquals(10, follow().sequence());

    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(7, 3);
      JournalRig.image(path, killed);
    }
    FaultyDisk starting = new FaultyDisk(new FolderDisk(killed));
    starting.dieAfterCuts();
    assertThrows(IOException.class, () -> JournalRig.start(starting, SEGMENTS));
    assertEquals(17, follow(JournalFolder.follow(FolderDisk.readOnly(killed)), record -> { }).sequence());
  }

  @Test
  void shouldNotTakeARestartForDamage() throws Exception {
    JournalRig.start(new FolderDisk(path), SEGMENTS).close();
    try (JournalRig second = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      second.appendMany(10, 3);
    }
    // The anchor is read in epoch 2, the segments in epoch 3; the third start comes while the second's are read.
    JournalFolder before = JournalFolder.follow(FolderDisk.readOnly(path));
    try (JournalRig third = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      third.appendMany(5, 5);
    }
    assertEquals(15, follow(before, record -> { }).sequence());

    AtomicBoolean restarted = new AtomicBoolean();
    Position end = follow(JournalFolder.follow(FolderDisk.readOnly(path)), record -> {
      if (restarted.compareAndSet(false, true)) {
        restartAndAppend();
      }
    });
    assertEquals(15, end.sequence(), "what was there when the reading began");
    assertEquals(20, follow().sequence());
  }

  @Test
  void shouldReadOnWhereAMarkLiesAheadOfWhatWasLoaded() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(2, 1);
      AtomicBoolean more = new AtomicBoolean();

      Position end = follow(JournalFolder.follow(FolderDisk.readOnly(path)), record -> {
        if (more.compareAndSet(false, true)) {
          append(rig, 4);
        }
      });

      // The window was loaded with two records; the sixth says that the fifth was durable.
      assertEquals(6, end.sequence());
    }
  }

  @Test
  void shouldEndWhereTheMarkIsWhenItCameWhileItWasRead() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(2, 1);
      AtomicBoolean more = new AtomicBoolean();

      Position end = follow(JournalFolder.follow(FolderDisk.readOnly(path)), record -> {
        if (more.compareAndSet(false, true)) {
          append(rig, 4);
          anchor(rig, 6);
        }
      });

      assertEquals(6, end.sequence());
      assertEquals(6, follow().sequence(), "the anchor says six, and six are there");
    }
  }

  private static void anchor(JournalRig rig, long sequence) {
    try {
      rig.folder.anchor(sequence, SealMark.NONE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void shouldGoByTheAnchorThatWasWrittenSinceTheFolderWasOpened() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      JournalFolder before = JournalFolder.follow(FolderDisk.readOnly(path));
      rig.appendMany(10, 10);
      rig.folder.anchor(9, SealMark.NONE);
      flip(JournalRig.lastSegment(path), endOf(8) + 100);

      JournalDamagedException refused =
          assertThrows(JournalDamagedException.class, () -> follow(before, record -> { }));
      assertTrue(String.valueOf(refused.getMessage()).contains("sequence 9 was on stable"), refused.getMessage());
    }
  }

  @Test
  void shouldSayWhatIsNotWholeYet() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(10, 10);
      flip(JournalRig.lastSegment(path), endOf(9) + 100);
      try (JournalFolder beside = JournalFolder.follow(FolderDisk.readOnly(path))) {
        JournalReader reader = new JournalReader(beside, JournalReader.Mode.FOLLOW);

        assertEquals(9, reader.readAll(record -> { }).sequence());
        assertEquals(9, reader.tail().end().sequence());
        assertTrue(reader.tail().tornBytes() > 100, "the flipped byte is the hundredth: " + reader.tail());
        assertTrue(reader.tail().tornAt().endsWith(" at offset " + endOf(9)), reader.tail().tornAt());
      }
    }
  }

  @Test
  void shouldSayThatThereIsNoJournal() {
    IOException none = assertThrows(NoSuchFileException.class, () -> JournalFolder.follow(FolderDisk.readOnly(path)));

    assertTrue(String.valueOf(none.getMessage()).contains("no journal"), none.getMessage());
  }

  private Position follow() throws IOException {
    return follow(JournalFolder.follow(FolderDisk.readOnly(path)), record -> { });
  }

  private static Position follow(JournalFolder opened, JournalSource.Visitor also) throws IOException {
    try (JournalFolder folder = opened) {
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.FOLLOW);
      JournalSource watched = new JournalSource() {
        @Override
        public Position readAll(Visitor visitor) throws IOException {
          return reader.readAll(record -> {
            visitor.record(record);
            also.record(record);
          });
        }

        @Override
        public long bytesRead() {
          return reader.bytesRead();
        }

        @Override
        public long bytesTotal() {
          return reader.bytesTotal();
        }
      };
      return Recovery.replay(watched, new CounterCore(), (records, read, total) -> { });
    }
  }

  private void assertRefused(String... words) {
    JournalDamagedException refused = assertThrows(JournalDamagedException.class, this::follow);
    for (String word : words) {
      assertTrue(String.valueOf(refused.getMessage()).contains(word), refused.getMessage());
    }
  }

  private void restartAndAppend() {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(5, 5);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void append(JournalRig rig, int count) {
    try {
      rig.appendMany(count, 1);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Where the {@code records}-th record of the small engine ends; each has 384 bytes. */
  private static long endOf(int records) {
    return JournalFormat.SEGMENT_HEADER_LENGTH + records * 384L;
  }

  private static void cut(Path file, long length) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(length);
    }
  }

  /** No further than the small engine remembers, which a disk in memory comes to before the readings end. */
  private static void writeUntil(AtomicBoolean enough, JournalRig rig, AtomicReference<@Nullable Exception> trouble) {
    try {
      for (int round = 0; round < MOST_ROUNDS && !enough.get(); round++) {
        rig.appendMany(20, 7);
      }
    } catch (IOException | RuntimeException failed) {
      trouble.set(failed);
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int before = bytes.read();
      bytes.seek(at);
      bytes.write(before ^ 1);
    }
  }
}
