package se.valfardskort.independent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One ISO 8583 message as field numbers and texts; binary fields are hex. Slow, plain and independent. */
public final class WireMessage {
  /** The layouts of the demo links. */
  public enum Layout {
    BINARY,
    ASCII,
    BINARY_1993
  }

  private static final int LAST_FIELD = 128;

  /** Kind and length of every field: n fixed digits, c fixed text, b bytes, x signed, N and C variable (LL or LLL). */
  private static final String LAYOUT =
      """
      2:N2.19 3:n6 4:n12 5:n12 6:n12 7:n10 8:n8 9:n8 10:n8 11:n6 12:n6 13:n4 14:n4 15:n4 16:n4 17:n4 18:n4 19:n3 20:n3
      21:n3 22:n3 23:n3 24:n3 25:n2 26:n2 27:n1 28:x9 29:x9 30:x9 31:x9 32:N2.11 33:N2.11 34:C2.28 35:N2.37 36:C3.104
      37:c12 38:c6 39:c2 40:c3 41:c8 42:c15 43:c40 44:C2.25 45:C2.76 46:C3.999 47:C3.999 48:C3.999 49:c3 50:c3 51:c3
      52:b8 53:n16 54:C3.120 55:B3.999 56:C3.999 57:C3.999 58:C3.999 59:C3.999 60:C3.999 61:C3.999 62:C3.999 63:C3.999
      64:b8 66:n1 67:n2 68:n3 69:n3 70:n3 74:n10 75:n10 76:n10 77:n10 81:n10 86:n16 87:n16 88:n16 89:n16 90:n42 91:c1
      92:c2 93:c6 94:c7 95:c42 96:b16 97:x17 98:c25 99:N2.11 100:N2.11 128:b8
      """;

  /** The same of 1993, where odd numbers of digits are filled on the right. */
  private static final String LAYOUT_1993 =
      """
      2:N2.19 3:n6 4:n12 5:n12 6:n12 7:n10 8:n8 9:n8 10:n8 11:n6 12:n12 13:n4 14:n4 15:n6 16:n4 17:n4 18:n4 19:n3 20:n3
      21:n3 22:c12 23:n3 24:n3 25:n4 26:n4 27:n1 28:n6 29:n3 30:n24 31:C2.99 32:N2.11 33:N2.11 34:C2.28 35:C2.37
      36:C3.104 37:c12 38:c6 39:n3 40:n3 41:c8 42:c15 43:C2.99 44:C2.99 45:C2.76 46:C3.204 47:C3.999 48:C3.999 49:c3
      50:c3 51:c3 52:b8 54:C3.120 55:B3.255 56:N2.35 57:n3 58:N2.11 59:C3.999 60:C3.999 61:C3.999 62:C3.999 63:C3.999
      64:b8 70:n3 74:n10 75:n10 76:n10 77:n10 81:n10 86:n16 87:n16 88:n16 89:n16 97:x17 99:C2.11 100:N2.11 128:b8
      """;

  private static final String[] KINDS = kinds(LAYOUT);
  private static final String[] KINDS_1993 = kinds(LAYOUT_1993);

  private static String[] kinds(String layout) {
    String[] kinds = new String[LAST_FIELD + 1];
    for (String entry : layout.trim().split("\\s+", -1)) {
      String[] parts = entry.split(":", -1);
      kinds[Integer.parseInt(parts[0])] = parts[1];
    }
    return kinds;
  }

  private static String kind(Layout layout, int field) {
    return (layout == Layout.BINARY_1993 ? KINDS_1993 : KINDS)[field];
  }

  /** Four digits. */
  public final String mti;
  private final Map<Integer, String> fields = new TreeMap<>();

  public WireMessage(String mti) {
    this.mti = mti;
  }

  public WireMessage set(int field, String value) {
    fields.put(field, value);
    return this;
  }

  public WireMessage without(int field) {
    fields.remove(field);
    return this;
  }

  public WireMessage copyAs(String otherMti) {
    WireMessage copy = new WireMessage(otherMti);
    copy.fields.putAll(fields);
    return copy;
  }

  public @Nullable String get(int field) {
    return fields.get(field);
  }

  public boolean has(int field) {
    return fields.containsKey(field);
  }

  public String require(int field) {
    String value = fields.get(field);
    if (value == null) {
      throw new AssertionError("DE " + field + " is missing in " + this);
    }
    return value;
  }

  /** The fields that are there, ascending; a copy. */
  public Map<Integer, String> fields() {
    return new TreeMap<>(fields);
  }

