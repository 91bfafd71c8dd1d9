package se.valfardskort.authorizer.gateway;

/**
 * What we do of our own accord to bring a link up and to know that it is up. Immutable.
 *
 * @param dials we connect to the link's address and sign on, instead of listening there
 * @param connectTimeoutMs a connection that takes longer has failed
 * @param reconnectMinimumMs shortest time between a failure and the next attempt
 * @param reconnectMaximumMs longest time between a failure and the next attempt
 * @param echoEveryMs silence after which we ask for an echo; 0: never
 * @param answerWithinMs a request of ours that is unanswered for longer closes the connection
 */
public record LinkUpkeep(
    boolean dials,
    int connectTimeoutMs,
    int reconnectMinimumMs,
    int reconnectMaximumMs,
    int echoEveryMs,
    int answerWithinMs) {

  /** A link that listens and asks for nothing. */
  public static final LinkUpkeep LISTENING = new LinkUpkeep(false, 5_000, 1_000, 60_000, 0, 10_000);

  /** Whether requests of ours ever go out. */
  boolean asks() {
    return dials || echoEveryMs > 0;
  }
}
