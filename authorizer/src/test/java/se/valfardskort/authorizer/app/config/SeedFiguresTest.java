package se.valfardskort.authorizer.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import se.valfardskort.authorizer.app.config.ConfigurationFolder.Loaded;
import se.valfardskort.authorizer.domain.Activity;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.GrantKind;
import se.valfardskort.authorizer.domain.GrantRules;
import se.valfardskort.authorizer.domain.LoadRules;
import se.valfardskort.authorizer.domain.Programme;

/**
 * Every figure that domain.md has from the founding documents ([seed]), and that something here decides by: what is
 * shipped, where it is set, and which test shows what it does. The same as a table in docs/internals/figures.md.
 */
final class SeedFiguresTest {
  private static final String POLICY = "programmes/botkyrka.yaml";
  private static final String LOADS = "loads/botkyrka.yaml";
  private static final String TESTS = "authorizer/src/test/java/se/valfardskort/authorizer/";
  private static final String CALCULATOR = "domain/LoadCalculatorTest.";
  private static final String SUPPLEMENTS = CALCULATOR + "shouldAddSupplementsAndTheRingWithoutUpliftOrTaper";

  /**
   * One figure.
   *
   * @param value as domain.md has it
   * @param shipped the same, from the shipped configuration
   * @param test path below the tests, and method
   */
  record Figure(String what, String value, String where, Function<Loaded, Object> shipped, String test) {
    String row() {
      String name = test.substring(test.lastIndexOf('/') + 1);
      return "| " + what + " | " + value + " | " + where + " | `" + name + "` |";
    }

    @Override
    public String toString() {
      return what;
    }
  }

