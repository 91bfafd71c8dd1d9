package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a journal beside its segments: by its anchor, and by the witness on another disk. */
final class JournalFolderTest {
  private static final SealKey KEY = SealKey.derivedFrom(new byte[32]);
  private static final String COPY = "anchor-copy";

  private final Path root;
  private final Path folder;
  private final Path outside;

  JournalFolderTest(@TempDir Path root) {
    this.root = root;
    this.folder = root.resolve("journal");
    this.outside = root.resolve("outside");
  }

  private JournalFolder lock() throws IOException {
    return JournalFolder.lock(new FolderDisk(folder), KEY);
  }

  private JournalRig startWitnessed() throws IOException {
    JournalFolder locked = lock();
    locked.keepWitness(new FolderDisk(outside), COPY);
    return JournalRig.start(locked, JournalRig.SMALL);
  }

  @Test
  void shouldKeepWhatWasSettledAndRefuseAnythingElse() throws Exception {
    assertEquals(0, JournalFolder.keyCheckIn(new FolderDisk(folder)));
    try (JournalFolder fresh = lock()) {
      assertEquals(0, fresh.epoch());
      assertEquals(0, fresh.keyCheck());
      assertEquals(0, fresh.answersRemembered());
      assertEquals(1, fresh.oldestSequence());
      fresh.settleKeyCheck(77);
      fresh.settleAnswersRemembered(500);
      fresh.raiseEpoch(0, 0, SealMark.NONE);
    }

    assertEquals(77, JournalFolder.keyCheckIn(new FolderDisk(folder)));
    try (JournalFolder settled = lock()) {
      assertEquals(1, settled.epoch());
      assertEquals(77, settled.keyCheck());
      assertEquals(500, settled.answersRemembered());
      settled.settleKeyCheck(77);
      settled.settleAnswersRemembered(500);
      assertSaid(assertThrows(IllegalStateException.class, () -> settled.settleKeyCheck(78)), "with another key");
      assertSaid(
          assertThrows(IllegalStateException.class, () -> settled.settleAnswersRemembered(501)),
          "a memory of 500 answers, not 501");
    }
  }

  private static void assertSaid(Exception refused, String words) {
    assertTrue(String.valueOf(refused.getMessage()).contains(words), refused::toString);
  }

  @Test
  void shouldRaiseTheEpochAboveTheAnchorsAndTheLastSegments() throws Exception {
    try (JournalFolder locked = lock()) {
      locked.raiseEpoch(0, 0, SealMark.NONE);
      assertEquals(1, locked.epoch());
      locked.raiseEpoch(4, 10, SealMark.NONE);
      assertEquals(5, locked.epoch());
      assertEquals(10, locked.durableMark());
      locked.raiseEpoch(2, 10, SealMark.NONE);
      assertEquals(6, locked.epoch());
      // One that comes late changes nothing.
      locked.anchor(12, SealMark.NONE);
      locked.anchor(11, SealMark.NONE);
      assertEquals(12, locked.durableMark());
    }
    try (JournalFolder again = lock()) {
      assertEquals(6, again.epoch());
      assertEquals(12, again.durableMark());
    }
  }

