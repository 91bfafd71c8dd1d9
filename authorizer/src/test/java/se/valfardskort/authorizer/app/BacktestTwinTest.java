package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.SavingsRule;
import se.valfardskort.authorizer.engine.PolicyRun;
import se.valfardskort.authorizer.pipeline.Skips;

/** A backtest's differences are exactly those that {@link PolicyTwin} finds. */
class BacktestTwinTest {
  private static final int RUNS = 60;
  private static final int STEPS = 700;
  private static final int CARDS = 4;
  private static final List<String> NAMES = List.of("children", "drink", "food", "fuel", "fun", "school");
  private static final int[] MCCS = {5411, 5541, 7995, 8299, 5921, 8351, 1234, 4321};
  private static final String[] SHOPS = {"ICA000000000001", "ICA000000000001", "LYXMODE00000001", "KIOSK2"};

  private final Map<String, Integer> reasons = new TreeMap<>();
  private int differences;

  /** What was sent, in a form that the twin can play. */
  private record Step(char kind, int number, PolicyTwin.Buy buy, long sequence) {}

  @Test
  void shouldFindExactlyWhatTheSecondModelFinds() throws IOException {
    for (long seed = 1; seed <= RUNS; seed++) {
      compare(seed, false);
    }
    assertTrue(differences > 2_000, differences + " " + reasons);
    assertTrue(reasons.keySet().size() >= 18, reasons.toString());
  }

  /** So that the twin can be believed: its live line is the engine's. */
  @Test
  void shouldFindNothingInTheTwinEitherWhereThePolicyIsTheSame() throws IOException {
    for (long seed = 101; seed <= 110; seed++) {
      compare(seed, true);
    }
    assertEquals(0, differences);
  }

  private void compare(long seed, boolean same) throws IOException {
    SplittableRandom dice = new SplittableRandom(seed);
    PolicyTwin.Rules before = rules(dice);
    final PolicyTwin.Rules after = same ? before.copy() : changed(before, dice);
    Configuration live = in(PolicyRun.configuration(), programme(before));
    PolicyRun run = new PolicyRun(live);
    PolicyTwin then = new PolicyTwin(before);
    List<Step> steps = new ArrayList<>();
    Map<Long, String> recorded = new TreeMap<>();
    for (int card = 0; card < CARDS; card++) {
      run.card(card, 9_000_00, 0);
      then.load(card, 9_000_00);
    }
    final long opened = run.sequence();
    record(run, dice, steps, recorded);
    long from = opened + 1 + dice.nextLong(run.sequence() - opened);

    List<String> expected = expected(seed, steps, recorded, then, after, from);
    List<String> found = new ArrayList<>();
    BacktestReport report = new BacktestReport(each -> found.add(said(each)));
    new Backtest(
            PolicyRun.engine(),
            PolicyRun.CAPACITY,
            new CandidatePolicy(
                new PolicyFile(programme(after), Map.of(), PolicyFile.LANGUAGES, List.of()), "botkyrka"),
            from,
            Skips.NOTHING,
            report)
        .run(new EntriesSource(run.entries()), (records, bytes, total) -> { });

    assertEquals(expected, found, "seed " + seed + " from " + from);
    differences += found.size();
  }

  private static String said(PolicyAnswer.Difference each) {
    return each.sequence() + " " + each.amountMinor() + ": " + each.before().category() + " "
        + each.before().outcome() + " -> " + each.after().category() + " " + each.after().outcome();
  }

