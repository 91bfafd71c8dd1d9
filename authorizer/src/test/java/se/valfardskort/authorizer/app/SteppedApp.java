package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Snapshots;
import se.valfardskort.authorizer.engine.ArrayStore;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SkipList;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotKey;
import se.valfardskort.authorizer.storage.SnapshotLoader;
import se.valfardskort.authorizer.storage.SnapshotPace;
import se.valfardskort.authorizer.storage.StoredEngine;

/** The application's real parts that load, follow and write states, for whoever has disks and a clock of his own. */
public final class SteppedApp {
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private SteppedApp() {}

  /**
   * Where a start has come to.
   *
   * @param from sequence of the snapshot that it began with; 0: none
   */
  public record Recovered(Engine engine, Position end, JournalReader.Tail tail, long from) {}

  /**
   * As the application starts: the newest whole snapshot, then the journal after it.
   *
   * @throws ReplayDifference when what is decided again is not what was journaled
   */
  public static Recovered restart(
      JournalFolder folder, Disk journal, SnapshotFolder snapshots, SealKey key, Clock clock, EngineCapacity capacity)
      throws IOException {
    try {
      Restart.Recovered recovered =
          new Restart(
                  folder, snapshots, SkipList.read(journal, key), NOWHERE, clock, ArrayStore::new,
                  new StartPhases(clock))
              .run(capacity, "the world");
      return new Recovered(recovered.stored().engine(), recovered.end(), recovered.tail(), recovered.from());
    } catch (StartFailure failure) {
      if (failure.getCause() instanceof IOException refused) {
        throw refused;
      }
      if (failure.getCause() instanceof ReplayDifference different) {
        throw different;
      }
      throw new IllegalStateException(failure);
    }
  }

  /**
   * As the application stops, after its journal was closed.
   *
   * @param from sequence of the snapshot that the start began with
   */
  public static void writeAtStop(
      Snapshots settings, SnapshotFolder snapshots, JournalFolder folder, FileJournal journal, Engine engine,
      Clock clock, long from) {
    StopSnapshot last = new StopSnapshot(settings, snapshots, folder, journal, engine, clock, NOWHERE);
    last.want(from);
    last.close();
  }

  /**
   * As the follower does, beside the application or without it.
   *
   * @return sequence of the snapshot that was written; 0: none was due
   */
  public static long follow(
      Disk journal, SealKey key, SnapshotFolder snapshots, EngineCapacity capacity, SnapshotPace pace, int keep)
      throws IOException {
    Follower follower =
        new Follower(journal, key, snapshots, _ -> new StoredEngine(new ArrayStore(), capacity), _ -> { },
            (records, bytes, total) -> { });
    Follower.Done done = follower.run(pace, keep);
    return done.bytes() == 0 ? 0 : done.sequence();
  }

  /** As the command {@code prune} tries before it removes anything: whether a start could begin with that snapshot. */
  public static boolean isSound(
      Disk journal, SealKey key, SnapshotFolder snapshots, EngineCapacity capacity, long sequence) throws IOException {
    try (JournalFolder folder = JournalFolder.follow(journal, key)) {
      SnapshotLoader loader =
          new SnapshotLoader(snapshots, folder, () -> new StoredEngine(new ArrayStore(), capacity), _ -> { });
      SnapshotKey start = loader.load(sequence).key();
      new JournalReader(folder, JournalReader.Mode.FOLLOW, start).readAll(record -> { });
      return start.sequence() == sequence;
    }
  }
}
