package se.valfardskort.loadtest.certify;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes as a script writes them, a field a line: a label ({@code tpdu mti bits} or the data element's number), then
 * words, then perhaps {@code #} and what a reader should know. Immutable.
 *
 * <pre>
 *   39  30 30                       # hex digits, two a byte
 *   39  "00"                        # the same as text
 *   11  {stan|bcd}                  # a known value, two digits a byte
 *   37  {rrn|ascii}                 # a known value, a character a byte
 *   54  "9602752" {cash-9.50|purse} # C or D and twelve digits, a character a byte
 *   38  {auth?an6}                  # any six letters and digits, known as auth from here on
 *   54  "9602752" {cash?purse}      # any balance, known as cash from here on
 *   38  any6                        # any six bytes
 * </pre>
 */
final class Block {
  private static final Pattern WORD = Pattern.compile(
      "(?<hex>(?:[0-9A-Fa-f]{2})+)|\"(?<text>[^\"]*)\"|any(?<any>[0-9]{1,3})"
          + "|\\{(?<name>[a-z][a-z0-9]*)\\?(?<kind>an[0-9]{1,2}|purse)\\}"
          + "|\\{(?<known>[^{}|?]+)\\|(?<form>bcd|ascii|purse)\\}");
  private static final int PURSE_LENGTH = 13;

  /** What a byte may be. */
  enum Freedom { FIXED, ANY, LETTER_OR_DIGIT, SIGN, DIGIT }

  /** Part of a line. */
  private sealed interface Word {}

  private record Literal(String hex) implements Word {
    byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }
  }

  private record Known(String expression, String form) implements Word {}

  private record Minted(String name, int length, Freedom freedom) implements Word {}

  private record Line(String label, List<Word> words) {}

  private final List<Line> lines;
  private final String source;

  private Block(List<Line> lines, String source) {
    this.lines = lines;
    this.source = source;
  }

  /**
   * Reads a block.
   *
   * @throws IllegalArgumentException names the line's text and what may stand there
   */
  static Block parse(String source) {
    List<Line> lines = new ArrayList<>();
    for (String raw : source.lines().toList()) {
      String text = withoutRemark(raw).strip();
      if (!text.isEmpty()) {
        lines.add(line(text));
      }
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("no bytes stand here");
    }
    return new Block(lines, source);
  }

  private static String withoutRemark(String line) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '"') {
        quoted = !quoted;
      } else if (line.charAt(i) == '#' && !quoted) {
        return line.substring(0, i);
      }
    }
    return line;
  }

  private static Line line(String text) {
    int space = text.indexOf(' ');
    String label = space < 0 ? text : text.substring(0, space);
    if (!label.matches("tpdu|mti|bits|raw|[0-9]{1,3}")) {
      throw new IllegalArgumentException("'" + label + "' is no label; a line begins with tpdu, mti, bits, raw, or the"
          + " number of a data element");
    }
    List<Word> words = new ArrayList<>();
    Matcher word = WORD.matcher(text);
    int at = label.length();
    while (at < text.length()) {
      if (text.charAt(at) == ' ') {
        at++;
      } else if (word.find(at) && word.start() == at) {
        words.add(wordOf(word));
        at = word.end();
      } else {
        throw new IllegalArgumentException("'" + text + "': what begins with '" + text.substring(at) + "' is neither"
            + " hex digits (two a byte), \"text\", {name|bcd}, {name|ascii}, {sum|purse}, {name?an6}, {name?purse}"
            + " nor any6");
      }
    }
    return new Line(label, List.copyOf(words));
  }

  private static Word wordOf(Matcher word) {
    String hex = word.group("hex");
    if (hex != null) {
      return new Literal(hex);
    }
    String text = word.group("text");
    if (text != null) {
      return new Literal(HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
    String any = word.group("any");
    if (any != null) {
      return new Minted("", Integer.parseInt(any), Freedom.ANY);
    }
    String name = word.group("name");
    if (name != null) {
      String kind = word.group("kind");
      return kind.equals("purse") ? new Minted(name, PURSE_LENGTH, Freedom.DIGIT)
          : new Minted(name, Integer.parseInt(kind.substring(2)), Freedom.LETTER_OR_DIGIT);
    }
    return new Known(word.group("known"), word.group("form"));
  }

  /** The text as it stands in the script. */
  String source() {
    return source;
  }

  /** The bytes with what is known now; what the server mints are asterisks. */
  Rendered render(Values values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<Freedom> freedoms = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (Line line : lines) {
      for (Word word : line.words()) {
        switch (word) {
          case Literal literal -> bytes.writeBytes(literal.bytes());
          case Known known -> bytes.writeBytes(bytesOf(known, values));
          case Minted minted -> {
            for (int i = 0; i < minted.length(); i++) {
              bytes.write('*');
              boolean sign = minted.freedom() == Freedom.DIGIT && i == 0;
              freedoms.add(sign ? Freedom.SIGN : minted.freedom());
            }
          }
        }
        while (freedoms.size() < bytes.size()) {
          freedoms.add(Freedom.FIXED);
        }
        while (labels.size() < bytes.size()) {
          labels.add(line.label());
        }
      }
    }
    return new Rendered(bytes.toByteArray(), List.copyOf(freedoms), List.copyOf(labels));
  }

  private static byte[] bytesOf(Known known, Values values) {
    if (known.form().equals("purse")) {
      return Values.balance(values.amountOf(known.expression())).getBytes(StandardCharsets.US_ASCII);
    }
    String text = values.textOf(known.expression());
    if (known.form().equals("ascii")) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    if (!text.matches("([0-9]{2})+")) {
      throw new IllegalArgumentException("{" + known.expression() + "|bcd} is " + text.length()
          + " characters; only an even number of digits can be packed");
    }
    return HexFormat.of().parseHex(text);
  }

  /** Gives the names to what a matching answer minted. */
  void capture(byte[] received, Values values) {
    int at = 0;
    for (Line line : lines) {
      for (Word word : line.words()) {
        switch (word) {
          case Literal literal -> at += literal.bytes().length;
          case Known known -> at += bytesOf(known, values).length;
          case Minted minted -> {
            String text = new String(received, at, minted.length(), StandardCharsets.ISO_8859_1);
            if (minted.freedom() == Freedom.DIGIT) {
              long magnitude = Long.parseLong(text.substring(1));
              values.amount(minted.name(), text.charAt(0) == 'D' ? -magnitude : magnitude);
            } else if (!minted.name().isEmpty()) {
              values.text(minted.name(), text);
            }
            at += minted.length();
          }
        }
      }
    }
  }

  /** Bytes to compare with. Immutable. */
  static final class Rendered {
    private final byte[] bytes;
    private final List<Freedom> freedoms;
    private final List<String> labels;

    private Rendered(byte[] bytes, List<Freedom> freedoms, List<String> labels) {
      this.bytes = bytes;
      this.freedoms = freedoms;
      this.labels = labels;
    }

    /** The bytes; asterisks where the server mints. */
    byte[] bytes() {
      return bytes.clone();
    }

    /** Index of the first byte that differs, or -1. */
    int firstDifference(byte[] received) {
      for (int i = 0; i < bytes.length; i++) {
        if (i >= received.length || !allows(i, received[i] & 0xFF)) {
          return i;
        }
      }
      return received.length > bytes.length ? bytes.length : -1;
    }

    private boolean allows(int index, int received) {
      return switch (freedoms.get(index)) {
        case FIXED -> received == (bytes[index] & 0xFF);
        case ANY -> true;
        case LETTER_OR_DIGIT -> Character.isLetterOrDigit(received) && received < 0x80;
        case SIGN -> received == 'C' || received == 'D';
        case DIGIT -> received >= '0' && received <= '9';
      };
    }

    /** In words, which field the byte belongs to. */
    String fieldAt(int index) {
      if (index >= labels.size()) {
        return "behind the last expected field";
      }
      String label = labels.get(index);
      return Character.isDigit(label.charAt(0)) ? "DE " + label : label.toUpperCase(Locale.ROOT);
    }

    /** Whether a byte at this place may be shown: numbers of cards, tracks and PIN blocks may not. */
    boolean isPublic(int index) {
      return index < labels.size() && switch (labels.get(index)) {
        case "2", "34", "35", "36", "45", "48", "52", "55", "102", "103", "raw" -> false;
        default -> true;
      };
    }
  }
}
