package se.valfardskort.loadtest.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import se.valfardskort.loadtest.client.UserError;

/**
 * The server as a child process, which never outlives this one: {@link #close} and the end of the process stop it.
 *
 * <p>A thread of its own reads the child's output to its end, so that the child never blocks on a full pipe.
 */
public final class ServerProcess implements AutoCloseable {
  private static final String READY = "ready ";
  private static final int KEPT_LINES = 30;
  private static final long STOP_SECONDS = 20;

  private final Process process;
  private final String command;
  private final Consumer<String> watcher;
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final Thread reader;
  private final Thread hook;

  private ServerProcess(Process process, String command, Consumer<String> watcher) {
    this.process = process;
    this.command = command;
    this.watcher = watcher;
    this.reader = Thread.ofPlatform().daemon().name("server-output").unstarted(this::read);
    this.hook = Thread.ofPlatform().name("stop-server").unstarted(this::stopQuietly);
  }

  /**
   * Starts {@code <home>/run start --demo ...}.
   *
   * @param watcher gets every line that the server writes
   * @throws UserError where the script cannot be run
   */
  public static ServerProcess start(Path home, Path data, int portOffset, int cards, Consumer<String> watcher) {
    List<String> words = new ArrayList<>(List.of(home.resolve("run").toString(), "start", "--demo",
        "--data", data.toString(), "--cards", Integer.toString(cards)));
    if (portOffset != 0) {
      words.addAll(List.of("--port-offset", Integer.toString(portOffset)));
    }
    return start(words, watcher);
  }

  static ServerProcess start(List<String> words, Consumer<String> watcher) {
    String command = String.join(" ", words);
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      ServerProcess server = new ServerProcess(process, command, watcher);
      Runtime.getRuntime().addShutdownHook(server.hook);
      server.reader.start();
      return server;
    } catch (IOException e) {
      throw new UserError(UserError.UNAVAILABLE, "the server cannot be started (" + e.getMessage() + "); the command"
          + " was: " + command, e);
    }
  }

  /**
   * Waits for the line that says that the server answers.
   *
   * @return what that line tells, by name, for example {@code iso87-binary=127.0.0.1:8583}
   * @throws UserError where the server ends, or takes too long; quotes its last lines
   */
  public Map<String, String> awaitReady(long seconds) {
    try {
      Map<String, String> told = new HashMap<>();
      for (String word : ready.get(seconds, TimeUnit.SECONDS).substring(READY.length()).split(" ", -1)) {
        int equals = word.indexOf('=');
        if (equals > 0) {
          told.put(word.substring(0, equals), word.substring(equals + 1));
        }
      }
      return told;
    } catch (ExecutionException e) {
      throw new UserError(UserError.UNAVAILABLE, "the server ended before it was ready, with exit code "
          + exitCode() + "; mend what its last lines say:\n" + lastLines(), e);
    } catch (TimeoutException e) {
      throw new UserError(UserError.UNAVAILABLE, "the server was not ready within " + seconds
          + " s; its last lines:\n" + lastLines(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError(UserError.SOFTWARE, "interrupted while the server was starting", e);
    }
  }

  /** Asks the server to end (SIGTERM), waits, and gives its exit code; kills it where it does not end. */
  public int stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        killAll();
        throw new UserError(UserError.MISMATCH, "the server did not end within " + STOP_SECONDS
            + " s of SIGTERM and was killed; its last lines:\n" + lastLines());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      killAll();
    }
    return exitCode();
  }

  /** Waits until the server ends by itself, and gives its exit code. */
  int awaitEnd() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return stop();
    }
  }

  /** Ends the server if it still runs, and leaves nothing behind. */
  @Override
  public void close() {
    stopQuietly();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ignored) {
      // The process is ending: the hook is running, and does the same.
    }
  }

  /** The last lines that the server wrote. */
  String lastLines() {
    synchronized (lastLines) {
      return String.join("\n", lastLines);
    }
  }

  /** What was run. */
  String command() {
    return command;
  }

  private int exitCode() {
    try {
      process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** Ends the server and whatever it started, without a word. */
  public void stopQuietly() {
    process.destroy();
    try {
      process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    killAll();
  }

  private void killAll() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (lastLines) {
          lastLines.addLast(line);
          if (lastLines.size() > KEPT_LINES) {
            lastLines.removeFirst();
          }
        }
        watcher.accept(line);
        if (line.startsWith(READY)) {
          ready.complete(line);
        }
      }
      ready.completeExceptionally(new IOException("the output ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }
}
