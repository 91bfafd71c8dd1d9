package se.valfardskort.authorizer.storage;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.Skips;

/**
 * Whether a snapshot was taken where the journal has its sequence: the record of that sequence must have its time and
 * its digest. Where a person has had a command skipped, the journal's digests are of a state with it and the snapshot's
 * of one without: then the time alone says it. Immutable.
 */
record SnapshotMatch(SnapshotKey snapshot, Skips skips) {
  private static final int DIGEST_AT =
      MessageHeaderDecoder.ENCODED_LENGTH + DecisionDecoder.digestEncodingOffset();
  private static final int DIGEST_END = DIGEST_AT + DecisionDecoder.digestEncodingLength();

  /** What is wrong with the record of the snapshot's own sequence; null: nothing. */
  @Nullable String wrong(JournalRecord record) {
    boolean aside = skips.skips(record.sequence) || skips.setsDigestAside(record.sequence);
    boolean decided = record.kind == Journal.Kind.DECIDED && record.decisionLength >= DIGEST_END;
    long digest = decided ? record.buffer.getLong(record.decisionOffset + DIGEST_AT) : snapshot.digest();
    if (record.timeMs == snapshot.timeMs() && (aside || digest == snapshot.digest())) {
      return null;
    }
    return "sequence " + record.sequence + " has time " + record.timeMs + " and digest " + digest
        + ", but the snapshot of that sequence was taken after time " + snapshot.timeMs() + " and digest "
        + snapshot.digest();
  }
}
