package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import se.valfardskort.authorizer.app.config.CardPlan;

/** A candidate over the journal of a real authorizer, beside it and after it; and as its shadow. */
class PolicyBacktestCommandTest {
  private static final String FUEL = "5541";
  private static final String FOOD = "5411";
  private static final String FUEL_CAP = "a-month-at-most: 1500.00 kr";
  private static final String SHORT_CAP = "a-month-at-most: 500.00 kr";

  private final PolicyRig rig;
  private final Path folder;

  PolicyBacktestCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    rig = new PolicyRig(folder);
  }

  @AfterEach
  void shouldHaveHaltedNowhere() {
    rig.end();
  }

  private String shipped() {
    return rig.config.file(PolicyRig.POLICY).toString();
  }

  /** Two holders buy fuel and food. */
  private void buyAround(AuthorizerApp app) throws IOException {
    assertEquals("00", rig.buy(app, 7, 400_00, FUEL));
    assertEquals("00", rig.buy(app, 7, 300_00, FUEL));
    assertEquals("00", rig.buy(app, 8, 600_00, FUEL));
    assertEquals("00", rig.buy(app, 8, 100_00, FOOD));
    assertFalse(rig.buy(app, 8, 100_00, "7995").equals("00"));
  }

  @Test
  void shouldSayWhatWouldHaveBeenAnsweredDifferentlyBesideARunningAuthorizer() throws Exception {
    AuthorizerApp app = rig.start();
    buyAround(app);

    String same = rig.said("backtest", shipped());
    assertTrue(same.contains("No purchase would have been answered differently."), same);
    assertTrue(same.matches("(?s).*purchases +5 +5\\R.*approved +4 +4\\R.*1,400\\.00 +1,400\\.00\\R.*"), same);

    String candidate = rig.candidate("short.yaml", FUEL_CAP, SHORT_CAP).toString();
    String less = rig.said("backtest", candidate, "--list");
    assertTrue(less.contains("2 purchases would have been answered differently, of 2 holders:"), less);
    assertTrue(less.matches("(?s).*fuel-parking +approved -> CATEGORY_CAP +2 +900\\.00 +-900\\.00 +2\\R.*"), less);
    assertEquals(
        2, less.lines().filter(line -> line.contains("fuel-parking approved 300.00 -> fuel-parking CATEGORY_CAP 0.00")
            || line.contains("fuel-parking approved 600.00 -> fuel-parking CATEGORY_CAP 0.00")).count(), less);
    for (long card : List.of(7L, 8L)) {
      assertFalse(less.contains(CardPlan.pan("975200", card)), less);
    }
    assertFalse(less.contains("BUTIK"), less);

    List<String> json = rig.said("backtest", candidate, "--list", "--json").lines().toList();
    assertEquals(3, json.size(), rig.out());
    assertTrue(json.get(0).contains("\"before\":{\"category\":\"fuel-parking\",\"outcome\":\"approved\""), json.get(0));
    assertTrue(
        json.get(2).contains(
            "\"differences\":2,\"askedMinor\":90000,\"approvedMoreMinor\":-90000,\"holders\":2"),
        json.get(2));
    assertEquals("00", rig.buy(app, 7, 100_00, FOOD));
  }

  @Test
  void shouldPlayAWindowAndRefuseOneThatIsNotThere() throws Exception {
    AuthorizerApp app = rig.start();
    buyAround(app);
    rig.stop(app);
    String candidate = rig.candidate("short.yaml", FUEL_CAP, SHORT_CAP).toString();

    List<String> lines = rig.said("backtest", candidate, "--list", "--json").lines().toList();
    final long second = Long.parseLong(lines.get(0).replaceAll("^\\{\"sequence\":(\\d+),.*", "$1"));
    // The counters are the journal's up to the window; that one purchase is above the cap as it stands.
    assertTrue(rig.said("backtest", candidate, "--from", Long.toString(second), "--to", Long.toString(second))
        .contains("1 purchase would have been answered differently, of 1 holder:"), rig.out());
    assertTrue(rig.said("backtest", candidate, "--to", Long.toString(second - 1))
        .contains("No purchase would"), rig.out());
    assertTrue(rig.said("backtest", candidate, "--from", "2020-01-01", "--to", "2999-12-31")
        .contains("2 purchases would"), rig.out());
    assertEquals(ExitCode.NO_INPUT, rig.run("backtest", candidate, "--from", "2999-01-01"));
    assertEquals(ExitCode.NO_INPUT, rig.run("backtest", candidate, "--from", "1000000"));
    assertEquals(ExitCode.USAGE, rig.run("backtest", candidate, "--from", "0"));
    assertEquals(ExitCode.USAGE, rig.run("backtest", candidate, "--from", "soon"));
    assertEquals(ExitCode.NO_INPUT, rig.run("backtest", candidate, "--programme", "malmo"));
    assertTrue(rig.err().contains("no programme 'malmo' was in force"), rig.err());

    String wrong = rig.candidate("wrong.yaml", FUEL_CAP, "a-month-at-most: plenty").toString();
    assertEquals(ExitCode.CONFIGURATION, rig.run("backtest", wrong));
    assertTrue(rig.err().contains("wrong.yaml:") && rig.err().contains("'plenty' is not an amount"), rig.err());
    String gone = rig.candidate("gone.yaml", "household-goods", "household").toString();
    assertEquals(ExitCode.CONFIGURATION, rig.run("backtest", gone));
    assertTrue(rig.err().contains("no category 'household-goods', which provider VERKTYG00000001"), rig.err());

    String another = rig.candidate("another.yaml", "name: botkyrka", "name: dorotea").toString();
    assertTrue(rig.said("backtest", another, "--programme", "botkyrka").contains("No purchase would"), rig.out());
  }

  @Test
  void shouldNameTheOldestSequenceWhereTheWindowWasPrunedAndReadTheArchive() throws Exception {
    Path archive = Files.createDirectory(folder.resolve("archive"));
    rig.config.replace("demo/authorizer.yaml", "pan-token-key: pan-token.key",
        "pan-token-key: pan-token.key\njournal:\n  archive: ../../archive");
    AuthorizerApp app = rig.start();
    buyAround(app);
    rig.stop(app);
    rig.stop(rig.start());
    AuthorizerApp third = rig.start();
    assertEquals("00", rig.buy(third, 9, 100_00, FOOD));
    rig.stop(third);
    assertEquals(0, journal("prune", "--yes"));
    String candidate = rig.candidate("short.yaml", FUEL_CAP, SHORT_CAP).toString();

    assertTrue(rig.said("backtest", candidate).contains("2 purchases would"), rig.out());
    assertTrue(rig.said("history").contains("policy of botkyrka"), rig.out());

    Files.move(archive, folder.resolve("away"));
    assertEquals(ExitCode.NO_INPUT, rig.run("backtest", candidate));
    assertTrue(rig.err().matches("(?s)sequence 1 was pruned .* the oldest sequence from which a policy can be played is"
        + " [0-9]{2,}; the archive .* is not there: .*"), rig.err());
    String oldest = rig.err().replaceAll("(?s).* can be played is ([0-9]+);.*", "$1");
    assertTrue(rig.said("backtest", candidate, "--from", oldest).contains("No purchase would"), rig.out());
    assertTrue(rig.said("history").contains("in force already: what activated it was pruned"), rig.out());
    assertTrue(rig.said("show", "--at", "end").contains("1,500.00 kr"), rig.out());
    assertEquals(ExitCode.NO_INPUT, rig.run("show", "--at", "3"));
    assertTrue(rig.err().contains("was pruned; the oldest that can be told is sequence "), rig.err());
  }

  private int journal(String... args) {
    CommandLine line = new CommandLine(new JournalCommand());
    line.setOut(new PrintWriter(new StringWriter()));
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", rig.config.demo().toString(), "--data", folder.resolve("data").toString()));
    return line.execute(all.toArray(String[]::new));
  }

  @Test
  void shouldPlayAShadowPolicyFurtherEachTimeAndChangeNothingElse() throws Exception {
    assertEquals(ExitCode.NO_INPUT, rig.run("shadow"));
    AuthorizerApp app = rig.start();
    rig.stop(app);
    Path shadow = rig.config.demo().resolve("shadow").resolve("botkyrka.yaml");
    Files.createDirectories(shadow.getParent());
    Files.copy(rig.candidate("short.yaml", FUEL_CAP, SHORT_CAP), shadow);
    assertEquals(ExitCode.NO_INPUT, rig.run("shadow"));
    assertTrue(rig.err().contains("has not been played yet"), rig.err());

    AuthorizerApp second = rig.start();
    assertEquals(ExitCode.NO_INPUT, rig.run("shadow", "--follow"), rig.out());
    // It begins after the newest snapshot, which is that of the stop.
    assertTrue(rig.err().contains("nothing new after sequence "), rig.err());
    buyAround(second);
    rig.stop(second);
    final AuthorizerApp third = rig.start();
    deleteSnapshots();
    String played = rig.said("shadow", "--follow");
    assertTrue(played.contains("2 purchases would have been answered differently, of 2 holders:"), played);

    assertEquals("00", rig.buy(third, 7, 400_00, FUEL));
    assertEquals("00", rig.buy(third, 9, 400_00, FUEL));
    assertEquals(played, rig.said("shadow"));
    rig.stop(third);
    final AuthorizerApp fourth = rig.start();
    String further = rig.said("shadow", "--follow", "--list");
    // The third tank of card 7 is above the cap in the candidate's own line; card 9 has only begun.
    assertTrue(further.contains("3 purchases would have been answered differently, of 2 holders:"), further);
    assertEquals(3, further.lines().filter(line -> line.startsWith("{\"sequence\":")).count(), further);
    assertTrue(further.matches("(?s).*purchases +7 +7\\R.*"), further);
    String whole = rig.said("backtest", shadow.toString());
    assertEquals(counts(whole), counts(further));
    assertTrue(rig.said("shadow", "--json").contains("\"differences\":3,"), rig.out());

    Files.copy(rig.config.file(PolicyRig.POLICY), shadow, StandardCopyOption.REPLACE_EXISTING);
    deleteSnapshots();
    assertTrue(rig.said("shadow", "--follow").contains("No purchase would"), rig.out());
    Files.writeString(shadow, "nonsense: 1\n");
    assertEquals(ExitCode.CONFIGURATION, rig.run("shadow", "--follow"));
    assertTrue(rig.err().contains("was not played: " + shadow), rig.err());
    rig.stop(fourth);
  }

  private static List<String> counts(String report) {
    return report.lines()
        .filter(line -> line.matches("(purchases|approved|fuel-parking).*"))
        .toList();
  }

  private void deleteSnapshots() throws IOException {
    Path snapshots = folder.resolve("data").resolve("snapshots");
    try (var files = Files.list(snapshots)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".snap")).toList()) {
        Files.delete(file);
      }
    }
  }
}
