package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import picocli.CommandLine;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.authorizer.app.config.ConfigurationException;

/** A real authorizer with a policy that a test may change, and {@code ./run policy} beside it. */
final class PolicyRig {
  static final String POLICY = "demo/programmes/botkyrka.yaml";

  final ConfigFixture config;
  final Path folder;
  private final Terminal terminal = new Terminal();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Throwable> halts = new CopyOnWriteArrayList<>();
  private final List<AuthorizerApp> running = new ArrayList<>();
  private int stan;

  PolicyRig(Path folder) throws IOException {
    this.folder = folder;
    config = ConfigFixture.copyInto(folder.resolve("config")).withFreePorts().withoutWarmUp();
    config.replace("demo/authorizer.yaml", "journal-segment: 64 MiB", "journal-segment: 1 MiB");
    config.replace("demo/authorizer.yaml", "requests: 12000000", "requests: 10000");
  }

  AuthorizerApp start() throws ConfigurationException, StartFailure {
    StartOptions options = new StartOptions(config.demo(), folder.resolve("data"), true, 10, null, 0);
    AuthorizerApp app =
        AuthorizerApp.start(
            options, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), halts::add);
    running.add(app);
    return app;
  }

  void stop(AuthorizerApp app) {
    running.remove(app);
    assertEquals(List.of(), app.stop());
  }

  /** To be called after each test. */
  void end() {
    running.forEach(AuthorizerApp::stop);
    assertEquals(List.of(), halts);
  }

  /** DE 39 of an 0100. */
  String buy(AuthorizerApp app, long card, long amountMinor, String mcc) throws IOException {
    int port = Integer.parseInt(app.readyLine().replaceAll(".* iso87-binary=[^:]+:(\\d+) .*", "$1"));
    stan++;
    return terminal.text(
        Terminal.exchange(port, Terminal.purchase(card, amountMinor, mcc, "BUTIK0000000001", stan)), 39);
  }

  /** A copy of the policy as it is configured, with one change; beside the configuration folder. */
  Path candidate(String name, String from, String to) throws IOException {
    Path file = folder.resolve(name);
    String text = Files.readString(config.file(POLICY));
    if (!text.contains(from)) {
      throw new IllegalArgumentException("the policy does not hold: " + from);
    }
    return Files.writeString(file, text.replace(from, to));
  }

  /** Runs {@code ./run policy} with exactly these words. */
  int runPlain(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = new CommandLine(new PolicyCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE));
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  /** The same about this authorizer. */
  int run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", config.demo().toString(), "--data", folder.resolve("data").toString()));
    return runPlain(all.toArray(String[]::new));
  }

  String said(String... args) {
    assertEquals(ExitCode.OK, run(args), err.toString());
    return out.toString();
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
