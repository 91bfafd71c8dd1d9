package se.valfardskort.authorizer.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.JournalSettings;
import se.valfardskort.authorizer.storage.PrunePlan;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SegmentArchive;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SteppedJournal;

/**
 * A follower's snapshot, or a copy in the archive, was renamed and the folder could not be forced: the name can be seen
 * and is not on the disk. A prune must not remove segments in favour of what a power cut may take away.
 */
final class PruneNamesTest {
  private static final JournalSettings SMALL =
      new JournalSettings(JournalSettings.Durability.FSYNC, 4096, 4096, 2048, 1_000);
  private static final SealKey KEY = SealKey.derivedFrom(new byte[32]);
  private static final int RECORDS = 30;
  private static final String SNAPSHOT = "snapshot-00000000000000000030.snap";

  @Test
  void shouldRemoveNothingThatAPowerCutLeavesNoTraceOf() throws IOException {
    for (int seed = 0; seed < 40; seed++) {
      DiskFaults faults = new DiskFaults(1);
      SimDisk journal = disk(seed, faults);
      SimDisk archive = disk(seed + 1_000, faults);
      SimDisk snapshots = disk(seed + 2_000, faults);
      writeJournal(journal);
      List<String> closed = SegmentArchive.closed(journal);
      assertTrue(closed.size() > 2, "closed: " + closed);
      faults.oneIn(DiskFaults.Kind.FAILED_RENAME, 1);
      putUnforcedName(snapshots, SNAPSHOT, new byte[600]);
      for (String name : closed) {
        putUnforcedName(archive, name, contentOf(journal, name));
      }
      faults.mend();

      prune(journal, archive, snapshots);
      snapshots.cutPower();
      archive.cutPower();
      journal.cutPower();

      assertEquals(List.of(SNAPSHOT), snapshots.list(), "seed " + seed);
      assertEquals(closed, archive.list(), "seed " + seed);
      assertTrue(journal.list().stream().noneMatch(closed::contains), "seed " + seed + ": " + journal.list());
    }
  }

  @Test
  void shouldRemoveNothingWhereNamesCannotBeForced() throws IOException {
    for (boolean snapshotsFail : List.of(true, false)) {
      DiskFaults sound = new DiskFaults(1);
      DiskFaults bad = new DiskFaults(1);
      SimDisk journal = disk(1, sound);
      SimDisk archive = disk(2, snapshotsFail ? sound : bad);
      SimDisk snapshots = disk(3, snapshotsFail ? bad : sound);
      writeJournal(journal);
      List<String> before = journal.list();
      bad.oneIn(DiskFaults.Kind.FAILED_RENAME, 1);
      for (String name : SegmentArchive.closed(journal)) {
        putFile(archive, name, contentOf(journal, name));
      }

      assertThrows(IOException.class, () -> prune(journal, archive, snapshots));
      assertEquals(before, journal.list());
    }
  }

  private static void prune(SimDisk journal, SimDisk archive, SimDisk snapshots) throws IOException {
    SegmentArchive to = new SegmentArchive(journal, archive);
    PrunePlan.of(journal, to, RECORDS)
        .carryOut(journal, to, new SnapshotFolder(snapshots, KEY), KEY, "now", "operator");
  }

  private static void writeJournal(SimDisk disk) throws IOException {
    try (JournalFolder folder = JournalFolder.lock(disk, KEY)) {
      FileJournal journal = SteppedJournal.open(folder, SMALL, JournalReader.Tail.EMPTY).journal();
      UnsafeBuffer bytes = new UnsafeBuffer(new byte[600]);
      for (int sequence = 1; sequence <= RECORDS; sequence++) {
        journal.append(Journal.Kind.DECIDED, sequence, sequence, bytes, 0, 500, bytes, 0, 100);
        journal.sync();
      }
      journal.close();
    }
  }

  private static byte[] contentOf(SimDisk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name)) {
      byte[] content = new byte[(int) file.size()];
      file.read(ByteBuffer.wrap(content), 0);
      return content;
    }
  }

  private static void putFile(SimDisk disk, String name, byte[] content) throws IOException {
    try (DiskFile file = disk.create(name)) {
      file.write(ByteBuffer.wrap(content), 0);
      file.force();
    }
  }

  private static void putUnforcedName(SimDisk disk, String name, byte[] content) throws IOException {
    putFile(disk, name + ".tmp", content);
    assertThrows(IOException.class, () -> disk.rename(name + ".tmp", name));
  }

  private static SimDisk disk(int seed, DiskFaults faults) {
    return new SimDisk(new SplittableRandom(seed), faults, new Tally(), new SimDisk.Surroundings() {
      @Override
      public void waitFor(long ns) {
        // Nobody waits here.
      }

      @Override
      public void powerWent() {
        // It does not go by itself.
      }
    });
  }
}
