package se.valfardskort.authorizer.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Programme;

/** A policy as an auditor reads it, category by category, beside the rules that were agreed. Immutable. */
final class PolicyTable {
  private static final int NAME_WIDTH = 44;
  private static final int GROUP_WIDTH = 24;
  private static final int MCC_WIDTH = 35;
  private static final int FACT_WIDTH = 58;
  private static final String ROW =
      "%-" + NAME_WIDTH + "s  %-" + GROUP_WIDTH + "s  %-" + MCC_WIDTH + "s  %s";

  private final Programme programme;
  private final @Nullable PolicyFile text;
  private final PolicyWords words;
  private final PolicyFacts facts;

  /**
   * Takes the policy.
   *
   * @param text what people call its categories; null: only their keys are known
   */
  PolicyTable(Programme programme, @Nullable PolicyFile text, PolicyWords words) {
    this.programme = programme;
    this.text = text;
    this.words = words;
    this.facts = new PolicyFacts(words);
  }

  /** Line by line. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(words.get("programme") + " " + programme.name() + " (id " + programme.id() + ")"
        + (text == null ? "" : ". " + words.get("languages") + ": " + String.join(", ", text.languages())
            + (text.baz().isEmpty() ? "" : ". BAZ: " + String.join(", ", text.baz()))));
    lines.add("");
    lines.add(row(words.get("head.category"), words.get("head.group"), words.get("head.mccs"),
        words.get("head.conditions")));
    for (int index = 0; index < programme.categories().size(); index++) {
      addCategory(lines, index);
    }
    lines.add(row(words.get("everything-else"), facts.group(programme.unlistedGroup()), words.get("all-other-mccs"),
        ""));
    lines.add("");
    lines.add(words.get("general"));
    facts.general(programme).forEach((name, value) ->
        lines.add(String.format(Locale.ROOT, "  %-" + FACT_WIDTH + "s %s", name, value)));
    lines.add("");
    lines.add(words.get("merchants"));
    if (programme.merchantRules().isEmpty()) {
      lines.add("  " + words.get("merchants.none"));
    }
    for (MerchantRule rule : programme.merchantRules()) {
      lines.add("  " + words.get("acquirer") + " " + rule.acquirer() + ", " + words.get("merchant") + " "
          + rule.merchantId() + ": " + facts.rule(programme, rule));
    }
    return lines;
  }

  private void addCategory(List<String> lines, int index) {
    Category category = programme.categories().get(index);
    List<String> names = fold(List.of(nameOf(category).split(" ", -1)), NAME_WIDTH);
    List<String> groups = fold(List.of(facts.group(category.group()).split(" ", -1)), GROUP_WIDTH);
    List<String> mccs = fold(PolicyFacts.mccs(programme, index, false), MCC_WIDTH);
    List<String> conditions = new ArrayList<>();
    facts.conditionsOf(category).forEach((name, value) -> conditions.add(name + ": " + value));
    List<String> journeys = PolicyFacts.mccs(programme, index, true);
    if (!journeys.isEmpty()) {
      conditions.add(words.get("journeys") + " " + String.join(" ", journeys));
    }
    int height = Math.max(Math.max(names.size(), groups.size()), Math.max(mccs.size(), conditions.size()));
    for (int line = 0; line < height; line++) {
      lines.add(row(at(names, line), at(groups, line), at(mccs, line), at(conditions, line)));
    }
  }

  private String nameOf(Category category) {
    PolicyFile.@Nullable Label label = text == null ? null : text.labels().get(category.name());
    return label == null ? category.name() : label.in(words.language());
  }

  private static String row(String name, String group, String mccs, String conditions) {
    return String.format(Locale.ROOT, ROW, name, group, mccs, conditions).stripTrailing();
  }

  private static String at(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index) : "";
  }

  /** Words in as few lines as fit the width. */
  private static List<String> fold(List<String> parts, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String part : parts) {
      if (!line.isEmpty() && line.length() + 1 + part.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(part);
    }
    lines.add(line.toString());
    return lines;
  }

  /** For programs: amounts in minor units, the words of the domain, no limit is null. */
  Map<String, Object> fields() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("id", programme.id());
    all.put("name", programme.name());
    all.put("languages", text == null ? null : text.languages());
    all.put("baz", text == null ? null : text.baz());
    all.put("homeCountry", programme.homeCountry());
    all.put("everythingElse", programme.unlistedGroup().name());
    all.put("contactlessAmountMinor", limit(programme.contactlessLimitMinor()));
    all.put("contactlessInARow", limit(programme.contactlessCount()));
    all.put("openHolds", limit(programme.openHolds()));
    all.put("limits", fields(programme.limits()));
    all.put("savingsMonthMinor", limit(programme.savings().monthMinor()));
    all.put("savingsBufferMonths", programme.savings().bufferMonths());
    all.put("reviewPercent", programme.reviewPercent());
    List<Object> categories = new ArrayList<>();
    for (int index = 0; index < programme.categories().size(); index++) {
      categories.add(fields(index));
    }
    all.put("categories", categories);
    List<Object> merchants = new ArrayList<>();
    for (MerchantRule rule : programme.merchantRules()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("acquirer", rule.acquirer());
      one.put("merchant", rule.merchantId());
      one.put("denied", rule.denied());
      one.put("category", rule.denied() ? null : programme.categories().get(rule.category()).name());
      merchants.add(one);
    }
    all.put("merchants", merchants);
    return all;
  }

  private Map<String, Object> fields(int index) {
    Category category = programme.categories().get(index);
    DeclineReason reason = category.declineReason();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("key", category.name());
    all.put("name", nameOf(category));
    all.put("group", category.group().name());
    all.put("reason", reason == null ? null : reason.name());
    all.put("mccs", PolicyFacts.mccs(programme, index, false));
    all.put("mccsAbroadEvenAtHome", PolicyFacts.mccs(programme, index, true));
    all.put("onePurchaseAtMostMinor", limit(category.luxuryLimitMinor()));
    all.put("aMonthAtMostMinor", limit(category.monthlyCapMinor()));
    all.put("completionAboveHoldPercent", category.completionTolerancePercent());
    all.put("limits", fields(category.limits()));
    return all;
  }

  private static Map<String, Object> fields(Limits limits) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("aPurchaseMinor", limit(limits.purchaseMinor()));
    all.put("aDayMinor", limit(limits.dayMinor()));
    all.put("purchasesADay", limit(limits.dayCount()));
    all.put("aMonthMinor", limit(limits.monthMinor()));
    all.put("purchasesAMonth", limit(limits.monthCount()));
    return all;
  }

  private static @Nullable Long limit(long figure) {
    return figure == Category.NO_LIMIT ? null : figure;
  }
}
