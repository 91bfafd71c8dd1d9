package se.valfardskort.authorizer.domain;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a month's load of one card is worked out from. Immutable; amounts are minor units, 0 or more.
 *
 * @param adults in the household, 1 to 20
 * @param children in the household, 0 to 30
 * @param rentMinor rent or fee for the dwelling
 * @param specialNeedsMinor for example a diet in illness, journeys to work training
 * @param earnedMinor earned in the month that counts
 * @param month which load this is, counted from the card's first: 1, 2, 3 ...
 * @param inRing attested as active in a ring (valfardsring)
 * @param supplementsMinor by key of the programme's supplements
 */
public record LoadNeed(
    int adults,
    int children,
    long rentMinor,
    long specialNeedsMinor,
    long earnedMinor,
    int month,
    boolean inRing,
    Map<String, Long> supplementsMinor) {

  private static final int MOST_ADULTS = 20;
  private static final int MOST_CHILDREN = 30;
  private static final int MOST_MONTHS = 1_200;

  /** Refuses what cannot be; the supplements' keys and amounts are checked by the rules. */
  public LoadNeed {
    supplementsMinor = Map.copyOf(new TreeMap<>(supplementsMinor));
    requireBetween("adults", adults, 1, MOST_ADULTS);
    requireBetween("children", children, 0, MOST_CHILDREN);
    requireBetween("month", month, 1, MOST_MONTHS);
    LoadRules.requireAmount("the rent", rentMinor);
    LoadRules.requireAmount("the amount for special needs", specialNeedsMinor);
    LoadRules.requireAmount("the amount earned", earnedMinor);
  }

  private static void requireBetween(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(what + " is " + value + "; give " + least + " to " + most);
    }
  }
}
