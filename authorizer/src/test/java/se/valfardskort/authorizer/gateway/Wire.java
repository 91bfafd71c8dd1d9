package se.valfardskort.authorizer.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A second, slow ISO 8583 codec that knows wire.md's two dialects and none of our classes: what the tests speak.
 *
 * <p>A field's kind: {@code n} digits, {@code z} track, {@code a} text, {@code b} bytes given in hexadecimal, {@code x}
 * signed amount; then its length, or {@code LL} or {@code LLL}.
 */
final class Wire {
  private static final Map<Integer, String> LAYOUT = Map.ofEntries(
      Map.entry(2, "nLL"), Map.entry(3, "n6"), Map.entry(4, "n12"), Map.entry(5, "n12"), Map.entry(6, "n12"),
      Map.entry(7, "n10"), Map.entry(9, "n8"), Map.entry(10, "n8"), Map.entry(11, "n6"), Map.entry(12, "n6"),
      Map.entry(13, "n4"), Map.entry(14, "n4"), Map.entry(15, "n4"), Map.entry(18, "n4"), Map.entry(19, "n3"),
      Map.entry(22, "n3"), Map.entry(23, "n3"), Map.entry(24, "n3"), Map.entry(25, "n2"), Map.entry(28, "x9"),
      Map.entry(30, "x9"), Map.entry(32, "nLL"), Map.entry(33, "nLL"), Map.entry(35, "zLL"), Map.entry(36, "aLLL"),
      Map.entry(37, "a12"), Map.entry(38, "a6"), Map.entry(39, "a2"), Map.entry(41, "a8"), Map.entry(42, "a15"),
      Map.entry(43, "a40"), Map.entry(44, "aLL"), Map.entry(45, "aLL"), Map.entry(48, "aLLL"), Map.entry(49, "a3"),
      Map.entry(50, "a3"), Map.entry(51, "a3"), Map.entry(52, "b8"), Map.entry(54, "aLLL"), Map.entry(55, "bLLL"),
      Map.entry(53, "n16"), Map.entry(60, "aLLL"), Map.entry(66, "n1"), Map.entry(70, "n3"), Map.entry(74, "n10"),
      Map.entry(75, "n10"), Map.entry(76, "n10"), Map.entry(77, "n10"), Map.entry(81, "n10"), Map.entry(86, "n16"),
      Map.entry(87, "n16"), Map.entry(88, "n16"), Map.entry(89, "n16"), Map.entry(90, "n42"), Map.entry(95, "a42"),
      Map.entry(96, "b16"), Map.entry(97, "x17"), Map.entry(99, "nLL"), Map.entry(100, "nLL"),
      Map.entry(120, "aLLL"), Map.entry(127, "aLLL"));

  private final boolean packed;
  private final String mti;
  private final TreeMap<Integer, String> fields = new TreeMap<>();

  private Wire(boolean packed, String mti) {
    this.packed = packed;
    this.mti = mti;
  }

  static Wire message(boolean packed, String mti) {
    return new Wire(packed, mti);
  }

  Wire with(int de, @Nullable String value) {
    if (value == null) {
      fields.remove(de);
    } else {
      fields.put(de, value);
    }
    return this;
  }

  Wire without(int... des) {
    for (int de : des) {
      fields.remove(de);
    }
    return this;
  }

  Wire copy(String otherMti) {
    Wire copy = new Wire(packed, otherMti);
    copy.fields.putAll(fields);
    return copy;
  }

  String mti() {
    return mti;
  }

  @Nullable String get(int de) {
    return fields.get(de);
  }

  Map<Integer, String> fields() {
    return fields;
  }

