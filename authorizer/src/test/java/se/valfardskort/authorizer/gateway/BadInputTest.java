package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of bad input (docs/partner, "Bad input"), row by row, over real sockets: close, ignore, or answer. Beside
 * each bad connection a good one goes on, and is asked again after every row.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final String CLOSE = "close";
  private static final String IGNORE = "ignore";

  private final GatewayFixture[] gateways = new GatewayFixture[2];
  private final Client[] neighbours = new Client[2];

  @BeforeAll
  void start() throws Exception {
    for (int i = 0; i < 2; i++) {
      gateways[i] = new GatewayFixture(i == 1, Links.of(i == 1));
      neighbours[i] = gateways[i].connect();
    }
  }

  @AfterAll
  void stop() throws Exception {
    for (int i = 0; i < 2; i++) {
      neighbours[i].close();
      gateways[i].close();
    }
  }

  static Stream<Arguments> rows() {
    List<Arguments> rows = new ArrayList<>();
    framingRows(rows);
    for (boolean packed : new boolean[] {true, false}) {
      headRows(rows, packed);
      fieldRows(rows, packed);
      contentRows(rows, packed);
    }
    return rows.stream();
  }

  private static void row(List<Arguments> rows, boolean packed, String name, byte[] bytes, String expected) {
    rows.add(Arguments.of(packed, name, bytes, expected));
  }

  private static void row(List<Arguments> rows, boolean packed, String name, Wire message, String expected) {
    row(rows, packed, name, message.frame(), expected);
  }

  private static void framingRows(List<Arguments> rows) {
    row(rows, true, "1 length 0", Wire.hex("0000"), CLOSE);
    row(rows, false, "1 length 0", Wire.ascii("0000"), CLOSE);
    for (int length = 1; length <= 3; length++) {
      row(rows, true, "2 length " + length, Wire.frame(true, new byte[length]), CLOSE);
      row(rows, false, "2 length " + length, Wire.frame(false, new byte[length]), CLOSE);
    }
    row(rows, true, "3 length above the maximum", Wire.hex("1001"), CLOSE);
    row(rows, false, "3 length above the maximum", Wire.ascii("4097"), CLOSE);
    row(rows, true, "4 length FFFF", Wire.hex("FFFF"), CLOSE);
    row(rows, true, "10 ASCII length on a binary link", Links.purchase(false).frame(), CLOSE);
    row(rows, false, "10 binary length on an ASCII link", Links.purchase(true).frame(), CLOSE);
    row(rows, false, "negative length", Wire.ascii("-001"), CLOSE);
    row(rows, false, "letters for a length", Wire.ascii("XXXX"), CLOSE);
    byte[] http = Wire.ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    byte[] tls = Wire.hex("16030100C8010000C40303" + "00".repeat(64));
    row(rows, true, "11 HTTP", http, CLOSE);
    row(rows, false, "11 HTTP", http, CLOSE);
    row(rows, true, "11 TLS", tls, CLOSE);
    row(rows, false, "11 TLS", tls, CLOSE);
  }

  private static void headRows(List<Arguments> rows, boolean packed) {
    Wire good = Links.purchase(packed);
    byte[] type = good.body();
    type[1] = (byte) (packed ? 0xF0 : 'F');
    row(rows, packed, "17 type not digits", Wire.frame(packed, type), IGNORE);
    row(rows, packed, "18 type of another version", good.copy("2100"), IGNORE);
    row(rows, packed, "18 type of the version of 1993", good.copy("1100"), IGNORE);
    row(rows, packed, "18 type without class", good.copy("0000"), IGNORE);
    row(rows, packed, "19 an answer", good.copy("0110"), IGNORE);
    row(rows, packed, "19 an answer to a reversal", good.copy("0410"), IGNORE);
    row(rows, packed, "19 an answer to network management", good.copy("0810"), IGNORE);
    row(rows, packed, "a notification", good.copy("0140"), IGNORE);
    row(rows, packed, "20 class that is not handled", good.copy("0300"), "12");
    row(rows, packed, "20 administration", good.copy("0600"), "12");
    int half = packed ? 2 : 4;
    byte[] head = Arrays.copyOf(good.body(), half + 5);
    row(rows, packed, "22 bitmap cut off", Wire.frame(packed, head), IGNORE);
    byte[] first = Arrays.copyOf(good.body(), half + (packed ? 8 : 16));
    first[half] = (byte) (packed ? 0x80 : '8');
    row(rows, packed, "24 second bitmap missing", Wire.frame(packed, first), IGNORE);
    byte[] none = first.clone();
    Arrays.fill(none, half, none.length, (byte) (packed ? 0 : '0'));
    row(rows, packed, "27 no bits set", Wire.frame(packed, none), IGNORE);
    byte[] withSecond = good.copy("0100").with(70, "301").body();
    int second = half + (packed ? 8 : 16);
    withSecond[second] = (byte) (packed ? withSecond[second] | 0x80 : '8');
    row(rows, packed, "25 bit 65 set", Wire.frame(packed, withSecond), "30/065");
    if (packed) {
      String all = "0100" + "FF".repeat(16) + "16" + "9752000000000001" + "000000" + "000000012345".repeat(3)
          + "1122093000" + "00000000".repeat(3) + "000123" + "10";
      row(rows, true, "26 all bits set", Wire.frame(true, Wire.hex(all)), "30/012");
    } else {
      byte[] noHex = good.body();
      noHex[10] = 'Z';
      row(rows, false, "23 bitmap not hex", Wire.frame(false, noHex), IGNORE);
    }
  }

  private static void fieldRows(List<Arguments> rows, boolean packed) {
    Wire good = Links.purchase(packed);
    byte[] trailing = Arrays.copyOf(good.body(), good.body().length + 1);
    row(rows, packed, "7 bytes trail", Wire.frame(packed, trailing), "30/000");
    row(rows, packed, "29 LLVAR over its maximum", good.copy("0100").with(2, "97520000000000000000"), "30/002");
    Wire withText = good.copy("0100").without(49).with(48, "HELLO");
    int prefix = withText.body().length - 5 - (packed ? 2 : 3);
    byte[] past = withText.body();
    past[prefix] = (byte) (packed ? 9 : '9');
    row(rows, packed, "30 LLLVAR past the end", Wire.frame(packed, past), "30/048");
    byte[] letters = withText.body();
    letters[prefix] = (byte) (packed ? 0x0A : 'X');
    row(rows, packed, "31 length prefix not digits", Wire.frame(packed, letters), "30/048");
    String amount = packed ? "00000001234A" : "+00000012345";
    row(rows, packed, "32, 38 amount not digits", good.copy("0100").with(4, amount), "30/004");
    String stan = packed ? "00012F" : "00012X";
    row(rows, packed, "44 STAN not digits", good.copy("0100").with(11, stan), "30/011");
    row(rows, packed, "DE 7 not digits", good.copy("0100").with(7, packed ? "112209300A" : "112209300 "), "30/007");
    row(rows, packed, "neither DE 7 nor DE 11", good.copy("0100").without(7, 11), IGNORE);
    row(rows, packed, "no DE 11", good.copy("0100").without(11), "30/011");
    if (packed) {
      byte[] pad = Wire.message(true, "0100").with(7, "1122093000").with(11, "000123").with(22, "051").body();
      pad[pad.length - 2] |= 0x10;
      row(rows, true, "32 bad pad", Wire.frame(true, pad), "30/022");
    }
  }

  private static void contentRows(List<Arguments> rows, boolean packed) {
    Wire good = Links.purchase(packed);
    row(rows, packed, "33 PAN under 12 digits", good.copy("0100").with(2, "97520000001"), "30/002");
    row(rows, packed, "36 PAN unlike the track's",
        good.copy("0100").with(35, "9752000000000019=30121010000012345"), "30/035");
    row(rows, packed, "37 track without separator", good.copy("0100").with(35, "975200000000000130121010"), "30/035");
    row(rows, packed, "41 currency missing", good.copy("0100").without(49), "30/049");
    row(rows, packed, "42 month 13", good.copy("0100").with(7, "1322093000"), "30/007");
    row(rows, packed, "42 30 February", good.copy("0100").with(13, "0230"), "30/013");
    row(rows, packed, "46 MCC missing", good.copy("0100").without(18), "30/018");
    row(rows, packed, "46 MCC 0000", good.copy("0100").with(18, "0000"), "30/018");
    row(rows, packed, "48 CRLF in DE 42", good.copy("0100").with(42, "ICA\r\nInjected  "), "30/042");
    row(rows, packed, "48 NUL in DE 41", good.copy("0100").with(41, "TERM\u0000001"), "30/041");
    row(rows, packed, "48 ANSI in DE 43",
        good.copy("0100").with(43, "\u001B[31mKVANTUM             BOTKYRKA     SE"), "30/043");
    row(rows, packed, "49 chip data overruns", good.copy("0100").with(55, "9F260811"), "30/055");
    row(rows, packed, "49 chip data nested too deep", good.copy("0100").with(55, "6F0A6F086F066F046F029A00"), "30/055");
    row(rows, packed, "49 a tag twice", good.copy("0100").with(55, "8202112282021122"), "30/055");
    row(rows, packed, "51 reversal without original",
        Links.reversal(packed).without(37, 38, 90), "30/090");
    row(rows, packed, "56 acquirer of someone else", good.copy("0100").with(32, "999999"), "31");
    row(rows, packed, "no acquirer on a link of two", good.copy("0100").without(32), "30/032");
    row(rows, packed, "network management without function", Links.network(packed, "301").without(70), "30/070");
    row(rows, packed, "network management that is not known", Links.network(packed, "399"), "12");
  }

  @ParameterizedTest(name = "binary {0}: {1}")
  @MethodSource("rows")
  void shouldMeetBadInputAsTheTableSays(boolean packed, String name, byte[] bytes, String expected) throws Exception {
    GatewayFixture gateway = gateways[packed ? 1 : 0];
    try (Client client = gateway.connect()) {
      client.send(bytes);

      if (expected.equals(CLOSE)) {
        assertTrue(client.seesTheEnd(), name);
      } else {
        if (!expected.equals(IGNORE)) {
          expect(expected, client.receive(), name);
        }
        assertEquals("00", client.ask(Links.network(packed, "301")).get(39), name + ", and then an echo");
      }
    }

    assertEquals("00", neighbours[packed ? 1 : 0].ask(Links.purchase(packed)).get(39), "the neighbour");
  }

  private static void expect(String expected, Wire answer, String name) {
    assertEquals(expected.substring(0, 2), answer.get(39), name + ": " + answer.mti());
    assertEquals('1', answer.mti().charAt(2), name);
    assertNull(answer.get(38), name);
    if (expected.length() > 2) {
      assertEquals(expected.substring(3), answer.get(44), name);
      assertNull(answer.get(Integer.parseInt(expected.substring(3))), name + ": the offender is not echoed");
    }
  }
}
