package se.valfardskort.authorizer.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * The three stages on one thread: decide and append the whole batch, one sync, then all its answers.
 *
 * <p>Owned by the pipeline thread.
 */
final class FusedStage implements Stage {
  private final CoreStage core;
  private final JournalStage journal;
  private final ReplyStage reply;
  private final @Nullable Slot[] waiting;
  private int size;

  FusedStage(CoreStage core, JournalStage journal, ReplyStage reply, int maximumRecords) {
    this.core = core;
    this.journal = journal;
    this.reply = reply;
    this.waiting = new @Nullable Slot[maximumRecords];
  }

  @Override
  public void take(Slot slot) throws Exception {
    waiting[size++] = slot;
    core.take(slot);
    journal.take(slot);
  }

  @Override
  public boolean batchIsFull() {
    return size == waiting.length || journal.batchIsFull();
  }

  @Override
  public void endOfBatch() throws Exception {
    core.endOfBatch();
    journal.endOfBatch();
    for (int i = 0; i < size; i++) {
      Slot slot = waiting[i];
      if (slot != null) {
        reply.take(slot);
      }
    }
    reply.endOfBatch();
    size = 0;
  }

  @Override
  public void drop(Slot slot) {
    for (int i = 0; i < size; i++) {
      Slot unanswered = waiting[i];
      if (unanswered != null) {
        reply.drop(unanswered);
      }
    }
    size = 0;
    reply.drop(slot);
  }
}
