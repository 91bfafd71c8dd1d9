package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SkipList;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotKey;
import se.valfardskort.authorizer.storage.SnapshotLoader;
import se.valfardskort.authorizer.storage.SnapshotPace;
import se.valfardskort.authorizer.storage.StoredEngine;

/**
 * Brings an engine to where the closed segments end, beside an authorizer that goes on writing, compares every decision
 * and digest on the way, and writes the next snapshot. Owned by one thread.
 */
final class Follower {
  /**
   * What was done.
   *
   * @param sequence last one in closed segments
   * @param bytes of the snapshot; 0: none was due, since the newest one has all of that
   */
  record Done(long sequence, long bytes) {}

  private final Disk disk;
  private final SealKey sealKey;
  private final SnapshotFolder snapshots;
  private final IntFunction<StoredEngine> engines;
  private final Consumer<String> log;
  private final Recovery.Progress progress;

  /**
   * Takes what it needs.
   *
   * @param disk the journal's folder; only read
   * @param engines makes a fresh engine that remembers so many answers
   * @param log gets a line a snapshot that is passed over
   */
  Follower(
      Disk disk,
      SealKey sealKey,
      SnapshotFolder snapshots,
      IntFunction<StoredEngine> engines,
      Consumer<String> log,
      Recovery.Progress progress) {
    this.disk = disk;
    this.sealKey = sealKey;
    this.snapshots = snapshots;
    this.engines = engines;
    this.log = log;
    this.progress = progress;
  }

  /**
   * Follows, once.
   *
   * @param keep how many snapshots are kept
   * @throws IOException when the journal is damaged or the snapshot cannot be written
   */
  Done run(SnapshotPace pace, int keep) throws IOException {
    SkipList skips = SkipList.read(disk, sealKey);
    try (JournalFolder journal = JournalFolder.follow(disk, sealKey)) {
      SnapshotLoader loader =
          new SnapshotLoader(snapshots, journal, () -> engines.apply(journal.answersRemembered()), log);
      SnapshotLoader.Loaded loaded = loader.load();
      try (StoredEngine stored = loaded.engine()) {
        JournalReader reader = new JournalReader(journal, JournalReader.Mode.CLOSED, loaded.key(), skips);
        Position end = Recovery.follow(reader, stored.engine(), progress, skips);
        if (end.sequence() == loaded.key().sequence()) {
          return new Done(end.sequence(), 0);
        }
        Recovery.checkInvariants(stored.engine(), end);
        SnapshotKey key = SnapshotKey.of(journal, end, stored.engine().digest());
        return new Done(end.sequence(), snapshots.write(key, stored.engine()::writeState, pace, keep));
      }
    }
  }
}
