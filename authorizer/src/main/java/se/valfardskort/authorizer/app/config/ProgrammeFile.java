package se.valfardskort.authorizer.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

/** Reads {@code programmes/*.yaml}: one municipality's policy (domain.md section 3). */
final class ProgrammeFile {
  private static final Pattern MCCS = Pattern.compile("([0-9]{4})(?:-([0-9]{4}))?");
  private static final Map<String, CategoryGroup> GROUPS =
      Map.of(
          "allowed", CategoryGroup.ALLOWED,
          "after-approval", CategoryGroup.AFTER_APPROVAL,
          "blocked", CategoryGroup.BLOCKED,
          "cash", CategoryGroup.CASH);
  private static final Map<String, CategoryGroup> UNLISTED =
      Map.of(
          "allowed", CategoryGroup.ALLOWED,
          "approval", CategoryGroup.AFTER_APPROVAL,
          "deny", CategoryGroup.BLOCKED);
  private static final Map<CategoryGroup, Set<DeclineReason>> REASONS_OF_GROUP =
      Map.of(
          CategoryGroup.ALLOWED,
          Set.of(),
          CategoryGroup.AFTER_APPROVAL,
          Set.of(
              DeclineReason.APPROVAL_EDUCATION,
              DeclineReason.APPROVAL_WORK_TOOLS,
              DeclineReason.APPROVAL_MOVING,
              DeclineReason.APPROVAL_DEBT,
              DeclineReason.APPROVAL_UNLISTED),
          CategoryGroup.BLOCKED,
          Set.of(
              DeclineReason.BLOCKED_ALCOHOL_TOBACCO,
              DeclineReason.BLOCKED_GAMBLING,
              DeclineReason.BLOCKED_LUXURY,
              DeclineReason.BLOCKED_SERVICES,
              DeclineReason.BLOCKED_TRAVEL_RETAIL,
              DeclineReason.BLOCKED_UNLISTED),
          CategoryGroup.CASH,
          Set.of(DeclineReason.QUASI_CASH));

  /**
   * What the file says.
   *
   * @param place where it names its programme
   * @param baz the neighbourhoods that it claims, where they stand
   */
  record Loaded(PolicyFile policy, Place place, List<Scalar> baz) {
    Programme programme() {
      return policy.programme();
    }
  }

  private record PlacedRange(MccRange range, Place place) {}

  private final Section root;
  private final Problems problems;
  private final List<Category> categories = new ArrayList<>();
  private final Map<String, Integer> categoryIndexes = new HashMap<>();
  private final Map<String, PolicyFile.Label> labels = new LinkedHashMap<>();
  private final List<PlacedRange> ranges = new ArrayList<>();
  private int counted;

  private ProgrammeFile(Path file, Problems problems) {
    this.root = Section.read(file, problems);
    this.problems = problems;
  }

  static Loaded read(Path file, Problems problems) {
    return new ProgrammeFile(file, problems).read();
  }

  private Loaded read() {
    final int id = root.scalar("id").smallInteger(1, Words.MAXIMUM_ID);
    final String name = root.scalar("name").text(Words.KEY, Words.KEY_WORDS);
    final int homeCountry = Words.country(root.scalar("home-country"));
    final CategoryGroup unlisted = root.scalar("everything-else").choice(UNLISTED, CategoryGroup.BLOCKED);
    Section contactless = root.section("contactless-without-pin");
    final long contactlessLimit = contactless.scalar("one-purchase-at-most").limitMinor();
    final int contactlessCount = contactless.scalar("in-a-row").limitCount(1000);
    contactless.end();
    final int openHolds = root.scalar("open-holds-per-account").limitCount(10_000);
    final Limits limits = LimitsSection.read(root);
    final SavingsRule savings = readSavings();
    final int reviewPercent =
        root.has("review-sample-percent") ? root.scalar("review-sample-percent").smallInteger(0, 100) : 0;
    final List<String> languages = readLanguages();
    final List<Scalar> baz = root.has("baz") ? root.scalars("baz") : List.of();
    for (Section section : root.sections("categories")) {
      readCategory(section);
    }
    final List<MerchantRule> rules = readMerchants();
    final HolderOffers offers = OffersSection.read(root, categoryIndexes.keySet());
    root.end();
    Programme programme =
        new Programme(
            id,
            name,
            List.copyOf(categories),
            sortedRanges(),
            rules,
            unlisted,
            homeCountry,
            contactlessLimit,
            contactlessCount,
            openHolds,
            limits,
            savings,
            reviewPercent,
            offers);
    return new Loaded(
        new PolicyFile(programme, Map.copyOf(labels), languages, baz.stream().map(Scalar::raw).toList()),
        root.place("id"),
        baz);
  }

