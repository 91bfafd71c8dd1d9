package se.valfardskort.authorizer.engine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.Provider;
import se.valfardskort.authorizer.domain.ProviderStatus;
import se.valfardskort.authorizer.domain.SavingsRule;

/** The category table of domain.md section 3 and the demo's merchants, as a configuration for tests. */
final class TestPolicy {
  static final int PROGRAMME = 1;
  static final int OTHER_PROGRAMME = 2;
  static final int PARTNER = 1;
  /** A partner that wants 25 for unknown originals and 00 for verifications. */
  static final int STRICT_PARTNER = 2;
  /** A partner whose adjustments are booked, and whose advices may overdraw 500 kr before a person is told. */
  static final int BANK_PARTNER = 3;
  static final long ADVICE_LIMIT = 500_00;
  static final int FITTJA = 0;
  static final int ANNAN = 1;
  static final long ACQUIRER = 123_456;
  static final int OWNER_CARD = 42;
  static final int LATE_OWNER_CARD = 43;
  static final long CEILING = 400_00;

  /** Name, group, reason, luxury limit, monthly cap, MCCs ("!": the journey cannot be seen). */
  record Line(
      String name, CategoryGroup group, @Nullable DeclineReason reason, long luxury, long cap, String mccs) {
    /** In percent. */
    int tolerance() {
      return name.equals("fuel") || name.equals("restaurants") ? 20 : 0;
    }
  }

  static final List<Line> LINES =
      List.of(
          allowed("rent", "6513 4900 5983"),
          allowed("phone", "4812 4814 4816 4899"),
          allowed("food", "5411 5422 5441 5451 5462 5499 5300 5310 5311 5331 5399"),
          allowed("household", "5200 5251 5712 5713 5714 5719 5722 7211 7251 7622 7623 7629"),
          new Line("restaurants", CategoryGroup.ALLOWED, null, 500_00, Category.NO_LIMIT, "5812 5814"),
          allowed(
              "children", "8351 7997 7999 7032 7911 7941 8641 8699 7933 7996 5940 5941 7993 7994"),
          new Line(
              "clothes", CategoryGroup.ALLOWED, null, 3_000_00, Category.NO_LIMIT,
              "5611 5621 5641 5651 5655 5661 5691 5699"),
          allowed("second-hand", "5931"),
          allowed("public-transport", "4111 4112 4131 4121 4789"),
          new Line(
              "fuel", CategoryGroup.ALLOWED, null, Category.NO_LIMIT, 1_500_00, "5541 5542 5552 7523 4784"),
          allowed("health", "5912 8021 8011 8031 8041 8042 8043 8049 8062 8050 8099 5976 5975"),
          allowed("everyday", "7230 6300 0742 7261 9399 9311 9222 9402 8398 8661 5994 5942 5192"),
          line(
              "education", CategoryGroup.AFTER_APPROVAL, DeclineReason.APPROVAL_EDUCATION,
              "8211 8220 8241 8244 8249 8299"),
          line("work-tools", CategoryGroup.AFTER_APPROVAL, DeclineReason.APPROVAL_WORK_TOOLS, "5045 5732 5734 5137"),
          line("moving", CategoryGroup.AFTER_APPROVAL, DeclineReason.APPROVAL_MOVING, "4214 7513"),
          line("alcohol-tobacco", CategoryGroup.BLOCKED, DeclineReason.BLOCKED_ALCOHOL_TOBACCO, "5921 5715 5813 5993"),
          line("gambling", CategoryGroup.BLOCKED, DeclineReason.BLOCKED_GAMBLING, "7995 7800 7801 7802 9406"),
          line("luxury", CategoryGroup.BLOCKED, DeclineReason.BLOCKED_LUXURY, "5944 5094 5681 5932 5937 5971 5972"),
          allowed("travel", "4511! 3000-3350! 3351-3500 3501-3999 4722! 4411! 7011 7012 7512 5962!"),
          line("travel-retail", CategoryGroup.BLOCKED, DeclineReason.BLOCKED_TRAVEL_RETAIL, "5309"),
          line(
              "cash", CategoryGroup.CASH, DeclineReason.QUASI_CASH,
              "6010 6011 6050 6051 6211 4829 6532 6533 6536 6537 6538 6540"),
          line("debt", CategoryGroup.AFTER_APPROVAL, DeclineReason.APPROVAL_DEBT, "6012"),
          line("services", CategoryGroup.BLOCKED, DeclineReason.BLOCKED_SERVICES, "5967 7273 7297"));

