package se.valfardskort.authorizer.admin;

/** The key file cannot be trusted; the message says why and how to mend it. */
public final class AdminKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  AdminKeyException(String message) {
    super(message);
  }
}
