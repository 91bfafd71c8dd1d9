package se.valfardskort.iso8583;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person gets to see of a message, and what not. */
class MessagePrinterTest {
  @ParameterizedTest
  @ValueSource(strings = {"iso87-binary", "iso87-ascii"})
  void shouldShowEverythingButSecrets(String name) {
    Dialect dialect = Dialects.load(name);
    ByteBuf buf = Unpooled.buffer();
    int length = SampleMessage.write(new MessageWriter(dialect), buf);
    MessageReader reader = new MessageReader(dialect);
    reader.wrap(buf, 0, length);

    for (String shown : new String[] {MessagePrinter.describe(reader), MessagePrinter.line(reader)}) {
      assertTrue(shown.startsWith("0100"), shown);
      assertTrue(shown.contains("975200******0018"), shown);
      assertTrue(shown.contains("000000024950"), shown);
      assertTrue(shown.contains("ODLING000000001"), shown);
      assertTrue(shown.contains("R001 975200******0018"), shown);
      for (String secret : new String[] {"9752000000000018", "30122", "CVV", "123 ", "12AB", "4AB", "5839"}) {
        assertFalse(shown.contains(secret), secret + " in " + shown);
      }
    }
    String described = MessagePrinter.describe(reader);
    assertTrue(described.contains("authorization request"), described);
    assertTrue(described.contains("Primary account number"), described);
    assertTrue(described.contains("(hidden, 8 bytes)"), described);
    assertEquals(-1, MessagePrinter.line(reader).indexOf('\n'));
  }

  @Test
  void shouldEscapeWhatCouldWriteIntoATerminalAndHideWhatIsFaulty() {
    byte[] bytes = ("0100" + "4020000000000010" + "1697520000000000AA" + "000001" + "009A\u001b[2J\nB\u009b\\")
        .getBytes(StandardCharsets.ISO_8859_1);
    MessageReader reader = new MessageReader(Dialects.load("iso87-ascii"));
    reader.wrap(Unpooled.wrappedBuffer(bytes), 0, bytes.length);

    String line = MessagePrinter.line(reader);

    assertEquals("0100 2=(not readable) 11=000001 60=A\\x1B[2J\\x0AB\\x9B\\\\ fault=BAD_CHAR de=2 byte=36", line);
    assertTrue(MessagePrinter.describe(reader).endsWith("  !!!  " + reader.faultMessage()));
    assertFalse(MessagePrinter.describe(reader).contains("9752"), "a faulty PAN is a PAN");
  }

  @Test
  void shouldShowAnUnreadableMessage() {
    MessageReader reader = new MessageReader(Dialects.load("iso87-binary"));
    reader.wrap(Unpooled.wrappedBuffer(new byte[] {(byte) 0xFF, 0}), 0, 2);

    assertEquals("???? fault=BAD_MTI de=0 byte=0", MessagePrinter.line(reader));
  }

  @Test
  void shouldNameMessageTypes() {
    assertEquals("authorization request, repeated", MessagePrinter.typeName(101));
    assertEquals("reversal advice", MessagePrinter.typeName(420));
    assertEquals("network management answer", MessagePrinter.typeName(1814));
  }
}
