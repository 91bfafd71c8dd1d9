package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.domain.Programme;

/** {@code load status}: the run that is open, or the last one. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows a programme's run of loads, the one that is open or the last one, and what its pool has. The "
        + "look is journaled.")
final class LoadStatusCommand extends LoadTask {
  @Override
  int run(ConfigurationFolder.Loaded loaded, Programme whose, AdminClient client) throws StartFailure {
    Map<?, ?> answer = client.get("/v1/programmes/" + whose.id() + "/load-run");
    PrintWriter out = spec().commandLine().getOut();
    if (isJson()) {
      out.println(JsonObject.of(answer));
    } else {
      print(out, whose.name(), answer);
    }
    out.flush();
    return ExitCode.OK;
  }

  /** Shows an answer of the port to a person. */
  static void print(PrintWriter out, String programme, Map<?, ?> answer) {
    Map<?, ?> run = runOf(answer);
    if (run.isEmpty()) {
      out.println("programme " + programme + ": there was never a run of loads");
    } else {
      boolean open = Boolean.TRUE.equals(run.get("open"));
      out.println("programme " + programme + ", period " + run.get("period") + ": run " + run.get("runKey")
          + (open ? " is open" : " is closed"));
      out.println("  cards loaded  " + run.get("cardsLoaded") + " of " + run.get("cards"));
      LoadTotals.line(out, "kronor loaded", number(run, "cashLoadedMinor"));
      LoadTotals.line(out, "  of", number(run, "cashMinor"));
      LoadTotals.line(out, "Hjartan loaded", number(run, "hjartanLoadedMinor"));
      LoadTotals.line(out, "  of", number(run, "hjartanMinor"));
    }
    LoadTotals.line(out, "in the pool beside it", number(answer, "poolMinor"));
    LoadTotals.line(out, "backing that nothing stands against", number(answer, "backingMinor"));
  }
}
