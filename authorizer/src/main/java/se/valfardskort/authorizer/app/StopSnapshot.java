package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotKey;
import se.valfardskort.authorizer.storage.SnapshotPace;

/**
 * Writes the snapshot of a clean stop, so that the next start has nothing to replay.
 *
 * <p>Closed after the pipeline and the journal and before the engine's memory, by the thread that stops. It is a
 * convenience: what it could not write the next start replays, so a failure is said and fails nothing.
 */
final class StopSnapshot implements AutoCloseable {
  private static final long BETWEEN_LINES_NS = TimeUnit.SECONDS.toNanos(2);
  private static final int MEBIBYTE_SHIFT = 20;

  private final AuthorizerSettings.Snapshots settings;
  private final SnapshotFolder snapshots;
  private final JournalFolder folder;
  private final FileJournal journal;
  private final Engine engine;
  private final Clock clock;
  private final PrintStream log;
  private boolean wanted;
  private volatile boolean distrusted;
  private long from;

  StopSnapshot(
      AuthorizerSettings.Snapshots settings,
      SnapshotFolder snapshots,
      JournalFolder folder,
      FileJournal journal,
      Engine engine,
      Clock clock,
      PrintStream log) {
    this.settings = settings;
    this.snapshots = snapshots;
    this.folder = folder;
    this.journal = journal;
    this.engine = engine;
    this.clock = clock;
    this.log = log;
  }

  /**
   * The authorizer is ready: from now on a stop is worth a snapshot.
   *
   * @param snapshot sequence of the snapshot that the start began with: that one need not be written again
   */
  void want(long snapshot) {
    wanted = true;
    from = snapshot;
  }

  /** The follower came to something else than this process: its state must not become a snapshot. Any thread. */
  void distrust() {
    distrusted = true;
  }

  @Override
  public void close() {
    Position end = journal.end();
    // Where the journal did not close whole, only reading it again can tell what is in it.
    if (!wanted || settings.atStopWithinMs() == 0 || !journal.isClosedWhole() || end.sequence() == from) {
      return;
    }
    if (distrusted) {
      log.println("no snapshot at this stop: the follower came to something else than this process; the next start"
          + " replays the journal");
      return;
    }
    long startNs = clock.nanoTime();
    try {
      // A start from a snapshot of a broken state would be refused, and so would the next one.
      Recovery.checkInvariants(engine, end);
      SnapshotKey key = SnapshotKey.of(folder, end, engine.digest());
      long bytes = snapshots.write(key, engine::writeState, new Bounded(startNs), settings.keep());
      log.println("wrote the snapshot of sequence " + end.sequence() + " (" + (bytes >> MEBIBYTE_SHIFT) + " MiB) in "
          + millisSince(startNs) + " ms");
    } catch (IOException | RuntimeException failed) {
      log.println("no snapshot was written at this stop (" + AuthorizerApp.messageOf(failed)
          + "); nothing is lost: the next start replays the journal from the snapshot before, which takes longer");
    }
  }

  private long millisSince(long startNs) {
    return TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - startNs);
  }

  /** Says how far it has come, and gives up when the time is over. */
  private final class Bounded implements SnapshotPace {
    private final long startNs;
    private long lastLineNs;

    Bounded(long startNs) {
      this.startNs = startNs;
      this.lastLineNs = startNs;
    }

    @Override
    public void written(DiskFile file, long bytes) throws IOException {
      long nowNs = clock.nanoTime();
      if (nowNs - startNs > TimeUnit.MILLISECONDS.toNanos(settings.atStopWithinMs())) {
        throw new IOException(
            "it was not finished within at-stop-within-ms " + settings.atStopWithinMs() + " of authorizer.yaml, "
                + (bytes >> MEBIBYTE_SHIFT) + " MiB were written");
      }
      if (nowNs - lastLineNs >= BETWEEN_LINES_NS) {
        lastLineNs = nowNs;
        log.println("stopping: writing the snapshot, " + (bytes >> MEBIBYTE_SHIFT) + " MiB so far");
      }
    }
  }
}
