package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.app.AdminAsker.Answer;

/** Grants that neighbours verify, and the bonus, over the admin port and from the command line. */
class GrantPortTest {
  private static final long ANNA = 7;
  private static final long BERIT = 8;
  private static final long CECILIA = 9;
  private static final String FOOD = "{\"kind\":\"food\",\"amountMinor\":200000}";
  private static final String KEY = "Idempotency-Key: mat-anna-1";

  private final DemoRig rig;

  GrantPortTest(@TempDir Path folder) throws IOException {
    rig = new DemoRig(folder);
  }

  @BeforeEach
  void start() throws Exception {
    rig.reviewAllGrants();
    rig.start();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Answer ask(String body, String key) throws Exception {
    return rig.asker().post(rig.asker().card(ANNA) + "/grants", body, key);
  }

  private Answer vote(long card, @Nullable Object number, String answer) throws Exception {
    return rig.asker().post(
        rig.asker().card(card) + "/votes",
        "{\"grant\":" + number + ",\"answer\":\"" + answer + "\",\"neitherFamilyNorPartner\":true}");
  }

  private Map<?, ?> newest() throws Exception {
    Answer list = rig.asker().get(rig.asker().card(ANNA) + "/grants");
    return list.map("grants").get("requests") instanceof List<?> all && all.getFirst() instanceof Map<?, ?> first
        ? first
        : Map.of();
  }

  @Test
  void shouldGrantOnceAcrossARestartWhateverIsRetried() throws Exception {
    final Answer asked = ask(FOOD, KEY);
    final Object number = asked.map("grant").get("number");
    final Answer first = vote(BERIT, number, "yes");
    rig.restart();
    final Answer again = ask(FOOD, KEY);
    final Answer other = ask(FOOD.replace("200000", "100000"), KEY);
    final Answer open = ask(FOOD, "Idempotency-Key: mat-anna-2");
    final Answer twice = vote(BERIT, number, "yes");
    final Answer second = vote(CECILIA, number, "yes");
    rig.restart();
    final Answer late = vote(CECILIA, number, "yes");

    assertEquals(201, asked.status(), asked.body().toString());
    assertEquals("open", asked.map("grant").get("state"));
    assertEquals(200, first.status(), first.body().toString());
    assertEquals(200, again.status());
    assertEquals(number, again.map("grant").get("number"));
    assertEquals("idempotency-key-reused", other.title());
    assertEquals("grant-open", open.title());
    assertEquals("vote-given", twice.title());
    assertEquals(200, second.status(), second.body().toString());
    assertEquals("grant-not-open", late.title());
    assertEquals("paid", newest().get("state"));
    Answer earmarks = rig.asker().get(rig.asker().card(ANNA) + "/earmarks");
    assertEquals(1, earmarks.list("earmarks").size());
    assertEquals("00", rig.buy(ANNA, 1_900_00, "5411", "ICA000000000001"));
    assertEquals(700_000L, rig.asker().get(rig.asker().card(ANNA)).map("card").get("cashAvailableMinor"));
    assertFalse(rig.logged().contains("defect"), rig.logged());
  }

  @Test
  void shouldDrawGrantsForReviewWithoutNamingTheNeighbour() throws Exception {
    final Object number = ask(FOOD, KEY).map("grant").get("number");
    vote(BERIT, number, "yes");
    vote(CECILIA, number, "yes");
    final Object account = rig.asker().get(rig.asker().card(ANNA)).map("card").get("account");
    rig.stop();

    assertEquals(ExitCode.OK, rig.journal("sample"), rig.err());

    assertTrue(rig.out().contains("1 of 1 neighbour-verified grants are drawn"), rig.out());
    assertTrue(rig.out().contains("grant=" + number + " account=" + account + " amountMinor=200000"), rig.out());
    assertFalse(rig.out().contains("panToken"), rig.out());
  }

  @Test
  void shouldShowNobodyWhoSaidNo() throws Exception {
    final Object number = ask(FOOD, KEY).map("grant").get("number");
    final String card = rig.asker().card(BERIT);

    final Answer no = vote(BERIT, number, "no");

    assertEquals(200, no.status());
    assertEquals(Set.of("sequence", "answered"), no.body().keySet());
    assertEquals("ordinary", newest().get("state"));
    assertEquals(
        Set.of("number", "kind", "state", "amountMinor", "requestedAt", "answerBefore"), newest().keySet());
    rig.stop();
    assertEquals(ExitCode.OK, rig.journal("dump", "--json", "--kind", "grant-vote"), rig.err());
    final String token = card.substring("/v1/cards/".length(), "/v1/cards/".length() + 16);
    assertTrue(rig.out().contains("\"declared\":true"), rig.out());
    assertFalse(rig.out().contains(token), rig.out());
    assertFalse(rig.out().contains("\"vote\""), rig.out());
    assertFalse(rig.out().contains("\"account\""), rig.out());
    assertFalse(rig.out().contains("panToken"), rig.out());
    assertEquals(ExitCode.OK, rig.journal("explain", String.valueOf(no.sequence()), "--json"), rig.err());
    assertFalse(rig.out().contains(token), rig.out());
    assertFalse(rig.out().contains("\"vote\""), rig.out());
  }

  @Test
  void shouldBarAndLiftAndRefuseWhatIsNotRight() throws Exception {
    AdminAsker asker = rig.asker();
    String card = asker.card(ANNA);

    Answer barred = asker.post(card + "/grant-bar", "{\"reason\":\"misuse\",\"day\":\"2026-01-01\"}");
    final Answer refused = ask(FOOD, KEY);
    final Answer lifted = asker.post(card + "/grant-bar", "{\"reason\":\"misuse\",\"lift\":true}");

    assertEquals(200, barred.status(), barred.body().toString());
    assertEquals("2028-01-01", barred.map("grants").get("barredUntil"));
    assertFalse(barred.body().toString().contains("misuse"), barred.body().toString());
    assertEquals("grant-barred", refused.title());
    assertFalse(lifted.map("grants").containsKey("barredUntil"));
    List<String> wrong = new ArrayList<>();
    for (String[] row : new String[][] {
      {"grants", "{\"kind\":\"yacht\",\"amountMinor\":1}", "bad-member"},
      {"grants", "{\"kind\":\"service-cheque\",\"amountMinor\":1}", "grant-not-offered"},
      {"grants", "{\"kind\":\"food\",\"amountMinor\":200001}", "grant-amount-invalid"},
      {"grants", "{\"kind\":\"food\"}", "grant-amount-invalid"},
      {"grants", "{\"kind\":\"food\",\"amountMinor\":1,\"for\":2}", "unknown-member"},
      {"votes", "{\"grant\":99,\"answer\":\"yes\",\"neitherFamilyNorPartner\":true}", "grant-not-found"},
      {"votes", "{\"grant\":99,\"answer\":\"yes\"}", "vote-incomplete"},
      {"votes", "{\"grant\":99,\"answer\":\"maybe\"}", "bad-member"},
      {"grant-bar", "{\"reason\":\"misuse\"}", "bad-member"},
      {"grant-bar", "{\"reason\":\"misuse\",\"day\":\"2026-01-01\",\"lift\":true}", "bad-member"},
      {"grant-bar", "{\"reason\":\"misuse\",\"day\":\"+999999999-01-01\"}", "bar-invalid"},
      {"bonus", "{\"year\":0,\"amountMinor\":1}", "bad-member"},
      {"bonus", "{\"year\":1,\"amountMinor\":1}", "bonus-not-due"}
    }) {
      Answer answer = asker.post(card + "/" + row[0], row[1], "Idempotency-Key: something-else");
      if (!row[2].equals(answer.title())) {
        wrong.add(row[0] + " " + row[1] + ": " + answer.status() + " " + answer.body());
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals("no-idempotency-key", asker.post(card + "/grants", FOOD).title());
    assertEquals("wrong-method", asker.delete(card + "/votes").title());
    assertEquals("not-found", asker.get(card + "/grants/01").title());
  }

  @Test
  void shouldDoAllOfItFromTheCommandLineInBothLanguages() throws Exception {
    assertEquals(
        ExitCode.OK,
        rig.command("grant", "request", "--number", "7", "--kind", "appliance", "--amount", "5000.00", "--json"),
        rig.err());
    final String number = rig.out().replaceAll("(?s).*\"number\":(\\d+).*", "$1");
    String[] yes = {"--number", "8", "--grant", number, "--yes", "--neither-family-nor-partner"};
    assertEquals(ExitCode.DATA_ERROR, rig.command("grant", "vote", "--number", "8", "--grant", number, "--yes"));
    assertTrue(rig.err().contains("neither family nor partner"), rig.err());
    assertEquals(ExitCode.USAGE, rig.command("grant", "vote", "--number", "8", "--grant", number));
    assertEquals(ExitCode.OK, rig.command("grant", "vote", yes), rig.err());
    assertTrue(rig.out().contains("visas för ingen"), rig.out());
    assertEquals(ExitCode.OK, rig.command("grant", "list", "--number", "7"), rig.err());
    assertTrue(rig.out().contains("väntar på grannarnas svar"), rig.out());
    yes[1] = "9";
    assertEquals(ExitCode.OK, rig.command("grant", "vote", yes), rig.err());
    assertEquals(ExitCode.OK, rig.command("grant", "list", "--number", "7", "--lang", "en"), rig.err());
    assertTrue(rig.out().contains("granted: earmark "), rig.out());
    assertEquals(ExitCode.USAGE, rig.command("grant", "list", "--number", "7", "--lang", "xx"));
    assertEquals(ExitCode.OK, rig.command("grant", "request", "--number", "7", "--kind", "food", "--amount", "1.00"));
    assertEquals(
        ExitCode.OK,
        rig.command("grant", "withdraw", "--number", "7", "--grant", Integer.toString(Integer.parseInt(number) + 1)),
        rig.err());
    assertTrue(rig.out().contains("tillbakadragen"), rig.out());
    assertEquals(
        ExitCode.OK,
        rig.command("grant", "bar", "--number", "7", "--reason", "conviction", "--day", "2026-01-01"),
        rig.err());
    assertTrue(rig.out().contains("Inget snabbspår före 2031-01-01"), rig.out());
    assertEquals(ExitCode.OK, rig.offline("bonus", "list"), rig.err());
    assertEquals("reference,time,account,panToken,year,amount,cash,savings", rig.out().strip());
    assertEquals(ExitCode.OK, rig.command("bonus", "show", "--number", "7"), rig.err());
    assertTrue(rig.out().contains("Högst 5,000.00 kr per år"), rig.out());
    assertEquals(ExitCode.DATA_ERROR, rig.command("bonus", "pay", "--number", "7", "--amount", "100.00"));
    assertEquals(ExitCode.DATA_ERROR, rig.command("bonus", "pay", "--number", "7", "--amount", "1.00", "--year", "1"));
    assertTrue(rig.err().contains("12 months after the first load"), rig.err());
  }

  @Test
  void shouldPayTheBonusOnceAYearAndListItForTheBank() throws Exception {
    rig.clock.pass(366 * 86_400_000L);
    final String bonus = rig.asker().card(ANNA) + "/bonus";

    final Answer paid = rig.asker().post(bonus, "{\"year\":1,\"amountMinor\":500000}");
    rig.restart();
    final Answer again = rig.asker().post(bonus, "{\"year\":1,\"amountMinor\":500000}");
    assertEquals(ExitCode.OK, rig.command("bonus", "pay", "--number", "8", "--amount", "100.50", "--lang", "en"));
    assertTrue(rig.out().contains("Ordered for payout: 100.50 kr"), rig.out());
    assertEquals(ExitCode.DATA_ERROR, rig.command("bonus", "pay", "--number", "8", "--amount", "100.50"));

    assertEquals(201, paid.status(), paid.body().toString());
    assertEquals("bonus-paid", again.title());
    assertEquals(200_000L, rig.asker().get(rig.asker().card(ANNA)).map("card").get("cashAvailableMinor"));
    assertEquals(1L, rig.asker().get(bonus).map("bonus").get("paidYear"));
    assertEquals(ExitCode.OK, rig.offline("bonus", "list"), rig.err());
    List<String> lines = rig.out().lines().toList();
    assertEquals("reference,time,account,panToken,year,amount,cash,savings", lines.getFirst());
    assertEquals(3, lines.size(), rig.out());
    String token = bonus.substring("/v1/cards/".length(), "/v1/cards/".length() + 64);
    assertTrue(lines.get(1).startsWith(paid.sequence() + ",2027-11-03T"), rig.out());
    assertTrue(lines.get(1).endsWith("," + token + ",1,5000.00,5000.00,0.00"), rig.out());
    assertTrue(lines.get(2).endsWith(",1,100.50,100.50,0.00"), rig.out());
    assertEquals(ExitCode.OK, rig.offline("bonus", "list", "--json"), rig.err());
    assertTrue(rig.out().contains("\"amountMinor\":10050"), rig.out());
  }
}
