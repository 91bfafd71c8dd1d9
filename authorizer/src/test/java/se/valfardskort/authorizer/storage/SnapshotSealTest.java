package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.engine.StateMisfitException;
import se.valfardskort.authorizer.engine.sbe.snapshot.EngineTotalsDecoder;

/** Snapshots that somebody without the key has changed or made. */
final class SnapshotSealTest {
  private static final SealKey KEY = SealKey.derivedFrom(new byte[32]);
  private static final SealKey OTHER = SealKey.derivedFrom(bytesOf(7));
  private static final int FIRST = 20;
  private static final int SECOND = 50;
  private static final int ALL = 60;
  /** What the rig pays in up to the second snapshot: 1 + 2 + ... + 50. */
  private static final long PAID = 1275;

  private final Path data;
  private final Path first;
  private final Path second;

  SnapshotSealTest(@TempDir Path folder) {
    data = folder.resolve("data");
    first = data.resolve("snapshots").resolve(SnapshotFormat.nameOf(FIRST));
    second = data.resolve("snapshots").resolve(SnapshotFormat.nameOf(SECOND));
  }

  private static byte[] bytesOf(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private SnapshotRig start() throws IOException {
    return SnapshotRig.start(data, new FolderDisk(data.resolve("snapshots")), KEY);
  }

  /** Two snapshots; returns the hash of the state at the end. */
  private long run() throws IOException {
    try (SnapshotRig rig = start()) {
      rig.pay(FIRST);
      rig.snapshot();
      rig.pay(SECOND - FIRST);
      rig.snapshot();
      rig.pay(ALL - SECOND);
      return rig.engine.stateHash();
    }
  }

  /** The second is passed over, the first is used, and a person is told. */
  private void assertPassedOver(long hash, String... why) throws IOException {
    try (SnapshotRig rig = start()) {
      assertEquals(FIRST, rig.loaded.key().sequence(), rig.said::toString);
      assertEquals(List.of((long) SECOND), rig.loaded.passedOver());
      assertEquals(hash, rig.engine.stateHash());
      assertEquals(1, rig.said.size(), rig.said::toString);
      String line = rig.said.getFirst();
      assertTrue(line.startsWith("a snapshot is not used: " + second + ", offset "), line);
      for (String part : why) {
        assertTrue(line.contains(part), line);
      }
    }
  }

  @Test
  void shouldGoOnFromASealedSnapshot() throws Exception {
    long hash = run();

    try (SnapshotRig rig = start()) {
      assertEquals(SECOND, rig.loaded.key().sequence());
      assertEquals(hash, rig.engine.stateHash());
      assertEquals(List.of(), rig.said);
    }
  }

  @Test
  void shouldPassOverAForgedBalanceAloud() throws Exception {
    long hash = run();
    try (StoredEngine rich = ForgedSnapshot.forgeBalance(data, SECOND, PAID, PAID + 1_000_00)) {
      assertNotEquals(hash, rich.engine().stateHash());
    }

    assertPassedOver(hash, "its seal does not fit", "Find out who could write here", "restore the file from a backup");
  }

  @Test
  void shouldPassOverASnapshotWithoutASeal() throws Exception {
    long hash = run();
    try (SnapshotRig rig = start()) {
      // The state of another sequence under this one's name: it must not even be looked at.
      new SnapshotFolder(new FolderDisk(data.resolve("snapshots")))
          .write(rig.loaded.key(), rig.engine::writeState, SnapshotPace.UNBOUND, SnapshotRig.KEEP);
    }

    assertPassedOver(hash, "it has no seal");
  }

  @Test
  void shouldPassOverASealByAnotherKey() throws Exception {
    long hash = run();
    try (SnapshotRig rig = start()) {
      new SnapshotFolder(new FolderDisk(data.resolve("snapshots")), OTHER)
          .write(rig.loaded.key(), rig.engine::writeState, SnapshotPace.UNBOUND, SnapshotRig.KEEP);
    }

    assertPassedOver(hash, "its seal does not fit");
  }

  @Test
  void shouldNotRefuseAStartBecauseAForgerAsksForRoom() throws Exception {
    long hash = run();
    ForgedSnapshot forged = new ForgedSnapshot(second);
    // The rig's memory of 10 answers: an older snapshot would not help where that is true.
    assertTrue(forged.replace(EngineTotalsDecoder.TEMPLATE_ID, 10, 99) > 0, "nothing was forged");
    forged.writeTo(second);
    List<String> said = new ArrayList<>();
    assertThrows(
        StateMisfitException.class,
        () -> ForgedSnapshot.believed(data, said),
        "who asks for no seal would be refused");

    assertPassedOver(hash, "its seal does not fit");
  }

  @Test
  void shouldReplayAllWhereNoneHasASealThatFits() throws Exception {
    long hash = run();
    Files.copy(first, second, StandardCopyOption.REPLACE_EXISTING);
    ForgedSnapshot forged = new ForgedSnapshot(first);
    forged.flip(forged.length() / 2);
    forged.writeTo(first);

    try (SnapshotRig rig = start()) {
      assertEquals(SnapshotKey.START, rig.loaded.key());
      assertEquals(hash, rig.engine.stateHash());
      assertTrue(rig.said.getFirst().contains("it holds the state after sequence " + FIRST), rig.said::toString);
      assertTrue(rig.said.getLast().contains("the whole journal is replayed"), rig.said::toString);
    }
  }

  @Test
  void shouldRefuseEveryBitThatAForgerFlips() throws Exception {
    run();
    SnapshotFolder folder = new SnapshotFolder(new FolderDisk(data.resolve("snapshots")), KEY);
    int flipped = 0;
    for (int position = 0; position < new ForgedSnapshot(first).length(); position++) {
      ForgedSnapshot forged = new ForgedSnapshot(first);
      if (forged.flip(position)) {
        flipped++;
        forged.writeTo(first);
        assertThrows(SnapshotDamagedException.class, () -> {
          try (SnapshotInput input = folder.open(FIRST)) {
            input.requireGenuine();
          }
        }, "byte " + position);
        forged.flip(position);
        forged.writeTo(first);
      }
    }
    assertTrue(flipped > 500, "flipped " + flipped);
    try (SnapshotInput input = folder.open(FIRST)) {
      input.requireGenuine();
    }
  }

  @Test
  void shouldDemandAKeyWhereTheJournalHasOne() throws Exception {
    run();
    try (JournalFolder folder = JournalFolder.follow(new FolderDisk(data.resolve("journal")), KEY)) {
      SnapshotFolder careless = new SnapshotFolder(new FolderDisk(data.resolve("snapshots")));

      assertThrows(IllegalStateException.class, () -> SnapshotRig.loader(careless, folder, new ArrayList<>()));
    }
  }
}
