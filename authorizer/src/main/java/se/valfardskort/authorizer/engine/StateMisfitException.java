package se.valfardskort.authorizer.engine;

import java.io.IOException;

/**
 * A sound state that this engine cannot take: a newer release wrote it, or there is less room here than it needs. The
 * message says what and how to mend it. An older state of the same journal would not help.
 */
public final class StateMisfitException extends IOException {
  private static final long serialVersionUID = 1;

  /** Says what does not fit, and how to mend it. */
  public StateMisfitException(String message) {
    super(message);
  }
}
