package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.function.Executable;
import se.valfardskort.authorizer.mutation.Attack;
import se.valfardskort.authorizer.mutation.Edit;
import se.valfardskort.authorizer.mutation.Mutant;
import se.valfardskort.authorizer.mutation.Scenarios;

/** Somebody who can write the data folder, but has no key. */
public final class JournalAttacks implements Scenarios {
  private static final SealKey KEY = SealKey.derivedFrom(new byte[32]);
  private static final int HEAD = JournalFormat.SEGMENT_HEADER_LENGTH + SealChain.RECORD_LENGTH;
  private static final int RECORD = 384;

  @Override
  public List<Attack> all() {
    return List.of(
        new Attack(
            34,
            "journal edited",
            "changes what was decided in a record of a stopped authorizer's journal, and mends its CRC",
            "have it believed at the next start",
            "a keyed hash chain over all bytes: seals, which each start checks",
            () -> with(JournalAttacks::edited),
            List.of(
                Mutant.harmful(
                    "neither a seal is compared nor the one that the anchor names",
                    Edit.in(SealChain.class, "check").callGives("isEqual", true),
                    Edit.in(SealCheck.class, "wrong").callGives("equals", true)),
                Mutant.harmful("seals cover nothing", Edit.in(SealChain.class, "cover").doesNothing()))),
        new Attack(
            34,
            "anchor forged",
            "writes an anchor that has seen less, with a CRC of its own, and takes the newest segment away",
            "undo the purchases in it",
            "the anchor is signed under the journal's key",
            () -> with(JournalAttacks::forgedAnchor),
            List.of(
                Mutant.harmful(
                    "its signature is not asked for", Edit.in(Anchor.class, "read").callGives("isEqual", true)))),
        new Attack(
            34,
            "snapshot forged",
            "raises a balance in a snapshot, and mends its CRCs and its hash",
            "have a start believe it",
            "a snapshot carries a seal over all its bytes, under the journal's key",
            () -> with(JournalAttacks::forgedSnapshot),
            List.of(
                Mutant.harmful(
                    "seals are not compared", Edit.in(SnapshotSeal.class, "fits").callGives("isEqual", true)),
                Mutant.harmful("seals cover nothing", Edit.in(SnapshotSeal.class, "cover").doesNothing()))),
        new Attack(
            35,
            "newest segment taken away",
            "removes the newest segment of a stopped authorizer",
            "undo the purchases in it",
            "the anchor knows the last sequence and the last seal",
            () -> with(JournalAttacks::cutOff),
            List.of(
                Mutant.harmful(
                    "the end is not compared", Edit.in(JournalReader.class, "requireEnd").doesNothing()))),
        new Attack(
            35,
            "old backup restored",
            "puts the whole data folder back to an older copy, anchor included",
            "spend what was spent since",
            "a witness outside the folder, signed, which has seen a later start and a later seal",
            () -> with(JournalAttacks::olderCopy),
            List.of(
                Mutant.harmful(
                    "neither its start nor its seal is compared",
                    Edit.in(JournalFolder.class, "requireNotBehindWitness").doesNothing(),
                    Edit.in(JournalReader.class, "requireEnd").doesNothing()))));
  }

  /** Plays in a folder of its own, which is gone afterwards. */
  private static void with(Scene scene) throws IOException {
    Path root = Files.createTempDirectory("journal-attack-");
    try {
      scene.play(root);
    } finally {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** What is done in a folder. */
  @FunctionalInterface
  private interface Scene {
    void play(Path root) throws IOException;
  }

  private static Path lived(Path root) throws IOException {
    Path folder = root.resolve("journal");
    spend(folder, 10);
    spend(folder, 5);
    return folder;
  }

  private static void spend(Path folder, int purchases) throws IOException {
    try (JournalRig rig = JournalRig.start(new FolderDisk(folder), JournalRig.SMALL, KEY)) {
      rig.appendMany(purchases, 3);
    }
  }

  private static void assertRefused(String what, Executable start) {
    try {
      assertThrows(JournalDamagedException.class, start);
    } catch (AssertionError believed) {
      fail("believed: " + what, believed);
    }
  }

  private static void read(Path folder) throws IOException {
    try (JournalFolder locked = JournalFolder.lock(new FolderDisk(folder), KEY)) {
      new JournalReader(locked, JournalReader.Mode.INSPECT).readAll(record -> { });
    }
  }

  private static void edited(Path root) throws IOException {
    Path segment = lived(root).resolve(JournalFormat.nameOf(1, 1));
    byte[] bytes = Files.readAllBytes(segment);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes[HEAD + RECORD - 8] ^= 1;
    buffer.putInt(
        HEAD + JournalFormat.CRC_AT, JournalFormat.recordCrc(new CRC32C(), buffer.duplicate(), HEAD, RECORD));
    Files.write(segment, bytes);

    assertRefused("a record that was changed", () -> read(root.resolve("journal")));
  }

  private static void forgedAnchor(Path root) throws IOException {
    Path folder = lived(root);
    Files.delete(JournalRig.lastSegment(folder));
    new Anchor(2, 0, 0, 0, false, SealMark.NONE)
        .write(new FolderDisk(folder), "anchor", SealKey.derivedFrom(new byte[] {1}));

    assertRefused("an anchor that nobody with the key has written", () -> read(folder));
  }

  private static void forgedSnapshot(Path root) throws IOException {
    long hash;
    try (SnapshotRig rig = SnapshotRig.start(root, new FolderDisk(root.resolve("snapshots")), KEY)) {
      rig.pay(50);
      rig.snapshot();
      hash = rig.engine.stateHash();
    }
    // 1 + 2 + ... + 50 were paid in.
    ForgedSnapshot.forgeBalance(root, 50, 1275, 1_000_00).close();

    try (SnapshotRig rig = SnapshotRig.start(root, new FolderDisk(root.resolve("snapshots")), KEY)) {
      if (rig.engine.stateHash() != hash) {
        fail("believed: a balance that nobody has paid in");
      }
    }
  }

  private static void cutOff(Path root) throws IOException {
    Path folder = lived(root);
    Files.delete(JournalRig.lastSegment(folder));

    assertRefused("a journal without its end", () -> read(folder));
  }

  private static void olderCopy(Path root) throws IOException {
    Path folder = root.resolve("journal");
    spendWitnessed(folder, root);
    Path copy = root.resolve("copy");
    JournalRig.image(folder, copy);
    spendWitnessed(folder, root);

    assertRefused("an older copy", () -> spendWitnessed(copy, root));
  }

  private static void spendWitnessed(Path folder, Path root) throws IOException {
    JournalFolder locked = JournalFolder.lock(new FolderDisk(folder), KEY);
    boolean started = false;
    try {
      locked.keepWitness(new FolderDisk(root.resolve("outside")), "anchor");
      try (JournalRig rig = JournalRig.start(locked, JournalRig.SMALL)) {
        started = true;
        rig.appendMany(5, 3);
      }
    } finally {
      if (!started) {
        locked.close();
      }
    }
  }
}
