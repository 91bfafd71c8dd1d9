package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stopping while partners go on sending: whatever was read is answered once, and arrives (wire.md section 5). */
class StopUnderLoadTest {
  private static final int CLIENTS = 4;
  private static final int ENOUGH = 3_000;

  @ParameterizedTest
  @CsvSource({"3, false", "128, false", "3, true", "128, true"})
  void shouldAnswerOnceWhateverWasRead(int inFlight, boolean storm) throws Exception {
    Wire message = storm ? Links.reversal(true) : Links.purchase(true);
    List<Client> clients = new ArrayList<>();
    List<Future<Integer>> readers = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool();
        GatewayFixture gateway = new GatewayFixture(true, Links.binary().inFlight(inFlight))) {
      for (int i = 0; i < CLIENTS; i++) {
        Client client = gateway.connect();
        clients.add(client);
        threads.execute(() -> flood(client, message.copy(message.mti())));
        readers.add(threads.submit(() -> answersInOrder(client)));
      }
      GatewayFixture.await("load", () -> gateway.counters().frames() > ENOUGH);

      gateway.server.stopAccepting();
      assertTrue(gateway.server.drain(10_000));

      long received = 0;
      for (Future<Integer> reader : readers) {
        received += reader.get();
      }
      assertEquals(gateway.counters().frames(), gateway.counters().answers());
      assertEquals(gateway.counters().frames(), received);
      assertEquals(CLIENTS, gateway.counters().closedFor(CloseCause.SHUTDOWN));
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  /** Sends STANs 1, 2, 3 ... until the other side ends the connection. */
  private static void flood(Client client, Wire message) {
    try {
      for (int stan = 1; stan < 1_000_000; stan++) {
        client.send(message.with(11, "%06d".formatted(stan)));
      }
    } catch (IOException expected) {
      // The server has stopped.
    }
  }

  /** Reads to the end: the answers to 1, 2, 3 ... without a gap and without one twice. Gives their number. */
  private static int answersInOrder(Client client) {
    int answers = 0;
    try {
      while (true) {
        Wire answer = client.receive();
        answers++;
        assertEquals("%06d".formatted(answers), answer.get(11));
        assertEquals("00", answer.get(39));
      }
    } catch (EOFException end) {
      return answers;
    } catch (IOException e) {
      throw new AssertionError("the connection broke after " + answers + " answers", e);
    }
  }
}
