package se.valfardskort.authorizer.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.JournalSettings;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SteppedJournal;

/**
 * Starts fail because renaming does: the cache shows a new segment whose name is not on the disk. A later start must
 * not write into the anchor that it has seen that segment's seal before the name is there for good.
 */
final class FailedRenameTest {
  private static final JournalSettings SMALL =
      new JournalSettings(JournalSettings.Durability.FSYNC, 8192, 4096, 2048, 1_000);
  private static final SealKey KEY = SealKey.derivedFrom(new byte[32]);

  @Test
  void shouldNotAnchorASegmentWhoseNameMayBeLost() throws IOException {
    int failed = 0;
    for (int seed = 0; seed < 300; seed++) {
      SimDisk disk = disk(seed);
      try (JournalFolder folder = JournalFolder.lock(disk, KEY)) {
        FileJournal journal = SteppedJournal.open(folder, SMALL, JournalReader.Tail.EMPTY).journal();
        append(journal);
        journal.sync();
      }
      disk.losesProcess();
      disk.faults.oneIn(DiskFaults.Kind.FAILED_RENAME, 2);
      for (int start = 0; start < 4; start++) {
        try {
          recover(disk);
        } catch (IOException onABadDisk) {
          failed++;
        }
        disk.losesProcess();
      }
      disk.cutPower();
      disk.faults.mend();

      assertEquals(List.of(1L), recover(disk), "seed " + seed);
    }

    assertTrue(failed > 0, "no start has failed");
  }

  private static List<Long> recover(SimDisk disk) throws IOException {
    List<Long> sequences = new ArrayList<>();
    try (JournalFolder folder = JournalFolder.lock(disk, KEY)) {
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.RECOVER);
      reader.readAll(record -> sequences.add(record.sequence));
      SteppedJournal.open(folder, SMALL, reader.tail());
    }
    return sequences;
  }

  private static void append(FileJournal journal) throws IOException {
    UnsafeBuffer bytes = new UnsafeBuffer(new byte[600]);
    journal.append(Journal.Kind.DECIDED, 1, 1, bytes, 0, 500, bytes, 0, 100);
  }

  private static SimDisk disk(int seed) {
    return new SimDisk(new SplittableRandom(seed), new DiskFaults(1), new Tally(), new SimDisk.Surroundings() {
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
