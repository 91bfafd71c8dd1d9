package se.valfardskort.independent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.independent.WireMessage.Layout;

/** What was answered before a restart is still so afterwards, to the byte. */
class RestartAcceptanceTest {
  private static final long FULL_CASH = 700_000;

  @TempDir private Path folder;

  @Test
  void shouldAnswerTheSameRequestAlikeAfterARestart() throws Exception {
    byte[] frame = Purchase.of(7, "5411", 10_000, Purchase.SUPERMARKET).encode(Layout.ASCII);
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), 50)) {
      byte[] before = exchange(server, frame);
      assertEquals(0, server.stop());
      server.restart();
      byte[] after = exchange(server, frame);
      WireMessage changed;
      WireMessage balance;
      try (WireLink link = server.link(Layout.ASCII)) {
        changed = link.exchange(WireMessage.decode(Layout.ASCII, frame).set(4, "10001"));
        balance = link.exchange(Purchase.inquiry(7));
      }

      assertArrayEquals(before, after);
      assertEquals("94", changed.require(39));
      assertEquals(FULL_CASH - 10_000, Purchase.cash(balance));
    }
  }

  /** Repeated as long as the server is too late for it, as it may be on a busy machine. */
  private static byte[] exchange(ServerProcess server, byte[] frame) throws IOException {
    try (WireLink link = server.link(Layout.ASCII)) {
      byte[] answer = link.exchangeBody(frame);
      while (WireMessage.decode(Layout.ASCII, answer).require(39).equals("91")) {
        answer = link.exchangeBody(frame);
      }
      return answer;
    }
  }
}
