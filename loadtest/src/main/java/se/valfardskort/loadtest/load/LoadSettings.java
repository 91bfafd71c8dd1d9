package se.valfardskort.loadtest.load;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.Endpoint;

/**
 * What one load run does. Immutable.
 *
 * @param endpoint where the server is
 * @param rate messages a second, over all connections
 * @param warmupSeconds sent first, and left out of the figures
 * @param seconds measured
 * @param connections used in turn
 * @param cards random ones of the numbers 0 to cards - 1
 * @param seed of the random choices
 * @param echo the server sends every frame back as it came
 * @param timeoutMs how long to wait for what is unanswered after the last message
 * @param maximumLagMs a generator that sends more than one message in a hundred later than this measures itself
 * @param ledger where requests and answers are recorded, or null
 */
record LoadSettings(
    Endpoint endpoint,
    int rate,
    int warmupSeconds,
    int seconds,
    int connections,
    int cards,
    long seed,
    boolean echo,
    int timeoutMs,
    int maximumLagMs,
    @Nullable Path ledger) {

  private static final long SECOND_NS = 1_000_000_000L;

  /** Messages in the whole run. */
  long total() {
    return (long) rate * (warmupSeconds + seconds);
  }

  /** Messages before the measured ones. */
  long warmup() {
    return (long) rate * warmupSeconds;
  }

  /**
   * The fixed schedule: when message {@code number} is due, after the run's start. It depends on nothing that happens
   * during the run, so that a server that stops cannot stop the clock by which it is judged.
   */
  long dueNs(long number) {
    long whole = number / rate;
    return whole * SECOND_NS + (number - whole * rate) * SECOND_NS / rate;
  }
}
