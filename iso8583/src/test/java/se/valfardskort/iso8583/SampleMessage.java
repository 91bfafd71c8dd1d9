package se.valfardskort.iso8583;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** A purchase as a terminal sends it: a 0100 of nineteen fields. */
final class SampleMessage {
  private static final byte[] PAN = "9752000000000018".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] TRACK = "9752000000000018=301222100000".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] PIN_BLOCK = {0x12, 0x34, (byte) 0xAB, 0x56, (byte) 0xCD, 0x78, 0x01, (byte) 0xFF};

  private SampleMessage() {}

  static int write(MessageWriter writer, ByteBuf out) {
    writer.begin(out, 100);
    writer.text(2, PAN, 0, PAN.length);
    writer.number(3, 3000);
    writer.number(4, 24_950);
    writer.number(7, 1_122_033_044L);
    writer.number(11, 4711);
    writer.number(12, 43_044);
    writer.number(13, 1122);
    writer.number(14, 3012);
    writer.number(18, 5411);
    writer.number(22, 51);
    writer.number(25, 0);
    writer.number(28, -250);
    writer.number(32, 123_456);
    writer.text(35, TRACK, 0, TRACK.length);
    writer.text(37, "632604004711");
    writer.text(41, "TERM0001");
    writer.text(42, "ODLING000000001");
    writer.text(43, "ODLINGSFORENINGEN       TUMBA        SWE");
    writer.text(48, "CVV 123");
    writer.number(49, 752);
    writer.binary(52, PIN_BLOCK, 0, 8);
    writer.text(60, "R001 9752000000000018");
    writer.text(102, "SE4550000000058398257466");
    return writer.end();
  }
}
