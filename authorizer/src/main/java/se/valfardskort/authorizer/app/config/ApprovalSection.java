package se.valfardskort.authorizer.app.config;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;

/** Reads one approval with which a demonstration's card begins (wire.md section 7). */
final class ApprovalSection {
  private static final Map<String, ApprovalReason> REASONS = reasons();
  private static final String AUTHOR = "demonstration";
  private static final int MOST_USES = 10_000;

  private ApprovalSection() {}

  /**
   * Reads it.
   *
   * @param key tells this approval from every other of the plan
   * @param known keys of the programme's categories
   */
  static ApprovalTerms read(Section section, long key, Set<String> known) {
    List<Integer> countries = new ArrayList<>();
    if (section.has("countries")) {
      List<Scalar> scalars = section.scalars("countries");
      scalars.stream().limit(ApprovalTerms.MOST_COUNTRIES).forEach(scalar -> countries.add(Words.country(scalar)));
      requireAtMost(scalars, ApprovalTerms.MOST_COUNTRIES, "countries");
    }
    List<Covered> scope = new ArrayList<>();
    if (section.has("categories")) {
      List<Scalar> scalars = section.scalars("categories");
      scalars.stream()
          .limit(ApprovalTerms.MOST_ENTRIES)
          .forEach(scalar -> scope.add(Covered.category(category(scalar, known))));
      requireAtMost(scalars, ApprovalTerms.MOST_ENTRIES, "categories");
    }
    final ApprovalReason reason = section.scalar("reason").choice(REASONS, ApprovalReason.OTHER);
    final long amountMinor = section.scalar("at-most").limitMinor();
    final int uses = section.scalar("uses").limitCount(MOST_USES);
    final long untilMs = endOf(section.scalar("until"));
    section.end();
    return new ApprovalTerms(
        key,
        false,
        false,
        reason,
        0,
        untilMs,
        amountMinor,
        uses == Category.NO_LIMIT ? 0 : uses,
        countries,
        scope,
        AUTHOR);
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
  private static long endOf(Scalar scalar) {
    try {
      LocalDate day = LocalDate.parse(scalar.raw());
      return day.plusDays(1).atStartOfDay(StockholmTime.ZONE).toInstant().toEpochMilli();
    } catch (DateTimeException unreadable) {
      scalar.refuse("'" + scalar.raw() + "' is not a day", "write it in quotes as year-month-day: \"2030-12-31\"");
      return 1;
    }
  }

  private static Map<String, ApprovalReason> reasons() {
    Map<String, ApprovalReason> reasons = new HashMap<>();
    for (ApprovalReason reason : ApprovalReason.values()) {
      if (reason != ApprovalReason.NULL_VAL) {
        reasons.put(Words.word(reason), reason);
      }
    }
    return Map.copyOf(reasons);
  }
}
