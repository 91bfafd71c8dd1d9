package se.valfardskort.authorizer.gateway;

/** Why a connection ended, and what whoever reads of it can do. */
public enum CloseCause {
  /** The other side ended it. */
  PEER("nothing to do"),
  /** The connection broke. */
  BROKEN("the other side or the network broke it off: nothing to do unless it goes on"),
  /** The link has as many connections as it may. */
  CONNECTION_LIMIT("let the other side use fewer, or raise this partner's limit 'connections'"),
  /** A length header that cannot be: nothing behind it can be trusted. */
  BAD_FRAME("the length header cannot be: compare framing, frame-bytes and port with what the other side sends"),
  /** A frame began and did not end in time. */
  FRAME_DEADLINE("a message began and did not end in time: look at the network and at this link's framing"),
  /** Nothing came for too long. */
  IDLE("it was silent for longer than this partner's limit 'idle-ms'"),
  /** Too many frames in a row that cannot be answered. */
  UNREADABLE("no message could be read: compare this link's dialect with what the other side sends"),
  /** The other side does not read its answers. */
  SLOW_READER("the other side does not read its answers: it has to, or stays without them"),
  /** We dialled, and the other side does not want us. */
  SIGN_ON_REFUSED("the other side refused our sign-on: ask the partner whether this link is open to us"),
  /** What we asked for, sign-on or echo, was not answered in time. */
  UNANSWERED("our sign-on or echo was not answered in time: look at the network, or raise 'answer-within-ms'"),
  /** A fault of ours, logged. */
  INTERNAL("a fault of this program: report it with the line before"),
  /** We are stopping. */
  SHUTDOWN("nothing to do");

  private final String advice;

  CloseCause(String advice) {
    this.advice = advice;
  }

  /** What it means and how to mend it, for the log. */
  String advice() {
    return advice;
  }
}
