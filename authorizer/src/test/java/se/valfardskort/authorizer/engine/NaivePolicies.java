package se.valfardskort.authorizer.engine;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.SavingsRule;

/** Small programmes drawn at random: limits, caps, luxury amounts, savings and what is unlisted, each now and then. */
final class NaivePolicies {
  /** A shop that sends an MCC of its own and is registered as a school. */
  static final String SCHOOL = "SKOLAN000000001";

  private static final List<String> LIMITED = List.of("food", "fuel", "restaurants", "education", "children");
  private static final List<CategoryGroup> UNLISTED =
      List.of(CategoryGroup.ALLOWED, CategoryGroup.AFTER_APPROVAL, CategoryGroup.BLOCKED);

  private NaivePolicies() {}

  /** The test policy with other figures, and with the civil time of five years. */
  static Configuration random(RandomGenerator random) {
    Configuration base = TestPolicy.configuration();
    Programme first = base.programmes().get(0);
    List<Category> categories = first.categories().stream().map(each -> random(random, each)).toList();
    List<MerchantRule> merchants = new ArrayList<>(first.merchantRules());
    merchants.add(new MerchantRule(TestPolicy.ACQUIRER, SCHOOL, false, TestPolicy.indexOf("education")));
    Programme drawn =
        new Programme(
            first.id(), first.name(), categories, first.mccRanges(), merchants,
            UNLISTED.get(random.nextInt(UNLISTED.size())), first.homeCountry(), amount(random, 400_00),
            random.nextInt(4) == 0 ? (int) Category.NO_LIMIT : 1 + random.nextInt(5),
            random.nextInt(3) == 0 ? (int) Category.NO_LIMIT : 3 + random.nextInt(20), limits(random, 2),
            new SavingsRule(amount(random, 1_500_00), random.nextInt(3)), first.reviewPercent());
    return new Configuration(
        List.of(drawn, base.programmes().get(1)), base.bazNames(), base.providers(), base.partners(), stockholm());
  }

  private static Category random(RandomGenerator random, Category as) {
    boolean limited = LIMITED.contains(as.name());
    long luxury = as.luxuryLimitMinor() == Category.NO_LIMIT ? Category.NO_LIMIT : amount(random, 600_00);
    long cap = limited ? amount(random, 1_500_00) : Category.NO_LIMIT;
    return new Category(
        as.name(), as.group(), as.declineReason(), luxury, cap, as.completionTolerancePercent(),
        limited && random.nextBoolean() ? limits(random, 1) : Limits.NONE);
  }

  private static Limits limits(RandomGenerator random, int width) {
    return new Limits(
        amount(random, width * 700_00L), amount(random, width * 900_00L), count(random, width * 3),
        amount(random, width * 2_500_00L), count(random, width * 15));
  }

  private static long amount(RandomGenerator random, long most) {
    return random.nextBoolean() ? Category.NO_LIMIT : most / 3 + random.nextLong(most * 2 / 3);
  }

  private static int count(RandomGenerator random, int most) {
    return random.nextBoolean() ? (int) Category.NO_LIMIT : 1 + random.nextInt(most);
  }

  /** The transitions of the Java library, 2026 to 2031. */
  static CivilTime stockholm() {
    ZoneRules rules = ZoneId.of("Europe/Stockholm").getRules();
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    List<Integer> offsets = new ArrayList<>(List.of(rules.getOffset(at).getTotalSeconds()));
    List<Long> transitions = new ArrayList<>();
    Instant end = Instant.parse("2032-01-01T00:00:00Z");
    for (ZoneOffsetTransition next = rules.nextTransition(at); next.getInstant().isBefore(end);
        next = rules.nextTransition(next.getInstant())) {
      transitions.add(next.toEpochSecond());
      offsets.add(next.getOffsetAfter().getTotalSeconds());
    }
    return new CivilTime(
        transitions.stream().mapToLong(Long::longValue).toArray(),
        offsets.stream().mapToInt(Integer::intValue).toArray());
  }
}
