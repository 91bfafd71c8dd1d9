package se.valfardskort.authorizer.pipeline;

/**
 * Last stage: hands answers to their targets, ends each target's batch once, and wipes the slots.
 *
 * <p>Owned by the reply thread. A target that throws has a defect of its own; the decision is durable and its sender
 * will repeat, so the others go on and a person is told.
 */
final class ReplyStage implements Stage {
  private final PipelineCounters counters;
  private final AlarmListener alarms;
  private final TouchedTargets touched;

  ReplyStage(PipelineCounters counters, AlarmListener alarms, int maximumRecords) {
    this.counters = counters;
    this.alarms = alarms;
    this.touched = new TouchedTargets(maximumRecords);
  }

  @Override
  public void take(Slot slot) {
    ReplyTarget target = slot.target;
    if (target != null) {
      touched.add(target);
      give(slot, target);
    }
    slot.wipe();
  }

  private void give(Slot slot, ReplyTarget target) {
    try {
      if (slot.silent) {
        counters.countSilence();
        target.silence(slot);
      } else {
        counters.countReply();
        target.reply(slot);
      }
    } catch (RuntimeException thrown) {
      counters.countReplyFailure();
      alarms.replyFailed(thrown);
    }
  }

  @Override
  public boolean batchIsFull() {
    return touched.isFull();
  }

  @Override
  public void endOfBatch() {
    for (int i = 0; i < touched.size(); i++) {
      try {
        touched.get(i).endOfBatch();
      } catch (RuntimeException thrown) {
        counters.countReplyFailure();
        alarms.replyFailed(thrown);
      }
    }
    touched.clear();
  }

  @Override
  public void drop(Slot slot) {
    slot.wipe();
    touched.clear();
  }
}
