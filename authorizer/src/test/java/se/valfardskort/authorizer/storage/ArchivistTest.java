package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.pipeline.Disk;

/** Closed segments on their way out. */
final class ArchivistTest {
  private static final SealKey KEY = SealKey.derivedFrom(new byte[32]);
  private static final long LONG_MS = 600_000;

  private final Path root;
  private final FolderDisk journal;
  private final FolderDisk archive;
  private final LinkedBlockingQueue<String> log = new LinkedBlockingQueue<>();

  ArchivistTest(@TempDir Path root) throws IOException {
    this.root = root;
    journal = new FolderDisk(root.resolve("journal"));
    archive = new FolderDisk(root.resolve("archive"));
  }

  private Archivist archivist(JournalRig rig, List<String> command, long limitMs) {
    return new Archivist(rig.folder, new SegmentArchive(journal, archive), command, limitMs, log::add);
  }

  private void awaitSegments(Path folder, int count) throws IOException {
    while (new FolderDisk(folder).list().stream().filter(name -> name.endsWith(".log")).count() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldCopyWhatIsClosedWhileTheJournalGoesOnAndMoveTheAnchorForward() throws Exception {
    try (JournalRig rig = JournalRig.start(journal, JournalRig.SMALL, KEY)) {
      try (Archivist archivist = archivist(rig, List.of(), LONG_MS)) {
        archivist.start();
        rig.appendMany(150, 7);
        int closed = SegmentArchive.closed(journal).size();
        assertTrue(closed > 2, "closed: " + closed);
        awaitSegments(root.resolve("archive"), closed);

        for (String segment : SegmentArchive.closed(journal)) {
          assertTrue(new SegmentArchive(journal, archive).hasSameBytes(segment), segment);
        }
      }
      assertTrue(rig.folder.durableMark() > 30, "anchored at " + rig.folder.durableMark());
      assertTrue(log.isEmpty(), log.toString());
    }
  }

  /** The newest segment of a journal that was stopped cleanly, trimmed to its records. */
  private String oneSegment(int records) throws IOException {
    try (JournalRig rig = JournalRig.start(journal, JournalRig.SMALL, KEY)) {
      rig.appendMany(records, 7);
    }
    return SegmentArchive.all(journal).getLast();
  }

  private @Nullable IOException takeAll() throws Exception {
    try (JournalFolder folder = JournalFolder.lock(journal, KEY)) {
      SegmentArchive to = new SegmentArchive(journal, archive);
      return new Archivist(folder, to, List.of(), LONG_MS, log::add).takeAll(true);
    }
  }

  @Test
  void shouldNeverOverwriteAnotherSegmentOfThatName() throws Exception {
    Path source = root.resolve("journal").resolve(oneSegment(7));
    byte[] ours = Files.readAllBytes(source);
    byte[] head = ours.clone();
    head[40] ^= 1;
    byte[] longer = Arrays.copyOf(ours, ours.length + 4096);
    longer[ours.length + 4000] = 1;
    byte[] laterRecord = Arrays.copyOf(ours, ours.length + 4096);
    laterRecord[ours.length - 1] ^= 1;
    Path there = root.resolve("archive").resolve(source.getFileName());
    for (byte[] other : List.of(head, longer, laterRecord, Arrays.copyOf(ours, 100), new byte[0])) {
      Files.write(there, other);

      IOException failed = takeAll();

      String message = failed == null ? "nothing failed" : String.valueOf(failed.getMessage());
      assertTrue(message.contains("the archive has another segment of that name: another journal's? nothing was"
          + " overwritten"), message);
      assertArrayEquals(other, Files.readAllBytes(there));
      assertEquals(List.of(source.getFileName().toString()), archive.list());
    }
  }

  @Test
  void shouldTakeTheTrimmedSegmentForTheOneThatWasArchivedAtFullLength() throws Exception {
    Path source = root.resolve("journal").resolve(oneSegment(7));
    byte[] ours = Files.readAllBytes(source);
    Path there = root.resolve("archive").resolve(source.getFileName());
    Files.write(there, Arrays.copyOf(ours, 16 * 1024));
    Files.write(root.resolve("archive").resolve(source.getFileName() + ".tmp"), new byte[100]);

    assertNull(takeAll());

    assertArrayEquals(ours, Files.readAllBytes(there));
  }

  @Test
  void shouldRaiseAnAlarmWhenTheCommandFailsAndKeepTheSegment() throws Exception {
    try (JournalRig rig = JournalRig.start(journal, JournalRig.SMALL, KEY)) {
      rig.appendMany(60, 7);
      try (Archivist archivist = archivist(rig, List.of("false", Archivist.SEGMENT), LONG_MS)) {
        archivist.start();

        String alarm = log.take();

        assertTrue(alarm.startsWith("alarm: ") && alarm.contains("ended with 1 on "), alarm);
        assertEquals(1, archivist.failures());
      }
      String first = SegmentArchive.closed(journal).getFirst();
      assertFalse(new SegmentArchive(journal, archive).wasHandedOver(first));
      rig.appendMany(3, 1);
    }
  }

  @Test
  void shouldKillACommandThatTakesTooLong() throws Exception {
    try (JournalRig rig = JournalRig.start(journal, JournalRig.SMALL, KEY)) {
      rig.appendMany(60, 7);
      try (Archivist archivist = archivist(rig, List.of("sleep", "3600"), 50)) {
        archivist.start();

        String alarm = log.take();

        assertTrue(alarm.contains("was killed"), alarm);
      }
    }
  }

  @Test
  void shouldEndACommandThatIsUnderWayAtTheStop() throws Exception {
    Path begun = root.resolve("begun");
    List<String> command = List.of("sh", "-c", "echo $$ > " + begun + "; exec sleep 3600");
    try (JournalRig rig = JournalRig.start(journal, JournalRig.SMALL, KEY)) {
      rig.appendMany(60, 7);
      Archivist archivist = archivist(rig, command, LONG_MS);
      archivist.start();
      while (!Files.exists(begun) || Files.readString(begun).isBlank()) {
        Thread.onSpinWait();
      }
      long pid = Long.parseLong(Files.readString(begun).strip());

      archivist.close();

      assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "process " + pid + " lives");
    }
  }

  @Test
  @Timeout(60)
  void shouldNotWaitForAnArchiveThatHangs() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Semaphore answer = new Semaphore(0);
    Disk hanging = (Disk) Proxy.newProxyInstance(
        Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, _, _) -> {
          asked.countDown();
          answer.acquireUninterruptibly();
          throw new IOException("answered at last");
        });
    try (JournalRig rig = JournalRig.start(journal, JournalRig.SMALL, KEY)) {
      rig.appendMany(60, 7);
      Archivist archivist =
          new Archivist(rig.folder, new SegmentArchive(journal, hanging), List.of(), LONG_MS, log::add);
      archivist.start();
      asked.await();

      archivist.close(true, 1);

      assertTrue(log.remove().contains("were not archived within 1 ms"), log.toString());
      assertTrue(log.remove().startsWith("the archive does not answer"), log.toString());
      answer.release(Integer.MAX_VALUE);
    }
  }

  @Test
  void shouldHandOverEachSegmentOnce() throws Exception {
    Path taken = root.resolve("taken");
    List<String> command = List.of("sh", "-c", "echo \"$1\" >> " + taken, "copy", Archivist.SEGMENT);
    for (int start = 0; start < 3; start++) {
      try (JournalRig rig = JournalRig.start(journal, JournalRig.SMALL, KEY)) {
        rig.appendMany(3, 3);
        try (Archivist archivist = archivist(rig, command, LONG_MS)) {
          archivist.start();
          String last = start == 0 ? "" : SegmentArchive.closed(journal).getLast();
          while (start > 0 && !new SegmentArchive(journal, archive).wasHandedOver(last)) {
            Thread.onSpinWait();
          }
        }
      }
    }

    List<String> lines = Files.readAllLines(taken);
    assertEquals(
        List.of(journal.describe(JournalFormat.nameOf(1, 1)), journal.describe(JournalFormat.nameOf(2, 4))), lines);
  }

  @Test
  void shouldRefuseToLoseALineOfTheLists() throws Exception {
    for (String name : List.of("one", "two", "three")) {
      AuditLog.append(journal, AuditLog.PRUNED, KEY, name + "\nby anna");
    }
    assertEquals(List.of("one by anna", "two by anna", "three by anna"), AuditLog.read(journal, AuditLog.PRUNED, KEY));
    Path file = root.resolve("journal").resolve(AuditLog.PRUNED);
    List<String> lines = Files.readAllLines(file);

    Files.write(file, List.of(lines.get(0), lines.get(2)));
    assertThrows(JournalDamagedException.class, () -> AuditLog.read(journal, AuditLog.PRUNED, KEY));
    Files.write(file, List.of(lines.get(0).replace("one", "two"), lines.get(1)));
    assertThrows(JournalDamagedException.class, () -> AuditLog.read(journal, AuditLog.PRUNED, KEY));
  }
}
