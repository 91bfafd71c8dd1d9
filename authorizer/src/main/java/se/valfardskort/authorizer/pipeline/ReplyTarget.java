package se.valfardskort.authorizer.pipeline;

/**
 * Where an answer goes: a session of the gateway, or a waiting caller of the admin port.
 *
 * <p>Called by the reply thread only (the pipeline thread when fused), and only after the sync that covers the
 * decision. Must neither block nor throw: a target that is gone drops the answer.
 */
public interface ReplyTarget {
  /** Takes one decided command; the slot's contents are valid until the return. */
  void reply(Slot slot);

  /**
   * Takes note that this command is not answered: a reversal or an advice that could not be booked, so that its sender
   * repeats it (wire.md section 4). Its place among the frames in flight is free again.
   */
  default void silence(Slot slot) {}

  /** All answers of this batch for this target have been given: flush. */
  void endOfBatch();
}
