package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.app.config.ConfigFixture;

/** The authorizer as a process of its own: what it prints where, how it ends, and what a kill leaves behind. */
class ServerProcessTest {
  private static final long PATIENCE_SECONDS = 60;

  private final Terminal terminal = new Terminal();
  private final Path folder;
  private final ConfigFixture config;
  private @Nullable Process running;

  ServerProcessTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
  }

  @AfterEach
  void leaveNothingRunning() {
    Process process = running;
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldKeepEveryAnswerThroughAKillAndEndWithZeroWhenAsked() throws Exception {
    Process killed = launch("start", "--demo", "--cards", "3");
    String first = killed.inputReader(StandardCharsets.UTF_8).readLine();
    byte[] before = Terminal.exchange(port(first), Terminal.purchase(1, 5_000, "5411", "BUTIK0000000001", 1));
    killed.destroyForcibly().waitFor();

    Process asked = launch("start", "--demo", "--cards", "3");
    BufferedReader output = asked.inputReader(StandardCharsets.UTF_8);
    String second = output.readLine();
    byte[] after = Terminal.exchange(port(second), Terminal.purchase(1, 5_000, "5411", "BUTIK0000000001", 1));
    byte[] next = Terminal.exchange(port(second), Terminal.purchase(1, 100, "5411", "BUTIK0000000001", 2));
    // Through the handle: destroying the process itself would close its output too.
    asked.toHandle().destroy();

    assertTrue(asked.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), errors());
    assertEquals(0, asked.exitValue(), errors());
    assertEquals(List.of(), output.lines().toList());
    assertEquals("00", terminal.text(before, 39));
    assertArrayEquals(before, after);
    assertEquals("9602752C0000006949009802752C000000300000", terminal.text(next, 54));
    assertTrue(errors().contains("stopping"), errors());
  }

  @Test
  void shouldGrantOnceWhateverAKillLeavesOpen() throws Exception {
    String lastDay = LocalDate.now(ZoneOffset.UTC).plusDays(40).toString();
    String grant = "{\"reason\":\"funeral\",\"countries\":[\"NO\"],\"lastDay\":\"" + lastDay + "\"}";
    String key = "Idempotency-Key: journey-to-oslo";
    Process killed = launch("start", "--demo", "--cards", "3");
    AdminAsker asker = asker(killed);
    String approvals = asker.card(1) + "/approvals";
    // Killed while the command may be anywhere between the socket and the disk.
    asker.sendOnly(asker.postRequest(approvals, grant, key));
    killed.destroyForcibly().waitFor();

    Process again = launch("start", "--demo", "--cards", "3");
    AdminAsker repeating = asker(again);
    AdminAsker.Answer first = repeating.post(approvals, grant, key);
    AdminAsker.Answer second = repeating.post(approvals, grant, key);
    AdminAsker.Answer list = repeating.get(approvals);
    again.destroyForcibly().waitFor();
    Process third = launch("start", "--demo", "--cards", "3");
    AdminAsker.Answer afterAnAnsweredGrant = asker(third).post(approvals, grant, key);

    assertTrue(first.status() == 201 || first.status() == 200, first.body().toString());
    assertEquals(200, second.status(), second.body().toString());
    assertEquals(1, list.list("approvals").size(), list.body().toString());
    assertEquals(200, afterAnAnsweredGrant.status());
    assertEquals(first.map("approval").get("number"), afterAnAnsweredGrant.map("approval").get("number"));
  }

  /** With an index from a power cut beside it: the journal is what is believed. */
  @Test
  void shouldExplainAfterAKillWhatItHadDeclined() throws Exception {
    Process killed = launch("start", "--demo", "--cards", "3");
    String ready = String.valueOf(killed.inputReader(StandardCharsets.UTF_8).readLine());
    byte[] declined = Terminal.exchange(port(ready), Terminal.purchase(1, 5_000, "7995", "BUTIK0000000001", 1));
    killed.destroyForcibly().waitFor();
    Path index = folder.resolve("data/history/journal-00000001-00000000000000000001.log.idx");
    Files.write(index, new byte[4096]);
    Files.write(index.resolveSibling(index.getFileName() + ".tmp"), new byte[17]);

    AdminAsker asker = asker(launch("start", "--demo", "--cards", "3"));
    AdminAsker.Answer byReceipt = asker.get("/v1/why/000000000001");
    AdminAsker.Answer history = asker.get(asker.card(1) + "/history/1");

    assertEquals("03", terminal.text(declined, 39));
    assertEquals(200, byReceipt.status(), byReceipt.body().toString());
    assertTrue(byReceipt.body().toString().contains("BLOCKED_GAMBLING"), byReceipt.body().toString());
    assertTrue(history.body().toString().contains("BLOCKED_GAMBLING"), history.body().toString());
    assertTrue(Files.size(index) > 4096, "made anew");
  }

  @Test
  void shouldLoadNobodyTwiceWhenItIsKilledInTheMiddleOfARun() throws Exception {
    int cards = 20_000;
    String some = Integer.toString(cards);
    StringBuilder list = new StringBuilder("card,adults,children,rent,special-needs,earned,month,ring,supplements\n");
    for (int card = 0; card < cards; card++) {
      list.append("%09d,1,0,0.00,0.00,0.00,1,no,\n".formatted(card));
    }
    Path file = Files.writeString(folder.resolve("list.csv"), list);
    Process killed = launch("start", "--demo", "--cards", some);
    AdminAsker asker = asker(killed);
    final long pool = poolOf(asker);
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> loadAll(file, asker.port()));
    long loaded = 0;
    while (loaded == 0) {
      loaded = Long.parseLong(String.valueOf(run(asker).getOrDefault("cardsLoaded", 0)));
    }
    killed.destroyForcibly().waitFor();
    final int cutOff = first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

    Process again = launch("start", "--demo", "--cards", some);
    AdminAsker after = asker(again);
    final Map<String, Object> left = run(after);
    assertEquals(ExitCode.OK, loadAll(file, after.port()));

    assertEquals(ExitCode.UNAVAILABLE, cutOff);
    assertEquals(true, left.get("open"));
    long kept = Long.parseLong(String.valueOf(left.get("cardsLoaded")));
    assertTrue(kept >= loaded && kept < cards, kept + " of " + loaded + " seen before the kill");
    assertEquals(false, run(after).get("open"));
    assertEquals((long) cards, run(after).get("cardsLoaded"));
    assertEquals(pool - cards * 7_000_00L, poolOf(after));
    for (int card = 0; card < cards; card += 997) {
      assertEquals(14_000_00L, after.get(after.card(card)).map("card").get("cashAvailableMinor"), "card " + card);
      assertEquals(6_000_00L, after.get(after.card(card)).map("card").get("hjartanAvailableMinor"), "card " + card);
    }
  }

  private static long poolOf(AdminAsker asker) throws IOException {
    return Long.parseLong(String.valueOf(asker.get("/v1/programmes/1/load-run").body().get("poolMinor")));
  }

  private static Map<String, Object> run(AdminAsker asker) throws IOException {
    Map<String, Object> run = new HashMap<>();
    asker.get("/v1/programmes/1/load-run").map("run").forEach((name, value) -> run.put(String.valueOf(name), value));
    return run;
  }

  private int loadAll(Path file, int port) {
    return Main.commandLine()
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(new StringWriter()))
        .execute(
            "load", "run", file.toString(), "--period", "2612", "--any-period", "--yes", "--config",
            config.demo().toString(), "--data", folder.resolve("data").toString(), "--port", Integer.toString(port));
  }

  private AdminAsker asker(Process server) throws Exception {
    String ready = String.valueOf(server.inputReader(StandardCharsets.UTF_8).readLine());
    return new AdminAsker(AdminAsker.portOf(ready), folder.resolve("data"), config);
  }

  @Test
  void shouldAnswerAllThatItDecidedAndEndWithZeroWhenStoppedUnderLoad() throws Exception {
    int cards = 200;
    int each = 60;
    Process loaded = launch("start", "--demo", "--cards", Integer.toString(cards));
    int port = port(loaded.inputReader(StandardCharsets.UTF_8).readLine());
    List<byte[]> purchases = new ArrayList<>();
    for (int stan = 0; stan < cards * each; stan++) {
      purchases.add(Terminal.atTheGrocers("0100", stan % cards, 100, stan));
    }
    List<byte[]> answers = new ArrayList<>();
    try (Line line = new Line(port)) {
      // Cut off in the middle, as it should be.
      line.sendAll(purchases).exceptionally(cut -> null);
      answers.addAll(line.receive(1_000));
      loaded.toHandle().destroy();
      answers.addAll(line.receiveToTheEnd());
    }

    assertTrue(loaded.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), errors());
    assertEquals(0, loaded.exitValue(), errors());
    for (int stan = 0; stan < answers.size(); stan++) {
      assertEquals("%06d".formatted(stan), terminal.text(answers.get(stan), 11));
      assertEquals("00", terminal.text(answers.get(stan), 39));
    }
    Process again = launch("start", "--demo", "--cards", Integer.toString(cards));
    try (Line line = new Line(port(again.inputReader(StandardCharsets.UTF_8).readLine()))) {
      for (int card = 0; card < cards; card++) {
        // Nothing was decided that was not answered: the card has paid for its answers, and for this.
        int paid = (answers.size() - card + cards - 1) / cards + 1;
        byte[] next = line.ask(Terminal.atTheGrocers("0100", card, 100, 100_000 + card));
        assertEquals("%012d".formatted(700_000 - 100 * paid), terminal.text(next, 54).substring(8, 20));
      }
    }
  }

  @Test
  void shouldNotEndWithZeroWhenADefectEndsTheStart() throws Exception {
    // Without the other flags Chronicle Map fails in a way that nobody expects.
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"), Main.class.getName(),
        "start", "--demo", "--config", folder.resolve("config/demo").toString(),
        "--data", folder.resolve("data").toString())
        .redirectErrorStream(true)
        .start();
    running = process;
    List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();

    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), lines.toString());
    assertEquals(ExitCode.SOFTWARE, process.exitValue(), lines.toString());
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("a defect of the authorizer")), lines.toString());
  }

  @Test
  void shouldTellAFailedDiskFromADefect() {
    assertEquals(ExitCode.IO_ERROR, StartCommand.exitCodeOf(new IOException("Input/output error")));
    assertEquals(ExitCode.IO_ERROR,
        StartCommand.exitCodeOf(new IllegalStateException("journal", new UncheckedIOException(new IOException("")))));
    assertEquals(ExitCode.SOFTWARE, StartCommand.exitCodeOf(new IllegalStateException("invariant 3")));
  }

  @Test
  void shouldCompleteAnOpeningOfCardsThatWasKilled() throws Exception {
    int cards = 12_000;
    Process killed = launch("start", "--demo", "--cards", Integer.toString(cards));
    awaitJournalFiles(killed, 2);
    killed.destroyForcibly().waitFor();

    Process completed = launch("start", "--demo", "--cards", Integer.toString(cards));
    String ready = String.valueOf(completed.inputReader(StandardCharsets.UTF_8).readLine());

    assertTrue(ready.contains(" cards=12012 "), ready);
    for (int card = 0; card < cards; card += 97) {
      byte[] answer = Terminal.exchange(port(ready), Terminal.purchase(card, 100, "5411", "BUTIK0000000001", card));
      assertEquals("9602752C0000006999009802752C000000300000", terminal.text(answer, 54), "card " + card);
    }
  }

  @Test
  void shouldEndWithItsOwnCodeWhereTheConfigurationIsBroken() throws Exception {
    int line = config.replace("demo/partners.yaml", "balances: always", "balances: often");

    Process process = launch("start", "--demo");

    assertEquals(List.of(), process.inputReader(StandardCharsets.UTF_8).lines().toList());
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), errors());
    assertEquals(ExitCode.CONFIGURATION, process.exitValue(), errors());
    assertTrue(errors().contains("partners.yaml:" + line + ": 'often' is not known here"), errors());
  }

  @Test
  void shouldRefuseOptionsThatDoNotFitTogether() throws Exception {
    Process process = launch("start", "--cards", "5");

    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), errors());
    assertEquals(ExitCode.USAGE, process.exitValue(), errors());
    assertTrue(errors().startsWith("--cards is for --demo"), errors());
  }

  @Test
  void shouldCheckAConfigurationAndSumItUp() throws Exception {
    Process process = run("config", "check", config.demo().toString());

    List<String> output = process.inputReader(StandardCharsets.UTF_8).lines().toList();
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), errors());
    assertEquals(0, process.exitValue(), errors());
    assertEquals(config.demo() + " is sound", output.getFirst());
    assertTrue(output.toString().contains("23 categories, 13 allowed, 4 after approval, 6 blocked"), output.toString());
  }

  private Process launch(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--config", config.demo().toString(), "--data", folder.resolve("data").toString()));
    return run(all.toArray(String[]::new));
  }

  private Process run(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + ConfigFixture.shipped().resolve("jvm.options"));
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("errors").toFile()))
            .start();
    running = process;
    return process;
  }

  /** Returns once the journal has {@code count} segments, so that the process is in the middle of its work. */
  private void awaitJournalFiles(Process process, int count) throws IOException {
    Path journal = folder.resolve("data").resolve("journal");
    long found = 0;
    while (found < count) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      assertTrue(process.isAlive(), errors());
      if (Files.isDirectory(journal)) {
        try (Stream<Path> files = Files.list(journal)) {
          found = files.filter(file -> file.toString().endsWith(".log")).count();
        }
      }
    }
  }

  private static int port(@Nullable String readyLine) {
    String line = String.valueOf(readyLine);
    assertTrue(line.startsWith("ready iso87-binary=127.0.0.1:"), line);
    return Integer.parseInt(line.replaceAll("ready iso87-binary=[^:]+:(\\d+) .*", "$1"));
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("errors"));
  }
}
