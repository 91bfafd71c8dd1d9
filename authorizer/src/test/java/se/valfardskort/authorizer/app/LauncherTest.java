package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code run}, as far as it goes without building, and what must never lie on its class path. */
class LauncherTest {
  private record Ended(int code, String output) {}

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void shouldSayWhatThereIs(String word) throws Exception {
    Ended ended = run(word);

    assertEquals(0, ended.code, ended.output);
    for (String command :
        List.of("demo", "start", "send", "loadtest", "config check", "policy check", "policy backtest", "bench")) {
      assertTrue(ended.output.contains("./run " + command), command);
    }
  }

  @Test
  void shouldSayTheSameWithoutACommand() throws Exception {
    assertEquals(run("--help"), run());
  }

  @Test
  void shouldRefuseACommandThatDoesNotExist() throws Exception {
    Ended ended = run("strat");

    assertEquals(64, ended.code, ended.output);
    assertEquals("there is no command 'strat'; ./run --help lists what there is", ended.output.strip());
  }

  /** It tries a start beside an authorizer that answers. */
  @Test
  void shouldPruneWithTheFollowersFlagsAndPriority(@TempDir Path folder) throws Exception {
    Path jdk = Files.createDirectories(folder.resolve("jdk/bin")).resolveSibling(".").normalize();
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    for (String program : List.of("java", "javac")) {
      Path file = Files.writeString(jdk.resolve("bin").resolve(program), "#!/bin/sh\nnice\necho \"$@\"\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
    Map<String, String> environment = Map.of("JAVA_HOME", jdk.toString(), "VALFARDSKORT_BUILT", "1");

    Ended prune = run(environment, "journal", "prune", "--dry-run");
    final Ended verify = run(environment, "journal", "verify");

    assertEquals(0, prune.code, prune.output);
    assertTrue(prune.output.startsWith("19\n"), prune.output);
    assertTrue(prune.output.contains("/config/follower-jvm.options "), prune.output);
    assertTrue(prune.output.endsWith(" journal prune --dry-run\n"), prune.output);
    assertTrue(verify.output.contains("/config/server-jvm.options "), verify.output);
    assertTrue(verify.output.endsWith(" journal verify\n"), verify.output);
  }

  @Test
  void shouldHaveNothingThatReportsToThirdParties() {
    assertThrows(
        ClassNotFoundException.class, () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
  }

  private static Ended run(String... words) throws IOException, InterruptedException {
    return run(Map.of(), words);
  }

  private static Ended run(Map<String, String> environment, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("project.root")).resolve("run").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
