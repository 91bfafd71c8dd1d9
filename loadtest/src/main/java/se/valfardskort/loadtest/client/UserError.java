package se.valfardskort.loadtest.client;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a person can mend: the message says what is wrong, where, and what to do. Carries the exit code of
 * the process, in the manner of sysexits.h.
 */
public final class UserError extends RuntimeException {
  /** An answer, a purse or a figure was not what it should be. */
  public static final int MISMATCH = 1;
  /** The command line cannot be used. */
  public static final int USAGE = 64;
  /** An input file has wrong content. */
  public static final int BAD_DATA = 65;
  /** An input file cannot be read. */
  public static final int NO_INPUT = 66;
  /** Nobody answers where the server should be. */
  public static final int UNAVAILABLE = 69;
  /** A fault of this program. */
  public static final int SOFTWARE = 70;
  /** A file cannot be written. */
  public static final int IO_ERROR = 74;
  /** No answer in time; trying again may help. */
  public static final int NO_ANSWER = 75;

  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String message;

  public UserError(int exitCode, String message) {
    this(exitCode, message, null);
  }

  public UserError(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }

  /** The exit code that the process ends with. */
  public int exitCode() {
    return exitCode;
  }
}
