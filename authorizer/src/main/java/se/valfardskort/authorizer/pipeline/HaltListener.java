package se.valfardskort.authorizer.pipeline;

/** Hears that the pipeline has stopped for good: drop the links, say a clear last line, end the process. */
@FunctionalInterface
public interface HaltListener {
  /**
   * Called once, on the thread of the stage that failed, after which nothing is answered any more.
   *
   * @param cause a failed append or sync, a throw while applying, or a defect of the pipeline itself
   */
  void halted(Throwable cause);
}
