package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.StateMisfitException;

/**
 * Fills an engine from the newest snapshot that is whole, so that only what follows it need be replayed.
 *
 * <p>Owned by the thread that starts the application. What is damaged is passed over, aloud; what is sound and does not
 * fit is refused, since an older snapshot would not fit either. Where the journal is sealed its snapshots must be, too:
 * one without a seal, or with one that does not fit, counts as damaged, whatever it says. Without any, the engine
 * begins empty, if the journal still has its beginning.
 */
public final class SnapshotLoader {
  /**
   * What came of it.
   *
   * @param engine filled, and in a replay
   * @param key where the replay begins; {@link SnapshotKey#START}: with the journal's first record
   * @param passedOver sequences of newer snapshots that cannot be used
   */
  public record Loaded(StoredEngine engine, SnapshotKey key, List<Long> passedOver) {}

  private final SnapshotFolder snapshots;
  private final JournalFolder journal;
  private final Supplier<StoredEngine> engines;
  private final Consumer<String> log;

  /**
   * Takes what it needs.
   *
   * @param journal whose snapshots these are
   * @param engines makes a fresh engine; called once more where a snapshot turns out to be damaged half-way
   * @param log gets a line a snapshot that is passed over
   */
  public SnapshotLoader(
      SnapshotFolder snapshots, JournalFolder journal, Supplier<StoredEngine> engines, Consumer<String> log) {
    if (journal.sealKey() != null && !snapshots.isSealed()) {
      throw new IllegalStateException("the snapshots of a sealed journal need its key");
    }
    this.snapshots = snapshots;
    this.journal = journal;
    this.engines = engines;
    this.log = log;
  }

  /**
   * Loads the newest.
   *
   * @throws StateMisfitException when it is sound, but too new or too large for this program and its configuration
   * @throws JournalDamagedException when none can be used and the journal's beginning is gone
   */
  public Loaded load() throws IOException {
    return load(Long.MAX_VALUE);
  }

  /** As above, the newest at or before the sequence {@code atMost}. */
  public Loaded load(long atMost) throws IOException {
    List<Long> passedOver = new ArrayList<>();
    for (long sequence : snapshots.sequences()) {
      if (sequence > atMost) {
        continue;
      }
      StoredEngine engine = engines.get();
      boolean filled = false;
      try {
        SnapshotKey key = fill(engine, sequence);
        filled = true;
        return new Loaded(engine, key, passedOver);
      } catch (SnapshotDamagedException damaged) {
        passedOver.add(sequence);
        log.accept("a snapshot is not used: " + damaged.getMessage() + "; an older one is tried");
      } finally {
        if (!filled) {
          engine.close();
        }
      }
    }
    requireBeginning();
    if (!passedOver.isEmpty()) {
      log.accept("no snapshot can be used; the whole journal is replayed");
    }
    return new Loaded(engines.get(), SnapshotKey.START, passedOver);
  }

  private SnapshotKey fill(StoredEngine engine, long sequence) throws IOException {
    try (SnapshotInput input = snapshots.open(sequence)) {
      try {
        return fill(engine, input);
      } catch (StateMisfitException | RuntimeException misread) {
        // Who forges a snapshot could make it say anything: what it asks for counts when it is genuine.
        input.requireGenuine();
        throw misread;
      }
    } catch (StateMisfitException misfit) {
      throw new StateMisfitException(snapshots.describe(sequence) + " cannot be used: " + misfit.getMessage());
    } catch (IllegalStateException wrong) {
      throw new SnapshotDamagedException(snapshots.describe(sequence) + ": " + wrong.getMessage(), wrong);
    }
  }

  private SnapshotKey fill(StoredEngine engine, SnapshotInput input) throws IOException {
    SnapshotKey key = input.key();
    requireOfThisJournal(key);
    engine.engine().readState(input, key.engineVersion(), SnapshotLoader::onThreadOfItsOwn);
    if (engine.engine().digest() != key.digest()) {
      throw new SnapshotDamagedException(snapshots.describe(key.sequence()) + ": its digest is not its state's");
    }
    return key;
  }

  private static void onThreadOfItsOwn(Runnable task) {
    Thread.ofPlatform().name("snapshot-index").daemon(true).start(task);
  }

  private void requireOfThisJournal(SnapshotKey key) throws IOException {
    if (key.engineVersion() > Core.VERSION) {
      throw new StateMisfitException(
          "engine version " + key.engineVersion() + " made its state, this program contains version " + Core.VERSION
              + ": start the release that wrote it");
    }
    boolean ofAnother =
        (journal.keyCheck() != 0 && key.keyCheck() != journal.keyCheck()) || key.epoch() > journal.epoch();
    if (ofAnother) {
      throw new SnapshotDamagedException(
          snapshots.describe(key.sequence())
              + " belongs to another journal: its token key or its epoch is not that of "
              + journal.disk().describe(""));
    }
  }

  private void requireBeginning() throws IOException {
    List<JournalFormat.SegmentName> segments = journal.segments();
    if (!segments.isEmpty() && segments.getFirst().firstSequence() > 1) {
      long first = segments.getFirst().firstSequence();
      throw new JournalDamagedException(
          "the journal in " + journal.disk().describe("") + " begins at sequence " + first + " and "
              + snapshots.describe() + " has no snapshot that can be used: restore a snapshot of sequence "
              + (first - 1) + " or later, or the segments before " + segments.getFirst().name() + " from the archive");
    }
  }
}
