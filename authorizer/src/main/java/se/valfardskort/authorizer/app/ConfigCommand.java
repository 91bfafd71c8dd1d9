package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.app.config.NamedLink;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.Programme;

/** {@code config}: what can be done with a configuration without starting. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Reads configuration without starting anything.",
    subcommands = ConfigCommand.Check.class)
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: config check DIR");
  }

  /** {@code config check}: names every mistake, or sums up what the folder says. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Reads a configuration folder; names every mistake with file and line, or sums it up.",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:sound", "78:mistakes, named on standard error"})
  static final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "the folder, for example config/demo")
    private Path folder = Path.of(".");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      try {
        ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(folder, 0);
        print(out, loaded);
        for (Path shadow : ShadowPolicies.files(folder)) {
          ConfigurationFolder.read(folder, 0, shadow);
          out.println("shadow     " + shadow + " fits");
        }
        out.flush();
        return ExitCode.OK;
      } catch (ConfigurationException mistakes) {
        spec.commandLine().getErr().println(mistakes.getMessage());
        return ExitCode.CONFIGURATION;
      }
    }

    private void print(PrintWriter out, ConfigurationFolder.Loaded loaded) {
      out.println(folder + " is sound");
      for (Programme programme : loaded.configuration().programmes()) {
        out.println("programme  " + programme.name() + " (id " + programme.id() + "): "
            + programme.categories().size() + " categories, " + count(programme, CategoryGroup.ALLOWED) + " allowed, "
            + count(programme, CategoryGroup.AFTER_APPROVAL) + " after approval, "
            + (count(programme, CategoryGroup.BLOCKED) + count(programme, CategoryGroup.CASH)) + " blocked; "
            + programme.merchantRules().size() + " merchants of their own");
      }
      out.println("providers  " + loaded.configuration().providers().size() + " in "
          + loaded.configuration().bazNames().size() + " BAZ");
      for (NamedLink link : loaded.links()) {
        out.println("link       " + link.name() + " of partner " + link.settings().partnerName() + ": "
            + link.settings().address() + ":" + link.settings().port() + ", " + link.settings().framing());
      }
      CardPlan cards = loaded.cards();
      if (cards != null) {
        out.println("cards      " + cards.ordinaryCount() + " ordinary, " + cards.special().size()
            + " special, BIN " + cards.bin());
      }
      String durability = loaded.settings().durability().name().toLowerCase(Locale.ROOT);
      out.println("journal    " + durability + ", key of the panTokens: " + loaded.settings().panTokenKey());
      out.println("SHA-256    "
          + HexFormat.of().formatHex(new ConfigurationSender(loaded.configuration()).sha256()));
    }

    private static long count(Programme programme, CategoryGroup group) {
      return programme.categories().stream().filter(category -> category.group() == group).count();
    }
  }
}