  /** The message without framing. */
  byte[] body() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(packed ? hex(mti) : ascii(mti));
    byte[] bitmap = new byte[fields.lastKey() > 64 ? 16 : 8];
    if (bitmap.length == 16) {
      bitmap[0] = (byte) 0x80;
    }
    for (int de : fields.keySet()) {
      bitmap[(de - 1) / 8] |= (byte) (0x80 >> ((de - 1) % 8));
    }
    out.writeBytes(packed ? bitmap : ascii(HexFormat.of().withUpperCase().formatHex(bitmap)));
    fields.forEach((de, value) -> put(out, layout(de), value));
    return out.toByteArray();
  }

  /** The message behind the demo links' length header: two bytes, or four digits. */
  byte[] frame() {
    return frame(packed, body());
  }

  static byte[] frame(boolean packed, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (packed) {
      out.write(body.length >> 8);
      out.write(body.length);
    } else {
      out.writeBytes(ascii(String.format("%04d", body.length)));
    }
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static String layout(int de) {
    String layout = LAYOUT.get(de);
    if (layout == null) {
      throw new IllegalArgumentException("the test's codec does not know DE " + de);
    }
    return layout;
  }

  private void put(ByteArrayOutputStream out, String layout, String value) {
    char kind = layout.charAt(0);
    String size = layout.substring(1);
    boolean variable = size.startsWith("L");
    if (variable) {
      int length = kind == 'b' && packed ? value.length() / 2 : value.length();
      String digits = String.format(size.length() == 2 ? "%02d" : "%03d", length);
      out.writeBytes(packed ? hex(size.length() == 2 ? digits : "0" + digits) : ascii(digits));
    }
    if (!packed) {
      out.writeBytes(ascii(value));
    } else if (kind == 'a') {
      out.writeBytes(ascii(value));
    } else if (kind == 'x') {
      out.writeBytes(ascii(value.substring(0, 1)));
      out.writeBytes(hex(value.substring(1)));
    } else {
      String digits = value.replace('=', 'D');
      boolean odd = (digits.length() & 1) != 0;
      out.writeBytes(hex(!odd ? digits : variable ? digits + "0" : "0" + digits));
    }
  }

  /** Reads a message without framing. */
  static Wire parse(boolean packed, byte[] body) {
    int[] at = {0};
    Wire message = new Wire(packed, take(packed, body, at, 'n', 4));
    byte[] bitmap = bitmap(packed, body, at, 0);
    if (bitmap[0] < 0) {
      byte[] second = bitmap(packed, body, at, 8);
      byte[] both = java.util.Arrays.copyOf(bitmap, 16);
      System.arraycopy(second, 0, both, 8, 8);
      bitmap = both;
    }
    for (int de = 2; de <= bitmap.length * 8; de++) {
      if ((bitmap[(de - 1) / 8] & (0x80 >> ((de - 1) % 8))) != 0) {
        String size = layout(de).substring(1);
        char kind = layout(de).charAt(0);
        int length = switch (size) {
          case "LL" -> Integer.parseInt(take(packed, body, at, 'n', 2));
          case "LLL" -> Integer.parseInt(take(packed, body, at, 'n', 3));
          default -> Integer.parseInt(size);
        };
        message.fields.put(de, take(packed, body, at, size.startsWith("L") && kind == 'n' ? 'v' : kind, length));
      }
    }
    if (at[0] != body.length) {
      throw new IllegalArgumentException((body.length - at[0]) + " bytes trail");
    }
    return message;
  }

  private static byte[] bitmap(boolean packed, byte[] body, int[] at, int half) {
    int length = packed ? 8 : 16;
    byte[] wire = java.util.Arrays.copyOfRange(body, at[0], at[0] + length);
    at[0] += length;
    return packed || half < 0 ? wire : hex(new String(wire, StandardCharsets.US_ASCII));
  }

  private static String take(boolean packed, byte[] body, int[] at, char kind, int length) {
    int from = at[0];
    if (!packed || kind == 'a') {
      at[0] += length;
      return new String(body, from, length, StandardCharsets.ISO_8859_1);
    }
    if (kind == 'b') {
      at[0] += length;
      return HexFormat.of().withUpperCase().formatHex(body, from, from + length);
    }
    if (kind == 'x') {
      at[0] += 1 + length / 2;
      return (char) body[from] + HexFormat.of().formatHex(body, from + 1, from + 1 + length / 2);
    }
    int bytes = (length + 1) / 2;
    at[0] += bytes;
    String digits = HexFormat.of().withUpperCase().formatHex(body, from, from + bytes);
    boolean odd = (length & 1) != 0;
    return !odd ? digits : kind == 'v' || kind == 'z' ? digits.substring(0, length) : digits.substring(1);
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return mti + " " + fields;
  }
}
