package se.valfardskort.loadtest.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.loadtest.client.TestIssuer;
import se.valfardskort.loadtest.client.TestServer;

/** kill -9 under load: whatever a client has been told is still so afterwards, byte for byte. */
@Timeout(300)
class CrashEndToEndTest {
  private static final long ANSWERS_BEFORE_THE_CRASH = 1500;

  @TempDir
  Path folder;

  @Test
  void shouldGiveEveryAnsweredRequestTheSameAnswerAfterAKill() throws Exception {
    Path config = TestIssuer.home().resolve("config").resolve("demo");
    Path data = folder.resolve("data");
    Path book = folder.resolve("book.txt");
    int portOffset = TestServer.freePortOffset();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    try (TestServer server = TestServer.start(config, data, portOffset);
        LoadRun run = new LoadRun(new LoadSettings(server.endpoint("binary"), 1000, 0, 120, 2, 200, 7, false, 10_000,
            10_000, book))) {
      run.start();
      while (run.answered.get() < ANSWERS_BEFORE_THE_CRASH) {
        assertTrue(!run.done.await(10, TimeUnit.MILLISECONDS), () -> "the run ended early: " + server.output());
      }
      server.kill();
      assertTrue(run.done.await(60, TimeUnit.SECONDS), "the run must end when its connections are lost");
    }

    try (TestServer again = TestServer.start(config, data, portOffset)) {
      int exit = new LedgerVerifier(again.endpoint("ascii")).verify(book, out);
      assertEquals(1, exit, "the ASCII link has other bytes, so that a verifier that compares must object");
      printed.reset();

      int sameLink = new LedgerVerifier(again.endpoint("binary")).verify(book, out);

      assertEquals(0, sameLink, () -> printed + "\n" + again.output());
      assertEquals(0, again.stop(), again::output);
    }
  }
}
