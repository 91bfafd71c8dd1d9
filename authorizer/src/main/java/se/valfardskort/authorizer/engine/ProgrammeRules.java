package se.valfardskort.authorizer.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.HolderOffers;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.SavingsRule;

/**
 * A {@link Programme} as flat tables, for looking up without allocation. Immutable once built.
 *
 * <p>A category is its index; one more than the programme's own stands for "in no category".
 */
final class ProgrammeRules {
  static final int MCCS = 10_000;
  private static final int NO_RULE = -1;
  private static final int DENIED = -2;

  final int id;
  final int homeCountry;
  final long contactlessLimitMinor;
  final int contactlessCount;
  final int openHolds;

  /** On an account in all. */
  final Limits limits;

  final SavingsRule savings;

  final HolderOffers offers;

  /** Purchases are counted by day and month: some limit asks for it. */
  final boolean countsPurchases;

  private final short[] categoryOfMcc = new short[MCCS];
  private final boolean[] journeyMcc = new boolean[MCCS];

  /** By merchant row: a category, {@link #NO_RULE} or {@link #DENIED}; merchants without a rule may lie beyond. */
  private final short[] ruleOfMerchant;

  /** By provider: the category of its accreditation, -1 where this programme does not know it. */
  private final short[] categoryOfProvider;

  private final List<Category> categories;
  private final CategoryGroup[] groups;

  /** What stands for each category in a {@link Scope}. */
  private final long[] scopes;

  private final @Nullable DeclineReason[] reasons;
  private final long[] luxuryLimitsMinor;

  /** By counter in the account's row. */
  private final long[] capsOfSlotMinor;

  /** By category, and by counter in the account's row. */
  private final Limits[] limitsOfCategory;

  private final Limits[] limitsOfSlot;

  private final int[] cappedSlots;
  private final int[] tolerancesPercent;

  ProgrammeRules(Programme programme, MerchantTable merchants, List<String> providerCategories, List<String> slots) {
    id = programme.id();
    homeCountry = programme.homeCountry();
    contactlessLimitMinor = programme.contactlessLimitMinor();
    contactlessCount = programme.contactlessCount();
    openHolds = programme.openHolds();
    offers = programme.offers();
    limits = programme.limits();
    savings = programme.savings();

    categories = programme.categories();
    int unlisted = categories.size();
    groups = new CategoryGroup[unlisted + 1];
    reasons = new DeclineReason[unlisted + 1];
    scopes = new long[unlisted + 1];
    luxuryLimitsMinor = new long[unlisted + 1];
    capsOfSlotMinor = new long[slots.size()];
    Arrays.fill(capsOfSlotMinor, Category.NO_LIMIT);
    cappedSlots = new int[unlisted + 1];
    tolerancesPercent = new int[unlisted + 1];
    limitsOfCategory = new Limits[unlisted + 1];
    limitsOfSlot = new Limits[slots.size()];
    Arrays.fill(limitsOfSlot, Limits.NONE);
    boolean counts = limits.isOverTime();
    for (int index = 0; index < unlisted; index++) {
      Category category = programme.categories().get(index);
      groups[index] = category.group();
      reasons[index] = category.declineReason();
      scopes[index] = Scope.category(category.name());
      luxuryLimitsMinor[index] = category.luxuryLimitMinor();
      tolerancesPercent[index] = category.completionTolerancePercent();
      limitsOfCategory[index] = category.limits();
      counts |= category.limits().isOverTime();
      cappedSlots[index] = isCounted(category) ? slots.indexOf(category.name()) : AccountTable.NO_SLOT;
      if (isCounted(category)) {
        capsOfSlotMinor[cappedSlots[index]] = category.monthlyCapMinor();
        limitsOfSlot[cappedSlots[index]] = category.limits();
      }
    }
    countsPurchases = counts;
    groups[unlisted] = programme.unlistedGroup();
    scopes[unlisted] = Scope.NO_CATEGORY;
    reasons[unlisted] =
        programme.unlistedGroup() == CategoryGroup.AFTER_APPROVAL
            ? DeclineReason.APPROVAL_UNLISTED
            : DeclineReason.BLOCKED_UNLISTED;
    luxuryLimitsMinor[unlisted] = Category.NO_LIMIT;
    limitsOfCategory[unlisted] = Limits.NONE;
    cappedSlots[unlisted] = AccountTable.NO_SLOT;

    Arrays.fill(categoryOfMcc, (short) unlisted);
    for (MccRange range : programme.mccRanges()) {
      Arrays.fill(categoryOfMcc, range.first(), range.last() + 1, (short) range.category());
      Arrays.fill(journeyMcc, range.first(), range.last() + 1, range.abroadAlways());
    }
    ruleOfMerchant = new short[programme.merchantRules().isEmpty() ? 0 : merchants.count()];
    Arrays.fill(ruleOfMerchant, (short) NO_RULE);
    for (MerchantRule rule : programme.merchantRules()) {
      int merchant = merchants.find(rule.acquirer(), rule.merchantId());
      ruleOfMerchant[merchant] = (short) (rule.denied() ? DENIED : rule.category());
    }
    categoryOfProvider = new short[providerCategories.size()];
    for (int provider = 0; provider < categoryOfProvider.length; provider++) {
      categoryOfProvider[provider] = (short) indexOf(programme.categories(), providerCategories.get(provider));
    }
  }

