package se.valfardskort.loadtest.client;

import org.jspecify.annotations.Nullable;

/**
 * What a card's purses hold, as DE 54 tells it. Minor units; below 0 where DE 54 says D.
 *
 * @param cashMinor CASH
 * @param hjartanMinor HJARTAN
 * @param earmarksMinor all EARMARKs together; null: the card has none
 */
public record Purses(long cashMinor, long hjartanMinor, @Nullable Long earmarksMinor) {
  /** Of a card without earmarks. */
  public Purses(long cashMinor, long hjartanMinor) {
    this(cashMinor, hjartanMinor, null);
  }

  /** Spelled for a person. */
  @Override
  public String toString() {
    return "CASH " + Kronor.format(cashMinor) + "  HJARTAN " + Kronor.format(hjartanMinor)
        + (earmarksMinor == null ? "" : "  EARMARK " + Kronor.format(earmarksMinor));
  }
}
