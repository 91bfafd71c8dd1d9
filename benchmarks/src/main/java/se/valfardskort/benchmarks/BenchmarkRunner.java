package se.valfardskort.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the JMH benchmarks with short defaults, prints one table and writes the results as JSON.
 *
 * <p>Takes JMH's own arguments (a regular expression, {@code -p name=value}, {@code -wi}, {@code -rff} ...). What is
 * not given is: one fork, few short rounds, one thread, allocation and processor time, and the flags of
 * {@code config/jvm.options} with the server's collector, so that what is measured is what runs. {@code -l} lists the
 * benchmarks.
 */
public final class BenchmarkRunner {
  private static final String HEAP = "-Xmx4g";
  private static final String COLLECTOR = "-XX:+UseSerialGC";
  private static final String ALLOCATED_PER_OPERATION = "gc.alloc.rate.norm";

  private BenchmarkRunner() {}

  /** Exits 0 when every benchmark ran, 1 when one failed, 2 on wrong arguments. */
  public static void main(String[] args) {
    System.exit(run(args, Path.of(System.getProperty("project.root", "."))));
  }

  static int run(String[] args, Path projectRoot) {
    try {
      CommandLineOptions given = new CommandLineOptions(args);
      if (given.shouldHelp()) {
        given.showHelp();
        return 0;
      }
      if (given.shouldList()) {
        new Runner(given).list();
        return 0;
      }
      Path json = Path.of(given.getResult().orElse(projectRoot.resolve("benchmarks/target/jmh.json").toString()));
      Path folder = json.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Collection<RunResult> results = new Runner(withDefaults(given, projectRoot, json).build()).run();
      printTable(results, System.out);
      System.out.println("Written to " + json);
      return results.isEmpty() ? 1 : 0;
    } catch (CommandLineOptionException e) {
      System.err.println("The arguments are not JMH's: " + e.getMessage() + "; -h lists them");
      return 2;
    } catch (IOException e) {
      System.err.println("A file could not be read or written: " + e.getMessage());
      return 2;
    } catch (RunnerException e) {
      System.err.println("A benchmark failed: " + e.getMessage());
      return 1;
    }
  }

  private static ChainedOptionsBuilder withDefaults(CommandLineOptions given, Path projectRoot, Path json)
      throws IOException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .parent(given)
            .shouldFailOnError(true)
            .addProfiler(GCProfiler.class)
            .addProfiler(CpuTimeProfiler.class)
            .jvmArgs(jvmFlags(projectRoot))
            .resultFormat(ResultFormatType.JSON)
            .result(json.toString());
    if (!given.getForkCount().hasValue()) {
      options.forks(1);
    }
    if (!given.getThreads().hasValue()) {
      options.threads(1);
    }
    if (!given.getWarmupIterations().hasValue()) {
      options.warmupIterations(4);
    }
    if (!given.getWarmupTime().hasValue()) {
      options.warmupTime(TimeValue.seconds(1));
    }
    if (!given.getMeasurementIterations().hasValue()) {
      options.measurementIterations(5);
    }
    if (!given.getMeasurementTime().hasValue()) {
      options.measurementTime(TimeValue.seconds(1));
    }
    return options;
  }

  private static String[] jvmFlags(Path projectRoot) throws IOException {
    List<String> flags = new ArrayList<>();
    for (String line : Files.readAllLines(projectRoot.resolve("config/jvm.options"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        flags.add(line.strip());
      }
    }
    flags.add(HEAP);
    flags.add(COLLECTOR);
    flags.add("-Dproject.root=" + projectRoot);
    return flags.toArray(String[]::new);
  }

  private static void printTable(Collection<RunResult> results, PrintStream out) {
    out.println();
    out.printf(Locale.ROOT, "%-76s %10s %8s %10s %8s%n", "benchmark", "wall ns/op", "+/-", "cpu ns/op", "B/op");
    for (RunResult run : results) {
      BenchmarkParams params = run.getParams();
      StringBuilder name = new StringBuilder(params.getBenchmark());
      name.delete(0, BenchmarkRunner.class.getPackageName().length() + 1);
      for (String key : params.getParamsKeys()) {
        name.append(' ').append(key).append('=').append(params.getParam(key));
      }
      Result<?> wall = run.getPrimaryResult();
      out.printf(
          Locale.ROOT,
          "%-76s %10.1f %8.1f %10.1f %8.3f%n",
          name,
          wall.getScore(),
          wall.getScoreError(),
          secondary(run, CpuTimeProfiler.RESULT),
          secondary(run, ALLOCATED_PER_OPERATION));
    }
  }

  /** The middle of the rounds: JMH counts what closing the benchmark costs into the last one. */
  private static double secondary(RunResult run, String name) {
    Result<?> result = run.getSecondaryResults().get(name);
    return result == null ? Double.NaN : result.getStatistics().getPercentile(50);
  }
}
