package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.authorizer.admin.AdminKey;
import se.valfardskort.authorizer.admin.JsonReader;
import se.valfardskort.authorizer.app.AdminAsker.Answer;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.CardTokens;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;

/**
 * The monthly run of a whole programme, from its list through the admin port to the disk: all at once, interrupted
 * between any two steps, refused whole, and what a bad list or request says. Every ordinary card begins with 7,000 kr
 * and 3,000 Hjartan and is loaded with as much.
 */
class LoadRunCommandTest {
  private static final String HEAD = "card,adults,children,rent,special-needs,earned,month,ring,supplements\n";
  private static final int CARDS = 1_100;
  private static final long CASH = 7_000_00;
  private static final long HJARTAN = 3_000_00;
  private static final int PROGRAMME = 1;
  private static final String RUNS = "/v1/programmes/" + PROGRAMME + "/load-runs";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Throwable> halts = new CopyOnWriteArrayList<>();
  private final Path folder;
  private final ConfigFixture config;
  private @Nullable AuthorizerApp running;

  LoadRunCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "cards: 1100000", "cards: 4000");
    config.replace("demo/authorizer.yaml", "originals: 12000000", "originals: 10000");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
  }

  @AfterEach
  void shouldHaveHaltedNowhere() {
    stop();
    assertEquals(List.of(), halts);
  }

  private void start(int cards) throws Exception {
    StartOptions options = new StartOptions(config.demo(), folder.resolve("data"), true, cards, null, 0);
    PrintStream log = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    running = AuthorizerApp.start(options, log, halts::add);
  }

  private void stop() {
    AuthorizerApp app = running;
    running = null;
    if (app != null) {
      assertEquals(List.of(), app.stop());
    }
  }

  private void restart(int cards) throws Exception {
    stop();
    start(cards);
  }

  private int port() {
    AuthorizerApp app = running;
    return app == null ? 1 : AdminAsker.portOf(app.readyLine());
  }

  private AdminAsker asker() throws Exception {
    return new AdminAsker(port(), folder.resolve("data"), config);
  }

  private int load(String what, String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> words = new ArrayList<>(List.of("load", what));
    words.addAll(List.of(more));
    words.addAll(List.of("--config", config.demo().toString(), "--data", folder.resolve("data").toString()));
    words.addAll(List.of("--port", Integer.toString(port())));
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words.toArray(String[]::new));
  }

  private int run(Path list, String... more) {
    List<String> words = new ArrayList<>(List.of(list.toString(), "--period", "2612", "--any-period", "--yes"));
    words.addAll(List.of(more));
    return load("run", words.toArray(String[]::new));
  }

  private Path list(int first, int end) throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    for (int card = first; card < end; card++) {
      text.append(line(card)).append('\n');
    }
    return Files.writeString(folder.resolve("list.csv"), text);
  }

  private static String line(int card) {
    return String.format(Locale.ROOT, "%09d,1,0,0.00,0.00,0.00,1,no,", card);
  }

  private Map<?, ?> json() {
    return JsonReader.read(out.toString()) instanceof Map<?, ?> map ? map : Map.of();
  }

  private void assertPurses(int card, int months) throws Exception {
    Answer shown = asker().get(asker().card(card));
    assertEquals(months * CASH, shown.map("card").get("cashAvailableMinor"), "card " + card);
    assertEquals(months * HJARTAN, shown.map("card").get("hjartanAvailableMinor"), "card " + card);
  }

  private Answer status() throws Exception {
    return asker().get("/v1/programmes/" + PROGRAMME + "/load-run");
  }

  private long pool() throws Exception {
    return Long.parseLong(String.valueOf(status().body().get("poolMinor")));
  }

  @Test
  void shouldLoadAWholeProgrammeOnceAndWriteItsStatements() throws Exception {
    start(CARDS);
    final long before = pool();
    Path statements = folder.resolve("statements.csv");

    assertEquals(ExitCode.OK, run(list(0, CARDS), "--statements", statements.toString()), err::toString);

    assertTrue(out.toString().contains("loaded now      1100\n"), out.toString());
    assertTrue(out.toString().contains("loaded before   0 "), out.toString());
    assertTrue(err.toString().contains("100 %  1,100 of 1,100 cards"), err.toString());
    assertFalse(err.toString().contains("\r"), "no bar where there is no terminal");
    for (int card : new int[] {0, 499, 500, 501, CARDS - 1}) {
      assertPurses(card, 2);
    }
    assertEquals(before - CARDS * CASH, pool());
    assertEquals(false, status().map("run").get("open"));
    List<String> lines = Files.readAllLines(statements);
    assertEquals("line,card,result,component,amount", lines.get(0));
    assertEquals("2,975200******" + lastFour(0) + ",loaded,base,8695.65", lines.get(1));
    assertEquals("2,975200******" + lastFour(0) + ",loaded,load in Hjartan,3000.00", lines.get(4));
    assertEquals(1 + 4 * CARDS, lines.size());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(statements)));

    assertEquals(ExitCode.OK, run(list(0, CARDS)), err::toString);
    assertTrue(out.toString().contains("this list was loaded before"), out.toString());
    assertEquals(before - CARDS * CASH, pool());
    restart(CARDS);
    assertEquals(before - CARDS * CASH, pool());
    assertPurses(0, 2);
  }

  private static String lastFour(int card) {
    String pan = CardPlan.pan("975200", card);
    return pan.substring(pan.length() - 4);
  }

  /** The authorizer stops, and the sender gives up, after each of the steps in turn. */
  @Test
  void shouldGoOnWithAListWhereverItWasInterrupted() throws Exception {
    int cards = 1_001;
    start(cards);
    final long before = pool();
    Path file = list(0, cards);
    ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(config.demo(), 0);
    LoadList list = LoadList.read(file, Objects.requireNonNull(loaded.loads().get("botkyrka")));
    LoadTotals totals = LoadTotals.of(list.entries());
    CardTokens tokens = new CardTokens(loaded.settings().panTokenKey());
    List<LoadRun.Card> sent = new ArrayList<>();
    for (LoadList.Entry entry : list.entries()) {
      String token = HexFormat.of().formatHex(tokens.token("975200", Long.parseLong(entry.card())));
      sent.add(new LoadRun.Card(token, entry.shown(), entry));
    }

    assertEquals("opened", step(sent, run -> run.open(totals).get("state")));
    assertEquals(before - cards * CASH, pool(), "all of it is set aside");
    restart(cards);
    assertEquals("open", step(sent, run -> run.open(totals).get("state")));
    for (int batches = 1; batches <= 3; batches++) {
      int most = batches;
      assertEquals("interrupted", step(sent, run -> sendSome(run, most)));
      assertEquals(Math.min(cards, 500L * batches), status().map("run").get("cardsLoaded"));
      restart(cards);
    }

    assertEquals(ExitCode.OK, run(file, "--json"), err::toString);

    assertEquals(0L, json().get("loaded"));
    assertEquals(1_001L, json().get("loadedBefore"));
    assertEquals(false, status().map("run").get("open"));
    assertEquals(before - cards * CASH, pool());
    for (int card = 0; card < cards; card += 77) {
      assertPurses(card, 2);
    }
  }

  @FunctionalInterface
  private interface Step {
    @Nullable Object of(LoadRun run) throws StartFailure;
  }

  /** Does one step with a sender of its own. */
  private String step(List<LoadRun.Card> cards, Step step) throws Exception {
    AdminKey key = AdminKey.read(folder.resolve("data"));
    try (AdminClient client = new AdminClient(port(), key)) {
      return String.valueOf(step.of(new LoadRun(client, PROGRAMME, "2612", cards)));
    }
  }

  private static String sendSome(LoadRun run, int batches) throws StartFailure {
    List<Integer> done = new ArrayList<>();
    try {
      run.sendAll(cards -> {
        done.add(cards);
        if (done.size() == batches) {
          throw new IllegalStateException("interrupted");
        }
      });
    } catch (IllegalStateException here) {
      return String.valueOf(here.getMessage());
    }
    return "all";
  }

  @Test
  void shouldRefuseARunWholeWhereThePoolIsShortAndNameTheShortage() throws Exception {
    config.replace("demo/cards.yaml", "pool-per-card: 14000.00 kr", "pool-per-card: 7000.00 kr");
    config.replace("demo/cards.yaml", "backing-per-card: 6000.00 kr", "backing-per-card: 3000.00 kr");
    start(20);
    Answer before = status();
    long cashMissing = 20 * CASH - Long.parseLong(String.valueOf(before.body().get("poolMinor")));
    long backingMissing = 20 * HJARTAN - Long.parseLong(String.valueOf(before.body().get("backingMinor")));
    assertTrue(cashMissing > 0 && backingMissing > 0, before.body().toString());

    assertEquals(ExitCode.DATA_ERROR, run(list(0, 20)));

    assertTrue(
        err.toString().contains(
            "refused whole, nothing is loaded: the programme's pool lacks " + Kronor.of(cashMissing)
                + " kr and the treasury lacks " + Kronor.of(backingMissing) + " kr of backing"),
        err.toString());
    assertPurses(0, 1);
    assertEquals(before.body().get("poolMinor"), status().body().get("poolMinor"));
    assertFalse(status().body().containsKey("run"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "000000001,one,0,0.00,0.00,0.00,1,no, | \"one\" is no number of adults",
      "000000000,1,0,0.00,0.00,0.00,1,no, | is in line 2 already",
      "9752000000000002,1,0,0.00,0.00,0.00,1,no, | the card number's last digit is wrong",
      "97520000000000,1,0,0.00,0.00,0.00,1,no, | the card number's last digit is wrong",
      "97520000000,1,0,0.00,0.00,0.00,1,no, | this is no card",
  })
  void shouldSendNothingOfABadList(String line, String said) throws Exception {
    start(5);
    Path list = Files.writeString(folder.resolve("list.csv"), HEAD + line(0) + "\n" + line + "\n");

    assertEquals(ExitCode.DATA_ERROR, run(list));

    assertTrue(err.toString().startsWith(list + ":3: "), err.toString());
    assertTrue(err.toString().contains(said), err.toString());
    assertTrue(err.toString().endsWith("nothing was loaded\n"), err.toString());
    assertFalse(err.toString().contains("97520000000"), "a card number is shown");
    assertPurses(0, 1);
    assertFalse(status().body().containsKey("run"));
  }

  /** The same card as nine digits, as a whole number and as a panToken. */
  @Test
  void shouldKnowACardHoweverItIsWritten() throws Exception {
    start(5);
    String token = asker().card(0).replace("/v1/cards/", "");
    String rest = line(0).substring(9);
    String pan = CardPlan.pan("975200", 0);
    Path twice = Files.writeString(folder.resolve("list.csv"), HEAD + pan + rest + "\n" + token + rest + "\n");

    assertEquals(ExitCode.DATA_ERROR, run(twice));
    assertTrue(err.toString().contains(":3: this card is in line 2 already"), err.toString());

    Path once = Files.writeString(
        folder.resolve("list.csv"),
        HEAD + pan + rest + "\n" + asker().card(1).replace("/v1/cards/", "") + rest + "\n" + line(2) + "\n");
    assertEquals(ExitCode.OK, run(once), err::toString);
    for (int card = 0; card < 3; card++) {
      assertPurses(card, 2);
    }
  }

  @Test
  void shouldRefuseCardsOfAnotherProgrammeAndUnknownOnesAndLoadTheRest() throws Exception {
    start(10);
    stop();
    // Neighbourhoods are one programme's alone, unless no programme names its own.
    config.replace("demo/programmes/botkyrka.yaml", "baz: [baz-fittja, baz-annan] #", "#");
    String text = Files.readString(config.file("demo/programmes/botkyrka.yaml"));
    Files.writeString(
        config.file("demo/programmes/dorotea.yaml"),
        text.replaceFirst("(?m)^name: botkyrka$", "name: dorotea").replaceFirst("(?m)^id: 1 ", "id: 2 "));
    config.replace("demo/cards.yaml", "programme: botkyrka", "programme: dorotea");
    start(12);

    assertEquals(ExitCode.DATA_ERROR, run(list(9, 13), "--programme", "botkyrka"));

    assertTrue(out.toString().contains("loaded now      1\n"), out.toString());
    assertTrue(out.toString().contains("refused         3\n"), out.toString());
    assertTrue(out.toString().contains("card not found: open the card first"), out.toString());
    assertTrue(out.toString().contains("load card elsewhere: load the card in a run of its own"), out.toString());
    assertTrue(out.toString().contains("list.csv:3  975200******" + lastFour(10)), out.toString());
    assertPurses(9, 2);
    assertPurses(10, 1);
    assertEquals(1L, status().map("run").get("cardsLoaded"));
    assertEquals(false, status().map("run").get("open"));
  }

  @Test
  void shouldShowAndCloseARunThatWasLeft() throws Exception {
    start(5);
    final long before = pool();
    assertEquals(ExitCode.OK, load("status"));
    assertTrue(out.toString().contains("there was never a run of loads"), out.toString());
    assertEquals(ExitCode.NO_INPUT, load("close"));
    String open =
        "{\"period\":\"2612\",\"runKey\":\"00000000000000ab\",\"cards\":5,\"cashMinor\":3500000,\"hjartanMinor\":0}";

    assertEquals(201, asker().post(RUNS, open).status());
    assertEquals(ExitCode.OK, load("status"));
    assertTrue(out.toString().contains("run 00000000000000ab is open"), out.toString());
    assertEquals(ExitCode.DATA_ERROR, run(list(0, 5)));
    assertTrue(err.toString().contains("load run other open"), err.toString());

    assertEquals(ExitCode.OK, load("close"));
    assertTrue(out.toString().contains("run 00000000000000ab is closed"), out.toString());
    assertEquals(before, pool());
    assertEquals(ExitCode.OK, run(list(0, 5)), err::toString);
  }

  @Test
  void shouldAskBeforeItLoadsAndRefuseAMonthThatNobodyMeans() throws Exception {
    start(5);
    String list = list(0, 5).toString();

    assertEquals(ExitCode.USAGE, load("run", list, "--period", "2612", "--any-period"));
    assertTrue(err.toString().contains("add --yes"), err.toString());
    assertEquals(ExitCode.USAGE, load("run", list, "--period", "9912", "--yes"));
    assertTrue(err.toString().contains("9912 is 2099-12, which is not the last month"), err.toString());
    assertEquals(ExitCode.USAGE, load("run", list, "--period", "2613", "--yes"));
    assertEquals(ExitCode.USAGE, load("run", list, "--period", "2612", "--yes", "--programme", "dorotea"));
    stop();
    assertEquals(ExitCode.UNAVAILABLE, run(Path.of(list)));
  }

  private record Bad(String why, int status, String title, String path, String body) {}

  @Test
  void shouldRefuseBadRequests() throws Exception {
    start(5);
    AdminAsker asker = asker();
    String token = asker.card(0).replace("/v1/cards/", "");
    String open =
        "{\"period\":\"2612\",\"runKey\":\"00000000000000ab\",\"cards\":1,\"cashMinor\":1,\"hjartanMinor\":0}";
    String one = "{\"panToken\":\"" + token + "\",\"cashMinor\":1,\"hjartanMinor\":0}";
    String batch = "{\"period\":\"2612\",\"loads\":[" + one + "]}";
    String loads = RUNS + "/00000000000000ab/loads";
    List<Bad> table = new ArrayList<>();
    table.add(new Bad("programme of nobody", 404, "programme-unknown", "/v1/programmes/9/load-runs", open));
    table.add(new Bad("leading zero", 404, "not-found", "/v1/programmes/01/load-runs", open));
    table.add(new Bad("too large a number", 404, "not-found", "/v1/programmes/65536/load-runs", open));
    table.add(new Bad("short key in path", 404, "not-found", RUNS + "/ab/loads", batch));
    table.add(new Bad("get only", 405, "wrong-method", "/v1/programmes/1/load-run", open));
    table.add(new Bad("key 0", 409, "load-run-key-invalid", RUNS, open.replace("ab", "00")));
    table.add(new Bad("key that is none", 400, "bad-member", RUNS, open.replace("ab", "xy")));
    table.add(new Bad("month 13", 409, "period-invalid", RUNS, open.replace("2612", "2613")));
    table.add(new Bad("no amount", 400, "bad-member", RUNS, open.replace("\"cashMinor\":1,", "")));
    table.add(new Bad("negative", 409, "amount-invalid", RUNS, open.replace("\"cashMinor\":1", "\"cashMinor\":-1")));
    table.add(new Bad("no cards", 400, "bad-member", RUNS, open.replace("\"cards\":1", "\"cards\":0")));
    table.add(new Bad("unknown member", 400, "unknown-member", RUNS, open.replace("}", ",\"author\":\"mayor\"}")));
    table.add(new Bad("nothing to load", 400, "bad-member", loads, batch.replace(one, "")));
    table.add(new Bad("no token", 400, "bad-member", loads, batch.replace(token, "975200")));
    table.add(new Bad("a list of lists", 400, "bad-member", loads, batch.replace(one, "[]")));
    table.add(
        new Bad("too many", 400, "bad-member", loads, batch.replace(one, (one + ",").repeat(500) + one)));
    table.add(
        new Bad("an unknown kind", 400, "bad-member", loads,
            batch.replace("}]", ",\"components\":[{\"kind\":\"gift\",\"amountMinor\":1}]}]")));
    table.add(
        new Bad("seventeen components", 400, "bad-member", loads,
            batch.replace(
                "}]", ",\"components\":[" + "{\"kind\":\"base\",\"amountMinor\":1},".repeat(16)
                    + "{\"kind\":\"base\",\"amountMinor\":1}]}]")));
    table.add(new Bad("too large", 413, "too-large", loads, batch + " ".repeat(1024 * 1024)));
    table.add(new Bad("closing what is not open", 409, "load-run-not-open", RUNS + "/00000000000000ab/close", "{}"));
    List<String> wrong = new ArrayList<>();
    for (Bad bad : table) {
      Answer answer = asker.post(bad.path(), bad.body());
      if (answer.status() != bad.status() || !bad.title().equals(answer.title())) {
        wrong.add(bad.why() + ": " + answer.status() + " " + answer.body());
      }
    }

    assertEquals(List.of(), wrong);
    assertEquals(List.of("load-run-not-open"), asker.post(loads, batch).list("results"));
    assertPurses(0, 1);
  }
}
