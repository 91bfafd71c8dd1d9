package se.valfardskort.iso8583;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages and frames from elsewhere; see vectors/SOURCE.md. */
class VectorsTest {
  static Stream<JsonNode> messages() throws IOException {
    return lines("messages");
  }

  static Stream<JsonNode> malformed() throws IOException {
    return lines("malformed").filter(vector -> vector.has("file"));
  }

  static Stream<JsonNode> frames() throws IOException {
    return lines("malformed").filter(vector -> vector.has("framing"));
  }

  private static Stream<JsonNode> lines(String name) throws IOException {
    ObjectMapper json = new ObjectMapper();
    return Files.readAllLines(Dialects.resource("vectors/" + name + ".jsonl")).stream().map(line -> {
      try {
        return json.readTree(line);
      } catch (IOException e) {
        throw new IllegalStateException(line, e);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("messages")
  void shouldReadMessagesOfOtherLibraries(JsonNode vector) {
    Dialect dialect = Dialects.load(vector.get("file").asText());
    ByteBuf buf = Unpooled.wrappedBuffer(HexFormat.of().parseHex(vector.get("hex").asText()));
    int start = 0;
    if (!vector.get("frame").isNull()) {
      FrameFormat format = FrameFormat.parse(vector.get("frame").asText());
      start = format.headerLength() + format.fixedHeaderLength();
      assertEquals(buf.readableBytes() - 2, format.frameLength(buf, 0));
    }

    MessageReader reader = new MessageReader(dialect);
    DecodeResult result = reader.wrap(buf, start, buf.readableBytes() - start);

    assertEquals(vector.get("fault").asText(), reader.fault().name(), reader.faultMessage());
    assertEquals(vector.get("faultDe").asInt(), reader.faultDe());
    assertEquals(reader.fault() == Fault.NONE ? DecodeResult.OK : DecodeResult.FAULT, result);
    for (Map.Entry<String, JsonNode> field : vector.get("fields").properties()) {
      assertField(reader, Integer.parseInt(field.getKey()), field.getValue().asText());
    }
  }

  private static void assertField(MessageReader reader, int de, String expected) {
    if (de == 0) {
      assertEquals(Integer.parseInt(expected), reader.mti());
      return;
    }
    if (de == 1 || faultyLike(reader, de)) {
      return;
    }
    assertTrue(reader.readable(de), "DE " + de);
    byte[] copy = new byte[1000];
    String value = reader.dialect().isBinary(de)
        ? HexFormat.of().withUpperCase().formatHex(copy, 0, reader.copyBinary(de, copy, 0))
        : new String(copy, 0, reader.copyText(de, copy, 0), StandardCharsets.ISO_8859_1);
    String whole = reader.dialect().isFixed(de) && value.matches("[0-9]+")
        ? "0".repeat(value.length() - expected.length()) + expected : expected;
    assertEquals(whole, value, "DE " + de);
  }

  /** jPOS's samples have unsigned fees in DE 28 to 31: the first is the fault, the others are unreadable as well. */
  private static boolean faultyLike(MessageReader reader, int de) {
    boolean fee = de >= 28 && de <= 31 && reader.fault() == Fault.BAD_SIGN;
    if (fee || de == reader.faultDe()) {
      assertTrue(reader.has(de), "DE " + de);
      assertFalse(reader.readable(de), "DE " + de);
      return true;
    }
    return false;
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void shouldNameTheFirstFaultOfBadMessages(JsonNode vector) {
    byte[] bytes = HexFormat.of().parseHex(vector.get("hex").asText());
    MessageReader reader = new MessageReader(Dialects.load(vector.get("file").asText()));

    DecodeResult result = reader.wrap(Unpooled.wrappedBuffer(bytes), 0, bytes.length);

    assertEquals(
        Arrays.asList(vector.get("result").asText(), vector.get("fault").asText(), vector.get("faultDe").asInt(),
            vector.get("faultOffset").asInt()),
        Arrays.<Object>asList(result.name(), reader.fault().name(), reader.faultDe(), reader.faultOffset()));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void shouldJudgeBadFrames(JsonNode vector) {
    FrameFormat format = FrameFormat.parse(vector.get("framing").asText());

    int length = format.frameLength(Unpooled.wrappedBuffer(HexFormat.of().parseHex(vector.get("hex").asText())), 0);

    assertEquals(vector.get("frameLength").asInt(), length);
  }
}
