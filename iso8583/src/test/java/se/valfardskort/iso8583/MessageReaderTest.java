package se.valfardskort.iso8583;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the reader says of sound and of bad messages, case by case. */
class MessageReaderTest {
  private static MessageReader read(String dialect, String hex) {
    MessageReader reader = new MessageReader(Dialects.load(dialect));
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    reader.wrap(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    return reader;
  }

  private static String ascii(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** MTI, bitmap, fields: bits 3 and 11 are 20 20, bit 2 is 40, bit 41 is 0080 in the sixth byte. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
      # packed message                                       | fault             | DE  | at | reads on to DE 11
      0100 2020000000000000 000000 000001                    | NONE              | 0   | 0  | true
      0100 2020000000000000 00000A 000001                    | BAD_CHAR          | 3   | 12 | true
      0100 2020000000000000 F00000 000001                    | BAD_CHAR          | 3   | 10 | true
      0100 2020000000000000 000000 00000F                    | BAD_CHAR          | 11  | 15 | -
      0100 2020000000000000 000000 000001 00                 | TRAILING_BYTES    | 0   | 16 | true
      0100 2020000000000000 000000 0000                      | TRUNCATED         | 11  | 13 | -
      0100 6020000000000000 05 123450 000000 000001          | NONE              | 0   | 0  | true
      0100 6020000000000000 05 12345F 000000 000001          | BAD_PAD           | 2   | 13 | true
      0100 6020000000000000 05 12345A 000000 000001          | BAD_PAD           | 2   | 13 | true
      0100 6020000000000000 05 1234A0 000000 000001          | BAD_CHAR          | 2   | 13 | true
      0100 6020000000000000 05 1B3450 000000 000001          | BAD_CHAR          | 2   | 11 | true
      0100 6020000000000000 1A 1234 000000 000001            | BAD_LENGTH        | 2   | 10 | -
      0100 6020000000000000 21 1111111111111111111111 000000 000001 | LENGTH_OVER_MAX | 2 | 10 | true
      0100 6020000000000000 99 1111111111                    | TRUNCATED         | 2   | 10 | -
      0100 6020000000000000 00 000000 000001                 | NONE              | 0   | 0  | true
      0100 6020000000000000                                  | TRUNCATED         | 2   | 10 | -
      0100 0020010000000000 000001 1333                      | BAD_PAD           | 24  | 13 | true
      0100 0020001000000000 000001 4300000100                | NONE              | 0   | 0  | true
      0100 0020001000000000 000001 4500000100                | BAD_SIGN          | 28  | 13 | true
      0100 0020001000000000 000001 430000010A                | BAD_CHAR          | 28  | 17 | true
      0100 0020000000800000 000001 4142434445464700          | BAD_CHAR          | 41  | 20 | true
      0100 0020000000800000 000001 4142431B45464748          | BAD_CHAR          | 41  | 16 | true
      0100 0020000000800000 000001 7F42434445464748          | BAD_CHAR          | 41  | 13 | true
      0100 0020000000800000 000001 C5C4D6E5E4F62020          | NONE              | 0   | 0  | true
      0100 0020000020000000 000001 09 12345D4510             | NONE              | 0   | 0  | true
      0100 0020000020000000 000001 09 12345C4510             | BAD_CHAR          | 35  | 16 | true
      0100 8020000000000000 8000000000000000 000001 00       | FIELD_NOT_DEFINED | 65  | 21 | true
      0100 8020000000000000 0400000000000000 000001 0301     | NONE              | 0   | 0  | true
      """)
  void shouldNameTheFirstFaultAndReadOn(String hex, Fault fault, int de, int at, Boolean readsOn) {
    MessageReader reader = read("iso87-binary", hex);

    assertEquals(fault, reader.fault(), reader.faultMessage());
    assertEquals(de, reader.faultDe());
    assertEquals(at, reader.faultOffset());
    assertEquals(100, reader.mti());
    assertEquals(Boolean.TRUE.equals(readsOn), reader.readable(11));
    boolean content = fault != Fault.NONE && !fault.endsReading() && de > 1;
    if (content) {
      assertTrue(reader.has(de) && !reader.readable(de));
    }
    if (fault.endsReading()) {
      assertFalse(reader.has(de));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      iso87-binary | ''                                    | TRUNCATED  | 0 | 0
      iso87-binary | 01                                    | TRUNCATED  | 0 | 0
      iso87-binary | 0100                                  | TRUNCATED  | 1 | 2
      iso87-binary | 0100 20200000000000                   | TRUNCATED  | 1 | 2
      iso87-binary | 0100 A020000000000000                 | TRUNCATED  | 1 | 10
      iso87-binary | 0100 A020000000000000 000000 000001   | TRUNCATED  | 1 | 10
      iso87-binary | 1100 2020000000000000 000000 000001   | BAD_MTI    | 0 | 0
      iso87-binary | 010A 2020000000000000 000000 000001   | BAD_MTI    | 0 | 0
      iso87-ascii  | 3031303F                              | BAD_MTI    | 0 | 0
      iso87-ascii  | 303130302020202020202020202020202020202020 | BAD_BITMAP | 1 | 4
      iso87-ascii  | 3031303030303230303030303030303030303047 | BAD_BITMAP | 1 | 19
      """)
  void shouldGiveUpWhereNothingCanBeTrusted(String dialect, String hex, Fault fault, int de, int at) {
    MessageReader reader = new MessageReader(Dialects.load(dialect));
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

    DecodeResult result = reader.wrap(Unpooled.wrappedBuffer(bytes), 0, bytes.length);

    assertEquals(DecodeResult.UNREADABLE, result);
    assertEquals(fault, reader.fault());
    assertEquals(de, reader.faultDe());
    assertEquals(at, reader.faultOffset());
    for (int field = 0; field <= Dialect.MAX_DE; field++) {
      assertFalse(reader.has(field), "DE " + field);
    }
  }

  @Test
  void shouldGiveNumbersTextsAndParts() {
    String de90 = "0100" + "000123" + "1122033044" + "00000123456" + "00000000000";
    MessageReader reader = read("iso87-ascii", ascii("0400" + "F000001100808000" + "0000004000000000"
        + "16" + "9752000000000018" + "003000" + "000000012345" + "D00000250"
        + "11" + "00000123456" + "BUTIK001" + "752" + de90));

    assertEquals(Fault.NONE, reader.fault(), reader.faultMessage());
    assertEquals(400, reader.mti());
    assertEquals(9752000000000018L, reader.number(2));
    assertEquals(3000, reader.number(3));
    assertEquals(12345, reader.number(4));
    assertEquals(-250, reader.number(28));
    assertEquals(9, reader.length(28));
    assertEquals('D', reader.textAt(28, 0));
    assertEquals(123456, reader.number(32));
    assertEquals(MessageReader.NOT_A_NUMBER, reader.number(41));
    assertEquals(752, reader.number(49));
    assertEquals(MessageReader.NOT_A_NUMBER, reader.number(90));
    assertEquals(100, reader.number(90, 0, 4));
    assertEquals(1122033044L, reader.number(90, 10, 10));
    assertEquals(123456, reader.number(90, 20, 11));
    assertEquals(MessageReader.NOT_A_NUMBER, reader.number(90, 40, 3));
    assertTrue(reader.textEquals(41, "BUTIK001"));
    assertFalse(reader.textEquals(41, "BUTIK002"));
    assertFalse(reader.textEquals(41, "BUTIK"));
  }

  @Test
  void shouldTellWhereAFieldStandsInTheBuffer() {
    byte[] bytes = HexFormat.of().parseHex("FFFF" + "0100602000000000000005123450000000000001");
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    MessageReader reader = new MessageReader(Dialects.load("iso87-binary"));

    reader.wrap(buf, 2, bytes.length - 2);

    assertEquals("05123450", ByteBufUtil.hexDump(buf, reader.wireOffset(2), reader.wireLength(2)));
    assertEquals("000001", ByteBufUtil.hexDump(buf, reader.wireOffset(11), reader.wireLength(11)));
    assertEquals(0, buf.readerIndex());
  }

  @Test
  void shouldCrashOnAQuestionAboutAnUnreadableField() {
    MessageReader reader = read("iso87-binary", "01002020000000000000 00000A 000001");

    assertThrows(IllegalStateException.class, () -> reader.number(3));
    assertThrows(IllegalStateException.class, () -> reader.length(4));
    assertThrows(IllegalStateException.class, () -> reader.wireOffset(4));
    assertThrows(IndexOutOfBoundsException.class, () -> reader.textAt(11, 6));
    assertEquals(3, reader.wireLength(3));
  }

  @Test
  void shouldForgetTheMessageWhenWiped() {
    MessageReader reader = read("iso87-binary", "01002020000000000000 000000 000001");

    reader.wipe();

    assertFalse(reader.has(11));
    assertEquals(-1, reader.mti());
    for (byte b : reader.frame()) {
      assertEquals(0, b);
    }
  }

  @Test
  void shouldSayWhatIsWrongWhereAndTheMendButNoValue() {
    MessageReader reader = read("iso87-binary", "0100 6020000000000000 05 98765F 000000 000001");

    String message = reader.faultMessage();

    assertTrue(message.startsWith("DE 2 (Primary account number), byte 13 of 20: "), message);
    assertFalse(message.contains("9876"), message);
  }
}
