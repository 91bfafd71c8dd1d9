package se.valfardskort.authorizer.reliability;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Mounts that nobody else sees: a shell in a user and mount namespace of its own, which other processes can enter. All
 * of it is gone when the shell has ended. One thread.
 */
final class MountSpace implements AutoCloseable {
  private static final String DONE = "done with exit code ";
  private static final int PROBE_S = 60;

  private final Process shell;
  private final Writer input;
  private final BufferedReader output;

  private MountSpace(Process shell) {
    this.shell = shell;
    input = shell.outputWriter(StandardCharsets.UTF_8);
    output = shell.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * With a tmpfs at {@code mount}, and proved to be one that processes can enter. Empty where this machine has no such
   * namespaces, or does not let us.
   *
   * @param size of the tmpfs, as mount has it
   */
  static Optional<MountSpace> open(Path mount, String size) {
    Process shell;
    try {
      shell = new ProcessBuilder("unshare", "--map-root-user", "--mount", "sh").redirectErrorStream(true).start();
    } catch (IOException noUnshare) {
      return Optional.empty();
    }
    MountSpace space = new MountSpace(shell);
    try {
      space.run("mount --make-rprivate /");
      space.run("mount -t tmpfs -o size=" + size + " none " + mount);
      if (space.canBeEntered()) {
        return Optional.of(space);
      }
    } catch (IOException notAllowed) {
      // The same as one that cannot be entered.
    }
    space.close();
    return Optional.empty();
  }

  private boolean canBeEntered() throws IOException {
    List<String> command = new ArrayList<>(entering());
    command.add("true");
    Process probe =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return probe.waitFor(PROBE_S, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      probe.destroyForcibly();
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

  @Override
  public void close() {
    shell.destroyForcibly().onExit().join();
  }
}
