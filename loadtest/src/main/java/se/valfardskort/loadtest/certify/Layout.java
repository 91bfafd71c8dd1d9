package se.valfardskort.loadtest.certify;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How requests are laid out in bytes, in the notation of ISO 8583: {@code n 6}, {@code n..19}, {@code an 12},
 * {@code ans...999}, {@code x+n 8}, {@code z..37}, {@code b 8}. Written from the standard and shared with no other part
 * of this project, so that a fault there cannot hide here. Immutable.
 */
final class Layout {
  private static final Pattern NOTATION = Pattern.compile("(x\\+n|n|z|an|ans|anp|b)(?: ([0-9]+)|(\\.{2,3})([0-9]+))");
  private static final int MAXIMUM_DE = 128;

  /** How characters and digits are carried. */
  enum Coding { PACKED, CHARACTERS }

  /** One field: its kind of content, its length or greatest length, digits of length prefix (0: fixed). */
  private record Field(String kind, int length, int prefix) {}

  private final Coding coding;
  private final boolean fillRight;
  private final Map<Integer, Field> fields = new HashMap<>();

  /**
   * Reads the notations.
   *
   * @param fillRight whether an odd number of digits in a fixed field is filled up on the right
   * @throws IllegalArgumentException names the field whose notation cannot be read
   */
  Layout(Coding coding, boolean fillRight, Map<Integer, String> notations) {
    this.coding = coding;
    this.fillRight = fillRight;
    notations.forEach((de, notation) -> {
      Matcher matcher = NOTATION.matcher(notation);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("DE " + de + ": '" + notation + "' is no notation; write for example n 6,"
            + " n..19, an 12, ans...999, x+n 8, z..37 or b 8");
      }
      boolean fixed = matcher.group(2) != null;
      int length = Integer.parseInt(fixed ? matcher.group(2) : matcher.group(4));
      fields.put(de, new Field(matcher.group(1), length, fixed ? 0 : matcher.group(3).length()));
    });
  }

  /**
   * A message's bytes.
   *
   * @param mti four digits
   * @param values by data element; binary fields in hex
   * @throws IllegalArgumentException names the field that does not fit
   */
  byte[] encode(String mti, SortedMap<Integer, String> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(coding == Coding.PACKED ? HexFormat.of().parseHex(mti) : ascii(mti));
    out.writeBytes(bitmap(values));
    values.forEach((de, value) -> {
      try {
        out.writeBytes(fieldBytes(de, value));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("DE " + de + ": " + e.getMessage(), e);
      }
    });
    return out.toByteArray();
  }

  private byte[] bitmap(SortedMap<Integer, String> values) {
    boolean secondary = !values.isEmpty() && values.lastKey() > MAXIMUM_DE / 2;
    byte[] bits = new byte[secondary ? 16 : 8];
    if (secondary) {
      bits[0] = (byte) 0x80;
    }
    for (int de : values.keySet()) {
      bits[(de - 1) / 8] |= (byte) (0x80 >> ((de - 1) % 8));
    }
    return coding == Coding.PACKED ? bits : ascii(HexFormat.of().withUpperCase().formatHex(bits));
  }

  private byte[] fieldBytes(int de, String value) {
    Field field = fields.get(de);
    if (field == null) {
      throw new IllegalArgumentException("the partner's layout does not have it");
    }
    boolean binary = field.kind().equals("b");
    int length = binary ? value.length() / 2 : value.length();
    if (field.prefix() == 0 ? length != field.length() + (field.kind().equals("x+n") ? 1 : 0)
        : length > field.length()) {
      throw new IllegalArgumentException("a length of " + length + " does not fit its notation");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (field.prefix() > 0) {
      String prefix = String.format(Locale.ROOT, "%0" + field.prefix() + "d", length);
      out.writeBytes(coding == Coding.PACKED ? packed(prefix, false) : ascii(prefix));
    }
    out.writeBytes(contentBytes(field, value));
    return out.toByteArray();
  }

  private byte[] contentBytes(Field field, String value) {
    boolean pack = coding == Coding.PACKED;
    return switch (field.kind()) {
      case "n", "z" -> pack ? packed(value.replace('=', 'D'), field.prefix() > 0 || fillRight) : ascii(value);
      case "x+n" -> {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(ascii(value.substring(0, 1)));
        both.writeBytes(pack ? packed(value.substring(1), false) : ascii(value.substring(1)));
        yield both.toByteArray();
      }
      case "b" -> pack || field.prefix() > 0 ? HexFormat.of().parseHex(value) : ascii(value);
      default -> ascii(value);
    };
  }

  private static byte[] packed(String digits, boolean right) {
    String even = digits.length() % 2 == 0 ? digits : right ? digits + "0" : "0" + digits;
    return HexFormat.of().parseHex(even);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
