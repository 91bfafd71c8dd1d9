package se.valfardskort.authorizer.simulation;

import org.jspecify.annotations.Nullable;

/** A promise was broken in a simulated world. */
public final class Violation extends AssertionError {
  private static final long serialVersionUID = 1L;

  Violation(String what, @Nullable Throwable cause) {
    super(what, cause);
  }
}
