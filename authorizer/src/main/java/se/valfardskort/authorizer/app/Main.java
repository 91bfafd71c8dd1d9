package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The authorizer's command line. */
@Command(
    name = "./run",
    description = "The welfare card's authorization processor.",
    mixinStandardHelpOptions = true,
    version = "valfardskort 0.1.0-SNAPSHOT",
    subcommands = {
        StartCommand.class, CardCommand.class, ApprovalCommand.class, EarmarkCommand.class, GrantCommand.class,
        BonusCommand.class, PrescriptionCommand.class, LoadCommand.class, WhyCommand.class, ConfigCommand.class,
        PolicyCommand.class, ExposureCommand.class, JournalCommand.class, SnapshotCommand.class})
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** Runs a command; returns its exit code. */
  static int execute(String... args) {
    try {
      return commandLine()
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setExecutionExceptionHandler((thrown, commandLine, parsed) -> defect(thrown, commandLine.getErr()))
          .execute(args);
    } catch (Error fromTheJvm) {
      return defect(fromTheJvm, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }
  }

  private static int defect(Throwable thrown, PrintWriter err) {
    err.println("a defect of the authorizer, or a JVM without the flags of config/jvm.options: " + thrown
        + "; report it with what stands below");
    thrown.printStackTrace(err);
    return ExitCode.SOFTWARE;
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    sayUsageExitCode(line);
    return line;
  }

  private static void sayUsageExitCode(CommandLine line) {
    line.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE);
    line.getSubcommands().values().forEach(Main::sayUsageExitCode);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "say what to do: start, card, approval, earmark, grant, bonus, prescription, load, why, config, policy,"
            + " exposure, journal or snapshot");
  }
}
