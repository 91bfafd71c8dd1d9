package se.valfardskort.authorizer.domain;

import org.jspecify.annotations.Nullable;

/**
 * One category of a programme's policy. Immutable.
 *
 * @param name stable key, for example {@code food}
 * @param group what the programme thinks of it
 * @param declineReason the reason given where {@code group} is not ALLOWED; null where it is ALLOWED
 * @param luxuryLimitMinor one purchase above this is {@link DeclineReason#LUXURY_AMOUNT}; {@link #NO_LIMIT}: none
 * @param monthlyCapMinor most per calendar month and account; {@link #NO_LIMIT}: none
 * @param completionTolerancePercent by how much a completion may exceed its hold: a 0200 is declined above it, a 0220
 *     booked and flagged
 * @param limits what may be bought in it; no approval lifts them
 */
public record Category(
    String name,
    CategoryGroup group,
    @Nullable DeclineReason declineReason,
    long luxuryLimitMinor,
    long monthlyCapMinor,
    int completionTolerancePercent,
    Limits limits) {

  /** A limit without a figure is no limit. */
  public static final long NO_LIMIT = -1;
}
