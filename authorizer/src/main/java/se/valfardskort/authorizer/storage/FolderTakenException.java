package se.valfardskort.authorizer.storage;

import java.io.IOException;

/** Somebody else holds the folder; the message says who, and how to go on. */
public final class FolderTakenException extends IOException {
  private static final long serialVersionUID = 1;

  FolderTakenException(String message) {
    super(message);
  }
}
