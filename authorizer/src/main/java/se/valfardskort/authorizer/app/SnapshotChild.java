package se.valfardskort.authorizer.app;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The follower beside an authorizer: the same program, as a process of its own at the lowest priority that the machine
 * can give to processor and disk. One thread runs it, again and again; any other may {@link #stop} it.
 */
public final class SnapshotChild {
  private static final long PATIENCE_S = 5;

  private final List<String> command;
  private final ReentrantLock monitor = new ReentrantLock();
  private boolean stopping;
  private @Nullable Process child;

  /**
   * How a process ended.
   *
   * @param code its exit code
   * @param last line that it said
   */
  public record Ended(int code, String last) {}

  /** Starts nothing yet. */
  public SnapshotChild(List<String> command) {
    this.command = List.copyOf(command);
  }

  /**
   * Starts the process and waits until it ends.
   *
   * @return null when it was time to end before it had begun
   * @throws IOException when it could not be started or listened to
   */
  public @Nullable Ended run() throws IOException, InterruptedException {
    Process process = begin();
    if (process == null) {
      return null;
    }
    String last = "it said nothing";
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
      return new Ended(process.waitFor(), last);
    } finally {
      process.toHandle().destroy();
    }
  }

  private @Nullable Process begin() throws IOException {
    monitor.lock();
    try {
      if (stopping) {
        return null;
      }
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      child = process;
      process.getOutputStream().close();
      return process;
    } finally {
      monitor.unlock();
    }
  }

  /** Whether {@link #stop} was called. */
  public boolean isStopping() {
    monitor.lock();
    try {
      return stopping;
    } finally {
      monitor.unlock();
    }
  }

  /**
   * Ends the process that is at work and waits for it, but not for ever; no other is begun.
   *
   * @return the number of the process if it has not ended although it was killed; null: none is left
   */
  public @Nullable Long stop() throws InterruptedException {
    Process running;
    monitor.lock();
    try {
      stopping = true;
      running = child;
    } finally {
      monitor.unlock();
    }
    if (running == null) {
      return null;
    }
    // By its handle: this leaves the reader its end of the pipe, so that it meets an end and not a failure.
    running.toHandle().destroy();
    boolean ended = running.waitFor(PATIENCE_S, TimeUnit.SECONDS)
        || running.destroyForcibly().waitFor(PATIENCE_S, TimeUnit.SECONDS);
    return ended ? null : running.pid();
  }

  /**
   * The command line.
   *
   * @param config the authorizer's configuration folder
   * @param data its data folder
   * @param beside number of its process, with which the follower ends
   */
  public static List<String> command(Path config, Path data, long beside) {
    Path home = Path.of(System.getProperty("project.root", ".")).toAbsolutePath();
    List<String> command = new ArrayList<>();
    addIfThere(command, "nice", "-n", "19");
    addIfThere(command, "ionice", "-c", "3");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home.resolve("config").resolve("jvm.options"));
    command.add("@" + home.resolve("config").resolve("follower-jvm.options"));
    command.add("-Dvalfardskort.home=" + home);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.add("snapshot");
    command.add("--beside");
    command.add(Long.toString(beside));
    command.add("--config");
    command.add(config.toAbsolutePath().toString());
    command.add("--data");
    command.add(data.toAbsolutePath().toString());
    return command;
  }

  private static void addIfThere(List<String> command, String program, String... arguments) {
    if (find(program) != null) {
      command.add(program);
      command.addAll(List.of(arguments));
    }
  }

  private static @Nullable Path find(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, program);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
