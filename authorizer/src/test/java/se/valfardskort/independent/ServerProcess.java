package se.valfardskort.independent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import se.valfardskort.independent.WireMessage.Layout;

/** The authorizer as a process of its own, started as an operator would start it. */
public final class ServerProcess implements AutoCloseable {
  private static final int BINARY_PORT = 8583;
  private static final int ASCII_PORT = 8584;
  private static final int PORT_OF_1993 = 8593;
  private static final int STOP_TIMEOUT_S = 30;

  private final Path data;
  private final int cards;
  private final int offset;
  private final String durability;
  private Process process;
  private String readyLine;

  private ServerProcess(Path data, int cards, int offset, String durability) throws IOException {
    this.data = data;
    this.cards = cards;
    this.offset = offset;
    this.durability = durability;
    process = launch();
    readyLine = awaitReady();
  }

  public static ServerProcess start(Path data, int cards) throws IOException {
    return new ServerProcess(data, cards, freeOffset(), "fsync");
  }

  /** A server whose answers wait for the operating system only: what kill -9 leaves is complete all the same. */
  public static ServerProcess startFast(Path data, int cards) throws IOException {
    return new ServerProcess(data, cards, freeOffset(), "os");
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
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            List.of(
                java.toString(),
                "@" + root.resolve("config/jvm.options"),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-Dvalfardskort.home=" + root,
                "-cp",
                System.getProperty("java.class.path"),
                "se.valfardskort.authorizer.app.Main",
                "start",
                "--demo",
                "--cards",
                Integer.toString(cards),
                "--durability",
                durability,
                "--data",
                data.toString(),
                "--port-offset",
                Integer.toString(offset)))
        .directory(root.toFile())
        .redirectError(errorLog().toFile())
        .start();
  }

  private Path errorLog() {
    return data.resolveSibling(data.getFileName() + ".stderr");
  }

  private String awaitReady() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    if (line == null || !line.startsWith("ready ")) {
      throw new AssertionError("no ready line but " + line + "; stderr: " + Files.readString(errorLog()));
    }
    return line;
  }

  /**
   * An offset at which all demo ports are free, at least a moment ago: below those that outgoing connections get, or a
   * client that asks for a server which is down could take its port.
   */
  private static int freeOffset() {
    Random random = new Random();
    for (int attempt = 0; attempt < 100; attempt++) {
      int offset = 1_000 + random.nextInt(20_000);
      if (isFree(BINARY_PORT + offset) && isFree(ASCII_PORT + offset) && isFree(PORT_OF_1993 + offset)) {
        return offset;
      }
    }
    throw new AssertionError("no three free ports at the demo's distances in 100 attempts");
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