  /** True where what is bought in the category is added up for each account. */
  static boolean isCounted(Category category) {
    return category.monthlyCapMinor() != Category.NO_LIMIT || category.limits().isOverTime();
  }

  private static int indexOf(List<Category> categories, String name) {
    for (int index = 0; index < categories.size(); index++) {
      if (categories.get(index).name().equals(name)) {
        return index;
      }
    }
    return -1;
  }

  int categoryOfMcc(int mcc) {
    return categoryOfMcc[mcc];
  }

  /** Stands for "in no category". */
  int unlisted() {
    return groups.length - 1;
  }

  /** True when the merchant's kind of journey counts as abroad even at home. */
  boolean isJourney(int mcc) {
    return journeyMcc[mcc];
  }

  /** Category that an accreditation gives, or -1. */
  int categoryOfProvider(int provider) {
    return categoryOfProvider[provider];
  }

  boolean denies(int merchantRow) {
    return ruleOf(merchantRow) == DENIED;
  }

  /** Category that the merchant is registered as, or -1. */
  int categoryOfMerchant(int merchantRow) {
    return Math.max(-1, ruleOf(merchantRow));
  }

  private int ruleOf(int merchantRow) {
    return merchantRow >= 0 && merchantRow < ruleOfMerchant.length ? ruleOfMerchant[merchantRow] : NO_RULE;
  }

  /** What stands for a category in a {@link Scope}. */
  long scopeOfCategory(int category) {
    return scopes[category];
  }

  /** Whether a category of this programme stands for that. */
  boolean knowsScope(long entry) {
    boolean known = false;
    for (long scope : scopes) {
      known |= scope == entry;
    }
    return known;
  }

  /** The key of the category that stands for that, for people. */
  String categoryOfScope(long entry) {
    for (int index = 0; index < categories.size(); index++) {
      if (scopes[index] == entry) {
        return categories.get(index).name();
      }
    }
    return "a category of an earlier policy";
  }

  CategoryGroup group(int category) {
    return groups[category];
  }

  /** True where nothing makes a purchase in the category pass. */
  boolean isBlocked(int category) {
    return groups[category] == CategoryGroup.BLOCKED || groups[category] == CategoryGroup.CASH;
  }

  /** Reason of a category that is not ALLOWED. */
  @Nullable DeclineReason reason(int category) {
    return reasons[category];
  }

  long luxuryLimitMinor(int category) {
    return luxuryLimitsMinor[category];
  }

  /** What may be counted in {@code slot} in a month; no limit where no category of the programme counts there. */
  long monthlyCapMinor(int slot) {
    return slot < capsOfSlotMinor.length ? capsOfSlotMinor[slot] : Category.NO_LIMIT;
  }

  Limits limitsOfCategory(int category) {
    return limitsOfCategory[category];
  }

  /** Limits of the category that counts in {@code slot}; none where none of the programme counts there any more. */
  Limits limitsOfSlot(int slot) {
    return slot < limitsOfSlot.length ? limitsOfSlot[slot] : Limits.NONE;
  }

  /** By how much a completion may exceed its hold. */
  int tolerancePercent(int category) {
    return tolerancesPercent[category];
  }

  /** Counter in the account's row, or {@link AccountTable#NO_SLOT}. */
  int cappedSlot(int category) {
    return cappedSlots[category];
  }
}
