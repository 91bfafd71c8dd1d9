package se.valfardskort.authorizer.pipeline;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.Core;

/**
 * Brings an engine, fresh or filled from a snapshot, to where the journal ends, by deciding everything again.
 *
 * <p>Owned by the thread that starts the application, before the pipeline runs. Each record is decided, compared with
 * the decision on disk (the digest aside), applied, and its digest compared. Poison is skipped, as it was then. A
 * difference means that this engine is not the one that wrote the journal, or that either is broken: no start.
 */
public final class Recovery implements JournalSource.Visitor {
  /** Hears how far a long recovery has come. */
  @FunctionalInterface
  public interface Progress {
    /** Called now and then, and once at the end. */
    void recovered(long records, long bytes, long bytesTotal);
  }

  private static final int RECORDS_BETWEEN_PROGRESS = 1 << 18;

  private final JournalSource source;
  private final Core core;
  private final Progress progress;
  private final Skips skips;
  private final UnsafeBuffer decision = new UnsafeBuffer(new byte[Slot.DECISION_CAPACITY]);
  private long records;

  private Recovery(JournalSource source, Core core, Progress progress, Skips skips) {
    this.source = source;
    this.core = core;
    this.progress = progress;
    this.skips = skips;
  }

  /**
   * Replays what {@code source} holds through {@code core}, which must be as it was before that.
   *
   * @return where the sequencer goes on
   * @throws IOException when the journal is damaged
   * @throws ReplayDifference when a record is decided otherwise than it was, or the recovered state breaks an invariant
   */
  public static Position replay(JournalSource source, Core core, Progress progress) throws IOException {
    return replay(source, core, progress, Skips.NOTHING);
  }

  /** As above, without what {@code skips} leaves out. */
  public static Position replay(JournalSource source, Core core, Progress progress, Skips skips) throws IOException {
    Position end = follow(source, core, progress, skips);
    finish(core, end);
    return end;
  }

  /**
   * Ends a replay that came to {@code end}: enters the request keys and checks the invariants, on two threads.
   *
   * @throws ReplayDifference when the recovered state cannot be used
   */
  public static void finish(Core core, Position end) {
    FutureTask<Boolean> catchingUp = new FutureTask<>(core::catchUp, true);
    Thread helper = Thread.ofPlatform().name("recovery-catch-up").daemon(true).start(catchingUp);
    try {
      try {
        checkInvariants(core, end);
        // The helper is not done yet where there are many keys: then there are two.
        core.catchUp();
      } finally {
        join(helper);
      }
      catchingUp.get();
      core.endReplay();
    } catch (ExecutionException | InterruptedException | IllegalStateException failed) {
      throw new ReplayDifference(
          "the state recovered up to sequence " + end.sequence() + " cannot be used: " + failed.getMessage()
              + ". Do not go on with this release: start the one that wrote the journal, and report the defect",
          failed);
    }
  }

  /** It must not touch the state any more when this returns. */
  static void join(Thread helper) {
    boolean interrupted = false;
    while (helper.isAlive()) {
      try {
        helper.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Checks the state that a replay up to {@code end} came to.
   *
   * @throws ReplayDifference when an invariant is broken
   */
  public static void checkInvariants(Core core, Position end) {
    try {
      core.checkInvariants();
    } catch (IllegalStateException broken) {
      throw new ReplayDifference(
          "the state recovered up to sequence " + end.sequence() + " breaks an invariant: " + broken.getMessage()
              + ". Do not go on with this release: start the one that wrote the journal, and report the defect",
          broken);
    }
  }

  /**
   * The same without the end: {@code core} stays in a replay, and its invariants are the caller's business.
   *
   * @return place of the last record
   */
  public static Position follow(JournalSource source, Core core, Progress progress) throws IOException {
    return follow(source, core, progress, Skips.NOTHING);
  }

  /** As above, without what {@code skips} leaves out. */
  public static Position follow(JournalSource source, Core core, Progress progress, Skips skips) throws IOException {
    Recovery recovery = new Recovery(source, core, progress, skips);
    core.beginReplay();
    Position end = source.readAll(recovery);
    progress.recovered(recovery.records, source.bytesRead(), source.bytesTotal());
    return end;
  }

  /**
   * Refuses a record that another version of the engine decided.
   *
   * @throws ReplayDifference naming both versions
   */
  public static void requireVersion(JournalRecord record) {
    if (record.engineVersion != Core.VERSION) {
      throw new ReplayDifference(
          "sequence " + record.sequence + " was decided by engine version " + record.engineVersion
              + ", this program contains version " + Core.VERSION
              + ": start it with the release that wrote it, stop that cleanly, and upgrade from its snapshot");
    }
  }

  @Override
  public void record(JournalRecord record) {
    requireVersion(record);
    if (record.kind == Journal.Kind.DECIDED && !skips.skips(record.sequence)) {
      replay(record);
    }
    records++;
    if (records % RECORDS_BETWEEN_PROGRESS == 0) {
      progress.recovered(records, source.bytesRead(), source.bytesTotal());
    }
  }

  private void replay(JournalRecord record) {
    try {
      core.decide(record.buffer, record.commandOffset, record.commandLength, record.timeMs, decision, 0);
    } catch (RuntimeException thrown) {
      throw new ReplayDifference(
          "the engine throws while deciding sequence " + record.sequence + ", which was decided when it was journaled",
          thrown);
    }
    DecisionDifference.check(record, core.decisionLength(), decision, DecisionDifference.Digest.ASIDE);
    try {
      core.apply(record.buffer, record.commandOffset, record.commandLength, record.timeMs, decision, 0);
    } catch (RuntimeException thrown) {
      throw new ReplayDifference(
          "the engine throws while applying sequence " + record.sequence + ", which was applied when it was journaled",
          thrown);
    }
    if (!skips.setsDigestAside(record.sequence)) {
      DecisionDifference.check(record, core.decisionLength(), decision, DecisionDifference.Digest.COMPARED);
    }
  }
}
