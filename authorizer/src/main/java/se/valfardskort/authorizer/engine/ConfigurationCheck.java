package se.valfardskort.authorizer.engine;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.Provider;

/**
 * Says whether a configuration can follow the active one. Off the hot path.
 *
 * <p>The YAML compiler has named faults with their lines before; this is the last door, and it also guards what only
 * the state knows: that nothing which has money or accounts disappears or changes its name. Each method returns what is
 * wrong, or an empty text.
 */
final class ConfigurationCheck {
  private static final int ALL = 100;

  private final Configuration next;
  private final EngineState state;

  ConfigurationCheck(Configuration next, EngineState state) {
    this.next = next;
    this.state = state;
  }

  String fault() {
    String fault = bazFault();
    for (int index = 0; fault.isEmpty() && index < next.programmes().size(); index++) {
      fault = programmeFault(next.programmes().get(index));
    }
    for (int index = 0; fault.isEmpty() && index < next.providers().size(); index++) {
      fault = providerFault(next.providers().get(index));
    }
    for (int index = 0; fault.isEmpty() && index < next.partners().size(); index++) {
      fault = PartnerRules.faultOf(next.partners().get(index));
    }
    if (fault.isEmpty()) {
      fault = identityFault();
    }
    if (fault.isEmpty()) {
      fault = acquirerFault();
    }
    return fault.isEmpty() ? merchantFault() : fault;
  }

  private String bazFault() {
    List<String> active = state.rules.configuration.bazNames();
    List<String> names = next.bazNames();
    boolean continued = names.size() >= active.size() && names.subList(0, active.size()).equals(active);
    return continued ? "" : "a BAZ was renamed, moved or removed: its id is its place in the list, so only append";
  }

  private String programmeFault(Programme programme) {
    String who = "programme " + programme.name() + ": ";
    int categories = programme.categories().size();
    if (programme.id() < 1 || programme.id() > 65_534) {
      return who + "id " + programme.id() + "; give 1 to 65534";
    }
    if (programme.unlistedGroup() == CategoryGroup.CASH) {
      return who + "what no category lists cannot all be cash; say ALLOWED, AFTER_APPROVAL or BLOCKED";
    }
    if (programme.contactlessLimitMinor() < Category.NO_LIMIT
        || programme.contactlessCount() < Category.NO_LIMIT
        || programme.openHolds() < Category.NO_LIMIT) {
      return who + "a negative limit for contactless purchases or open holds";
    }
    if (programme.savings().monthMinor() < Category.NO_LIMIT || programme.savings().bufferMonths() < 0) {
      return who + "a negative figure for savings";
    }
    if (programme.reviewPercent() > ALL) {
      return who + programme.reviewPercent() + " of a hundred decisions for review; give 0 to 100";
    }
    if (!programme.limits().isSound()) {
      return who + "a negative limit";
    }
    Set<String> names = new HashSet<>();
    Set<Long> scopes = new HashSet<>();
    for (Category category : programme.categories()) {
      if (!names.add(category.name())) {
        return who + "category " + category.name() + " occurs twice";
      }
      if (!scopes.add(Scope.category(category.name()))) {
        return who + "category " + category.name() + " has the mark of another one; give it another key";
      }
      if (category.group() != CategoryGroup.ALLOWED && category.declineReason() == null) {
        return who + "category " + category.name() + " is not allowed and names no reason";
      }
      if (category.luxuryLimitMinor() < Category.NO_LIMIT
          || category.monthlyCapMinor() < Category.NO_LIMIT
          || !category.limits().isSound()) {
        return who + "category " + category.name() + " has a negative limit";
      }
    }
    String offersFault = OffersCheck.fault(programme.offers(), names);
    if (!offersFault.isEmpty()) {
      return who + offersFault;
    }
    int last = 0;
    for (MccRange range : programme.mccRanges()) {
      if (range.first() <= last || range.last() < range.first() || range.last() >= ProgrammeRules.MCCS) {
        return who + "MCC " + range.first() + " to " + range.last() + " overlaps, descends or is no MCC";
      }
      if (range.category() < 0 || range.category() >= categories) {
        return who + "MCC " + range.first() + " names category " + range.category() + " of " + categories;
      }
      last = range.last();
    }
    Set<String> merchants = new HashSet<>();
    for (MerchantRule rule : programme.merchantRules()) {
      if (!rule.denied() && (rule.category() < 0 || rule.category() >= categories)) {
        return who + "merchant " + rule.merchantId() + " names category " + rule.category() + " of " + categories;
      }
      if (!isMerchantId(rule.merchantId()) || !merchants.add(rule.acquirer() + " " + rule.merchantId())) {
        return who + "merchant " + rule.merchantId() + " occurs twice or is no DE 42";
      }
    }
    return cappedFault(programme, who);
  }