  @Test
  void shouldLetGoOfAFolderWhoseAnchorIsDamaged() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(folder), JournalRig.SMALL, KEY)) {
      rig.appendMany(1, 1);
    }
    byte[] anchor = Files.readAllBytes(folder.resolve("anchor"));
    Files.write(folder.resolve("anchor"), new byte[anchor.length]);
    assertThrows(JournalDamagedException.class, this::lock);
    Files.write(folder.resolve("anchor"), anchor);

    lock().close();
  }

  @Test
  void shouldTellWhereTheOldestSegmentBegins() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(folder), JournalRig.SMALL)) {
      rig.appendMany(150, 7);
      assertEquals(1, rig.folder.oldestSequence());
    }
    Files.delete(folder.resolve(JournalFormat.nameOf(1, 1)));

    try (JournalFolder locked = lock()) {
      // 42 records of 384 bytes behind a header of 64 fill a segment of 16 KiB.
      assertEquals(43, locked.oldestSequence());
    }
  }

  @Test
  void shouldSayAndNoteThatASegmentIsFull() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    try (JournalRig rig = JournalRig.start(new FolderDisk(folder), JournalRig.SMALL)) {
      rig.folder.onSegmentClosed(heard::incrementAndGet);
      rig.folder.anchorClosed();
      assertEquals(0, markBeside());
      rig.appendMany(42, 5);
      assertEquals(0, heard.get());
      rig.appendMany(1, 1);
      assertEquals(1, heard.get());
      assertEquals(0, markBeside());

      rig.folder.anchorClosed();

      assertEquals(42, markBeside());
      assertEquals(42, rig.journal.closedSequence());
    }
  }

  private long markBeside() throws IOException {
    try (JournalFolder beside = JournalFolder.follow(FolderDisk.readOnly(folder))) {
      return beside.durableMark();
    }
  }

  @Test
  void shouldCompareWithTheWitnessAndChangeNothing() throws Exception {
    try (JournalRig rig = JournalRig.start(new FolderDisk(folder), JournalRig.SMALL, KEY)) {
      rig.appendMany(3, 3);
    }
    Files.createDirectories(outside);
    try (JournalFolder beside = JournalFolder.follow(FolderDisk.readOnly(folder), KEY)) {
      assertFalse(beside.compareWithWitness(FolderDisk.readOnly(outside), COPY), "none was ever kept");
      assertEquals(0, beside.witnessEpoch());
    }
    Path copy = root.resolve("copy");
    startWitnessed().close();
    JournalRig.image(folder, copy);
    try (JournalRig rig = startWitnessed()) {
      rig.appendMany(4, 4);
    }
    byte[] seen = Files.readAllBytes(outside.resolve(COPY));

    try (JournalFolder beside = JournalFolder.follow(FolderDisk.readOnly(folder), KEY)) {
      assertTrue(beside.compareWithWitness(FolderDisk.readOnly(outside), COPY));
      assertEquals(3, beside.witnessEpoch());
      assertEquals(7, beside.witnessMark());
      assertEquals(outside.resolve(COPY).toRealPath().toString(), beside.describeWitness());
    }
    try (JournalFolder older = JournalFolder.follow(FolderDisk.readOnly(copy), KEY)) {
      JournalDamagedException refused = assertThrows(
          JournalDamagedException.class, () -> older.compareWithWitness(FolderDisk.readOnly(outside), COPY));
      assertSaid(refused, "is an older copy: it was last started as epoch 2");
      assertSaid(refused, "has seen epoch 3 with sequence 7 on stable storage");
    }
    assertEquals(List.of(COPY), new FolderDisk(outside).list());
    assertEquals(ByteBuffer.wrap(seen), ByteBuffer.wrap(Files.readAllBytes(outside.resolve(COPY))));
  }

  @Test
  void shouldReadTheAnchorAfterTheWitnessWhichIsNeverAheadOfIt() throws Exception {
    startWitnessed().close();
    try (JournalFolder beside = JournalFolder.follow(FolderDisk.readOnly(folder), KEY)) {
      // Started and stopped since the anchor was read.
      startWitnessed().close();

      assertTrue(beside.compareWithWitness(FolderDisk.readOnly(outside), COPY));
      assertEquals(2, beside.epoch());
    }
  }

  @Test
  void shouldNameTheWitnessWhereTheEndIsMissing() throws Exception {
    try (JournalRig rig = startWitnessed()) {
      rig.appendMany(3, 3);
    }
    Files.delete(JournalRig.lastSegment(folder));

    JournalDamagedException refused = assertThrows(JournalDamagedException.class, this::startWitnessed);

    assertSaid(refused, "ends at sequence 0, but sequence 3 was on stable storage (its anchor, or the witness ");
    assertSaid(refused, COPY + ", has seen it)");
  }
}
