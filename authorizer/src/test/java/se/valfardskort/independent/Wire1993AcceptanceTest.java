package se.valfardskort.independent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.valfardskort.independent.WireMessage.Layout;

/** What the demo promises on the link of 1993, asked by a client that knows nothing else. A card for each test. */
class Wire1993AcceptanceTest {
  private static final long FULL_CASH = 700_000;
  private static final long FULL_HJARTAN = 300_000;

  @TempDir private static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    server = ServerProcess.start(folder.resolve("data"), 60);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    assertEquals(0, server.stop(), "exit code after SIGTERM");
  }

  private static WireLink connect() throws IOException {
    return server.link(Layout.BINARY_1993);
  }

  @Test
  void shouldSayAtTheStartWhereTheLinkIs() {
    assertTrue(server.readyLine().matches("ready .* iso93-binary=127\\.0\\.0\\.1:\\d+ .*"), server.readyLine());
  }

  @Test
  void shouldApproveAndEchoWhatTheInterfaceSays() throws IOException {
    WireMessage request =
        Purchase.of1993(1, "5411", 12_345, Purchase.SUPERMARKET)
            .set(23, "001")
            .set(28, "261123")
            .set(33, "7777")
            .set(35, Purchase.pan(1) + "=301220100000")
            .set(48, "PRIVATE");
    try (WireLink link = connect()) {
      WireMessage answer = link.exchange(request);

      assertEquals("1110", answer.mti);
      assertAnswer("000", answer, FULL_CASH - 12_345, FULL_HJARTAN);
      for (int field : List.of(2, 3, 7, 11, 12, 23, 24, 28, 32, 33, 37, 41, 42, 49)) {
        assertEquals(request.require(field), answer.require(field), "DE " + field);
      }
      assertEquals(12_345, Long.parseLong(answer.require(4)));
      for (int field : List.of(14, 22, 25, 26, 30, 35, 43, 44, 48, 56, 60)) {
        assertFalse(answer.has(field), "DE " + field + " has no place in " + answer);
      }
      assertTrue(answer.require(38).matches("[A-Z0-9]{6}"), answer.require(38));
    }
  }

  @ParameterizedTest
  @CsvSource({
    // card, DE 3, MCC, amount, DE 39, DE 60
    "2, 000000, 5921, 10000, 109, R230",
    "2, 000000, 7995, 10000, 109, R231",
    "2, 010000, 6011, 10000, 119, R210",
    "2, 000000, 8299, 10000, 100, R250",
    "2, 000000, 5812, 50001, 121, R260",
    "2, 009800, 5411, 10000, 120, R280",
    "2, 001000, 5411, 10000, 114, R285",
    "2, 003000, 5411, 10000, 114, R286",
    "2, 000000, 5411, 700001, 116, R290",
    "2, 170000, 5411, 10000, 902, R150",
    "2, 000000, 5411, 0, 110, R160",
    "59999, 000000, 5411, 10000, 111, R171",
    "900000001, 000000, 5411, 10000, 104, R180",
    "900000004, 000000, 5411, 10000, 208, R182",
    "900000005, 000000, 5411, 10000, 209, R183",
  })
  void shouldDeclineInThreeDigits(int card, String code, String mcc, long amount, String action, String reason)
      throws IOException {
    try (WireLink link = connect()) {
      WireMessage answer = link.exchange(Purchase.of1993(card, mcc, amount, Purchase.SUPERMARKET).set(3, code));

      assertEquals("1110", answer.mti);
      assertEquals(action, answer.require(39), answer.toString());
      assertEquals(reason, answer.require(60), answer.toString());
      assertFalse(answer.has(38), "a decline carries no DE 38");
      assertFalse(answer.require(44).isBlank());
    }
  }

  @Test
  void shouldTakeTheCategoryFromDe26ElseFromDe18() throws IOException {
    try (WireLink link = connect()) {
      WireMessage both = link.exchange(Purchase.of1993(3, "5411", 10_000, Purchase.SUPERMARKET).set(18, "5921"));
      WireMessage older =
          link.exchange(Purchase.of1993(3, "5411", 10_000, Purchase.SUPERMARKET).without(26).set(18, "5921"));

      assertEquals("000", both.require(39));
      assertEquals("109", older.require(39));
    }
  }

  @ParameterizedTest
  @CsvSource({"SWE, 000", "NOR, 100"})
  void shouldTakeTheCountryFromTheEndOfTheMerchantsAddress(String country, String action) throws IOException {
    try (WireLink link = connect()) {
      WireMessage answer =
          link.exchange(
              Purchase.of1993(4, "5411", 10_000, Purchase.SUPERMARKET)
                  .set(43, "MATAFFAREN I FITTJA NORRA\\KROGARVAGEN 2\\NORSBORG\\14542     AB " + country));

      assertEquals(action, answer.require(39), answer.toString());
    }
  }

  @Test
  void shouldAnswerTheSameRequestAlike() throws IOException {
    WireMessage request = Purchase.of1993(5, "5411", 10_000, Purchase.SUPERMARKET);
    byte[] frame = request.encode(Layout.BINARY_1993);
    try (WireLink first = connect(); WireLink second = connect()) {
      byte[] once = first.exchangeBody(frame);
      byte[] twice = second.exchangeBody(frame);
      WireMessage again = second.exchange(request.copyAs("1101").set(7, "1122103000"));
      WireMessage changed = first.exchange(request.copyAs("1101").set(4, "10001"));
      WireMessage elsewhere = first.exchange(request.copyAs("1101").set(26, "5412"));
      WireMessage balance = second.exchange(Purchase.inquiry1993(5));

      assertArrayEquals(once, twice);
      assertEquals("1110", again.mti);
      assertEquals(WireMessage.decode(Layout.BINARY_1993, once).require(38), again.require(38));
      assertEquals("913", changed.require(39));
      assertEquals("913", elsewhere.require(39));
      assertAnswer("000", balance, FULL_CASH - 10_000, FULL_HJARTAN);
    }
  }

  @ParameterizedTest
  @CsvSource({"1100, 1420, 6", "1200, 1400, 7"})
  void shouldReverseWhatDe56Names(String mti, String reversalMti, int card) throws IOException {
    WireMessage purchase = Purchase.of1993(card, "8351", 350_000, "BARNKOOP0000001").copyAs(mti);
    WireMessage reversal = Purchase.reversal1993Of(purchase).copyAs(reversalMti).without(37).without(38);
    try (WireLink link = connect()) {
      WireMessage paid = link.exchange(purchase);
      WireMessage reversed = link.exchange(reversal);
      WireMessage again = link.exchange(reversal.copyAs(reversalMti.substring(0, 3) + "1"));
      WireMessage balance = link.exchange(Purchase.inquiry1993(card));
      WireMessage late = link.exchange(purchase.copyAs(mti.substring(0, 3) + "1"));

      assertAnswer("000", paid, FULL_CASH - 50_000, 0);
      assertEquals(reversalMti.substring(0, 2) + (reversalMti.charAt(2) == '2' ? "30" : "10"), reversed.mti);
      assertEquals("400", reversed.require(39), reversed.toString());
      assertEquals(reversal.require(56), reversed.require(56));
      assertEquals("400", again.require(39));
      assertAnswer("000", balance, FULL_CASH, FULL_HJARTAN);
      assertEquals("913", late.require(39), "a repeat of what was since fully reversed");
    }
  }

  @Test
  void shouldReverseInPartDownToDe4() throws IOException {
    WireMessage purchase = Purchase.of1993(8, "8351", 350_000, "BARNKOOP0000001");
    String original = String.format(Locale.ROOT, "%012d%012d", 350_000, 0);
    WireMessage first = Purchase.reversal1993Of(purchase).set(24, "401").set(4, "320000").set(30, original);
    WireMessage second = Purchase.reversal1993Of(purchase).set(24, "401").set(4, "100000").set(30, original);
    try (WireLink link = connect()) {
      WireMessage paid = link.exchange(purchase);
      WireMessage some = link.exchange(first);
      WireMessage afterSome = link.exchange(Purchase.inquiry1993(8));
      WireMessage more = link.exchange(second);
      WireMessage afterMore = link.exchange(Purchase.inquiry1993(8));

      assertAnswer("000", paid, FULL_CASH - 50_000, 0);
      assertEquals("400", some.require(39), some.toString());
      assertEquals(original, some.require(30));
      assertAnswer("000", afterSome, FULL_CASH - 20_000, 0);
      assertEquals("400", more.require(39), more.toString());
      assertAnswer("000", afterMore, FULL_CASH, 200_000);
    }
  }

  @Test
  void shouldRefuseAnOriginalThatComesAfterItsReversal() throws IOException {
    WireMessage purchase = Purchase.of1993(9, "5411", 10_000, Purchase.SUPERMARKET);
    try (WireLink link = connect()) {
      WireMessage reversed = link.exchange(Purchase.reversal1993Of(purchase));
      WireMessage late = link.exchange(purchase);

      assertEquals("400", reversed.require(39));
      assertEquals("913", late.require(39));
    }
  }

  @Test
  void shouldBeAPartnerOfItsOwn() throws IOException {
    WireMessage later = Purchase.of1993(10, "5411", 10_000, Purchase.SUPERMARKET);
    WireMessage older = Purchase.of(10, "5411", 10_000, Purchase.SUPERMARKET).set(11, later.require(11));
    try (WireLink of1993 = connect(); WireLink of1987 = server.link(Layout.BINARY)) {
      of1993.exchange(later);
      of1987.exchange(older);
      WireMessage foreign = of1987.exchange(Purchase.reversalOf(older).set(11, "999999").without(37).without(41));
      WireMessage balance = of1993.exchange(Purchase.inquiry1993(10));

      assertEquals("00", foreign.require(39));
      assertAnswer("000", balance, FULL_CASH - 10_000, FULL_HJARTAN);
    }
  }

  @ParameterizedTest
  @CsvSource({"1804, 1814, 801", "1804, 1814, 831", "1805, 1814, 831", "1800, 1810, 831", "1820, 1830, 831",
    "1804, 1814, 802"})
  void shouldAnswerNetworkManagement(String mti, String answerMti, String function) throws IOException {
    try (WireLink link = connect()) {
      WireMessage answer = link.exchange(network(mti).set(24, function));

      assertEquals(answerMti, answer.mti);
      assertEquals("800", answer.require(39));
      assertEquals(function, answer.require(24));
      assertEquals("000077", answer.require(11));
      assertEquals("261122111500", answer.require(12));
    }
  }

  @Test
  void shouldNameTheMissingFunctionAndRefuseAnUnknownOne() throws IOException {
    try (WireLink link = connect()) {
      WireMessage missing = link.exchange(network("1804").set(70, "752"));
      WireMessage unknown = link.exchange(network("1804").set(24, "899"));

      assertFormatError("024", missing);
      assertFalse(missing.has(70), "DE 70 is a country");
      assertEquals("902", unknown.require(39));
    }
  }

  private static WireMessage network(String mti) {
    return new WireMessage(mti).set(7, "1122101500").set(11, "000077").set(12, "261122111500");
  }

  @Test
  void shouldNameTheFieldAtFaultAndLeaveTheLinkOpen() throws IOException {
    try (WireLink link = connect()) {
      assertFormatError("026", link.exchange(good().without(26)));
      assertFormatError("049", link.exchange(good().without(49)));
      assertFormatError("012", link.exchange(good().set(12, "261322111500")));
      assertFormatError("012", link.exchange(good().set(12, "260229111500")));
      assertFormatError("012", link.exchange(good().without(12).without(7)));
      assertFormatError("056", link.exchange(Purchase.reversal1993Of(good()).set(56, "11000000012611221115000912345")));
      assertFormatError("056", link.exchange(Purchase.reversal1993Of(good()).without(56).without(37)));
      assertFormatError("004", link.exchange(Purchase.reversal1993Of(good()).set(24, "401").without(4)));
      assertEquals("905", link.exchange(good().set(32, "999999")).require(39));
      assertEquals("000", link.exchange(good()).require(39));
      assertEquals("000", link.exchange(good().without(7)).require(39), "DE 12 is time enough");
    }
  }

  private static WireMessage good() {
    return Purchase.of1993(11, "5411", 1_000, Purchase.SUPERMARKET);
  }

  @Test
  void shouldIgnoreWhatCannotBeReadAndCloseForBrokenFraming() throws IOException {
    try (WireLink link = connect(); WireLink other = connect()) {
      // 1987 on the link of 1993, a message type of letters, and half a bitmap.
      link.sendBody(Purchase.of(11, "5411", 1_000, Purchase.SUPERMARKET).encode(Layout.BINARY));
      link.sendBody(HexFormat.of().parseHex("11AB0000000000000000"));
      link.sendBody(HexFormat.of().parseHex("1100F0200000"));
      assertEquals("000", link.exchange(good()).require(39));

      // A length that leaves no room behind the TPDU.
      link.sendRaw(HexFormat.of().parseHex("00056012345678"));
      assertTrue(link.isClosedByPeer());
      assertEquals("000", other.exchange(good()).require(39));
    }
  }

  @Test
  void shouldCloseForWhatIsNoFrame() throws IOException {
    try (WireLink link = connect()) {
      link.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertTrue(link.isClosedByPeer());
    }
  }

  private static void assertAnswer(String action, WireMessage answer, long cash, long hjartan) {
    assertEquals(action, answer.require(39), answer.toString());
    assertEquals(cash, Purchase.cash(answer), "CASH in " + answer);
    assertEquals(hjartan, Purchase.hjartan(answer), "HJARTAN in " + answer);
  }

  private static void assertFormatError(String field, WireMessage answer) {
    assertEquals("904", answer.require(39), answer.toString());
    assertEquals(field, answer.require(44).trim(), answer.toString());
  }
}
