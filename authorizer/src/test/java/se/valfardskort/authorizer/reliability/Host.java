package se.valfardskort.authorizer.reliability;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage.Layout;

/**
 * The authorizer's process, started, killed and started again on the same data. Its methods belong to one thread, but
 * for {@link #link}, {@link #isAlive}, {@link #isClosing} and {@link #endsWithin}.
 */
final class Host implements AutoCloseable {
  private static final Map<Layout, Integer> PORTS =
      Map.of(Layout.BINARY, 8583, Layout.ASCII, 8584, Layout.BINARY_1993, 8593);
  private static final long PATIENCE_MS = 600_000;
  private static final Pattern ADMIN_PORT = Pattern.compile("admin=127\\.0\\.0\\.1:(\\d+)");

  private final Installation installation;
  /** Words before the command, such as those that enter a namespace. */
  private final List<String> prefix;
  private final Map<String, String> environment;
  private final Thread undertaker = new Thread(this::bury);
  private volatile @Nullable Process process;
  private volatile boolean closing;
  private CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private int starts;
  private volatile String readyLine = "";

  Host(Installation installation, List<String> prefix, Map<String, String> environment) {
    this.installation = installation;
    this.prefix = List.copyOf(prefix);
    this.environment = new HashMap<>(environment);
    Runtime.getRuntime().addShutdownHook(undertaker);
  }

  Host(Installation installation) {
    this(installation, List.of(), Map.of());
  }

  /** Starts the process and does not wait for anything. */
  void launch() throws IOException {
    starts++;
    List<String> command = new ArrayList<>(prefix);
    command.addAll(installation.startCommand());
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log().toFile());
    builder.environment().putAll(environment);
    Process started = builder.start();
    closing = false;
    process = started;
    CompletableFuture<Boolean> line = new CompletableFuture<>();
    ready = line;
    Thread.ofPlatform().daemon(true).name("ready-line").start(() -> awaitLine(started, line));
  }

  private void awaitLine(Process started, CompletableFuture<Boolean> line) {
    try (BufferedReader output = started.inputReader(StandardCharsets.UTF_8)) {
      String first = output.readLine();
      readyLine = first == null ? "" : first;
      line.complete(first != null && first.startsWith("ready "));
      while (output.readLine() != null) {
        // Nothing more is expected; a full pipe would stop the process.
      }
    } catch (IOException ended) {
      line.complete(false);
    }
  }

  /** Starts, and waits until requests are answered. */
  void start() throws IOException {
    launch();
    if (!becomesReady()) {
      throw new IOException("the server does not start: " + describeEnd());
    }
  }

  /** False when it ended before it was ready. */
  boolean becomesReady() throws IOException {
    try {
      return ready.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException stuck) {
      throw new IOException("no ready line within " + PATIENCE_MS + " ms", stuck);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  boolean isReady() {
    return ready.getNow(false);
  }

  /** Where the process that is ready takes commands. Any thread. */
  int adminPort() throws IOException {
    Matcher port = ADMIN_PORT.matcher(readyLine);
    if (!port.find()) {
      throw new IOException("no admin port in '" + readyLine + "'");
    }
    return Integer.parseInt(port.group(1));
  }

  boolean isAlive() {
    return process().isAlive();
  }

  /** Clients are to end: no more is going to be asked. */
  boolean isClosing() {
    return closing;
  }

  void letClientsGo() {
    closing = true;
  }

  /** True when the process has ended within that time. Any thread. */
  boolean endsWithin(long ms) {
    try {
      return process().waitFor(ms, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** SIGKILL. */
  void kill() {
    process().destroyForcibly();
    process().onExit().join();
  }

  /** SIGTERM. */
  void terminate() {
    process().destroy();
  }

  /** Of a process that has ended. */
  int exitCode() {
    return process().exitValue();
  }

  /** The follower, while it is there. */
  List<ProcessHandle> children() {
    return process().descendants().filter(ProcessHandle::isAlive).toList();
  }

  /** The last line that the process wrote on standard error. */
  String lastLine() throws IOException {
    List<String> lines = lines();
    return lines.isEmpty() ? "" : lines.getLast();
  }

  /** What the present or last process wrote on standard error. */
  List<String> lines() throws IOException {
    return Files.readAllLines(log(), StandardCharsets.UTF_8).stream().filter(line -> !line.isBlank()).toList();
  }

  String describeEnd() throws IOException {
    return (isAlive() ? "it runs" : "exit code " + exitCode()) + ", last line: " + lastLine();
  }

  WireLink link(Layout layout) throws IOException {
    return link(layout, installation);
  }

  /** A connection to whoever serves that installation. */
  static WireLink link(Layout layout, Installation installation) throws IOException {
    Integer port = PORTS.get(layout);
    if (port == null) {
      throw new IllegalArgumentException("no port for " + layout);
    }
    return new WireLink(layout, port + installation.portOffset());
  }

  private Path log() {
    return installation.root().resolve("start-" + starts + ".log");
  }

  private Process process() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("never started");
    }
    return running;
  }

  private void bury() {
    Process running = process;
    if (running != null) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(undertaker);
    bury();
    Process running = process;
    if (running != null) {
      running.onExit().join();
    }
  }
}
