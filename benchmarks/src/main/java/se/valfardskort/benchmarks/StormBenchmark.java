package se.valfardskort.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.loadtest.client.Json;

/**
 * {@code ./run bench storm}: what a late link that sends its reversals in a row does to the authorizations of others.
 *
 * <p>In each round the storm's link first makes its purchases, untimed. Then authorizations run at a fixed rate on
 * links of their own, for a while alone and then until the last reversal is answered: the two are compared within the
 * round, so that the machine's moods strike both, and the figure is the median of the rounds' ratios.
 *
 * <p>What it stands for: a partner whose line was down and who now sends all the reversals of that time as fast as we
 * read them. It waits for no answer before it sends on, so how fast they are taken is the server's doing alone. In
 * truth the partner has a machine of his own; here server and generator are two processes that share one, so the late
 * link's end is made as cheap as it can be ({@link LateLine}), and how late the generator itself sent its
 * authorizations is shown beside their latencies, which count it in.
 */
@Command(name = "bench storm", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measures authorizations before and during a storm of reversals from one late link.")
public final class StormBenchmark extends ServerBenchmark implements Callable<Integer> {
  private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int LARGEST_STAN = 999_999;
  /** A 99th percentile of fewer says little. */
  private static final int FEW = 1_000;

  @Option(names = "--cards", defaultValue = "10000", description = "Cards of the demo programme (${DEFAULT-VALUE}).")
  int cards;

  @Option(names = "--reversals", defaultValue = "50000", description = "In a row, a round (${DEFAULT-VALUE}).")
  int reversals;

  @Option(names = "--rate", defaultValue = "5000", description = "Authorizations a second (${DEFAULT-VALUE}).")
  int rate;

  @Option(names = "--connections", defaultValue = "4", description = "For authorizations (${DEFAULT-VALUE}).")
  int connections;

  @Option(names = "--rounds", defaultValue = "7", description = "(${DEFAULT-VALUE}).")
  int rounds;

  @Option(names = "--seconds", defaultValue = "5", description = "Measured before each storm (${DEFAULT-VALUE}).")
  int seconds;

  @Option(names = "--json", description = "File for the figures.")
  @Nullable Path json;

  /** One round, in microseconds and seconds. */
  private record Round(Phase before, Phase during, double stormSeconds, int reversed) {
    double ratio() {
      return (double) during.p99() / Math.max(1, before.p99());
    }
  }

  /** The authorizations of one phase: how many, their latency and how late they were sent, in microseconds. */
  private record Phase(int count, long p50, long p99, long lagP99) {
    static Phase of(SteadyLoad load, long fromNs, long untilNs) {
      Latencies latencies = load.between(fromNs, untilNs);
      return new Phase(latencies.size(), latencies.percentileMicros(500), latencies.percentileMicros(990),
          load.lagBetween(fromNs, untilNs).percentileMicros(990));
    }
  }

  /** Exits 0 when every reversal was approved and every authorization answered, else 1. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new StormBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    if (reversals < 1 || reversals * 2L > LARGEST_STAN) {
      System.err.println("--reversals is " + reversals + ": give 1 to " + LARGEST_STAN / 2);
      return CommandLine.ExitCode.USAGE;
    }
    Dialect dialect = Dialect.load(home.resolve("config/dialects/iso87-binary.xml"));
    Path folder = Files.createTempDirectory("bench-storm");
    List<Round> done = new ArrayList<>();
    try (ServerUnderTest server =
        ServerUnderTest.start(home, folder, portOffset, cards, durability, folder.resolve("gc.log"))) {
      System.out.println(server.readyLine());
      System.out.printf(Locale.ROOT, "%n%,d reversals in a row on one link; %,d authorizations a second on %d others;"
          + " microseconds%n  %5s  %-34s  %-34s %6s %8s %12s%n  %5s  %8s %8s %8s %7s  %8s %8s %8s %7s%n",
          reversals, rate, connections, "", "before", "during", "ratio", "storm s", "reversals/s", "round", "count",
          "p50", "p99", "lag p99", "count", "p50", "p99", "lag p99");
      for (int round = 0; round < rounds; round++) {
        done.add(round(server.port(), dialect, round));
        print(round, done.getLast());
      }
    } finally {
      delete(folder);
    }
    List<Double> ratios = done.stream().map(Round::ratio).sorted().toList();
    System.out.printf(Locale.ROOT, "%nmedian ratio of the p99s: %.2f%n", ratios.get(ratios.size() / 2));
    if (json != null) {
      Files.writeString(json, Json.of(figures(done, ratios.get(ratios.size() / 2))) + "\n");
    }
    return done.stream().allMatch(round -> round.reversed() == reversals) ? 0 : 1;
  }

  private Round round(int port, Dialect dialect, int round)
      throws IOException, InterruptedException, ExecutionException {
    StormFrames frames = new StormFrames(dialect, String.format("STORM%03d", round));
    ByteBuf purchases = Unpooled.buffer();
    ByteBuf storm = Unpooled.buffer();
    for (int stan = 1; stan <= reversals; stan++) {
      frames.purchase(purchases, stan % cards, stan);
      frames.reversal(storm, stan % cards, reversals + stan, stan);
    }
    try (LateLine late = new LateLine(port, dialect)) {
      late.sendAll(purchases, reversals);
      try (SteadyLoad load =
          new SteadyLoad(port, dialect, String.format("%03d", round), connections, rate, cards)) {
        long beginNs = System.nanoTime() + WARM_UP_NS;
        long stormNs = beginNs + TimeUnit.SECONDS.toNanos(seconds);
        LockSupport.parkNanos(this, stormNs - System.nanoTime());
        while (System.nanoTime() < stormNs) {
          LockSupport.parkNanos(this, stormNs - System.nanoTime());
        }
        int reversed = late.sendAll(storm, reversals);
        long overNs = late.overNs();
        load.end();
        return new Round(Phase.of(load, beginNs, stormNs), Phase.of(load, stormNs, overNs), (overNs - stormNs) / 1e9,
            reversed);
      }
    }
  }

  private static void print(int round, Round of) {
    System.out.printf(Locale.ROOT, "  %5d  %s  %s %6.2f %8.2f %,12.0f%s%n", round + 1, line(of.before()),
        line(of.during()), of.ratio(), of.stormSeconds(), of.reversed() / of.stormSeconds(),
        of.during().count() < FEW ? "   too few authorizations during it" : "");
  }

  private static String line(Phase phase) {
    return String.format(
        Locale.ROOT, "%,8d %,8d %,8d %,7d", phase.count(), phase.p50(), phase.p99(), phase.lagP99());
  }

  private Map<String, Object> figures(List<Round> done, double medianRatio) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Round round : done) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("before", figures(round.before()));
      row.put("during", figures(round.during()));
      row.put("ratio", round.ratio());
      row.put("stormSeconds", round.stormSeconds());
      row.put("reversed", round.reversed());
      rows.add(row);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("reversals", reversals);
    all.put("rate", rate);
    all.put("connections", connections);
    all.put("durability", durability);
    all.put("rounds", rows);
    all.put("medianRatio", medianRatio);
    return all;
  }

  private static Map<String, Object> figures(Phase phase) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("authorizations", phase.count());
    row.put("p50Micros", phase.p50());
    row.put("p99Micros", phase.p99());
    row.put("senderLagP99Micros", phase.lagP99());
    return row;
  }
}
