package se.valfardskort.authorizer.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.LoadRules.PerHousehold;
import se.valfardskort.authorizer.domain.LoadRules.Supplement;
import se.valfardskort.authorizer.domain.LoadStatement.Component;
import se.valfardskort.authorizer.domain.LoadStatement.Kind;

/** The month's load: every figure that the founders give (domain.md section 4), by hand and as a property. */
class LoadCalculatorTest {
  private static final long SEED = 20_261_122;
  private static final int ROUNDS = 20_000;

  /** One adult without rent: 8,695.65 and 15 % are 10,000.00, of which 3,000 come as Hjartan. */
  private static final LoadRules RULES = rules(15);

  private static LoadRules rules(int uplift) {
    return new LoadRules(
        new PerHousehold(869_565, 500_000, 300_000), 900_000, uplift, 6, 50,
        new PerHousehold(450_000, 300_000, 250_000), 30, 50_000,
        List.of(
            new Supplement("tech-development", 200_000, 400_000),
            new Supplement("open-source-project", 100_000, 300_000),
            new Supplement("mentoring", 150_000, 150_000)));
  }

  private static LoadNeed need(int adults, int children, long rent, long special, long earned, int month) {
    return new LoadNeed(adults, children, rent, special, earned, month, false, Map.of());
  }

  private static long amount(LoadStatement statement, Kind kind) {
    return statement.components().stream().filter(each -> each.kind() == kind).mapToLong(Component::amountMinor).sum();
  }

  @Test
  void shouldSplitTenThousandIntoSevenAndThree() {
    LoadStatement load = LoadCalculator.of(RULES, need(1, 0, 0, 0, 0, 1));

    assertEquals(1_000_000, load.totalMinor());
    assertEquals(700_000, load.cashMinor());
    assertEquals(300_000, load.hjartanMinor());
    assertEquals(
        List.of(new Component(Kind.BASE, "", 869_565), new Component(Kind.UPLIFT, "", 130_435)), load.components());
  }

  /** 15 % of what is before it; the rent counts up to 9,000.00. */
  @ParameterizedTest
  @CsvSource({
    // adults, children, rent, special needs, base, rent that counts, uplift
    "1, 0, 500000, 0, 869565, 500000, 205435",
    "1, 2, 900000, 0, 1469565, 900000, 355435",
    "2, 3, 1200000, 40000, 2269565, 900000, 481435",
    "1, 0, 900001, 1, 869565, 900000, 265435",
  })
  void shouldAddUpTheHousehold(
      int adults, int children, long rent, long special, long base, long counted, long uplift) {
    LoadStatement load = LoadCalculator.of(RULES, need(adults, children, rent, special, 0, 1));

    assertEquals(base, amount(load, Kind.BASE));
    assertEquals(counted, amount(load, Kind.RENT));
    assertEquals(special, amount(load, Kind.SPECIAL_NEEDS));
    assertEquals(uplift, amount(load, Kind.UPLIFT));
    assertEquals(base + counted + special + uplift, load.totalMinor());
  }

  /** Of 10,000.00 and a minimum of 4,500.00: half a krona less per krona earned, from the seventh month on. */
  @ParameterizedTest
  @CsvSource({
    "6, 2000000, 1000000",
    "7, 0, 1000000",
    "7, 1, 1000000",
    "7, 3, 999999",
    "7, 200000, 900000",
    "7, 600000, 700000",
    "7, 2000000, 0",
    "7, 9000000, 0",
    "100, 200000, 900000",
  })
  void shouldTaperAfterSixMonths(int month, long earned, long total) {
    assertEquals(total, LoadCalculator.of(RULES, need(1, 0, 0, 0, earned, month)).totalMinor());
  }

  /** Base 2,000.00, minimum 4,500.00, rent 3,000.00: 5,750.00 with the uplift, with the earnings at least 7,500.00. */
  @ParameterizedTest
  @CsvSource({"100000, 575000", "200000, 550000", "300000, 450000", "400000, 375000", "700000, 225000"})
  void shouldNeverTaperBelowTheNationalMinimum(long earned, long total) {
    LoadRules poor =
        new LoadRules(
            new PerHousehold(200_000, 0, 0), 900_000, 15, 6, 50,
            new PerHousehold(450_000, 0, 0), 30, 50_000, List.of());

    LoadStatement load = LoadCalculator.of(poor, need(1, 0, 300_000, 0, earned, 7));

    assertEquals(total, load.totalMinor());
  }

