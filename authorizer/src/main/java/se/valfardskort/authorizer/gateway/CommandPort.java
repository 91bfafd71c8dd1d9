package se.valfardskort.authorizer.gateway;

import se.valfardskort.authorizer.pipeline.Slot;

/**
 * The way from the links into the ring.
 *
 * <p>Called by every event loop of the gateway, so it must take several producers; none of its methods may block.
 */
public interface CommandPort {
  /** What {@link #tryClaim} gives where there is no room. */
  long FULL = -1;

  /** What {@link #tryClaim} gives where the pipeline has stopped: nothing may be answered any more. */
  long CLOSED = -2;

  /**
   * Takes the next place.
   *
   * @param reservedRoom true for reversals and advices, which may use the room that is kept for them
   * @return the place, which must be published whatever happens, or {@link #FULL}, or {@link #CLOSED}
   */
  long tryClaim(boolean reservedRoom);

  /** The slot of a claimed place; the claimer's until {@link #publish}. */
  Slot slot(long place);

  /** Hands the place on to the pipeline. */
  void publish(long place);
}
