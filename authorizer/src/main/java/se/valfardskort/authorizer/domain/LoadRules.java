package se.valfardskort.authorizer.domain;

import java.util.List;

/**
 * A programme's figures for the monthly load (domain.md section 4). Immutable; amounts are minor units, 0 or more.
 *
 * @param base what a household needs beside its rent
 * @param rentCeilingMinor of a rent, at most this much counts
 * @param upliftPercent 10 to 20: on top of the benefits that the load replaces
 * @param untouchedMonths months from the first load on in which earnings change nothing
 * @param taperPercent after that, ore less per krona earned
 * @param minimum the national minimum (riksnorm): load and earnings together never fall below it and the rent
 * @param hjartanPercent part of the load that comes as Hjartan
 * @param ringMinor for who is active in a ring (valfardsring); never tapered
 * @param supplements what may be added by a decision; never uplifted or tapered
 */
public record LoadRules(
    PerHousehold base,
    long rentCeilingMinor,
    int upliftPercent,
    int untouchedMonths,
    int taperPercent,
    PerHousehold minimum,
    int hjartanPercent,
    long ringMinor,
    List<Supplement> supplements) {

  /** A hundred thousand million kronor: sums of such amounts stay far inside 64 bits. */
  static final long LARGEST_MINOR = 10_000_000_000_000L;

  private static final int LEAST_UPLIFT = 10;
  private static final int MOST_UPLIFT = 20;
  private static final int WHOLE = 100;
  private static final int LONGEST_UNTOUCHED = 120;

  /** Amounts by who lives in a household. Immutable. */
  public record PerHousehold(long firstAdultMinor, long furtherAdultMinor, long childMinor) {
    /** Refuses amounts that cannot be. */
    public PerHousehold {
      requireAmount("the first adult's amount", firstAdultMinor);
      requireAmount("a further adult's amount", furtherAdultMinor);
      requireAmount("a child's amount", childMinor);
    }

    long of(int adults, int children) {
      return firstAdultMinor + (adults - 1) * furtherAdultMinor + children * childMinor;
    }
  }

  /**
   * One kind of supplement. Immutable.
   *
   * @param key stable
   * @param fromMinor least that it comes to
   * @param toMinor most that it comes to
   */
  public record Supplement(String key, long fromMinor, long toMinor) {
    /** Refuses amounts that cannot be. */
    public Supplement {
      requireAmount("a supplement's least", fromMinor);
      requireAmount("a supplement's most", toMinor);
      if (fromMinor > toMinor) {
        throw new IllegalArgumentException("supplement " + key + " goes from " + fromMinor + " to less: " + toMinor);
      }
    }
  }

  /** Refuses figures outside what the programme's founders allow. */
  public LoadRules {
    supplements = List.copyOf(supplements);
    requireAmount("the rent's ceiling", rentCeilingMinor);
    requireAmount("the ring's amount", ringMinor);
    requirePercent("the uplift", upliftPercent, LEAST_UPLIFT, MOST_UPLIFT);
    requirePercent("the taper", taperPercent, 0, WHOLE);
    requirePercent("the part in Hjartan", hjartanPercent, 0, WHOLE);
    if (untouchedMonths < 0 || untouchedMonths > LONGEST_UNTOUCHED) {
      throw new IllegalArgumentException("earnings untouched for " + untouchedMonths + " months; give 0 to 120");
    }
  }

  private static void requirePercent(String what, int percent, int least, int most) {
    if (percent < least || percent > most) {
      throw new IllegalArgumentException(what + " is " + percent + " percent; give " + least + " to " + most);
    }
  }

  static void requireAmount(String what, long amountMinor) {
    if (amountMinor < 0 || amountMinor > LARGEST_MINOR) {
      throw new IllegalArgumentException(what + " is " + amountMinor + "; give 0 to " + LARGEST_MINOR);
    }
  }
}
