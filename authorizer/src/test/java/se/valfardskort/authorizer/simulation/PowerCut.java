package se.valfardskort.authorizer.simulation;

/** Unwinds the stack of a process that is no more. An error, so that nothing on the way takes it for a bad disk. */
final class PowerCut extends Error {
  private static final long serialVersionUID = 1L;

  PowerCut() {
    super("the power is gone", null, false, false);
  }
}
