package se.valfardskort.loadtest.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import se.valfardskort.loadtest.client.Endpoint;
import se.valfardskort.loadtest.client.EndpointOptions;
import se.valfardskort.loadtest.client.Json;
import se.valfardskort.loadtest.client.UserError;

/** {@code ./run loadtest}: a fixed rate, honest latencies. */
@Command(name = "loadtest", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Sends at a fixed rate whatever the server does (open loop) and measures each answer from the time"
        + " at which its request was due.",
        "", "The mix: 60 %% 0200 purchases of food (MCC 5411), 10 %% 0200 at the childcare co-op BARNKOOP0000001 (paid"
        + " from Hjartan), 15 %% 0100 holds, 15 %% 0400 reversals of approved holds; 0.10 to 0.99 kr each, cards at"
        + " random, so that purses last for hours and no card gathers open holds."},
    footer = {"", "Examples:",
        "  ./run loadtest --rate 20000 --seconds 30 --connections 4",
        "  ./run loadtest --rate 5000 --seconds 60 --ledger book.txt     kill -9 the server meanwhile, start it, then",
        "  ./run loadtest --verify book.txt                              demands the same answers, byte for byte",
        "  ./run loadtest --rate 50000 --seconds 10 --echo --port 7000   the same generator against a bare echo",
        "", "Ends with 0 when every message was answered and the generator kept its schedule, else with 1."})
public final class LoadtestCommand implements Callable<Integer> {
  @Option(names = "--rate", paramLabel = "R", defaultValue = "1000",
      description = "Messages a second over all connections (default: ${DEFAULT-VALUE}).")
  int rate;

  @Option(names = "--seconds", paramLabel = "S", defaultValue = "10",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  int seconds;

  @Option(names = "--warmup", paramLabel = "S", defaultValue = "5",
      description = "Sent before that, and left out of the figures (default: ${DEFAULT-VALUE}).")
  int warmup;

  @Option(names = "--connections", paramLabel = "C", defaultValue = "1",
      description = "Used in turn (default: ${DEFAULT-VALUE}).")
  int connections;

  @Mixin
  EndpointOptions server = new EndpointOptions();

  @Option(names = "--cards", paramLabel = "N", defaultValue = "10000",
      description = "Cards 0 to N-1; as many as the server has (default: ${DEFAULT-VALUE}).")
  int cards;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Of the random choices.")
  long seed;

  @Option(names = "--timeout", paramLabel = "MS", defaultValue = "10000",
      description = "How long to wait for answers after the last message (default: ${DEFAULT-VALUE}).")
  int timeoutMs;

  @Option(names = "--max-lag", paramLabel = "MS", defaultValue = "10",
      description = "More than one message in a hundred sent later than this makes the run INVALID.")
  int maximumLagMs;

  @Option(names = "--hgrm", paramLabel = "FILE", description = "Writes the whole distribution in HdrHistogram's form.")
  @Nullable Path hgrm;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures as one line of JSON.")
  @Nullable Path json;

  @Option(names = "--echo", description = "The server sends every frame back as it came.")
  boolean echo;

  @Option(names = "--ledger", paramLabel = "FILE", description = "Appends every request and answer for --verify.")
  @Nullable Path ledger;

  @Option(names = "--verify", paramLabel = "FILE",
      description = "Sends a ledger's answered requests again and demands the same answers; sends nothing else.")
  @Nullable Path verify;

  @Override
  public Integer call() {
    Endpoint endpoint = server.endpoint();
    if (verify != null) {
      return new LedgerVerifier(endpoint).verify(verify, System.out);
    }
    requireRange("--rate", rate, 1, 2_000_000);
    requireRange("--seconds", seconds, 1, 1_000_000);
    requireRange("--warmup", warmup, 0, 1_000_000);
    requireRange("--connections", connections, 1, LoadFrames.MOST_CONNECTIONS);
    requireRange("--cards", cards, 1, 1_000_000_000);
    return run(new LoadSettings(endpoint, rate, warmup, seconds, connections, cards, seed, echo, timeoutMs,
        maximumLagMs, ledger), System.out);
  }

  /** Runs, prints and writes what was asked; gives the exit code. */
  int run(LoadSettings settings, PrintStream out) {
    LoadReport report;
    try (LoadRun run = new LoadRun(settings)) {
      run.start();
      watch(settings, run, out);
      report = new LoadReport(settings, run);
    }
    report.print(out);
    if (json != null) {
      write(json, Json.of(report.json()) + "\n");
    }
    if (hgrm != null) {
      try (PrintStream to = new PrintStream(hgrm.toFile(), StandardCharsets.UTF_8)) {
        report.latency().outputPercentileDistribution(to, 1000.0);
      } catch (IOException e) {
        throw cannotWrite(hgrm, e);
      }
    }
    return report.isComplete() && report.isValid() ? 0 : UserError.MISMATCH;
  }

  /** One line a second, until everything is answered or the patience after the last message is over. */
  private static void watch(LoadSettings settings, LoadRun run, PrintStream out) {
    long start = System.nanoTime();
    long patience = settings.dueNs(settings.total()) + settings.timeoutMs() * 1_000_000L;
    Histogram recent = null;
    long sent = 0;
    long answered = 0;
    try {
      for (long second = 1; System.nanoTime() - start < patience; second++) {
        long wait = Math.min(start + second * 1_000_000_000L, start + patience) - System.nanoTime();
        boolean over = run.done.await(Math.max(wait, 0), TimeUnit.NANOSECONDS);
        long sentNow = run.sent.get();
        long answeredNow = run.answered.get();
        recent = run.recent.getIntervalHistogram(recent);
        out.println(LoadReport.progress(second, sentNow - sent, answeredNow - answered, run.unanswered(), recent,
            answeredNow - run.approved.get(), run.lostLinks.get()));
        sent = sentNow;
        answered = answeredNow;
        if (over) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void requireRange(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new UserError(UserError.USAGE, name + " " + value + " is not " + least + " to " + most);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static UserError cannotWrite(Path file, IOException e) {
    return new UserError(UserError.IO_ERROR, file + " cannot be written (" + e.getMessage()
        + "); check the folder, its space and its rights", e);
  }
}
