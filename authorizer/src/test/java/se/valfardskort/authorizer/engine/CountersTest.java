package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * What counts against a category's cap (fuel: 1,500 kr a month) and a provider's ceiling (400 Hjartan a month): holds,
 * postings and what advices add, less what went back.
 */
final class CountersTest extends HolderTest {
  private TestRequest request(int mcc, String merchant, long amount, MessageClass messageClass) {
    TestRequest request = fixture.request(ANNA);
    request.mcc = mcc;
    request.merchant = merchant;
    request.amount = amount;
    request.messageClass = messageClass;
    return request;
  }

  private TestRequest fuel(long amount, MessageClass messageClass) {
    return request(5541, "TANKEN000000001", amount, messageClass);
  }

  private TestRequest atCeiling(long amount, MessageClass messageClass) {
    TestRequest request = request(8351, "TAKET0000000001", amount, messageClass);
    request.processingCode = 9800;
    return request;
  }

  private void assertFuelLeft(long left) {
    assertEquals(DeclineReason.CATEGORY_CAP, fixture.send(fuel(left + 1, MessageClass.AUTHORIZATION)).reason());
    TestRequest fits = fuel(left, MessageClass.AUTHORIZATION);
    assertNull(fixture.send(fits).reason());
    fixture.send(fits.reversal(fixture.newKey()));
  }

  private void assertCeilingLeft(long left) {
    assertEquals(
        DeclineReason.PROVIDER_CEILING, fixture.send(atCeiling(left + 1, MessageClass.AUTHORIZATION)).reason());
    TestRequest fits = atCeiling(left, MessageClass.AUTHORIZATION);
    assertNull(fixture.send(fits).reason());
    fixture.send(fits.reversal(fixture.newKey()));
  }

  @ParameterizedTest
  @EnumSource(value = MessageClass.class, names = {"AUTHORIZATION", "FINANCIAL"})
  void shouldCountHoldsAndPostingsUntilTheyAreGivenBack(MessageClass messageClass) {
    TestRequest fuel = fuel(1_000_00, messageClass);
    fixture.send(fuel);
    TestRequest provider = atCeiling(300_00, messageClass);
    fixture.send(provider);
    assertFuelLeft(500_00);
    assertCeilingLeft(100_00);

    TestRequest lessFuel = fuel.reversal(fixture.newKey());
    lessFuel.replacement = 400_00;
    fixture.send(lessFuel);
    TestRequest lessAtProvider = provider.reversal(fixture.newKey());
    lessAtProvider.replacement = 50_00;
    fixture.send(lessAtProvider);

    assertFuelLeft(1_100_00);
    assertCeilingLeft(350_00);
  }

  @ParameterizedTest
  @ValueSource(strings = {"replaced hold", "replaced posting", "completed hold"})
  void shouldCountWhatAnAdviceAddsOrTakesOff(String what) {
    MessageClass original = what.endsWith("hold") ? MessageClass.AUTHORIZATION : MessageClass.FINANCIAL;
    TestRequest fuel = fuel(1_000_00, original);
    fixture.send(fuel);
    TestRequest provider = atCeiling(100_00, original);
    fixture.send(provider);

    fixture.send(advice(what, fuel, 1_300_00));
    fixture.send(advice(what, provider, 250_00));

    assertFuelLeft(200_00);
    assertCeilingLeft(150_00);
  }

  private TestRequest advice(String what, TestRequest original, long amount) {
    return what.equals("replaced hold")
        ? original.advice(fixture.newKey(), amount)
        : original.completion(fixture.newKey(), amount);
  }

  @Test
  void shouldBeginEachMonthWithNothingCounted() {
    fixture.timeMs = Instant.parse("2026-11-30T22:59:59.999Z").toEpochMilli();
    fixture.send(fuel(1_500_00, MessageClass.FINANCIAL));
    fixture.send(atCeiling(400_00, MessageClass.FINANCIAL));
    fixture.timeMs++;
    fixture.send(fuel(100_00, MessageClass.FINANCIAL));
    fixture.send(atCeiling(30_00, MessageClass.FINANCIAL));

    assertFuelLeft(1_400_00);
    assertCeilingLeft(370_00);
    assertEquals(2026 * 12 + 11, anna().counterMonth());
    assertEquals(List.of(new CardView.Counter("fuel", 100_00)), anna().counters());
  }

  @Test
  void shouldGiveNothingBackToAMonthThatHasBegunSince() {
    fixture.timeMs = Instant.parse("2026-11-30T22:59:59.999Z").toEpochMilli();
    TestRequest november = atCeiling(300_00, MessageClass.FINANCIAL);
    fixture.send(november);
    fixture.timeMs++;
    fixture.send(atCeiling(350_00, MessageClass.FINANCIAL));

    fixture.send(november.reversal(fixture.newKey()));

    assertCeilingLeft(50_00);
  }

  private CardView anna() {
    return Objects.requireNonNull(fixture.engine.card(new UnsafeBuffer(EngineFixture.token(ANNA)), 0));
  }

  /** With a cap of 300 kr for phones, too, which comes to a place of its own behind that for fuel. */
  @Test
  void shouldCountEachCappedCategoryByItself() {
    fixture.activate(withPhonesCapped());
    fixture.send(fuel(1_000_00, MessageClass.FINANCIAL));
    TestRequest phone = request(4814, "TELE00000000001", 250_00, MessageClass.FINANCIAL);
    fixture.send(phone);

    assertFuelLeft(500_00);
    assertEquals(
        List.of(new CardView.Counter("fuel", 1_000_00), new CardView.Counter("phone", 250_00)), anna().counters());
    assertEquals(
        DeclineReason.CATEGORY_CAP,
        fixture.send(request(4814, "TELE00000000001", 50_01, MessageClass.FINANCIAL)).reason());
    fixture.send(phone.reversal(fixture.newKey()));
    assertEquals(
        List.of(new CardView.Counter("fuel", 1_000_00), new CardView.Counter("phone", 0)), anna().counters());

    fixture.timeMs += 10 * EngineFixture.DAY_MS;
    fixture.send(fuel(10_00, MessageClass.FINANCIAL));
    assertEquals(
        List.of(new CardView.Counter("fuel", 10_00), new CardView.Counter("phone", 0)), anna().counters());
  }

  private static Configuration withPhonesCapped() {
    Configuration as = TestPolicy.configuration();
    List<Programme> programmes = new ArrayList<>();
    for (Programme programme : as.programmes()) {
      List<Category> categories = new ArrayList<>();
      for (Category category : programme.categories()) {
        boolean phone = category.name().equals("phone");
        categories.add(
            new Category(
                category.name(), category.group(), category.declineReason(), category.luxuryLimitMinor(),
                phone ? 300_00 : category.monthlyCapMinor(), category.completionTolerancePercent(),
                category.limits()));
      }
      programmes.add(
          new Programme(
              programme.id(), programme.name(), categories, programme.mccRanges(), programme.merchantRules(),
              programme.unlistedGroup(), programme.homeCountry(), programme.contactlessLimitMinor(),
              programme.contactlessCount(), programme.openHolds(), programme.limits(), programme.savings(),
              programme.reviewPercent()));
    }
    return new Configuration(programmes, as.bazNames(), as.providers(), as.partners(), as.civilTime());
  }
}
