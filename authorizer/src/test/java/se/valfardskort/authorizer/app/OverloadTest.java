package se.valfardskort.authorizer.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Time and overload (wire.md section 5) on the whole authorizer: a ring of 64 places, of which 8 are kept for reversals
 * and advices, behind a disk that can be made to hang.
 */
class OverloadTest {
  private static final int RING = 64;
  private static final int RESERVED = 8;
  private static final long AMOUNT = 1_000;

  private final Path folder;

  OverloadTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void shouldShedRequestsFirstAndReversalsAndAdvicesOnlyWhereTheReserveIsFull() throws Exception {
    try (HangingApp app = new HangingApp(folder, RING, 200); Line shop = app.line(); Line late = app.line()) {
      for (int stan = 1; stan <= 10; stan++) {
        assertEquals("00", app.code(shop.ask(Terminal.atTheGrocers("0100", 1, AMOUNT, stan))));
      }
      long read = app.counters().frames();
      app.disk().hangSyncs();
      shop.send(Terminal.atTheGrocers("0100", 2, AMOUNT, 100));
      app.disk().awaitHangingSync();
      int more = 100;
      List<byte[]> burst = new ArrayList<>();
      for (int i = 1; i <= more; i++) {
        burst.add(Terminal.atTheGrocers("0100", 2 + i % 50, AMOUNT, 100 + i));
      }
      shop.sendAll(burst).join();

      // One place is the hanging request's own.
      int taken = RING - RESERVED - 1;
      List<byte[]> shed = shop.receive(more - taken);
      for (int i = 1; i <= 4; i++) {
        late.send(Terminal.reversal("0400", 1, AMOUNT, 20 + i, i));
        late.send(i == 4 ? Terminal.atTheGrocers("0120", 3, AMOUNT, 30 + i)
            : Terminal.reversal("0420", 1, AMOUNT, 30 + i, 4 + i));
      }
      HangingApp.await("the reserve", () -> app.counters().frames() == read + 1 + more + 2 * 4);
      late.send(Terminal.reversal("0400", 1, AMOUNT, 29, 8));
      late.send(Terminal.atTheGrocers("0120", 3, AMOUNT, 39));
      HangingApp.await("silence", () -> app.counters().silenced() == 2);
      assertEquals(more - taken + 2, app.counters().shed());
      app.disk().release();

      assertEquals(Set.of("91"), app.codes(shed));
      assertEquals(Set.of("00"), app.codes(shop.receive(taken + 1)));
      List<String> booked = new ArrayList<>();
      for (byte[] answer : late.receive(2 * 4)) {
        booked.add(app.mti(answer) + " " + app.text(answer, 11));
      }
      assertEquals(List.of("0410 000021", "0430 000031", "0410 000022", "0430 000032", "0410 000023", "0430 000033",
          "0410 000024", "0130 000034"), booked);
      byte[] repeated = late.ask(Terminal.reversal("0401", 1, AMOUNT, 29, 8));
      assertEquals("0410", app.mti(repeated));
      assertEquals("00", app.code(repeated));
      // Ten bought, eight taken back (four, three and the repeat), one more now.
      assertEquals(700_000 - 3 * AMOUNT, app.cash(shop.ask(Terminal.atTheGrocers("0100", 1, AMOUNT, 40))));
      // Nothing was booked for what was shed: the same requests are decided anew.
      byte[] again = shop.ask(burst.getLast());
      assertEquals("00", app.code(again));
    }
  }

  @Test
  void shouldAnswer91AndBookNothingWhereARequestWaitedTooLong() throws Exception {
    try (HangingApp app = new HangingApp(folder, RING, 200); Line shop = app.line()) {
      byte[] first = shop.ask(Terminal.atTheGrocers("0100", 1, AMOUNT, 1));
      assertEquals("00", app.code(shop.ask(Terminal.atTheGrocers("0100", 1, AMOUNT, 2))));
      long read = app.counters().frames();
      app.disk().hangSyncs();
      shop.send(Terminal.atTheGrocers("0100", 2, AMOUNT, 3));
      app.disk().awaitHangingSync();
      shop.send(Terminal.atTheGrocers("0100", 1, AMOUNT, 4));
      shop.send(Terminal.atTheGrocers("0101", 1, AMOUNT, 1));
      shop.send(Terminal.reversal("0400", 1, AMOUNT, 5, 2));
      HangingApp.await("all to be read", () -> app.counters().frames() == read + 4);
      app.clock.pass(61);
      app.disk().release();

      // Decided before the sync hung: late, but booked, and said so.
      assertEquals("00", app.code(shop.receive()));
      byte[] tooLate = shop.receive();
      byte[] repeat = shop.receive();
      byte[] reversal = shop.receive();
      assertEquals("91", app.code(tooLate));
      assertEquals("000004", app.text(tooLate, 11));
      assertArrayEquals(first, repeat);
      assertEquals("0410", app.mti(reversal));
      assertEquals("00", app.code(reversal));
      byte[] anew = shop.ask(Terminal.atTheGrocers("0101", 1, AMOUNT, 4));
      assertEquals("00", app.code(anew));
      // The first and this one; the second was reversed, the late one not booked before.
      assertEquals(700_000 - 2 * AMOUNT, app.cash(anew));
    }
  }
}