  public byte[] encode(Layout layout) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean secondary = fields.keySet().stream().anyMatch(field -> field > 64);
    byte[] bitmap = new byte[secondary ? 16 : 8];
    if (secondary) {
      bitmap[0] |= (byte) 0x80;
    }
    for (int field : fields.keySet()) {
      bitmap[(field - 1) / 8] |= (byte) (0x80 >>> ((field - 1) % 8));
    }
    out.writeBytes(layout != Layout.ASCII ? bcd(mti) : ascii(mti));
    out.writeBytes(layout != Layout.ASCII ? bitmap : ascii(HexFormat.of().withUpperCase().formatHex(bitmap)));
    fields.forEach((field, value) -> out.writeBytes(encodeField(layout, field, value)));
    return out.toByteArray();
  }

  private static byte[] encodeField(Layout layout, int field, String value) {
    String kind = kind(layout, field);
    boolean binary = layout != Layout.ASCII;
    char type = kind.charAt(0);
    if (type == 'n') {
      String digits = "0".repeat(Integer.parseInt(kind.substring(1)) - value.length()) + value;
      boolean odd = digits.length() % 2 != 0;
      String filled = !odd ? digits : layout == Layout.BINARY_1993 ? digits + "0" : "0" + digits;
      return binary ? bcd(filled) : ascii(digits);
    }
    if (type == 'c') {
      return ascii(value + " ".repeat(Integer.parseInt(kind.substring(1)) - value.length()));
    }
    if (type == 'b') {
      return binary ? HexFormat.of().parseHex(value) : ascii(value);
    }
    if (type == 'x') {
      String digits = value.substring(1);
      return concat(ascii(value.substring(0, 1)), binary ? bcd(digits) : ascii(digits));
    }
    boolean bytes = type == 'B' && binary;
    int length = bytes ? value.length() / 2 : value.length();
    int prefixDigits = kind.charAt(1) - '0';
    String prefix = String.format("%0" + prefixDigits + "d", length);
    byte[] head = binary ? bcd(prefixDigits % 2 == 0 ? prefix : "0" + prefix) : ascii(prefix);
    byte[] body =
        bytes
            ? HexFormat.of().parseHex(value)
            : type == 'N' && binary ? bcd(length % 2 == 0 ? value : value + "0") : ascii(value);
    return concat(head, body);
  }

  public static WireMessage decode(Layout layout, byte[] body) {
    Cursor in = new Cursor(layout, body);
    WireMessage message = new WireMessage(in.digits(4));
    byte[] bitmap = in.bytes(8);
    if ((bitmap[0] & 0x80) != 0) {
      bitmap = concat(bitmap, in.bytes(8));
    }
    for (int field = 2; field <= bitmap.length * 8; field++) {
      if ((bitmap[(field - 1) / 8] & (0x80 >>> ((field - 1) % 8))) != 0) {
        message.set(field, decodeField(in, field));
      }
    }
    if (in.position != body.length) {
      throw new AssertionError(body.length - in.position + " bytes trail in the answer " + message);
    }
    return message;
  }

  private static String decodeField(Cursor in, int field) {
    String kind = kind(in.layout, field);
    return switch (kind.charAt(0)) {
      case 'n' -> in.digits(Integer.parseInt(kind.substring(1)));
      case 'c' -> in.text(Integer.parseInt(kind.substring(1)));
      case 'b' -> HexFormat.of().formatHex(in.bytes(Integer.parseInt(kind.substring(1))));
      case 'x' -> in.text(1) + in.digits(Integer.parseInt(kind.substring(1)) - 1);
      default -> decodeVariable(in, kind.charAt(0), kind.charAt(1) - '0');
    };
  }

  private static String decodeVariable(Cursor in, char type, int prefixDigits) {
    int length = Integer.parseInt(in.prefix(prefixDigits));
    if (in.layout == Layout.ASCII) {
      return in.text(length);
    }
    return switch (type) {
      case 'N' -> in.leftDigits(length);
      case 'B' -> HexFormat.of().formatHex(in.bytes(length));
      default -> in.text(length);
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bcd(String digits) {
    // Track data has its separator as the nibble D.
    return HexFormat.of().parseHex(digits.replace('=', 'd'));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(first);
    out.writeBytes(second);
    return out.toByteArray();
  }

  @Override
  public String toString() {
    return mti + fields;
  }

  /** Reads one body from front to back. */
  private static final class Cursor {
    final Layout layout;
    final byte[] body;
    int position;

    Cursor(Layout layout, byte[] body) {
      this.layout = layout;
      this.body = body;
    }

    byte[] raw(int length) {
      byte[] part = java.util.Arrays.copyOfRange(body, position, position + length);
      position += length;
      return part;
    }

    byte[] bytes(int length) {
      return layout != Layout.ASCII ? raw(length) : HexFormat.of().parseHex(text(length * 2));
    }

    String text(int length) {
      return new String(raw(length), StandardCharsets.US_ASCII);
    }

    /** Right-justified in whole bytes; 1993: left-justified. */
    String digits(int count) {
      return layout == Layout.BINARY_1993 ? leftDigits(count) : prefix(count);
    }

    /** Right-justified in whole bytes, whatever the edition. */
    String prefix(int count) {
      if (layout == Layout.ASCII) {
        return text(count);
      }
      String hex = HexFormat.of().formatHex(raw((count + 1) / 2));
      return hex.substring(hex.length() - count);
    }

    /** Left-justified in whole bytes. */
    String leftDigits(int count) {
      return HexFormat.of().formatHex(raw((count + 1) / 2)).substring(0, count);
    }
  }
}
