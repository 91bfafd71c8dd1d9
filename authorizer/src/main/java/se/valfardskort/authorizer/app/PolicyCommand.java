package se.valfardskort.authorizer.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code policy}: a municipality's rules before they hold, while they hold, and as they once held. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = {
      "What a programme's policy says, said earlier, and would have answered. All of it changes nothing, and a running "
          + "authorizer is not disturbed.",
      ""
    },
    subcommands = {
      PolicyCheckCommand.class,
      PolicyShowCommand.class,
      PolicyHistoryCommand.class,
      PolicyDiffCommand.class,
      PolicyBacktestCommand.class,
      PolicyShadowCommand.class
    })
final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: check, show, history, diff, backtest or shadow");
  }
}