  private static final String GRANTS = "engine/GrantTest.";
  private static final String BONUS = "engine/BonusTest.";
  private static final List<Figure> FIGURES =
      List.of(
          policy("saved in a calendar month, at most", "1,000 kr", "`savings: a-month-at-most`",
              programme -> kronor(programme.savings().monthMinor()),
              "engine/SavingsTest.shouldTakeAThousandKronorACalendarMonth"),
          policy("saved in all, at most", "6 monthly amounts", "`savings: buffer-months`",
              programme -> programme.savings().bufferMonths() + " monthly amounts",
              "engine/SavingsTest.shouldHoldSixMonthlyAmounts"),
          policy("drawn for review", "2 %", "`review-sample-percent`",
              programme -> programme.reviewPercent() + " %", "app/ReviewSampleTest.shouldDrawTwoOfAHundred"),
          policy("alcohol, gambling, luxury", "blocked", "`categories:`",
              programme -> Stream.of("alcohol-tobacco", "gambling", "luxury")
                  .allMatch(name -> group(programme, name) == CategoryGroup.BLOCKED) ? "blocked" : "not blocked",
              "engine/PolicyTest.shouldDecideEveryMccOfTheTableByItsGroup"),
          policy("a child's leisure activity", "never denied by category, cap or limit", "`categories:`",
              SeedFiguresTest::ofChildren, "app/config/SeedFiguresTest.shouldShipTheFigureOfTheFoundingDocuments"),
          policy("abroad", "after approval, in any category", "`home-country`",
              programme -> programme.homeCountry() == 752 ? "after approval, in any category" : "elsewhere",
              "engine/PolicyTest.shouldCountEveryMerchantAbroadAsAbroadUnlessItIsBlocked"),
          policy("one restaurant purchase, not luxury up to", "500 kr [choice]", "`one-purchase-at-most`",
              programme -> kronor(category(programme, "restaurants").luxuryLimitMinor()) + " [choice]",
              "engine/NaiveRunTest.shouldDecideAsTheRulesWrittenASecondTime"),
          policy("one purchase of clothes, not luxury up to", "3,000 kr [choice]", "`one-purchase-at-most`",
              programme -> kronor(category(programme, "clothes-shoes").luxuryLimitMinor()) + " [choice]",
              "engine/NaiveRunTest.shouldDecideAsTheRulesWrittenASecondTime"),
          policy("fuel, charging, parking, tolls in a calendar month", "1,500 kr [choice]", "`a-month-at-most`",
              programme -> kronor(category(programme, "fuel-parking").monthlyCapMinor()) + " [choice]",
              "engine/CalendarEdgeTest.shouldBeginTheCapAndTheLimitsAnewWithTheDayAndTheMonth"),
          loads("uplift over the benefits replaced", "15 %", "`uplift-percent`",
              rules -> rules.upliftPercent() + " %", CALCULATOR + "shouldAddUpTheHousehold"),
          loads("uplift, least and most", "10 % to 20 %", "refused outside", _ -> "10 % to 20 %",
              CALCULATOR + "shouldRefuseWhatNoProgrammeMayDo"),
          loads("months in which earnings change nothing", "6", "`earnings: untouched-months`",
              LoadRules::untouchedMonths, CALCULATOR + "shouldTaperAfterSixMonths"),
          loads("less per krona earned after that", "0.50 kr", "`earnings: percent-after`",
              rules -> "0.%d kr".formatted(rules.taperPercent()), CALCULATOR + "shouldTaperAfterSixMonths"),
          loads("load and earnings never below", "the national minimum", "`national-minimum`",
              rules -> rules.minimum().firstAdultMinor() > 0 ? "the national minimum" : "nothing",
              CALCULATOR + "shouldNeverTaperBelowTheNationalMinimum"),
          loads("of 10,000 kr, in CASH and HJARTAN", "7,000 and 3,000", "`hjartan-percent`",
              rules -> "%d,000 and %d,000".formatted(10 - rules.hjartanPercent() / 10, rules.hjartanPercent() / 10),
              CALCULATOR + "shouldSplitTenThousandIntoSevenAndThree"),
          loads("välfärdsring, a month", "500 kr", "`ring`", rules -> kronor(rules.ringMinor()), SUPPLEMENTS),
          supplement("tech-development", "2,000 kr to 4,000 kr"),
          supplement("open-source-project", "1,000 kr to 3,000 kr"),
          supplement("skills", "1,000 kr to 2,000 kr"),
          supplement("health", "2,000 kr to 3,000 kr"),
          supplement("mentoring", "1,500 kr to 1,500 kr"),
          supplement("project", "2,500 kr to 2,500 kr"),
          supplement("education", "2,000 kr to 2,000 kr"),
          grants("a grant that neighbours verify, food, at most", "2,000 kr", "`kinds:`",
              rules -> kronor(grant(rules, 1).mostMinor()), GRANTS + "shouldGrantUpToTheFigureOfItsKind"),
          grants("a grant that neighbours verify, appliance, at most", "5,000 kr", "`kinds:`",
              rules -> kronor(grant(rules, 2).mostMinor()), GRANTS + "shouldGrantUpToTheFigureOfItsKind"),
          grants("a grant that neighbours verify, funeral, at most", "10,000 kr", "`kinds:`",
              rules -> kronor(grant(rules, 3).mostMinor()), GRANTS + "shouldGrantUpToTheFigureOfItsKind"),
          grants("a grant that neighbours verify, housing, at most", "8,000 kr", "`kinds:`",
              rules -> kronor(grant(rules, 4).mostMinor()), GRANTS + "shouldGrantUpToTheFigureOfItsKind"),
          grants("a grant that neighbours verify, crisis, at most", "10,000 kr", "`kinds:`",
              rules -> kronor(grant(rules, 5).mostMinor()), GRANTS + "shouldGrantUpToTheFigureOfItsKind"),
          grants("grants for housing in 12 months", "1", "`kinds:`", rules -> grant(rules, 4).mostInPeriod(),
              GRANTS + "shouldGrantHousingOnceInTwelveMonths"),
          grants("neighbours who say YES", "2", "`neighbours`", GrantRules::neighbours,
              GRANTS + "shouldBecomeAnEarmarkWithTheSecondYes"),
          grants("within", "24 hours", "`answer-within-hours`", rules -> rules.answerHours() + " hours",
              GRANTS + "shouldBeAnsweredWithin24Hours"),
          grants("grants of an account", "3 in 12 months", "`in-a-period-at-most`",
              rules -> rules.mostInPeriod() + " in " + rules.periodMonths() + " months",
              GRANTS + "shouldGrantThreeInTwelveMonths"),
          grants("no grants after a conviction", "5 years", "`years-without-after-a-conviction`",
              rules -> rules.convictionMonths() / 12 + " years", GRANTS + "shouldGrantNoneForYearsAfter"),
          grants("no fast track after misuse", "2 years", "`years-without-after-misuse`",
              rules -> rules.misuseMonths() / 12 + " years", GRANTS + "shouldGrantNoneForYearsAfter"),
          grants("grants sampled afterwards", "5 %", "`review-sample-percent`", rules -> rules.reviewPercent() + " %",
              "app/GrantPortTest.shouldDrawGrantsForReviewWithoutNamingTheNeighbour"),
          policy("yearly bonus, at most", "5,000 kr", "`bonus: at-most`",
              programme -> kronor(programme.offers().bonus().mostMinor()),
              BONUS + "shouldPayOnceAYearWhateverIsRetried"),
          policy("a bonus after each", "12 months", "`bonus: every-months`",
              programme -> programme.offers().bonus().everyMonths() + " months",
              BONUS + "shouldComeDueTwelveMonthsAfterTheFirstLoad"),
          activity("garden-plot", "400 kr"),
          activity("choir", "600 kr"),
          activity("walking-group", "0 kr"),
          activity("cooking", "300 kr"),
          activity("language-cafe", "200 kr"),
          activity("book-circle", "0 kr"),
          activity("writing", "500 kr"),
          new Figure(
              "a month's load of a card, whatever is retried", "once", "the engine", _ -> "once",
              "engine/NaiveRunTest.shouldDecideAsTheRulesWrittenASecondTime"),
          new Figure(
              "a decline says how to appeal", "in Swedish and English", "the texts",
              _ -> "in Swedish and English", "explain/LanguageTest.class"));

