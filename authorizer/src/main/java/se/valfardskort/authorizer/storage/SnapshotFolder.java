package se.valfardskort.authorizer.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.StateOutput;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * The snapshots of one journal in a folder of their own: {@code snapshot-<sequence>.snap} ({@link SnapshotFormat}).
 *
 * <p>One thread at a time. A snapshot appears whole or not at all: temporary file, sync, rename, sync of the folder. A
 * lock keeps writers apart; readers need none, since a file with its name never changes again.
 */
public final class SnapshotFolder {
  /** Writes a state, as an engine does. */
  @FunctionalInterface
  public interface State {
    /** Writes all frames. */
    void writeTo(StateOutput out) throws IOException;
  }

  private static final String LOCK = "lock";
  private static final String DAMAGED = ".damaged";

  private final Disk disk;
  private final @Nullable SealKey sealKey;

  /** The folder of {@code disk}, of a journal without seals: what is written has none, what is read is not asked. */
  public SnapshotFolder(Disk disk) {
    this(disk, null);
  }

  /**
   * The folder of {@code disk}.
   *
   * @param sealKey the journal's: what is written is sealed with it, what has no seal by it is damaged
   */
  public SnapshotFolder(Disk disk, @Nullable SealKey sealKey) {
    this.disk = disk;
    this.sealKey = sealKey;
  }

  /** Whether what is read must have been written by a holder of the key. */
  boolean isSealed() {
    return sealKey != null;
  }

  /** Sequences of all snapshots there are, newest first, sound or not. */
  public List<Long> sequences() throws IOException {
    List<Long> sequences = new ArrayList<>();
    for (String name : disk.list()) {
      Long sequence = SnapshotFormat.sequenceOf(name);
      if (sequence != null) {
        sequences.add(sequence);
      }
    }
    sequences.sort(Collections.reverseOrder());
    return sequences;
  }

  /** Sequence of the newest snapshot; 0: there is none. */
  public long newest() throws IOException {
    List<Long> all = sequences();
    return all.isEmpty() ? 0 : all.getFirst();
  }

  /**
   * Opens a snapshot.
   *
   * @throws SnapshotDamagedException when its beginning is not sound
   */
  public SnapshotInput open(long sequence) throws IOException {
    String name = SnapshotFormat.nameOf(sequence);
    return SnapshotInput.open(disk.describe(name), disk.open(name), sequence, sealKey);
  }

  /**
   * Puts a snapshot that cannot be used out of the way, so that it does not count among those that are kept.
   *
   * @return its new name, with the folder
   */
  public String setAside(long sequence) throws IOException {
    String name = SnapshotFormat.nameOf(sequence);
    disk.rename(name, name + DAMAGED);
    return disk.describe(name + DAMAGED);
  }

  /** Makes sure that all snapshots that can be seen now still have their names when the power has gone. */
  void forceNames() throws IOException {
    disk.forceNames();
  }

  /** For messages: where the snapshot is. */
  public String describe(long sequence) {
    return disk.describe(SnapshotFormat.nameOf(sequence));
  }

  /** For messages: where the folder is. */
  public String describe() {
    return disk.describe("");
  }

  /**
   * Writes a snapshot and removes the oldest beyond {@code keep}.
   *
   * @return bytes of the file
   * @throws IOException when it could not be written, or somebody else writes one: then there is none
   */
  public long write(SnapshotKey key, State state, SnapshotPace pace, int keep) throws IOException {
    try (Closeable _ = disk.lock(LOCK)) {
      removeUnfinished(pace);
      String name = SnapshotFormat.nameOf(key.sequence());
      String unfinished = name + JournalFolder.TEMPORARY;
      long bytes;
      try (DiskFile file = disk.create(unfinished)) {
        SnapshotOutput out = new SnapshotOutput(file, key, sealKey, pace);
        state.writeTo(out);
        out.end();
        file.force();
        bytes = out.bytesWritten();
      }
      disk.rename(unfinished, name);
      List<Long> all = sequences();
      for (Long old : all.subList(Math.min(keep, all.size()), all.size())) {
        remove(old, pace);
      }
      return bytes;
    }
  }

  /** Only with the lock held: what a writer that was killed has left. */
  private void removeUnfinished(SnapshotPace pace) throws IOException {
    for (String name : disk.list()) {
      if (name.endsWith(JournalFolder.TEMPORARY)) {
        remove(name, pace);
      }
    }
  }

  /** Removes a snapshot that nobody needs, as fast as {@code pace} lets it. */
  public void remove(long sequence, SnapshotPace pace) throws IOException {
    String name = SnapshotFormat.nameOf(sequence);
    String leaving = name + JournalFolder.TEMPORARY;
    // It loses its name first: one that has lost its end must not be taken for a damaged snapshot.
    disk.rename(name, leaving);
    remove(leaving, pace);
  }

  /** In steps: a disk that is told at once of some hundred free MiB may let every sync wait until it has noted them. */
  private void remove(String name, SnapshotPace pace) throws IOException {
    try (DiskFile file = disk.open(name)) {
      long left = file.size();
      while (left > pace.removedAtOnce()) {
        left -= pace.removedAtOnce();
        file.truncate(left);
        pace.written(file, left);
      }
    }
    disk.delete(name);
  }
}
