package se.valfardskort.authorizer.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) strictly into maps, lists, texts, whole numbers, truth values and null.
 *
 * <p>Owned by one thread. Numbers are whole and fit a long, since amounts are minor units; a member stands once;
 * nothing is nested deeper than eight levels. What is not so is refused with its place, and nothing of it is quoted.
 */
public final class JsonReader {
  private static final int DEEPEST = 8;
  private static final int MOST_DIGITS = 18;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * Reads one value, and nothing behind it.
   *
   * @throws IllegalArgumentException when it is not JSON as above
   */
  public static @Nullable Object read(String text) {
    JsonReader reader = new JsonReader(text);
    reader.skipBlanks();
    Object value = reader.value(0);
    reader.skipBlanks();
    if (reader.at < text.length()) {
      throw reader.unexpected("the end");
    }
    return value;
  }

  private @Nullable Object value(int depth) {
    if (depth > DEEPEST) {
      throw unexpected("at most " + DEEPEST + " levels");
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    at++;
    skipBlanks();
    if (peek() == '}') {
      at++;
      return members;
    }
    while (true) {
      skipBlanks();
      if (peek() != '"') {
        throw unexpected("a member's name");
      }
      String name = string();
      skipBlanks();
      take(':');
      skipBlanks();
      if (members.containsKey(name)) {
        throw unexpected("each member once");
      }
      members.put(name, value(depth + 1));
      skipBlanks();
      if (peek() == '}') {
        at++;
        return members;
      }
      take(',');
    }
  }

  private List<@Nullable Object> array(int depth) {
    List<@Nullable Object> items = new ArrayList<>();
    at++;
    skipBlanks();
    if (peek() == ']') {
      at++;
      return items;
    }
    while (true) {
      skipBlanks();
      items.add(value(depth + 1));
      skipBlanks();
      if (peek() == ']') {
        at++;
        return items;
      }
      take(',');
    }
  }

  private String string() {
    StringBuilder value = new StringBuilder();
    at++;
    while (peek() != '"') {
      char letter = text.charAt(at++);
      if (letter < ' ') {
        throw unexpected("no control character in a text");
      }
      value.append(letter == '\\' ? escaped() : letter);
    }
    at++;
    return value.toString();
  }

  private char escaped() {
    char letter = peek();
    at++;
    return switch (letter) {
      case '"', '\\', '/' -> letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw unexpected("an escape that JSON has");
    };
  }

  private char unicode() {
    int end = at + 4;
    if (end > text.length() || !text.substring(at, end).matches("[0-9A-Fa-f]{4}")) {
      throw unexpected("four hexadecimal digits");
    }
    char letter = (char) Integer.parseInt(text.substring(at, end), 16);
    at = end;
    return letter;
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw unexpected("a value");
    }
    at += word.length();
    return value;
  }

  private Long number() {
    int end = at;
    while (end < text.length() && "+-.0123456789eE".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    int first = at < end && text.charAt(at) == '-' ? at + 1 : at;
    int digits = end - first;
    boolean sound = digits >= 1 && digits <= MOST_DIGITS && (digits == 1 || text.charAt(first) != '0');
    for (int place = first; place < end; place++) {
      sound &= text.charAt(place) >= '0' && text.charAt(place) <= '9';
    }
    if (!sound) {
      throw unexpected("a value; numbers are whole and have at most " + MOST_DIGITS + " digits");
    }
    long value = Long.parseLong(text, at, end, 10);
    at = end;
    return value;
  }

  private void take(char wanted) {
    if (peek() != wanted) {
      throw unexpected("'" + wanted + "'");
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw unexpected("more");
    }
    return text.charAt(at);
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException unexpected(String wanted) {
    return new IllegalArgumentException("not JSON as it is read here: at character " + at + ", " + wanted + " is due");
  }
}
