package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
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

/** One command about one card, given to a running authorizer over its admin port. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and on disk",
      "64:the command line is wrong, or says what cannot be",
      "65:the authorizer refused it, and says why",
      "66:there is no such card or approval, or no data folder with a key",
      "69:no authorizer answers",
      "78:the configuration has mistakes, or the key is not this authorizer's"
    })
abstract class AdminTask implements Callable<Integer> {
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Mixin private CardOption cardOption = new CardOption();

  @Option(names = "--port", paramLabel = "N", description = "the admin port (default: as authorizer.yaml says)")
  private @Nullable Integer port;

  @Option(names = "--json", description = "one JSON object instead of a table; amounts in minor units")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** @param path of the card at the port */
  abstract Map<?, ?> ask(AdminClient client, String path) throws StartFailure;

  /** Shows the answer to a person. */
  abstract void print(AdminTable table, Map<?, ?> answer);

  @Override
  public final Integer call() {
    try {
      ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(place.config(), 0);
      AdminClient client = new AdminClient(portOf(loaded.settings()), key());
      CardOption.Card card = cardOption.read(place.isDemo(), loaded);
      Map<?, ?> answer = ask(client, "/v1/cards/" + card.panToken());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        Map<Object, Object> all = new LinkedHashMap<>();
        all.put("pan", card.masked());
        all.putAll(answer);
        out.println(JsonObject.of(all));
      } else {
        print(new AdminTable(out, card.masked()), answer);
      }
      out.flush();
      return ExitCode.OK;
    } catch (ConfigurationException mistakes) {
      return fail(ExitCode.CONFIGURATION, mistakes.getMessage());
    } catch (StartFailure failure) {
      return fail(failure.exitCode(), failure.getMessage());
    } catch (IOException unreadable) {
      return fail(ExitCode.IO_ERROR, "the card's number cannot be read: " + unreadable.getMessage());
    }
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
