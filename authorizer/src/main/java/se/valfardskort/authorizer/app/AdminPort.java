package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.admin.AdminKey;
import se.valfardskort.authorizer.admin.AdminKeyException;
import se.valfardskort.authorizer.admin.AdminServer;
import se.valfardskort.authorizer.admin.CountryWords;
import se.valfardskort.authorizer.admin.Evidence;
import se.valfardskort.authorizer.app.config.AuthorizerSettings;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.gateway.Countries;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.Pipeline;

/** The admin command port of an instance, where it has one. */
final class AdminPort implements AutoCloseable {
  private final @Nullable AdminServer server;

  private AdminPort(@Nullable AdminServer server) {
    this.server = server;
  }

  /**
   * Opens it, with the key of the data folder, which is made where it is missing.
   *
   * @param port {@link AuthorizerSettings#NO_ADMIN_PORT}: there is to be none
   */
  static AdminPort open(int port, Path data, Pipeline stages, Clock clock, Evidence evidence, PrintStream log)
      throws StartFailure {
    if (port == AuthorizerSettings.NO_ADMIN_PORT) {
      return new AdminPort(null);
    }
    AdminKey key = key(data);
    try {
      return new AdminPort(
          AdminServer.start(port, key, stages.ring(), clock, stages::haltCause, countries(), evidence, log));
    } catch (IOException taken) {
      throw new StartFailure(
          ExitCode.UNAVAILABLE,
          "the admin port 127.0.0.1:" + port + " cannot be opened (" + taken.getMessage() + "); stop what uses it,"
              + " choose another under 'admin' in authorizer.yaml, or shift all with --port-offset",
          taken);
    }
  }

  private static AdminKey key(Path data) throws StartFailure {
    try {
      return AdminKey.open(data);
    } catch (AdminKeyException unsafe) {
      throw new StartFailure(ExitCode.CONFIGURATION, AuthorizerApp.messageOf(unsafe), unsafe);
    } catch (IOException failed) {
      throw StartFailure.ofDisk(data, failed);
    }
  }

  /** Two capital letters, or {@code any}. */
  static CountryWords countries() {
    return new CountryWords() {
      @Override
      public int number(String letters) {
        if (letters.equals("any")) {
          return ApprovalTerms.ANY_COUNTRY;
        }
        return letters.length() == 2 ? Countries.ofAlpha2(letters.charAt(0), letters.charAt(1)) : Countries.NONE;
      }

      @Override
      public String letters(int number) {
        return number == ApprovalTerms.ANY_COUNTRY ? "any" : Countries.alpha2(number);
      }
    };
  }

  /** Its port; {@link AuthorizerSettings#NO_ADMIN_PORT}: there is none. */
  int port() {
    return server == null ? AuthorizerSettings.NO_ADMIN_PORT : server.port();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
