package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
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
    for (String command : List.of("demo", "start", "send", "loadtest", "config check", "bench")) {
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

  @Test
  void shouldHaveNothingThatReportsToThirdParties() {
    assertThrows(
        ClassNotFoundException.class, () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
  }

  private static Ended run(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("project.root")).resolve("run").toString());
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
