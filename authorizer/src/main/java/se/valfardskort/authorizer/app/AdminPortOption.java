package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import se.valfardskort.authorizer.admin.AdminKey;
import se.valfardskort.authorizer.admin.AdminKeyException;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;

/** Which admin port a command asks, and the key with which it does. */
final class AdminPortOption {
  @Option(names = "--port", paramLabel = "N", description = "the admin port (default: as authorizer.yaml says)")
  private @Nullable Integer port;

  /** @throws StartFailure when there is no port to ask, or no key for it */
  AdminClient client(PlaceOptions place, AuthorizerSettings settings) throws StartFailure {
    return new AdminClient(portOf(place, settings), key(place));
  }

  private int portOf(PlaceOptions place, AuthorizerSettings settings) throws StartFailure {
    int written = port == null ? settings.adminPort() : port;
    if (written == AuthorizerSettings.NO_ADMIN_PORT || written == 0) {
      throw new StartFailure(
          ExitCode.CONFIGURATION,
          place.config().resolve("authorizer.yaml") + " names no admin port; write one under 'admin', or give --port");
    }
    return written;
  }

  private static AdminKey key(PlaceOptions place) throws StartFailure {
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
}
