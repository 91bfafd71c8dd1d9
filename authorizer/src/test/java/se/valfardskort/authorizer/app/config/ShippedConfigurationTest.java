package se.valfardskort.authorizer.app.config;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.app.config.CardPlan.PlannedCard;
import se.valfardskort.authorizer.app.config.CardPlan.Status;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.MccRange;
import se.valfardskort.authorizer.domain.MerchantRule;
import se.valfardskort.authorizer.domain.Partner;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.domain.Provider;
import se.valfardskort.authorizer.domain.ProviderStatus;
import se.valfardskort.authorizer.gateway.LinkSettings;

/** What is shipped is what domain.md section 3 and wire.md section 7 say; the literals here are theirs. */
class ShippedConfigurationTest {
  private static ConfigurationFolder.@Nullable Loaded loaded;

  @BeforeAll
  static void readShipped() throws ConfigurationException {
    loaded = ConfigurationFolder.read(ConfigFixture.shipped().resolve("demo"), 0);
  }

  private static ConfigurationFolder.Loaded shipped() {
    return Objects.requireNonNull(loaded);
  }

  private static Programme botkyrka() {
    return shipped().configuration().programmes().getFirst();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      rent-utilities | ALLOWED |  | 6513 4900 5983
      phone-internet | ALLOWED |  | 4812 4814 4816 4899
      food | ALLOWED |  | 5411 5422 5441 5451 5462 5499 5300 5310 5311 5331 5399
      household-goods | ALLOWED |  | 5200 5251 5712 5713 5714 5719 5722 7211 7251 7622 7623 7629
      restaurants | ALLOWED |  | 5812 5814
      childcare-activities | ALLOWED |  | 8351 7997 7999 7032 7911 7941 8641 8699 7933 7996 5940 5941 7993 7994
      clothes-shoes | ALLOWED |  | 5611 5621 5641 5651 5655 5661 5691 5699
      second-hand | ALLOWED |  | 5931
      public-transport | ALLOWED |  | 4111 4112 4131 4121 4789
      fuel-parking | ALLOWED |  | 5541 5542 5552 7523 4784
      health | ALLOWED |  | 5912 8021 8011 8031 8041 8042 8043 8049 8062 8050 8099 5976 5975
      everyday-services | ALLOWED |  | 7230 6300 0742 7261 9399 9311 9222 9402 8398 8661 5994 5942 5192
      education | AFTER_APPROVAL | APPROVAL_EDUCATION | 8211 8220 8241 8244 8249 8299
      work-tools | AFTER_APPROVAL | APPROVAL_WORK_TOOLS | 5045 5732 5734 5137
      moving | AFTER_APPROVAL | APPROVAL_MOVING | 4214 7513
      debt | AFTER_APPROVAL | APPROVAL_DEBT | 6012
      alcohol-tobacco | BLOCKED | BLOCKED_ALCOHOL_TOBACCO | 5921 5715 5813 5993
      gambling | BLOCKED | BLOCKED_GAMBLING | 7995 7800 7801 7802 9406
      luxury | BLOCKED | BLOCKED_LUXURY | 5944 5094 5681 5932 5937 5971 5972
      duty-free | BLOCKED | BLOCKED_TRAVEL_RETAIL | 5309
      other-services | BLOCKED | BLOCKED_SERVICES | 5967 7273 7297
      cash | CASH | QUASI_CASH | 6010 6011 6050 6051 6211 4829 6532 6533 6536 6537 6538 6540
      """)
  void shouldHoldTheWholeCategoryTable(
      String key, CategoryGroup group, @Nullable DeclineReason reason, String mccs) {
    Programme programme = botkyrka();

    Set<Integer> expected = new TreeSet<>();
    for (String mcc : mccs.split(" ", -1)) {
      expected.add(Integer.parseInt(mcc));
    }
    Category category = category(key);
    assertEquals(group, category.group());
    assertEquals(reason, category.declineReason());
    assertEquals(expected, mccsOf(programme, key, false));
    assertEquals(Set.of(), mccsOf(programme, key, true));
  }

  @Test
  void shouldHoldTravelAtHomeAndJourneysAbroad() {
    Set<Integer> atHome = new TreeSet<>(Set.of(7011, 7012, 7512));
    for (int mcc = 3351; mcc <= 3999; mcc++) {
      atHome.add(mcc);
    }
    Set<Integer> abroad = new TreeSet<>(Set.of(4511, 4411, 4722, 5962));
    for (int mcc = 3000; mcc <= 3350; mcc++) {
      abroad.add(mcc);
    }

    assertEquals(CategoryGroup.ALLOWED, category("travel").group());
    assertEquals(atHome, mccsOf(botkyrka(), "travel", false));
    assertEquals(abroad, mccsOf(botkyrka(), "travel", true));
  }

  @Test
  void shouldHoldNothingBesideTheTable() {
    assertEquals(23, botkyrka().categories().size());
    int count = 0;
    for (MccRange range : botkyrka().mccRanges()) {
      count += range.last() - range.first() + 1;
    }
    assertEquals(1143, count);
    assertEquals(CategoryGroup.ALLOWED, botkyrka().unlistedGroup());
  }

  @Test
  void shouldHoldTheShippedFigures() {
    Map<String, Long> luxury = new TreeMap<>();
    Map<String, Long> caps = new TreeMap<>();
    for (Category category : botkyrka().categories()) {
      if (category.luxuryLimitMinor() != Category.NO_LIMIT) {
        luxury.put(category.name(), category.luxuryLimitMinor());
      }
      if (category.monthlyCapMinor() != Category.NO_LIMIT) {
        caps.put(category.name(), category.monthlyCapMinor());
      }
    }

    assertEquals(Map.of("restaurants", 50_000L, "clothes-shoes", 300_000L), luxury);
    assertEquals(Map.of("fuel-parking", 150_000L), caps);
    assertEquals(752, botkyrka().homeCountry());
    assertEquals(40_000, botkyrka().contactlessLimitMinor());
    assertEquals(5, botkyrka().contactlessCount());
    assertEquals(100, botkyrka().openHolds());
  }

  @Test
  void shouldHoldTheMerchantOverrides() {
    int food = botkyrka().categories().indexOf(category("food"));

    assertEquals(
        List.of(
            new MerchantRule(123456, "KIOSKEN00000001", false, food),
            new MerchantRule(123456, "LYXMODE00000001", true, -1)),
        botkyrka().merchantRules());
  }

  @Test
  void shouldRegisterTheEightProviders() {
    Map<String, String> registered = new TreeMap<>();
    for (Provider provider : shipped().configuration().providers()) {
      assertEquals(123456, provider.acquirer());
      registered.put(
          provider.merchantId(), provider.status() + " " + provider.bazIds() + " " + provider.ownerTokens().size());
    }

    assertEquals(List.of("baz-fittja", "baz-annan"), shipped().configuration().bazNames());
    Map<String, String> expected = new HashMap<>();
    for (String merchant : List.of(
        "BARNKOOP0000001", "ODLING000000001", "VERKTYG00000001", "KONSTRUM0000001", "CYKEL0000000001")) {
      expected.put(merchant, ProviderStatus.ACCREDITED + " [0] 0");
    }
    expected.put("SUSPENDED000001", ProviderStatus.SUSPENDED + " [0] 0");
    expected.put("ANNANBAZ0000001", ProviderStatus.ACCREDITED + " [1] 0");
    expected.put("EGENFIRMA000001", ProviderStatus.ACCREDITED + " [0] 1");
    assertEquals(expected, registered);
  }

  @Test
  void shouldOpenTheCardsOfTheDemonstration() {
    CardPlan plan = shipped().cards();

    assertNotNull(plan);
    assertEquals("975200", plan.bin());
    assertEquals(10_000, plan.ordinaryCount());
    assertEquals(10_012, plan.size());
    assertEquals(1_400_000, plan.poolPerCardMinor());
    assertEquals(600_000, plan.backingPerCardMinor());
    assertEquals(new PlannedCard(0, 0, 3012, Status.ACTIVE, 3, 700_000, 300_000), plan.card(12));
    assertEquals(new PlannedCard(9_999, 0, 3012, Status.ACTIVE, 3, 700_000, 300_000), plan.card(10_011));
    assertEquals(
        List.of(
            new PlannedCard(900_000_001, 0, 3012, Status.FROZEN, 3, 700_000, 300_000),
            new PlannedCard(900_000_002, 0, 2401, Status.ACTIVE, 3, 700_000, 300_000),
            new PlannedCard(900_000_003, 0, 3012, Status.ACTIVE, 3, 0, 0),
            new PlannedCard(900_000_004, 0, 3012, Status.LOST, 3, 700_000, 300_000),
            new PlannedCard(900_000_005, 0, 3012, Status.STOLEN, 3, 700_000, 300_000),
            new PlannedCard(900_000_006, 0, 3012, Status.ACTIVE, 0, 700_000, 300_000),
            new PlannedCard(900_000_007, 0, 3012, Status.ACTIVE, 3, 700_000, 300_000),
            new PlannedCard(900_000_008, 0, 3012, Status.ACTIVE, 3, 700_000, 300_000),
            new PlannedCard(900_000_009, 0, 3012, Status.ACTIVE, 3, 0, 0),
            new PlannedCard(900_000_010, 0, 3012, Status.ACTIVE, 3, 700_000, 300_000),
            new PlannedCard(900_000_011, 0, 3012, Status.ACTIVE, 3, 10_000, 5_000),
            new PlannedCard(900_000_012, 1, 3012, Status.ACTIVE, 3, 700_000, 300_000)),
        plan.special());
  }

  @ParameterizedTest
  @CsvSource({"0, 9752000000000001", "42, 9752000000000423", "900000001, 9752009000000010"})
  void shouldCompleteCardNumbersWithTheLuhnDigit(long number, String pan) {
    assertEquals(pan, CardPlan.pan("975200", number));
  }

  @Test
  void shouldOpenBothPortsOf1987ForOnePartnerAndThatOf1993ForAnother() {
    List<NamedLink> links = shipped().links();

    assertEquals(List.of("iso87-binary", "iso87-ascii", "iso93-binary"), links.stream().map(NamedLink::name).toList());
    LinkSettings binary = links.get(0).settings();
    LinkSettings ascii = links.get(1).settings();
    assertEquals("127.0.0.1", binary.address());
    assertEquals(8583, binary.port());
    assertEquals(8584, ascii.port());
    assertEquals("binary2", binary.framing());
    assertEquals("ascii4", ascii.framing());
    assertEquals(List.of(123456L, 654321L), binary.acquirers());
    assertFalse(binary.signOnRequired());
    assertTrue(binary.reasonInDe60());
    assertEquals(LinkSettings.Balances.ALWAYS, binary.balances());
    assertEquals(1000, binary.deadlineMs());
    assertEquals(512, binary.framesInFlight());
    assertEquals(binary.partnerId(), ascii.partnerId());
    LinkSettings later = links.get(2).settings();
    assertEquals("127.0.0.1:8593", later.address() + ":" + later.port());
    assertEquals("binary2+tpdu", later.framing());
    assertEquals("demo93", later.partnerName());
    assertEquals(2, later.partnerId());
    assertEquals(binary.acquirers(), later.acquirers());
    assertFalse(later.signOnRequired());
    assertEquals(LinkSettings.Balances.ALWAYS, later.balances());
  }

  @Test
  void shouldMovePortsByTheOffset() throws ConfigurationException {
    List<NamedLink> links = ConfigurationFolder.read(ConfigFixture.shipped().resolve("demo"), 1000).links();

    assertEquals(9583, links.get(0).settings().port());
    assertEquals(9584, links.get(1).settings().port());
    assertEquals(9593, links.get(2).settings().port());
  }

  @Test
  void shouldAnswerEveryReasonAndNeverWithNeverWhatAnApprovalLifts() {
    Partner partner = shipped().configuration().partners().getFirst();

    for (Approval approval : Approval.values()) {
      assertEquals(approval == Approval.IN_PART ? "10" : "00", partner.approvals().get(approval), approval.name());
    }
    for (DeclineReason reason : DeclineReason.values()) {
      String code = partner.declines().get(reason.code);
      assertNotNull(code, reason.name());
      if (reason.lift == DeclineReason.Lift.BY_APPROVAL) {
        assertTrue(Set.of("05", "53", "61").contains(code), reason + " is answered " + code);
      }
    }
  }

  /** The list of wire.md section 2, by the code that 1987 has for each reason. */
  @Test
  void shouldAnswer1993AsTheInterfaceMapsIt() {
    Map<String, String> of1993 =
        Map.ofEntries(
            entry("03", "109"), entry("05", "100"), entry("12", "902"), entry("13", "110"), entry("14", "111"),
            entry("25", "914"), entry("30", "904"), entry("31", "905"), entry("41", "208"), entry("43", "209"),
            entry("51", "116"), entry("54", "101"), entry("55", "117"), entry("57", "119"), entry("58", "120"),
            entry("61", "121"), entry("62", "104"), entry("63", "916"), entry("65", "123"), entry("75", "106"),
            entry("82", "122"), entry("91", "907"), entry("94", "913"), entry("96", "909"), entry("95", "501"),
            // Not on that list: no account of the type that was asked for.
            entry("39", "114"), entry("53", "114"));
    Partner older = shipped().configuration().partners().get(0);
    Partner later = shipped().configuration().partners().get(1);

    for (DeclineReason reason : DeclineReason.values()) {
      String code = older.declines().get(reason.code);
      assertEquals(of1993.get(code), later.declines().get(reason.code), reason + ", in 1987 " + code);
    }
    assertEquals(
        Map.of(
            Approval.APPROVED, "000", Approval.IN_PART, "002", Approval.VERIFIED, "000", Approval.REVERSED, "400",
            Approval.RECONCILED, "500", Approval.NETWORK, "800"),
        later.approvals());
  }

  @Test
  void shouldMarkTheDemoKeyAsPublicAndNeverPrintIt() {
    TokenKey key = shipped().settings().panTokenKey();

    assertTrue(key.isPublicDemoKey());
    assertEquals("public demo key", key.toString());
    assertEquals(32, key.bytes().length);
  }

  @Test
  void shouldCountDaysAndMonthsAsStockholmDoes() {
    CivilTime civil = StockholmTime.through2100();
    ZoneId stockholm = ZoneId.of("Europe/Stockholm");
    long seed = 752;
    Random random = new Random(seed);

    for (int i = 0; i < 20_000; i++) {
      Instant instant = Instant.ofEpochSecond(random.nextLong(1_577_836_800L, 4_133_980_800L));
      ZonedDateTime local = instant.atZone(stockholm);
      assertEquals(local.toLocalDate().toEpochDay(), civil.epochDay(instant.toEpochMilli()), () -> "seed " + seed);
      assertEquals(
          local.getYear() * 12 + local.getMonthValue() - 1,
          civil.monthIndex(instant.toEpochMilli()),
          () -> "seed " + seed);
    }
    assertEquals(
        LocalDate.parse("2026-07-01").toEpochDay(),
        civil.epochDay(Instant.parse("2026-06-30T22:00:00Z").toEpochMilli()));
  }

  private static Category category(String key) {
    Category found = null;
    for (Category category : botkyrka().categories()) {
      if (category.name().equals(key)) {
        assertNull(found);
        found = category;
      }
    }
    return Objects.requireNonNull(found, key);
  }

  private static Set<Integer> mccsOf(Programme programme, String key, boolean abroadAlways) {
    Set<Integer> mccs = new TreeSet<>();
    for (MccRange range : programme.mccRanges()) {
      if (programme.categories().get(range.category()).name().equals(key) && range.abroadAlways() == abroadAlways) {
        for (int mcc = range.first(); mcc <= range.last(); mcc++) {
          mccs.add(mcc);
        }
      }
    }
    return mccs;
  }
}
