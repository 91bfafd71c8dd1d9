package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.app.config.PolicyFile;
import se.valfardskort.authorizer.domain.Programme;

/** {@code policy check}: is this file a policy, and would it fit beside the rest? */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Reads one programme's file; names every mistake with file, line and mend. With --in it must also fit that "
          + "configuration folder, in the place of the file that describes the same programme now.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:sound", "64:the command line is wrong", "78:mistakes, named on standard error"},
    footerHeading = "%nExample:%n",
    footer = "  ./run policy check my-botkyrka.yaml --in config/demo")
final class PolicyCheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "a programme's file, for example config/demo/programmes/botkyrka.yaml")
  private Path file = Path.of("");

  @Option(names = "--in", paramLabel = "DIR", description = "a configuration folder into which it must fit")
  private @Nullable Path folder;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try {
      PolicyFile policy = PolicyFile.read(file);
      Path fits = folder;
      if (fits != null) {
        ConfigurationFolder.read(fits, 0, file);
      }
      Programme programme = policy.programme();
      PrintWriter out = spec.commandLine().getOut();
      out.println(file + " is sound: programme " + programme.name() + " (id " + programme.id() + "), "
          + programme.categories().size() + " categories, " + programme.merchantRules().size()
          + " merchants of their own" + (fits == null ? "" : "; it fits " + fits));
      out.flush();
      return ExitCode.OK;
    } catch (ConfigurationException mistakes) {
      spec.commandLine().getErr().println(mistakes.getMessage());
      spec.commandLine().getErr().flush();
      return ExitCode.CONFIGURATION;
    }
  }
}
