package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.pipeline.CounterCore;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;

/** Reading a journal beside the instance that writes it. */
class JournalFollowTest {
  private static final JournalSettings SEGMENTS = JournalRig.SMALL.withSegmentBytes(256 * 1024);
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
        for (int reading = 0; reading < READINGS; reading++) {
          Position end = follow();
          assertTrue(end.sequence() >= Math.max(10, before), end + " after " + before);
          before = end.sequence();
        }
      } finally {
        enough.set(true);
        writer.join();
      }
      assertEquals(null, trouble.get());
      assertTrue(follow().sequence() > before, "the writer wrote nothing beside " + READINGS + " readings");
    }
  }

  @Test
  void shouldStopAtWhatIsNotWholeAndRefuseDamageBelowTheMark() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(path), SEGMENTS)) {
      rig.appendMany(10, 3);
      Path segment = JournalRig.lastSegment(path);
      long length = JournalFormat.SEGMENT_HEADER_LENGTH + 8 * 360;
      flip(segment, length + 100);

      assertEquals(8, follow().sequence(), "a valid record follows, as where a page is written before the one ahead");
      rig.folder.anchor(9);
      JournalDamagedException refused = assertThrows(JournalDamagedException.class, this::follow);
      assertTrue(String.valueOf(refused.getMessage()).contains("sequence 9"), refused.getMessage());
    }
  }

  @Test
  void shouldSayThatThereIsNoJournal() {
    IOException none = assertThrows(IOException.class, () -> JournalFolder.follow(new FolderDisk(path)).close());

    assertTrue(String.valueOf(none.getMessage()).contains("no journal"), none.getMessage());
  }

  private Position follow() throws IOException {
    try (JournalFolder folder = JournalFolder.follow(new FolderDisk(path))) {
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.FOLLOW);
      return Recovery.replay(reader, new CounterCore(), (records, read, total) -> { });
    }
  }

  private static void writeUntil(AtomicBoolean enough, JournalRig rig, AtomicReference<@Nullable Exception> trouble) {
    try {
      while (!enough.get()) {
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
