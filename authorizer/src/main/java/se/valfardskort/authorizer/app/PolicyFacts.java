package se.valfardskort.authorizer.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Programme;

/**
 * Everything that a policy decides by, as pairs of a name and a value in the words of one language: what a table shows
 * and what two policies are compared by, so that neither can forget what the other has. Immutable.
 */
final class PolicyFacts {
  private final PolicyWords words;

  PolicyFacts(PolicyWords words) {
    this.words = words;
  }

  /** What is true of the programme as a whole, in the order of its file. */
  Map<String, String> general(Programme programme) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(words.get("home-country"), String.format(Locale.ROOT, "%03d", programme.homeCountry()));
    facts.put(words.get("everything-else"), group(programme.unlistedGroup()));
    facts.put(words.get("contactless-amount"), words.limit(programme.contactlessLimitMinor()));
    facts.put(words.get("contactless-count"), words.count(programme.contactlessCount()));
    facts.put(words.get("open-holds"), words.count(programme.openHolds()));
    limits(programme.limits()).forEach((name, value) -> facts.put(words.get("on-account") + " " + name, value));
    boolean saves = programme.savings().bufferMonths() > 0;
    facts.put(
        words.get("savings-month"),
        saves ? words.limit(programme.savings().monthMinor()) : words.get("not-offered"));
    facts.put(
        words.get("savings-buffer"),
        saves ? programme.savings().bufferMonths() + " " + words.get("months") : words.get("not-offered"));
    facts.put(words.get("review"), words.count(programme.reviewPercent()));
    return facts;
  }

  /** What is true of one category, beside its codes. */
  Map<String, String> of(Category category) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(words.get("head.group"), group(category.group()));
    facts.put(words.get("reason"), reason(category.declineReason()));
    facts.put(words.get("luxury"), words.limit(category.luxuryLimitMinor()));
    facts.put(words.get("cap"), words.limit(category.monthlyCapMinor()));
    facts.put(words.get("tolerance"), category.completionTolerancePercent() + " " + words.get("percent"));
    limits(category.limits()).forEach((name, value) -> facts.put(words.get("limit") + " " + name, value));
    return facts;
  }

  /** What of that is worth a line in a table: the figures that are there. */
  Map<String, String> conditionsOf(Category category) {
    Map<String, String> facts = new LinkedHashMap<>(of(category));
    facts.remove(words.get("head.group"));
    if (category.declineReason() == null) {
      facts.remove(words.get("reason"));
    }
    if (category.completionTolerancePercent() == 0) {
      facts.remove(words.get("tolerance"));
    }
    facts.values().removeIf(words.get("none")::equals);
    return facts;
  }

  private Map<String, String> limits(Limits limits) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(words.get("a-purchase"), words.limit(limits.purchaseMinor()));
    facts.put(words.get("a-day"), words.limit(limits.dayMinor()));
    facts.put(words.get("purchases-a-day"), words.count(limits.dayCount()));
    facts.put(words.get("a-month"), words.limit(limits.monthMinor()));
    facts.put(words.get("purchases-a-month"), words.count(limits.monthCount()));
    return facts;
  }

  String group(CategoryGroup group) {
    return words.get("group." + group.name());
  }

  private String reason(@Nullable DeclineReason reason) {
    return reason == null ? words.get("absent") : reason.name() + " (" + reason.code + ")";
  }

  /** A merchant's rule in words. */
  String rule(Programme programme, MerchantRule rule) {
    return rule.denied()
        ? words.get("denied")
        : words.get("registered-as") + " " + programme.categories().get(rule.category()).name();
  }

  /** The codes of a category, ascending. */
  static List<String> mccs(Programme programme, int category, boolean abroadAlways) {
    List<String> texts = new ArrayList<>();
    for (MccRange range : programme.mccRanges()) {
      if (range.category() == category && range.abroadAlways() == abroadAlways) {
        texts.add(mccs(range.first(), range.last()));
      }
    }
    return texts;
  }

  static String mccs(int first, int last) {
    return first == last
        ? String.format(Locale.ROOT, "%04d", first)
        : String.format(Locale.ROOT, "%04d-%04d", first, last);
  }
}
