package se.valfardskort.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.loadtest.client.Json;

/**
 * {@code ./run bench load}: how long the monthly load of a whole programme takes, and what it does to authorizations.
 *
 * <p>Authorizations run at a fixed rate, for a while alone and then until {@code ./run load run} has ended, a process
 * of its own as a municipality would start it: it reads the list, works it out, and loads it over the admin port.
 * Measured are the time from the run's opening to its closing, each card durable, and the latencies of that time.
 * Server, generator and sender share the machine; what the generator itself was late is part of the latency, and shown.
 */
@Command(name = "bench load", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measures authorizations before and during the monthly load of a programme, and how long that takes.")
public final class LoadBenchmark extends ServerBenchmark implements Callable<Integer> {
  private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(3);
  private static final List<String> PERIODS = List.of("2611", "2612", "2701", "2702", "2703");

  @Option(names = "--cards", defaultValue = "1000000", description = "Cards of the demo programme (${DEFAULT-VALUE}).")
  int cards;

  @Option(names = "--rate", defaultValue = "5000", description = "Authorizations a second (${DEFAULT-VALUE}).")
  int rate;

  @Option(names = "--connections", defaultValue = "4", description = "For authorizations (${DEFAULT-VALUE}).")
  int connections;

  @Option(names = "--seconds", defaultValue = "10", description = "Measured before the load (${DEFAULT-VALUE}).")
  int seconds;

  @Option(names = "--rounds", defaultValue = "1", description = "Loads, each of another month (${DEFAULT-VALUE}).")
  int rounds;

  @Option(names = "--json", description = "File for the figures.")
  @Nullable Path json;

  /** The authorizations of one phase: how many, their latency and how late they were sent, in microseconds. */
  private record Phase(int count, long p50, long p99, long p999, long lagP99) {
    static Phase of(SteadyLoad load, long fromNs, long untilNs) {
      Latencies latencies = load.between(fromNs, untilNs);
      return new Phase(latencies.size(), latencies.percentileMicros(500), latencies.percentileMicros(990),
          latencies.percentileMicros(999), load.lagBetween(fromNs, untilNs).percentileMicros(990));
    }

    Map<String, Object> figures() {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("count", count);
      figures.put("p50", p50);
      figures.put("p99", p99);
      figures.put("p99.9", p999);
      figures.put("senderLagP99", lagP99);
      return figures;
    }
  }

  /**
   * One load.
   *
   * @param tookMs from the run's opening to its closing
   * @param wholeMs of the process, the list read and worked out
   */
  private record Round(Phase before, Phase during, long loaded, long tookMs, long wholeMs) {}

  /** Exits 0 when every card was loaded and every authorization answered, else 1. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new LoadBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (cards < 1 || rate < 1 || seconds < 1 || rounds < 1 || rounds > PERIODS.size()) {
      System.err.println("--cards, --rate and --seconds must be 1 or more, --rounds 1 to " + PERIODS.size());
      return CommandLine.ExitCode.USAGE;
    }
    Dialect dialect = Dialect.load(home.resolve("config/dialects/iso87-binary.xml"));
    Path folder = Files.createTempDirectory("bench-load");
    boolean sound = true;
    Map<String, Object> figures = new LinkedHashMap<>();
    try {
      Path config = RichDemonstration.copyInto(home, folder, 1 + rounds);
      Path list = list(folder);
      try (ServerUnderTest server =
          ServerUnderTest.start(
              home, folder, portOffset, cards, durability, folder.resolve("gc.log"), "--config", config.toString())) {
        System.out.println(server.readyLine());
        System.out.printf(Locale.ROOT, "%n%,d cards loaded beside %,d authorizations a second on %d connections;"
            + " microseconds%n  %-30s  %-39s %9s %9s %9s%n  %8s %10s %10s  %8s %9s %9s %10s%n",
            cards, rate, connections, "before", "during", "load s", "cards/s", "in all s", "p50", "p99", "lag p99",
            "p50", "p99", "p99.9", "lag p99");
        for (int round = 0; round < rounds; round++) {
          Round done = round(server, dialect, config, folder, list, round);
          print(done);
          sound &= done.loaded() == cards;
          figures.put(PERIODS.get(round), figures(done));
        }
        System.out.println(server.peakMemory());
      }
    } finally {
      delete(folder);
    }
    if (json != null) {
      Files.writeString(json, Json.of(figures) + "\n");
    }
    return sound ? 0 : 1;
  }

  /** Every card that the server opened but the special ones: a single adult, as many as a demonstration has. */
  private Path list(Path folder) throws IOException {
    Path list = folder.resolve("list.csv");
    try (BufferedWriter out = Files.newBufferedWriter(list, StandardCharsets.US_ASCII)) {
      out.write("card,adults,children,rent,special-needs,earned,month,ring,supplements\n");
      for (int card = 0; card < cards; card++) {
        out.write(String.format(Locale.ROOT, "%09d,1,0,0.00,0.00,0.00,1,no,%n", card));
      }
    }
    return list;
  }

  private Round round(
      ServerUnderTest server, Dialect dialect, Path config, Path folder, Path list, int round)
      throws IOException, InterruptedException {
    String tag = String.format(Locale.ROOT, "L%02d", round);
    try (SteadyLoad load = new SteadyLoad(server.port(), dialect, tag, connections, rate, cards)) {
      long beginNs = System.nanoTime() + WARM_UP_NS;
      long startNs = beginNs + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() < startNs) {
        LockSupport.parkNanos(this, startNs - System.nanoTime());
      }
      Path answer = folder.resolve("answer-" + round);
      Process sender =
          new ProcessBuilder(
                  home.resolve("run").toString(), "load", "run", list.toString(), "--period", PERIODS.get(round),
                  "--any-period", "--yes", "--json", "--config", config.toString(), "--data",
                  folder.resolve("data").toString(), "--port", Integer.toString(server.adminPort()))
              .redirectOutput(answer.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        sender.waitFor();
      } finally {
        sender.destroyForcibly();
      }
      long endNs = System.nanoTime();
      load.end();
      // JSON is YAML.
      Map<?, ?> told =
          (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(answer));
      if (!(told.get("loaded") instanceof Number loaded) || !(told.get("tookMs") instanceof Number tookMs)) {
        throw new IOException("the load ended with " + sender.exitValue() + "; its last lines are above");
      }
      long sendingNs = endNs - TimeUnit.MILLISECONDS.toNanos(tookMs.longValue());
      return new Round(
          Phase.of(load, beginNs, startNs), Phase.of(load, sendingNs, endNs), loaded.longValue(), tookMs.longValue(),
          TimeUnit.NANOSECONDS.toMillis(endNs - startNs));
    }
  }

  private static void print(Round round) {
    Phase before = round.before();
    Phase during = round.during();
    System.out.printf(Locale.ROOT, "  %,8d %,10d %,10d  %,8d %,9d %,9d %,10d %9.1f %,9d %9.1f%n", before.p50(),
        before.p99(), before.lagP99(), during.p50(), during.p99(), during.p999(), during.lagP99(),
        round.tookMs() / 1e3, round.loaded() * 1000 / Math.max(1, round.tookMs()), round.wholeMs() / 1e3);
  }

  private Map<String, Object> figures(Round round) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("cards", round.loaded());
    figures.put("rate", rate);
    figures.put("durability", durability);
    figures.put("before", round.before().figures());
    figures.put("during", round.during().figures());
    figures.put("tookMs", round.tookMs());
    figures.put("wholeMs", round.wholeMs());
    return figures;
  }
}
