package se.valfardskort.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The authorizer as a child process on a data folder of its own, ended with SIGTERM. */
final class ServerUnderTest implements AutoCloseable {
  private static final Pattern BINARY_PORT = Pattern.compile("iso87-binary=[^ ]*:(\\d+)");

  private static final Pattern ADMIN_PORT = Pattern.compile("admin=[^ ]*:(\\d+)");

  private final Process process;
  private final String readyLine;

  private ServerUnderTest(Process process, String readyLine) {
    this.process = process;
    this.readyLine = readyLine;
  }

  /** @param more further words of its command line */
  static ServerUnderTest start(
      Path home, Path folder, int portOffset, int cards, String durability, Path gcLog, String... more)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                home.resolve("run").toString(),
                "start",
                "--demo",
                "--cards",
                Integer.toString(cards),
                "--data",
                folder.resolve("data").toString(),
                "--durability",
                durability,
                "--port-offset",
                Integer.toString(portOffset)));
    words.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("VALFARDSKORT_JVM_OPTS", "-Xlog:gc:file=" + gcLog);
    Process process = builder.start();
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    if (line == null || !line.startsWith("ready ")) {
      process.destroyForcibly();
      throw new IOException("the authorizer did not start; its last lines are above");
    }
    return new ServerUnderTest(process, line);
  }

  String readyLine() {
    return readyLine;
  }

  /** The most memory that the process has had so far, as Linux counts it: "VmHWM: 812345 kB". */
  String peakMemory() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines.filter(line -> line.startsWith("VmHWM")).findAny().orElse("").replaceAll("\\s+", " ");
    }
  }

  int port() {
    return port(BINARY_PORT);
  }

  /** Its admin command port. */
  int adminPort() {
    return port(ADMIN_PORT);
  }

  private int port(Pattern told) {
    Matcher port = told.matcher(readyLine);
    if (!port.find()) {
      throw new IllegalStateException("no port as in " + told + " in: " + readyLine);
    }
    return Integer.parseInt(port.group(1));
  }

  /** Number of its process. */
  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
