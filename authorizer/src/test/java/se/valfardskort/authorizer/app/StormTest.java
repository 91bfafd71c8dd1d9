package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A late link that sends its reversals in a row: all are booked, and the others are served meanwhile. */
class StormTest {
  private static final int CARDS = 40;
  private static final int PURCHASES_EACH = 50;
  private static final int COUNT = CARDS * PURCHASES_EACH;
  private static final int IN_FLIGHT = 16;
  private static final int BESIDE = 200;
  private static final long AMOUNT = 1_000;

  @Test
  void shouldBookAStormOfReversalsWithinTheCapOfItsLinkAndServeTheOthers(@TempDir Path folder) throws Exception {
    try (HangingApp app = new HangingApp(folder, 1_024, IN_FLIGHT); Line shop = app.line(); Line storm = app.line()) {
      List<byte[]> purchases = new ArrayList<>();
      List<byte[]> reversals = new ArrayList<>();
      for (int stan = 1; stan <= COUNT; stan++) {
        purchases.add(Terminal.atTheGrocers("0100", stan % CARDS, AMOUNT, stan));
        reversals.add(Terminal.reversal("0400", stan % CARDS, AMOUNT, COUNT + stan, stan));
      }
      CompletableFuture<Void> bought = shop.sendAll(purchases);
      assertEquals(Set.of("00"), app.codes(shop.receive(COUNT)));
      bought.join();
      final long read = app.counters().frames();

      app.disk().hangSyncs();
      CompletableFuture<Void> stormed = storm.sendAll(reversals);
      app.disk().awaitHangingSync();
      HangingApp.await("the cap", () -> app.counters().frames() == read + IN_FLIGHT);
      // One event loop serves both: had it gone on reading the storm, it would have before it came to this.
      shop.send(Terminal.atTheGrocers("0100", 50, AMOUNT, 9_000));
      HangingApp.await("the purchase beside", () -> app.counters().frames() > read + IN_FLIGHT);
      assertEquals(read + IN_FLIGHT + 1, app.counters().frames());
      app.disk().release();

      assertEquals("00", app.code(shop.receive()));
      for (int i = 1; i < BESIDE; i++) {
        assertEquals("00", app.code(shop.ask(Terminal.atTheGrocers("0100", 50 + i % 40, AMOUNT, 9_000 + i))));
      }
      Set<String> answered = new TreeSet<>();
      for (byte[] answer : storm.receive(COUNT)) {
        assertEquals("0410 00", app.mti(answer) + " " + app.code(answer));
        answered.add(app.text(answer, 11));
      }
      stormed.join();

      assertEquals(COUNT, answered.size());
      assertEquals(0, app.counters().shed());
      for (int card = 0; card < CARDS; card++) {
        byte[] next = shop.ask(Terminal.atTheGrocers("0100", card, AMOUNT, 9_900 + card));
        assertEquals(700_000 - AMOUNT, app.cash(next), "card " + card);
      }
    }
  }
}
