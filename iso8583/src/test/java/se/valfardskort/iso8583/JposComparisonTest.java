package se.valfardskort.iso8583;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jpos.iso.ISOMsg;
import org.jpos.iso.packager.GenericPackager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** jPOS's own packager, loaded from our files, is the second, independent opinion on every byte. */
class JposComparisonTest {
  private static final int MESSAGES = 4_000;

  @ParameterizedTest
  @CsvSource({"iso87-binary, 8583", "iso87-ascii, 8584", "iso93-binary, 8593", "every-class, 8585"})
  void shouldWriteTheSameBytesAsJposAndReadWhatItWrites(String name, long seed) throws Exception {
    Dialect dialect = Dialects.load(name);
    GenericPackager jpos = new GenericPackager(Dialects.file(name).toString());
    RandomMessages random = new RandomMessages(dialect, seed);
    MessageWriter writer = new MessageWriter(dialect);
    MessageReader reader = new MessageReader(dialect);
    ByteBuf buf = Unpooled.buffer(64 * 1024);

    for (int n = 0; n < MESSAGES; n++) {
      String place = name + ", seed " + seed + ", message " + n;
      int type = random.messageType();
      Map<Integer, byte[]> fields = random.fields();

      byte[] theirs = pack(jpos, dialect, type, fields);
      buf.clear().writeZero(n % 7);
      int length = write(writer, dialect, buf, type, fields);
      byte[] ours = ByteBufUtil.getBytes(buf, n % 7, length);
      assertArrayEquals(theirs, ours, place);

      assertEquals(DecodeResult.OK, reader.wrap(buf, n % 7, length), () -> place + ": " + reader.faultMessage());
      assertReads(reader, dialect, type, fields, place);
      assertJposReads(jpos, ours, dialect, type, fields, place);
    }
  }

  @ParameterizedTest
  @CsvSource({"iso87-binary, 1", "iso87-ascii, 2", "iso93-binary, 4", "every-class, 3"})
  void shouldAgreeWithJposOnEachFieldAlone(String name, long seed) throws Exception {
    Dialect dialect = Dialects.load(name);
    GenericPackager jpos = new GenericPackager(Dialects.file(name).toString());
    RandomMessages random = new RandomMessages(dialect, seed);
    MessageWriter writer = new MessageWriter(dialect);
    ByteBuf buf = Unpooled.buffer(4096);
    StringBuilder differences = new StringBuilder();
    int type = 1000 * dialect.mtiVersion() + 800;

    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      for (int n = 0; n < 20 && dialect.defines(de) && dialect.maxLength(de) > 0; n++) {
        Map<Integer, byte[]> one = Map.of(de, random.value(de));
        buf.clear();
        String theirs = HexFormat.of().formatHex(pack(jpos, dialect, type, one));
        String ours = ByteBufUtil.hexDump(buf, 0, write(writer, dialect, buf, type, one));
        if (!theirs.equals(ours)) {
          differences.append("DE ").append(de).append(": ").append(theirs).append(" / ").append(ours).append('\n');
          break;
        }
      }
    }

