package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.PolicyRun;
import se.valfardskort.authorizer.pipeline.Skips;

/** A candidate over a recorded journal. */
class BacktestTest {
  private static final long DAY_MS = 86_400_000L;
  private static final int CARDS = 6;
  private static final int STEPS = 1_500;
  private static final String SHOP = "ICA000000000001";
  private static final String COOP = "BARNKOOP0000001";
  private static final int FOOD = 5411;
  private static final int FUEL = 5541;
  private static final int SCHOOL = 8299;
  private static final int CASINO = 7995;
  private static final int[] MCCS = {FOOD, FOOD, FUEL, 5812, SCHOOL, CASINO, 5651, 5921, 1234, 3000, 5732};
  private static final Limits LIMITS = new Limits(4_000_00, 5_000_00, 9, 60_000_00, 200);

  private final List<PolicyAnswer.Difference> found = new ArrayList<>();
  private final BacktestReport report = new BacktestReport(found::add);
  private Engine engine = PolicyRun.engine();

  static Configuration with(Configuration configuration, UnaryOperator<Programme> change) {
    List<Programme> programmes = new ArrayList<>(configuration.programmes());
    programmes.set(0, change.apply(programmes.getFirst()));
    return new Configuration(
        programmes, configuration.bazNames(), configuration.providers(), configuration.partners(),
        configuration.civilTime());
  }

  static Programme withCategories(Programme as, UnaryOperator<Category> change, Limits limits) {
    return new Programme(
        as.id(), as.name(), as.categories().stream().map(change).toList(), as.mccRanges(), as.merchantRules(),
        as.unlistedGroup(), as.homeCountry(), as.contactlessLimitMinor(), as.contactlessCount(), as.openHolds(),
        limits, as.savings(), as.reviewPercent());
  }

  private static Category group(Category as, String key, CategoryGroup group, DeclineReason reason) {
    return as.name().equals(key)
        ? new Category(
            key, group, group == CategoryGroup.ALLOWED ? null : reason, as.luxuryLimitMinor(), as.monthlyCapMinor(),
            as.completionTolerancePercent(), as.limits())
        : as;
  }

  private static Configuration limited() {
    return with(
        PolicyRun.configuration(),
        programme -> withCategories(
            programme,
            category -> category.name().equals("food")
                ? new Category(
                    "food", CategoryGroup.ALLOWED, null, Category.NO_LIMIT, Category.NO_LIMIT, 0,
                    new Limits(2_000_00, 2_500_00, 5, 30_000_00, 60))
                : category,
            LIMITS));
  }

  private static Configuration blocking(Configuration configuration, String category) {
    return with(configuration, programme -> withCategories(
        programme, each -> group(each, category, CategoryGroup.BLOCKED, DeclineReason.BLOCKED_SERVICES),
        programme.limits()));
  }

  private Backtest play(PolicyRun run, Programme candidate, long from) throws IOException {
    Backtest backtest =
        new Backtest(
            engine,
            PolicyRun.CAPACITY,
            new CandidatePolicy(
                new PolicyFile(candidate, Map.of(), PolicyFile.LANGUAGES, List.of()), "botkyrka"),
            from,
            Skips.NOTHING,
            report);
    backtest.run(new EntriesSource(run.entries()), (records, bytes, total) -> { });
    return backtest;
  }

  private static Programme botkyrka(Configuration configuration) {
    return configuration.programmes().getFirst();
  }

