package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** The limits beside a second count, which adds all purchases up anew each time, by dates of the Java library. */
final class PurchaseLimitRandomTest {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
  private static final int ANNA = 7;
  private static final int STEPS = 4_000;
  private static final long HOLD_MS = 7 * EngineFixture.DAY_MS;
  private static final int[] MCCS = {5411, 5541, 5912};
  private static final Limits ALL = new Limits(300_00, 700_00, 6, 4_000_00, 40);
  private static final Limits FOOD = new Limits(250_00, 400_00, 3, 1_500_00, 15);
  private static final Limits FUEL = new Limits(-1, -1, 2, -1, -1);

  /** One that was approved. */
  private static final class Purchase {
    private final TestRequest request;
    private final long timeMs;
    private final LocalDate day;
    private long amount;
    private boolean held;
    private boolean over;

    Purchase(TestRequest request, long timeMs) {
      this.request = request;
      this.timeMs = timeMs;
      day = dayOf(timeMs);
      amount = request.amount;
      held = request.messageClass == MessageClass.AUTHORIZATION;
    }

    void end() {
      amount = 0;
      held = false;
      over = true;
    }
  }

  private final EngineFixture fixture =
      EngineFixture.configured(new EngineCapacity(10, 10, 3_000, 6_000, 60, 4, 1 << 18));
  private final List<Purchase> purchases = new ArrayList<>();
  private final Map<DeclineReason, Integer> seen = new EnumMap<>(DeclineReason.class);

