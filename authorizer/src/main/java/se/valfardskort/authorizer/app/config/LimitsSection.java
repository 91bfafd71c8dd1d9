package se.valfardskort.authorizer.app.config;

import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.Limits;

/** Reads a section {@code limits} of a programme or of a category. A figure that is missing is no limit. */
final class LimitsSection {
  private static final int MOST_PURCHASES = 100_000;

  private LimitsSection() {}

  static Limits read(Section parent) {
    if (!parent.has("limits")) {
      return Limits.NONE;
    }
    Section section = parent.section("limits");
    Limits limits =
        new Limits(
            amount(section, "a-purchase"),
            amount(section, "a-day"),
            count(section, "purchases-a-day"),
            amount(section, "a-month"),
            count(section, "purchases-a-month"));
    checkOrder(section, "a-purchase", limits.purchaseMinor(), "a-day", limits.dayMinor());
    checkOrder(section, "a-day", limits.dayMinor(), "a-month", limits.monthMinor());
    checkOrder(section, "purchases-a-day", limits.dayCount(), "purchases-a-month", limits.monthCount());
    section.end();
    return limits;
  }

  private static long amount(Section section, String key) {
    return section.has(key) ? section.scalar(key).limitMinor() : Category.NO_LIMIT;
  }

  private static int count(Section section, String key) {
    return section.has(key) ? section.scalar(key).limitCount(MOST_PURCHASES) : (int) Category.NO_LIMIT;
  }

  /** A limit that another one makes pointless is a slip of the pen. */
  private static void checkOrder(Section section, String shorter, long lesser, String longer, long greater) {
    if (lesser != Category.NO_LIMIT && greater != Category.NO_LIMIT && lesser > greater) {
      section.scalar(shorter).refuse(
          "'" + shorter + "' is more than '" + longer + "', so that it never counts",
          "write no more than there, or none");
    }
  }
}
