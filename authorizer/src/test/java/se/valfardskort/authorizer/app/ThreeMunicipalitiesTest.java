package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.engine.PolicyRun;

/** Botkyrka, Dorotea and Malmo on one authorizer: what one has, says and counts is nothing to the others. */
class ThreeMunicipalitiesTest {
  private static final int BOTKYRKA = 1;
  private static final int DOROTEA = 2;
  private static final int MALMO = 3;
  private static final int FITTJA_BAZ = 0;
  private static final int DOROTEA_BAZ = 1;
  private static final int ROSENGARD_BAZ = 2;
  private static final long POOL = 20_000_00;
  private static final long DAY_MS = 86_400_000L;
  private static final String SHOP = "ICA000000000001";

  private final ConfigurationFolder.Loaded loaded;
  private final PolicyRun run;

  ThreeMunicipalitiesTest() throws ConfigurationException {
    loaded = ConfigurationFolder.read(ConfigFixture.shipped().resolve("three-municipalities"), 0);
    run = new PolicyRun(loaded.configuration(), POOL);
    // A card's number is its programme's.
    assertEquals(0, run.open(BOTKYRKA, BOTKYRKA, FITTJA_BAZ));
    assertEquals(1, run.open(DOROTEA, DOROTEA, DOROTEA_BAZ));
    assertEquals(2, run.open(MALMO, MALMO, ROSENGARD_BAZ));
  }

  private void loadAll() {
    for (int card = BOTKYRKA; card <= MALMO; card++) {
      assertEquals("", run.tryLoad(card, 10_000_00, 1_000_00));
    }
  }

  private String buy(int card, int mcc, String shop, long amount) {
    return run.buy(card, mcc, shop, amount, false).outcome();
  }

  @Test
  void shouldReadThreePoliciesWithTheirLanguagesAndNeighbourhoods() {
    Map<String, PolicyFile> policies = loaded.policies();
    assertEquals(List.of("botkyrka", "dorotea", "malmo"), List.copyOf(policies.keySet()));
    assertEquals(
        List.of(List.of("sv", "en"), List.of("sv"), List.of("en", "sv")),
        policies.values().stream().map(PolicyFile::languages).toList());
    assertEquals(
        List.of(List.of("baz-fittja"), List.of("baz-dorotea"), List.of("baz-rosengard", "baz-mollevangen")),
        policies.values().stream().map(PolicyFile::baz).toList());
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      8299, 100000, APPROVAL_EDUCATION, approved,   APPROVAL_EDUCATION
      1234, 100000, approved,           approved,   APPROVAL_UNLISTED
      5541, 140000, approved,           approved,   CATEGORY_CAP
      5541, 250000, CATEGORY_CAP,       approved,   CATEGORY_CAP
      5411, 550000, approved,           DAY_AMOUNT, approved
      7995, 100000, BLOCKED_GAMBLING,   BLOCKED_GAMBLING, BLOCKED_GAMBLING
      """)
  void shouldAnswerEachCardByItsOwnPolicy(int mcc, long amount, String botkyrka, String dorotea, String malmo) {
    loadAll();

    assertEquals(botkyrka, buy(BOTKYRKA, mcc, SHOP, amount));
    assertEquals(dorotea, buy(DOROTEA, mcc, SHOP, amount));
    assertEquals(malmo, buy(MALMO, mcc, SHOP, amount));
  }

  @Test
  void shouldJudgeOneShopThreeTimes() {
    loadAll();

    assertEquals("approved", buy(BOTKYRKA, 5993, "KIOSKEN00000001", 100_00));
    assertEquals("BLOCKED_ALCOHOL_TOBACCO", buy(DOROTEA, 5993, "KIOSKEN00000001", 100_00));
    assertEquals("MERCHANT_DENIED", buy(MALMO, 5993, "KIOSKEN00000001", 100_00));
    assertEquals("CATEGORY_CAP", buy(BOTKYRKA, 5541, "LANTHANDEL00001", 3_100_00));
    assertEquals("approved", buy(DOROTEA, 5541, "LANTHANDEL00001", 3_100_00));
  }

  @Test
  void shouldDrawOnNobodyElsesPool() {
    assertEquals("", run.tryLoad(MALMO, POOL, 0));
    assertEquals("POOL_SHORT", run.tryLoad(MALMO, 1, 0));
    assertEquals("", run.tryLoad(BOTKYRKA, POOL - 1, 0));
    assertEquals("POOL_SHORT", run.tryLoad(BOTKYRKA, 2, 0));
    assertEquals("", run.tryLoad(DOROTEA, POOL, 0));
  }

  @Test
  void shouldCountForNobodyElse() {
    loadAll();

    assertEquals("approved", buy(MALMO, 5541, SHOP, 800_00));
    assertEquals("CATEGORY_CAP", buy(MALMO, 5541, SHOP, 1));
    assertEquals("approved", buy(BOTKYRKA, 5541, SHOP, 1_500_00));
    assertEquals("approved", buy(DOROTEA, 5541, SHOP, 3_000_00));
    assertEquals("approved", buy(DOROTEA, 5411, SHOP, 2_000_00));
    assertEquals("DAY_AMOUNT", buy(DOROTEA, 5411, SHOP, 1));
    assertEquals("approved", buy(BOTKYRKA, 5411, SHOP, 6_000_00));
  }

  @Test
  void shouldSpendHjartanAtProvidersOfTheOwnNeighbourhoodAlone() {
    loadAll();
    Map<Integer, String> own =
        Map.of(BOTKYRKA, "BARNKOOP0000001", DOROTEA, "BYABOD000000001", MALMO, "ODLING000000002");

    for (int card = BOTKYRKA; card <= MALMO; card++) {
      for (Map.Entry<Integer, String> provider : own.entrySet()) {
        PolicyRun.Purchase purchase = run.buy(card, 5411, provider.getValue(), 10_00, false);
        assertEquals("approved", purchase.outcome());
        assertEquals(provider.getKey() == card ? 10_00 : 0, purchase.hjartan(), card + " at " + provider);
      }
    }
  }

  @Test
  void shouldLiftNothingForAnotherCardByAnApproval() {
    loadAll();
    long botkyrkas = run.grant(BOTKYRKA, "education", false, 0, 0, DAY_MS);
    assertTrue(botkyrkas > 0);
    assertTrue(run.grant(MALMO, "education", false, 0, 1, DAY_MS) > 0);

    assertFalse(run.revoke(MALMO, botkyrkas));
    assertEquals("approved", buy(MALMO, 8299, SHOP, 10_00));
    assertEquals("APPROVAL_EDUCATION", buy(MALMO, 8299, SHOP, 10_00));
    assertEquals("approved", buy(BOTKYRKA, 8299, SHOP, 10_00));
  }

  @Test
  void shouldAddNoCardToAnAccountOfAnotherProgramme() {
    assertEquals("ACCOUNT_ELSEWHERE", run.add(17, 2, BOTKYRKA, FITTJA_BAZ));
    assertEquals("", run.add(17, 2, MALMO, ROSENGARD_BAZ));
  }
}
