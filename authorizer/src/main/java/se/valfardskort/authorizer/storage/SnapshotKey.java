package se.valfardskort.authorizer.storage;

import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.pipeline.Position;

/**
 * To which place of which journal a state belongs. Immutable.
 *
 * @param sequence last sequence whose effects are in the state; 0: none
 * @param timeMs time of that record, milliseconds since the epoch
 * @param epoch of the instance whose journal it was when the state was written
 * @param digest rolling digest after it
 * @param engineVersion version of the engine that made the state
 * @param keyCheck check value of the key that made the panTokens
 * @param requests answers that the request memory holds
 */
public record SnapshotKey(
    long sequence, long timeMs, int epoch, long digest, int engineVersion, long keyCheck, int requests) {
  /** Of the state before the first command. */
  public static final SnapshotKey START = new SnapshotKey(0, 0, 0, 0, 0, 0, 0);

  /**
   * Of the state at {@code end} of a journal.
   *
   * @param digest rolling digest after it, of this program's engine
   */
  public static SnapshotKey of(JournalFolder journal, Position end, long digest) {
    return new SnapshotKey(
        end.sequence(),
        end.timeMs(),
        journal.epoch(),
        digest,
        Core.VERSION,
        journal.keyCheck(),
        journal.answersRemembered());
  }

  /** The same place for the sequencer. */
  public Position position() {
    return new Position(sequence, timeMs);
  }

  /**
   * Whether a segment need not be read. The last one that the state has whole is read, to compare the two, unless a
   * prune was cut short there and what followed it is gone.
   *
   * @param next the one after it in the folder
   */
  boolean makesDispensable(JournalFormat.SegmentName segment, JournalFormat.SegmentName next) {
    boolean adjacent = next.number() == segment.number() + 1;
    return next.firstSequence() <= sequence + (adjacent ? 0 : 1);
  }
}
