package se.valfardskort.authorizer.domain;

/**
 * What may be paid out as a payment order at times, never at a terminal (domain.md section 4). Immutable.
 *
 * @param mostMinor most ore of one bonus; 0: there is none
 * @param everyMonths civil months, counted from the account's first load, after each of which one may be paid
 */
public record BonusRule(long mostMinor, int everyMonths) {
  /** Nothing is ever paid out. */
  public static final BonusRule NOT_OFFERED = new BonusRule(0, 12);
}