  /** Plays at random on the real engine. */
  private static void record(PolicyRun run, SplittableRandom dice, List<Step> steps, Map<Long, String> recorded) {
    List<PolicyRun.Purchase> made = new ArrayList<>();
    List<PolicyTwin.Buy> buys = new ArrayList<>();
    Set<Integer> over = new HashSet<>();
    for (int index = 0; index < STEPS; index++) {
      run.later(dice.nextLong(4 * 3_600_000L));
      int card = dice.nextInt(CARDS);
      int earlier = made.isEmpty() ? 0 : made.size() - 1 - dice.nextInt(Math.min(20, made.size()));
      int kind = made.isEmpty() || over.contains(earlier) ? 9 : dice.nextInt(10);
      if (kind == 0) {
        over.add(earlier);
        run.reverse(made.get(earlier));
        steps.add(new Step('r', earlier, buys.get(earlier), run.sequence()));
      } else if (kind <= 2 && buys.get(earlier).hold()) {
        over.add(earlier);
        PolicyTwin.Buy hold = buys.get(earlier);
        long amount = dice.nextBoolean() ? hold.amount() : 1 + dice.nextLong(hold.amount());
        run.complete(made.get(earlier), amount);
        steps.add(new Step('c', earlier, new PolicyTwin.Buy(
            hold.card(), hold.mcc(), hold.shop(), hold.country(), amount, false, run.timeMs()), run.sequence()));
      } else if (kind == 3) {
        long amount = 1 + dice.nextLong(3_000_00);
        run.load(card, amount, 0);
        steps.add(new Step('l', 0, new PolicyTwin.Buy(card, 0, "", 752, amount, false, 0), run.sequence()));
      } else {
        PolicyTwin.Buy buy = new PolicyTwin.Buy(
            card, MCCS[dice.nextInt(MCCS.length)], SHOPS[dice.nextInt(SHOPS.length)],
            dice.nextInt(15) == 0 ? 578 : 752, 1 + dice.nextLong(dice.nextInt(8) == 0 ? 2_000_00 : 300_00),
            dice.nextBoolean(), run.timeMs());
        PolicyRun.Purchase purchase =
            run.buy(card, buy.mcc(), buy.shop(), buy.country(), buy.amount(), buy.hold(), false);
        steps.add(new Step('b', made.size(), buy, run.sequence()));
        recorded.put(run.sequence(), purchase.outcome());
        made.add(purchase);
        buys.add(buy);
      }
    }
  }

  /** What the twin says of both policies. */
  private List<String> expected(
      long seed,
      List<Step> steps,
      Map<Long, String> recorded,
      PolicyTwin then,
      PolicyTwin.Rules after,
      long from) {
    PolicyTwin now = null;
    List<String> expected = new ArrayList<>();
    for (Step step : steps) {
      if (now == null && step.sequence >= from) {
        now = then.under(after);
      }
      String was = play(then, step);
      String is = now == null ? was : play(now, step);
      if (step.kind == 'b') {
        assertEquals(was, recorded.get(step.sequence), "seed " + seed + " sequence " + step.sequence);
        reasons.merge(is, 1, Integer::sum);
        if (!was.equals(is)) {
          expected.add(step.sequence + " " + step.buy.amount() + ": " + then.rules.categoryOf(step.buy) + " " + was
              + " -> " + after.categoryOf(step.buy) + " " + is);
        }
      }
    }
    return expected;
  }

  private static String play(PolicyTwin twin, Step step) {
    switch (step.kind) {
      case 'b' -> {
        return twin.buy(step.number, step.buy);
      }
      case 'l' -> twin.load(step.buy.card(), step.buy.amount());
      case 'r' -> twin.reverse(step.number);
      default -> twin.complete(step.number, step.buy);
    }
    return "";
  }

  private static PolicyTwin.Rules rules(SplittableRandom dice) {
    PolicyTwin.Rules rules = new PolicyTwin.Rules();
    for (int index = 0; index < NAMES.size(); index++) {
      rules.kinds.put(NAMES.get(index), kind(dice));
      rules.codes.put(MCCS[index], NAMES.get(index));
    }
    rules.limits = figures(dice, 8);
    rules.others = group(dice);
    shop(rules, dice);
    return rules;
  }

  private static void shop(PolicyTwin.Rules rules, SplittableRandom dice) {
    String shop = SHOPS[2 + dice.nextInt(2)];
    switch (dice.nextInt(3)) {
      case 0 -> rules.shops.put(shop, "deny");
      case 1 -> rules.shops.put(shop, NAMES.get(dice.nextInt(NAMES.size())));
      default -> rules.shops.remove(shop);
    }
  }

