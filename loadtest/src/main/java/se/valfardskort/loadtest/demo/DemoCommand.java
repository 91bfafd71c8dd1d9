package se.valfardskort.loadtest.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.loadtest.client.Endpoint;
import se.valfardskort.loadtest.client.Home;
import se.valfardskort.loadtest.client.Json;
import se.valfardskort.loadtest.client.PlainWords;
import se.valfardskort.loadtest.client.UserError;

/** {@code ./run demo}: a server of its own, the purchases of a neighbourhood, and what became of them. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Starts a server with the demo programme and plays a neighbourhood's purchases over TCP.",
    footer = {"", "Examples:",
        "  ./run demo            shows the purchases, then stays up for your own",
        "  ./run demo --check    compares every answer and purse with config/demo/expected.yaml, ends with 0 or 1",
        "  ./run demo --lang sv  the same in Swedish"})
public final class DemoCommand implements Callable<Integer> {
  private static final int FEWEST_CARDS = 100;
  private static final long START_SECONDS = 180;
  private static final long SHOWN_WAIT_LINES = 200;

  @Option(names = "--check", description = "Compare with the literals, stop the server, end with 0 or 1.")
  boolean check;

  @Option(names = "--cards", paramLabel = "N", defaultValue = "10000",
      description = "Ordinary cards, at least 100 (default: ${DEFAULT-VALUE}).")
  int cards;

  @Option(names = "--port-offset", paramLabel = "N", defaultValue = "0",
      description = "Added to every port, where 8583 or 8584 is taken.")
  int portOffset;

  @Option(names = "--keep", description = "Keep the data folder instead of deleting it at the end.")
  boolean keep;

  @Option(names = "--json", description = "One line of JSON a row instead of the table.")
  boolean json;

  @Option(names = "--lang", paramLabel = "en|sv", defaultValue = "EN", description = "Language of the table.")
  PlainWords.Language language = PlainWords.Language.EN;

  @Override
  public Integer call() {
    Path home = Home.path();
    Path folder = home.resolve("config").resolve("demo");
    if (cards < FEWEST_CARDS) {
      throw new UserError(UserError.USAGE, "--cards " + cards + " is too few for the demo's people; say at least "
          + FEWEST_CARDS);
    }
    DemoScript script = DemoScript.read(folder.resolve("demo.yaml"));
    Map<String, Expected> literals = Expected.read(folder.resolve("expected.yaml"), script.purchases());
    Path data = newDataFolder();
    PrintStream out = System.out;
    say("Starting the server (its data: " + data + ") ...");
    try (ServerProcess server = ServerProcess.start(home, data, portOffset, cards, this::watch)) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("delete-data").unstarted(() -> {
        server.stopQuietly();
        discard(data);
      }));
      Map<String, String> ready = server.awaitReady(START_SECONDS);
      say("The server is ready.\n");
      Comparer comparer = new Comparer(literals);
      play(script, comparer, binary(home, ready), ascii(home, ready), out);
      if (check) {
        return verdict(comparer, server.stop(), out);
      }
      invite(ready, out);
      int exit = server.awaitEnd();
      System.err.println("The server ended with exit code " + exit + ".");
      return exit;
    } finally {
      discard(data);
    }
  }

  /** Plays the rows against a server that is up. */
  void play(DemoScript script, Comparer comparer, Endpoint binary, Endpoint ascii, PrintStream out) {
    DemoTable table = new DemoTable(out, language);
    if (!json) {
      table.printPeople(script);
      table.printHead(binary.address(), ascii.address());
    }
    try (DemoPlayer player = new DemoPlayer(binary, ascii)) {
      player.play(script, outcome -> {
        comparer.compare(outcome);
        if (json) {
          out.println(Json.of(DemoTable.json(outcome)));
        } else {
          table.print(outcome);
        }
      });
    }
    if (!json) {
      table.printSum();
    }
  }

  /** Prints how the comparison ended; gives the exit code. */
  int verdict(Comparer comparer, int serverExit, PrintStream out) {
    List<String> wrong = new ArrayList<>(comparer.mismatches());
    if (serverExit != 0) {
      wrong.add("the server ended with exit code " + serverExit + " after SIGTERM; expected 0");
    }
    PrintStream to = json ? System.err : out;
    if (wrong.isEmpty()) {
      to.println("All " + comparer.compared() + " answers and purses are as config/demo/expected.yaml says;"
          + " the server ended cleanly.");
      return 0;
    }
    to.println(wrong.size() + " of " + comparer.compared() + " rows are not as config/demo/expected.yaml says:");
    wrong.forEach(mismatch -> to.println("  " + mismatch));
    return UserError.MISMATCH;
  }

  private void invite(Map<String, String> ready, PrintStream out) {
    String port = addressOf(ready, "iso87-binary");
    port = port.substring(port.lastIndexOf(':') + 1);
    out.println();
    boolean sv = language == PlainWords.Language.SV;
    out.println(sv ? "Servern är kvar. Prova till exempel i en annan terminal:"
        : "The server stays up. In another terminal, try for example:");
    out.println("  ./run send --port " + port + " --card 000000007 --mcc 5411 --amount 25.50");
    out.println("  ./run send --port " + port
        + " --card 000000007 --mcc 8351 --amount 100 --merchant BARNKOOP0000001");
    out.println("  ./run loadtest --port " + port + " --rate 1000 --seconds 10");
    out.println((sv ? "Ctrl-C stoppar den" : "Ctrl-C stops it")
        + (keep ? "." : sv ? " och tar bort dess data." : " and deletes its data."));
  }

  private static Endpoint binary(Path home, Map<String, String> ready) {
    return endpoint(home, addressOf(ready, "iso87-binary"), "binary");
  }

  private static Endpoint ascii(Path home, Map<String, String> ready) {
    return endpoint(home, addressOf(ready, "iso87-ascii"), "ascii");
  }

  private static Endpoint endpoint(Path home, String address, String dialect) {
    int colon = address.lastIndexOf(':');
    try {
      return Endpoint.of(home, address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), dialect,
          "");
    } catch (NumberFormatException e) {
      throw new UserError(UserError.SOFTWARE, "the server's ready line names the address '" + address
          + "', which is not host:port; report this", e);
    }
  }

  private static String addressOf(Map<String, String> ready, String link) {
    String address = ready.get(link);
    if (address == null || address.indexOf(':') < 0) {
      throw new UserError(UserError.BAD_DATA, "the server opened no link called " + link
          + "; the demo needs iso87-binary and iso87-ascii in config/demo/partners.yaml");
    }
    return address;
  }

  private void watch(String line) {
    if (!json) {
      String shown = line.length() > SHOWN_WAIT_LINES ? line.substring(0, (int) SHOWN_WAIT_LINES) : line;
      System.err.println("  server: " + shown);
    }
  }

  private void say(String text) {
    if (!json) {
      System.err.println(text);
    }
  }

  private static Path newDataFolder() {
    try {
      return Files.createTempDirectory("valfardskort-demo-");
    } catch (IOException e) {
      throw new UserError(UserError.IO_ERROR, "no temporary folder can be made (" + e.getMessage()
          + "); check the space and the rights of " + System.getProperty("java.io.tmpdir"), e);
    }
  }

  private synchronized void discard(@Nullable Path data) {
    if (keep || data == null || !Files.exists(data)) {
      return;
    }
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("the data folder " + data + " could not be deleted (" + e.getMessage() + "); delete it");
    }
  }
}
