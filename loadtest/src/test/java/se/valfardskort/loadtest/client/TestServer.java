package se.valfardskort.loadtest.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The real authorizer in a process of its own, on the test's class path, with a data folder and free ports of its own.
 */
public final class TestServer implements AutoCloseable {
  private static final int FEW_CARDS = 200;

  private static final int PORT_OF_1993 = 8593;

  private final Process process;
  private final int portOffset;
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final List<String> lines = new ArrayList<>();

  private TestServer(Process process, int portOffset) {
    this.process = process;
    this.portOffset = portOffset;
  }

  /** Starts the demo programme with 200 ordinary cards and waits until it answers. */
  public static TestServer start(Path config, Path data, int portOffset) throws Exception {
    return start(config, data, portOffset, FEW_CARDS);
  }

  /** Starts the demo programme with so many ordinary cards and waits until it answers. */
  public static TestServer start(Path config, Path data, int portOffset, int cards) throws Exception {
    Path home = TestIssuer.home();
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + home.resolve("config").resolve("jvm.options"), "-XX:+UseSerialGC", "-Xmx256m",
        "-Dvalfardskort.home=" + home, "-cp", System.getProperty("java.class.path"),
        "se.valfardskort.authorizer.app.Main", "start", "--demo", "--cards", Integer.toString(cards),
        "--config", config.toString(), "--data", data.toString(), "--port-offset", Integer.toString(portOffset)));
    TestServer server = new TestServer(new ProcessBuilder(command).redirectErrorStream(true).start(), portOffset);
    Thread.ofPlatform().daemon().name("test-server-output").start(server::read);
    try {
      server.ready.get(120, TimeUnit.SECONDS);
      return server;
    } catch (Exception e) {
      server.close();
      throw e;
    }
  }

  /** An offset with which all demo ports are free. */
  public static int freePortOffset() {
    Random random = new Random();
    for (int i = 0; i < 1000; i++) {
      int offset = 1000 + random.nextInt(20_000);
      try (ServerSocket binary = new ServerSocket(Endpoint.BINARY_PORT + offset, 1, InetAddress.getLoopbackAddress());
          ServerSocket ascii = new ServerSocket(Endpoint.ASCII_PORT + offset, 1, InetAddress.getLoopbackAddress());
          ServerSocket later = new ServerSocket(PORT_OF_1993 + offset, 1, InetAddress.getLoopbackAddress())) {
        if (binary.isBound() && ascii.isBound() && later.isBound()) {
          return offset;
        }
      } catch (IOException expected) {
        // Taken: the next offset.
      }
    }
    throw new IllegalStateException("no offset with which all demo ports are free");
  }

  /** The link of a dialect, {@code binary} or {@code ascii}. */
  public Endpoint endpoint(String dialect) {
    int port = (dialect.equals("ascii") ? Endpoint.ASCII_PORT : Endpoint.BINARY_PORT) + portOffset;
    return Endpoint.of(TestIssuer.home(), "127.0.0.1", port, dialect, "");
  }

  /** SIGTERM; gives the exit code. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server did not end:\n" + output());
    }
    return process.exitValue();
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** What the server has written. */
  public String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  @Override
  public void close() {
    kill();
  }

  private void read() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
        if (line.startsWith("ready ")) {
          ready.complete(line);
        }
      }
      ready.completeExceptionally(new IOException("the server ended before it was ready:\n" + output()));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }
}
