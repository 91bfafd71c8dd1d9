package se.valfardskort.authorizer.engine;

import java.util.HashSet;
import java.util.Set;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.GrantKind;
import se.valfardskort.authorizer.domain.GrantRules;
import se.valfardskort.authorizer.domain.HolderOffers;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;

/** What a programme's offers must be, that no file was needed for. Any thread. */
final class OffersCheck {
  private static final int LONGEST_MONTHS = 1_200;
  private static final int LONGEST_HOURS = 24 * 31;
  private static final int LONGEST_DAYS = 1_000;
  private static final int MOST_IN_PERIOD = 30;

  private OffersCheck() {}

  /**
   * The first fault, for people; empty: there is none.
   *
   * @param categories keys of the programme's categories
   */
  static String fault(HolderOffers offers, Set<String> categories) {
    GrantRules grants = offers.grants();
    if (grants.neighbours() < 1 || grants.neighbours() > GrantRules.MOST_NEIGHBOURS) {
      return "grants need " + grants.neighbours() + " neighbours; give 1 to " + GrantRules.MOST_NEIGHBOURS;
    }
    if (grants.answerHours() < 1 || grants.answerHours() > LONGEST_HOURS) {
      return "grants are answered within " + grants.answerHours() + " hours; give 1 to " + LONGEST_HOURS;
    }
    if (grants.periodMonths() < 1
        || grants.periodMonths() > GrantBarHandler.LONGEST_PERIOD_MONTHS
        || grants.mostInPeriod() > MOST_IN_PERIOD) {
      return grants.mostInPeriod() + " grants in " + grants.periodMonths() + " months; give at most " + MOST_IN_PERIOD
          + " in 1 to " + GrantBarHandler.LONGEST_PERIOD_MONTHS;
    }
    if (grants.convictionMonths() > LONGEST_MONTHS || grants.misuseMonths() > LONGEST_MONTHS) {
      return "no grants for " + grants.convictionMonths() + " or " + grants.misuseMonths() + " months; give at most "
          + LONGEST_MONTHS;
    }
    if (grants.reviewPercent() > 100) {
      return grants.reviewPercent() + " of a hundred grants for review; give 0 to 100";
    }
    if (offers.bonus().mostMinor() < 0
        || offers.bonus().mostMinor() > AuthorizationHandler.LARGEST_AMOUNT_MINOR
        || offers.bonus().everyMonths() < 1
        || offers.bonus().everyMonths() > LONGEST_MONTHS) {
      return "a bonus of " + offers.bonus().mostMinor() + " every " + offers.bonus().everyMonths() + " months";
    }
    Set<Integer> numbers = new HashSet<>();
    for (GrantKind kind : grants.kinds()) {
      String fault = fault(kind, categories);
      if (!fault.isEmpty()) {
        return "grants of kind " + kind.number() + ": " + fault;
      }
      if (!numbers.add(kind.number())) {
        return "grants of kind " + kind.number() + " occur twice";
      }
    }
    return "";
  }

  private static String fault(GrantKind kind, Set<String> categories) {
    if (kind.number() < EarmarkKind.FOOD.value() || kind.number() > EarmarkKind.CRISIS.value()) {
      return "no neighbour verifies these";
    }
    if (kind.mostMinor() < 1 || kind.mostMinor() > AuthorizationHandler.LARGEST_AMOUNT_MINOR) {
      return "at most " + kind.mostMinor() + " ore";
    }
    if (kind.mostInPeriod() < Category.NO_LIMIT || kind.validDays() < 1 || kind.validDays() > LONGEST_DAYS) {
      return "a count below 0, or not 1 to " + LONGEST_DAYS + " days";
    }
    int entries = kind.categories().size() + kind.mccs().size();
    if (entries < 1 || entries > Scope.MOST_ENTRIES) {
      return entries + " categories and MCCs; name 1 to " + Scope.MOST_ENTRIES;
    }
    for (String category : kind.categories()) {
      if (!categories.contains(category)) {
        return "there is no category " + category;
      }
    }
    for (int mcc : kind.mccs()) {
      if (mcc < 1 || mcc >= ProgrammeRules.MCCS) {
        return mcc + " is no MCC";
      }
    }
    return "";
  }
}
