package se.valfardskort.authorizer.storage;

import java.io.IOException;

/** A snapshot file that is not whole, or not what was written: it is not used. The message says where and what. */
public final class SnapshotDamagedException extends IOException {
  private static final long serialVersionUID = 1;

  SnapshotDamagedException(String message) {
    super(message);
  }

  SnapshotDamagedException(String message, Throwable cause) {
    super(message, cause);
  }
}