  private TestPolicy() {}

  private static Line allowed(String name, String mccs) {
    return new Line(name, CategoryGroup.ALLOWED, null, Category.NO_LIMIT, Category.NO_LIMIT, mccs);
  }

  private static Line line(String name, CategoryGroup group, DeclineReason reason, String mccs) {
    return new Line(name, group, reason, Category.NO_LIMIT, Category.NO_LIMIT, mccs);
  }

  static Configuration configuration() {
    return new Configuration(
        List.of(
            programme(PROGRAMME, "botkyrka", CategoryGroup.ALLOWED),
            programme(OTHER_PROGRAMME, "dorotea", CategoryGroup.BLOCKED)),
        List.of("baz-fittja", "baz-annan"),
        providers(),
        List.of(
            partner(PARTNER, "demo", false, "85"),
            partner(STRICT_PARTNER, "strict", true, "00"),
            partner(BANK_PARTNER, "bank", false, "85")),
        stockholm());
  }

  /** With one provider more, in Fittja. */
  static Configuration configurationWithProvider(String merchantId) {
    Configuration as = configuration();
    List<Provider> providers = new ArrayList<>(as.providers());
    providers.add(
        provider(merchantId, FITTJA, ProviderStatus.ACCREDITED, "children", List.of(), Category.NO_LIMIT));
    return new Configuration(as.programmes(), as.bazNames(), providers, as.partners(), as.civilTime());
  }

  /** With one rule more about a merchant in the first programme. */
  static Configuration withMerchant(MerchantRule rule) {
    Configuration as = configuration();
    Programme first = as.programmes().get(0);
    List<MerchantRule> rules = new ArrayList<>(first.merchantRules());
    rules.add(rule);
    Programme more =
        new Programme(
            first.id(), first.name(), first.categories(), first.mccRanges(), rules, first.unlistedGroup(),
            first.homeCountry(), first.contactlessLimitMinor(), first.contactlessCount(), first.openHolds(),
            first.limits(), first.savings(), first.reviewPercent());
    return new Configuration(
        List.of(more, as.programmes().get(1)), as.bazNames(), as.providers(), as.partners(), as.civilTime());
  }

  /** With limits in the first programme: on an account in all, and in the categories named. */
  static Configuration withLimits(Limits all, Map<String, Limits> byCategory) {
    Configuration as = configuration();
    Programme first = as.programmes().get(0);
    List<Category> categories =
        first.categories().stream()
            .map(
                category ->
                    new Category(
                        category.name(), category.group(), category.declineReason(), category.luxuryLimitMinor(),
                        category.monthlyCapMinor(), category.completionTolerancePercent(),
                        byCategory.getOrDefault(category.name(), Limits.NONE)))
            .toList();
    Programme limited =
        new Programme(
            first.id(), first.name(), categories, first.mccRanges(), first.merchantRules(), first.unlistedGroup(),
            first.homeCountry(), first.contactlessLimitMinor(), first.contactlessCount(), first.openHolds(), all,
            first.savings(), first.reviewPercent());
    return new Configuration(
        List.of(limited, as.programmes().get(1)), as.bazNames(), as.providers(), as.partners(), as.civilTime());
  }

  /** With other savings in the first programme. */
  static Configuration withSavings(SavingsRule savings) {
    Configuration as = configuration();
    Programme first = as.programmes().get(0);
    Programme saving =
        new Programme(
            first.id(), first.name(), first.categories(), first.mccRanges(), first.merchantRules(),
            first.unlistedGroup(), first.homeCountry(), first.contactlessLimitMinor(), first.contactlessCount(),
            first.openHolds(), first.limits(), savings, first.reviewPercent());
    return new Configuration(
        List.of(saving, as.programmes().get(1)), as.bazNames(), as.providers(), as.partners(), as.civilTime());
  }

  /** Transitions of 2026 and 2027, enough for the tests. */
  static CivilTime stockholm() {
    return new CivilTime(
        new long[] {1_774_746_000L, 1_792_890_000L, 1_806_195_600L, 1_824_944_400L},
        new int[] {3600, 7200, 3600, 7200, 3600});
  }