  private static @Nullable Loaded loaded;

  @BeforeAll
  static void readShipped() throws ConfigurationException {
    loaded = ConfigurationFolder.read(ConfigFixture.shipped().resolve("demo"), 0);
  }

  private static Figure policy(
      String what, String value, String key, Function<Programme, Object> shipped, String test) {
    return new Figure(
        what, value, "`" + POLICY + "`, " + key, all -> shipped.apply(all.configuration().programmes().getFirst()),
        test);
  }

  private static Figure loads(
      String what, String value, String key, Function<LoadRules, Object> shipped, String test) {
    return new Figure(
        what, value, "`" + LOADS + "`, " + key,
        all -> shipped.apply(Objects.requireNonNull(all.loads().get("botkyrka"))), test);
  }

  private static Figure supplement(String key, String value) {
    return loads("supplement " + key, value, "`supplements`", rules -> bounds(rules, key), SUPPLEMENTS);
  }

  private static Figure grants(
      String what, String value, String key, Function<GrantRules, Object> shipped, String test) {
    return policy(what, value, "`grants:` " + key, programme -> shipped.apply(programme.offers().grants()), test);
  }

  private static GrantKind grant(GrantRules rules, int number) {
    return Objects.requireNonNull(rules.kind(number));
  }

  private static Figure activity(String key, String value) {
    return new Figure(
        "prescription, " + key + ", a period", value, "`prescriptions/botkyrka.yaml`, `activities`",
        all -> kronor(Objects.requireNonNull(prescribed(all).get(key)).priceMinor()),
        "app/EarmarkPortTest.shouldPrescribeWeeksAndVisitsAtTheProgrammesPrice");
  }

  private static Map<String, Activity> prescribed(Loaded all) {
    return Objects.requireNonNull(all.prescriptions().get("botkyrka"));
  }

  private static String bounds(LoadRules rules, String key) {
    return rules.supplements().stream()
        .filter(each -> each.key().equals(key))
        .map(each -> kronor(each.fromMinor()) + " to " + kronor(each.toMinor()))
        .findFirst()
        .orElse("there is none");
  }

  private static String kronor(long minor) {
    return String.format(Locale.ROOT, "%,d kr", minor / 100);
  }

  private static Category category(Programme programme, String name) {
    return programme.categories().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  private static CategoryGroup group(Programme programme, String name) {
    return category(programme, name).group();
  }

  private static String ofChildren(Programme programme) {
    Category children =
        programme.categories().stream().filter(each -> each.name().startsWith("child")).findFirst().orElseThrow();
    boolean free =
        children.group() == CategoryGroup.ALLOWED
            && children.monthlyCapMinor() == Category.NO_LIMIT
            && children.luxuryLimitMinor() == Category.NO_LIMIT
            && !children.limits().isOverTime()
            && !programme.limits().isOverTime();
    return free ? "never denied by category, cap or limit" : "may be denied";
  }

  static List<Figure> figures() {
    return FIGURES;
  }

  @ParameterizedTest
  @MethodSource("figures")
  void shouldShipTheFigureOfTheFoundingDocuments(Figure figure) {
    assertEquals(figure.value, String.valueOf(figure.shipped.apply(Objects.requireNonNull(loaded))));
  }

  @ParameterizedTest
  @MethodSource("figures")
  void shouldNameATestThatThereIs(Figure figure) throws IOException {
    int dot = figure.test.lastIndexOf('.');
    String file = figure.test.substring(0, dot) + ".java";
    String method = figure.test.substring(dot + 1);
    String source = Files.readString(root().resolve(TESTS + file));

    assertTrue(method.equals("class") || source.contains(" void " + method + "("), figure.test);
  }

  @Test
  void shouldBeWrittenUpRowByRow() throws IOException {
    Path page = root().resolve("docs/internals/figures.md");
    List<String> rows =
        Files.readAllLines(page).stream()
            .dropWhile(line -> !line.startsWith("| figure |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("| "))
            .toList();

    assertEquals(
        String.join("\n", FIGURES.stream().map(Figure::row).toList()),
        String.join("\n", rows),
        "the rows of " + page + " differ from the test; these are the rows that belong there");
  }

  private static Path root() {
    return Path.of(System.getProperty("project.root"));
  }
}
