package se.valfardskort.authorizer.pipeline;

/** Replay did not do again what the journal says was done: the process must not start. */
public final class ReplayDifference extends RuntimeException {
  private static final long serialVersionUID = 1;

  ReplayDifference(String message) {
    super(message);
  }

  ReplayDifference(String message, Throwable cause) {
    super(message, cause);
  }
}
