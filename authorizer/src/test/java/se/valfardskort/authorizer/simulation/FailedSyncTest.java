package se.valfardskort.authorizer.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import se.valfardskort.authorizer.storage.SteppedJournal;

/**
 * A sync fails, the process stops and is started again without the machine having been off: the page cache shows a
 * record that the disk does not have, and that no sync would write any more. Whoever believes it must put it there.
 */
final class FailedSyncTest {
  private static final JournalSettings SMALL =
      new JournalSettings(JournalSettings.Durability.FSYNC, 8192, 4096, 2048, 1_000);

  @Test
  void shouldHaveOnTheDiskWhatARecoveryBelieved() throws IOException {
    for (int seed = 0; seed < 40; seed++) {
      SimDisk disk = disk(seed);
      try (JournalFolder folder = JournalFolder.lock(disk)) {
        FileJournal journal = SteppedJournal.open(folder, SMALL, JournalReader.Tail.EMPTY).journal();
        append(journal, 1);
        journal.sync();
        append(journal, 2);
        append(journal, 3);
        disk.faults.oneIn(DiskFaults.Kind.FAILED_FORCE, 1);
        assertThrows(IOException.class, journal::sync);
      }
      disk.losesProcess();
      disk.faults.mend();

      List<Long> believed = recover(disk);
      disk.cutPower();
      List<Long> found = recover(disk);

      assertEquals(List.of(1L, 2L, 3L), believed, "seed " + seed);
      assertEquals(believed, found, "seed " + seed);
    }
  }

  private static List<Long> recover(SimDisk disk) throws IOException {
    List<Long> sequences = new ArrayList<>();
    try (JournalFolder folder = JournalFolder.lock(disk)) {
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.RECOVER);
      reader.readAll(record -> sequences.add(record.sequence));
      SteppedJournal.open(folder, SMALL, reader.tail());
    }
    disk.losesProcess();
    return sequences;
  }

  private static void append(FileJournal journal, long sequence) throws IOException {
    UnsafeBuffer bytes = new UnsafeBuffer(new byte[600]);
    bytes.setMemory(0, 600, (byte) sequence);
    journal.append(Journal.Kind.DECIDED, sequence, sequence, bytes, 0, 500, bytes, 0, 100);
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
