package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.sbe.LookAbout;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.storage.SegmentKeys.Kind;

/** An index on disk is the one in memory, whatever its length, and of no other segment. */
class HistoryFileTest {
  private static final long SEED = 20_261_122;
  private static final int PAGE = 511;
  private static final int CARDS = 40;
  private static final JournalFormat.SegmentName SEGMENT = new JournalFormat.SegmentName("journal-a", 3, 1_000);

  private final FolderDisk disk;
  private final Random random = new Random(SEED);

  HistoryFileTest(@TempDir Path folder) throws IOException {
    disk = new FolderDisk(folder);
  }

  /** Looks at cards, of which there are few, so that each has many entries. */
  private SegmentKeys.Gathered gathered(int count) {
    SegmentKeys.Gathered keys = new SegmentKeys.Gathered();
    UnsafeBuffer token = new UnsafeBuffer(new byte[32]);
    UnsafeBuffer command = new UnsafeBuffer(new byte[256]);
    JournalRecord record = new JournalRecord();
    record.buffer = command;
    for (int i = 0; i < count; i++) {
      token.putInt(0, hash(random.nextInt(CARDS)));
      record.commandLength =
          Commands.look(command, 0, token, 0, "tester", LookAbout.ACCOUNT, Commands.NO_RECORD);
      record.sequence = SEGMENT.firstSequence() + i;
      keys.add(record, 64 + 328L * i);
    }
    keys.sort();
    return keys;
  }

  /** With signs of both kinds, and the ends of the range. */
  private static int hash(int card) {
    return card == 0 ? Integer.MIN_VALUE : card == 1 ? Integer.MAX_VALUE : card == 2 ? -1 : card * 0x0765_4321;
  }

  private void write(SegmentKeys.Gathered keys) throws IOException {
    String name = HistoryFile.nameOf(SEGMENT);
    disk.delete(name);
    try (DiskFile file = disk.create(name)) {
      HistoryFile.write(file, SEGMENT, 77, keys);
    }
  }

  @Test
  void shouldFindOnDiskWhatIsInMemory() throws IOException {
    for (int count : new int[] {1, 2, PAGE - 1, PAGE, PAGE + 1, 64 * PAGE, 64 * PAGE + 1, 100_000}) {
      SegmentKeys.Gathered keys = gathered(count);
      write(keys);
      try (HistoryFile file = HistoryFile.open(disk, SEGMENT, keys.lastSequence(), 77)) {
        assertEquals(count, file.count(Kind.CARD), "seed " + SEED);
        assertEquals(0, file.count(Kind.RRN));
        for (int i = 0; i < count; i += count > 1_000 ? 97 : 1) {
          assertEquals(keys.at(Kind.CARD, i), file.at(Kind.CARD, i));
        }
        for (int card = 0; card < CARDS; card++) {
          long last = file.lastOf(Kind.CARD, hash(card));
          assertEquals(slowly(keys, hash(card)), last >= 0 && SegmentKeys.hashOf(file.at(Kind.CARD, last)) == hash(card)
              ? file.at(Kind.CARD, last) : Long.MIN_VALUE, "card " + card + " of " + count + ", seed " + SEED);
        }
      }
    }
  }

  /** The last entry of a hash; the least of all longs: there is none. */
  private static long slowly(SegmentKeys.Gathered keys, int hash) {
    long last = Long.MIN_VALUE;
    for (long i = 0; i < keys.count(Kind.CARD); i++) {
      last = SegmentKeys.hashOf(keys.at(Kind.CARD, i)) == hash ? keys.at(Kind.CARD, i) : last;
    }
    return last;
  }

  @Test
  void shouldRefuseTheIndexOfAnotherSegment() throws IOException {
    SegmentKeys.Gathered keys = gathered(1_000);
    write(keys);
    long last = keys.lastSequence();
    JournalFormat.SegmentName renamed = new JournalFormat.SegmentName("journal-a", 4, 1_000);
    JournalFormat.SegmentName later = new JournalFormat.SegmentName("journal-a", 3, 1_001);

    HistoryFile.open(disk, SEGMENT, last, 77).close();
    assertThrows(HistoryFile.UnfitException.class, () -> HistoryFile.open(disk, SEGMENT, last + 1, 77));
    assertThrows(HistoryFile.UnfitException.class, () -> HistoryFile.open(disk, SEGMENT, last, 78));
    assertThrows(HistoryFile.UnfitException.class, () -> HistoryFile.open(disk, renamed, last, 77));
    assertThrows(HistoryFile.UnfitException.class, () -> HistoryFile.open(disk, later, last, 77));
  }
}
