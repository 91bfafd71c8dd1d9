package se.valfardskort.independent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.independent.WireMessage.Layout;

/** Two acquirers reconcile with the real server by what each has seen of its own answers, before and after a crash. */
class ReconciliationAcceptanceTest {
  private static final String FIRST = "123456";
  private static final String SECOND = "654321";

  @TempDir private Path folder;
  private int stan = 500_000;

  /** What an acquirer has added up. */
  private static final class Totals {
    int debits;
    long debitsMinor;
    int reversals;
    long reversalsMinor;
    int authorizations;

    long net() {
      return debitsMinor - reversalsMinor;
    }

    String netText() {
      return String.format(Locale.ROOT, "%s%016d", net() < 0 ? "D" : "C", Math.abs(net()));
    }
  }

  private WireMessage reconciliation(String mti, String acquirer, Totals totals) {
    return new WireMessage(mti)
        .set(7, "1122101500")
        .set(11, Integer.toString(++stan))
        .set(32, acquirer)
        .set(74, "0")
        .set(75, "0")
        .set(76, Integer.toString(totals.debits))
        .set(77, Integer.toString(totals.reversals))
        .set(81, Integer.toString(totals.authorizations))
        .set(86, "0")
        .set(87, "0")
        .set(88, Long.toString(totals.debitsMinor))
        .set(89, Long.toString(totals.reversalsMinor))
        .set(97, totals.netText())
        .set(99, "99000000001");
  }

  private WireMessage cutOver() {
    return new WireMessage("0800").set(7, "1122101500").set(11, Integer.toString(++stan)).set(70, "201");
  }

  private static WireMessage post(WireLink link, String acquirer, long amount, Totals totals) throws IOException {
    WireMessage purchase =
        Purchase.of(21, "5411", amount, Purchase.SUPERMARKET).copyAs("0200").set(32, acquirer);
    assertEquals("00", link.exchange(purchase).require(39));
    totals.debits++;
    totals.debitsMinor += amount;
    return purchase;
  }

  private static void hold(WireLink link, String acquirer, String mcc, String expected, Totals totals)
      throws IOException {
    WireMessage purchase = Purchase.of(21, mcc, 1_000, Purchase.SUPERMARKET).set(32, acquirer);
    assertEquals(expected, link.exchange(purchase).require(39));
    totals.authorizations++;
  }

  private static void reverse(WireLink link, WireMessage original, long remains, Totals totals) throws IOException {
    WireMessage reversal =
        Purchase.reversalOf(original)
            .set(95, String.format(Locale.ROOT, "%012d", remains) + "0".repeat(12) + "C00000000C00000000");
    assertEquals("00", link.exchange(reversal).require(39));
    totals.reversals++;
    totals.reversalsMinor += Long.parseLong(original.require(4)) - remains;
  }

  private void assertBalanced(WireLink link, String mti, String answerMti, String acquirer, Totals totals)
      throws IOException {
    WireMessage answer = link.exchange(reconciliation(mti, acquirer, totals));
    assertEquals(answerMti, answer.mti);
    assertEquals("00", answer.require(39), answer::toString);
    assertEquals("1", answer.require(66));
    assertEquals("752", answer.require(50));
    assertEquals(totals.netText(), answer.require(97));
    assertEquals("99000000001", answer.require(99));
    assertEquals(acquirer, answer.require(32));
    assertFalse(answer.has(76));
  }

