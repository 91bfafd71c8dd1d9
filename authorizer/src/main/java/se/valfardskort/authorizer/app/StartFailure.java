package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Path;

/** The authorizer cannot start or go on; the message says what, where and how to mend it. */
final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  StartFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  StartFailure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The data folder could not be read or written, for a reason that is neither its permissions nor its content. */
  static StartFailure ofDisk(Path data, IOException failed) {
    return new StartFailure(
        ExitCode.IO_ERROR,
        "the data folder " + data + " could not be read or written during the start: " + AuthorizerApp.messageOf(failed)
            + "; mend the disk, then start again",
        failed);
  }

  /** One of {@link ExitCode}. */
  int exitCode() {
    return exitCode;
  }
}
