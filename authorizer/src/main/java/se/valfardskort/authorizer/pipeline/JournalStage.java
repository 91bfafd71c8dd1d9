package se.valfardskort.authorizer.pipeline;

import java.io.IOException;

/**
 * Second stage: appends what was decided, and makes a batch durable with one sync.
 *
 * <p>Owned by the journal's thread. Its batch ends only after the sync, and the next stage sees a slot only after its
 * batch has ended: this is the durability order. Remembered answers pass through the same gate, since their original
 * may be in the batch that is being synced.
 */
final class JournalStage implements Stage {
  private final Journal journal;
  private final Clock clock;
  private final PipelineCounters counters;
  private final int maximumRecords;
  private final int maximumBytes;
  private int records;
  private int bytes;

  JournalStage(Journal journal, Clock clock, PipelineCounters counters, int maximumRecords, int maximumBytes) {
    this.journal = journal;
    this.clock = clock;
    this.counters = counters;
    this.maximumRecords = maximumRecords;
    this.maximumBytes = maximumBytes;
  }

  @Override
  public void take(Slot slot) throws IOException {
    Journal.Kind kind;
    if (slot.outcome == Slot.Outcome.DECIDED) {
      kind = Journal.Kind.DECIDED;
    } else if (slot.outcome == Slot.Outcome.POISON) {
      kind = Journal.Kind.POISON;
    } else {
      return;
    }
    journal.append(
        kind, slot.sequence, slot.timeMs, slot.command, 0, slot.commandLength, slot.decision, 0, slot.decisionLength);
    records++;
    bytes += slot.commandLength + slot.decisionLength;
  }

  @Override
  public boolean batchIsFull() {
    return records >= maximumRecords || bytes >= maximumBytes;
  }

  @Override
  public void endOfBatch() throws IOException {
    if (records == 0) {
      return;
    }
    long startNs = clock.nanoTime();
    journal.sync();
    counters.countSync(records, clock.nanoTime() - startNs);
    records = 0;
    bytes = 0;
  }

  @Override
  public void drop(Slot slot) {
    // What was appended and not synced may or may not survive: nobody is told anything about it.
    records = 0;
    bytes = 0;
  }
}
