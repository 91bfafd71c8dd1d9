package se.valfardskort.iso8583;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jpos.iso.ISOMsg;
import org.jpos.iso.packager.GenericPackager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged messages: nothing throws, nothing outside the frame takes part, and what we accept jPOS reads the same. */
class HostileBytesTest {
  /** A reader that has just read a frame full of ones, so that anything behind the new frame's end is a trap. */
  private static MessageReader trapped(Dialect dialect) {
    MessageReader reader = new MessageReader(dialect);
    byte[] ones = new byte[4096];
    Arrays.fill(ones, (byte) 0xFF);
    reader.wrap(Unpooled.wrappedBuffer(ones), 0, ones.length);
    return reader;
  }

  private static byte[] message(Dialect dialect) {
    ByteBuf buf = Unpooled.buffer();
    MessageWriter writer = new MessageWriter(dialect);
    SampleMessage.write(writer, buf);
    return ByteBufUtil.getBytes(buf);
  }

  private static DecodeResult wrap(MessageReader reader, byte[] bytes, int length) {
    return reader.wrap(Unpooled.wrappedBuffer(bytes), 0, length);
  }

  /** Asks everything that can be asked, and gives it as one text. */
  private static String everything(MessageReader reader, DecodeResult result) {
    StringBuilder all = new StringBuilder().append(result).append(' ').append(reader.mti()).append(' ')
        .append(reader.faultMessage()).append('\n');
    byte[] copy = new byte[8192];
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      if (reader.readable(de)) {
        int length = reader.dialect().isBinary(de) ? reader.copyBinary(de, copy, 0) : reader.copyText(de, copy, 0);
        all.append(de).append(' ').append(reader.number(de)).append(' ')
            .append(new String(copy, 0, length, StandardCharsets.ISO_8859_1)).append('\n');
      }
      if (reader.has(de)) {
        int end = reader.wireOffset(de) + reader.wireLength(de);
        assertTrue(end <= reader.frameLength(), "DE " + de + " ends at " + end);
      }
    }
    return all.append(MessagePrinter.describe(reader)).append(MessagePrinter.line(reader)).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso87-binary", "iso87-ascii"})
  void shouldNoticeEveryTruncation(String name) {
    Dialect dialect = Dialects.load(name);
    byte[] whole = message(dialect);

    for (int length = 0; length < whole.length; length++) {
      MessageReader trapped = trapped(dialect);
      MessageReader fresh = new MessageReader(dialect);
      DecodeResult result = wrap(trapped, whole, length);
      String fromTrapped = everything(trapped, result);
      byte[] cut = Arrays.copyOf(whole, length);

      assertNotEquals(DecodeResult.OK, result, name + " cut at " + length);
      assertEquals(Fault.TRUNCATED, trapped.fault(), name + " cut at " + length);
      assertEquals(everything(fresh, wrap(fresh, cut, length)), fromTrapped, name + " cut at " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso87-binary", "iso87-ascii"})
  void shouldSurviveEveryFlippedBitAndAgreeWithJposWhereItAccepts(String name) throws Exception {
    Dialect dialect = Dialects.load(name);
    GenericPackager jpos = new GenericPackager(Dialects.file(name).toString());
    byte[] whole = message(dialect);
    int accepted = 0;

    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] bytes = whole.clone();
      bytes[bit >> 3] ^= (byte) (0x80 >>> (bit & 7));
      MessageReader reader = trapped(dialect);
      DecodeResult result = wrap(reader, bytes, bytes.length);
      everything(reader, result);
      if (result == DecodeResult.OK) {
        accepted++;
        assertJposReadsTheSame(jpos, reader, bytes, name + ", bit " + bit);
      }
    }

    assertTrue(accepted > whole.length, "a flipped bit in a text or a digit is another text or digit: " + accepted);
  }

  @ParameterizedTest
  @CsvSource({"iso87-binary, 11", "iso87-ascii, 12", "iso93-binary, 93", "every-class, 13", "ebcdic93, 14"})
  void shouldSurviveNoise(String name, long seed) throws Exception {
    Dialect dialect = Dialects.load(name);
    GenericPackager jpos = new GenericPackager(Dialects.file(name).toString());
    Random random = new Random(seed);
    RandomMessages messages = new RandomMessages(dialect, seed);
    MessageWriter writer = new MessageWriter(dialect);
    MessageReader reader = trapped(dialect);

    for (int n = 0; n < 5_000; n++) {
      ByteBuf buf = Unpooled.buffer();
      writer.begin(buf, messages.messageType());
      messages.fields().forEach((de, value) -> {
        if (dialect.isBinary(de)) {
          writer.binary(de, value, 0, value.length);
        } else {
          writer.text(de, value, 0, value.length);
        }
      });
      byte[] bytes = new byte[writer.end() + random.nextInt(2)];
      buf.getBytes(0, bytes, 0, buf.readableBytes());
      for (int damage = random.nextInt(4); damage > 0; damage--) {
        bytes[random.nextInt(random.nextBoolean() ? Math.min(bytes.length, 40) : bytes.length)] =
            (byte) random.nextInt(256);
      }
      DecodeResult result = wrap(reader, bytes, bytes.length);
      everything(reader, result);
      if (result == DecodeResult.OK && !name.equals("every-class")) {
        assertJposReadsTheSame(jpos, reader, bytes, name + ", seed " + seed + ", message " + n);
      }
    }
  }

  private static void assertJposReadsTheSame(GenericPackager jpos, MessageReader reader, byte[] bytes, String place)
      throws Exception {
    ISOMsg msg = new ISOMsg();
    msg.setPackager(jpos);
    assertEquals(bytes.length, msg.unpack(bytes), place);
    byte[] copy = new byte[8192];
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      assertEquals(reader.has(de), msg.hasField(de), place + ", DE " + de);
      if (reader.has(de)) {
        boolean binary = reader.dialect().isBinary(de);
        int length = binary ? reader.copyBinary(de, copy, 0) : reader.copyText(de, copy, 0);
        byte[] theirs = binary ? msg.getBytes(de) : msg.getString(de).getBytes(StandardCharsets.ISO_8859_1);
        assertArrayEquals(theirs, Arrays.copyOf(copy, length), place + ", DE " + de);
      }
    }
  }
}
