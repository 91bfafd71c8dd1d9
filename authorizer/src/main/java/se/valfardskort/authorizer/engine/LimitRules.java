package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;

/**
 * The limits of a programme: how much and how often may be bought, per purchase, day and calendar month, on an account
 * and in a category (domain.md section 3).
 *
 * <p>Owned by the core thread; for the selected account. Reads state and changes none. A limit without a figure is no
 * limit; no approval lifts one.
 */
final class LimitRules {
  private final EngineState state;

  LimitRules(EngineState state) {
    this.state = state;
  }

  /**
   * May the purchase be made besides what was bought already?
   *
   * @param category what the message's place resolves to
   * @param heldMinor what the hold that is raised has; 0: none is
   * @param raises it adds to a purchase that is counted already
   */
  @Nullable DeclineReason decide(
      ProgrammeRules programme, int category, long amountMinor, long heldMinor, boolean raises, Outcome outcome) {
    if (isAbove(programme.limits.purchaseMinor(), heldMinor + amountMinor)) {
      return DeclineReason.PURCHASE_LIMIT;
    }
    if (isAbove(programme.limitsOfCategory(category).purchaseMinor(), heldMinor + amountMinor)) {
      return DeclineReason.CATEGORY_PURCHASE_LIMIT;
    }
    if (!programme.countsPurchases) {
      return null;
    }
    int purchases = raises ? 0 : 1;
    DeclineReason reason = decideDay(programme, amountMinor, purchases, outcome);
    return reason != null ? reason : decideMonth(programme, amountMinor, purchases, outcome);
  }

  private @Nullable DeclineReason decideDay(
      ProgrammeRules programme, long amountMinor, int purchases, Outcome outcome) {
    LimitCounters counters = state.accounts.limits;
    int slot = outcome.cappedSlot;
    int day = outcome.dayIndex;
    boolean counted = slot != AccountTable.NO_SLOT;
    Limits all = programme.limits;
    Limits own = programme.limitsOfSlot(slot);
    if (isAbove(all.dayMinor(), counters.dayMinor(day) + amountMinor)) {
      return DeclineReason.DAY_AMOUNT;
    }
    if (counted && isAbove(own.dayMinor(), counters.dayMinor(slot, day) + amountMinor)) {
      return DeclineReason.CATEGORY_DAY_AMOUNT;
    }
    if (isAbove(all.dayCount(), counters.dayCount(day) + purchases)) {
      return DeclineReason.DAY_COUNT;
    }
    if (counted && isAbove(own.dayCount(), counters.dayCount(slot, day) + purchases)) {
      return DeclineReason.CATEGORY_DAY_COUNT;
    }
    return null;
  }

  private @Nullable DeclineReason decideMonth(
      ProgrammeRules programme, long amountMinor, int purchases, Outcome outcome) {
    LimitCounters counters = state.accounts.limits;
    int slot = outcome.cappedSlot;
    int month = outcome.monthIndex;
    boolean counted = slot != AccountTable.NO_SLOT;
    Limits all = programme.limits;
    Limits own = programme.limitsOfSlot(slot);
    if (isAbove(all.monthMinor(), counters.monthMinor(month) + amountMinor)) {
      return DeclineReason.MONTH_AMOUNT;
    }
    if (counted && isAbove(own.monthMinor(), state.accounts.cappedMinor(slot, month) + amountMinor)) {
      return DeclineReason.CATEGORY_MONTH_AMOUNT;
    }
    if (isAbove(all.monthCount(), counters.monthCount(month) + purchases)) {
      return DeclineReason.MONTH_COUNT;
    }
    if (counted && isAbove(own.monthCount(), counters.monthCount(slot, month) + purchases)) {
      return DeclineReason.CATEGORY_MONTH_COUNT;
    }
    return null;
  }

  static boolean isAbove(long limit, long value) {
    return limit != Category.NO_LIMIT && value > limit;
  }
}
