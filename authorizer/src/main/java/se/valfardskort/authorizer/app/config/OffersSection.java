package se.valfardskort.authorizer.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import se.valfardskort.authorizer.domain.BonusRule;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.GrantKind;
import se.valfardskort.authorizer.domain.GrantRules;
import se.valfardskort.authorizer.domain.HolderOffers;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;

/** Reads a programme's sections {@code grants} and {@code bonus}; one that is missing offers nothing. */
final class OffersSection {
  private static final int MONTHS_A_YEAR = 12;
  private static final int MOST_YEARS = 100;
  private static final int MOST_DAYS = 1_000;
  private static final int MOST_IN_PERIOD = 30;
  private static final int MOST_PERIOD_MONTHS = 36;
  private static final int MOST_HOURS = 24 * 31;
  private static final int HUNDRED = 100;

  private OffersSection() {}

  /** @param known keys of the programme's categories */
  static HolderOffers read(Section root, Set<String> known) {
    return new HolderOffers(
        root.has("grants") ? grants(root.section("grants"), known) : GrantRules.NOT_OFFERED,
        root.has("bonus") ? bonus(root.section("bonus")) : BonusRule.NOT_OFFERED);
  }

  private static GrantRules grants(Section section, Set<String> known) {
    final int neighbours = section.scalar("neighbours").smallInteger(1, GrantRules.MOST_NEIGHBOURS);
    final int answerHours = section.scalar("answer-within-hours").smallInteger(1, MOST_HOURS);
    final int periodMonths = section.scalar("period-months").smallInteger(1, MOST_PERIOD_MONTHS);
    final int mostInPeriod = section.scalar("in-a-period-at-most").smallInteger(0, MOST_IN_PERIOD);
    final int convictionYears = section.scalar("years-without-after-a-conviction").smallInteger(0, MOST_YEARS);
    final int misuseYears = section.scalar("years-without-after-misuse").smallInteger(0, MOST_YEARS);
    final int reviewPercent = section.scalar("review-sample-percent").smallInteger(0, HUNDRED);
    Map<Integer, GrantKind> kinds = new TreeMap<>();
    for (Section kind : section.sections("kinds")) {
      Scalar word = kind.scalar("kind");
      GrantKind read = kind(kind, word, known);
      if (kinds.put(read.number(), read) != null) {
        word.refuse("grants for '" + word.raw() + "' are described twice", "keep one of the two");
      }
    }
    section.end();
    return new GrantRules(
        List.copyOf(kinds.values()),
        neighbours,
        answerHours,
        mostInPeriod,
        periodMonths,
        convictionYears * MONTHS_A_YEAR,
        misuseYears * MONTHS_A_YEAR,
        reviewPercent);
  }

  private static GrantKind kind(Section section, Scalar word, Set<String> known) {
    final int number = word.choice(numbers(), (int) EarmarkKind.FOOD.value());
    Scalar most = section.scalar("at-most");
    long mostMinor = most.amountMinor();
    if (mostMinor < 1) {
      most.refuse("a grant of nothing is none", "write an amount, or leave the kind out");
    }
    final int mostInPeriod =
        section.has("in-a-period-at-most")
            ? section.scalar("in-a-period-at-most").limitCount(MOST_IN_PERIOD)
            : (int) Category.NO_LIMIT;
    final int validDays = section.scalar("valid-days").smallInteger(1, MOST_DAYS);
    final List<String> categories = categories(section, known);
    final List<Integer> mccs = mccs(section);
    int entries = categories.size() + mccs.size();
    if (entries < 1 || entries > ApprovalTerms.MOST_ENTRIES) {
      word.refuse(
          "it pays for " + entries + " categories and MCCs", "name 1 to " + ApprovalTerms.MOST_ENTRIES + " together");
    }
    section.end();
    return new GrantKind(number, mostMinor, mostInPeriod, validDays, categories, mccs);
  }

  private static Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new TreeMap<>();
    for (EarmarkKind kind :
        List.of(
            EarmarkKind.FOOD, EarmarkKind.APPLIANCE, EarmarkKind.FUNERAL, EarmarkKind.HOUSING, EarmarkKind.CRISIS)) {
      numbers.put(Words.word(kind), (int) kind.value());
    }
    return numbers;
  }

  private static List<String> categories(Section section, Set<String> known) {
    List<String> categories = new ArrayList<>();
    if (section.has("categories")) {
      for (Scalar scalar : section.scalars("categories")) {
        if (known.contains(scalar.raw())) {
          categories.add(scalar.raw());
        } else {
          scalar.refuse(
              "the programme has no category '" + scalar.raw() + "'",
              "write one of: " + String.join(", ", new TreeSet<>(known)));
        }
      }
    }
    return categories;
  }

  private static List<Integer> mccs(Section section) {
    List<Integer> mccs = new ArrayList<>();
    if (section.has("mccs")) {
      for (Scalar scalar : section.scalars("mccs")) {
        if (scalar.raw().matches("[0-9]{4}") && !scalar.raw().equals("0000")) {
          mccs.add(Integer.parseInt(scalar.raw()));
        } else {
          scalar.refuse("'" + scalar.raw() + "' is not a merchant category code", "write four digits");
        }
      }
    }
    return mccs;
  }

  private static BonusRule bonus(Section section) {
    BonusRule bonus =
        new BonusRule(
            section.scalar("at-most").amountMinor(),
            section.scalar("every-months").smallInteger(1, MOST_YEARS * MONTHS_A_YEAR));
    section.end();
    return bonus;
  }
}
