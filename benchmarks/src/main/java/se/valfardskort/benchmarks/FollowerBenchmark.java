package se.valfardskort.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.loadtest.client.Json;

/**
 * {@code ./run bench follower}: what the process that writes snapshots does to the latency of the authorizer beside
 * it.
 *
 * <p>Pairs of phases, one with followers at work for all of it and one without, in turns as to which comes first: the
 * two are compared within the pair, so that the machine's moods strike both, and the figure is the median of the
 * pairs' ratios. The follower is started with the command with which an authorizer starts it; each loads a snapshot of
 * half of the cards, replays the other half and what was bought since, and writes a snapshot of all. In an
 * installation one comes every five million commands; here there is no rest between them.
 *
 * <p>Server, generator and follower share the machine. What the generator itself was late is part of the latency, and
 * shown.
 */
@Command(name = "bench follower", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measures the authorizer over TCP while a follower process writes snapshots, and while none does.")
public final class FollowerBenchmark extends ServerBenchmark implements Callable<Integer> {
  private static final String P999 = "p99.9";
  private static final List<String> SHOWN = List.of("p50", "p99", P999, "max");
  private static final int WARM_UP_SECONDS = 2;
  private static final int ATTEMPTS = 3;
  private static final int FIRST_SEED = 2000;

  @Option(names = "--cards", defaultValue = "1000000", description = "Cards of the demo programme (${DEFAULT-VALUE}).")
  int cards;

  @Option(names = "--rate", defaultValue = "2000", description = "Messages a second (${DEFAULT-VALUE}).")
  int rate;

  @Option(names = "--connections", defaultValue = "4", description = "Connections (${DEFAULT-VALUE}).")
  int connections;

  @Option(names = "--pairs", defaultValue = "7", description = "Pairs of phases (${DEFAULT-VALUE}).")
  int pairs;

  @Option(names = "--seconds", defaultValue = "15", description = "Measured in each phase (${DEFAULT-VALUE}).")
  int seconds;

  @Option(names = "--json", description = "File for the figures.")
  @Nullable Path json;

  private int attempt;

  /**
   * One phase.
   *
   * @param snapshots that were finished in it
   * @param share of its time in which a follower was at work, of 1
   */
  private record Phase(LoadTurn turn, int snapshots, double share) {
    boolean isSound() {
      return turn.isComplete() && turn.isValid();
    }
  }

  private record Pair(Phase without, Phase with) {
    double ratio() {
      return (double) with.turn().latencyMicros(P999) / Math.max(1, without.turn().latencyMicros(P999));
    }

    boolean isSound() {
      return without.isSound() && with.isSound();
    }
  }

  /** Exits 0 when every phase was complete and valid, else 1. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new FollowerBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (cards < 2 || pairs < 1 || seconds < 1 || rate < 1) {
      System.err.println("--cards must be 2 or more, --pairs, --seconds and --rate 1 or more");
      return CommandLine.ExitCode.USAGE;
    }
    Path folder = Files.createTempDirectory("bench-follower");
    List<Pair> done = new ArrayList<>();
    try {
      Path config = configuration(folder);
      // Stopped cleanly, it leaves the snapshot that each follower begins with.
      start(folder, config, cards / 2).close();
      long baseline = new SnapshotFolder(new FolderDisk(folder.resolve("data").resolve("snapshots"))).newest();
      // A start begins a new journal file, so that what the followers have to decide again lies in closed ones.
      start(folder, config, cards).close();
      try (ServerUnderTest server = start(folder, config, cards)) {
        System.out.println(server.readyLine());
        printHead();
        print(0, "warm-up", phase(folder, config, server, baseline, true));
        for (int number = 0; number < pairs; number++) {
          done.add(pair(folder, config, server, baseline, number));
          System.out.printf(Locale.ROOT, "  %4d  ratio of the p99.9s: %.2f%n", number + 1, done.getLast().ratio());
        }
      }
    } finally {
      delete(folder);
    }
    List<Double> ratios = done.stream().map(Pair::ratio).sorted().toList();
    double median = ratios.get(ratios.size() / 2);
    boolean sound = done.stream().allMatch(Pair::isSound);
    System.out.printf(Locale.ROOT, "%nmedian ratio of the p99.9s: %.2f%s%n", median,
        sound ? "" : "; NOT all phases were complete and valid");
    if (json != null) {
      Files.writeString(json, Json.of(figures(done, median)) + "\n");
    }
    return sound ? 0 : 1;
  }

  /** The shipped demonstration, but without followers of the authorizer's own. */
  private Path configuration(Path folder) throws IOException {
    Path copy = folder.resolve("config");
    Path shipped = home.resolve("config").toRealPath();
    try (Stream<Path> all = Files.walk(shipped)) {
      for (Path path : all.toList()) {
        Files.copy(path, copy.resolve(shipped.relativize(path).toString()));
      }
    }
    Path settings = copy.resolve("demo").resolve("authorizer.yaml");
    String before = Files.readString(settings);
    String after = before.replaceFirst("every-commands: \\d+", "every-commands: 0");
    if (after.equals(before)) {
      throw new IOException(home.resolve("config/demo/authorizer.yaml") + " has no every-commands to switch off");
    }
    Files.writeString(settings, after);
    return copy.resolve("demo");
  }

  private ServerUnderTest start(Path folder, Path config, int ofCards) throws IOException {
    return ServerUnderTest.start(
        home, folder, portOffset, ofCards, durability, folder.resolve("gc.log"), "--config", config.toString());
  }

  private Pair pair(Path folder, Path config, ServerUnderTest server, long baseline, int number)
      throws IOException, InterruptedException {
    boolean withFirst = number % 2 == 1;
    Phase first = soundPhase(folder, config, server, baseline, withFirst, number + 1);
    Phase second = soundPhase(folder, config, server, baseline, !withFirst, number + 1);
    return withFirst ? new Pair(second, first) : new Pair(first, second);
  }

  /** A phase in which the generator fell behind says nothing of the server: it is done again. */
  private Phase soundPhase(
      Path folder, Path config, ServerUnderTest server, long baseline, boolean follower, int number)
      throws IOException, InterruptedException {
    Phase phase = phase(folder, config, server, baseline, follower);
    for (int left = ATTEMPTS - 1; !phase.isSound() && left > 0; left--) {
      print(number, follower ? "with" : "without", phase);
      phase = phase(folder, config, server, baseline, follower);
    }
    print(number, follower ? "with" : "without", phase);
    return phase;
  }

  private Phase phase(Path folder, Path config, ServerUnderTest server, long baseline, boolean follower)
      throws IOException, InterruptedException {
    if (!follower) {
      return new Phase(turn(folder, server), 0, 0);
    }
    FollowerUnderTest followers = FollowerUnderTest.start(server, config, folder.resolve("data"), baseline);
    try (followers) {
      LoadTurn turn = turn(folder, server);
      long endNs = System.nanoTime();
      followers.close();
      if (!followers.complaint().isEmpty()) {
        throw new IOException(followers.complaint());
      }
      return new Phase(turn, followers.snapshots(), followers.share(endNs));
    }
  }

  private LoadTurn turn(Path folder, ServerUnderTest server) throws IOException, InterruptedException {
    return LoadTurn.run(home, folder.resolve("turn-" + attempt + ".json"), List.of(
        "--rate", Integer.toString(rate), "--seconds", Integer.toString(seconds),
        "--warmup", Integer.toString(WARM_UP_SECONDS), "--connections", Integer.toString(connections),
        "--cards", Integer.toString(cards), "--seed", Integer.toString(FIRST_SEED + attempt++),
        "--port", Integer.toString(server.port())));
  }

  private void printHead() {
    System.out.printf(Locale.ROOT, "%n%,d messages a second on %d connections, %d pairs of %d s, microseconds%n"
        + "  %4s  %-8s", rate, connections, pairs, seconds, "pair", "follower");
    SHOWN.forEach(percentile -> System.out.printf(Locale.ROOT, " %9s", percentile));
    System.out.printf(Locale.ROOT, " %9s %10s %8s%n", "lag p99.9", "snapshots", "at work");
  }

  private static void print(int number, String follower, Phase phase) {
    System.out.printf(Locale.ROOT, "  %4d  %-8s", number, follower);
    for (String percentile : SHOWN) {
      System.out.printf(Locale.ROOT, " %,9d", phase.turn().latencyMicros(percentile));
    }
    System.out.printf(Locale.ROOT, " %,9d %10d %7.0f%%%s%s%n", phase.turn().lagMicros(P999), phase.snapshots(),
        100 * phase.share(), phase.turn().isComplete() ? "" : "  INCOMPLETE",
        phase.turn().isValid() ? "" : "  INVALID: the generator fell behind");
  }

  private Map<String, Object> figures(List<Pair> done, double median) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("cards", cards);
    all.put("rate", rate);
    all.put("connections", connections);
    all.put("seconds", seconds);
    all.put("durability", durability);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Pair pair : done) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("without", figures(pair.without()));
      row.put("with", figures(pair.with()));
      row.put("ratio", pair.ratio());
      rows.add(row);
    }
    all.put("pairs", rows);
    all.put("medianRatio", median);
    return all;
  }

  private static Map<String, Object> figures(Phase phase) {
    Map<String, Object> row = new LinkedHashMap<>();
    SHOWN.forEach(percentile -> row.put(percentile, phase.turn().latencyMicros(percentile)));
    row.put("senderLagP99.9", phase.turn().lagMicros(P999));
    row.put("snapshots", phase.snapshots());
    row.put("followerShare", phase.share());
    row.put("complete", phase.turn().isComplete());
    row.put("valid", phase.turn().isValid());
    return row;
  }
}
