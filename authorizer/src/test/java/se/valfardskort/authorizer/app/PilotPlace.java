package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.admin.JsonReader;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.storage.FolderDisk;

/**
 * Where the pilot month is played: the whole authorizer of {@code config/three-municipalities} in this process, with
 * real files, ports and commands, by a clock that the story sets.
 */
final class PilotPlace implements AutoCloseable {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");
  private static final String SETTINGS = "three-municipalities/authorizer.yaml";

  private final ConfigFixture config;
  private final Path folder;
  private final CivilClock clock = new CivilClock();
  private final List<Throwable> halts = new CopyOnWriteArrayList<>();
  private Path data;
  private int generations;
  private @Nullable AuthorizerApp running;

  /** What a command printed, and its exit code. */
  record Done(int exitCode, String out, String err) {
    Map<?, ?> json() {
      return JsonReader.read(out) instanceof Map<?, ?> map ? map : Map.of();
    }

    Done expectOk() {
      if (exitCode != ExitCode.OK) {
        throw new AssertionError("exit code " + exitCode + ": " + out + err);
      }
      return this;
    }
  }

  /** @param room for cards */
  PilotPlace(Path folder, int room) throws IOException {
    this.folder = folder;
    this.data = folder.resolve("data");
    config = ConfigFixture.copyInto(folder.resolve("config"));
    for (String port : List.of("127.0.0.1:8583", "127.0.0.1:8584", "127.0.0.1:8593")) {
      config.replace("three-municipalities/partners.yaml", port, "127.0.0.1:0");
    }
    config.replace(SETTINGS, "port: 8580", "port: 0");
    config.replace(SETTINGS, "warm-up-ms: 1500", "warm-up-ms: 0");
    config.replace(SETTINGS, "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace(SETTINGS, "cards: 1100000", "cards: " + room);
    config.replace(SETTINGS, "originals: 12000000", "originals: 20000");
    config.replace(SETTINGS, "requests: 12000000", "requests: 20000");
    Path loads = Files.createDirectories(config.file("three-municipalities/loads"));
    for (String name : List.of("botkyrka", "dorotea", "malmo")) {
      Files.copy(config.file("pilot-month/loads/" + name + ".yaml"), loads.resolve(name + ".yaml"));
    }
  }

  private Path settings() {
    return config.file("three-municipalities");
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  CivilClock clock() {
    return clock;
  }

  /** It is so late now; never earlier than it was. */
  void setClock(LocalDateTime inStockholm) {
    long ahead = inStockholm.atZone(STOCKHOLM).toInstant().toEpochMilli() - clock.epochMs();
    if (ahead < 0) {
      throw new AssertionError("the story goes back to " + inStockholm);
    }
    clock.pass(ahead);
  }

  LocalDateTime now() {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(clock.epochMs()), STOCKHOLM);
  }

  /** The cards that the next start is to open, and the earmarks that it is to grant. */
  void writeCards(String yaml) throws IOException {
    Files.writeString(settings().resolve("cards.yaml"), yaml);
  }

  void start() throws Exception {
    PrintStream log = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    running =
        AuthorizerApp.start(
            new StartOptions(settings(), data, true, null, null, 0), log, halts::add, FolderDisk::new, clock);
  }

  /** Stops it where it runs; says so when the stop was not clean. */
  void stop() {
    AuthorizerApp app = running;
    running = null;
    if (app != null) {
      List<String> problems = app.stop();
      if (!problems.isEmpty() || !halts.isEmpty()) {
        throw new AssertionError("the stop has problems: " + problems + halts);
      }
    }
  }

  /** Starts on what the disk had while it ran, as after a crash: nothing of its stop is there. */
  void startAfterCrash() throws Exception {
    generations++;
    Path image = folder.resolve("data-" + generations);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        Files.copy(file, image.resolve(data.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    stop();
    data = image;
    start();
  }

  /** Starts without any snapshot: everything that was ever decided is decided again. */
  void startFromJournalAlone() throws Exception {
    stop();
    try (Stream<Path> files = Files.list(data.resolve("snapshots"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    start();
  }

  String readyLine() {
    AuthorizerApp app = running;
    if (app == null) {
      throw new IllegalStateException("the authorizer does not run");
    }
    return app.readyLine();
  }

  AdminAsker asker() throws Exception {
    return new AdminAsker(AdminAsker.portOf(readyLine()), data, config);
  }

  /** Gives a command as a person at the terminal would. */
  Done command(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--config", settings().toString(), "--data", data.toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Done(code, out.toString(), err.toString());
  }

  Done load(Path list, String programme, String period) {
    return command(
        "load", "run", list.toString(), "--programme", programme, "--period", period, "--any-period", "--yes", "--json",
        "--port", Integer.toString(AdminAsker.portOf(readyLine())));
  }

  /**
   * Decides the journal again in an engine of its own, beside the one that answers, comparing each decision and digest
   * and checking the invariants; gives its books and the hash of its state.
   *
   * @param to sequence; 0: all that there is
   */
  Map<?, ?> replay(long to) {
    return (to == 0
            ? command("journal", "replay", "--json")
            : command("journal", "replay", "--json", "--to", Long.toString(to)))
        .expectOk()
        .json();
  }

  @Override
  public void close() {
    stop();
  }
}
