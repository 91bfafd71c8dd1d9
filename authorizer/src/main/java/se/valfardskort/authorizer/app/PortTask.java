package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import se.valfardskort.authorizer.admin.AdminKey;
import se.valfardskort.authorizer.admin.AdminKeyException;
import se.valfardskort.authorizer.admin.JsonObject;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;

/** One command to a running authorizer, over its admin port. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and on disk",
      "64:the command line is wrong, or says what cannot be",
      "65:the authorizer refused it, and says why",
      "66:there is no such card, approval or record, or no data folder with a key",
      "69:no authorizer answers",
      "78:the configuration has mistakes, or the key is not this authorizer's"
    })
abstract class PortTask implements Callable<Integer> {
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(names = "--port", paramLabel = "N", description = "the admin port (default: as authorizer.yaml says)")
  private @Nullable Integer port;

  @Option(names = "--json", description = "one JSON object instead of a table; amounts in minor units")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Asks, and shows the answer with {@link #show}. */
  abstract void run(AdminClient client, ConfigurationFolder.Loaded loaded) throws IOException, StartFailure;

  @Override
  public final Integer call() {
    try {
      ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(place.config(), 0);
      AdminClient client = new AdminClient(portOf(loaded.settings()), key());
      run(client, loaded);
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

  private int portOf(AuthorizerSettings settings) throws StartFailure {
    int written = port == null ? settings.adminPort() : port;
    if (written == AuthorizerSettings.NO_ADMIN_PORT || written == 0) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          place.config().resolve("authorizer.yaml") + " names no admin port; write one under 'admin', or give --port");
    }
    return written;
  }

  private AdminKey key() throws StartFailure {
    try {
      return AdminKey.read(place.data());
    } catch (NoSuchFileException none) {
      throw new StartFailure(
          ExitCode.NO_INPUT,
          "there is no " + AdminKey.FILE + " in " + place.data() + "; name the data folder of the running authorizer"
              + " with --data" + (place.isDemo() ? "" : ", or the demonstration's with --demo"),
          none);
    } catch (AdminKeyException unsafe) {
      throw new StartFailure(ExitCode.CONFIGURATION, AuthorizerApp.messageOf(unsafe), unsafe);
    } catch (IOException unreadable) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          place.data().resolve(AdminKey.FILE) + " cannot be read (" + unreadable.getMessage()
              + "); run this as the user that runs the authorizer",
          unreadable);
    }
  }

  private int fail(int code, @Nullable String message) {
    spec.commandLine().getErr().println(message);
    spec.commandLine().getErr().flush();
    return code;
  }
}
