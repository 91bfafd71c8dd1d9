package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.simulation.WorldsTrial;

/** {@code ./run reliability}: all trials in turn, and the figures of docs/internals/reliability.md. */
@Command(
    name = "reliability",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tries to lose, double or invent something: kills the real process under load, breaks its disk, cuts its power,"
          + " damages the journal at every bit, runs simulated worlds. Prints what was done and what was found, and"
          + " writes figures.json and figures.md."
          + " Ends by itself and leaves nothing running.",
      ""
    },
    footer = {
      "",
      "Examples",
      "  ./run reliability                          all of it; takes an hour or so",
      "  ./run reliability --only kills --kills 5   the real process killed five times, some two minutes",
      "",
      "Exit code 0: nothing was lost, doubled or unexplained; 1: something was, or a trial could not be run; 64: wrong"
          + " usage."
    })
final class ReliabilityCommand implements Callable<Integer> {
  private static final int USAGE = 64;

  /** Damaged in every way there is. */
  private static final int SMALL_JOURNAL = 64 << 10;

  /** Damaged as the dice say. */
  private static final int LARGE_JOURNAL = 1 << 20;

  private static final int EVERY = 0;

  @Option(names = "--kills", paramLabel = "N", description = "how often the process is killed (30)")
  private int kills = 30;

  @Option(names = "--images", paramLabel = "N", description = "how many states that a power cut could leave (300)")
  private int images = 300;

  @Option(names = "--damages", paramLabel = "N", description = "how many damages of a journal of 1 MiB (10000)")
  private int damages = 10_000;

  @Option(names = "--seeds", paramLabel = "N", description = "how many simulated worlds (10000)")
  private int seeds = 10_000;

  @Option(names = "--seed", paramLabel = "S", description = "the plan's seed (by chance; it is printed)")
  private @Nullable Long seed;

  @Option(names = "--only", paramLabel = "NAMES", split = ",", description = "these trials alone, of: ${trials}")
  private @Nullable List<String> only;

  @Option(names = "--out", paramLabel = "DIR", description = "where the figures go (target/reliability)")
  private Path out = Path.of(System.getProperty("project.root", ".")).resolve("target/reliability");

  @Option(names = "--json", description = "print the figures as JSON")
  private boolean json;

  private final PrintStream output;
  private final PrintStream progress;

  ReliabilityCommand(PrintStream output, PrintStream progress) {
    this.output = output;
    this.progress = progress;
  }

  /** A trial and how much of it there is to be. */
  private record Planned(Trial trial, int amount) {}

  /** The one place where a trial is added. */
  private List<Planned> trials() {
    return List.of(
        new Planned(new KillsTrial(), kills),
        new Planned(new DiskTrial(), 0),
        new Planned(new PowerTrial(), images),
        new Planned(new TailTrial(SMALL_JOURNAL), EVERY),
        new Planned(new TailTrial(LARGE_JOURNAL), damages),
        new Planned(new WorldsTrial(), seeds));
  }

  /** The launcher's way in; its first argument is the command's name. */
  public static void main(String[] arguments) {
    String[] own = arguments.length > 0 && arguments[0].equals("reliability")
        ? Arrays.copyOfRange(arguments, 1, arguments.length)
        : arguments;
    System.exit(execute(System.out, System.err, own));
  }

  static int execute(PrintStream output, PrintStream progress, String... arguments) {
    ReliabilityCommand command = new ReliabilityCommand(output, progress);
    // For the help text.
    System.setProperty("trials", String.join(", ", command.names()));
    return new CommandLine(command)
        .setOut(new PrintWriter(output, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((wrong, _) -> {
          progress.println(wrong.getMessage() + "; ./run reliability --help says what there is");
          return USAGE;
        })
        .execute(arguments);
  }

  private List<String> names() {
    return trials().stream().map(planned -> planned.trial.name()).toList();
  }

  @Override
  public Integer call() throws IOException {
    TreeSet<String> unknown = new TreeSet<>(only == null ? List.of() : only);
    unknown.removeAll(names());
    if (!unknown.isEmpty() || kills < 0 || images < 0 || damages < 0 || seeds < 0) {
      progress.println((unknown.isEmpty() ? "a number is below 0" : "there is no trial " + String.join(", ", unknown))
          + "; ./run reliability --help says what there is");
      return USAGE;
    }
    long chosen = seed == null ? new SecureRandom().nextInt(1, 1_000_000_000) : seed;
    progress.println("seed " + chosen);
    Figures figures = Figures.begin(chosen);
    Files.createDirectories(out);
    for (Planned planned : trials()) {
      if (only == null || only.contains(planned.trial.name())) {
        figures.add(run(planned, chosen));
        // After each trial: an hour's figures must not go with a run that is broken off.
        Files.writeString(out.resolve("figures.json"), figures.asJson());
        Files.writeString(out.resolve("figures.md"), figures.asMarkdown());
      }
    }
    output.print(json ? figures.asJson() : figures.asTable());
    progress.println("figures.json and figures.md are in " + out);
    return figures.failures() == 0 ? 0 : 1;
  }

  private Figures.Row run(Planned planned, long chosen) throws IOException {
    String name = planned.trial.name();
    Path scratch = Files.createTempDirectory("valfardskort-" + name + "-");
    long begunNs = System.nanoTime();
    Findings findings;
    try {
      findings = planned.trial.run(
          new TrialSettings(chosen, planned.amount, scratch), line -> progress.println(name + ": " + line));
    } catch (Exception failed) {
      List<String> failure = new ArrayList<>(List.of("the trial itself failed: " + failed));
      failed.printStackTrace(progress);
      findings = new Findings(Map.of(), failure);
    }
    double seconds = (System.nanoTime() - begunNs) / 1e9;
    progress.printf(Locale.ROOT, "%s: done in %.0f s, %d failures%n", name, seconds, findings.failures().size());
    if (findings.failures().isEmpty()) {
      remove(name, scratch);
    } else {
      progress.println(name + ": what it left is in " + scratch);
    }
    return new Figures.Row(name, planned.amount, seconds, findings);
  }

  /** A folder that stays is no finding. */
  private void remove(String name, Path scratch) {
    try {
      Folders.remove(scratch);
    } catch (IOException | UncheckedIOException stays) {
      progress.println(name + ": " + scratch + " cannot be removed (" + stays + "); remove it by hand");
    }
  }
}
