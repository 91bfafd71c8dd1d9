package se.valfardskort.authorizer.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Programme;

/** What one policy says otherwise than another, in words, sorted. Only what decisions depend on. */
final class PolicyDifference {
  private static final int MCCS = 10_000;

  /**
   * One of them.
   *
   * @param part programme, category, mcc or merchant
   * @param what is said otherwise
   */
  record Change(String part, String what, String before, String after) {
    Map<String, Object> fields() {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("part", part);
      all.put("what", what);
      all.put("before", before);
      all.put("after", after);
      return all;
    }

    @Override
    public String toString() {
      return what + ": " + before + " -> " + after;
    }
  }

  private final PolicyWords words;
  private final PolicyFacts facts;
  private final Programme one;
  private final Programme other;
  private final List<Change> changes = new ArrayList<>();

  private PolicyDifference(Programme one, Programme other, PolicyWords words) {
    this.one = one;
    this.other = other;
    this.words = words;
    this.facts = new PolicyFacts(words);
  }

  /** The programme as a whole first, then categories, codes and merchants, each in their order. */
  static List<Change> between(Programme one, Programme other, PolicyWords words) {
    return new PolicyDifference(one, other, words).changes();
  }

  private List<Change> changes() {
    add("programme", words.get("programme"), one.name() + " (id " + one.id() + ")",
        other.name() + " (id " + other.id() + ")");
    addAll("programme", "", facts.general(one), facts.general(other));
    addCategories();
    addMccs();
    addMerchants();
    return changes;
  }

  private void add(String part, String what, String before, String after) {
    if (!before.equals(after)) {
      changes.add(new Change(part, what, before, after));
    }
  }

  private void addAll(String part, String prefix, Map<String, String> before, Map<String, String> after) {
    before.forEach((name, value) -> add(part, prefix + name, value, after.getOrDefault(name, "")));
  }

  private void addCategories() {
    SortedSet<String> names = new TreeSet<>();
    one.categories().forEach(category -> names.add(category.name()));
    other.categories().forEach(category -> names.add(category.name()));
    for (String name : names) {
      Category before = categoryOf(one, name);
      Category after = categoryOf(other, name);
      String who = words.get("category") + " " + name;
      if (before == null || after == null) {
        add("category", who, before == null ? words.get("absent") : facts.group(before.group()),
            after == null ? words.get("removed") : words.get("new") + ", " + facts.group(after.group()));
        if (after != null) {
          facts.conditionsOf(after).forEach(
              (fact, value) -> add("category", who + ", " + fact, words.get("absent"), value));
        }
      } else {
        addAll("category", who + ", ", facts.of(before), facts.of(after));
      }
    }
  }

  private static @Nullable Category categoryOf(Programme programme, String name) {
    for (Category category : programme.categories()) {
      if (category.name().equals(name)) {
        return category;
      }
    }
    return null;
  }

  /** Codes that changed alike, one after the other, are one change. */
  private void addMccs() {
    String[] before = mccs(one);
    String[] after = mccs(other);
    int first = 1;
    while (first < MCCS) {
      int end = first + 1;
      while (end < MCCS && before[end].equals(before[first]) && after[end].equals(after[first])) {
        end++;
      }
      add("mcc", "MCC " + PolicyFacts.mccs(first, end - 1), before[first], after[first]);
      first = end;
    }
  }

  private String[] mccs(Programme programme) {
    String[] all = new String[MCCS];
    Arrays.fill(all, words.get("everything-else"));
    for (MccRange range : programme.mccRanges()) {
      String where = programme.categories().get(range.category()).name()
          + (range.abroadAlways() ? ", " + words.get("journey") : "");
      Arrays.fill(all, range.first(), range.last() + 1, where);
    }
    return all;
  }

  private void addMerchants() {
    Map<String, String> before = merchants(one);
    Map<String, String> after = merchants(other);
    SortedSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      add("merchant", name, before.getOrDefault(name, words.get("absent")),
          after.getOrDefault(name, words.get("removed")));
    }
  }

  private Map<String, String> merchants(Programme programme) {
    Map<String, String> all = new TreeMap<>();
    for (MerchantRule rule : programme.merchantRules()) {
      all.put(words.get("acquirer") + " " + rule.acquirer() + ", " + words.get("merchant") + " " + rule.merchantId(),
          facts.rule(programme, rule));
    }
    return all;
  }
}