  /** In which holders of the programme are told reasons, the first one first; all that are known without a list. */
  private List<String> readLanguages() {
    if (!root.has("languages")) {
      return PolicyFile.LANGUAGES;
    }
    Map<String, String> known = new TreeMap<>();
    PolicyFile.LANGUAGES.forEach(language -> known.put(language, language));
    List<String> languages = new ArrayList<>();
    for (Scalar scalar : root.scalars("languages")) {
      String language = scalar.choice(known, "");
      if (languages.contains(language)) {
        scalar.refuse("the language '" + language + "' is written twice", "keep one of the two");
      } else if (!language.isEmpty()) {
        languages.add(language);
      }
    }
    if (languages.isEmpty()) {
      problems.add(
          root.place("languages"),
          "the programme speaks no language that is known",
          "write one or more of: " + String.join(", ", PolicyFile.LANGUAGES));
    }
    return List.copyOf(languages);
  }

  private SavingsRule readSavings() {
    if (!root.has("savings")) {
      return SavingsRule.NOT_OFFERED;
    }
    Section section = root.section("savings");
    SavingsRule savings =
        new SavingsRule(
            section.scalar("a-month-at-most").limitMinor(), section.scalar("buffer-months").smallInteger(1, 120));
    section.end();
    return savings;
  }

  private void readCategory(Section section) {
    Scalar keyScalar = section.scalar("key");
    String key = keyScalar.text(Words.KEY, Words.KEY_WORDS);
    if (categoryIndexes.containsKey(key)) {
      keyScalar.refuse("the category '" + key + "' is described twice", "join the two, or give one another key");
    }
    Section names = section.section("name");
    labels.put(key, new PolicyFile.Label(names.scalar("sv").text(), names.scalar("en").text()));
    names.end();
    CategoryGroup group = section.scalar("group").choice(GROUPS, CategoryGroup.BLOCKED);
    DeclineReason reason = readReason(section, group);
    long luxury = section.has("one-purchase-at-most")
        ? section.scalar("one-purchase-at-most").limitMinor()
        : Category.NO_LIMIT;
    final long cap =
        section.has("a-month-at-most") ? section.scalar("a-month-at-most").limitMinor() : Category.NO_LIMIT;
    final Limits limits = LimitsSection.read(section);
    checkCounters(keyScalar, cap, limits);
    int tolerance = section.has("completion-above-hold-percent")
        ? section.scalar("completion-above-hold-percent").smallInteger(0, 100)
        : 0;
    int index = categories.size();
    readRanges(section.scalars("mccs"), index, false);
    if (section.has("mccs-abroad-even-at-home")) {
      readRanges(section.scalars("mccs-abroad-even-at-home"), index, true);
    }
    section.end();
    categories.add(new Category(key, group, reason, luxury, cap, tolerance, limits));
    categoryIndexes.put(key, index);
  }

  /** Each account has so many counters and no more. */
  private void checkCounters(Scalar key, long cap, Limits limits) {
    boolean isCounted = cap != Category.NO_LIMIT || limits.isOverTime();
    if (isCounted && ++counted > ConfigurationFolder.CAPPED_CATEGORIES) {
      key.refuse(
          "this is category number " + counted + " of the programme with a cap or limits over days or months; there is"
              + " room for " + ConfigurationFolder.CAPPED_CATEGORIES,
          "write none here or in another category");
    }
  }

