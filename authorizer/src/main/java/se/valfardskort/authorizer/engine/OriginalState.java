package se.valfardskort.authorizer.engine;

/** What may happen to a remembered original. Every change goes through {@link OriginalTable#state}. */
enum OriginalState {
  /** The row is free. */
  FREE(0),
  /** A hold with something left of it: may be reduced, released or expire. */
  HELD(1),
  /** Posted, with something left of it: may be reduced or undone. */
  POSTED(2),
  /** A hold or posting that was fully reversed: only remembered, so that a repeat of it is told so. */
  REVERSED(3),
  /** A hold that ran out of time; its money went back to the purses. Only remembered. */
  EXPIRED(4),
  /** A reversal that came before its original, which is declined should it come. */
  TOMBSTONE(5);

  private static final OriginalState[] VALUES = values();

  /** As it stands in a row; stable. */
  final int number;

  OriginalState(int number) {
    this.number = number;
  }

  static OriginalState ofNumber(int number) {
    return VALUES[number];
  }

  boolean mayBecome(OriginalState next) {
    return switch (this) {
      case FREE -> next == HELD || next == POSTED || next == TOMBSTONE;
      case HELD -> next == REVERSED || next == EXPIRED;
      case POSTED -> next == REVERSED || next == FREE;
      case REVERSED, EXPIRED, TOMBSTONE -> next == FREE;
    };
  }
}
