package se.valfardskort.authorizer.domain;

import java.util.List;

/**
 * What neighbours may verify a grant for, and what it then is. Immutable.
 *
 * @param number that of the earmark's kind, stable
 * @param mostMinor most ore of one grant
 * @param mostInPeriod most grants of this kind in the {@link GrantRules#periodMonths} of all; {@link
 *     Category#NO_LIMIT}: as many as of all kinds
 * @param validDays the earmark pays to the end of this many civil days after the one on which it is granted
 * @param categories keys of the policy's categories that it pays for
 * @param mccs merchant category codes that it pays for; with the categories one to eight
 */
public record GrantKind(
    int number, long mostMinor, int mostInPeriod, int validDays, List<String> categories, List<Integer> mccs) {
  /** Takes copies. */
  public GrantKind {
    categories = List.copyOf(categories);
    mccs = List.copyOf(mccs);
  }
}
