package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.domain.Programme;

/** One command about a programme's run of loads, given to a running authorizer over its admin port. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and on disk",
      "64:the command line is wrong, or says what cannot be",
      "65:the list has mistakes, or the authorizer refused the run or some of its cards, and says why",
      "66:there is no such list or programme, or no data folder with a key",
      "69:no authorizer answers, or no longer: the same command again goes on where it was",
      "73:the statements cannot be written",
      "74:the list cannot be read",
      "78:the configuration has mistakes, or the key is not this authorizer's"
    })
abstract class LoadTask implements Callable<Integer> {
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Mixin private AdminPortOption port = new AdminPortOption();

  @Option(
      names = "--programme",
      paramLabel = "KEY",
      description = "whose loads; where the configuration has one programme: that one")
  private @Nullable String programme;

  @Option(names = "--json", description = "one JSON object; amounts in minor units")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Does it; returns how the process ends. */
  abstract int run(ConfigurationFolder.Loaded loaded, Programme whose, AdminClient client)
      throws StartFailure, IOException;

  @Override
  public final Integer call() {
    try {
      ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(place.config(), 0);
      Programme whose = whose(loaded.configuration().programmes());
      try (AdminClient client = port.client(place, loaded.settings())) {
        return run(loaded, whose, client);
      }
    } catch (ConfigurationException mistakes) {
      return fail(ExitCode.CONFIGURATION, mistakes.getMessage());
    } catch (StartFailure failure) {
      return fail(failure.exitCode(), failure.getMessage());
    } catch (IOException failed) {
      return fail(ExitCode.IO_ERROR, AuthorizerApp.messageOf(failed));
    }
  }

  private Programme whose(List<Programme> programmes) throws StartFailure {
    List<Programme> found =
        programmes.stream().filter(each -> programme == null || each.name().equals(programme)).toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    String what = programme == null ? "say whose loads" : "there is no programme '" + programme + "'";
    throw new StartFailure(
        ExitCode.USAGE,
        what + "; give --programme, one of " + programmes.stream().map(Programme::name).toList());
  }

  final PlaceOptions place() {
    return place;
  }

  final boolean isJson() {
    return json;
  }

  final CommandSpec spec() {
    return spec;
  }

  final int fail(int code, @Nullable String message) {
    spec.commandLine().getErr().println(message);
    spec.commandLine().getErr().flush();
    return code;
  }

  /** The run of an answer of the port; empty: there was never one. */
  static Map<?, ?> runOf(Map<?, ?> answer) {
    return answer.get("run") instanceof Map<?, ?> run ? run : Map.of();
  }

  static long number(Map<?, ?> members, String name) {
    return members.get(name) instanceof Long number ? number : 0;
  }
}