  private @Nullable DeclineReason readReason(Section section, CategoryGroup group) {
    if (group == CategoryGroup.ALLOWED) {
      if (section.has("decline-reason")) {
        section.scalar("decline-reason").refuse(
            "an allowed category is never declined for itself", "remove the decline reason, or change the group");
      }
      return null;
    }
    Map<String, DeclineReason> fitting = new TreeMap<>();
    for (Map.Entry<String, DeclineReason> entry : Words.reasonsByWord().entrySet()) {
      if (REASONS_OF_GROUP.getOrDefault(group, Set.of()).contains(entry.getValue())) {
        fitting.put(entry.getKey(), entry.getValue());
      }
    }
    return section.scalar("decline-reason").choice(fitting, DeclineReason.BLOCKED_UNLISTED);
  }

  private void readRanges(List<Scalar> scalars, int category, boolean abroadAlways) {
    for (Scalar scalar : scalars) {
      Matcher matcher = MCCS.matcher(scalar.raw());
      int first = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
      int last = first != 0 && matcher.group(2) != null ? Integer.parseInt(matcher.group(2)) : first;
      if (first == 0 || last < first) {
        scalar.refuse(
            "'" + scalar.raw() + "' is not a merchant category code",
            "write four digits, or a range such as 3000-3350, lower end first");
      } else {
        ranges.add(new PlacedRange(new MccRange(first, last, category, abroadAlways), scalar.place()));
      }
    }
  }

  private List<MccRange> sortedRanges() {
    ranges.sort(Comparator.comparingInt((PlacedRange placed) -> placed.range.first())
        .thenComparingInt(placed -> placed.place.line()));
    List<MccRange> sorted = new ArrayList<>();
    PlacedRange reachingFurthest = null;
    for (PlacedRange placed : ranges) {
      if (reachingFurthest != null && placed.range.first() <= reachingFurthest.range.last()) {
        problems.add(
            placed.place,
            "MCC %s of '%s' is already in '%s', line %d"
                .formatted(written(placed.range), keyOf(placed.range), keyOf(reachingFurthest.range),
                    reachingFurthest.place.line()),
            "an MCC belongs to one category: keep it in one of the two");
      }
      sorted.add(placed.range);
      if (reachingFurthest == null || placed.range.last() > reachingFurthest.range.last()) {
        reachingFurthest = placed;
      }
    }
    return List.copyOf(sorted);
  }

  private String keyOf(MccRange range) {
    return categories.get(range.category()).name();
  }

  private static String written(MccRange range) {
    return range.first() == range.last()
        ? "%04d".formatted(range.first())
        : "%04d-%04d".formatted(range.first(), range.last());
  }

  private List<MerchantRule> readMerchants() {
    List<MerchantRule> rules = new ArrayList<>();
    Map<String, Place> seen = new HashMap<>();
    for (Section section : root.sections("merchants")) {
      long acquirer = section.scalar("acquirer").integer(1, Words.MAXIMUM_ACQUIRER);
      Scalar merchant = section.scalar("merchant");
      String merchantId = merchant.text(Words.MERCHANT, Words.MERCHANT_WORDS);
      section.scalar("why").text();
      boolean denied = section.has("deny") && section.scalar("deny").flag();
      if (denied == section.has("category")) {
        problems.add(
            section.place(),
            "a merchant is either denied or registered in a category",
            "write 'deny: true' or 'category: ...', one of the two");
      }
      int category = -1;
      if (!denied && section.has("category")) {
        category = section.scalar("category").choice(categoryIndexes, 0);
      }
      section.end();
      Place earlier = seen.putIfAbsent(acquirer + "/" + merchantId, merchant.place());
      if (earlier != null) {
        merchant.refuse("merchant " + merchantId + " is already in line " + earlier.line(), "keep one of the two");
      }
      rules.add(new MerchantRule(acquirer, merchantId, denied, category));
    }
    return List.copyOf(rules);
  }
}