  private String cappedFault(Programme programme, String who) {
    Set<String> capped = new HashSet<>(state.cappedNames(programme.id()));
    for (Category category : programme.categories()) {
      if (ProgrammeRules.isCounted(category)) {
        capped.add(category.name());
      }
    }
    int room = state.capacity.cappedCategories();
    return capped.size() <= room
        ? ""
        : who + capped.size() + " categories have or had a monthly cap or limits; there is room for " + room;
  }

  private String providerFault(Provider provider) {
    String who = "provider " + provider.merchantId() + ": ";
    if (!isMerchantId(provider.merchantId())) {
      return who + "no DE 42";
    }
    if (provider.monthlyCeilingMinor() < Category.NO_LIMIT) {
      return who + "negative ceiling";
    }
    for (int bazId : provider.bazIds()) {
      if (bazId < 0 || bazId >= next.bazNames().size()) {
        return who + "BAZ " + bazId + " of " + next.bazNames().size();
      }
    }
    return "";
  }

  /** Ids and keys occur once, and what is in use keeps its name. */
  private String identityFault() {
    Map<Integer, String> programmes = new HashMap<>();
    for (Programme programme : next.programmes()) {
      if (programmes.put(programme.id(), programme.name()) != null) {
        return "programme id " + programme.id() + " occurs twice";
      }
    }
    for (Programme programme : state.rules.configuration.programmes()) {
      String name = programmes.get(programme.id());
      state.programmes.select(programme.id());
      boolean inUse = state.programmes.isInUse();
      if (name == null ? inUse : !name.equals(programme.name())) {
        return "programme " + programme.name()
            + " was renamed or removed, but has accounts or money, or its id is reused";
      }
    }
    Map<Integer, String> partners = new HashMap<>();
    for (Partner partner : next.partners()) {
      if (partners.put(partner.id(), partner.name()) != null) {
        return "partner id " + partner.id() + " occurs twice";
      }
    }
    for (Partner partner : state.rules.configuration.partners()) {
      if (!partner.name().equals(partners.getOrDefault(partner.id(), partner.name()))) {
        return "partner " + partner.name() + " was renamed, or its id is reused";
      }
    }
    Set<String> providers = new HashSet<>();
    for (Provider provider : next.providers()) {
      if (!providers.add(provider.acquirer() + " " + provider.merchantId())) {
        return "provider " + provider.merchantId() + " occurs twice";
      }
    }
    return "";
  }

  private String acquirerFault() {
    Set<String> added = new HashSet<>();
    for (Partner partner : next.partners()) {
      for (long acquirer : partner.acquirers()) {
        if (acquirer < 0) {
          return "partner " + partner.name() + ": acquirer " + acquirer + " is no DE 32";
        }
        if (!state.settlement.knows(partner.id(), acquirer)) {
          added.add(partner.id() + " " + acquirer);
        }
      }
    }
    int room = state.settlement.room();
    return added.size() <= room
        ? ""
        : added.size() + " new acquirers of partners; there is room for " + room + ", as each has its totals kept";
  }

  private String merchantFault() {
    Set<String> added = new HashSet<>();
    for (Programme programme : next.programmes()) {
      for (MerchantRule rule : programme.merchantRules()) {
        if (state.merchants.find(rule.acquirer(), rule.merchantId()) == MerchantTable.NONE) {
          added.add(rule.acquirer() + " " + rule.merchantId());
        }
      }
    }
    for (Provider provider : next.providers()) {
      if (state.merchants.find(provider.acquirer(), provider.merchantId()) == MerchantTable.NONE) {
        added.add(provider.acquirer() + " " + provider.merchantId());
      }
    }
    int room = state.merchants.room();
    return added.size() <= room ? "" : added.size() + " new merchants; there is room for " + room;
  }

  private static boolean isMerchantId(String text) {
    int length = text.getBytes(StandardCharsets.ISO_8859_1).length;
    return length >= 1 && length <= MerchantTable.MERCHANT_ID_LENGTH && text.equals(text.stripTrailing());
  }
}
