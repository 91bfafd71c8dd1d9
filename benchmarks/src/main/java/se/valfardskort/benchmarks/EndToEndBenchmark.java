package se.valfardskort.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./run bench e2e}: the authorizer over TCP with fsync, in turn with a bare Netty echo, from the same generator
 * at the same rate, so that what the machine and the generator cost can be told from what the authorizer costs.
 *
 * <p>Server, echo and generator are processes of their own that share the machine. Only one of the two servers gets
 * traffic at a time. Percentiles are medians over the rounds.
 */
@Command(name = "bench e2e", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measures the authorizer over TCP beside a bare echo at the same rates.")
public final class EndToEndBenchmark extends ServerBenchmark implements Callable<Integer> {
  private static final List<String> PERCENTILES = List.of("p50", "p90", "p99", "p99.9");

  @Option(names = "--cards", defaultValue = "10000", description = "Cards of the demo programme (${DEFAULT-VALUE}).")
  int cards;

  @Option(names = "--rates", split = ",", defaultValue = "5000,10000,20000",
      description = "Messages a second (default: ${DEFAULT-VALUE}).")
  int[] rates = {};

  @Option(names = "--rounds", defaultValue = "5", description = "Turns for each server and rate (${DEFAULT-VALUE}).")
  int rounds;

  @Option(names = "--seconds", defaultValue = "8", description = "Measured in each turn (${DEFAULT-VALUE}).")
  int seconds;

  @Option(names = "--connections", defaultValue = "4", description = "Connections (${DEFAULT-VALUE}).")
  int connections;

  private int attempt;

  /** Exits 0 when every turn was complete and valid, else 1. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new EndToEndBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("bench-e2e");
    Path gcLog = folder.resolve("gc.log");
    boolean valid = true;
    try (EchoServer echo = new EchoServer(0);
        ServerUnderTest server = ServerUnderTest.start(home, folder, portOffset, cards, durability, gcLog)) {
      System.out.println(server.readyLine());
      for (int rate : rates) {
        List<LoadTurn> ours = new ArrayList<>();
        List<LoadTurn> bare = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          bare.add(turn(folder, rate, echo.port(), true));
          ours.add(turn(folder, rate, server.port(), false));
        }
        valid &= print(rate, bare, ours, System.out);
      }
      System.out.println(collections(gcLog));
    } finally {
      delete(folder);
    }
    return valid ? 0 : 1;
  }

  private LoadTurn turn(Path folder, int rate, int port, boolean echo) throws IOException, InterruptedException {
    Path json = folder.resolve("turn-" + attempt + ".json");
    List<String> words = new ArrayList<>(List.of("--rate", Integer.toString(rate), "--seconds",
        Integer.toString(seconds), "--warmup", "3", "--connections", Integer.toString(connections), "--cards",
        Integer.toString(cards), "--seed", Integer.toString(1000 + attempt++), "--port", Integer.toString(port)));
    if (echo) {
      words.add("--echo");
    }
    return LoadTurn.run(home, json, words);
  }

  private boolean print(int rate, List<LoadTurn> bare, List<LoadTurn> ours, PrintStream out) {
    out.printf(Locale.ROOT, "%n%,d/s, %d connections, %d rounds of %d s, microseconds, medians%n", rate, connections,
        rounds, seconds);
    out.printf(Locale.ROOT, "  %-12s %9s %9s %9s %9s   %s%n", "", "p50", "p90", "p99", "p99.9",
        "turns complete, valid");
    row("bare echo", bare, out);
    row("authorizer", ours, out);
    out.printf(Locale.ROOT, "  %-12s", "ratio");
    for (String percentile : PERCENTILES) {
      out.printf(Locale.ROOT, " %9.2f", (double) median(ours, percentile) / Math.max(1, median(bare, percentile)));
    }
    out.println();
    return Stream.concat(bare.stream(), ours.stream()).allMatch(turn -> turn.isComplete() && turn.isValid());
  }

  private static void row(String name, List<LoadTurn> turns, PrintStream out) {
    out.printf(Locale.ROOT, "  %-12s", name);
    for (String percentile : PERCENTILES) {
      out.printf(Locale.ROOT, " %,9d", median(turns, percentile));
    }
    out.printf(Locale.ROOT, "   %d, %d of %d%n", turns.stream().filter(LoadTurn::isComplete).count(),
        turns.stream().filter(LoadTurn::isValid).count(), turns.size());
  }

  private static long median(List<LoadTurn> turns, String percentile) {
    long[] values = turns.stream().mapToLong(turn -> turn.latencyMicros(percentile)).sorted().toArray();
    return values[values.length / 2];
  }

  /** What the server's collector did from start to end: a flat heap has next to nothing to collect. */
  private static String collections(Path gcLog) throws IOException {
    List<String> pauses =
        Files.readAllLines(gcLog).stream().filter(line -> line.contains("Pause")).map(String::strip).toList();
    return "\nserver heap: " + pauses.size() + " collections since its start"
        + (pauses.isEmpty() ? "" : "; the first " + pauses.getFirst() + "; the last " + pauses.getLast());
  }
}
