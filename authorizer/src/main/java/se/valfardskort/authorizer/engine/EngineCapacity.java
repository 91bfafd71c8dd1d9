package se.valfardskort.authorizer.engine;

/**
 * How much of everything the engine has room for. Immutable; part of what a journal is written under.
 *
 * <p>The engine never throws for room: at 95 % of the originals a request that would need another is declined with
 * CAPACITY, the oldest answers make room for new ones, and operators' commands are refused when a table is full.
 *
 * @param cards cards ever opened
 * @param accounts cardholder accounts ever opened
 * @param originals holds, postings and tombstones that are remembered at one time
 * @param requests answers that belong to no original, remembered at one time
 * @param merchants merchants that a configuration may name, providers included
 * @param cappedCategories categories with a monthly cap in one programme
 * @param configurationBytes longest encoded configuration
 */
public record EngineCapacity(
    int cards,
    int accounts,
    int originals,
    int requests,
    int merchants,
    int cappedCategories,
    int configurationBytes) {

  /** Most capped categories a programme may have: their counters lie in the account's row. */
  public static final int MAXIMUM_CAPPED_CATEGORIES = 16;

  /** Refuses figures that no table can have. */
  public EngineCapacity {
    atLeastOne("cards", cards);
    atLeastOne("accounts", accounts);
    atLeastOne("originals", originals);
    atLeastOne("requests", requests);
    atLeastOne("merchants", merchants);
    atLeastOne("configurationBytes", configurationBytes);
    if (cappedCategories < 0 || cappedCategories > MAXIMUM_CAPPED_CATEGORIES) {
      throw new IllegalArgumentException(
          "cappedCategories is " + cappedCategories + "; set it between 0 and " + MAXIMUM_CAPPED_CATEGORIES);
    }
  }

  /** The shipped figures: a large municipality on one machine. */
  public static EngineCapacity shipped() {
    return new EngineCapacity(1_100_000, 1_100_000, 4_000_000, 12_000_000, 100_000, 8, 16 << 20);
  }

  /** Room for so many cards, each with an account of its own, and for the traffic of a demonstration or a load test. */
  public static EngineCapacity forCards(int cards) {
    return new EngineCapacity(cards, cards, 2_000_000, 2_000_000, 10_000, 6, 4 << 20);
  }

  /** Room for a demonstration or a test: a few megabytes. */
  public static EngineCapacity small() {
    return new EngineCapacity(20_000, 20_000, 60_000, 60_000, 1_000, 4, 1 << 20);
  }

  /** Approvals that are kept at one time: ended ones go when nothing speaks of them any more. */
  public int allowances() {
    return Math.max(1, accounts);
  }

  /** Requests for neighbour-verified grants that are kept at one time. */
  public int grants() {
    return Math.max(1, accounts);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; set it to 1 or more");
    }
  }
}
