package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.app.AdminAsker.Answer;

/** Earmarks over the admin port and from the command line of a whole authorizer: granted once, whatever is retried. */
class EarmarkPortTest {
  private static final long ANNA = 7;

  private static final String LAST_DAY = "2026-12-12";

  private static final String FRIDGE =
      "{\"kind\":\"appliance\",\"mccs\":[\"5722\",\"7623\"],\"amountMinor\":50000,\"lastDay\":\"" + LAST_DAY + "\"}";
  private static final String KEY = "Idempotency-Key: kylskap-anna-1";
  private static final String SHOP = "VITVAROR0000001";

  private final DemoRig rig;

  EarmarkPortTest(@TempDir Path folder) throws IOException {
    rig = new DemoRig(folder);
  }

  @BeforeEach
  void start() throws Exception {
    rig.start();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static @Nullable Object amount(Answer answer, String name) {
    return answer.map("earmark").get(name);
  }

  @Test
  void shouldGrantOnceWhateverIsRetriedAndPayFirst() throws Exception {
    AdminAsker asker = rig.asker();
    String earmarks = asker.card(ANNA) + "/earmarks";

    final Answer granted = asker.post(earmarks, FRIDGE, KEY);
    final Answer again = asker.post(earmarks, FRIDGE, KEY);
    assertEquals("00", rig.buy(ANNA, 300_00, "5722", SHOP));
    rig.restart();
    final Answer afterRestart = rig.asker().post(earmarks, FRIDGE, KEY);
    final Answer other = rig.asker().post(earmarks, FRIDGE.replace("50000", "50001"), KEY);
    final Answer asApproval =
        rig.asker().post(asker.card(ANNA) + "/approvals",
            "{\"reason\":\"other\",\"lastDay\":\"" + LAST_DAY + "\"}", KEY);
    final Answer card = rig.asker().get(asker.card(ANNA));

    assertEquals(201, granted.status(), granted.body().toString());
    assertEquals(List.of("MCC 5722", "MCC 7623"), amount(granted, "covers"));
    assertEquals(50_000L, amount(granted, "availableMinor"));
    assertEquals(LAST_DAY, amount(granted, "lastDay"));
    assertEquals(200, again.status());
    assertEquals(200, afterRestart.status());
    assertEquals(amount(granted, "number"), amount(afterRestart, "number"));
    assertEquals(20_000L, amount(afterRestart, "availableMinor"));
    assertEquals(409, other.status());
    assertEquals("idempotency-key-reused", other.title());
    assertEquals(409, asApproval.status());
    assertEquals("idempotency-key-reused", asApproval.title());
    assertEquals(1, card.map("card").get("earmarks") instanceof List<?> list ? list.size() : 0);
    assertEquals(700_000L, card.map("card").get("cashAvailableMinor"));
    assertFalse(rig.logged().contains("defect"), rig.logged());
  }

  @Test
  void shouldEndOnceAndGiveThePoolWhatIsLeft() throws Exception {
    AdminAsker asker = rig.asker();
    String earmarks = asker.card(ANNA) + "/earmarks";
    final Object number = asker.post(earmarks, FRIDGE, KEY).map("earmark").get("number");
    assertEquals("00", rig.buy(ANNA, 300_00, "5722", SHOP));

    final Answer ended = asker.delete(earmarks + "/" + number);
    rig.restart();
    final Answer twice = rig.asker().delete(earmarks + "/" + number);
    // Its key is remembered until its end, and grants nothing anew.
    final Answer again = rig.asker().post(earmarks, FRIDGE, KEY);

    assertEquals(200, ended.status(), ended.body().toString());
    assertEquals(true, amount(ended, "ended"));
    assertEquals(0L, amount(ended, "availableMinor"));
    assertEquals(30_000L, amount(ended, "heldMinor"));
    assertEquals(409, twice.status());
    assertEquals("earmark-ended", twice.title());
    assertEquals(200, again.status());
    assertEquals(number, amount(again, "number"));
    assertEquals(true, amount(again, "ended"));
  }

  @Test
  void shouldRefuseWhatIsNotRight() throws Exception {
    AdminAsker asker = rig.asker();
    String earmarks = asker.card(ANNA) + "/earmarks";
    Map<String, String> bodies =
        Map.of(
            "bad-member", FRIDGE.replace("appliance", "yacht"),
            "unknown-member", FRIDGE.replace("}", ",\"author\":\"mayor\"}"),
            "earmark-scope-missing", FRIDGE.replace("\"mccs\":[\"5722\",\"7623\"],", ""),
            "scope-invalid", FRIDGE.replace("\"mccs\":[\"5722\",\"7623\"]", "\"categories\":[\"yachts\"]"),
            "earmark-amount-invalid", FRIDGE.replace("50000", "0"),
            "pool-short", FRIDGE.replace("50000", "9000000000"),
            "validity-invalid", FRIDGE.replace(LAST_DAY, "2020-01-01"));

    List<String> wrong = new ArrayList<>();
    bodies.forEach((title, body) -> expect(asker, asker.postRequest(earmarks, body, KEY), title, wrong));
    expect(asker, asker.postRequest(earmarks, FRIDGE), "no-idempotency-key", wrong);
    expect(asker, AdminAsker.request("DELETE " + earmarks + "/99", asker.goodHeaders(), ""), "earmark-not-found",
        wrong);
    expect(asker, AdminAsker.request("DELETE " + earmarks, asker.goodHeaders(), ""), "wrong-method", wrong);
    for (String path : List.of(earmarks + "/", earmarks + "/0", earmarks + "/01", earmarks + "x")) {
      expect(asker, AdminAsker.request("GET " + path, asker.goodHeaders(), ""), "not-found", wrong);
    }

    assertEquals(List.of(), wrong);
    assertEquals(List.of(), asker.get(earmarks).list("earmarks"));
    assertFalse(rig.logged().contains("defect"), rig.logged());
  }

  private static void expect(AdminAsker asker, String request, String title, List<String> wrong) {
    try {
      Answer answer = asker.exchange(request);
      if (!title.equals(answer.title())) {
        wrong.add(title + ": " + answer.status() + " " + answer.body());
      }
    } catch (IOException cut) {
      wrong.add(title + ": " + cut);
    }
  }

  @Test
  void shouldDoAllOfItFromTheCommandLine() throws Exception {
    String[] grant = {
      "--number", "7", "--kind", "prescription", "--merchant", "123456/ODLING000000001", "--amount", "0.00", "--uses",
      "3", "--uses-a-week", "2", "--until", LAST_DAY, "--key", "odling-anna-1"
    };

    assertEquals(ExitCode.OK, rig.command("earmark", "grant", grant), rig.err());
    assertTrue(rig.out().contains("0 of 3, 2/week"), rig.out());
    assertEquals(ExitCode.OK, rig.command("earmark", "grant", grant), rig.err());
    assertEquals("00", rig.buy(ANNA, 0, "7999", "ODLING000000001"));
    assertEquals("00", rig.buy(ANNA, 0, "7999", "ODLING000000001"));
    assertEquals("65", rig.buy(ANNA, 0, "7999", "ODLING000000001"));
    assertEquals(ExitCode.OK, rig.command("earmark", "list", "--number", "7", "--json"), rig.err());
    assertTrue(rig.out().contains("\"usesTaken\":2"), rig.out());
    final String number = rig.out().replaceAll("(?s).*\"number\":(\\d+).*", "$1");
    assertEquals(ExitCode.OK, rig.command("card", "show", "--number", "7"), rig.err());
    assertTrue(rig.out().contains("prescription"), rig.out());
    assertEquals(ExitCode.OK, rig.command("earmark", "end", "--number", "7", "--earmark", number), rig.err());
    assertTrue(rig.out().contains("ENDED"), rig.out());
    assertEquals(ExitCode.DATA_ERROR, rig.command("earmark", "end", "--number", "7", "--earmark", number));
    assertEquals(ExitCode.NO_INPUT, rig.command("earmark", "end", "--number", "7", "--earmark", "4711"));
    assertNotEquals("00", rig.buy(ANNA, 0, "7999", "ODLING000000001"));
    rig.stop();
    assertEquals(ExitCode.OK, rig.journal("dump", "--json"), rig.err());
    assertTrue(rig.out().contains("earmark-grant"), rig.out());
    assertTrue(rig.out().contains("earmark-end"), rig.out());
    assertTrue(rig.out().contains("merchant 123456 ODLING000000001"), rig.out());
  }

  @Test
  void shouldPrescribeWeeksAndVisitsAtTheProgrammesPrice() throws Exception {
    String[] grant = {
      "--number", "7", "--activity", "choir", "--merchant", "123456/KOREN0000000001", "--weeks", "8",
      "--visits-a-week", "2", "--from", "2026-11-02", "--key", "koren-anna-1", "--json"
    };

    assertEquals(ExitCode.OK, rig.command("prescription", "grant", grant), rig.err());
    for (String part : List.of(
        "\"kind\":\"prescription\"", "\"amountMinor\":60000", "\"uses\":16", "\"usesAWeek\":2",
        "\"firstDay\":\"2026-11-02\"", "\"lastDay\":\"2026-12-27\"", "merchant 123456 KOREN0000000001")) {
      assertTrue(rig.out().contains(part), part + " in " + rig.out());
    }
    assertEquals(ExitCode.OK, rig.command("prescription", "grant", grant), rig.err());
    assertEquals("00", rig.buy(ANNA, 600_00, "7999", "KOREN0000000001"));
    assertEquals("00", rig.buy(ANNA, 0, "7999", "KOREN0000000001"));
    assertEquals("65", rig.buy(ANNA, 0, "7999", "KOREN0000000001"));
    grant[13] = "koren-anna-2";
    assertEquals(ExitCode.DATA_ERROR, rig.command("prescription", "grant", grant));
    assertTrue(rig.err().contains("prescription open"), rig.err());
    grant[3] = "yachting";
    assertEquals(ExitCode.USAGE, rig.command("prescription", "grant", grant));
    assertTrue(rig.err().contains("garden-plot, choir, walking-group, cooking, language-cafe"), rig.err());
  }
}
