package se.valfardskort.authorizer.app.config;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;

/** What approvals and earmarks of a demonstration's card have in common. */
final class GrantFields {
  static final String AUTHOR = "demonstration";
  static final int MOST_USES = 10_000;

  private static final Pattern MCC = Pattern.compile("[0-9]{4}");

  private GrantFields() {}

  /** Countries, where it names any. */
  static List<Integer> countries(Section section) {
    List<Integer> countries = new ArrayList<>();
    if (section.has("countries")) {
      List<Scalar> scalars = section.scalars("countries");
      scalars.stream().limit(ApprovalTerms.MOST_COUNTRIES).forEach(scalar -> countries.add(Words.country(scalar)));
      requireAtMost(scalars, ApprovalTerms.MOST_COUNTRIES, "countries");
    }
    return countries;
  }

  /**
   * Categories, MCCs and merchants, where it names any.
   *
   * @param known keys of the programme's categories
   */
  static List<Covered> scope(Section section, Set<String> known) {
    List<Covered> scope = new ArrayList<>();
    if (section.has("categories")) {
      List<Scalar> scalars = section.scalars("categories");
      scalars.stream()
          .limit(ApprovalTerms.MOST_ENTRIES)
          .forEach(scalar -> scope.add(Covered.category(category(scalar, known))));
      requireAtMost(scalars, ApprovalTerms.MOST_ENTRIES, "categories");
    }
    if (section.has("mccs")) {
      List<Scalar> scalars = section.scalars("mccs");
      int room = ApprovalTerms.MOST_ENTRIES - scope.size();
      scalars.stream().limit(room).forEach(scalar -> scope.add(Covered.mcc(mcc(scalar))));
      if (scalars.size() > room) {
        scalars.get(room).refuse(
            "it names more than " + ApprovalTerms.MOST_ENTRIES + " categories and MCCs", "leave some out");
      }
    }
    if (section.has("merchants")) {
      List<Section> merchants = section.sections("merchants");
      int room = ApprovalTerms.MOST_ENTRIES - scope.size();
      for (Section merchant : merchants) {
        Scalar acquirer = merchant.scalar("acquirer");
        Scalar id = merchant.scalar("merchant");
        if (room-- > 0) {
          scope.add(
              Covered.merchant(
                  acquirer.integer(0, Words.MAXIMUM_ACQUIRER), id.text(Words.MERCHANT, Words.MERCHANT_WORDS)));
        } else {
          id.refuse(
              "it names more than " + ApprovalTerms.MOST_ENTRIES + " categories, MCCs and merchants", "leave some out");
        }
        merchant.end();
      }
    }
    return scope;
  }

  private static int mcc(Scalar scalar) {
    String text = scalar.text(MCC, "a merchant category code of four digits, for example \"5722\"");
    return MCC.matcher(text).matches() ? Integer.parseInt(text) : 1;
  }

  private static String category(Scalar scalar, Set<String> known) {
    if (!known.isEmpty() && !known.contains(scalar.raw())) {
      scalar.refuse(
          "the programme has no category '" + scalar.raw() + "'",
          "write one of: " + String.join(", ", new TreeSet<>(known)));
      return "";
    }
    return scalar.raw();
  }

  private static void requireAtMost(List<Scalar> scalars, int most, String what) {
    if (scalars.size() > most) {
      scalars.get(most).refuse("these are " + scalars.size() + " " + what, "name at most " + most);
    }
  }

  /** The first moment after a day, in milliseconds since the epoch. */
  static long endOf(Scalar scalar) {
    try {
      LocalDate day = LocalDate.parse(scalar.raw());
      return day.plusDays(1).atStartOfDay(StockholmTime.ZONE).toInstant().toEpochMilli();
    } catch (DateTimeException unreadable) {
      scalar.refuse("'" + scalar.raw() + "' is not a day", "write it in quotes as year-month-day: \"2030-12-31\"");
      return 1;
    }
  }
}
