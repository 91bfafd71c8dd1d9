package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.JournalSettings;
import se.valfardskort.authorizer.storage.SealKey;

/** What a person can ask of a journal that a real authorizer wrote, and do to it. */
class JournalCommandTest {
  private static final String FIRST_SEGMENT = "journal-00000001-00000000000000000001.log";
  private static final long CARD = 7;

  private final Terminal terminal = new Terminal();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final List<Throwable> halts = new CopyOnWriteArrayList<>();
  private final List<AuthorizerApp> running = new ArrayList<>();
  private final Path folder;
  private final Path journal;
  private final ConfigFixture config;

  JournalCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    journal = folder.resolve("data").resolve("journal");
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
    for (String outside : List.of("taken", "archive", "witness")) {
      Files.createDirectory(folder.resolve(outside));
    }
    config.replace("demo/authorizer.yaml", "pan-token-key: pan-token.key", """
        pan-token-key: pan-token.key
        journal:
          witness: ../../witness/anchor
          archive: ../../archive
          copy-command: [cp, "{segment}", %s]
          copy-seconds: 30
        """.formatted(folder.resolve("taken")));
  }

  @AfterEach
  void shouldHaveHaltedNowhere() {
    running.forEach(AuthorizerApp::stop);
    assertEquals(List.of(), halts);
  }

  private AuthorizerApp start() throws ConfigurationException, StartFailure {
    StartOptions options = new StartOptions(config.demo(), folder.resolve("data"), true, 10, null, 0);
    AuthorizerApp app =
        AuthorizerApp.start(options, new PrintStream(logged, true, StandardCharsets.UTF_8), halts::add);
    running.add(app);
    return app;
  }

  private void stop(AuthorizerApp app) {
    running.remove(app);
    assertEquals(List.of(), app.stop());
  }

  private String buy(AuthorizerApp app, long amountMinor, String mcc, int stan) throws IOException {
    int port = Integer.parseInt(app.readyLine().replaceAll(".* iso87-binary=[^:]+:(\\d+) .*", "$1"));
    return terminal.text(
        Terminal.exchange(port, Terminal.purchase(CARD, amountMinor, mcc, "BUTIK0000000001", stan)), 39);
  }

  /** A purchase and a decline, a stop, and a second start, so that the first segment is closed. */
  private void live() throws Exception {
    AuthorizerApp app = start();
    assertEquals("00", buy(app, 12_500, "5411", 1));
    assertFalse(buy(app, 5_000, "7995", 2).equals("00"));
    stop(app);
    stop(start());
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = new CommandLine(new JournalCommand());
    line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE));
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", config.demo().toString(), "--data", folder.resolve("data").toString()));
    return line.execute(all.toArray(String[]::new));
  }

  private String said(String... args) {
    assertEquals(ExitCode.OK, run(args), err.toString());
    return out.toString();
  }

  /** Sequence of the only record that dump shows. */
  private long sequenceOf(String reason) {
    return said("dump", "--kind", "card-request").lines()
        .filter(line -> line.contains("reason=" + reason + " "))
        .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
        .sum();
  }

  @Test
  void shouldVerifyDumpCountAndReplayBesideARunningAuthorizer() throws Exception {
    AuthorizerApp app = start();
    assertEquals("00", buy(app, 12_500, "5411", 1));
    assertFalse(buy(app, 5_000, "7995", 2).equals("00"));

    String verified = said("verify");
    assertTrue(verified.contains(" is whole: ") && verified.contains(" seals fit; sealed up to sequence "), verified);
    assertTrue(said("verify", "--json").startsWith("{\"whole\":true,\"records\":"));

    String dump = said("dump", "--kind", "card-request");
    assertEquals(2, dump.lines().count(), dump);
    assertTrue(dump.contains("amountMinor=12500 currency=752 mcc=5411"), dump);
    assertTrue(dump.contains("reason=approved code=0 effect=HOLD responseCode=00"), dump);
    assertTrue(dump.contains("reason=BLOCKED_GAMBLING"), dump);
    assertFalse(said("dump", "--json").contains(CardPlan.pan("975200", CARD)));
    assertEquals(1, said("dump", "--kind", "declined").lines().count());
    assertEquals(ExitCode.NO_INPUT, run("dump", "--from", "1000000"));

    String stats = said("stats");
    assertTrue(stats.matches("(?s).*card-request +2 +\\d+\\R.*"), stats);
    assertTrue(stats.matches("(?s).*BLOCKED_GAMBLING +1 +\\d+\\R.*"), stats);
    assertTrue(said("stats", "--json").contains("\"card-request\":{\"records\":2,"));

    String replayed = said("replay");
    assertTrue(replayed.contains("the invariants hold"), replayed);
    // 125.00 are held; before that nothing was.
    assertTrue(replayed.matches("(?s).*CASH_HELD +125\\.00\\R.*"), replayed);
    long bought = sequenceOf("approved");
    assertTrue(said("replay", "--to", Long.toString(bought - 1), "--json").contains("\"CASH_HELD\":0"));
    assertEquals(ExitCode.NO_INPUT, run("replay", "--to", "1000000"));
    stop(app);
  }

  @Test
  void shouldExplainAnApprovalAndADecline() throws Exception {
    live();
    long approved = sequenceOf("approved");
    long declined = sequenceOf("BLOCKED_GAMBLING");

    String why = said("explain", Long.toString(approved));
    assertTrue(why.contains("Approved: 125.00 kr, of which 125.00 from CASH and 0.00 from HJARTAN."), why);
    assertTrue(why.matches("(?s).*CASH available +7,000\\.00 +6,875\\.00  \\*\\R.*"), why);
    assertTrue(why.matches("(?s).*  new +no\\. 1 HELD .*CASH 125\\.00.*"), why);
    assertTrue(why.contains("A repeat of it right afterwards got the same answer from memory"), why);

    String no = said("explain", Long.toString(declined));
    assertTrue(no.contains("declined it. (BLOCKED_GAMBLING, 231; DE 39 = 03)"), no);
    assertTrue(no.contains("Nothing makes the same purchase pass"), no);
    assertTrue(no.contains("  sv  Butiken är registrerad för spel om pengar. Ett godkännande ändrar inte det."), no);
    assertTrue(no.contains("  en  The shop is registered as one for gambling. No approval changes that."), no);
    assertTrue(no.matches("(?s).*CASH available +6,875\\.00 +6,875\\.00\\R.*"), no);
    assertTrue(said("explain", Long.toString(declined), "--json").contains("\"before\":{\"card\":"), out.toString());

    assertTrue(said("explain", "1").contains("No card of ours is named in it"));
    assertEquals(ExitCode.NO_INPUT, run("explain", "1000000"));
  }

  @Test
  void shouldFindWhatSomebodyChangedAndNameThePlace() throws Exception {
    live();
    Path segment = journal.resolve(FIRST_SEGMENT);
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);

    assertEquals(ExitCode.DATA_ERROR, run("verify"));
    assertTrue(err.toString().contains(segment + ", offset "), err.toString());
  }

  @Test
  void shouldSayThatTheKeyIsAnotherOrThatThereIsNoJournal() throws Exception {
    assertEquals(ExitCode.NO_INPUT, run("verify"));
    live();
    Files.writeString(config.file("demo/pan-token.key"), "secret-key " + "a5".repeat(32) + "\n");

    assertEquals(ExitCode.CONFIGURATION, run("verify"));
    assertTrue(err.toString().contains("is not the one that the journal"), err.toString());
  }

  @Test
  void shouldArchiveClosedSegmentsAndPruneThoseThatASnapshotCovers() throws Exception {
    live();
    AuthorizerApp app = start();
    byte[] closed = Files.readAllBytes(journal.resolve(FIRST_SEGMENT));
    awaitFile(folder.resolve("archive").resolve(FIRST_SEGMENT), closed);
    awaitFile(folder.resolve("taken").resolve(FIRST_SEGMENT), closed);
    stop(app);

    Path snapshots = snapshots();
    Path aside = folder.resolve("aside");
    Files.move(snapshots, aside);
    assertTrue(said("prune", "--dry-run").contains("because there is no snapshot to start from"), out.toString());
    Files.move(aside, snapshots);
    assertTrue(said("prune", "--dry-run").contains("Would remove "), out.toString());
    assertTrue(Files.exists(journal.resolve(FIRST_SEGMENT)));
    assertTrue(said("verify", "--json").contains("\"notArchived\":0"), out.toString());

    Path index = Files.createFile(journal.resolveSibling("history").resolve(FIRST_SEGMENT + ".idx"));
    assertTrue(said("prune", "--yes", "--by", "anna").contains("prune.log says so"), out.toString());
    assertFalse(Files.exists(journal.resolve(FIRST_SEGMENT)) || Files.exists(index));
    assertTrue(Files.readString(journal.resolve("prune.log")).contains("by anna | "));
    assertTrue(said("verify").contains("was pruned"), out.toString());
    assertTrue(said("replay").contains("the invariants hold"), out.toString());
    assertEquals(ExitCode.DATA_ERROR, run("replay", "--to", "1"));
    assertTrue(err.toString().contains("has no snapshot that can be used"), err.toString());
    stop(start());

    Files.delete(journal.resolve("prune.log"));
    assertEquals(ExitCode.DATA_ERROR, run("verify"));
    assertTrue(err.toString().contains("it was removed"), err.toString());
  }

  private Path snapshots() {
    return folder.resolve("data").resolve("snapshots");
  }

  @Test
  void shouldPruneNothingWhereTheSnapshotThatWouldBeNeededIsNotSound() throws Exception {
    live();
    stop(start());
    Path oldest;
    try (Stream<Path> files = Files.list(snapshots())) {
      oldest = files.filter(file -> file.toString().endsWith(".snap")).sorted().findFirst().orElseThrow();
    }
    byte[] sound = Files.readAllBytes(oldest);
    byte[] changed = sound.clone();
    changed[changed.length / 2] ^= 1;

    for (byte[] bytes : List.of(changed, new byte[0])) {
      Files.write(oldest, bytes);
      assertEquals(ExitCode.DATA_ERROR, run("prune", "--yes"), out.toString());
      assertTrue(err.toString().contains("nothing was removed: no start could begin with the oldest snapshot"),
          err.toString());
      assertTrue(err.toString().contains("delete it, so that a newer one is the oldest"), err.toString());
      assertTrue(Files.exists(journal.resolve(FIRST_SEGMENT)));
    }
    Files.write(oldest, sound);
    assertTrue(said("prune", "--yes").contains("prune.log says so"), out.toString());
  }

  @Test
  void shouldTakeTheLastSegmentToTheArchiveAtAStop() throws Exception {
    AuthorizerApp app = start();
    assertEquals("00", buy(app, 12_500, "5411", 1));
    stop(app);

    for (String place : List.of("archive", "taken")) {
      assertEquals(
          -1, Files.mismatch(journal.resolve(FIRST_SEGMENT), folder.resolve(place).resolve(FIRST_SEGMENT)), place);
    }
    // The next start leaves it as it is.
    stop(start());
    assertEquals(-1, Files.mismatch(journal.resolve(FIRST_SEGMENT), folder.resolve("archive").resolve(FIRST_SEGMENT)));
    assertFalse(logged.toString(StandardCharsets.UTF_8).contains("not archived"), logged::toString);
  }

  @Test
  void shouldWriteTheSnapshotOfTheStopBeforeItWaitsForTheArchive() throws Exception {
    Path seen = folder.resolve("seen");
    config.replace("demo/authorizer.yaml", "[cp, \"{segment}\", ",
        "[sh, -c, \"ls " + snapshots() + " > " + seen + "\", \"{segment}\", ");

    stop(start());

    assertTrue(Files.readString(seen).contains(".snap"), () -> logged.toString(StandardCharsets.UTF_8));
  }

  @Test
  void shouldSayWhenTheLastSegmentIsArchivedWhereTheStopCouldNot() throws Exception {
    config.replace("demo/authorizer.yaml", "[cp, \"{segment}\", ", "[\"false\", \"{segment}\", ");
    stop(start());

    String log = logged.toString(StandardCharsets.UTF_8);
    assertTrue(
        log.contains("the journal's last segments are not archived (the copy command false ended with 1"), log);
    assertTrue(log.contains("; the next start does it"), log);
    stop(start());
    assertTrue(said("verify").contains("1 closed segment is not archived yet, the oldest " + FIRST_SEGMENT),
        out.toString());
  }

  @Test
  void shouldSeeInVerifyThatTheWholeFolderWasPutBackToAnOlderCopy() throws Exception {
    stop(start());
    Path copy = folder.resolve("copy");
    copy(folder.resolve("data"), copy);
    AuthorizerApp app = start();
    assertTrue(said("verify").contains("has seen epoch 2 with sequence "), out.toString());
    assertTrue(said("verify", "--json").contains("\"witnessEpoch\":2,"), out.toString());
    stop(app);
    delete(folder.resolve("data"));
    copy(copy, folder.resolve("data"));

    assertEquals(ExitCode.DATA_ERROR, run("verify"), out.toString());
    assertTrue(err.toString().contains("is an older copy: it was last started as epoch 1, but the witness "
        + folder.resolve("witness").toRealPath().resolve("anchor") + " has seen epoch 2"), err.toString());
    assertTrue(said("verify", "--without-witness").contains("No witness was asked"), out.toString());

    Files.delete(folder.resolve("witness").resolve("anchor"));
    assertEquals(ExitCode.DATA_ERROR, run("verify"), out.toString());
    assertTrue(err.toString().contains("is missing: mount its disk"), err.toString());
    Files.delete(folder.resolve("witness"));
    assertEquals(ExitCode.CONFIGURATION, run("verify"), out.toString());
    assertTrue(err.toString().contains("or say --without-witness"), err.toString());
  }

  /** Written off the path: it comes a moment later. */
  private static void awaitFile(Path file, byte[] bytes) throws IOException {
    while (!Files.exists(file) || Files.size(file) < bytes.length) {
      Thread.onSpinWait();
    }
    assertEquals(-1, Arrays.mismatch(bytes, Files.readAllBytes(file)));
  }

  @Test
  void shouldNotMakeAFolderThatIsADiskNotMounted() throws Exception {
    Files.delete(folder.resolve("archive"));

    StartFailure refused = assertThrows(StartFailure.class, this::start);

    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertTrue(String.valueOf(refused.getMessage()).contains("mount its disk"), refused.getMessage());
    assertFalse(Files.exists(folder.resolve("archive")));
  }

  @Test
  void shouldKeepASegmentThatIsNotInTheArchive() throws Exception {
    config.replace("demo/authorizer.yaml", "  copy-command", "  #");
    live();
    AuthorizerApp app = start();
    Path archived = folder.resolve("archive").resolve(FIRST_SEGMENT);
    awaitFile(archived, Files.readAllBytes(journal.resolve(FIRST_SEGMENT)));
    stop(app);
    Path snapshots = Files.createDirectories(folder.resolve("data").resolve("snapshots"));
    Files.createFile(snapshots.resolve("snapshot-00000000000000999999.snap"));
    byte[] other = Files.readAllBytes(archived);
    other[other.length - 1] ^= 1;
    Files.write(archived, other);

    assertTrue(said("prune", "--yes").contains("it does not lie in the archive"), out.toString());
    assertTrue(Files.exists(journal.resolve(FIRST_SEGMENT)));
  }

  @Test
  void shouldRefuseToStartOnAnOlderCopyOfTheWholeDataFolder() throws Exception {
    stop(start());
    Path copy = folder.resolve("copy");
    copy(folder.resolve("data"), copy);
    stop(start());
    delete(folder.resolve("data"));
    copy(copy, folder.resolve("data"));

    StartFailure refused = assertThrows(StartFailure.class, this::start);

    assertEquals(ExitCode.DATA_ERROR, refused.exitCode());
    assertTrue(String.valueOf(refused.getMessage()).contains("is an older copy"), refused.getMessage());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void shouldSkipOnlyACommandOnWhichTheEngineThrows() throws Exception {
    // A tick on a slow machine would be one more sequence in a snapshot.
    config.replace("demo/authorizer.yaml", "tick-ms: 1000", "tick-ms: 3600000");
    live();
    Position end = append(Journal.Kind.DECIDED);
    StartFailure stuck = assertThrows(StartFailure.class, this::start);
    String stumbled = "the engine throws while deciding sequence " + end.sequence();
    assertTrue(String.valueOf(stuck.getMessage()).contains(stumbled), stuck.getMessage());

    assertEquals(ExitCode.USAGE, run("skip", "1", "--by", "anna", "--why", " "));
    assertEquals(ExitCode.DATA_ERROR, run("skip", "1", "--by", "anna", "--why", "to see"));
    assertTrue(err.toString().contains("replay does not stumble over it"), err.toString());
    String skipped = said("skip", Long.toString(end.sequence()), "--by", "anna", "--why", "case 17");
    assertTrue(skipped.contains("by anna because case 17"), skipped);

    config.replace("demo/authorizer.yaml", "at-stop-within-ms: 60000", "at-stop-within-ms: 0");
    AuthorizerApp app = start();
    String at = snapshots().resolve("snapshot-%020d.snap".formatted(end.sequence())).toString();
    assertEquals(ExitCode.OK, Main.execute(
        "snapshot", "--config", config.demo().toString(), "--data", folder.resolve("data").toString()));
    stop(app);
    assertTrue(Files.exists(Path.of(at)), at);
    // That record's digest is of a state with the command, the snapshot's of one without.
    stop(start());
    Files.delete(Path.of(at));
    config.replace("demo/authorizer.yaml", "at-stop-within-ms: 0", "at-stop-within-ms: 60000");
    stop(start());
    assertTrue(Files.exists(Path.of(at)), at);
    stop(start());
    String log = logged.toString(StandardCharsets.UTF_8);
    assertTrue(log.contains("skipped by hand: sequence " + end.sequence()), log);
    assertTrue(said("verify").contains("skipped by hand: sequence " + end.sequence()), out.toString());
    Path list = journal.resolve("skip.log");
    Files.writeString(list, Files.readString(list).replace("anna", "berit"));
    assertEquals(ExitCode.DATA_ERROR, run("verify"));
    assertTrue(err.toString().contains("was not written here by an authorizer with this key"), err.toString());
  }

  @Test
  void shouldExplainAPoisonedCommand() throws Exception {
    live();
    Position end = append(Journal.Kind.POISON);

    String why = said("explain", Long.toString(end.sequence()));

    assertTrue(why.contains("The engine failed on it while deciding. Nothing moved; it is kept as evidence."), why);
    assertTrue(why.contains("This program fails on it too: java.lang.IllegalStateException: a command of"), why);
    assertEquals(1, said("dump", "--kind", "poison").lines().count());
    assertTrue(said("verify").contains("1 poisoned command"), out.toString());
  }

  /** As a release would have that knew one more command. */
  private Position append(Journal.Kind kind) throws Exception {
    ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(config.demo(), 0);
    SealKey key = SealKey.derivedFrom(loaded.settings().panTokenKey().bytes());
    UnsafeBuffer command = new UnsafeBuffer(new byte[64]);
    int length = Commands.tick(command, 0, 1);
    new MessageHeaderEncoder().wrap(command, 0).templateId(99);
    try (JournalFolder locked = JournalFolder.lock(new FolderDisk(journal), key)) {
      locked.keepWitness(new FolderDisk(folder.resolve("witness")), "anchor");
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.RECOVER);
      UnsafeBuffer decision = new UnsafeBuffer(new byte[Slot.DECISION_CAPACITY]);
      Position end = reader.readAll(record ->
          decision.putBytes(0, record.buffer, record.decisionOffset, record.decisionLength));
      // Of a state that has the command in it.
      decision.putLong(MessageHeaderEncoder.ENCODED_LENGTH + DecisionEncoder.digestEncodingOffset(), 99);
      int decisionLength = MessageHeaderEncoder.ENCODED_LENGTH + DecisionEncoder.BLOCK_LENGTH;
      JournalSettings settings = JournalSettings.defaults().withSegmentBytes(1 << 20);
      try (FileJournal writer = FileJournal.open(locked, settings, reader.tail())) {
        writer.append(
            kind, end.sequence() + 1, end.timeMs(), command, 0, length, decision, 0, decisionLength);
        writer.sync();
      }
      return new Position(end.sequence() + 1, end.timeMs());
    }
  }

  @Test
  void shouldListWhatIsDrawnForReviewAndWhatWasBlocked() throws Exception {
    config.replace("demo/programmes/botkyrka.yaml", "review-sample-percent: 2", "review-sample-percent: 100");
    live();
    List<String> lines = said("sample").lines().toList();
    assertEquals(List.of("0 of 0 neighbour-verified grants are drawn"), lines.subList(3, lines.size()));
    assertTrue(lines.get(0).contains("drawn=true blockedCategory=false"), lines.get(0));
    assertTrue(lines.get(1).contains("blockedCategory=true") && lines.get(1).contains("mcc=7995"), lines.get(1));
    assertTrue(lines.get(2).startsWith("2 of 2 purchases are drawn, and 1 attempts"), lines.get(2));
  }
}