  static Programme programme(int id, String name, CategoryGroup unlisted) {
    List<Category> categories = new ArrayList<>();
    Map<Integer, MccRange> ranges = new TreeMap<>();
    for (Line line : LINES) {
      for (String token : line.mccs().split(" ", -1)) {
        boolean journey = token.endsWith("!");
        String[] ends = token.replace("!", "").split("-", -1);
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[ends.length - 1]);
        ranges.put(first, new MccRange(first, last, categories.size(), journey));
      }
      categories.add(
          new Category(
              line.name(), line.group(), line.reason(), line.luxury(), line.cap(), line.tolerance(), Limits.NONE));
    }
    return new Programme(
        id,
        name,
        categories,
        List.copyOf(ranges.values()),
        List.of(
            new MerchantRule(ACQUIRER, "KIOSKEN00000001", false, indexOf("food")),
            new MerchantRule(ACQUIRER, "KIOSK2", false, indexOf("food")),
            new MerchantRule(ACQUIRER, "LYXMODE00000001", true, -1)),
        unlisted,
        752,
        400_00,
        5,
        100,
        Limits.NONE,
        new SavingsRule(1_000_00, 6),
        2);
  }

  static int indexOf(String category) {
    for (int index = 0; index < LINES.size(); index++) {
      if (LINES.get(index).name().equals(category)) {
        return index;
      }
    }
    throw new IllegalArgumentException(category);
  }

  private static List<Provider> providers() {
    return List.of(
        provider("BARNKOOP0000001", FITTJA, ProviderStatus.ACCREDITED, "children", List.of(), Category.NO_LIMIT),
        provider("KONSTRUM0000001", FITTJA, ProviderStatus.ACCREDITED, "children", List.of(), Category.NO_LIMIT),
        provider("SUSPENDED000001", FITTJA, ProviderStatus.SUSPENDED, "children", List.of(), Category.NO_LIMIT),
        provider("WITHDRAWN000001", FITTJA, ProviderStatus.WITHDRAWN, "children", List.of(), Category.NO_LIMIT),
        provider("ANNANBAZ0000001", ANNAN, ProviderStatus.ACCREDITED, "children", List.of(), Category.NO_LIMIT),
        provider("TAKET0000000001", FITTJA, ProviderStatus.ACCREDITED, "children", List.of(), CEILING),
        provider("CYKEL0000000001", FITTJA, ProviderStatus.ACCREDITED, "fuel", List.of(), Category.NO_LIMIT),
        provider(
            "EGENFIRMA000001", FITTJA, ProviderStatus.ACCREDITED, "children",
            List.of(EngineFixture.token(OWNER_CARD), EngineFixture.token(LATE_OWNER_CARD)), Category.NO_LIMIT));
  }

  private static Provider provider(
      String merchantId, int baz, ProviderStatus status, String category, List<byte[]> owners, long ceiling) {
    return new Provider(ACQUIRER, merchantId, List.of(baz), status, category, owners, ceiling);
  }

  private static Partner partner(int id, String name, boolean unknownOriginalDeclined, String verificationCode) {
    Map<Integer, String> codes = new TreeMap<>();
    Map<Approval, String> approvals = new EnumMap<>(Approval.class);
    for (Approval approval : Approval.values()) {
      approvals.put(approval, "00");
    }
    approvals.put(Approval.IN_PART, "10");
    approvals.put(Approval.VERIFIED, verificationCode);
    for (DeclineReason reason : DeclineReason.values()) {
      codes.put(reason.code, responseCode(reason));
    }
    return new Partner(
        id,
        name,
        List.of(ACQUIRER, 654_321L),
        approvals,
        codes,
        unknownOriginalDeclined,
        id == BANK_PARTNER,
        id == BANK_PARTNER ? ADVICE_LIMIT : Category.NO_LIMIT);
  }

  /** A few real ones and 05 for the rest: the engine only looks them up. */
  private static String responseCode(DeclineReason reason) {
    return switch (reason) {
      case KEY_REUSED, ORIGINAL_REVERSED, REVERSED_BEFORE_ARRIVAL -> "94";
      case FORMAT_ERROR -> "30";
      case FUNCTION_UNKNOWN -> "12";
      case CARD_UNKNOWN -> "14";
      case INSUFFICIENT_FUNDS -> "51";
      case ORIGINAL_NOT_FOUND -> "25";
      case SYSTEM_MALFUNCTION, CAPACITY -> "96";
      case OVERLOADED -> "91";
      default -> "05";
    };
  }
}
