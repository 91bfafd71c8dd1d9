package se.valfardskort.independent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import se.valfardskort.independent.WireMessage.Layout;

/** The authorizer as a process of its own, started as an operator would start it. */
public final class ServerProcess implements AutoCloseable {
  private static final int BINARY_PORT = 8583;
  private static final int ASCII_PORT = 8584;
  private static final int PORT_OF_1993 = 8593;
  private static final int ADMIN_PORT = 8580;
  private static final int STOP_TIMEOUT_S = 30;

  private static final long REAL_TIME = -1;

  private final Path data;
  private final int cards;
  private final int offset;

  /** In ms since 1970, for a server that is told the time. */
  private long timeMs;

  private Process process;
  private BufferedReader output;
  private String readyLine;

  private ServerProcess(Path data, int cards, long timeMs) throws IOException {
    this.data = data;
    this.cards = cards;
    this.timeMs = timeMs;
    offset = freeOffset();
    process = launch();
    output = output();
    readyLine = awaitReady();
  }

  public static ServerProcess start(Path data, int cards) throws IOException {
    return new ServerProcess(data, cards, REAL_TIME);
  }

  /**
   * A server for which time stands still until {@link #tellTime}, with a configuration of its own ({@link
   * ConfigurationCopy}). Its answers wait for the operating system only: what kill -9 leaves is complete all the same.
   */
  public static ServerProcess startClocked(Path folder, int cards, long timeMs) throws IOException {
    ConfigurationCopy.into(folder.resolve("config"));
    return new ServerProcess(folder.resolve("data"), cards, timeMs);
  }

  /** What the server takes for the time. */
  public long timeMs() {
    return timeMs;
  }

  /** Returns when all that is due by then is done; nothing may be under way. */
  public void tellTime(long laterMs) throws IOException {
    timeMs = laterMs;
    String line = Long.toString(laterMs);
    Writer input = process.outputWriter(StandardCharsets.UTF_8);
    input.write(line + "\n");
    input.flush();
    String told = output.readLine();
    if (!line.equals(told)) {
      throw new AssertionError("told the time " + line + ", the server said " + told);
    }
  }

  String readyLine() {
    return readyLine;
  }

  public WireLink link(Layout layout) throws IOException {
    int port = switch (layout) {
      case BINARY -> BINARY_PORT;
      case ASCII -> ASCII_PORT;
      case BINARY_1993 -> PORT_OF_1993;
    };
    return new WireLink(layout, port + offset);
  }

  /** kill -9, then the same command again on the same data. */
  void crashAndRestart() throws IOException, InterruptedException {
    kill();
    restart();
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  public void restart() throws IOException {
    process = launch();
    output = output();
    readyLine = awaitReady();
  }

  /** SIGTERM; returns the exit code. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
      throw new AssertionError("still running " + STOP_TIMEOUT_S + " s after SIGTERM");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private Process launch() throws IOException {
    Path root = Path.of(System.getProperty("project.root"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + root.resolve("config/jvm.options"),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-Dvalfardskort.home=" + root,
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(timeMs == REAL_TIME ? asAnOperatorWould() : toldTheTime());
    return new ProcessBuilder(command).directory(root.toFile()).redirectError(errorLog().toFile()).start();
  }

  private List<String> asAnOperatorWould() {
    return List.of(
        "se.valfardskort.authorizer.app.Main",
        "start",
        "--demo",
        "--cards",
        Integer.toString(cards),
        "--durability",
        "fsync",
        "--data",
        data.toString(),
        "--port-offset",
        Integer.toString(offset));
  }

  private List<String> toldTheTime() {
    return List.of(
        "se.valfardskort.authorizer.app.ClockedServer",
        data.resolveSibling("config").resolve("demo").toString(),
        data.toString(),
        Integer.toString(cards),
        Integer.toString(offset),
        Long.toString(timeMs));
  }

  private BufferedReader output() {
    return process.inputReader(StandardCharsets.UTF_8);
  }

  private Path errorLog() {
    return data.resolveSibling(data.getFileName() + ".stderr");
  }

  private String awaitReady() throws IOException {
    String line = output.readLine();
    if (line == null || !line.startsWith("ready ")) {
      throw new AssertionError("no ready line but " + line + "; stderr: " + Files.readString(errorLog()));
    }
    return line;
  }

  /**
   * An offset at which all demo ports are free, at least a moment ago: below those that outgoing connections get, or a
   * client that asks for a server which is down could take its port.
   */
  public static int freeOffset() {
    Random random = new Random();
    for (int attempt = 0; attempt < 100; attempt++) {
      int offset = 1_000 + random.nextInt(20_000);
      if (isFree(BINARY_PORT + offset)
          && isFree(ASCII_PORT + offset)
          && isFree(PORT_OF_1993 + offset)
          && isFree(ADMIN_PORT + offset)) {
        return offset;
      }
    }
    throw new AssertionError("no four free ports at the demo's distances in 100 attempts");
  }

  private static boolean isFree(int port) {
    if (port > 65_535) {
      return false;
    }
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
