package se.valfardskort.independent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import se.valfardskort.independent.WireMessage.Layout;

/** What the demo promises on the wire, asked by a client that knows nothing else. Each test has its own card. */
class WireAcceptanceTest {
  private static final int CARDS = 300;
  private static final long FULL_CASH = 700_000;
  private static final long FULL_HJARTAN = 300_000;

  @TempDir private static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    server = ServerProcess.start(folder.resolve("data"), CARDS);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    assertEquals(0, server.stop(), "exit code after SIGTERM");
  }

  @ParameterizedTest
  @EnumSource(value = Layout.class, names = {"BINARY", "ASCII"})
  void shouldTakeHjartanBeforeCashAtAProvider(Layout layout) throws IOException {
    int card = layout == Layout.BINARY ? 1 : 2;
    try (WireLink link = server.link(layout)) {
      WireMessage within = link.exchange(Purchase.of(card, "8351", 250_000, "BARNKOOP0000001"));
      WireMessage across = link.exchange(Purchase.of(card, "8351", 80_000, "BARNKOOP0000001"));

      assertAnswer("00", within, FULL_CASH, 50_000);
      assertAnswer("00", across, FULL_CASH - 30_000, 0);
    }
  }

  @Test
  void shouldEchoWhatTheInterfaceSaysAndNothingElse() throws IOException {
    WireMessage request =
        Purchase.of(3, "5411", 12_345, Purchase.SUPERMARKET)
            .set(23, "001")
            .set(24, "100")
            .set(33, "7777")
            .set(45, "B9752000000000037")
            .set(48, "PRIVATE");
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage answer = link.exchange(request);

      assertEquals("0110", answer.mti);
      for (int field : List.of(2, 3, 7, 11, 12, 13, 23, 24, 32, 33, 37, 41, 42, 49)) {
        assertEquals(request.require(field), answer.require(field), "DE " + field);
      }
      assertEquals(12_345, Long.parseLong(answer.require(4)));
      for (int field : List.of(14, 18, 22, 25, 35, 43, 44, 45, 48)) {
        assertFalse(answer.has(field), "DE " + field + " has no place in " + answer);
      }
      assertTrue(answer.require(38).matches("[A-Z0-9]{6}"), answer.require(38));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10, 5411, MATAFFAREN00001",
    "11, 8351, SUSPENDED000001",
    "12, 8351, ANNANBAZ0000001",
    "42, 7299, EGENFIRMA000001",
  })
  void shouldRefuseForcedHjartanWhereItCannotBeUsed(int card, String mcc, String merchant) throws IOException {
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage forced = link.exchange(Purchase.of(card, mcc, 10_000, merchant).set(3, "009800"));
      WireMessage free = link.exchange(Purchase.of(card, mcc, 10_000, merchant));

      assertAnswer("58", forced, FULL_CASH, FULL_HJARTAN);
      assertFalse(forced.has(38), "a decline carries no DE 38");
      assertAnswer("00", free, FULL_CASH - 10_000, FULL_HJARTAN);
    }
  }

  @Test
  void shouldDeclineEachForbiddenPurchaseForAReasonOfItsOwn() throws IOException {
    Set<String> reasons = new HashSet<>();
    try (WireLink link = server.link(Layout.ASCII)) {
      WireMessage alcohol = link.exchange(Purchase.of(20, "5921", 10_000, Purchase.SUPERMARKET));
      WireMessage gambling = link.exchange(Purchase.of(20, "7995", 10_000, Purchase.SUPERMARKET));
      WireMessage atm = link.exchange(Purchase.of(20, "6011", 10_000, Purchase.SUPERMARKET).set(3, "010000"));
      WireMessage norway =
          link.exchange(Purchase.of(20, "5411", 10_000, Purchase.SUPERMARKET).set(43, Purchase.location("NO")));
      WireMessage school = link.exchange(Purchase.of(20, "8299", 10_000, Purchase.SUPERMARKET));
      WireMessage banquet = link.exchange(Purchase.of(20, "5812", 50_001, Purchase.SUPERMARKET));

      assertAnswer("03", alcohol, FULL_CASH, FULL_HJARTAN);
      assertAnswer("03", gambling, FULL_CASH, FULL_HJARTAN);
      assertAnswer("57", atm, FULL_CASH, FULL_HJARTAN);
      assertAnswer("05", norway, FULL_CASH, FULL_HJARTAN);
      assertAnswer("05", school, FULL_CASH, FULL_HJARTAN);
      assertAnswer("61", banquet, FULL_CASH, FULL_HJARTAN);
      for (WireMessage answer : List.of(alcohol, gambling, atm, norway, school, banquet)) {
        assertTrue(answer.require(60).matches("R\\d+"), "DE 60 of " + answer);
        assertTrue(reasons.add(answer.require(60)), "a reason of its own: " + answer);
        assertTrue(answer.require(44).trim().length() <= 25, "DE 44 of " + answer);
      }
    }
  }

  @Test
  void shouldNeverLetAPurseGoNegative() throws IOException {
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage last = link.exchange(Purchase.of(21, "5411", FULL_CASH, Purchase.SUPERMARKET));
      WireMessage tooMuch = link.exchange(Purchase.of(21, "5411", 1, Purchase.SUPERMARKET));
      WireMessage provider = link.exchange(Purchase.of(21, "8351", FULL_HJARTAN + 1, "BARNKOOP0000001"));

      assertAnswer("00", last, 0, FULL_HJARTAN);
      assertAnswer("51", tooMuch, 0, FULL_HJARTAN);
      assertAnswer("51", provider, 0, FULL_HJARTAN);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "900000001, 3012, 62", "900000002, 2401, 54", "900000003, 3012, 51", "900000004, 3012, 41",
    "900000005, 3012, 43", "299999, 3012, 14", "31, 2912, 54",
  })
  void shouldAnswerForTheStateOfTheCard(int card, String expiry, String code) throws IOException {
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage answer =
          link.exchange(Purchase.of(card, "5411", 10_000, Purchase.SUPERMARKET).set(14, expiry));

      assertEquals(code, answer.require(39), answer.toString());
    }
  }

  @Test
  void shouldAnswerPinTriesUsedUpAndUnverifiablePinApart() throws IOException {
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage usedUp =
          link.exchange(Purchase.of(900_000_006, "5411", 10_000, Purchase.SUPERMARKET).set(52, "0123456789abcdef"));
      WireMessage noKey =
          link.exchange(Purchase.of(32, "5411", 10_000, Purchase.SUPERMARKET).set(52, "0123456789abcdef"));

      assertEquals("75", usedUp.require(39));
      assertEquals("82", noKey.require(39));
    }
  }

  @Test
  void shouldSplitOnePurchaseOverBothPurses() throws IOException {
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage answer = link.exchange(Purchase.of(900_000_011, "8351", 12_000, "BARNKOOP0000001"));

      assertAnswer("00", answer, 3_000, 0);
    }
  }

  @Test
  void shouldHonourMerchantRulesBeforeTheMcc() throws IOException {
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage kiosk = link.exchange(Purchase.of(33, "5993", 10_000, "KIOSKEN00000001"));
      WireMessage denied = link.exchange(Purchase.of(33, "5691", 10_000, "LYXMODE00000001"));
      WireMessage arts = link.exchange(Purchase.of(33, "5971", 10_000, "KONSTRUM0000001"));

      assertAnswer("00", kiosk, FULL_CASH - 10_000, FULL_HJARTAN);
      assertAnswer("03", denied, FULL_CASH - 10_000, FULL_HJARTAN);
      assertAnswer("00", arts, FULL_CASH - 10_000, FULL_HJARTAN - 10_000);
    }
  }

  @Test
  void shouldKeepHjartanOfAnotherBazOutOfThisBazsProviders() throws IOException {
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage here = link.exchange(Purchase.of(900_000_012, "8351", 10_000, "BARNKOOP0000001"));
      WireMessage there = link.exchange(Purchase.of(900_000_012, "8351", 10_000, "ANNANBAZ0000001"));

      assertAnswer("00", here, FULL_CASH - 10_000, FULL_HJARTAN);
      assertAnswer("00", there, FULL_CASH - 10_000, FULL_HJARTAN - 10_000);
    }
  }

  @Test
  void shouldCapFuelOverTheCalendarMonth() throws IOException {
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage first = link.exchange(Purchase.of(34, "5541", 100_000, Purchase.SUPERMARKET));
      WireMessage second = link.exchange(Purchase.of(34, "5542", 50_001, Purchase.SUPERMARKET));
      WireMessage third = link.exchange(Purchase.of(34, "5552", 50_000, Purchase.SUPERMARKET));

      assertAnswer("00", first, 600_000, FULL_HJARTAN);
      assertAnswer("61", second, 600_000, FULL_HJARTAN);
      assertAnswer("00", third, 550_000, FULL_HJARTAN);
    }
  }

  @ParameterizedTest
  @CsvSource({"0100, 35", "0200, 36"})
  void shouldGiveTheMoneyBackToThePursesThatPaid(String mti, int card) throws IOException {
    WireMessage purchase = Purchase.of(card, "8351", 350_000, "BARNKOOP0000001").copyAs(mti);
    WireMessage reversal = Purchase.reversalOf(purchase);
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage paid = link.exchange(purchase);
      WireMessage reversed = link.exchange(reversal);
      WireMessage again = link.exchange(reversal.copyAs("0401"));
      WireMessage balance = link.exchange(Purchase.inquiry(card));
      WireMessage late = link.exchange(purchase.copyAs(mti.substring(0, 3) + "1"));

      assertAnswer("00", paid, FULL_CASH - 50_000, 0);
      assertEquals("0410", reversed.mti);
      assertEquals("00", reversed.require(39));
      assertEquals(reversal.require(90), reversed.require(90));
      assertEquals("00", again.require(39));
      assertAnswer("00", balance, FULL_CASH, FULL_HJARTAN);
      assertEquals("94", late.require(39), "a repeat of what was since fully reversed");
    }
  }

  @Test
  void shouldRefuseAnOriginalThatComesAfterItsReversal() throws IOException {
    WireMessage purchase = Purchase.of(37, "5411", 10_000, Purchase.SUPERMARKET);
    try (WireLink link = server.link(Layout.BINARY)) {
      WireMessage reversed = link.exchange(Purchase.reversalOf(purchase));
      WireMessage late = link.exchange(purchase);
      WireMessage balance = link.exchange(Purchase.inquiry(37));

      assertEquals("00", reversed.require(39));
      assertEquals("94", late.require(39));
      assertAnswer("00", balance, FULL_CASH, FULL_HJARTAN);
    }
  }

  @Test
  void shouldNotLetAnotherAcquirerReverse() throws IOException {
    WireMessage purchase = Purchase.of(38, "5411", 10_000, Purchase.SUPERMARKET);
    WireMessage foreign = Purchase.reversalOf(purchase).set(32, "654321");
    foreign.set(90, foreign.require(90).substring(0, 20) + "0".repeat(22));
    try (WireLink link = server.link(Layout.BINARY)) {
      link.exchange(purchase);
      WireMessage answer = link.exchange(foreign);
      WireMessage balance = link.exchange(Purchase.inquiry(38));

      assertEquals("00", answer.require(39));
      assertAnswer("00", balance, FULL_CASH - 10_000, FULL_HJARTAN);
    }
  }

  @Test
  void shouldAnswerTheSameRequestAlikeOnTwoLinks() throws IOException {
    byte[] frame = Purchase.of(39, "5411", 10_000, Purchase.SUPERMARKET).encode(Layout.BINARY);
    WireMessage other = WireMessage.decode(Layout.BINARY, frame).set(4, "000000010001");
    try (WireLink first = server.link(Layout.BINARY);
        WireLink second = server.link(Layout.BINARY)) {
      byte[] once = first.exchangeBody(frame);
      byte[] twice = second.exchangeBody(frame);
      WireMessage changed = second.exchange(other);
      WireMessage balance = first.exchange(Purchase.inquiry(39));

      assertArrayEquals(once, twice);
      assertEquals("94", changed.require(39));
      assertAnswer("00", balance, FULL_CASH - 10_000, FULL_HJARTAN);
    }
  }

  @Test
  void shouldKnowARequestAgainOnThePartnersOtherLink() throws IOException {
    WireMessage request = Purchase.of(44, "5411", 10_000, Purchase.SUPERMARKET);
    try (WireLink binary = server.link(Layout.BINARY);
        WireLink ascii = server.link(Layout.ASCII)) {
      WireMessage first = binary.exchange(request);
      WireMessage second = ascii.exchange(request.copyAs("0101"));
      WireMessage balance = ascii.exchange(Purchase.inquiry(44));

      for (int field : List.of(4, 38, 39, 54)) {
        assertEquals(first.require(field), second.require(field), "DE " + field);
      }
      assertAnswer("00", balance, FULL_CASH - 10_000, FULL_HJARTAN);
    }
  }

  @Test
  void shouldNameTheMissingFieldAndLeaveTheLinkOpen() throws IOException {
    try (WireLink link = server.link(Layout.ASCII)) {
      WireMessage withoutMcc = link.exchange(Purchase.of(40, "0000", 10_000, Purchase.SUPERMARKET));
      WireMessage withoutCurrency = link.exchange(Purchase.of(40, "5411", 10_000, Purchase.SUPERMARKET).without(49));
      WireMessage badAmount =
          link.exchange(Purchase.of(40, "5411", 10_000, Purchase.SUPERMARKET).set(4, "00000001000X"));
      WireMessage good = link.exchange(Purchase.of(40, "5411", 10_000, Purchase.SUPERMARKET));

      assertFormatError("018", withoutMcc);
      assertFormatError("049", withoutCurrency);
      assertFormatError("004", badAmount);
      assertAnswer("00", good, FULL_CASH - 10_000, FULL_HJARTAN);
    }
  }

  @Test
  void shouldCloseOnlyTheLinkWhoseFramingBroke() throws IOException {
    try (WireLink broken = server.link(Layout.ASCII);
        WireLink other = server.link(Layout.ASCII)) {
      broken.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertTrue(broken.isClosedByPeer());
      assertEquals("00", other.exchange(Purchase.of(41, "5411", 10_000, Purchase.SUPERMARKET)).require(39));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Layout.class, names = {"BINARY", "ASCII"})
  void shouldAnswerNetworkManagement(Layout layout) throws IOException {
    try (WireLink link = server.link(layout)) {
      for (String function : List.of("001", "301", "002")) {
        WireMessage request = new WireMessage("0800").set(7, "1122101500").set(11, "000077").set(70, function);
        WireMessage answer = link.exchange(request);

        assertEquals("0810", answer.mti);
        assertEquals("00", answer.require(39));
        assertEquals(function, answer.require(70));
        assertEquals("000077", answer.require(11));
      }
      WireMessage unknown =
          link.exchange(new WireMessage("0800").set(7, "1122101500").set(11, "000078").set(70, "999"));
      assertEquals("12", unknown.require(39));
    }
  }

  @Test
  void shouldNeverGiveOneAuthorizationCodeTwice() throws IOException {
    try (WireLink link = server.link(Layout.BINARY)) {
      String first = link.exchange(Purchase.of(43, "5411", 100, Purchase.SUPERMARKET)).require(38);
      String second = link.exchange(Purchase.of(43, "5411", 100, Purchase.SUPERMARKET)).require(38);

      assertNotEquals(first, second);
    }
  }

  private static void assertAnswer(String code, WireMessage answer, long cash, long hjartan) {
    assertEquals(code, answer.require(39), answer.toString());
    assertEquals(cash, Purchase.cash(answer), "CASH in " + answer);
    assertEquals(hjartan, Purchase.hjartan(answer), "HJARTAN in " + answer);
  }

  private static void assertFormatError(String field, WireMessage answer) {
    assertEquals("30", answer.require(39), answer.toString());
    assertEquals(field, answer.require(44).trim(), answer.toString());
  }
}
