package se.valfardskort.authorizer.explain;

/** What became of a command. */
public enum Verdict {
  /** Money moved, or may. */
  APPROVED,
  /** Done, and no money asked of a purse. */
  ACCEPTED,
  /** Money went back to the purses. */
  RETURNED,
  DECLINED,
  /** A command of our own that could not be done. */
  REFUSED,
  /** The engine failed on it. */
  POISON,
  /** Decided, and left out by a person since. */
  SKIPPED
}
