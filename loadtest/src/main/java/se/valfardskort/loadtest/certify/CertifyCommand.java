package se.valfardskort.loadtest.certify;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import se.valfardskort.loadtest.client.Home;
import se.valfardskort.loadtest.client.UserError;

/** {@code ./run certify}: the scripts under config/certify against a host, and a report. */
@Command(name = "certify", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Plays the conformance scripts of config/certify against a host and compares every answer byte for"
        + " byte, and the purses before and after.",
    footer = {"", "Examples:",
        "  ./run certify                                          a fresh demo server of its own, all partners",
        "  ./run certify --host 127.0.0.1                         a server that is up, on the demo's ports",
        "  ./run certify --partner iso87-ascii --host uat.example --port 9584 --report report",
        "  ./run certify --tag reversals                          one topic only",
        "", "docs/partner/certify.md says how scripts are read and written."})
public final class CertifyCommand implements Callable<Integer> {
  private static final int HIGHEST_PORT = 65_535;

  @Option(names = "--partner", paramLabel = "NAME",
      description = "A folder of config/certify; may be given several times (default: all).")
  List<String> partners = new ArrayList<>();

  @Option(names = "--host", defaultValue = "", description = "Whose host; without it a fresh demo server is started.")
  String host = "";

  @Option(names = "--port", paramLabel = "P", defaultValue = "0",
      description = "With --host and one --partner: its port (default: the partner's, as in partner.yaml).")
  int port;

  @Option(names = "--tag", paramLabel = "T", defaultValue = "", description = "Only groups with this tag or topic.")
  String tag = "";

  @Option(names = "--seed", paramLabel = "S", defaultValue = "0",
      description = "Repeats a run's numbers: cards, STANs, times (default: the present second).")
  long seed;

  @Option(names = "--report", paramLabel = "DIR", description = "Where to write JUnit XML and an HTML page.")
  @Nullable Path report;

  @Option(names = "--timeout", paramLabel = "MS", defaultValue = "5000",
      description = "How long to wait for an answer (default: ${DEFAULT-VALUE}).")
  int timeoutMs;

  @Option(names = "--json", description = "One line of JSON an exchange, and one at the end, instead of the table.")
  boolean json;

  @Override
  public Integer call() {
    Path home = Home.path();
    Path scripts = home.resolve("config").resolve("certify");
    List<Partner> chosen = chosen(scripts);
    if (host.isEmpty()) {
      try (OwnServer server = OwnServer.start(home)) {
        return run(chosen, server::addressOf);
      }
    }
    // Another link of the same partner stands as far from the given port as from the usual one.
    int shift = port == 0 ? 0 : port - chosen.getFirst().port();
    return run(chosen, partner -> new Address(host, partner.port() + shift));
  }

  private List<Partner> chosen(Path scripts) {
    List<String> known = Partner.names(scripts);
    List<String> names = partners.isEmpty() ? known : partners;
    List<Partner> chosen = new ArrayList<>();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new UserError(UserError.USAGE, "--partner " + name + ": there is none of that name; known are "
            + String.join(", ", known));
      }
      chosen.add(Partner.read(scripts.resolve(name)));
    }
    if (port < 0 || port > HIGHEST_PORT || (port != 0 && (host.isEmpty() || chosen.size() != 1))) {
      throw new UserError(UserError.USAGE, "--port goes with --host and one --partner, and is 1 to " + HIGHEST_PORT);
    }
    if (timeoutMs < 1) {
      throw new UserError(UserError.USAGE, "--timeout " + timeoutMs + " is no time to wait; say for example 5000");
    }
    return chosen;
  }

  /** Where a partner's host is. */
  interface Addresses {
    Address of(Partner partner);
  }

  /** Host and port. */
  record Address(String host, int port) {}

  /** Plays the partners one after the other; gives the exit code. */
  int run(List<Partner> chosen, Addresses addresses) {
    RunSeed numbers = new RunSeed(seed != 0 ? seed : Instant.now().getEpochSecond());
    String run = "seed " + numbers.epochSecond() + (tag.isEmpty() ? "" : ", only " + tag)
        + (host.isEmpty() ? ", against a demo server of its own" : ", against " + host);
    say("Conformance run, " + run + " (--seed " + numbers.epochSecond() + " repeats its numbers)");
    for (Partner partner : chosen) {
      Address address = addresses.of(partner);
      RawLink.connect(address.host(), address.port(), partner.header(), timeoutMs).close();
    }
    RunReport sheet = new RunReport(run, report, json, System.out);
    // A signal: what has been played so far is reported before the process ends.
    Thread interrupted = Thread.ofPlatform().name("report").unstarted(() -> sheet.cutShort("it was interrupted"));
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      for (Partner partner : chosen) {
        play(partner, addresses, numbers, sheet);
      }
    } catch (RuntimeException cut) {
      sheet.cutShort(String.valueOf(cut.getMessage()));
      throw cut;
    } finally {
      remove(interrupted);
    }
    if (sheet.isEmpty()) {
      throw new UserError(UserError.USAGE, "--tag " + tag + ": no group has this tag, and no topic this name");
    }
    return sheet.finish() ? 0 : UserError.MISMATCH;
  }

  private void play(Partner partner, Addresses addresses, RunSeed numbers, RunReport sheet) {
    Address address = addresses.of(partner);
    say("  " + partner.name() + " at " + address.host() + ":" + address.port() + " ...");
    try (Player player = new Player(partner, addresses, timeoutMs, numbers)) {
      player.play(tag, sheet::add);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ignored) {
      // The process is ending, and the hook is at work.
    }
  }

  private void say(String text) {
    if (!json) {
      System.err.println(text);
    }
  }
}
