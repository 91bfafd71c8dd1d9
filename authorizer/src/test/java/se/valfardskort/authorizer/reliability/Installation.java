package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import se.valfardskort.independent.ConfigurationCopy;
import se.valfardskort.independent.ServerProcess;

/**
 * A folder with the shipped configuration, in which journal files are small and snapshots frequent, and with data.
 *
 * @param root holds {@code config} and whatever else the trial keeps there
 * @param data the data folder, which need not be there yet
 * @param portOffset at which the demonstration's ports were free
 * @param durability of the server's answers, as {@code ./run start} takes it
 */
record Installation(Path root, Path data, int portOffset, String durability) {
  private static final int CARDS = 20_000;

  /** One whose answers wait for their sync. */
  Installation(Path root, Path data, int portOffset) {
    this(root, data, portOffset, "fsync");
  }

  static Installation in(Path root) throws IOException {
    return in(root, root.resolve("data"), CARDS);
  }

  /** @param cards ordinary ones of the demonstration, numbered from 0 */
  static Installation in(Path root, Path data, int cards) throws IOException {
    Path config = root.resolve("config");
    ConfigurationCopy.shippedInto(config);
    ConfigurationCopy.replace(
        config.resolve("demo/authorizer.yaml"),
        "journal-segment: 64 MiB", "journal-segment: 1 MiB",
        "every-commands: 5000000", "every-commands: 1500",
        "warm-up-ms: 1500", "warm-up-ms: 200",
        "port: 8580", "port: 0",
        "cards: 1100000", "cards: 30000",
        "originals: 12000000", "originals: 1000000",
        "requests: 12000000", "requests: 1000000");
    ConfigurationCopy.replace(config.resolve("demo/cards.yaml"), "count: 10000", "count: " + cards);
    return new Installation(root, data, ServerProcess.freeOffset());
  }

  /** The first ordinary card that has no story of its own. */
  static int firstCard() {
    return 100;
  }

  /** The configuration's folder. */
  Path config() {
    return root.resolve("config/demo");
  }

  /** Starts as fast as can be: no warm-up, and no snapshots. */
  Installation hurried() throws IOException {
    ConfigurationCopy.replace(
        config().resolve("authorizer.yaml"),
        "every-commands: 1500", "every-commands: 0",
        "at-stop-within-ms: 60000", "at-stop-within-ms: 0",
        "warm-up-ms: 200", "warm-up-ms: 0");
    return this;
  }

  /** With ports of its own. */
  Installation elsewhere() {
    return new Installation(root, data, ServerProcess.freeOffset(), durability);
  }

  /** Whose server's answers are as durable as that. */
  Installation withDurability(String other) {
    return new Installation(root, data, portOffset, other);
  }

  /** The server's command line, as {@code ./run start} would make it. */
  List<String> startCommand() {
    List<String> command = command("server-jvm.options", "start");
    command.addAll(List.of("--durability", durability, "--port-offset", Integer.toString(portOffset)));
    return command;
  }

  private List<String> command(String options, String... words) {
    Path home = Path.of(System.getProperty("project.root")).toAbsolutePath();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + home.resolve("config/jvm.options"),
                "@" + home.resolve("config").resolve(options),
                "-Dvalfardskort.home=" + home,
                "-Dproject.root=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                "se.valfardskort.authorizer.app.Main"));
    command.addAll(List.of(words));
    command.addAll(List.of("--demo", "--config", config().toString(), "--data", data.toString()));
    return command;
  }

  /** What {@code ./run journal verify} says; "" when the journal is sound. */
  String verifyJournal() throws IOException, InterruptedException {
    Path output = root.resolve("verify.txt");
    Process process = new ProcessBuilder(command("client-jvm.options", "journal", "verify"))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    int code = process.waitFor();
    return code == 0 ? "" : "exit code " + code + ": " + Files.readString(output, StandardCharsets.UTF_8).strip();
  }
}
