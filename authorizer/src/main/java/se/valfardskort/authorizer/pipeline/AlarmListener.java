package se.valfardskort.authorizer.pipeline;

/** Hears of what a person must look at although the pipeline goes on. Called on the stages' threads; must not block. */
public interface AlarmListener {
  /**
   * The engine threw while deciding: the command is journaled as poison under {@code sequence} and was answered 96 (or
   * by silence, if it was a reversal or an advice).
   */
  void poisoned(long sequence, Throwable cause);

  /** A reply target threw; the decision is durable, its sender repeats and gets it. */
  void replyFailed(Throwable cause);
}
