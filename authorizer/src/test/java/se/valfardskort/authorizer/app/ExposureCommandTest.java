package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.engine.Bank;
import se.valfardskort.authorizer.pipeline.Position;

/** What others decided in our name, read beside the authorizer that booked it. */
class ExposureCommandTest {
  private final Terminal terminal = new Terminal();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path folder;
  private final ConfigFixture config;

  ExposureCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
  }

  @Test
  void shouldShowWhatAdvicesBookedWhileTheAuthorizerRuns() throws Exception {
    List<Throwable> halts = new CopyOnWriteArrayList<>();
    StartOptions options = new StartOptions(config.demo(), folder.resolve("data"), true, 10, null, 0);
    PrintStream log = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    AuthorizerApp app = AuthorizerApp.start(options, log, halts::add);
    try {
      // 7,000.00 kr in CASH: 8,000.00 overdraw it by 1,000.00, 120.00 do not. Twelve special cards are opened first.
      assertEquals("00", advice(app, 3, 800_000, 1));
      assertEquals("00", advice(app, 4, 12_000, 2));

      assertEquals(ExitCode.OK, run("--json"), err.toString());
    } finally {
      assertEquals(List.of(), app.stop());
    }
    assertEquals(List.of(), halts);
    String json = out.toString();
    assertTrue(json.contains("\"partner\":\"demo\",\"advices\":2,\"standIn\":2,\"noHold\":0"), json);
    assertTrue(json.contains("\"overdrawnMinor\":100000,\"alarmMinor\":5000000}"), json);
    assertTrue(json.matches("(?s).*\\{\"account\":15,\"card\":15,\"panTokenBegins\":\"[0-9a-f]{16}\","
        + "\"standInMinor\":800000,\"overdrawnMinor\":100000,\"refundsWaitingMinor\":0\\}.*"), json);
    assertTrue(json.contains("\"account\":16,\"card\":16,"), json);
    assertTrue(json.contains("\"standInMinor\":12000,\"overdrawnMinor\":0,"), json);

    out.getBuffer().setLength(0);
    assertEquals(ExitCode.OK, run(), err.toString());
    String table = out.toString();
    assertTrue(table.matches("(?s).*demo +2 +2 +0 .* 1,000\\.00 +50,000\\.00\\R.*"), table);
    assertTrue(table.matches("(?s).*2 +in all +8,120\\.00 +1,000\\.00 +0\\.00\\R"), table);
  }

  @Test
  void shouldCountWhatWasPrunedWhereTheArchiveHasIt() throws Exception {
    Path archive = Files.createDirectory(folder.resolve("archive"));
    config.replace("demo/authorizer.yaml", "pan-token-key: pan-token.key",
        "pan-token-key: pan-token.key\njournal:\n  archive: " + archive);
    AuthorizerApp app = start();
    assertEquals("00", advice(app, 3, 800_000, 1));
    assertEquals(List.of(), app.stop());
    // The stop's snapshots cover the first segment, and the archive has it.
    for (int i = 0; i < 4; i++) {
      assertEquals(List.of(), start().stop());
    }
    assertEquals(ExitCode.OK, run("--json"), err.toString());
    String before = out.toString();
    CommandLine prune = new CommandLine(new JournalCommand());
    prune.setOut(new PrintWriter(new StringWriter()));
    assertEquals(ExitCode.OK, prune.execute("prune", "--yes", "--config", config.demo().toString(), "--data",
        folder.resolve("data").toString()));
    assertFalse(Files.exists(folder.resolve("data/journal/journal-00000001-00000000000000000001.log")));

    assertJson(before);

    // Where it lies elsewhere, somebody can say so; where not all is there, the accounts are whole all the same.
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(archive, elsewhere);
    Files.createDirectory(archive);
    assertJson(before, "--archive", elsewhere.toString());
    assertCountedInPart(before, "the archive " + archive + " does not have segment 1: put it back there");
    Files.delete(archive);
    assertCountedInPart(before, "the archive " + archive + " is not there: mount its disk");
    try (Stream<Path> second = Files.list(elsewhere).filter(file -> file.toString().contains("journal-00000002-"))) {
      Files.delete(second.findFirst().orElseThrow());
    }
    assertCountedInPart(
        before, "the archive " + elsewhere + " does not have segment 2", "--archive", elsewhere.toString());
    config.replace("demo/authorizer.yaml", "journal:\n  archive: " + archive, "");
    assertCountedInPart(before, "no archive is configured: name the folder in authorizer.yaml");
    assertEquals(ExitCode.NO_INPUT, run("--archive", folder.resolve("nowhere").toString()), out.toString());
  }

  private void assertCountedInPart(String before, String why, String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = Arrays.copyOf(more, more.length + 1);
    words[more.length] = "--json";
    assertEquals(ExitCode.OK, run(words), err.toString());
    assertFalse(out.toString().contains("\"countedFrom\":1,"), out.toString());
    assertTrue(out.toString().contains("\"partner\":\"demo\",\"advices\":0,"), out.toString());
    assertTrue(out.toString().endsWith(before.substring(before.indexOf("\"accounts\""))), out.toString());
    assertTrue(err.toString().contains(why), err.toString());

    out.getBuffer().setLength(0);
    assertEquals(ExitCode.OK, run(more), err.toString());
    assertTrue(out.toString().contains(" is pruned, and " + why), out.toString());
  }

  private void assertJson(String expected, String... more) {
    out.getBuffer().setLength(0);
    String[] words = Arrays.copyOf(more, more.length + 1);
    words[more.length] = "--json";
    assertEquals(ExitCode.OK, run(words), err.toString());
    assertEquals(expected, out.toString());
    assertTrue(expected.contains("\"countedFrom\":1,"), expected);
  }

  private AuthorizerApp start() throws Exception {
    StartOptions options = new StartOptions(config.demo(), folder.resolve("data"), true, 10, null, 0);
    PrintStream log = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    return AuthorizerApp.start(options, log, cause -> { });
  }

  @Test
  void shouldSayWhereItLookedForAJournal() {
    assertEquals(ExitCode.NO_INPUT, run());

    assertTrue(err.toString().contains(folder.resolve("data").resolve("journal").toString()), err.toString());
  }

  @Test
  void shouldTellAMissingJournalFromOneThatCannotBeRead() throws IOException {
    Path journal = folder.resolve("data").resolve("journal");

    assertEquals(ExitCode.NO_INPUT, run());
    assertFalse(Files.exists(folder.resolve("data")), "a reader makes no folder");

    Files.createDirectories(journal);
    assertEquals(ExitCode.NO_INPUT, run(), "an empty folder");

    Files.delete(journal);
    Files.writeString(journal, "a file where the folder should be");
    assertEquals(ExitCode.IO_ERROR, run(), err.toString());
    assertTrue(err.toString().contains("cannot be read"), err.toString());
  }

  @Test
  void shouldShowAPartnerThatIsNoLongerConfiguredByItsId() {
    Bank bank = new Bank(7);
    AdviceSurvey.Counts counts = new AdviceSurvey.Counts();
    counts.advices = 3;
    StringWriter json = new StringWriter();

    ExposureReport.of(folder, new Position(9, 0), bank.core(), Map.of(5, counts), 1, "")
        .printJson(new PrintWriter(json));

    assertTrue(json.toString().contains("{\"partner\":\"id 5\",\"advices\":3,"), json.toString());
    assertTrue(json.toString().contains("\"alarmMinor\":null}"), json.toString());
  }

  private String advice(AuthorizerApp app, long card, long amountMinor, int stan) throws IOException {
    int port = Integer.parseInt(app.readyLine().replaceAll(".* iso87-binary=[^:]+:(\\d+) .*", "$1"));
    return terminal.text(Terminal.exchange(port, Terminal.atTheGrocers("0120", card, amountMinor, stan)), 39);
  }

  private int run(String... more) {
    CommandLine line = new CommandLine(new ExposureCommand());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err, true));
    String[] args = new String[4 + more.length];
    args[0] = "--config";
    args[1] = config.demo().toString();
    args[2] = "--data";
    args[3] = folder.resolve("data").toString();
    System.arraycopy(more, 0, args, 4, more.length);
    return line.execute(args);
  }
}
