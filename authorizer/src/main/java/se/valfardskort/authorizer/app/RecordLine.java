package se.valfardskort.authorizer.app;

import java.util.Map;
import se.valfardskort.authorizer.admin.JsonObject;

/** Named values of a record on one line, for people. Any thread. */
final class RecordLine {
  private RecordLine() {}

  /** One line of {@code name=value}; what a network sent is escaped, so that it cannot draw on a terminal. */
  static String of(Map<?, ?> fields) {
    StringBuilder line = new StringBuilder();
    fields.forEach((name, value) -> {
      String text = value instanceof String word ? quoted(word) : String.valueOf(value);
      line.append(line.isEmpty() ? "" : " ").append(name).append('=').append(text);
    });
    return line.toString();
  }

  private static String quoted(String word) {
    return word.matches("[\\w.:+-]+") ? word : JsonObject.of(word);
  }
}
