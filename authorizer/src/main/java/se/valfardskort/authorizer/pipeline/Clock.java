package se.valfardskort.authorizer.pipeline;

/**
 * The pipeline's only source of time; a port, so that tests and the simulator can drive it.
 *
 * <p>Called by the core thread (stamps) and by the gateway's event loops (arrival times).
 */
public interface Clock {
  /** Milliseconds since the epoch; may step back, which the sequencer hides from the engine. */
  long epochMs();

  /** Monotonic nanoseconds of unspecified origin, for waiting times and deadlines. */
  long nanoTime();
}
