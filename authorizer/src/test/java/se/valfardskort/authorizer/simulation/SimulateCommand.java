package se.valfardskort.authorizer.simulation;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./run simulate}: as many seeds as are wanted, or one seed again. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs the whole authorizer in simulated worlds: clock, disk and network are made of dice, and one seed drives"
          + " all of it. Clients repeat and reverse, disks tear and fail, processes die; every answer is checked"
          + " against what the simulated disk really has, every recovery against a second engine, purses against a"
          + " second model.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run simulate --seeds 10000            ten thousand worlds",
      "  ./run simulate --minutes 60 --from 1    as many as there is time for",
      "  ./run simulate --seed 4711 --trace      one world again, step by step",
      "",
      "Exit code 0: nothing was broken; 1: something was, its seed and the fewest events are printed; 64: wrong usage."
    })
final class SimulateCommand implements Callable<Integer> {
  private static final long NS_PER_S = 1_000_000_000L;
  private static final long PROGRESS_NS = 5 * NS_PER_S;

  @Option(names = "--seeds", paramLabel = "N", description = "how many worlds (1000)")
  private long seeds = 1000;

  @Option(names = "--from", paramLabel = "SEED", description = "the first seed (1)")
  private long from = 1;

  @Option(names = "--minutes", paramLabel = "M", description = "at most so long; without --seeds as many as fit")
  private @Nullable Long minutes;

  @Option(names = "--seed", paramLabel = "SEED", description = "one world again")
  private @Nullable Long seed;

  @Option(names = "--only", paramLabel = "IDS", split = ",", description = "with --seed: these of its events alone")
  private int @Nullable [] only;

  @Option(names = "--trace", description = "with --seed: every step, in words")
  private boolean trace;

  @Option(names = "--json", description = "the result as JSON")
  private boolean json;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private final PrintStream out;
  private final PrintStream progress;
  private final Tally all = new Tally();
  private final List<Simulation.Outcome> failures = new ArrayList<>();
  private long done;

  SimulateCommand(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /** The launcher's way in; its first argument is the command's name. */
  public static void main(String[] arguments) {
    String[] own = arguments.length > 0 && arguments[0].equals("simulate")
        ? Arrays.copyOfRange(arguments, 1, arguments.length)
        : arguments;
    System.exit(execute(System.out, System.err, own));
  }

  static int execute(PrintStream out, PrintStream progress, String... arguments) {
    return new CommandLine(new SimulateCommand(out, progress))
        .setParameterExceptionHandler((wrong, _) -> {
          progress.println(wrong.getMessage() + "; ./run simulate --help says what there is");
          return 64;
        })
        .execute(arguments);
  }

  @Override
  public Integer call() {
    Long one = seed;
    return one != null ? replay(one) : runAll();
  }

  private int replay(long number) {
    Script script = new Script(number);
    List<Script.Event> events = script.events;
    int[] ids = only;
    if (ids != null) {
      Set<Integer> wanted = new TreeSet<>();
      for (int id : ids) {
        wanted.add(id);
      }
      events = events.stream().filter(event -> wanted.contains(event.id())).toList();
    }
    Simulation.Outcome outcome = Simulation.run(script, events, trace ? out : null);
    out.println(outcome.words());
    out.println("trace hash " + Long.toHexString(outcome.hash()));
    if (outcome.failure() == null) {
      return 0;
    }
    outcome.failure().printStackTrace(out);
    if (ids == null) {
      explain(outcome);
    }
    return 1;
  }

  private int runAll() {
    long begun = System.nanoTime();
    Long limit = minutes;
    long deadlineNs = limit == null ? Long.MAX_VALUE : limit * 60 * NS_PER_S;
    boolean endless = limit != null && !isGiven("--seeds");
    long nextProgressNs = PROGRESS_NS;
    for (long number = from; endless || number < from + seeds; number++) {
      Simulation.Outcome outcome = Simulation.run(number);
      all.addAll(outcome.tally());
      done++;
      if (outcome.failure() != null) {
        failures.add(outcome);
        progress.println(outcome.words());
      }
      long elapsed = System.nanoTime() - begun;
      if (elapsed > nextProgressNs) {
        nextProgressNs = elapsed + PROGRESS_NS;
        progress.printf(Locale.ROOT, "%,d seeds, %.1f a second, %.1f simulated hours, %d failed%n",
            done, done * 1e9 / elapsed, hours(), failures.size());
      }
      if (elapsed > deadlineNs) {
        break;
      }
    }
    report((System.nanoTime() - begun) / 1e9);
    return failures.isEmpty() ? 0 : 1;
  }

  private boolean isGiven(String option) {
    return spec != null && spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private double hours() {
    return all.of("simulated ms") / 3_600_000.0;
  }

  private void report(double seconds) {
    if (json) {
      out.println(asJson(seconds));
      return;
    }
    out.printf(Locale.ROOT, "%,d seeds from %d in %.1f s (%.1f ms a seed), %.1f simulated hours, %d failed%n",
        done, from, seconds, seconds * 1000 / Math.max(1, done), hours(), failures.size());
    for (Map.Entry<String, Long> count : all.all().entrySet()) {
      out.printf(Locale.ROOT, "  %,12d  %s%n", count.getValue(), count.getKey());
    }
    if (!failures.isEmpty()) {
      explain(failures.getFirst());
    }
  }

  private void explain(Simulation.Outcome failed) {
    Simulation.Outcome smallest = Simulation.shrink(failed);
    out.println(failed.words());
    out.println("with " + smallest.events().size() + " of " + failed.events().size() + " events: " + smallest.words());
    StringBuilder ids = new StringBuilder();
    for (Script.Event event : smallest.events()) {
      out.println("  " + event);
      ids.append(ids.isEmpty() ? "" : ",").append(event.id());
    }
    out.println("again: ./run simulate --seed " + failed.script().seed + " --only " + ids + " --trace");
  }

  private String asJson(double seconds) {
    StringBuilder text = new StringBuilder("{\"seeds\":").append(done)
        .append(",\"from\":").append(from)
        .append(",\"seconds\":").append(String.format(Locale.ROOT, "%.3f", seconds))
        .append(",\"simulatedHours\":").append(String.format(Locale.ROOT, "%.3f", hours()))
        .append(",\"failedSeeds\":[");
    for (int i = 0; i < failures.size(); i++) {
      text.append(i == 0 ? "" : ",").append(failures.get(i).script().seed);
    }
    text.append("],\"counts\":{");
    boolean first = true;
    for (Map.Entry<String, Long> count : all.all().entrySet()) {
      // Names are words of our own, without quotes.
      text.append(first ? "\"" : ",\"").append(count.getKey()).append("\":").append(count.getValue());
      first = false;
    }
    return text.append("}}").toString();
  }
}