  @Test
  void shouldAddSupplementsAndTheRingWithoutUpliftOrTaper() {
    LoadNeed need =
        new LoadNeed(1, 0, 0, 0, 2_000_000, 7, true, Map.of("tech-development", 250_000L, "mentoring", 150_000L));

    LoadStatement load = LoadCalculator.of(RULES, need);

    assertEquals(
        List.of(
            new Component(Kind.BASE, "", 869_565),
            new Component(Kind.UPLIFT, "", 130_435),
            new Component(Kind.TAPER, "", -1_000_000),
            new Component(Kind.SUPPLEMENT, "mentoring", 150_000),
            new Component(Kind.SUPPLEMENT, "tech-development", 250_000),
            new Component(Kind.RING, "", 50_000)),
        load.components());
    assertEquals(450_000, load.totalMinor());
  }

  @Test
  void shouldRefuseWhatNoProgrammeMayDo() {
    for (int uplift : new int[] {9, 21, -1}) {
      String refused = message(() -> rules(uplift));
      assertEquals("the uplift is " + uplift + " percent; give 10 to 20", refused);
    }
    assertEquals("adults is 0; give 1 to 20", message(() -> need(0, 0, 0, 0, 0, 1)));
    assertEquals("month is 0; give 1 to 1200", message(() -> need(1, 0, 0, 0, 0, 0)));
    assertEquals("the rent is -1; give 0 to 10000000000000", message(() -> need(1, 0, -1, 0, 0, 1)));
    assertEquals("the programme has no supplement 'art'", message(() -> with("art", 1)));
    assertEquals("supplement mentoring is 150001; give 150000 to 150000", message(() -> with("mentoring", 150_001)));
    assertEquals("supplement mentoring is 149999; give 150000 to 150000", message(() -> with("mentoring", 149_999)));
  }

  private static void with(String supplement, long amount) {
    LoadCalculator.of(RULES, new LoadNeed(1, 0, 0, 0, 0, 1, false, Map.of(supplement, amount)));
  }

  private static String message(org.junit.jupiter.api.function.Executable refused) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, refused).getMessage());
  }

  /** What the founders promise, whatever the household and the programme. */
  @ParameterizedTest
  @ValueSource(longs = {SEED, SEED + 1})
  void shouldKeepWhatIsPromised(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
      LoadRules rules =
          new LoadRules(
              household(random), random.nextLong(1_500_000), random.nextInt(10, 21), random.nextInt(13),
              random.nextInt(101), household(random), random.nextInt(101), random.nextLong(100_000), List.of());
      LoadNeed need =
          new LoadNeed(
              random.nextInt(1, 4), random.nextInt(6), random.nextLong(2_000_000), random.nextLong(200_000),
              random.nextLong(4_000_000), random.nextInt(1, 40), random.nextBoolean(), Map.of());
      String what = "seed " + seed + ", round " + round + ": " + rules + ", " + need;
      LoadStatement load = LoadCalculator.of(rules, need);
      long replaced = amount(load, Kind.BASE) + amount(load, Kind.RENT) + amount(load, Kind.SPECIAL_NEEDS);
      long uplift = amount(load, Kind.UPLIFT);
      long taper = -amount(load, Kind.TAPER);
      long ring = amount(load, Kind.RING);
      long minimum = rules.minimum().of(need.adults(), need.children()) + amount(load, Kind.RENT);

      assertEquals(replaced + uplift - taper + ring, load.cashMinor() + load.hjartanMinor(), what);
      assertTrue(uplift * 100 >= replaced * 10 && uplift * 100 < replaced * 20 + 100, what);
      assertTrue(taper >= 0 && taper * 100 <= need.earnedMinor() * rules.taperPercent(), what);
      assertTrue(need.month() > rules.untouchedMonths() || taper == 0, what);
      assertTrue(taper == 0 || replaced + uplift - taper + need.earnedMinor() >= minimum, what);
      assertTrue(load.cashMinor() >= 0 && load.hjartanMinor() >= 0, what);
      assertTrue(load.hjartanMinor() * 100 <= load.totalMinor() * rules.hjartanPercent(), what);
    }
  }

  private static PerHousehold household(SplittableRandom random) {
    return new PerHousehold(random.nextLong(1_000_000), random.nextLong(600_000), random.nextLong(400_000));
  }
}
