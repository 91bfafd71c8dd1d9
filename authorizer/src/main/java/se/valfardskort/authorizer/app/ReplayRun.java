package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.Skips;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.ChronicleStore;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SkipList;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotKey;
import se.valfardskort.authorizer.storage.SnapshotLoader;
import se.valfardskort.authorizer.storage.StoredEngine;

/** An engine of a command's own, brought to one sequence from the newest snapshot before it. One thread. */
final class ReplayRun implements AutoCloseable {
  private final JournalFolder folder;
  private final StoredEngine stored;
  private final SnapshotKey start;
  /** What the starts skip that wrote the snapshots. */
  private final Skips noted;

  /**
   * An engine with the room that the settings give, and the request memory that the journal was begun with.
   *
   * @param journal the folder; its snapshots lie beside it
   * @param atMost last sequence that a snapshot may have in it
   */
  ReplayRun(Path journal, JournalFolder folder, AuthorizerSettings settings, long atMost) throws IOException {
    this.folder = folder;
    this.noted = SkipList.read(FolderDisk.readOnly(journal), JournalTask.sealKey(settings));
    EngineCapacity capacity = AuthorizerApp.capacityOf(settings, folder.answersRemembered());
    Path snapshots = journal.resolveSibling("snapshots");
    if (Files.isDirectory(snapshots)) {
      SnapshotLoader.Loaded loaded = new SnapshotLoader(
              new SnapshotFolder(FolderDisk.readOnly(snapshots), JournalTask.sealKey(settings)),
              folder,
              () -> new StoredEngine(new ChronicleStore(), capacity),
              JournalTask.log()::println)
          .load(atMost);
      stored = loaded.engine();
      start = loaded.key();
    } else {
      stored = new StoredEngine(new ChronicleStore(), capacity);
      start = SnapshotKey.START;
    }
  }

  /** Where the journal's replay begins: sequence of the snapshot, 0 without one. */
  long from() {
    return start.sequence();
  }

  /**
   * Reads what follows the snapshot, and compares nothing but the snapshot's own record.
   *
   * @throws se.valfardskort.authorizer.storage.JournalDamagedException when a start from that snapshot would be refused
   */
  void readOn() throws IOException {
    new JournalReader(folder, JournalReader.Mode.FOLLOW, start, noted).readAll(record -> { });
  }

  /** Where the journal has been replayed to. */
  Engine engine() {
    return stored.engine();
  }

  /**
   * Replays up to {@code to}, or to the end where that comes first.
   *
   * @throws se.valfardskort.authorizer.pipeline.ReplayDifference when something is decided otherwise than it was
   */
  Position to(long to, JournalReader.Mode mode, Skips skips, BoundedJournal.@Nullable Watcher watcher)
      throws IOException {
    return replay(journal(to, mode, watcher), skips);
  }

  /** The journal from the snapshot on, up to {@code to}. */
  BoundedJournal journal(long to, JournalReader.Mode mode, BoundedJournal.@Nullable Watcher watcher) {
    return new BoundedJournal(new JournalReader(folder, mode, start, noted), start.position(), to, watcher);
  }

  /** Replays what {@code journal} hands over. */
  Position replay(BoundedJournal journal, Skips skips) throws IOException {
    return Recovery.replay(
        journal, engine(), new RecoveryProgress(JournalTask.log(), new SystemClock(), "replaying"), skips);
  }

  @Override
  public void close() {
    stored.close();
  }
}
