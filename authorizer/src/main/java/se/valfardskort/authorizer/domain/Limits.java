package se.valfardskort.authorizer.domain;

/**
 * What may be bought at most, on an account in all or in one category of it (domain.md section 3). Immutable. Days and
 * months are civil ones; only what was approved counts. {@link Category#NO_LIMIT} in any place: no limit.
 *
 * @param purchaseMinor one purchase
 * @param dayMinor all purchases of a day
 * @param dayCount number of purchases of a day
 * @param monthMinor all purchases of a calendar month
 * @param monthCount number of purchases of a calendar month
 */
public record Limits(long purchaseMinor, long dayMinor, int dayCount, long monthMinor, int monthCount) {
  private static final int NO_COUNT = (int) Category.NO_LIMIT;

  /** No limit at all. */
  public static final Limits NONE =
      new Limits(Category.NO_LIMIT, Category.NO_LIMIT, NO_COUNT, Category.NO_LIMIT, NO_COUNT);

  /** True where purchases must be counted and added up to know. */
  public boolean isOverTime() {
    return dayMinor != Category.NO_LIMIT
        || dayCount != NO_COUNT
        || monthMinor != Category.NO_LIMIT
        || monthCount != NO_COUNT;
  }

  /** True where no figure is below {@link Category#NO_LIMIT}. */
  public boolean isSound() {
    long least = Math.min(Math.min(purchaseMinor, dayMinor), monthMinor);
    return Math.min(least, Math.min(dayCount, monthCount)) >= Category.NO_LIMIT;
  }
}
