package se.valfardskort.loadtest.client;

/**
 * What a card's two purses hold, as DE 54 tells it. Minor units; below 0 where DE 54 says D.
 *
 * @param cashMinor CASH
 * @param hjartanMinor HJARTAN
 */
public record Purses(long cashMinor, long hjartanMinor) {
  /** Spelled for a person. */
  @Override
  public String toString() {
    return "CASH " + Kronor.format(cashMinor) + "  HJARTAN " + Kronor.format(hjartanMinor);
  }
}
