package se.valfardskort.authorizer.storage;

import java.io.IOException;

/** The journal is damaged in a way that is not a torn tail: the message says where, what, and how to mend it. */
public final class JournalDamagedException extends IOException {
  private static final long serialVersionUID = 1;

  JournalDamagedException(String message) {
    super(message);
  }
}
