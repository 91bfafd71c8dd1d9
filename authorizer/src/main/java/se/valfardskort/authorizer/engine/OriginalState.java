package se.valfardskort.authorizer.engine;

/**
 * What may happen to a remembered original; drawn in docs/internals/holds.md. Every change goes through {@link
 * OriginalTable#state}.
 */
enum OriginalState {
  /** The row is free. */
  FREE(0),
  /** A hold that was placed and still sets money aside: may be raised, reduced, completed, released, or expire. */
  HELD(1),
  /** A posting: may be replaced, refunded, reduced or reversed. */
  POSTED(2),
  /** A posting or a refund that was fully reversed: only remembered, so that a repeat of it is told so. */
  REVERSED(3),
  /** A hold that ran out of time; its money went back to the purses. Only remembered. */
  EXPIRED(4),
  /** A reversal that came before its original, which is declined should it come. */
  TOMBSTONE(5),
  /** A hold that became a posting, which it names. Only remembered, so that a further completion books nothing. */
  COMPLETED(6),
  /** A hold or an increment that was fully given back. Only remembered. */
  RELEASED(7),
  /** A refund: may be reversed. */
  REFUNDED(8),
  /** An increment, whose money is part of the hold that it names: may be taken off it again. */
  RAISED(9);

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
      case FREE -> next == HELD || next == POSTED || next == REFUNDED || next == RAISED || next == TOMBSTONE;
      case HELD -> next == COMPLETED || next == RELEASED || next == EXPIRED;
      case POSTED, REFUNDED -> next == REVERSED || next == FREE;
      case RAISED -> next == RELEASED || next == FREE;
      case REVERSED, EXPIRED, TOMBSTONE, COMPLETED, RELEASED -> next == FREE;
    };
  }

  /** True when nothing is left of it, so that a repeat of the request that made it is told so. */
  boolean isReversed() {
    return this == REVERSED || this == RELEASED;
  }
}
