package se.valfardskort.authorizer.pipeline;

import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.Core;

/**
 * Brings a fresh engine to where the journal ends, by deciding everything again.
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
   * Replays the whole journal through {@code core}, which must be fresh.
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
    Recovery recovery = new Recovery(source, core, progress, skips);
    Position end = source.readAll(recovery);
    try {
      core.checkInvariants();
    } catch (IllegalStateException broken) {
      throw new ReplayDifference(
          "the state recovered up to sequence " + end.sequence() + " breaks an invariant: " + broken.getMessage()
              + ". Do not go on with this release: start the one that wrote the journal, and report the defect",
          broken);
    }
    progress.recovered(recovery.records, source.bytesRead(), source.bytesTotal());
    return end;
  }

  @Override
  public void record(JournalRecord record) {
    if (record.engineVersion != Core.VERSION) {
      throw new ReplayDifference(
          "sequence " + record.sequence + " was decided by engine version " + record.engineVersion
              + ", this program contains version " + Core.VERSION
              + ": start it with the release that wrote it, stop that cleanly, and upgrade from its snapshot");
    }
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
