package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.util.function.Supplier;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.engine.EngineStore;
import se.valfardskort.authorizer.engine.StateMisfitException;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.ReadAhead;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.pipeline.Skips;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotLoader;
import se.valfardskort.authorizer.storage.StoredEngine;

/**
 * Brings an engine to where the journal ends: the newest whole snapshot, then what was journaled after it. Owned by the
 * thread that starts the application.
 */
final class Restart {
  /**
   * Where it ended.
   *
   * @param stored the engine, as it was when the last record was applied; the caller's from now on
   * @param end place of the last record
   * @param tail what the journal ends with
   * @param from sequence of the snapshot that it began with; 0: none
   */
  record Recovered(StoredEngine stored, Position end, JournalReader.Tail tail, long from) {}

  private final JournalFolder folder;
  private final SnapshotFolder snapshots;
  private final Skips skips;
  private final PrintStream log;
  private final Clock clock;
  private final Supplier<EngineStore> stores;
  private final StartPhases phases;

  /** @param stores makes what a fresh engine lives in */
  Restart(
      JournalFolder folder,
      SnapshotFolder snapshots,
      Skips skips,
      PrintStream log,
      Clock clock,
      Supplier<EngineStore> stores,
      StartPhases phases) {
    this.folder = folder;
    this.snapshots = snapshots;
    this.skips = skips;
    this.log = log;
    this.clock = clock;
    this.stores = stores;
    this.phases = phases;
  }

  /**
   * Recovers; a torn tail is cut off.
   *
   * @param room where it is said how much room there is, for messages
   */
  Recovered run(EngineCapacity capacity, String room) throws StartFailure, IOException {
    try {
      SnapshotLoader.Loaded loaded = load(capacity);
      boolean recovered = false;
      try {
        JournalReader reader = new JournalReader(folder, JournalReader.Mode.RECOVER, loaded.key(), skips);
        Engine engine = loaded.engine().engine();
        Position end = Recovery.follow(new ReadAhead(reader), engine, new RecoveryProgress(log, clock), skips);
        phases.ended("replay");
        Recovery.finish(engine, end);
        phases.ended("check");
        recovered = true;
        return new Recovered(loaded.engine(), end, reader.tail(), loaded.key().sequence());
      } finally {
        if (!recovered) {
          loaded.engine().close();
        }
      }
    } catch (JournalDamagedException damaged) {
      throw new StartFailure(ExitCode.DATA_ERROR, AuthorizerApp.messageOf(damaged), damaged);
    } catch (StateMisfitException misfit) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          AuthorizerApp.messageOf(misfit) + " (room is set in room-for of " + room + ")",
          misfit);
    } catch (ReplayDifference different) {
      throw new StartFailure(
          ExitCode.DATA_ERROR,
          AuthorizerApp.messageOf(different) + ". If room-for in " + room + " was made smaller since the journal was"
              + " written, set it back first: what found room then must find it again",
          different);
    }
  }

  private SnapshotLoader.Loaded load(EngineCapacity capacity) throws IOException {
    long startNs = clock.nanoTime();
    SnapshotLoader loader =
        new SnapshotLoader(snapshots, folder, () -> memory(capacity), log::println);
    SnapshotLoader.Loaded loaded = loader.load();
    phases.ended("snapshot");
    if (loaded.key().sequence() > 0) {
      log.println("loaded the snapshot of sequence " + loaded.key().sequence() + " ("
          + loaded.engine().engine().cards() + " cards) in " + (clock.nanoTime() - startNs) / 1_000_000 + " ms");
    }
    loaded.passedOver().forEach(this::setAside);
    return loaded;
  }

  /** Where it cannot be, the next start passes it over once more: no reason not to go on with a sound one. */
  private void setAside(long sequence) {
    try {
      log.println("set aside as " + snapshots.setAside(sequence));
    } catch (IOException failed) {
      log.println("the damaged snapshot " + snapshots.describe(sequence) + " could not be set aside ("
          + AuthorizerApp.messageOf(failed) + ") and counts among those that are kept: look at the disk and at the"
          + " folder's permissions, then move it away by hand");
    }
  }

  private StoredEngine memory(EngineCapacity capacity) {
    StoredEngine empty = new StoredEngine(stores.get(), capacity);
    phases.ended("memory");
    return empty;
  }
}
