package se.valfardskort.authorizer.reliability;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Mounts that nobody else sees: a shell in a user and mount namespace of its own, which other processes can enter. All
 * of it is gone when the shell has ended. One thread.
 */
final class MountSpace implements AutoCloseable {
  private static final String DONE = "done with exit code ";

  private final Process shell;
  private final Writer input;
  private final BufferedReader output;

  private MountSpace(Process shell) {
    this.shell = shell;
    input = shell.outputWriter(StandardCharsets.UTF_8);
    output = shell.inputReader(StandardCharsets.UTF_8);
  }

  /** Empty where this machine has no such namespaces, or does not let us. */
  static Optional<MountSpace> open() throws IOException {
    Process shell;
    try {
      shell = new ProcessBuilder("unshare", "--map-root-user", "--mount", "sh").redirectErrorStream(true).start();
    } catch (IOException noUnshare) {
      return Optional.empty();
    }
    MountSpace space = new MountSpace(shell);
    try {
      space.run("mount --make-rprivate /");
      return Optional.of(space);
    } catch (IOException notAllowed) {
      space.close();
      return Optional.empty();
    }
  }

  /** Words before a command that is to run in here. */
  List<String> entering() {
    return List.of(
        "nsenter", "--target", Long.toString(shell.pid()), "--user", "--preserve-credentials", "--mount", "--");
  }

  /**
   * Runs a line of the shell.
   *
   * @throws IOException with what it said, where it fails
   */
  void run(String line) throws IOException {
    input.write(line + "\necho \"" + DONE + "$?\"\n");
    input.flush();
    StringBuilder said = new StringBuilder();
    for (String next = output.readLine(); next != null; next = output.readLine()) {
      if (next.startsWith(DONE)) {
        if (!next.equals(DONE + "0")) {
          throw new IOException(line + ": " + said + next);
        }
        return;
      }
      said.append(next).append("; ");
    }
    throw new IOException(line + ": the shell has ended; " + said);
  }

  /** A folder as seen from outside. */
  Path seenFromOutside(Path folder) {
    return Path.of("/proc", Long.toString(shell.pid()), "root").resolve(folder.toString().substring(1));
  }

  @Override
  public void close() {
    shell.destroyForcibly().onExit().join();
  }
}