    assertEquals("", differences.toString(), name + ", seed " + seed + ", jPOS / ours");
  }

  static Stream<String> valuesOf1993() throws IOException {
    return Files.readAllLines(Dialects.resource("vectors/values93.jsonl")).stream();
  }

  @ParameterizedTest
  @MethodSource("valuesOf1993")
  void shouldCarryTheValuesOfOtherLibraries(String line) throws Exception {
    Dialect dialect = Dialects.load("iso93-binary");
    GenericPackager jpos = new GenericPackager(Dialects.file("iso93-binary").toString());
    Map<Integer, byte[]> fields = new TreeMap<>();
    int type = 0;
    for (Map.Entry<String, JsonNode> field : new ObjectMapper().readTree(line).get("fields").properties()) {
      int de = Integer.parseInt(field.getKey());
      String value = field.getValue().asText();
      if (de == 0) {
        type = Integer.parseInt(value);
      } else {
        fields.put(de, dialect.isBinary(de)
            ? HexFormat.of().parseHex(value) : value.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    MessageReader reader = new MessageReader(dialect);
    ByteBuf buf = Unpooled.buffer(4096);

    byte[] theirs = pack(jpos, dialect, type, fields);
    int length = write(new MessageWriter(dialect), dialect, buf, type, fields);

    assertArrayEquals(theirs, ByteBufUtil.getBytes(buf, 0, length));
    assertEquals(DecodeResult.OK, reader.wrap(buf, 0, length), reader::faultMessage);
    assertReads(reader, dialect, type, fields, line);
  }

  private static byte[] pack(GenericPackager jpos, Dialect dialect, int type, Map<Integer, byte[]> fields)
      throws Exception {
    ISOMsg msg = new ISOMsg();
    msg.setPackager(jpos);
    msg.setMTI(String.format("%04d", type));
    for (Map.Entry<Integer, byte[]> field : fields.entrySet()) {
      if (dialect.isBinary(field.getKey())) {
        msg.set(field.getKey(), field.getValue());
      } else {
        msg.set(field.getKey(), new String(field.getValue(), StandardCharsets.ISO_8859_1));
      }
    }
    return msg.pack();
  }

  private static int write(MessageWriter writer, Dialect dialect, ByteBuf buf, int type, Map<Integer, byte[]> fields) {
    writer.begin(buf, type);
    for (Map.Entry<Integer, byte[]> field : fields.entrySet()) {
      int de = field.getKey();
      byte[] value = field.getValue();
      String text = new String(value, StandardCharsets.ISO_8859_1);
      if (dialect.isBinary(de)) {
        writer.binary(de, value, 0, value.length);
      } else if (dialect.isFixed(de) && value.length <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        writer.number(de, Long.parseLong(text));
      } else if (de % 2 == 0) {
        writer.text(de, text);
      } else {
        writer.text(de, value, 0, value.length);
      }
    }
    return writer.end();
  }

  private static void assertReads(
      MessageReader reader, Dialect dialect, int type, Map<Integer, byte[]> fields, String place) {
    byte[] copy = new byte[1000];
    assertEquals(type, reader.mti(), place);
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      String where = place + ", DE " + de;
      byte[] value = fields.get(de);
      assertEquals(value != null, reader.has(de), where);
      assertEquals(value != null, reader.readable(de), where);
      if (value == null) {
        continue;
      }
      assertEquals(value.length, reader.length(de), where);
      if (dialect.isBinary(de)) {
        assertEquals(value.length, reader.copyBinary(de, copy, 0), where);
      } else {
        assertEquals(value.length, reader.copyText(de, copy, 0), where);
        assertNumber(reader, de, value, where);
        for (int i = 0; i < value.length; i++) {
          assertEquals(value[i], reader.textAt(de, i), where);
        }
      }
      assertArrayEquals(value, Arrays.copyOf(copy, value.length), where);
    }
  }

  private static void assertNumber(MessageReader reader, int de, byte[] value, String where) {
    String text = new String(value, StandardCharsets.ISO_8859_1);
    boolean amount = ContentRules.isAmount(reader.dialect().op[de]);
    String digits = amount ? text.substring(1) : text;
    long expected = MessageReader.NOT_A_NUMBER;
    if (digits.length() <= 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      expected = amount && text.charAt(0) == 'D' ? -Long.parseLong(digits) : Long.parseLong(digits);
    }
    assertEquals(expected, reader.number(de), where);
  }

  private static void assertJposReads(
      GenericPackager jpos, byte[] ours, Dialect dialect, int type, Map<Integer, byte[]> fields, String place)
      throws Exception {
    ISOMsg msg = new ISOMsg();
    msg.setPackager(jpos);
    assertEquals(ours.length, msg.unpack(ours), place);
    assertEquals(type, Integer.parseInt(msg.getMTI()), place);
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      byte[] value = fields.get(de);
      assertEquals(value != null, msg.hasField(de), place);
      // jPOS 3.0.1 does not read back what its own IFE_BINARY wrote; that ours wrote the same bytes is known by now.
      if (value != null && dialect.op[de] != FieldClass.HEX_EBCDIC) {
        byte[] theirs = dialect.isBinary(de) ? msg.getBytes(de)
            : msg.getString(de).getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(Arrays.equals(value, theirs), place + ", DE " + de);
      }
    }
  }
}
