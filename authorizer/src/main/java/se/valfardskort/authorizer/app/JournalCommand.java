package se.valfardskort.authorizer.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code journal}: what a person can ask of the journal, and the little that may be done to it by hand. */
@Command(
    name = "journal",
    mixinStandardHelpOptions = true,
    description = {
      "Asks the journal. verify, dump, stats, sample, replay and explain change nothing, and a running authorizer is "
          + "not disturbed, nor by prune; skip needs a stopped one. prune and skip leave an audited line.",
      ""
    },
    subcommands = {
      JournalVerifyCommand.class,
      JournalDumpCommand.class,
      JournalStatsCommand.class,
      JournalSampleCommand.class,
      JournalReplayCommand.class,
      JournalExplainCommand.class,
      JournalPruneCommand.class,
      JournalSkipCommand.class
    })
final class JournalCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: verify, dump, stats, sample, replay, explain, prune or skip");
  }
}
