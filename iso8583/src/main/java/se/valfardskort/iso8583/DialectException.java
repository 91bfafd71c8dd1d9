package se.valfardskort.iso8583;

/** A dialect file that cannot be used; the message names file, line, what is wrong and the mend. */
public final class DialectException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DialectException(String message) {
    super(message);
  }

  DialectException(String message, Throwable cause) {
    super(message, cause);
  }
}
