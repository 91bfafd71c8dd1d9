package se.valfardskort.authorizer.pipeline;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One folder of files; a port, so that tests can make a disk fail, tear, fill up or hang.
 *
 * <p>Any thread. Names are plain file names. Messages of exceptions name the file.
 */
public interface Disk {
  /** Creates a file that must not exist yet, and opens it. */
  DiskFile create(String name) throws IOException;

  /** Opens an existing file. */
  DiskFile open(String name) throws IOException;

  /** Names of all files, sorted. */
  List<String> list() throws IOException;

  /** Renames atomically, replacing what was there, and makes the new name durable (fsync of the directory). */
  void rename(String from, String to) throws IOException;

  /**
   * Makes all names durable as they are seen now. A rename that failed, or was cut short, may have left one that the
   * cache alone has.
   */
  void forceNames() throws IOException;

  /** Deletes the file if it is there. */
  void delete(String name) throws IOException;

  /**
   * Keeps every other process and every other holder in this one out until the answer is closed.
   *
   * @throws IOException at once when somebody else holds it, naming that process
   */
  Closeable lock(String name) throws IOException;

  /** For messages: where the file is. */
  String describe(String name);
}
