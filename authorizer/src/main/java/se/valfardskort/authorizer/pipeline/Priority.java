package se.valfardskort.authorizer.pipeline;

/** Who is shed first when the ring fills (wire.md section 5). */
public enum Priority {
  /** A request that may be answered 91: shed as soon as only the reserved room is left. */
  AUTHORIZATION,
  /** A reversal request: may use the reserved room, since it gives money back. */
  REVERSAL,
  /** What was decided elsewhere and must be booked: may use the reserved room. */
  ADVICE,
  /** Commands of people and of our own: like an authorization, they can wait. */
  ADMIN;

  /** Whether this kind may use the room that is kept free of ordinary requests. */
  boolean mayUseReserve() {
    return this == REVERSAL || this == ADVICE;
  }
}
