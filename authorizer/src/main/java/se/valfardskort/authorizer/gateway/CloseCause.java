package se.valfardskort.authorizer.gateway;

/** Why a connection ended. */
public enum CloseCause {
  /** The other side ended it. */
  PEER,
  /** The connection broke. */
  BROKEN,
  /** The link has as many connections as it may. */
  CONNECTION_LIMIT,
  /** A length header that cannot be: nothing behind it can be trusted. */
  BAD_FRAME,
  /** A frame began and did not end in time. */
  FRAME_DEADLINE,
  /** Nothing came for too long. */
  IDLE,
  /** Too many frames in a row that cannot be answered. */
  UNREADABLE,
  /** The other side does not read its answers. */
  SLOW_READER,
  /** A fault of ours, logged. */
  INTERNAL,
  /** We are stopping. */
  SHUTDOWN
}
