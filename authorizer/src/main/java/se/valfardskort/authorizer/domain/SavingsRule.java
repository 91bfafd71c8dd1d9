package se.valfardskort.authorizer.domain;

/**
 * What a programme lets a holder save, out of CASH (domain.md section 2). Immutable.
 *
 * @param monthMinor most that may be moved there in a calendar month; {@link Category#NO_LIMIT}: any amount
 * @param bufferMonths most that may be there, in monthly amounts of the card; 0: saving is not offered
 */
public record SavingsRule(long monthMinor, int bufferMonths) {
  /** What was saved before may be moved back; nothing new is. */
  public static final SavingsRule NOT_OFFERED = new SavingsRule(0, 0);
}
