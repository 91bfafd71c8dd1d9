package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.pipeline.CounterCore;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.Slot;

/** The journal on real files. */
final class FileJournalTest {
  private final Path folder;
  private final FaultyDisk disk;

  FileJournalTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.disk = new FaultyDisk(new FolderDisk(folder));
  }

  @Test
  void shouldRecoverAcrossSegmentsAndStarts() throws Exception {
    long hash;
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.appendMany(150, 7);
      rig.appendPoison();
      rig.journal.sync();
      hash = rig.core.stateHash();
    }

    try (JournalRig again = JournalRig.start(disk, JournalRig.SMALL)) {
      assertEquals(151, again.tail.end().sequence());
      assertEquals(hash, again.core.stateHash());
      assertTrue(again.tail.segments() > 2, "segments: " + again.tail.segments());
      assertEquals(2, again.folder.epoch());
      again.appendMany(10, 10);
      hash = again.core.stateHash();
    }

    try (JournalRig third = JournalRig.start(disk, JournalRig.SMALL)) {
      assertEquals(161, third.tail.end().sequence());
      assertEquals(hash, third.core.stateHash());
    }
  }

  @Test
  void shouldReportHowFarARecoveryHasCome() throws Exception {
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.appendMany(150, 10);
    }
    List<String> reports = new ArrayList<>();
    long bytes;

    try (JournalFolder locked = JournalFolder.lock(disk)) {
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.INSPECT);
      Recovery.replay(reader, new CounterCore(), (records, read, total) -> reports.add(records + " " + read));
      bytes = locked.segments().size() * (long) JournalFormat.SEGMENT_HEADER_LENGTH + 150 * 384;
    }

    assertEquals(List.of("150 " + bytes), reports);
  }

  @Test
  void shouldWriteTheRestOfAShortWrite() throws Exception {
    disk.shortenWrites();
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.appendMany(40, 5);
    }

    try (JournalRig again = JournalRig.start(disk, JournalRig.SMALL)) {
      assertEquals(40, again.tail.end().sequence());
    }
  }

  @Test
  void shouldCallNothingDurableBeforeItsSync() throws Exception {
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.append(5);
      assertEquals(0, rig.journal.durableSequence());

      rig.journal.sync();

      assertEquals(1, rig.journal.durableSequence());
    }
  }

  @Test
  void shouldSyncOnceForABatchAndNotAtAllWithoutOne() throws Exception {
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      long before = disk.forces();
      rig.appendMany(10, 10);
      assertEquals(before + 1, disk.forces());

      rig.journal.sync();

      assertEquals(before + 1, disk.forces());
    }
  }

  @Test
  void shouldNotSyncInModeOs() throws Exception {
    JournalSettings os = JournalRig.SMALL.withDurability(JournalSettings.Durability.OS);
    try (JournalRig rig = JournalRig.start(disk, os)) {
      long before = disk.forces();

      rig.appendMany(10, 1);

      assertEquals(before, disk.forces());
      assertEquals(10, rig.journal.durableSequence());
    }
  }

  @Test
  void shouldNotBeClosedUnderASyncThatHangs() throws Exception {
    JournalRig rig = JournalRig.start(disk, JournalRig.SMALL);
    rig.append(1);
    disk.hangSyncs();
    FutureTask<Long> sync = new FutureTask<>(() -> {
      rig.journal.sync();
      return rig.journal.durableSequence();
    });
    Thread.ofPlatform().start(sync);
    disk.awaitHangingSync();

    IOException refused = assertThrows(IOException.class, rig.journal::close);

    assertTrue(String.valueOf(refused.getMessage()).contains("has not returned"), refused.getMessage());
    disk.release();
    assertEquals(1, sync.get());
    rig.close();
  }

  @Test
  void shouldNeverTryAgainAfterAFailedSync() throws Exception {
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.append(1);
      disk.failSyncs();
      IOException failed = assertThrows(IOException.class, rig.journal::sync);
      assertTrue(String.valueOf(failed.getMessage()).contains("Input/output error"), failed.getMessage());

      disk.mend();

      assertThrows(IOException.class, rig.journal::sync);
      assertThrows(IOException.class, () -> rig.append(2));
      assertEquals(0, rig.journal.durableSequence());
    }
  }

  @Test
  void shouldNeverTryAgainAfterAFailedWrite() throws Exception {
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.append(1);
      disk.failWrites();
      assertThrows(IOException.class, rig.journal::sync);

      disk.mend();

      assertThrows(IOException.class, rig.journal::sync);
      assertEquals(0, rig.journal.durableSequence());
    }
  }

  @Test
  void shouldRefuseAGapInTheSequences() throws Exception {
    Slot slot = new Slot();
    CounterCore.fill(slot, 1, 1, MessageClass.AUTHORIZATION);
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {

      assertThrows(
          IOException.class,
          () -> rig.journal.append(Journal.Kind.DECIDED, 2, 1, slot.command, 0, 20, slot.decision, 0, 81));
    }
  }

  @Test
  void shouldSayAtOnceThatTheDiskHasNoRoomForTheFirstSegment() {
    JournalSettings patient = JournalRig.SMALL.withSpareTimeoutMs(3_600_000);
    disk.leaveRoom(100);

    IOException full = assertThrows(IOException.class, () -> JournalRig.start(disk, patient));

    assertTrue(String.valueOf(full.getMessage()).contains("make room"), full.getMessage());
  }

  @Test
  void shouldSayThatTheDiskIsFullBeforeTheJournalNeedsTheRoom() throws Exception {
    JournalSettings impatient = JournalRig.SMALL.withSpareTimeoutMs(50);
    try (JournalRig rig = JournalRig.start(disk, impatient)) {
      disk.leaveRoom(0);
      // The first spare may have been finished before the room went: it is used up, the next cannot be made.
      IOException full = assertThrows(IOException.class, () -> rig.appendMany(200, 1));
      assertTrue(String.valueOf(full.getMessage()).contains("make room"), full.getMessage());
      assertNotNull(rig.journal.spareProblem());
      long durable = rig.journal.durableSequence();
      assertTrue(durable > 20, "durable: " + durable);
    }
  }

  @Test
  void shouldKeepASecondInstanceOut() throws Exception {
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.appendMany(3, 3);

      IOException here = assertThrows(IOException.class, () -> JournalFolder.lock(new FolderDisk(folder)));
      assertTrue(String.valueOf(here.getMessage()).contains("another instance"), here.getMessage());
      String other = lockFromAnotherProcess();
      assertTrue(other.contains("locked by process " + ProcessHandle.current().pid()), other);
    }

    JournalFolder.lock(disk).close();
  }

  private String lockFromAnotherProcess() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process = new ProcessBuilder(
            java, "-cp", System.getProperty("java.class.path"), LockAttempt.class.getName(), folder.toString())
        .redirectErrorStream(true)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  /** Another process that wants the folder. */
  static final class LockAttempt {
    private LockAttempt() {}

    /** Says how it went. */
    public static void main(String[] arguments) throws IOException {
      try {
        JournalFolder.lock(new FolderDisk(Path.of(arguments[0])));
        System.out.println("locked");
      } catch (IOException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }

  @Test
  void shouldLeaveNoSpareAndNoZerosAfterACleanClose() throws Exception {
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.appendMany(2, 2);
    }

    List<String> names = disk.list();
    assertEquals(List.of("anchor", JournalFormat.nameOf(1, 1), "lock"), names);
    assertTrue(Files.size(folder.resolve(JournalFormat.nameOf(1, 1))) < 1024);
  }

  @Test
  void shouldPreallocateSegmentsWithRealZeros() throws Exception {
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.appendMany(1, 1);

      assertEquals(JournalRig.SMALL.segmentBytes(), Files.size(JournalRig.lastSegment(folder)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldAllocateNothingPerRecord(boolean sealed) throws Exception {
    SealKey key = sealed ? SealKey.derivedFrom(new byte[32]) : null;
    JournalSettings roomy = JournalRig.SMALL.withSegmentBytes(16 << 20);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Slot slot = new Slot();
    CounterCore.fill(slot, 1, 1, MessageClass.AUTHORIZATION);
    List<Long> rounds = new ArrayList<>();
    try (JournalRig rig = JournalRig.start(disk.withoutForcing(), roomy, key)) {
      long sequence = 0;
      for (int round = 0; round < 5; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 5_000; i++) {
          sequence++;
          rig.journal.append(Journal.Kind.DECIDED, sequence, 1, slot.command, 0, 207, slot.decision, 0, 81);
          if (i % 50 == 49) {
            rig.journal.sync();
          }
        }
        rounds.add(threads.getCurrentThreadAllocatedBytes() - before);
      }
    }

    assertTrue(rounds.contains(0L), "bytes allocated in rounds of 5,000 records: " + rounds);
  }
}
