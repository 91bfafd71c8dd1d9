package se.valfardskort.independent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.independent.WireMessage.Layout;

/** kill -9 under load: what was answered is still so, to the byte, and nothing else was taken from the purses. */
class CrashAcceptanceTest {
  private static final int TELLERS = 4;
  private static final int ANSWERS_BEFORE_THE_KILL = 200;
  private static final long AMOUNT = 150;
  private static final long FULL_CASH = 700_000;

  @TempDir private Path folder;

  /** One request and the answer that was received, if any. */
  private static final class Exchange {
    final int card;
    final byte[] request;
    byte @Nullable [] answer;

    Exchange(int card, byte[] request) {
      this.card = card;
      this.request = request;
    }
  }

  @Test
  void shouldKeepEveryAnswerThatLeft() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), 50)) {
      for (int round = 0; round < 3; round++) {
        List<Exchange> answered = loadUntilKilled(server, round);
        server.restart();

        verify(server, answered);
      }
      assertEquals(0, server.stop());
    }
  }

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

  private static byte[] exchange(ServerProcess server, byte[] frame) throws IOException {
    try (WireLink link = server.link(Layout.ASCII)) {
      return link.exchangeBody(frame);
    }
  }

  /** Each teller buys with cards of its own, one request at a time, until its link breaks. */
  private static List<Exchange> loadUntilKilled(ServerProcess server, int round) throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(ANSWERS_BEFORE_THE_KILL);
    List<List<Exchange>> perTeller = new ArrayList<>();
    List<Thread> tellers = new ArrayList<>();
    for (int teller = 0; teller < TELLERS; teller++) {
      List<Exchange> exchanges = new ArrayList<>();
      perTeller.add(exchanges);
      int card = round * TELLERS + teller + 10;
      tellers.add(Thread.ofPlatform().start(() -> buyUntilBroken(server, card, exchanges, enough)));
    }
    enough.await();
    server.kill();
    for (Thread teller : tellers) {
      teller.join();
    }
    return perTeller.stream().flatMap(List::stream).toList();
  }

  private static void buyUntilBroken(
      ServerProcess server, int card, List<Exchange> exchanges, CountDownLatch enough) {
    try (WireLink link = server.link(Layout.BINARY)) {
      for (; ; ) {
        // 0200: holds are limited in number, postings are not.
        byte[] request =
            Purchase.of(card, "5411", AMOUNT, Purchase.SUPERMARKET).copyAs("0200").encode(Layout.BINARY);
        Exchange exchange = new Exchange(card, request);
        exchanges.add(exchange);
        exchange.answer = link.exchangeBody(request);
        enough.countDown();
      }
    } catch (IOException expected) {
      // The server was killed; the last request may or may not have been decided.
    }
  }

  private static void verify(ServerProcess server, List<Exchange> exchanges) throws IOException {
    assertTrue(exchanges.size() >= ANSWERS_BEFORE_THE_KILL);
    try (WireLink link = server.link(Layout.BINARY)) {
      for (Exchange exchange : exchanges) {
        byte[] again = link.exchangeBody(exchange.request);
        if (exchange.answer != null) {
          assertArrayEquals(exchange.answer, again, "the answer after the crash");
        }
      }
      // Every request has now been decided exactly once, whatever the crash did to the unanswered ones.
      for (int card : exchanges.stream().mapToInt(exchange -> exchange.card).distinct().toArray()) {
        long purchases = exchanges.stream().filter(exchange -> exchange.card == card).count();
        long left = Purchase.cash(link.exchange(Purchase.inquiry(card)));
        assertEquals(FULL_CASH - purchases * AMOUNT, left, "CASH of card " + card);
      }
    }
  }
}
