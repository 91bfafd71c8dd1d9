package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.Limits;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Effect;

/** Cards, loads, funding and configuration: what is accepted, and what is refused and why. */
final class OperatorTest {
  private static final int ANNA = 7;

  private EngineFixture bare() {
    EngineFixture fixture = new EngineFixture();
    fixture.activate(TestPolicy.configuration());
    return fixture;
  }

  @Test
  void shouldIssueHjartanOnlyAgainstBacking() {
    EngineFixture fixture = bare();
    fixture.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);

    assertEquals(CommandRefusal.BACKING_SHORT, fixture.load(ANNA, 0, 0, 1).refusal());
    fixture.fundTreasury(100_00);
    assertEquals(CommandRefusal.BACKING_SHORT, fixture.load(ANNA, 0, 0, 100_01).refusal());
    Answer loaded = fixture.load(ANNA, 0, 0, 100_00);

    assertNull(loaded.refusal());
    assertEquals(Effect.LOADED, loaded.effect());
    assertEquals(100_00, loaded.hjartanAvailable());
    assertEquals(CommandRefusal.BACKING_SHORT, fixture.load(ANNA, 0, 0, 1).refusal());
    fixture.engine.checkInvariants();
  }

  @Test
  void shouldNeverOverdrawThePool() {
    EngineFixture fixture = bare();
    fixture.open(ANNA, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    fixture.fundPool(TestPolicy.OTHER_PROGRAMME, 500_00);

    assertEquals(CommandRefusal.POOL_SHORT, fixture.load(ANNA, 0, 1, 0).refusal());
    fixture.fundPool(TestPolicy.PROGRAMME, 100_00);
    assertEquals(CommandRefusal.POOL_SHORT, fixture.load(ANNA, 0, 100_01, 0).refusal());
    assertEquals(100_00, fixture.load(ANNA, 0, 100_00, 0).cashAvailable());
    fixture.engine.checkInvariants();
  }

  @Test
  void shouldLoadAPeriodExactlyOnce() {
    EngineFixture fixture = EngineFixture.configured();
    int account = fixture.open(ANNA, -1, 0, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3).accountId();
    fixture.open(8, account, 0, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);

    assertNull(fixture.load(ANNA, 2611, 100, 0).refusal());
    assertEquals(CommandRefusal.PERIOD_ALREADY_LOADED, fixture.load(ANNA, 2611, 100, 0).refusal());
    assertEquals(CommandRefusal.PERIOD_ALREADY_LOADED, fixture.load(8, 2611, 100, 0).refusal());
    assertEquals(CommandRefusal.PERIOD_ALREADY_LOADED, fixture.load(ANNA, 2610, 100, 0).refusal());
    assertEquals(CommandRefusal.PERIOD_INVALID, fixture.load(ANNA, 2613, 100, 0).refusal());
    assertNull(fixture.load(ANNA, 0, 100, 0).refusal());
    assertEquals(300, fixture.load(8, 2612, 100, 0).cashAvailable());
  }

  @Test
  void shouldRefuseLoadsThatMakeNoSense() {
    EngineFixture fixture = EngineFixture.configured();
    fixture.card(ANNA);

    assertEquals(CommandRefusal.AMOUNT_INVALID, fixture.load(ANNA, 0, 0, 0).refusal());
    assertEquals(CommandRefusal.AMOUNT_INVALID, fixture.load(ANNA, 0, -1, 2).refusal());
    assertEquals(CommandRefusal.AMOUNT_INVALID, fixture.load(ANNA, 0, Long.MAX_VALUE, 0).refusal());
    assertEquals(CommandRefusal.CARD_NOT_FOUND, fixture.load(99, 0, 1, 0).refusal());
    assertEquals(CommandRefusal.AMOUNT_INVALID, fixture.fundPool(TestPolicy.PROGRAMME, 0).refusal());
    assertEquals(CommandRefusal.PROGRAMME_UNKNOWN, fixture.fundPool(9, 1).refusal());
    assertEquals(CommandRefusal.AMOUNT_INVALID, fixture.fundTreasury(-5).refusal());
  }

  @Test
  void shouldRefuseCardsThatCannotBe() {
    EngineFixture fixture =
        new EngineFixture(new EngineCapacity(3, 2, 10, 10, 20, 2, 1 << 16));
    assertEquals(CommandRefusal.PROGRAMME_UNKNOWN, fixture.open(1, -1, 0, CardStatus.ACTIVE, 3012, 3).refusal());
    fixture.activate(TestPolicy.configuration());

    Answer first = fixture.open(1, -1, 0, CardStatus.ACTIVE, 3012, 3);
    assertNull(first.refusal());
    assertEquals(CommandRefusal.CARD_EXISTS, fixture.open(1, -1, 0, CardStatus.ACTIVE, 3012, 3).refusal());
    assertEquals(CommandRefusal.BAZ_UNKNOWN, fixture.open(2, -1, 5, CardStatus.ACTIVE, 3012, 3).refusal());
    assertEquals(CommandRefusal.EXPIRY_INVALID, fixture.open(2, -1, 0, CardStatus.ACTIVE, 3013, 3).refusal());
    assertEquals(CommandRefusal.STATUS_INVALID, fixture.open(2, -1, 0, CardStatus.NULL_VAL, 3012, 3).refusal());
    assertEquals(CommandRefusal.ACCOUNT_NOT_FOUND, fixture.open(2, 1, 0, CardStatus.ACTIVE, 3012, 3).refusal());
    assertEquals(CommandRefusal.ACCOUNT_ELSEWHERE, fixture.open(2, 0, 1, CardStatus.ACTIVE, 3012, 3).refusal());
    assertEquals(first.accountId(), fixture.open(2, 0, 0, CardStatus.ACTIVE, 3012, 3).accountId());
    assertNull(fixture.open(3, -1, 0, CardStatus.ACTIVE, 3012, 3).refusal());
    assertEquals(CommandRefusal.NO_ROOM, fixture.open(4, -1, 0, CardStatus.ACTIVE, 3012, 3).refusal());
    assertEquals(3, fixture.engine.cards());
    assertEquals(2, fixture.engine.accounts());
  }

  @Test
  void shouldRoundTripAConfiguration() {
    byte[] bytes = ConfigurationCodec.encode(TestPolicy.configuration());

    Configuration decoded = ConfigurationCodec.decode(new UnsafeBuffer(bytes), 0, bytes.length);

    assertArrayEquals(bytes, ConfigurationCodec.encode(decoded));
    assertEquals(TestPolicy.configuration().programmes(), decoded.programmes());
    assertEquals(TestPolicy.configuration().partners(), decoded.partners());
    assertEquals(TestPolicy.configuration().bazNames(), decoded.bazNames());
    assertEquals(8, decoded.providers().size());
    assertArrayEquals(EngineFixture.token(TestPolicy.OWNER_CARD), decoded.providers().get(7).ownerTokens().get(0));
  }

  @Test
  void shouldRefuseAConfigurationCutOffAnywhere() {
    byte[] bytes = ConfigurationCodec.encode(TestPolicy.configuration());
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    for (int length = 0; length < bytes.length; length++) {
      int cut = length;
      assertThrows(
          IllegalArgumentException.class, () -> ConfigurationCodec.decode(buffer, 0, cut), "length " + length);
    }
  }

  @Test
  void shouldActivateOnlyWhatWasAnnounced() {
    EngineFixture fixture = new EngineFixture();
    byte[] bytes = ConfigurationCodec.encode(TestPolicy.configuration());
    byte[] altered = bytes.clone();
    altered[bytes.length - 1] ^= 1;
    int chunks = Commands.configurationChunks(bytes.length);
    assertTrue(chunks >= 3, "too small a configuration to say anything");

    assertEquals(CommandRefusal.CONFIGURATION_INCOMPLETE, fixture.activateOnly(bytes).refusal());
    assertEquals(CommandRefusal.CONFIGURATION_OUT_OF_ORDER, fixture.chunk(bytes, 1).refusal());
    assertNull(fixture.chunk(bytes, 0).refusal());
    assertEquals(CommandRefusal.CONFIGURATION_OUT_OF_ORDER, fixture.chunk(bytes, 2).refusal());
    assertEquals(CommandRefusal.CONFIGURATION_INCOMPLETE, fixture.activateOnly(bytes).refusal());
    for (int index = 0; index < chunks; index++) {
      assertNull(fixture.chunk(bytes, index).refusal());
    }
    assertEquals(CommandRefusal.CONFIGURATION_CHECKSUM, fixture.activateOnly(altered).refusal());
    assertEquals(0, fixture.engine.activeConfigurationSha256().length);
    assertNull(fixture.activateOnly(bytes).refusal());
    assertArrayEquals(ConfigurationHandler.sha256(bytes), fixture.engine.activeConfigurationSha256());
    assertEquals(2, fixture.engine.activeConfiguration().programmes().size());
  }

  @Test
  void shouldRefuseAConfigurationThatContradictsItselfOrTheState() {
    EngineFixture fixture = EngineFixture.configured();
    fixture.card(ANNA);
    Configuration good = TestPolicy.configuration();
    Programme first = good.programmes().get(0);
    List<Category> categories = new ArrayList<>(first.categories());
    categories.add(new Category("new", CategoryGroup.BLOCKED, null, -1, -1, 0, Limits.NONE));
    List<MccRange> ranges = new ArrayList<>(first.mccRanges());
    ranges.add(new MccRange(9406, 9410, 0, false));

    refused(fixture, with(good, List.of()), "has accounts or money");
    refused(fixture, with(good, List.of(with(first, categories, first.mccRanges()))), "names no reason");
    refused(fixture, with(good, List.of(with(first, first.categories(), ranges))), "overlaps");
    refused(fixture, with(good, List.of(first, first)), "occurs twice");
    refused(
        fixture,
        new Configuration(good.programmes(), List.of("baz-annan"), List.of(), good.partners(), good.civilTime()),
        "only append");
    assertNull(fixture.activate(good).refusal());
    assertEquals("", fixture.engine.configurationFault());
    fixture.engine.checkInvariants();
  }

  @Test
  void shouldRefuseFiguresThatWouldStopTheEngineOrDeclineEverything() {
    EngineFixture fixture = EngineFixture.configured();
    Configuration good = TestPolicy.configuration();
    Programme first = good.programmes().get(0);
    Partner partner = good.partners().get(0);
    Map<Integer, String> codes = new TreeMap<>(partner.declines());
    codes.put(999, "ABCDEFG");
    Partner longCode =
        new Partner(
            partner.id(), partner.name(), partner.acquirers(), partner.approvals(), codes, false, false, -1);

    refused(
        fixture,
        new Configuration(
            good.programmes(), good.bazNames(), good.providers(), List.of(longCode), good.civilTime()),
        "response code ABCDEFG");
    refused(fixture, with(good, List.of(with(first, -2, 5, 100))), "negative limit");
    refused(fixture, with(good, List.of(with(first, 400_00, -2, 100))), "negative limit");
    refused(fixture, with(good, List.of(with(first, 400_00, 5, -2))), "negative limit");
  }

  private static Programme with(Programme good, long contactlessLimit, int contactlessCount, int openHolds) {
    return new Programme(
        good.id(),
        good.name(),
        good.categories(),
        good.mccRanges(),
        good.merchantRules(),
        good.unlistedGroup(),
        good.homeCountry(),
        contactlessLimit,
        contactlessCount,
        openHolds,
        good.limits(),
        good.savings(),
        good.reviewPercent());
  }

  private static void refused(EngineFixture fixture, Configuration configuration, String because) {
    assertEquals(CommandRefusal.CONFIGURATION_INVALID, fixture.activate(configuration).refusal());
    String fault = fixture.engine.configurationFault();
    assertTrue(fault.contains(because), fault);
  }

  private static Configuration with(Configuration good, List<Programme> programmes) {
    return new Configuration(programmes, good.bazNames(), good.providers(), good.partners(), good.civilTime());
  }

  private static Programme with(Programme good, List<Category> categories, List<MccRange> ranges) {
    return new Programme(
        good.id(),
        good.name(),
        categories,
        ranges,
        good.merchantRules(),
        good.unlistedGroup(),
        good.homeCountry(),
        good.contactlessLimitMinor(),
        good.contactlessCount(),
        good.openHolds(),
        good.limits(),
        good.savings(),
        good.reviewPercent());
  }

  @Test
  void shouldKeepTheMonthsCountersWhenTheCategoriesAreReordered() {
    EngineFixture fixture = EngineFixture.configured();
    fixture.card(ANNA);
    TestRequest fuel = fixture.request(ANNA);
    fuel.mcc = 5541;
    fuel.amount = 1_500_00;
    fixture.send(fuel);
    Configuration good = TestPolicy.configuration();
    Programme first = good.programmes().get(0);
    List<Category> categories = new ArrayList<>(first.categories());
    categories.set(0, new Category("rent", CategoryGroup.ALLOWED, null, -1, 1_000_000_00, 0, Limits.NONE));

    fixture.activate(with(good, List.of(with(first, categories, first.mccRanges()), good.programmes().get(1))));

    TestRequest more = fixture.request(ANNA);
    more.mcc = 5541;
    TestRequest rent = fixture.request(ANNA);
    rent.mcc = 6513;
    assertEquals(DeclineReason.CATEGORY_CAP, fixture.send(more).reason());
    assertNull(fixture.send(rent).reason());
  }

  @Test
  void shouldRefuseToApplyWhatWasNotDecidedAndTimeThatGoesBack() {
    EngineFixture fixture = EngineFixture.configured();
    UnsafeBuffer command = new UnsafeBuffer(new byte[1024]);
    UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
    int length = Commands.tick(command, 0, 1);

    assertThrows(
        IllegalStateException.class,
        () -> fixture.engine.apply(command, 0, length, fixture.timeMs, decision, 0));
    fixture.engine.decide(command, 0, length, 1, decision, 0);
    assertThrows(
        IllegalStateException.class, () -> fixture.engine.apply(command, 0, length, 1, decision, 0));
    assertFalse(fixture.engine.remembers(command, 0, length, decision, 0));
  }
}
