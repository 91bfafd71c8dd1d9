package se.valfardskort.authorizer.pipeline;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the stages have done since the start. Each number is written by one stage's thread and may be read by any.
 */
public final class PipelineCounters {
  /** Buckets of {@link #batches}: syncs of 1, 2-3, 4-7, ... records; the last one takes all that is larger. */
  public static final int BATCH_BUCKETS = 12;

  private final AtomicLong decided = new AtomicLong();
  private final AtomicLong remembered = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong poison = new AtomicLong();
  private final AtomicLong newMccs = new AtomicLong();
  private final AtomicLong syncs = new AtomicLong();
  private final AtomicLong syncNs = new AtomicLong();
  private final AtomicLong replies = new AtomicLong();
  private final AtomicLong silences = new AtomicLong();
  private final AtomicLong replyFailures = new AtomicLong();
  private final AtomicLongArray batches = new AtomicLongArray(BATCH_BUCKETS);

  /** Commands decided, applied and handed to the journal. */
  public long decided() {
    return decided.get();
  }

  /** Repeats answered from memory. */
  public long remembered() {
    return remembered.get();
  }

  /** Commands whose deadline had passed before the decision. */
  public long refused() {
    return refused.get();
  }

  /** Commands on which the engine threw. */
  public long poison() {
    return poison.get();
  }

  /**
   * Purchases at merchants that the policy or an approval names, and that sent another MCC than the time before. An
   * alarm: {@code journal sample} tells which.
   */
  public long newMccs() {
    return newMccs.get();
  }

  /** Syncs of the journal. */
  public long syncs() {
    return syncs.get();
  }

  /** Nanoseconds spent in those syncs, the writes included. */
  public long syncNs() {
    return syncNs.get();
  }

  /** Answers handed to their targets. */
  public long replies() {
    return replies.get();
  }

  /** Commands deliberately not answered. */
  public long silences() {
    return silences.get();
  }

  /** Throws of reply targets. */
  public long replyFailures() {
    return replyFailures.get();
  }

  /** Syncs that covered at least {@code 2^bucket} records and fewer than twice as many. */
  public long batches(int bucket) {
    return batches.get(bucket);
  }

  void countDecided() {
    increment(decided);
  }

  void countRemembered() {
    increment(remembered);
  }

  void countNewMcc() {
    increment(newMccs);
  }

  void countRefused() {
    increment(refused);
  }

  void countPoison() {
    increment(poison);
  }

  void countReply() {
    increment(replies);
  }

  void countSilence() {
    increment(silences);
  }

  void countReplyFailure() {
    increment(replyFailures);
  }

  void countSync(int records, long durationNs) {
    increment(syncs);
    syncNs.setRelease(syncNs.getPlain() + durationNs);
    int bucket = Math.min(BATCH_BUCKETS - 1, 31 - Integer.numberOfLeadingZeros(Math.max(1, records)));
    batches.setRelease(bucket, batches.getPlain(bucket) + 1);
  }

  /** One writer each, so that no atomic addition is needed. */
  private static void increment(AtomicLong counter) {
    counter.setRelease(counter.getPlain() + 1);
  }
}
