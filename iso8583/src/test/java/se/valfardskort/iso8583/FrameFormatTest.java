package se.valfardskort.iso8583;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each length header, read, written and refused. */
class FrameFormatTest {
  @ParameterizedTest
  @CsvSource(textBlock = """
      # spec,                  header,   length
      binary2,                 0000,     0
      binary2,                 0001,     -3
      binary2,                 0003,     -3
      binary2,                 0004,     4
      binary2,                 FFFF,     65535
      binary2,                 00,       -1
      binary2,                 '',       -1
      binary2+inclusive,       0010,     14
      binary2+inclusive,       0002,     0
      binary2+inclusive,       0001,     -2
      binary2+inclusive,       0000,     -2
      binary2+tpdu,            0020,     32
      binary2+tpdu,            0008,     -3
      binary2+tpdu,            0000,     0
      binary2+header:AABB,     0005,     -3
      binary2+header:AABB,     0006,     6
      binary3,                 000100,   256
      binary3,                 0001,     -1
      binary4,                 00000100, 256
      binary4,                 7FFFFFFF, 2147483647
      binary4,                 80000000, -2
      binary4,                 FFFFFFFF, -2
      bcd2,                    0256,     256
      bcd2,                    9999,     9999
      bcd2,                    0A00,     -2
      bcd2,                    000F,     -2
      ascii2,                  3939,     99
      ascii3,                  313233,   123
      ascii4,                  30323536, 256
      ascii4,                  30303030, 0
      ascii4,                  2D303031, -2
      ascii4,                  58585858, -2
      ascii4,                  303235,   -1
      ascii4,                  30323541, -2
      ascii4+inclusive,        30303230, 16
      hex4,                    30314130, 416
      hex4,                    30316130, 416
      hex4,                    30314730, -2
      ascii4,                  47455420, -2
      """)
  void shouldReadTheLength(String spec, String header, int expected) {
    ByteBuf buf = Unpooled.buffer().writeZero(3).writeBytes(HexFormat.of().parseHex(header));

    assertEquals(expected, FrameFormat.parse(spec).frameLength(buf, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"binary2", "binary3", "binary4", "bcd2", "ascii2", "ascii3", "ascii4", "hex4",
      "binary2+inclusive", "bcd2+inclusive", "ascii4+inclusive", "binary2+tpdu", "ascii3+header:0102"})
  void shouldReadBackEveryLengthItWrites(String spec) {
    FrameFormat format = FrameFormat.parse(spec);
    ByteBuf buf = Unpooled.buffer(16).writeZero(8);

    int most = Math.min(format.maxFrameLength(), 70_000);
    for (int length = format.fixedHeaderLength() + 4; length <= most; length++) {
      format.setLength(buf, 2, length);
      assertEquals(length, format.frameLength(buf, 2));
    }
    if (format.maxFrameLength() < Integer.MAX_VALUE - 4) {
      assertThrows(IllegalArgumentException.class, () -> format.setLength(buf, 2, format.maxFrameLength() + 1));
    }
    assertThrows(IllegalArgumentException.class, () -> format.setLength(buf, 2, -1));
  }

  @Test
  void shouldSwapTheAddressesOfATpdu() {
    FrameFormat format = FrameFormat.parse("binary2+tpdu");
    ByteBuf request = Unpooled.wrappedBuffer(HexFormat.of().parseHex("001F6000058053AABBCCDD"));
    ByteBuf out = Unpooled.buffer();

    int start = format.startAnswer(out, request, format.headerLength());
    out.writeBytes(HexFormat.of().parseHex("0810"));
    format.finish(out, start);

    assertEquals("000760805300050810", ByteBufUtil.hexDump(out));
  }

  @Test
  void shouldEchoAnyOtherHeaderAndSendItsOwn() {
    FrameFormat format = FrameFormat.parse("ascii4+header:49534F");
    ByteBuf request = Unpooled.wrappedBuffer(HexFormat.of().parseHex("30303037414243"));
    ByteBuf out = Unpooled.buffer();

    format.finish(out, format.startAnswer(out, request, 4));
    format.finish(out, format.startRequest(out));

    assertEquals("30303033" + "414243" + "30303033" + "49534F".toLowerCase(java.util.Locale.ROOT),
        ByteBufUtil.hexDump(out));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "binary5", "binary1", "ascii5", "binary2+", "binary2+tpdu+tpdu", "binary2+tpdu:00",
      "binary2+header:", "binary2+header:XY", "binary2+swapped", "hex2"})
  void shouldSayHowToMendABadSpec(String spec) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> FrameFormat.parse(spec));

    assertTrue(String.valueOf(refusal.getMessage()).startsWith("framing '" + spec + "': "), refusal.getMessage());
  }
}
