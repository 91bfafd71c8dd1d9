package se.valfardskort.authorizer.gateway;

/** What a connection may do; {@link Session} has the one door through which it changes. */
enum SessionState {
  /** Sign-on is required and has not been, or sign-off was: only 0800 is served, all else is answered 91. */
  SIGNED_OFF,
  /** Traffic is served. */
  SIGNED_ON,
  /** All that was read has been answered; the last bytes are on their way, then it closes. */
  FINISHING,
  /** Over: no byte is read or written any more. */
  CLOSED;

  boolean canBecome(SessionState next) {
    return switch (this) {
      case SIGNED_OFF, SIGNED_ON -> next != this;
      case FINISHING -> next == CLOSED;
      case CLOSED -> false;
    };
  }
}