  /** Everything that can happen to a card, at random. */
  private static PolicyRun live(long seed, Configuration configuration) {
    SplittableRandom dice = new SplittableRandom(seed);
    PolicyRun run = new PolicyRun(configuration);
    List<PolicyRun.Purchase> made = new ArrayList<>();
    List<Long> approvals = new ArrayList<>();
    for (int card = 0; card < CARDS; card++) {
      run.card(card, 9_000_00, 1_000_00);
    }
    made.add(run.buy(0, FOOD, SHOP, 100_00, true));
    for (int step = 0; step < STEPS; step++) {
      run.later(dice.nextLong(3 * 3_600_000L));
      int card = dice.nextInt(CARDS);
      PolicyRun.Purchase earlier = made.get(dice.nextInt(made.size()));
      switch (dice.nextInt(24)) {
        case 10 -> run.complete(earlier, 1 + dice.nextLong(900_00));
        case 11 -> run.completeByCode(earlier, 1 + dice.nextLong(900_00));
        case 12 -> run.reverse(earlier);
        case 13 -> run.refund(earlier, 1 + dice.nextLong(300_00));
        case 14 -> run.raise(earlier, 1 + dice.nextLong(200_00));
        case 15 -> run.load(card, dice.nextLong(2_000_00), dice.nextLong(100_00));
        case 16 -> approvals.add(
            run.grant(card, dice.nextInt(2) == 0 ? "education" : "", dice.nextBoolean(), dice.nextLong(3_000_00),
                dice.nextInt(3), 1 + dice.nextLong(20 * DAY_MS)));
        case 17 -> run.revoke(card, approvals.isEmpty() ? 1 : approvals.get(dice.nextInt(approvals.size())));
        case 18 -> run.freeze(card, dice.nextInt(3) == 0);
        case 19 -> run.move(card, dice.nextBoolean(), 1 + dice.nextLong(400_00));
        case 20, 21 -> run.tick();
        case 22 -> run.reconcile();
        default -> made.add(run.buy(
            card, MCCS[dice.nextInt(MCCS.length)], dice.nextInt(4) == 0 ? COOP : SHOP,
            dice.nextInt(12) == 0 ? 578 : 752, 1 + dice.nextLong(900_00), dice.nextBoolean(),
            dice.nextInt(5) == 0));
      }
    }
    return run;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void shouldFindNothingWhereTheCandidateIsTheLivePolicyWhereverTheWindowBegins(long seed) throws IOException {
    Configuration configuration = seed % 2 == 0 ? PolicyRun.configuration() : limited();
    PolicyRun run = live(seed, configuration);
    long from = 1 + new SplittableRandom(seed).nextLong(run.sequence());
    String where = "seed " + seed + " from " + from;

    play(run, botkyrka(configuration), from);

    assertEquals(List.of(), found, where);
    assertEquals(Map.of(), report.consequences(), where);
    assertTrue(report.purchases > 0 && report.approvedBefore == report.approvedAfter, where);
    if (from > 60) {
      assertEquals(run.stateHash(), engine.stateHash(), where);
    }
    engine.checkInvariants();
  }

  @Test
  void shouldStillKeepTheBooksWhereACandidateChangesEverything() throws IOException {
    for (long seed = 1; seed <= 4; seed++) {
      engine = PolicyRun.engine();
      PolicyRun run = live(seed, limited());

      play(run, botkyrka(blocking(blocking(PolicyRun.configuration(), "food"), "fuel")), 40);

      engine.checkInvariants();
    }
    assertTrue(report.all().count() > 250, report.fields().toString());
    assertFalse(report.consequences().isEmpty());
    long inGroups = report.groups().values().stream().mapToLong(BacktestReport.Tally::count).sum();
    assertEquals(report.all().count(), inGroups);
    assertEquals(found.size(), inGroups);
  }

  @Test
  void shouldLetTheCandidateSpendWhatItDidNotApproveAndCountItByCategoryReasonAmountAndHolder() throws IOException {
    PolicyRun run = new PolicyRun(PolicyRun.configuration());
    run.card(1, 500_00, 0);
    run.card(2, 500_00, 0);
    final long from = run.sequence() + 1;
    PolicyRun.Purchase fuel = run.buy(1, FUEL, SHOP, 400_00, false);
    PolicyRun.Purchase food = run.buy(1, FOOD, SHOP, 300_00, false);
    run.buy(2, FOOD, SHOP, 300_00, false);
    assertEquals("approved", fuel.outcome());
    assertEquals("INSUFFICIENT_FUNDS", food.outcome());

    play(run, botkyrka(blocking(PolicyRun.configuration(), "fuel")), from);

    assertEquals(
        List.of(
            fuel.sequence() + " fuel approved 400.00 -> fuel BLOCKED_SERVICES 0.00",
            food.sequence() + " food INSUFFICIENT_FUNDS 0.00 -> food approved 300.00"),
        found.stream().map(each -> each.sequence() + " " + each.before() + " -> " + each.after()).toList());
    assertEquals(2, report.all().count());
    assertEquals(700_00, report.all().askedMinor());
    assertEquals(-100_00, report.all().approvedMoreMinor());
    assertEquals(1, report.all().holders().cardinality());
    assertEquals(3, report.purchases);
    assertEquals(700_00, report.approvedBeforeMinor);
    assertEquals(600_00, report.approvedAfterMinor);
  }

  @Test
  void shouldBookTheCompletionOfAHoldThatTheCandidateDeclinesAndCallItAConsequence() throws IOException {
    PolicyRun run = new PolicyRun(PolicyRun.configuration());
    run.card(1, 500_00, 0);
    final long from = run.sequence() + 1;
    PolicyRun.Purchase hold = run.buy(1, FUEL, SHOP, 400_00, true);
    run.complete(hold, 350_00);
    PolicyRun.Purchase food = run.buy(1, FOOD, SHOP, 200_00, false);
    assertEquals("INSUFFICIENT_FUNDS", food.outcome());

    play(run, botkyrka(blocking(PolicyRun.configuration(), "fuel")), from);

    // The money of the fuel is gone all the same, so the food is declined by both.
    assertEquals(1, found.size(), found.toString());
    assertEquals(hold.sequence(), found.getFirst().sequence());
    assertEquals(Map.of(), report.consequences());

    PolicyRun reversed = new PolicyRun(PolicyRun.configuration());
    reversed.card(1, 500_00, 0);
    PolicyRun.Purchase taken = reversed.buy(1, FUEL, SHOP, 400_00, true);
    reversed.reverse(taken);
    engine = PolicyRun.engine();
    play(reversed, botkyrka(blocking(PolicyRun.configuration(), "fuel")), from);
    assertEquals(Map.of("reversal: approved, other amounts", 1L), report.consequences());
    assertEquals(2, found.size());
  }

  @Test
  void shouldKnowWhatTheCandidateSaidByTheCodeOnRecord() throws IOException {
    PolicyRun run = new PolicyRun(blocking(PolicyRun.configuration(), "fuel"));
    run.card(1, 5_000_00, 0);
    final long from = run.sequence() + 1;
    PolicyRun.Purchase fuel = run.buy(1, FUEL, SHOP, 400_00, true);
    assertEquals("BLOCKED_SERVICES", fuel.outcome());
    PolicyRun.Purchase food = run.buy(1, FOOD, SHOP, 300_00, true);
    assertTrue(run.completeByCode(food, 250_00).approved());

    play(run, botkyrka(PolicyRun.configuration()), from);

    // The candidate gave out a code more. That of the food must still be the food's: completed, 50.00 go back.
    assertEquals(List.of(fuel.sequence()), found.stream().map(PolicyAnswer.Difference::sequence).toList());
    assertEquals(Map.of(), report.consequences());
    assertEquals(400_00, engine.books().get("CASH_HELD"));
  }

  @Test
  void shouldRevokeTheApprovalThatTheSameCommandGranted() throws IOException {
    PolicyRun run = new PolicyRun(PolicyRun.configuration());
    run.card(1, 5_000_00, 0);
    final long from = run.sequence() + 1;
    run.grant(1, "education", false, 0, 0, DAY_MS);
    long school = run.grant(1, "", false, 0, 1, DAY_MS);
    run.grant(1, "", false, 0, 2, 2 * DAY_MS);
    assertTrue(run.revoke(1, school));
    assertTrue(run.buy(1, SCHOOL, SHOP, 10_00, false).approved());
    Programme candidate = withCategories(
        botkyrka(PolicyRun.configuration()),
        each -> each.name().equals("education")
            ? new Category("schools", each.group(), each.declineReason(), Category.NO_LIMIT, Category.NO_LIMIT, 0,
                Limits.NONE)
            : each,
        Limits.NONE);

    play(run, candidate, from);

    // The first grant names a category that is gone, so every later one has another number.
    assertEquals(List.of(), found);
    assertEquals(Map.of("approval-grant: approved -> SCOPE_INVALID", 1L), report.consequences());
  }

  @Test
  void shouldKeepTheCandidateThroughWhatIsActivatedInTheWindow() throws IOException {
    PolicyRun run = new PolicyRun(PolicyRun.configuration());
    run.card(1, 5_000_00, 0);
    run.announce(blocking(PolicyRun.configuration(), "clothes"));
    final long from = run.sequence() + 1;
    run.buy(1, 5651, SHOP, 10_00, false);
    PolicyRun.Purchase fuel = run.buy(1, FUEL, SHOP, 10_00, false);
    run.activate(blocking(PolicyRun.configuration(), "food"));
    PolicyRun.Purchase food = run.buy(1, FOOD, SHOP, 10_00, false);
    assertEquals("BLOCKED_SERVICES", food.outcome());

    play(run, botkyrka(blocking(PolicyRun.configuration(), "fuel")), from);

    assertEquals(
        List.of(fuel.sequence() + " approved BLOCKED_SERVICES", food.sequence() + " BLOCKED_SERVICES approved"),
        found.stream()
            .map(each -> each.sequence() + " " + each.before().outcome() + " " + each.after().outcome())
            .toList());
  }

  @Test
  void shouldTakeThePlaceOfTheProgrammeFromTheFirstActivationOn() throws IOException {
    PolicyRun run = new PolicyRun(PolicyRun.configuration());
    run.card(1, 5_000_00, 0);
    PolicyRun.Purchase fuel = run.buy(1, FUEL, SHOP, 10_00, false);

    Backtest backtest = play(run, botkyrka(blocking(PolicyRun.configuration(), "fuel")), 1);

    assertTrue(backtest.wasInForce());
    assertEquals(List.of(fuel.sequence()), found.stream().map(PolicyAnswer.Difference::sequence).toList());
  }

  @Test
  void shouldRefuseACandidateThatLeavesAProviderWithoutItsCategory() {
    PolicyRun run = new PolicyRun(PolicyRun.configuration());
    Programme candidate = withCategories(
        botkyrka(PolicyRun.configuration()),
        each -> each.name().equals("children")
            ? new Category("kids", CategoryGroup.ALLOWED, null, Category.NO_LIMIT, Category.NO_LIMIT, 0, Limits.NONE)
            : each,
        Limits.NONE);

    CandidatePolicy.MisfitException refused =
        assertThrows(CandidatePolicy.MisfitException.class, () -> play(run, candidate, run.sequence()));

    assertTrue(String.valueOf(refused.getMessage()).contains("no category 'children'"), refused.getMessage());
  }
}