  @Test
  void shouldAgreeWithEachAcquirerBeforeAndAfterACrash() throws Exception {
    Totals first = new Totals();
    Totals second = new Totals();
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), 50)) {
      byte[] frame;
      byte[] before;
      WireMessage late;
      try (WireLink link = server.link(Layout.BINARY)) {
        assertBalanced(link, "0500", "0510", FIRST, first);
        late = post(link, FIRST, 12_345, first);
        WireMessage partly = post(link, FIRST, 40_000, first);
        reverse(link, partly, 15_000, first);
        hold(link, FIRST, "5411", "00", first);
        hold(link, FIRST, "7995", "03", first);
        post(link, SECOND, 700, second);
        frame = reconciliation("0500", FIRST, first).encode(Layout.BINARY);
        before = link.exchangeBody(frame);
        assertEquals("00", WireMessage.decode(Layout.BINARY, before).require(39));
      }

      server.crashAndRestart();

      try (WireLink link = server.link(Layout.BINARY)) {
        assertArrayEquals(before, link.exchangeBody(frame));
        WireMessage misused = WireMessage.decode(Layout.BINARY, frame).set(76, "0000000009");
        assertEquals("94", link.exchange(misused).require(39));
        assertBalanced(link, "0501", "0510", FIRST, first);
        assertBalanced(link, "0520", "0530", SECOND, second);
        second.debits++;
        assertOutOfBalance(link, second);
        second.debits--;

        assertEquals("00", link.exchange(cutOver()).require(39));
        Totals next = new Totals();
        reverse(link, late, 0, next);
        assertBalanced(link, "0500", "0510", FIRST, next);
        assertBalanced(link, "0500", "0510", SECOND, new Totals());
      }
    }
  }

  private void assertOutOfBalance(WireLink link, Totals totals) throws IOException {
    WireMessage answer = link.exchange(reconciliation("0500", SECOND, totals));
    assertEquals("95", answer.require(39));
    assertEquals("2", answer.require(66));
    assertEquals(totals.netText(), answer.require(97));
  }

  @Test
  void shouldKeepSettlementDaysApart() throws Exception {
    Totals monday = new Totals();
    Totals tuesday = new Totals();
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), 50);
        WireLink link = server.link(Layout.ASCII)) {
      assertEquals("00", link.exchange(cutOver().set(32, FIRST).set(15, "0315")).require(39));
      post(link, FIRST, 10_000, monday);
      WireMessage ahead =
          Purchase.of(22, "5411", 2_500, Purchase.SUPERMARKET).copyAs("0200").set(15, "0316");
      assertEquals("00", link.exchange(ahead).require(39));
      tuesday.debits++;
      tuesday.debitsMinor += 2_500;
      assertEquals("00", link.exchange(cutOver().set(32, FIRST).set(15, "0316")).require(39));
      post(link, FIRST, 300, tuesday);

      assertDay(link, "0315", monday);
      assertDay(link, "0316", tuesday);
      assertDay(link, "0317", new Totals());
      Totals sinceCutOver = new Totals();
      sinceCutOver.debits = 1;
      sinceCutOver.debitsMinor = 300;
      assertBalanced(link, "0500", "0510", FIRST, sinceCutOver);

      WireMessage empty = new WireMessage("0500").set(7, "1122101500").set(11, "1").set(32, FIRST);
      WireMessage refused = link.exchange(empty);
      assertEquals("30", refused.require(39));
      assertEquals("097", refused.require(44));
    }
  }

  @Test
  void shouldReconcileIn1993() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), 50);
        WireLink link = server.link(Layout.BINARY);
        WireLink link1993 = server.link(Layout.BINARY_1993)) {
      post(link, FIRST, 10_000, new Totals());
      Totals none = new Totals();
      // Another partner: what was bought over the other link is not its own.
      WireMessage balanced = link1993.exchange(reconciliation("1500", FIRST, none).set(12, "261122101500"));
      assertEquals("1510", balanced.mti);
      assertEquals("500", balanced.require(39));
      assertEquals("C0000000000000000", balanced.require(97));
      assertFalse(balanced.has(66));
      none.authorizations = 1;
      WireMessage differing = link1993.exchange(reconciliation("1520", FIRST, none).set(12, "261122101500"));
      assertEquals("1530", differing.mti);
      assertEquals("501", differing.require(39));
      WireMessage cutOver =
          cutOver().without(70).copyAs("1804").set(12, "261122101500").set(24, "821").set(15, "261123");
      assertEquals("800", link1993.exchange(cutOver).require(39));
    }
  }

  private void assertDay(WireLink link, String day, Totals totals) throws IOException {
    WireMessage answer = link.exchange(reconciliation("0500", FIRST, totals).set(15, day));
    assertEquals("00", answer.require(39), answer::toString);
    assertEquals(day, answer.require(15));
    assertEquals(totals.netText(), answer.require(97));
  }
}
