package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;

/** One command to a running authorizer, over its admin port. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and on disk",
      "64:the command line is wrong, or says what cannot be",
      "65:the authorizer refused it, and says why",
      "66:there is no such card, approval, earmark or record, or no data folder with a key",
      "69:no authorizer answers",
      "78:the configuration has mistakes, or the key is not this authorizer's"
    })
abstract class PortTask implements Callable<Integer> {
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Mixin private AdminPortOption port = new AdminPortOption();

  @Option(names = "--json", description = "one JSON object instead of a table; amounts in minor units")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Asks, and shows the answer with {@link #show}. */
  abstract void run(AdminClient client, ConfigurationFolder.Loaded loaded) throws IOException, StartFailure;

  @Override
  public final Integer call() {
    try {
      ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(place.config(), 0);
      try (AdminClient client = port.client(place, loaded.settings())) {
        run(client, loaded);
      }
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    } catch (ConfigurationException mistakes) {
      return fail(ExitCode.CONFIGURATION, mistakes.getMessage());
    } catch (StartFailure failure) {
      return fail(failure.exitCode(), failure.getMessage());
    } catch (IOException unreadable) {
      return fail(ExitCode.IO_ERROR, "the card's number cannot be read: " + unreadable.getMessage());
    }
  }

  /** Prints the answer as JSON where that was asked for, else by {@code table}. */
  final void show(Map<?, ?> answer, Consumer<PrintWriter> table) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonObject.of(answer));
    } else {
      table.accept(out);
    }
  }

  final boolean isDemo() {
    return place.isDemo();
  }

  private int fail(int code, @Nullable String message) {
    spec.commandLine().getErr().println(message);
    spec.commandLine().getErr().flush();
    return code;
  }
}
