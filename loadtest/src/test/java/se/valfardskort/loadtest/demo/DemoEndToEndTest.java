package se.valfardskort.loadtest.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.loadtest.client.TestIssuer;
import se.valfardskort.loadtest.client.TestServer;
import se.valfardskort.loadtest.client.UserError;

/** The shipped demo against the real server over TCP: what {@code ./run demo --check} does, without the launcher. */
@Timeout(300)
class DemoEndToEndTest {
  @TempDir
  Path folder;

  @Test
  void shouldAnswerEveryRowOfTheShippedDemoAsItsLiteralsSay() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    int exit = check(TestIssuer.home().resolve("config").resolve("demo"), printed);

    assertEquals(0, exit, printed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void shouldEndWithOneWhenOneLineOfThePolicyIsAltered() throws Exception {
    Path config = copyOfConfig();
    Path policy = config.resolve("demo").resolve("programmes").resolve("botkyrka.yaml");
    String shipped = Files.readString(policy);
    String altered = shipped.replace("one-purchase-at-most: 500.00 kr", "one-purchase-at-most: 700.00 kr");
    assertFalse(altered.equals(shipped), "the line to alter is gone");
    Files.writeString(policy, altered);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    int exit = check(config.resolve("demo"), printed);

    String text = printed.toString(StandardCharsets.UTF_8);
    assertEquals(UserError.MISMATCH, exit, text);
    assertTrue(text.contains("feast (") && text.contains("61  R260"), text);
  }

  private int check(Path config, ByteArrayOutputStream printed) throws Exception {
    Path shipped = TestIssuer.home().resolve("config").resolve("demo");
    DemoScript script = DemoScript.read(shipped.resolve("demo.yaml"));
    Comparer comparer = new Comparer(Expected.read(shipped.resolve("expected.yaml"), script.purchases()));
    DemoCommand command = new DemoCommand();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    try (TestServer server = TestServer.start(config, folder.resolve("data"), TestServer.freePortOffset())) {
      command.play(script, comparer, server.endpoint("binary"), server.endpoint("ascii"), out);
      return command.verdict(comparer, server.stop(), out);
    }
  }

  private Path copyOfConfig() throws IOException {
    Path from = TestIssuer.home().resolve("config");
    Path to = folder.resolve("config");
    try (Stream<Path> all = Files.walk(from)) {
      List<Path> paths = all.toList();
      for (Path path : paths) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
    return to;
  }
}
