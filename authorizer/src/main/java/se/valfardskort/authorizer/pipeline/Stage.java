package se.valfardskort.authorizer.pipeline;

/**
 * One step of a command's way. The same three stages run on one thread or on three (see {@link Pipeline}).
 *
 * <p>Owned by one thread. What a stage has taken may be seen by the next one only after {@link #endOfBatch}. A throw
 * halts the pipeline.
 */
interface Stage {
  /** Takes one command, in the order of the ring. */
  void take(Slot slot) throws Exception;

  /** Whether {@link #endOfBatch} should come now although more commands wait. */
  boolean batchIsFull();

  /** Finishes what was taken since the last call. */
  void endOfBatch() throws Exception;

  /** The pipeline has halted: forgets this slot, and all that was taken and not finished; answers nobody. */
  void drop(Slot slot);
}