  private static LocalDate dayOf(long timeMs) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(timeMs), STOCKHOLM);
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 20_261_122})
  void shouldCountAsTheSecondCountDoes(long seed) {
    System.out.println("limits: seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    fixture.activate(TestPolicy.withLimits(ALL, Map.of("food", FOOD, "fuel", FUEL)));
    fixture.card(ANNA);
    fixture.load(ANNA, 0, 1_000_000_00, 0);
    for (int step = 0; step < STEPS; step++) {
      fixture.timeMs += random.nextLong(EngineFixture.DAY_MS / 8);
      fixture.tick(1_000);
      purchases.stream()
          .filter(purchase -> purchase.held && purchase.timeMs + HOLD_MS <= fixture.timeMs)
          .forEach(Purchase::end);
      switch (random.nextInt(6)) {
        case 0 -> reverse(random);
        case 1 -> complete(random);
        default -> buy(random);
      }
    }
    fixture.engine.checkInvariants();
    for (DeclineReason reason
        : List.of(
            DeclineReason.PURCHASE_LIMIT, DeclineReason.CATEGORY_PURCHASE_LIMIT, DeclineReason.DAY_AMOUNT,
            DeclineReason.CATEGORY_DAY_AMOUNT, DeclineReason.CATEGORY_DAY_COUNT, DeclineReason.MONTH_AMOUNT,
            DeclineReason.CATEGORY_MONTH_AMOUNT)) {
      assertTrue(seen.containsKey(reason), reason + " is not among " + seen);
    }
  }

  private void buy(SplittableRandom random) {
    TestRequest request = fixture.request(ANNA);
    request.rrn = "%012d".formatted(request.stan);
    request.mcc = MCCS[random.nextInt(MCCS.length)];
    request.amount = random.nextLong(320_00) + 1;
    request.messageClass = random.nextBoolean() ? MessageClass.AUTHORIZATION : MessageClass.FINANCIAL;
    DeclineReason expected = expected(request);

    DeclineReason reason = fixture.send(request).reason();

    assertEquals(expected, reason);
    if (reason == null) {
      purchases.add(new Purchase(request, fixture.timeMs));
    } else {
      seen.merge(reason, 1, Integer::sum);
    }
  }

  private void reverse(SplittableRandom random) {
    Purchase purchase = newest(random, each -> !each.over);
    if (purchase != null) {
      TestRequest reversal = purchase.request.reversal(fixture.newKey());
      reversal.replacement = random.nextBoolean() ? 0 : random.nextLong(purchase.amount) + 1;
      fixture.send(reversal);
      if (reversal.replacement == 0) {
        purchase.end();
      } else {
        purchase.amount = reversal.replacement;
      }
    }
  }

  /** For less, which is final. */
  private void complete(SplittableRandom random) {
    Purchase purchase = newest(random, each -> each.held);
    if (purchase != null) {
      long amount = random.nextLong(purchase.amount) + 1;
      fixture.send(purchase.request.completion(fixture.newKey(), amount));
      purchase.amount = amount;
      purchase.held = false;
      // A reversal that names the hold changes nothing any more.
      purchase.over = true;
    }
  }

  private @Nullable Purchase newest(SplittableRandom random, Predicate<Purchase> wanted) {
    List<Purchase> fitting =
        purchases.stream().skip(Math.max(0, purchases.size() - 12)).filter(wanted).toList();
    return fitting.isEmpty() ? null : fitting.get(random.nextInt(fitting.size()));
  }

  private @Nullable DeclineReason expected(TestRequest request) {
    LocalDate today = dayOf(fixture.timeMs);
    YearMonth month = YearMonth.from(today);
    int mcc = request.mcc;
    Limits own = mcc == MCCS[0] ? FOOD : mcc == MCCS[1] ? FUEL : Limits.NONE;
    Predicate<Purchase> day = each -> each.day.equals(today);
    Predicate<Purchase> inMonth = each -> YearMonth.from(each.day).equals(month);
    Predicate<Purchase> same = each -> each.request.mcc == mcc;
    long amount = request.amount;
    if (isAbove(capOf(mcc), sum(inMonth.and(same)) + amount)) {
      return DeclineReason.CATEGORY_CAP;
    }
    if (isAbove(ALL.purchaseMinor(), amount)) {
      return DeclineReason.PURCHASE_LIMIT;
    }
    if (isAbove(own.purchaseMinor(), amount)) {
      return DeclineReason.CATEGORY_PURCHASE_LIMIT;
    }
    if (isAbove(ALL.dayMinor(), sum(day) + amount)) {
      return DeclineReason.DAY_AMOUNT;
    }
    if (isAbove(own.dayMinor(), sum(day.and(same)) + amount)) {
      return DeclineReason.CATEGORY_DAY_AMOUNT;
    }
    if (isAbove(ALL.dayCount(), count(day) + 1)) {
      return DeclineReason.DAY_COUNT;
    }
    if (isAbove(own.dayCount(), count(day.and(same)) + 1)) {
      return DeclineReason.CATEGORY_DAY_COUNT;
    }
    if (isAbove(ALL.monthMinor(), sum(inMonth) + amount)) {
      return DeclineReason.MONTH_AMOUNT;
    }
    if (isAbove(own.monthMinor(), sum(inMonth.and(same)) + amount)) {
      return DeclineReason.CATEGORY_MONTH_AMOUNT;
    }
    if (isAbove(ALL.monthCount(), count(inMonth) + 1)) {
      return DeclineReason.MONTH_COUNT;
    }
    return isAbove(own.monthCount(), count(inMonth.and(same)) + 1) ? DeclineReason.CATEGORY_MONTH_COUNT : null;
  }

  /** The cap on fuel, which is asked before all limits: see {@link TestPolicy#LINES}. */
  private static long capOf(int mcc) {
    return mcc == MCCS[1] ? 1_500_00 : -1;
  }

  private static boolean isAbove(long limit, long value) {
    return limit >= 0 && value > limit;
  }

  private long sum(Predicate<Purchase> which) {
    return purchases.stream().filter(which).mapToLong(each -> each.amount).sum();
  }

  /** What was reversed or has expired was no purchase; what was completed was one. */
  private long count(Predicate<Purchase> which) {
    return purchases.stream().filter(which).filter(each -> each.amount > 0).count();
  }
}
