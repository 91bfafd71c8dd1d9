package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;
import se.valfardskort.iso8583.MessageWriter;

/** Expectations by hand: type, sixteen hexadecimal digits a bitmap, then DE 7, 11, (12, 24,) 70. */
class NetworkWordsTest {
  private static final long AT_MS = Instant.parse("2026-11-22T09:30:05Z").toEpochMilli();
  private static final Dialect OF_1993 = Dialect.load(new StringReader("""
      <?valfardskort mti-version="1"?>
      <isopackager>
        <isofield id="0" length="4" name="Type" class="org.jpos.iso.IFA_NUMERIC"/>
        <isofield id="1" length="16" name="Bitmap" class="org.jpos.iso.IFA_BITMAP"/>
        <isofield id="7" length="10" name="Transmission" class="org.jpos.iso.IFA_NUMERIC"/>
        <isofield id="11" length="6" name="STAN" class="org.jpos.iso.IFA_NUMERIC"/>
        <isofield id="12" length="12" name="Local time" class="org.jpos.iso.IFA_NUMERIC"/>
        <isofield id="24" length="3" name="Function" class="org.jpos.iso.IFA_NUMERIC"/>
        <isofield id="39" length="3" name="Action" class="org.jpos.iso.IFA_NUMERIC"/>
      </isopackager>
      """), "1993");

  @Test
  void shouldSayIn1987() {
    assertEquals("0800" + "8220000000000000" + "0400000000000000" + "1122093005" + "000042" + "001",
        written(Links.dialect(false), NetworkFunction.SIGN_ON));
    assertTrue(written(Links.dialect(false), NetworkFunction.SIGN_OFF).endsWith("000042" + "002"));
    assertTrue(written(Links.dialect(false), NetworkFunction.ECHO).endsWith("000042" + "301"));
  }

  @Test
  void shouldSayIn1993() {
    assertEquals("1804" + "0230010000000000" + "1122093005" + "000042" + "261122093005" + "801",
        written(OF_1993, NetworkFunction.SIGN_ON));
    assertTrue(written(OF_1993, NetworkFunction.SIGN_OFF).endsWith("802"));
    assertTrue(written(OF_1993, NetworkFunction.ECHO).endsWith("831"));
  }

  @Test
  void shouldKnowItsAnswerByTypeAndStan() {
    assertTrue(isAnswer(Links.dialect(false), "0810" + "0020000002000000" + "000042" + "00"));
    assertFalse(isAnswer(Links.dialect(false), "0810" + "0020000002000000" + "000043" + "00"));
    assertFalse(isAnswer(Links.dialect(false), "0110" + "0020000002000000" + "000042" + "00"));
    assertTrue(isAnswer(OF_1993, "1814" + "0020000002000000" + "000042" + "800"));
    assertFalse(isAnswer(OF_1993, "1810" + "0020000002000000" + "000042" + "800"));
  }

  @Test
  void shouldKnowApproval() {
    assertTrue(approves(Links.dialect(false), "0810" + "0020000002000000" + "000042" + "00"));
    assertFalse(approves(Links.dialect(false), "0810" + "0020000002000000" + "000042" + "12"));
    assertFalse(approves(Links.dialect(false), "0810" + "0020000000000000" + "000042"));
    assertTrue(approves(OF_1993, "1814" + "0020000002000000" + "000042" + "800"));
    assertFalse(approves(OF_1993, "1814" + "0020000002000000" + "000042" + "909"));
  }

  private static String written(Dialect dialect, NetworkFunction function) {
    ByteBuf out = Unpooled.buffer();
    NetworkWords.of(dialect).write(new MessageWriter(dialect), out, function, 42, AT_MS);
    return out.toString(StandardCharsets.US_ASCII);
  }

  private static boolean isAnswer(Dialect dialect, String message) {
    return NetworkWords.of(dialect).isAnswer(read(dialect, message), 42);
  }

  private static boolean approves(Dialect dialect, String message) {
    return NetworkWords.of(dialect).approves(read(dialect, message));
  }

  private static MessageReader read(Dialect dialect, String message) {
    MessageReader reader = new MessageReader(dialect);
    ByteBuf in = Unpooled.copiedBuffer(message, StandardCharsets.US_ASCII);
    reader.wrap(in, 0, in.readableBytes());
    return reader;
  }
}
