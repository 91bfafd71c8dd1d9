package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.storage.FolderDisk;

/** A whole authorizer with the demonstration's cards on free ports, its admin port, and the command line before it. */
final class DemoRig implements AutoCloseable {
  /** By which it runs; a test may let days pass. */
  final CivilClock clock = new CivilClock();

  private final Terminal terminal = new Terminal();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Throwable> halts = new CopyOnWriteArrayList<>();
  private final Path data;
  private final ConfigFixture config;
  private @Nullable AuthorizerApp running;
  private int stan;

  DemoRig(Path folder) throws IOException {
    data = folder.resolve("data");
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "cards: 1100000", "cards: 2000");
    config.replace("demo/authorizer.yaml", "originals: 12000000", "originals: 10000");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
  }

  /** Before the first start: has every grant that neighbours verify drawn for review. */
  void reviewAllGrants() throws IOException {
    config.replace("demo/programmes/botkyrka.yaml", "review-sample-percent: 5 ", "review-sample-percent: 100 ");
  }

  void start() throws Exception {
    PrintStream log = new PrintStream(logged, true, StandardCharsets.UTF_8);
    running =
        AuthorizerApp.start(
            new StartOptions(config.demo(), data, true, 20, null, 0), log, halts::add, FolderDisk::new, clock);
  }

  void stop() {
    AuthorizerApp app = running;
    running = null;
    if (app != null) {
      assertEquals(List.of(), app.stop());
    }
  }

  void restart() throws Exception {
    stop();
    start();
  }

  @Override
  public void close() {
    stop();
    assertEquals(List.of(), halts);
  }

  private String readyLine() {
    AuthorizerApp app = running;
    return app == null ? "" : app.readyLine();
  }

  AdminAsker asker() throws Exception {
    return new AdminAsker(AdminAsker.portOf(readyLine()), data, config);
  }

  /** DE 39 of a purchase of 100 kr by one of the demonstration's cards. */
  String buy(long card, long amountMinor, String mcc, String merchant) throws IOException {
    int port = Integer.parseInt(readyLine().replaceAll(".* iso87-binary=[^:]+:(\\d+) .*", "$1"));
    stan++;
    return terminal.text(
        Terminal.exchange(port, Terminal.purchase(card, amountMinor, mcc, merchant, stan)), 39);
  }

  /** Runs {@code noun act --demo ...} before this authorizer; returns the exit code. */
  int command(String noun, String act, String... more) throws Exception {
    List<String> args =
        new ArrayList<>(
            List.of(noun, act, "--demo", "--config", config.demo().toString(), "--data", data.toString(), "--port",
                Integer.toString(AdminAsker.portOf(readyLine()))));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  /** Runs {@code journal act ...} on the data of this authorizer. */
  int journal(String act, String... more) {
    return offline("journal", act, more);
  }

  /** Runs {@code noun act ...}, which asks no authorizer, on its data. */
  int offline(String noun, String act, String... more) {
    List<String> args =
        new ArrayList<>(List.of(noun, act, "--config", config.demo().toString(), "--data", data.toString()));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  String logged() {
    return logged.toString(StandardCharsets.UTF_8);
  }
}
