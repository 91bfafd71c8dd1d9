package se.valfardskort.loadtest;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import se.valfardskort.loadtest.certify.CertifyCommand;
import se.valfardskort.loadtest.client.UserError;
import se.valfardskort.loadtest.demo.DemoCommand;
import se.valfardskort.loadtest.load.LoadtestCommand;

/** The client's commands, behind the script {@code ./run}. */
@Command(name = "./run", mixinStandardHelpOptions = true, version = "valfardskort 0.1.0-SNAPSHOT",
    description = "The welfare card's ISO 8583 client.",
    subcommands = {DemoCommand.class, SendCommand.class, LoadtestCommand.class, CertifyCommand.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done as asked", "1:an answer, a purse or a figure is not what it should be",
        "64:the command line cannot be used", "65:an input file has wrong content",
        "66:an input file cannot be read", "69:nobody answers at the address", "70:a fault of this program",
        "74:a file cannot be written", "75:no answer in time"})
public final class Main {
  private static final int HELP_WIDTH = 110;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Swedish letters must survive a terminal that has no locale.
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
    System.exit(run(args));
  }

  /** Runs one command and gives its exit code. */
  static int run(String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setUsageHelpWidth(HELP_WIDTH);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExitCodeExceptionMapper(failure ->
        failure instanceof UserError known ? known.exitCode() : UserError.SOFTWARE);
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof UserError) {
        System.err.println(command.getCommandName() + ": " + failure.getMessage());
      } else {
        System.err.println(command.getCommandName() + ": a fault of this program; please report it with these lines:");
        failure.printStackTrace(System.err);
      }
      return command.getExitCodeExceptionMapper().getExitCode(failure);
    });
    line.setParameterExceptionHandler((wrong, arguments) -> {
      CommandLine command = wrong.getCommandLine();
      System.err.println(command.getCommandName() + ": " + wrong.getMessage());
      System.err.println("'" + command.getCommandName() + " --help' shows what can be said.");
      return UserError.USAGE;
    });
    return line.execute(args);
  }
}
