package se.valfardskort.authorizer.engine;

/** Sees every open card. */
@FunctionalInterface
public interface CardVisitor {
  /**
   * One card.
   *
   * @param tokenStart the first eight bytes of its panToken, as a little-endian number
   * @param loaded whether anything was ever loaded onto its account
   */
  void card(int cardId, long tokenStart, boolean loaded);
}
