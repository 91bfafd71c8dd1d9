package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import se.valfardskort.authorizer.app.AdminAsker.Answer;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.CardTokens;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.explain.RecordFields;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.independent.WireMessage;

/** What a card did, and why it was decided so: asked of a running authorizer over its real ports. */
class HistoryTest {
  private static final long ANNA = 7;
  private static final long BO = 8;
  private static final String FIRST_INDEX = "journal-00000001-00000000000000000001.log.idx";

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Throwable> halts = new CopyOnWriteArrayList<>();
  private final Path data;
  private final ConfigFixture config;
  private @Nullable AuthorizerApp running;

  HistoryTest(@TempDir Path folder) throws IOException {
    data = folder.resolve("data");
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "cards: 1100000", "cards: 2000");
    config.replace("demo/authorizer.yaml", "originals: 12000000", "originals: 20000");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 20000");
  }

  @BeforeEach
  void startIt() throws Exception {
    PrintStream log = new PrintStream(logged, true, StandardCharsets.UTF_8);
    running = AuthorizerApp.start(new StartOptions(config.demo(), data, true, 20, null, 0), log, halts::add);
  }

  @AfterEach
  void shouldHaveHaltedNowhere() {
    stop();
    assertEquals(List.of(), halts);
    String log = logged.toString(StandardCharsets.UTF_8);
    assertFalse(log.contains("defect"), log);
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

  private WireMessage ask(WireMessage message) throws IOException {
    try (Shop shop = new Shop(readyLine())) {
      return shop.ask(message);
    }
  }

  /** What, verdict, reason and amount of each line. */
  private static List<String> lines(Answer answer, String name) {
    List<String> lines = new ArrayList<>();
    for (Map<?, ?> line : AdminTable.maps(answer.body(), name)) {
      String decided = line.get("verdict") + " " + line.get("reason");
      lines.add(line.get("what") + " " + decided + " " + line.get("amountMinor"));
    }
    return lines;
  }

  @Test
  void shouldShowWhatACardDidAndWhatWasDoneToItNewestFirst() throws Exception {
    AdminAsker asker = asker();
    String card = asker.card(ANNA);
    String lastDay = LocalDate.now(ZoneOffset.UTC).plusDays(40).toString();
    WireMessage food = Shop.purchase(ANNA, "5411", 125_00);
    WireMessage clothes = Shop.purchase(ANNA, "5651", 300_00).copyAs("0200");
    ask(food);
    ask(Shop.purchase(ANNA, "7995", 50_00));
    ask(Shop.about(food, "0400"));
    ask(clothes);
    ask(Shop.about(clothes, "0200").set(3, "200000").set(4, "10000"));
    asker.post(
        card + "/status", "{\"act\":\"freeze\",\"reason\":\"suspected-misuse\",\"reviewOn\":\"" + lastDay + "\"}");
    ask(Shop.purchase(ANNA, "5411", 20_00));
    asker.post(card + "/status", "{\"act\":\"unfreeze\",\"reason\":\"reviewed\"}");
    asker.post(
        card + "/approvals",
        "{\"reason\":\"driving-licence\",\"categories\":[\"education\"],\"amountMinor\":1500000,\"lastDay\":\""
            + lastDay + "\"}",
        "Idempotency-Key: korkort-anna");
    ask(Shop.purchase(ANNA, "8249", 4_000_00));
    ask(Shop.purchase(BO, "5411", 1_00));

    Answer history = asker.get(card + "/history");
    final Answer newest = asker.get(card + "/history/2");

    assertEquals(200, history.status(), history.body()::toString);
    assertEquals(
        List.of(
            "purchase approved approved 400000",
            "approval-granted accepted approved 1500000",
            "unfrozen accepted approved null",
            "purchase declined CARD_FROZEN 2000",
            "frozen accepted approved null",
            "refund returned approved 10000",
            "purchase approved approved 30000",
            "reversal returned approved 12500",
            "purchase declined BLOCKED_GAMBLING 5000",
            "purchase approved approved 12500",
            "load accepted approved 1000000",
            "card-opened accepted approved null"),
        lines(history, "history"));
    assertEquals(lines(history, "history").subList(0, 2), lines(newest, "history"));
    Map<?, ?> gambling = AdminTable.maps(history.body(), "history").get(8);
    assertEquals("gambling", gambling.get("category"));
    assertEquals("7995", gambling.get("mcc"));
    assertEquals(
        "Butiken är registrerad för spel om pengar.",
        ExplanationText.word(gambling, "sv", "checked"));
    assertEquals(
        "Gjort: 100,00 kr gick tillbaka till kontantdelen och 0,00 i hjärtan.",
        ExplanationText.word(AdminTable.maps(history.body(), "history").get(5), "sv", "decided"));
    assertEquals("suspected-misuse", AdminTable.maps(history.body(), "history").get(4).get("detail"));
    assertFalse(history.body().toString().contains(Shop.GROCER), "the shop takes the holder's consent");
  }

  @Test
  void shouldExplainADeclineWithWhatIsLeftAndWhatWouldLiftIt() throws Exception {
    WireMessage school = Shop.purchase(ANNA, "8249", 400_00);
    ask(school);
    ask(Shop.purchase(ANNA, "5541", 1_000_00));
    WireMessage fuel = Shop.purchase(ANNA, "5541", 600_00);
    ask(fuel);

    Map<?, ?> atSchool = only(asker().get("/v1/why/" + school.require(37)));
    Map<?, ?> atThePump = only(asker().get("/v1/why/" + fuel.require(37)));

    assertEquals("APPROVAL_EDUCATION", atSchool.get("reason"));
    assertEquals(true, atSchool.get("liftable"));
    assertEquals("active", atSchool.get("cardStatus"));
    assertTrue(ExplanationText.word(atSchool, "en", "appeal").contains("2017:900"));
    assertEquals("CATEGORY_CAP", atThePump.get("reason"));
    assertTrue(AdminTable.maps(atThePump, "leftThen").toString().contains("leftMinor=600000"), atThePump::toString);
    Map<?, ?> cap =
        AdminTable.maps(atThePump, "leftNow").stream().filter(each -> "cap".equals(each.get("of"))).findFirst()
            .orElseThrow();
    assertEquals("fuel-parking", cap.get("category"));
    assertEquals(500_00L, cap.get("leftMinor"));
    assertEquals(1_500_00L, cap.get("mostMinor"));
  }

  private static Map<?, ?> only(Answer answer) {
    List<Map<?, ?>> explanations = AdminTable.maps(answer.body(), "explanations");
    assertEquals(1, explanations.size(), answer.body()::toString);
    return explanations.getFirst();
  }

  @Test
  void shouldListEachRecordOfAReferenceNumberAndNoteALookAtEachCard() throws Exception {
    String rrn = "KVITTO000017";
    ask(Shop.purchase(ANNA, "5411", 10_00).set(37, rrn));
    ask(Shop.purchase(BO, "5921", 20_00).set(37, rrn));
    AdminAsker asker = asker();

    Answer both = asker.get("/v1/why/" + rrn);
    List<Map<?, ?>> found = AdminTable.maps(both.body(), "explanations");
    final Answer one = asker.get("/v1/why/" + found.getFirst().get("sequence"));

    assertEquals(2, found.size());
    assertEquals("BLOCKED_ALCOHOL_TOBACCO", found.get(0).get("reason"));
    assertEquals("approved", found.get(1).get("verdict"));
    assertEquals(1000L, found.get(1).get("approvedMinor"));
    assertEquals(found.getFirst().get("sequence"), only(one).get("sequence"));
    for (long number : List.of(ANNA, BO)) {
      Answer looks = asker.get(asker.card(number) + "/looks");
      Map<?, ?> last = AdminTable.maps(looks.body(), "looks").getLast();
      assertEquals("record", last.get("detail"));
      assertEquals("local-operator", last.get("author"));
      assertEquals("look", last.get("what"));
    }
  }

  @Test
  void shouldSayThatNothingIsThereAndNoteThatSomebodyAsked() throws Exception {
    AdminAsker asker = asker();
    long before = asker.get(asker.card(ANNA)).sequence();

    Answer rrn = asker.get("/v1/why/NOBODYHASIT1");
    Answer sequence = asker.get("/v1/why/999999999");
    final Answer card = asker.get("/v1/cards/" + "0".repeat(64) + "/history");
    final Answer many = asker.get(asker.card(ANNA) + "/history/1001");
    final Answer method = asker.exchange(AdminAsker.request("DELETE /v1/why/1", asker.goodHeaders(), ""));
    final Answer tick = asker.get("/v1/why/1");

    assertEquals(404, rrn.status());
    assertEquals("record-not-found", rrn.title());
    assertEquals(404, sequence.status());
    assertEquals(404, card.status());
    assertEquals("card-not-found", card.title());
    assertEquals(400, many.status());
    assertEquals(405, method.status());
    assertEquals("other", only(tick).get("what"));
    stop();
    List<String> looks = new ArrayList<>();
    RecordFields fields = new RecordFields();
    visit(record -> {
      Map<String, Object> command = fields.command(record);
      if (record.sequence > before && "account-query".equals(command.get("type"))) {
        looks.add(command.get("about") + " " + command.get("aboutSequence") + " " + command.get("author"));
      }
    });
    assertEquals(
        List.of(
            "RECORD null local-operator", "RECORD 999999999 local-operator", "HISTORY null local-operator",
            "RECORD 1 local-operator"),
        looks);
  }

  private interface Visitor {
    void visit(JournalRecord record);
  }

  private void visit(Visitor visitor) throws IOException {
    try (JournalFolder folder = JournalFolder.follow(FolderDisk.readOnly(data.resolve("journal")))) {
      new JournalReader(folder, JournalReader.Mode.FOLLOW).readAll(visitor::visit);
    }
  }

  /** Several segments, a restart, and indexes that are whole, gone, cut, changed and another's: always the same. */
  @Test
  void shouldFindTheSameWhateverBecameOfTheIndexes() throws Exception {
    buyALot(9_000);
    stop();
    startIt();
    AdminAsker asker = asker();
    List<String> expected = sequencesOf(ANNA);
    assertTrue(expected.size() > 400, "of nine thousand purchases of twenty cards");
    assertEquals(expected, sequences(asker));
    List<Path> indexes = indexes();
    assertTrue(indexes.size() >= 3, indexes::toString);
    byte[] whole = Files.readAllBytes(indexes.get(1));

    for (Path index : indexes) {
      Files.delete(index);
    }
    assertEquals(expected, sequences(asker));
    assertEquals(indexes, indexes());
    assertEquals(HexFormat.of().formatHex(whole), HexFormat.of().formatHex(Files.readAllBytes(indexes.get(1))));

    List<byte[]> spoilt =
        List.of(new byte[0], Arrays.copyOf(whole, 4096), Arrays.copyOf(whole, whole.length - 1),
            Arrays.copyOf(whole, whole.length + 4096), changedAt(whole, 0), changedAt(whole, 4096 + 8),
            changedAt(whole, whole.length / 2), changedAt(whole, whole.length - 1),
            Files.readAllBytes(indexes.get(0)), new byte[whole.length]);
    for (byte[] bytes : spoilt) {
      Files.write(indexes.get(1), bytes);
      assertEquals(expected, sequences(asker));
    }
  }

  /** Whatever was answered before somebody looks is there, while others fill one segment after the other. */
  @Test
  void shouldFindWhatWasAnsweredAMomentAgoWhileOthersBuy() throws Exception {
    AdminAsker asker = asker();
    CompletableFuture<Void> others = CompletableFuture.runAsync(() -> {
      try {
        buyALot(4_000);
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    }, buyer -> Thread.ofVirtual().start(buyer));
    long last = 0;
    int looks = 0;
    do {
      WireMessage bet = Shop.purchase(100, "7995", 10_00);
      WireMessage answer = ask(bet);
      assertEquals("R171", answer.get(60), "not one of ours: its records are found all the same");
      Map<?, ?> found = only(asker.get("/v1/why/" + bet.require(37)));
      long sequence = Long.parseLong(String.valueOf(found.get("sequence")));
      assertTrue(sequence > last, sequence + " after " + last);
      last = sequence;
      looks++;
    } while (!others.isDone() || looks < 10);
    others.join();
    assertTrue(last > 4_000, "several segments");
  }

  private void buyALot(int count) throws Exception {
    int port = Shop.portOf(readyLine(), "iso87-binary");
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(Terminal.purchase(i % 20, 1_00, i % 3 == 0 ? "7995" : "5411", Shop.GROCER, i + 1));
    }
    try (Line line = new Line(port)) {
      CompletableFuture<Void> sent = line.sendAll(frames);
      assertEquals(count, line.receive(count).size());
      sent.join();
    }
  }

  private static byte[] changedAt(byte[] whole, int place) {
    byte[] changed = whole.clone();
    changed[place] ^= 1;
    return changed;
  }

  private List<Path> indexes() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("history"))) {
      return files.filter(file -> file.toString().endsWith(".idx")).sorted().toList();
    }
  }

  private List<String> sequences(AdminAsker asker) throws Exception {
    Answer answer = asker.get(asker.card(ANNA) + "/history/1000");
    assertEquals(true, answer.body().get("whole"), answer.body()::toString);
    return AdminTable.maps(answer.body(), "history").stream()
        .map(line -> String.valueOf(line.get("sequence")))
        .toList();
  }

  /** The same by reading all of the journal. */
  private List<String> sequencesOf(long number) throws Exception {
    byte[] token =
        new CardTokens(ConfigurationFolder.read(config.demo(), 0).settings().panTokenKey()).token("975200", number);
    RecordFields fields = new RecordFields();
    List<String> sequences = new ArrayList<>();
    visit(record -> {
      int at = RecordFields.tokenOffset(record);
      byte[] found = new byte[token.length];
      if (at >= 0) {
        record.buffer.getBytes(at, found);
      }
      if (Arrays.equals(found, token) && !fields.commandName(record).equals("account-query")) {
        sequences.addFirst(Long.toString(record.sequence));
      }
    });
    return sequences;
  }

  @Test
  void shouldHaveTheFollowerKeepTheIndexesAndRemoveThoseOfSegmentsThatAreGone() throws Exception {
    buyALot(3_500);
    stop();
    startIt();
    Path index = data.resolve("history").resolve(FIRST_INDEX);
    assertFalse(Files.exists(index));

    assertEquals(ExitCode.OK, run("snapshot"), err.toString());
    assertTrue(Files.exists(index));
    Files.copy(index, index.resolveSibling("journal-00000000-00000000000000000001.log.idx"));
    assertEquals(ExitCode.OK, run("snapshot"), err.toString());
    assertEquals(1, indexes().stream().filter(file -> file.toString().contains("00000000000000000001")).count());
  }

  @Test
  void shouldAnswerPeopleInTheirLanguageAndTellNoCardNumber() throws Exception {
    WireMessage wine = Shop.purchase(ANNA, "5921", 99_00);
    ask(wine);

    assertEquals(ExitCode.OK, demo("card", "history", "--number", "7", "--last", "5"), err.toString());
    assertTrue(out.toString().contains("DE 39 = 03: Butiken är registrerad för alkohol"), out.toString());
    assertTrue(out.toString().contains("alcohol-tobacco 5921"), out.toString());
    assertEquals(ExitCode.OK, demo("card", "history", "--number", "7", "--lang", "en"), err.toString());
    assertTrue(out.toString().contains("Card opened"), out.toString());
    assertEquals(ExitCode.OK, demo("card", "history", "--number", "7", "--looks"), err.toString());
    assertTrue(out.toString().contains("history (local-operator)"), out.toString());
    assertEquals(ExitCode.OK, demo("card", "find", "--rrn", wine.require(37)), err.toString());
    assertTrue(out.toString().matches("(?s)card \\d+  active  account \\d+, panToken begins [0-9a-f]{16}\\R.*"),
        out.toString());
    assertEquals(ExitCode.OK, demo("why", wine.require(37), "--lang", "en"), err.toString());
    assertTrue(out.toString().contains("(BLOCKED_ALCOHOL_TOBACCO, 230; DE 39 = 03)"), out.toString());
    assertTrue(out.toString().matches("(?s).*CASH +7,000\\.00 +7,000\\.00 +-\\R.*"), out.toString());
    assertEquals(ExitCode.OK, demo("why", wine.require(37), "--json"), err.toString());
    final String json = out.toString();

    assertEquals(ExitCode.NO_INPUT, demo("why", "NOBODYHASIT1"), err.toString());
    assertEquals(ExitCode.USAGE, demo("why", "../v1/ready"), err.toString());
    assertEquals(ExitCode.USAGE, demo("why", "4711", "--lang", "fi"), err.toString());
    assertEquals(ExitCode.USAGE, demo("card", "history", "--number", "7", "--last", "0"), err.toString());
    assertEquals(ExitCode.USAGE, demo("card", "find", "--rrn", "1"), err.toString());
    stop();
    startIt();
    assertEquals(ExitCode.OK, demo("card", "history", "--number", "7", "--json"), err.toString());
    String pan = CardPlan.pan("975200", ANNA);
    assertFalse((json + out).contains(pan), "the card's number");
    assertFalse((json + out).contains(Shop.GROCER), "the shop");
    for (Path index : indexes()) {
      String bytes = HexFormat.of().formatHex(Files.readAllBytes(index));
      String letters = HexFormat.of().formatHex(pan.getBytes(StandardCharsets.US_ASCII));
      assertFalse(bytes.contains(pan) || bytes.contains(letters), index::toString);
    }
    assertEquals(1, indexes().size());
  }

  private int demo(String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--demo", "--port", Integer.toString(asker().port())));
    return run(all.toArray(String[]::new));
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = new CommandLine(new Main());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", config.demo().toString(), "--data", data.toString()));
    return line.execute(all.toArray(String[]::new));
  }
}
