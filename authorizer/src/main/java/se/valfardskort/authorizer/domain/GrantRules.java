package se.valfardskort.authorizer.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Neighbour-verified grants (grannverifiering) of a programme (domain.md section 4). Immutable.
 *
 * @param kinds what they may be for; none: the programme offers no such grants
 * @param neighbours how many YES one needs, 1 to {@link #MOST_NEIGHBOURS}
 * @param answerHours hours after the request within which they must have come
 * @param mostInPeriod most grants of an account in the period
 * @param periodMonths civil months that the period has
 * @param convictionMonths civil months after a conviction without any
 * @param misuseMonths civil months after misuse without any
 * @param reviewPercent how many of a hundred are reviewed afterwards
 */
public record GrantRules(
    List<GrantKind> kinds,
    int neighbours,
    int answerHours,
    int mostInPeriod,
    int periodMonths,
    int convictionMonths,
    int misuseMonths,
    int reviewPercent) {
  /** As many as a request remembers. */
  public static final int MOST_NEIGHBOURS = 4;

  /** Nothing is asked of neighbours. */
  public static final GrantRules NOT_OFFERED = new GrantRules(List.of(), 1, 1, 0, 1, 0, 0, 0);

  /** Takes a copy. */
  public GrantRules {
    kinds = List.copyOf(kinds);
  }

  /** The kind of a number; null: the programme does not offer it. */
  public @Nullable GrantKind kind(int number) {
    for (GrantKind kind : kinds) {
      if (kind.number() == number) {
        return kind;
      }
    }
    return null;
  }
}
