package se.valfardskort.authorizer.engine;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;

/**
 * The limits of domain.md section 3 for {@link NaiveModel}, in the order of docs/programme/policy.md: every purchase of
 * the account is looked at for each of them.
 */
final class NaiveLimits {
  private final List<NaivePurchase> purchases;
  private final LocalDate today;
  private final Limits all;
  private final @Nullable Category category;
  private final long amount;
  private final long held;
  private final int more;

  /** A hold stands in the counters that its category had when it was placed, or in none, whatever is added to it. */
  private final boolean counted;

  /** @param raised the hold that is raised; null: none is */
  NaiveLimits(
      List<NaivePurchase> purchases,
      LocalDate today,
      Limits all,
      @Nullable Category category,
      long amount,
      @Nullable NaivePurchase raised) {
    this.purchases = purchases;
    this.today = today;
    this.all = all;
    this.category = category;
    this.amount = amount;
    held = raised == null ? 0 : raised.total();
    more = raised == null ? 1 : 0;
    counted = raised == null || raised.countsInCategory;
  }

  void addTo(Map<DeclineReason, BooleanSupplier> rules) {
    Limits own = category == null ? Limits.NONE : category.limits();
    Limits ownOverTime = counted ? own : Limits.NONE;
    Predicate<LocalDate> day = today::equals;
    Predicate<LocalDate> month = each -> YearMonth.from(each).equals(YearMonth.from(today));
    Predicate<NaivePurchase> any = each -> each.countsInLimits;
    Predicate<NaivePurchase> same = any.and(this::isInCategory);
    rules.put(DeclineReason.PURCHASE_LIMIT, () -> isAbove(all.purchaseMinor(), held + amount));
    rules.put(DeclineReason.CATEGORY_PURCHASE_LIMIT, () -> isAbove(own.purchaseMinor(), held + amount));
    rules.put(DeclineReason.DAY_AMOUNT, () -> isAbove(all.dayMinor(), sum(any, day) + amount));
    rules.put(DeclineReason.CATEGORY_DAY_AMOUNT, () -> isAbove(ownOverTime.dayMinor(), sum(same, day) + amount));
    rules.put(DeclineReason.DAY_COUNT, () -> isAbove(all.dayCount(), count(any, day) + more));
    rules.put(DeclineReason.CATEGORY_DAY_COUNT, () -> isAbove(ownOverTime.dayCount(), count(same, day) + more));
    rules.put(DeclineReason.MONTH_AMOUNT, () -> isAbove(all.monthMinor(), sum(any, month) + amount));
    rules.put(
        DeclineReason.CATEGORY_MONTH_AMOUNT,
        () -> isAbove(ownOverTime.monthMinor(), sum(this::isInCategory, month) + amount));
    rules.put(DeclineReason.MONTH_COUNT, () -> isAbove(all.monthCount(), count(any, month) + more));
    rules.put(DeclineReason.CATEGORY_MONTH_COUNT, () -> isAbove(ownOverTime.monthCount(), count(same, month) + more));
  }

  /** Whether the month's cap on the category would be passed. */
  boolean isAboveCap() {
    Predicate<LocalDate> month = each -> YearMonth.from(each).equals(YearMonth.from(today));
    return counted && category != null && isAbove(category.monthlyCapMinor(), sum(this::isInCategory, month) + amount);
  }

  private boolean isInCategory(NaivePurchase purchase) {
    return category != null && purchase.countsInCategory && purchase.category.equals(category.name());
  }

  private long sum(Predicate<NaivePurchase> which, Predicate<LocalDate> days) {
    return purchases.stream().filter(which).mapToLong(each -> each.amountOn(days)).sum();
  }

  private long count(Predicate<NaivePurchase> which, Predicate<LocalDate> days) {
    return purchases.stream().filter(which).filter(each -> each.isOne() && days.test(each.day)).count();
  }

  static boolean isAbove(long limit, long value) {
    return limit != Category.NO_LIMIT && value > limit;
  }
}