  private static String group(SplittableRandom dice) {
    return switch (dice.nextInt(6)) {
      case 0 -> "BLOCKED";
      case 1 -> "AFTER_APPROVAL";
      default -> "ALLOWED";
    };
  }

  private static PolicyTwin.Kind kind(SplittableRandom dice) {
    PolicyTwin.Kind kind = new PolicyTwin.Kind();
    kind.group = group(dice);
    kind.luxury = dice.nextInt(3) == 0 ? 150_00 + dice.nextLong(500_00) : -1;
    kind.cap = dice.nextInt(3) == 0 ? 500_00 + dice.nextLong(3_000_00) : -1;
    kind.limits = dice.nextInt(2) == 0 ? figures(dice, 2) : new PolicyTwin.Figures();
    return kind;
  }

  private static PolicyTwin.Figures figures(SplittableRandom dice, int scale) {
    PolicyTwin.Figures figures = new PolicyTwin.Figures();
    figures.purchase = dice.nextInt(4) == 0 ? 200_00 + dice.nextLong(scale * 100_00L) : -1;
    figures.day = dice.nextInt(4) == 0 ? 100_00 + dice.nextLong(scale * 100_00L) : -1;
    figures.dayCount = dice.nextInt(4) == 0 ? 1 + dice.nextLong(scale) : -1;
    figures.month = dice.nextInt(4) == 0 ? 500_00 + dice.nextLong(scale * 1_000_00L) : -1;
    figures.monthCount = dice.nextInt(4) == 0 ? 5 + dice.nextLong(scale * 8L) : -1;
    return figures;
  }

  /** One to four things are said otherwise. */
  private static PolicyTwin.Rules changed(PolicyTwin.Rules before, SplittableRandom dice) {
    PolicyTwin.Rules rules = before.copy();
    for (int left = 1 + dice.nextInt(4); left > 0; left--) {
      String name = NAMES.get(dice.nextInt(NAMES.size()));
      switch (dice.nextInt(6)) {
        case 0, 1 -> rules.kinds.put(name, kind(dice));
        case 2 -> rules.limits = figures(dice, 8);
        case 3 -> rules.others = group(dice);
        case 4 -> shop(rules, dice);
        default -> rules.codes.put(MCCS[dice.nextInt(MCCS.length)], name);
      }
    }
    return rules;
  }

  private static Configuration in(Configuration as, Programme programme) {
    return BacktestTest.with(as, first -> programme);
  }

  /** The twin's rules as ours. */
  private static Programme programme(PolicyTwin.Rules rules) {
    List<Category> categories = new ArrayList<>();
    List<String> names = List.copyOf(new TreeSet<>(rules.kinds.keySet()));
    for (String name : names) {
      PolicyTwin.Kind kind = rules.kinds.getOrDefault(name, new PolicyTwin.Kind());
      CategoryGroup group = CategoryGroup.valueOf(kind.group);
      DeclineReason reason = switch (group) {
        case ALLOWED -> null;
        case AFTER_APPROVAL -> DeclineReason.APPROVAL_MOVING;
        default -> DeclineReason.BLOCKED_SERVICES;
      };
      categories.add(new Category(name, group, reason, kind.luxury, kind.cap, 0, limits(kind.limits)));
    }
    List<MccRange> ranges = new ArrayList<>();
    rules.codes.forEach((mcc, name) -> ranges.add(new MccRange(mcc, mcc, names.indexOf(name), false)));
    List<MerchantRule> shops = new ArrayList<>();
    rules.shops.forEach((shop, what) ->
        shops.add(new MerchantRule(PolicyRun.acquirer(), shop, what.equals("deny"), names.indexOf(what))));
    return new Programme(
        1, "botkyrka", categories, ranges, shops, CategoryGroup.valueOf(rules.others), 752, Category.NO_LIMIT,
        (int) Category.NO_LIMIT, (int) Category.NO_LIMIT, limits(rules.limits), SavingsRule.NOT_OFFERED, 0);
  }

  private static Limits limits(PolicyTwin.Figures figures) {
    return new Limits(
        figures.purchase, figures.day, (int) figures.dayCount, figures.month, (int) figures.monthCount);
  }
}
