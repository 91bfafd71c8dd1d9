package se.valfardskort.iso8583;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The writer's strictness, and answers made of a request's own bytes. */
class MessageWriterTest {
  private static final byte[] NINE = new byte[9];

  private final Dialect dialect = Dialects.load("iso87-binary");
  private final MessageWriter writer = new MessageWriter(dialect);
  private final ByteBuf out = Unpooled.buffer();

  @Test
  void shouldRefuseWhatTheDialectDoesNotAllowWithoutShowingIt() {
    List<Consumer<MessageWriter>> refused = List.of(
        w -> w.number(4, 9_876_543_219_876L),
        w -> w.number(4, -98_765),
        w -> w.number(28, 987_654_321L),
        w -> w.number(52, 98765),
        w -> w.text(4, "98765A"),
        w -> w.text(2, "98765432198765432198"),
        w -> w.text(2, "98765432D8765432"),
        w -> w.text(28, "X98765432"),
        w -> w.text(35, "98765C"),
        w -> w.text(41, "98765\n"),
        w -> w.text(41, "98765\u0100"),
        w -> w.text(41, "987654321"),
        w -> w.text(52, "98765432"),
        w -> w.binary(52, NINE, 0, 7),
        w -> w.binary(52, NINE, 0, 9),
        w -> w.binary(4, NINE, 0, 6),
        w -> w.text(65, "98765"),
        w -> w.text(129, "98765"),
        w -> w.text(1, "98765"),
        w -> {
          w.number(11, 1);
          w.number(4, 98765);
        },
        w -> {
          w.number(11, 1);
          w.number(11, 98765);
        });
    for (int i = 0; i < refused.size(); i++) {
      writer.begin(out, 110);
      Consumer<MessageWriter> attempt = refused.get(i);

      String message = String.valueOf(
          assertThrows(IllegalArgumentException.class, () -> attempt.accept(writer), "case " + i).getMessage());

      assertTrue(message.startsWith("DE "), message);
      assertFalse(message.contains("98765"), message);
      assertEquals(0, out.readableBytes());
    }
  }

  @Test
  void shouldRefuseAMessageTypeOfAnotherVersion() {
    assertThrows(IllegalArgumentException.class, () -> writer.begin(out, 1110));
    assertThrows(IllegalArgumentException.class, () -> writer.begin(out, -1));
    assertThrows(IllegalStateException.class, writer::end);
    assertThrows(IllegalStateException.class, () -> writer.number(4, 1));
  }

  @Test
  void shouldAnnounceTheSecondBitmapOnlyWhereAFieldNeedsIt() {
    writer.begin(out, 810);
    writer.number(11, 1);
    assertEquals(13, writer.end());
    assertEquals("08100020000000000000000001", ByteBufUtil.hexDump(out));

    out.clear();
    writer.begin(out, 810);
    writer.number(11, 1);
    writer.number(70, 301);
    assertEquals(23, writer.end());
    assertEquals("0810" + "8020000000000000" + "0400000000000000" + "000001" + "0301", ByteBufUtil.hexDump(out));
  }

  @Test
  void shouldWriteAfterARefusalAsIfNothingHadHappened() {
    writer.begin(out, 110);
    assertThrows(IllegalArgumentException.class, () -> writer.text(2, "ABC"));

    writer.begin(out, 810);
    writer.number(11, 1);
    writer.end();

    assertEquals("08100020000000000000000001", ByteBufUtil.hexDump(out));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso87-binary", "iso87-ascii"})
  void shouldEchoFieldsByteForByte(String name) {
    Dialect shipped = Dialects.load(name);
    MessageWriter own = new MessageWriter(shipped);
    ByteBuf request = Unpooled.buffer().writeZero(5);
    int length = SampleMessage.write(own, request);
    MessageReader reader = new MessageReader(shipped);
    assertEquals(DecodeResult.OK, reader.wrap(request, 5, length));

    ByteBuf fromReader = Unpooled.buffer();
    ByteBuf fromBuffer = Unpooled.buffer();
    own.begin(fromReader, 100);
    for (int de = 2; de <= 128; de++) {
      if (reader.has(de)) {
        own.copyField(de, reader);
      }
    }
    own.end();
    own.begin(fromBuffer, 100);
    for (int de = 2; de <= 128; de++) {
      if (reader.has(de)) {
        own.copyField(de, request, reader.wireOffset(de), reader.wireLength(de));
      }
    }
    own.end();

    assertEquals(ByteBufUtil.hexDump(request, 5, length), ByteBufUtil.hexDump(fromReader));
    assertEquals(ByteBufUtil.hexDump(request, 5, length), ByteBufUtil.hexDump(fromBuffer));
  }

  @Test
  void shouldNotCopyAsItStandsBetweenDialects() {
    Dialect other = Dialects.load("iso87-ascii");
    ByteBuf request = Unpooled.buffer();
    int length = SampleMessage.write(new MessageWriter(other), request);
    MessageReader reader = new MessageReader(other);
    reader.wrap(request, 0, length);
    writer.begin(out, 110);

    assertThrows(IllegalArgumentException.class, () -> writer.copyField(2, reader));
  }
}
