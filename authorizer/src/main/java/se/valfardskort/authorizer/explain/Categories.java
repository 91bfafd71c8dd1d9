package se.valfardskort.authorizer.explain;

import java.util.List;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.Provider;
import se.valfardskort.authorizer.domain.ProviderStatus;

/**
 * Names the category of a purchase for people, as the engine resolves it: an accreditation's, else the merchant's own
 * rule, else that of the MCC. Immutable.
 */
final class Categories {
  /** Instead of a programme's id: it is not known, and the only one there is will do. */
  static final int ANY_PROGRAMME = -1;

  private final Configuration configuration;

  Categories(Configuration configuration) {
    this.configuration = configuration;
  }

  /** The key of the category; empty: it is no purchase, or in no category. */
  String of(Asked asked, int programmeId) {
    List<Programme> programmes = configuration.programmes();
    for (Programme programme : programmes) {
      if (programme.id() == programmeId || (programmeId == ANY_PROGRAMME && programmes.size() == 1)) {
        return asked.mcc() == 0 ? "" : of(asked, programme);
      }
    }
    return "";
  }

  private String of(Asked asked, Programme programme) {
    List<Category> categories = programme.categories();
    for (Provider provider : configuration.providers()) {
      boolean here = provider.acquirer() == asked.acquirer() && provider.merchantId().equals(asked.merchant());
      if (here
          && provider.status() == ProviderStatus.ACCREDITED
          && categories.stream().anyMatch(category -> category.name().equals(provider.category()))) {
        return provider.category();
      }
    }
    for (MerchantRule rule : programme.merchantRules()) {
      boolean here = rule.acquirer() == asked.acquirer() && rule.merchantId().equals(asked.merchant());
      if (here && !rule.denied()) {
        return categories.get(rule.category()).name();
      }
    }
    for (MccRange range : programme.mccRanges()) {
      if (range.first() <= asked.mcc() && asked.mcc() <= range.last()) {
        return categories.get(range.category()).name();
      }
    }
    return "";
  }
}
