package se.valfardskort.authorizer.admin;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes maps and lists as JSON on one line. What comes from a network may hold any byte: texts are escaped. */
public final class JsonObject {
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_PRINTABLE = 0x7E;

  private JsonObject() {}

  /** The text of a map, a list, a number, a truth value, a text or null. */
  public static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> map -> {
        StringJoiner members = new StringJoiner(",", "{", "}");
        map.forEach((key, member) -> members.add(text(String.valueOf(key)) + ":" + of(member)));
        yield members.toString();
      }
      case List<?> list -> {
        StringJoiner items = new StringJoiner(",", "[", "]");
        list.forEach(item -> items.add(of(item)));
        yield items.toString();
      }
      case Number number -> number.toString();
      case Boolean flag -> flag.toString();
      default -> text(value.toString());
    };
  }

  private static String text(String value) {
    StringBuilder escaped = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char letter = value.charAt(i);
      if (letter == '"' || letter == '\\') {
        escaped.append('\\').append(letter);
      } else if (letter < FIRST_PRINTABLE || letter > LAST_PRINTABLE) {
        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) letter));
      } else {
        escaped.append(letter);
      }
    }
    return escaped.append('"').toString();
  }
}
