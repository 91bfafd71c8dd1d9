package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.domain.LoadRules;
import se.valfardskort.authorizer.domain.LoadStatement;

/** {@code load}: the monthly load of a programme. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = "The monthly load of a programme's cards.",
    footer = {
      "",
      "Examples",
      "  ./run load preview list.csv                           what it would come to; changes nothing",
      "  ./run load run list.csv --programme botkyrka --period 2612",
      "  ./run load status --programme botkyrka                the run that is open, or the last one",
      "  ./run load close --programme botkyrka                 gives up a run that was left half-way"
    },
    subcommands = {
      LoadCommand.Preview.class,
      LoadRunCommand.class,
      LoadStatusCommand.class,
      LoadCloseCommand.class
    })
final class LoadCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: preview FILE, run FILE, status or close");
  }

  /** {@code load preview}: works a list out and changes nothing. */
  @Command(
      name = "preview",
      mixinStandardHelpOptions = true,
      description = {
        "Works out what a list of cards would be loaded with, by the programme's figures, and changes nothing. The list"
            + " is a CSV file; config/demo/loads/example.csv is one. Amounts are kronor.",
        ""
      },
      footer = {
        "",
        "Examples",
        "  ./run load preview config/demo/loads/example.csv --demo                the sums",
        "  ./run load preview config/demo/loads/example.csv --demo --statements   each card's components, too"
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
          "0:worked out", "64:the command line is wrong, or names a programme without figures",
          "65:the list has mistakes, each named on standard error with its line", "66:there is no such list",
          "74:the list cannot be read", "78:the configuration has mistakes"})
  static final class Preview implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the list")
    private Path list = Path.of("");

    @Option(names = "--programme", paramLabel = "KEY", description = "whose figures; where one has figures: that one")
    private @Nullable String programme;

    @Option(names = "--statements", description = "show each card's components, too")
    private boolean statements;

    @Option(names = "--json", description = "one JSON object; amounts in minor units")
    private boolean json;

    @Mixin private PlaceOptions place = new PlaceOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      try {
        Map<String, LoadRules> figures = ConfigurationFolder.read(place.config(), 0).loads();
        String name = programme == null && figures.size() == 1 ? figures.keySet().iterator().next() : programme;
        LoadRules rules = name == null ? null : figures.get(name);
        if (name == null || rules == null) {
          String what = name == null ? "say whose load it is" : "programme '" + name + "' has no figures";
          return fail(ExitCode.USAGE,
              what + "; give --programme, one of " + figures.keySet() + " of " + place.config().resolve("loads"));
        }
        LoadList read = LoadList.read(list, rules);
        if (!read.mistakes().isEmpty()) {
          return fail(ExitCode.DATA_ERROR, String.join(System.lineSeparator(), read.mistakes()));
        }
        print(name, read.entries());
        return ExitCode.OK;
      } catch (ConfigurationException mistakes) {
        return fail(ExitCode.CONFIGURATION, mistakes.getMessage());
      } catch (NoSuchFileException absent) {
        return fail(ExitCode.NO_INPUT, "there is no list " + list + "; name a CSV file");
      } catch (IOException unreadable) {
        return fail(ExitCode.IO_ERROR, list + " cannot be read: " + unreadable);
      }
    }

    private int fail(int code, @Nullable String message) {
      spec.commandLine().getErr().println(message);
      spec.commandLine().getErr().flush();
      return code;
    }

    private void print(String name, List<LoadList.Entry> entries) {
      PrintWriter out = spec.commandLine().getOut();
      LoadTotals totals = LoadTotals.of(entries);
      if (json) {
        out.println(JsonObject.of(fields(name, entries, totals)));
      } else {
        if (statements) {
          entries.forEach(entry -> printStatement(out, entry));
        }
        totals.print(out, name);
      }
      out.flush();
    }

    private static void printStatement(PrintWriter out, LoadList.Entry entry) {
      LoadStatement statement = entry.statement();
      out.println("card " + entry.shown());
      statement.components().forEach(each -> LoadTotals.line(out, LoadTotals.words(each), each.amountMinor()));
      LoadTotals.line(out, "load", statement.totalMinor());
      LoadTotals.line(out, "  kronor", statement.cashMinor());
      LoadTotals.line(out, "  Hjartan", statement.hjartanMinor());
      out.println();
    }

    private static Map<String, Object> fields(String name, List<LoadList.Entry> entries, LoadTotals totals) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("programme", name);
      all.putAll(totals.fields());
      List<Object> statements = new ArrayList<>();
      for (LoadList.Entry entry : entries) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("card", entry.shown());
        one.put("cashMinor", entry.statement().cashMinor());
        one.put("hjartanMinor", entry.statement().hjartanMinor());
        Map<String, Object> components = new LinkedHashMap<>();
        entry.statement().components().forEach(each -> components.put(LoadTotals.words(each), each.amountMinor()));
        one.put("componentsMinor", components);
        statements.add(one);
      }
      all.put("statements", statements);
      return all;
    }
  }
}
