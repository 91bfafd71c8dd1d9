package se.valfardskort.authorizer.app;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.Skips;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.ChronicleStore;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;

/** An engine of a command's own, brought to one sequence by deciding all again. One thread. */
final class ReplayRun implements AutoCloseable {
  private final ChronicleStore store = new ChronicleStore();
  private final Engine engine;

  /** An engine with the room that the settings give, and the request memory that the journal was begun with. */
  ReplayRun(JournalFolder folder, AuthorizerSettings settings) {
    engine = new Engine(store, AuthorizerApp.capacityOf(settings, folder.answersRemembered()));
  }

  /** Where the journal has been replayed to. */
  Engine engine() {
    return engine;
  }

  /**
   * Replays up to {@code to}, or to the end where that comes first.
   *
   * @throws se.valfardskort.authorizer.pipeline.ReplayDifference when something is decided otherwise than it was
   */
  Position to(
      long to,
      JournalFolder folder,
      JournalReader.Mode mode,
      Skips skips,
      BoundedJournal.@Nullable Watcher watcher)
      throws IOException {
    return replay(new BoundedJournal(new JournalReader(folder, mode), to, watcher), skips);
  }

  /** Replays what {@code journal} hands over. */
  Position replay(BoundedJournal journal, Skips skips) throws IOException {
    return Recovery.replay(
        journal, engine, new RecoveryProgress(JournalTask.log(), new SystemClock(), "replaying"), skips);
  }

  @Override
  public void close() {
    store.close();
  }
}
