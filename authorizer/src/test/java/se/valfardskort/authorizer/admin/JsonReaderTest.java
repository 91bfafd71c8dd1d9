package se.valfardskort.authorizer.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON as it is, and what is close to it. */
final class JsonReaderTest {
  @Test
  void shouldReadWhatIsJson() {
    assertEquals(
        Map.of("a", List.of(1L, -20L, 0L), "b", Map.of("c", true, "d", "\u00e5\"\\/\n\u2764"), "e", List.of()),
        JsonReader.read(
            " {\"a\":[1,-20, 0],\n\"b\":{\"c\":true,\"d\":\"\\u00e5\\\"\\\\\\/\\n\u2764\"},\t\"e\":[]}\r\n"));
  }

  @Test
  void shouldReadWhatItsOwnWriterWrote() {
    Map<String, Object> value = Map.of("name", "K\u00f6rkort \u2764 \"x\"", "list", List.of(Map.of("n", 12L), "t"));

    assertEquals(value, JsonReader.read(JsonObject.of(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "01", "+1", "1.5", "1e3", "NaN", "1 2", "nul",
        "truee", "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "\"open", "\"a\tb\"", "{\"a\" 1}", "{\"a\":1 \"b\":2}",
        "{\"a\":1,\"a\":2}", "[[[[[[[[[[1]]]]]]]]]]", "1234567890123456789", "\ufeff{}", "[1]x", "/**/1", "-"
      })
  void shouldRefuseWhatIsNot(String text) {
    assertThrows(IllegalArgumentException.class, () -> JsonReader.read(text));
  }
}
