package se.valfardskort.authorizer.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.FolderDisk;

/**
 * The authorizer of {@code start --demo} within this process, on real files: what a start does, without the time that a
 * process of its own takes. One thread.
 */
public final class RecoveredApp implements AutoCloseable {
  /** The start was refused. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    /** As the process would end. */
    public final int exitCode;

    RefusedException(int exitCode, String message, Throwable cause) {
      super(message, cause);
      this.exitCode = exitCode;
    }
  }

  private final AuthorizerApp app;
  private final ByteArrayOutputStream log;

  private RecoveredApp(AuthorizerApp app, ByteArrayOutputStream log) {
    this.app = app;
    this.log = log;
  }

  /**
   * Starts on what lies in {@code data}.
   *
   * @throws RefusedException with the last line that the process would write
   */
  public static RecoveredApp open(Path config, Path data, int portOffset) throws RefusedException {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try {
      return new RecoveredApp(
          AuthorizerApp.start(
              new StartOptions(config, data, true, null, null, portOffset),
              new PrintStream(log, true, StandardCharsets.UTF_8),
              _ -> { },
              FolderDisk::new,
              new SystemClock()),
          log);
    } catch (StartFailure failure) {
      throw new RefusedException(failure.exitCode(), AuthorizerApp.messageOf(failure), failure);
    } catch (ConfigurationException mistakes) {
      throw new RefusedException(ExitCode.CONFIGURATION, AuthorizerApp.messageOf(mistakes), mistakes);
    }
  }

  /** All lines so far. */
  public String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    if (!app.stop().isEmpty()) {
      throw new IOException("the stop has problems; " + log());
    }
  }
}
