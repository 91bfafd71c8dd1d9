package se.valfardskort.authorizer.engine;

/** Told what accounts have open that others decided. Amounts are minor units. */
@FunctionalInterface
public interface ExposureVisitor {
  /**
   * One account, where any of the amounts is above 0; in the order of the cards.
   *
   * @param cardId the account's first card
   * @param tokenStart first eight bytes of that card's panToken
   * @param standInMinor what others decided in our name and is still held or posted
   * @param overdrawnMinor by how much CASH is below 0
   * @param waitingMinor refunds that wait for a caseworker
   */
  void account(
      int accountId, int cardId, long tokenStart, long standInMinor, long overdrawnMinor, long waitingMinor);
}
