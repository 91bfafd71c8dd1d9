package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import se.valfardskort.authorizer.app.AdminAsker.Answer;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.ConfigFixture;

/** The admin command port and its command line, before a whole authorizer: what is done, and what is refused. */
class AdminPortTest {
  private static final long ANNA = 7;
  @SuppressWarnings("TimeInStaticInitializer")
  private static final String LAST_DAY = LocalDate.now(ZoneOffset.UTC).plusDays(40).toString();
  private static final String EDUCATION =
      "{\"reason\":\"driving-licence\",\"categories\":[\"education\"],\"amountMinor\":1500000,\"uses\":3,\"lastDay\":\""
          + LAST_DAY + "\"}";
  private static final String KEY = "Idempotency-Key: korkort-anna-1";

  private final Terminal terminal = new Terminal();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Throwable> halts = new CopyOnWriteArrayList<>();
  private final Path data;
  private final ConfigFixture config;
  private @Nullable AuthorizerApp running;
  private int stan;

  AdminPortTest(@TempDir Path folder) throws IOException {
    data = folder.resolve("data");
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "cards: 1100000", "cards: 2000");
    config.replace("demo/authorizer.yaml", "originals: 12000000", "originals: 10000");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
  }

  @BeforeEach
  void startIt() throws Exception {
    start();
  }

  @AfterEach
  void shouldHaveHaltedNowhere() {
    stop();
    assertEquals(List.of(), halts);
  }

  private AuthorizerApp start() throws Exception {
    PrintStream log = new PrintStream(logged, true, StandardCharsets.UTF_8);
    AuthorizerApp app =
        AuthorizerApp.start(new StartOptions(config.demo(), data, true, 20, null, 0), log, halts::add);
    running = app;
    return app;
  }

  private void stop() {
    AuthorizerApp app = running;
    running = null;
    if (app != null) {
      assertEquals(List.of(), app.stop());
    }
  }

  private String readyLine() {
    AuthorizerApp app = running;
    return app == null ? "" : app.readyLine();
  }

  private AdminAsker asker() throws Exception {
    return new AdminAsker(AdminAsker.portOf(readyLine()), data, config);
  }

  private String buy(String mcc) throws IOException {
    int port = Integer.parseInt(readyLine().replaceAll(".* iso87-binary=[^:]+:(\\d+) .*", "$1"));
    stan++;
    return terminal.text(
        Terminal.exchange(port, Terminal.purchase(ANNA, 100_00, mcc, "KORSKOLAN000001", stan)), 39);
  }

  @Test
  void shouldLetAPurchasePassThatACaseworkerApproved() throws Exception {
    AdminAsker asker = asker();
    String approvals = asker.card(ANNA) + "/approvals";
    final String before = buy("8249");

    Answer granted = asker.post(approvals, EDUCATION, KEY);
    final String after = buy("8249");
    Answer again = asker.post(approvals, EDUCATION, KEY);
    Answer other = asker.post(approvals, EDUCATION.replace("1500000", "1500001"), KEY);
    Answer list = asker.get(approvals);
    final Object number = granted.map("approval").get("number");
    Answer revoked = asker.delete(approvals + "/" + number);
    final String last = buy("8249");
    Answer twice = asker.delete(approvals + "/" + number);

    assertNotEquals("00", before);
    assertEquals(201, granted.status(), granted.head());
    assertEquals("00", after);
    assertEquals(200, again.status());
    assertEquals(number, again.map("approval").get("number"));
    assertEquals(1_490_000L, again.map("approval").get("leftMinor"));
    assertEquals(409, other.status());
    assertEquals("idempotency-key-reused", other.title());
    assertEquals(1, list.list("approvals").size());
    assertEquals(List.of("education"), granted.map("approval").get("covers"));
    assertEquals(LAST_DAY, granted.map("approval").get("lastDay"));
    assertEquals(200, revoked.status());
    assertEquals(true, revoked.map("approval").get("revoked"));
    assertNotEquals("00", last);
    assertEquals(409, twice.status());
    assertEquals("approval-ended", twice.title());
    assertEquals(1042L, twice.body().get("code"));
  }

  @Test
  void shouldFreezeAndLiftAndKeepBothThroughARestart() throws Exception {
    String path = asker().card(ANNA);
    String freeze = "{\"act\":\"freeze\",\"reason\":\"suspected-misuse\",\"reviewOn\":\"" + LAST_DAY + "\"}";
    assertEquals("00", buy("5411"));

    Answer frozen = asker().post(path + "/status", freeze);
    final String whileFrozen = buy("5411");
    stop();
    start();
    final Answer shown = asker().get(path);
    final Answer again = asker().post(path + "/status", freeze);
    Answer lifted = asker().post(path + "/status", "{\"act\":\"unfreeze\",\"reason\":\"reviewed\"}");

    assertEquals(200, frozen.status(), frozen.body().toString());
    assertEquals("frozen", frozen.map("card").get("status"));
    assertEquals(LAST_DAY, frozen.map("card").get("reviewOn"));
    assertEquals("62", whileFrozen);
    assertEquals("frozen", shown.map("card").get("status"));
    assertEquals("suspected-misuse", shown.map("card").get("statusReason"));
    assertEquals(690_000L, shown.map("card").get("cashAvailableMinor"));
    assertEquals(409, again.status());
    assertEquals("card-status-same", again.title());
    assertEquals("active", lifted.map("card").get("status"));
    assertEquals("00", buy("5411"));
  }

  @Test
  void shouldJournalEachLookWithItsSequence() throws Exception {
    AdminAsker asker = asker();

    Answer first = asker.get(asker.card(ANNA));
    Answer second = asker.get(asker.card(ANNA));
    assertEquals(200, asker.get("/v1/ready").status());
    stop();

    long sequence = second.sequence();
    assertTrue(sequence > first.sequence());
    assertEquals(
        ExitCode.OK,
        run("journal", "explain", Long.toString(sequence), "--config", config.demo().toString(), "--data",
            data.toString()),
        err.toString());
    assertTrue(out.toString().contains("account-query"), out.toString());
    assertTrue(out.toString().contains("local-operator"), out.toString());
  }

  /** A request that must be refused, and with what. */
  private record Bad(String why, int status, String title, String request) {}

  @Test
  void shouldRefuseWhatIsNotRight() throws Exception {
    AdminAsker asker = asker();
    String card = asker.card(ANNA);
    List<Bad> table = new ArrayList<>();
    headers(asker, card, table);
    paths(asker, card, table);
    bodies(asker, card, table);

    List<String> wrong = new ArrayList<>();
    for (Bad bad : table) {
      Answer answer = asker.exchange(bad.request());
      if (answer.status() != bad.status() || !bad.title().equals(answer.title())) {
        wrong.add(bad.why() + ": " + answer.status() + " " + answer.body());
      }
    }

    assertEquals(List.of(), wrong);
    assertEquals("active", asker.get(card).map("card").get("status"));
    assertEquals(List.of(), asker.get(card + "/approvals").list("approvals"));
    assertFalse(logged.toString(StandardCharsets.UTF_8).contains("defect"), logged.toString(StandardCharsets.UTF_8));
  }

  private static void headers(AdminAsker asker, String card, List<Bad> table) {
    String host = "Host: 127.0.0.1:" + asker.port();
    String key = asker.goodHeaders().get(1);
    String get = "GET " + card;
    table.add(new Bad("no key", 401, "wrong-key", AdminAsker.request(get, List.of(host), "")));
    table.add(
        new Bad("wrong key", 401, "wrong-key",
            AdminAsker.request(get, List.of(host, "Authorization: Bearer " + "0".repeat(64)), "")));
    table.add(
        new Bad("no scheme", 401, "wrong-key",
            AdminAsker.request(get, List.of(host, key.replace("Bearer ", "")), "")));
    table.add(new Bad("two keys", 401, "wrong-key", AdminAsker.request(get, List.of(host, key, key), "")));
    table.add(new Bad("no host", 421, "wrong-host", AdminAsker.request(get, List.of(key), "")));
    for (String other : List.of("evil.example", "evil.example:" + asker.port(), "127.0.0.1", "127.0.0.1:1")) {
      table.add(
          new Bad("host " + other, 421, "wrong-host", AdminAsker.request(get, List.of("Host: " + other, key), "")));
    }
    table.add(new Bad("two hosts", 421, "wrong-host", AdminAsker.request(get, List.of(host, host, key), "")));
    for (String origin : List.of("null", "http://127.0.0.1:" + asker.port(), "https://evil.example")) {
      table.add(
          new Bad("origin " + origin, 403, "cross-origin",
              AdminAsker.request(get, List.of(host, key, "Origin: " + origin), "")));
    }
  }

  private static void paths(AdminAsker asker, String card, List<Bad> table) {
    List<String> good = asker.goodHeaders();
    String upper = card.toUpperCase(Locale.ROOT).replace("/V1/CARDS/", "/v1/cards/");
    for (String path :
        List.of("/", "/v1", "/v1/ready/", "//v1/ready", "/v1//ready", "/v1/ready;x=1", "/v1/%72eady", "/v1%2fready",
            "/v1/./ready", "/v1/x/../ready", "/v1/ready?x=1", "/v2/ready", "/V1/ready", upper, card + "/", card + "0",
            card + "/histories", card + "/history/0", card + "/looks/10000", "/v1/why/0", "/v1/why/63260000001x1",
            card + "/approvals/0", card + "/approvals/01", card + "/approvals/x",
            "http://127.0.0.1:" + asker.port() + "/v1/ready")) {
      table.add(new Bad("path " + path, 404, "not-found", AdminAsker.request("GET " + path, good, "")));
    }
    String unknown = "/v1/cards/" + "0".repeat(64);
    table.add(new Bad("unknown card", 404, "card-not-found", AdminAsker.request("GET " + unknown, good, "")));
    table.add(
        new Bad("unknown approval", 404, "approval-not-found",
            AdminAsker.request("DELETE " + card + "/approvals/99", good, "")));
    for (String method : List.of("PUT", "PATCH", "OPTIONS", "TRACE", "get", "DELETE")) {
      table.add(
          new Bad("method " + method, 405, "wrong-method", AdminAsker.request(method + " " + card, good, "")));
    }
    List<String> overridden = new ArrayList<>(good);
    overridden.add("X-HTTP-Method-Override: DELETE");
    table.add(
        new Bad("method override", 405, "wrong-method",
            AdminAsker.request("GET " + card + "/approvals/1", overridden, "")));
  }

  private static void bodies(AdminAsker asker, String card, List<Bad> table) {
    String status = card + "/status";
    String freeze = "{\"act\":\"freeze\",\"reason\":\"other\",\"reviewOn\":\"" + LAST_DAY + "\"}";
    Map<String, String> unread =
        Map.of(
            "nothing", "",
            "half an object", "{\"act\":\"freeze\"",
            "a list", "[]",
            "two values", freeze + freeze,
            "a member twice", "{\"act\":\"freeze\",\"act\":\"close\"}",
            "deep nesting", "[".repeat(10_000) + "]".repeat(10_000),
            "a comment", "/* */" + freeze,
            "a control character", "{\"act\":\"fre\neze\"}");
    unread.forEach(
        (why, body) -> table.add(new Bad(why, 400, "bad-json", asker.postRequest(status, body))));
    table.add(
        new Bad("unknown member", 400, "unknown-member",
            asker.postRequest(status, freeze.replace("}", ",\"author\":\"mayor\"}"))));
    table.add(
        new Bad("unknown word", 400, "bad-member", asker.postRequest(status, freeze.replace("other", "because"))));
    table.add(
        new Bad("no such day", 400, "bad-member", asker.postRequest(status, freeze.replace(LAST_DAY, "2026-02-30"))));
    table.add(
        new Bad("no review", 409, "review-day-invalid",
            asker.postRequest(status, "{\"act\":\"freeze\",\"reason\":\"other\"}")));
    table.add(
        new Bad("fractions of an ore", 400, "bad-json",
            asker.postRequest(card + "/approvals", EDUCATION.replace("1500000", "1.5"), KEY)));
    table.add(
        new Bad("no idempotency key", 400, "no-idempotency-key", asker.postRequest(card + "/approvals", EDUCATION)));
    table.add(
        new Bad("a category of nobody", 409, "scope-invalid",
            asker.postRequest(card + "/approvals", EDUCATION.replace("education", "yachts"), KEY)));
    table.add(
        new Bad("too large", 413, "too-large", asker.postRequest(status, freeze + " ".repeat(64 * 1024))));
    List<String> form = asker.goodHeaders();
    form.add("Content-Type: application/x-www-form-urlencoded");
    form.add("Content-Length: " + freeze.length());
    table.add(new Bad("a form", 415, "not-json", AdminAsker.request("POST " + status, form, freeze)));
    List<String> chunked = asker.goodHeaders();
    chunked.add("Content-Type: application/json");
    chunked.add("Transfer-Encoding: chunked");
    table.add(new Bad("chunks", 411, "no-length", AdminAsker.request("POST " + status, chunked, "0\r\n\r\n")));
    List<String> body = asker.goodHeaders();
    body.add("Content-Length: 2");
    table.add(new Bad("a look with a body", 400, "unexpected-body", AdminAsker.request("GET " + card, body, "{}")));
  }

  @Test
  void shouldKeepItsKeyForItsOwnerAndRefuseOneThatOthersMayRead() throws Exception {
    Path key = data.resolve("admin.key");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    final String first = Files.readString(key);
    stop();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

    StartFailure refused = assertThrows(StartFailure.class, this::start);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    start();

    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertTrue(String.valueOf(refused.getMessage()).startsWith("others may read or change " + key));
    assertEquals(first, Files.readString(key));
  }

  @Test
  void shouldOpenNoPortWhereNoneIsAskedFor() throws Exception {
    stop();
    config.replace("demo/authorizer.yaml", "admin:\n  port: 0\n", "");

    start();

    assertFalse(readyLine().contains("admin="), readyLine());
    assertEquals(ExitCode.CONFIGURATION, card("find", "--number", "7"));
    assertTrue(err.toString().contains("names no admin port"), err.toString());
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = new CommandLine(new Main());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  private int card(String act, String... more) {
    return ofDemonstration(0, "card", act, more);
  }

  private int ofDemonstration(int port, String noun, String act, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(noun, act, "--demo", "--config", config.demo().toString(), "--data", data.toString()));
    if (port != 0) {
      args.addAll(List.of("--port", Integer.toString(port)));
    }
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  @Test
  void shouldDoAllOfItFromTheCommandLine() throws Exception {
    int port = asker().port();

    assertEquals(
        ExitCode.OK,
        ofDemonstration(port, "approval", "grant", "--number", "7", "--reason", "driving-licence", "--category",
            "education", "--amount", "15000.00", "--until", LAST_DAY, "--key", "korkort-anna-1"),
        err.toString());
    assertTrue(out.toString().contains("driving-licence"), out.toString());
    assertTrue(out.toString().contains("15,000.00"), out.toString());
    assertEquals("00", buy("8249"));
    assertEquals(ExitCode.OK, ofDemonstration(port, "approval", "list", "--number", "7", "--json"), err.toString());
    assertTrue(out.toString().contains("\"leftMinor\":1490000"), out.toString());
    final String number = out.toString().replaceAll("(?s).*\"number\":(\\d+).*", "$1");
    assertEquals(
        ExitCode.OK,
        ofDemonstration(port, "approval", "revoke", "--number", "7", "--approval", number),
        err.toString());
    assertEquals(
        ExitCode.OK,
        ofDemonstration(port, "card", "freeze", "--number", "7", "--reason", "holder-asked", "--review-on", LAST_DAY),
        err.toString());
    assertEquals("62", buy("5411"));
    assertEquals(ExitCode.OK, ofDemonstration(port, "card", "show", "--number", "7"), err.toString());
    String pan = CardPlan.pan("975200", ANNA);
    assertTrue(out.toString().contains("975200******" + pan.substring(12)), out.toString());
    assertTrue(out.toString().contains("frozen (holder-asked), to be reviewed on " + LAST_DAY), out.toString());
    assertFalse(out.toString().contains(pan), out.toString());
    assertEquals(ExitCode.OK, ofDemonstration(port, "card", "unfreeze", "--number", "7"), err.toString());
    assertEquals(ExitCode.DATA_ERROR, ofDemonstration(port, "card", "unfreeze", "--number", "7"), err.toString());
    assertEquals(ExitCode.OK, ofDemonstration(port, "card", "lost", "--number", "7"), err.toString());
    assertEquals("41", buy("5411"));
    assertEquals(ExitCode.NO_INPUT, ofDemonstration(port, "card", "find", "--number", "999999999"), err.toString());
  }

  @Test
  void shouldTakeTheCardsNumberFromStandardInputOnly() throws Exception {
    int port = asker().port();
    String pan = CardPlan.pan("975200", ANNA);
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream((pan + "\n").getBytes(StandardCharsets.US_ASCII)));
      assertEquals(ExitCode.OK, ofDemonstration(port, "card", "find", "--pan", "-"), err.toString());
      System.setIn(new ByteArrayInputStream((pan.substring(0, 15) + "x\n").getBytes(StandardCharsets.US_ASCII)));
      assertEquals(ExitCode.USAGE, ofDemonstration(port, "card", "find", "--pan", "-"));
    } finally {
      System.setIn(before);
    }
    assertEquals(ExitCode.USAGE, ofDemonstration(port, "card", "find", "--pan", pan));
    assertFalse(err.toString().contains(pan), err.toString());
  }

  @Test
  void shouldSayThatNobodyAnswers() throws Exception {
    int port = asker().port();
    stop();

    assertEquals(ExitCode.UNAVAILABLE, ofDemonstration(port, "card", "find", "--number", "7"));

    assertTrue(err.toString().contains("nothing answers on 127.0.0.1:" + port), err.toString());
  }
}
