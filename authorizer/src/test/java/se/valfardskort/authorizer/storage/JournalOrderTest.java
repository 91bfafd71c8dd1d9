package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;

/**
 * In which order the journal asks its disk: what a later start builds on is forced before it has the name by which that
 * start finds it. A power cut cannot be made on a real disk, but an order that does not survive one can be seen.
 */
final class JournalOrderTest {
  private static final int RECORD = 384;
  private static final SealKey KEY = SealKey.derivedFrom(new byte[32]);

  private final Path folder;
  private final Path outside;

  JournalOrderTest(@TempDir Path root) {
    this.folder = root.resolve("journal");
    this.outside = root.resolve("outside");
  }

  private WatchedDisk disk() throws Exception {
    return new WatchedDisk(new FaultyDisk(new FolderDisk(folder)).withoutForcing());
  }

  private JournalRig startWitnessed(WatchedDisk disk, WatchedDisk witness) throws Exception {
    JournalFolder locked = JournalFolder.lock(disk, KEY);
    locked.keepWitness(witness, "anchor-copy");
    return JournalRig.start(locked, JournalRig.SMALL);
  }

  @Test
  void shouldForceWhatAFileHoldsBeforeItGetsItsName() throws Exception {
    WatchedDisk disk = disk();
    WatchedDisk witness = new WatchedDisk(new FolderDisk(outside));
    for (int start = 1; start <= 2; start++) {
      try (JournalRig rig = startWitnessed(disk, witness)) {
        rig.appendMany(150, 7);
      }
    }

    assertEquals(List.of(), disk.namedTooEarly());
    assertEquals(List.of(), witness.namedTooEarly());
    List<String> names = disk.list();
    assertTrue(names.size() > 5, names.toString());
    for (String name : names) {
      assertFalse(disk.isDirty(name), name);
      assertTrue(name.equals("lock") || !disk.asked(name).isEmpty(), name);
    }
    assertTrue(witness.asked("anchor-copy").contains("named, was anchor-copy.tmp"), witness.asked().toString());
  }

  @Test
  void shouldHaveForcedEverySegmentWhenASyncReturns() throws Exception {
    WatchedDisk disk = disk();
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL, KEY)) {
      for (int batch = 0; batch < 30; batch++) {
        for (int i = 0; i < 5; i++) {
          rig.append(1 + i);
        }
        rig.journal.sync();
        for (String name : disk.list()) {
          assertFalse(name.startsWith("journal-") && disk.isDirty(name), name + " after batch " + batch);
        }
      }
    }
  }

  /**
   * Five records from offset 64 on, synced after the third and the fifth, and a crash. The fourth, at 1,168, says that
   * the third was durable; nothing says so of the fourth and fifth.
   */
  @Test
  void shouldWriteAgainAndForceWhatNoMarkCoversBeforeItIsBuiltOn() throws Exception {
    Path live = folder.resolveSibling("live");
    try (JournalRig rig = JournalRig.start(new FolderDisk(live), JournalRig.SMALL)) {
      rig.appendMany(5, 3);
      JournalRig.image(live, folder);
    }
    String segment = JournalFormat.nameOf(1, 1);
    WatchedDisk disk = disk();

    try (JournalRig again = JournalRig.start(disk, JournalRig.SMALL)) {
      assertEquals(5, again.tail.end().sequence());
    }

    assertEquals(
        List.of(
            "write " + (64 + 3 * RECORD) + " to " + (64 + 5 * RECORD),
            "force",
            "named, was " + segment,
            "truncate " + (64 + 5 * RECORD),
            "force"),
        disk.asked(segment));
    assertEquals(segment + ": write 1216 to 1984", disk.asked().getFirst());
    assertBefore(disk, segment + ": named, was " + segment, "anchor.tmp: write");
    assertBefore(disk, "anchor: named, was anchor.tmp", segment + ": truncate");
  }

  /** Whoever replays may find that a record is decided otherwise: then not a byte may have been changed. */
  @Test
  void shouldAskTheVisitorBeforeItChangesAnything() throws Exception {
    Path live = folder.resolveSibling("live");
    try (JournalRig rig = JournalRig.start(new FolderDisk(live), JournalRig.SMALL)) {
      rig.appendMany(5, 3);
      JournalRig.image(live, folder);
    }
    WatchedDisk disk = disk();
    List<Long> seen = new ArrayList<>();
    JournalSource.Visitor refusing = new JournalSource.Visitor() {
      @Override
      public void record(JournalRecord record) {
        seen.add(record.sequence);
      }

      @Override
      public void end() throws IOException {
        throw new IOException("after " + seen);
      }
    };

    try (JournalFolder locked = JournalFolder.lock(disk)) {
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.RECOVER);
      IOException refused = assertThrows(IOException.class, () -> reader.readAll(refusing));
      assertEquals("after [1, 2, 3, 4, 5]", refused.getMessage());
    }
    assertEquals(List.of(), disk.asked());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldWriteNothingAgainAfterACleanStop(boolean sealed) throws Exception {
    SealKey key = sealed ? KEY : null;
    try (JournalRig rig = JournalRig.start(new FolderDisk(folder), JournalRig.SMALL, key)) {
      rig.appendMany(5, 3);
    }
    String segment = JournalFormat.nameOf(1, 1);
    WatchedDisk disk = disk();

    JournalRig.start(disk, JournalRig.SMALL, key).close();

    List<String> asked = disk.asked(segment);
    assertEquals("force", asked.getLast());
    assertTrue(asked.get(asked.size() - 2).startsWith("truncate "), asked.toString());
    assertEquals("named, was " + segment, asked.get(asked.size() - 3));
    assertEquals("force", asked.get(asked.size() - 4));
    // With seals, the last of them may be one whose sync failed.
    assertEquals(sealed ? 5 : 4, asked.size(), asked.toString());
  }

  private static void assertBefore(WatchedDisk disk, String first, String second) {
    List<String> asked = disk.asked();
    int at = asked.indexOf(first);
    assertTrue(at >= 0, asked.toString());
    for (String line : asked.subList(0, at)) {
      assertFalse(line.startsWith(second), asked.toString());
    }
    assertTrue(asked.stream().anyMatch(line -> line.startsWith(second)), asked.toString());
  }

  @Test
  void shouldNoteInTheAnchorWhereTheSegmentEndsBeforeItTrimsIt() throws Exception {
    WatchedDisk disk = disk();
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      rig.appendMany(2, 2);
    }

    List<String> asked = disk.asked();
    String segment = JournalFormat.nameOf(1, 1);
    int trimmed = asked.indexOf(segment + ": truncate " + (64 + 2 * RECORD));
    assertTrue(trimmed > 0, asked.toString());
    assertEquals(segment + ": force", asked.get(trimmed + 1));
    assertEquals("anchor: named, was anchor.tmp", asked.get(trimmed - 1));
    assertEquals(segment + ": force", asked.getLast());
  }
}
