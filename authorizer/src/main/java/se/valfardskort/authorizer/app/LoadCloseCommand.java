package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.domain.Programme;

/** {@code load close}: gives up a run that was left half-way. */
@Command(
    name = "close",
    mixinStandardHelpOptions = true,
    description = {
      "Closes the run of loads that is open, whatever list it was of: what it has not loaded goes back to the pool and "
          + "the treasury, and what it has loaded stays. For a run whose list is not to be gone on with; otherwise "
          + "'./run load run' with the same list goes on and closes it.",
      ""
    })
final class LoadCloseCommand extends LoadTask {
  @Override
  int run(ConfigurationFolder.Loaded loaded, Programme whose, AdminClient client) throws StartFailure {
    String path = "/v1/programmes/" + whose.id();
    Map<?, ?> before = runOf(client.get(path + "/load-run"));
    if (!Boolean.TRUE.equals(before.get("open"))) {
      throw new StartFailure(
          ExitCode.NO_INPUT,
          "programme " + whose.name() + " has no run of loads that is open: there is nothing to close");
    }
    Map<?, ?> answer = LoadRun.close(client, path, before.get("runKey"));
    PrintWriter out = spec().commandLine().getOut();
    if (isJson()) {
      out.println(JsonObject.of(answer));
    } else {
      LoadStatusCommand.print(out, whose.name(), answer);
    }
    out.flush();
    return ExitCode.OK;
  }
}
