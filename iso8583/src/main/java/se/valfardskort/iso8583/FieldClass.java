package se.valfardskort.iso8583;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a jPOS field class means on the wire: the kind of content, its encoding and its length prefix. Immutable.
 *
 * <p>Kind and encoding are one small number, so that reader and writer branch once a field. Kinds of content are those
 * of ISO 8583:1987 clause 4.3: n (digits), z (track data), ans (text), b (binary) and x+n (signed amount). Fixed text
 * must be printable; text with a length prefix carries private data in practice and may hold any byte.
 *
 * @param op kind and encoding
 * @param prefixKind how the length prefix is written
 * @param prefixBytes bytes of the length prefix, 0 for a field of fixed length
 * @param padMatters whether the attribute {@code pad} chooses the side of the filler half-byte
 */
record FieldClass(int op, int prefixKind, int prefixBytes, boolean padMatters) {
  static final int UNDEFINED = 0;
  static final int NOTHING = 1;
  static final int DIGITS_ASCII = 2;
  static final int DIGITS_EBCDIC = 3;
  /** Two digits a byte; an odd number is filled with 0 on the left. */
  static final int DIGITS_BCD_LEFT = 4;
  /** Two digits a byte; an odd number is filled with 0 on the right. */
  static final int DIGITS_BCD_RIGHT = 5;
  /** Two digits a byte; an odd number is filled with F on the right. */
  static final int DIGITS_BCD_RIGHT_F = 6;
  static final int TRACK_ASCII = 7;
  static final int TRACK_EBCDIC = 8;
  static final int TRACK_BCD_LEFT = 9;
  static final int TRACK_BCD_RIGHT = 10;
  static final int TRACK_BCD_RIGHT_F = 11;
  static final int TEXT_ASCII = 12;
  static final int TEXT_EBCDIC = 13;
  static final int PRINTABLE_ASCII = 14;
  static final int PRINTABLE_EBCDIC = 15;
  static final int BINARY = 16;
  static final int HEX_ASCII = 17;
  static final int HEX_EBCDIC = 18;
  static final int AMOUNT_ASCII = 19;
  static final int AMOUNT_EBCDIC = 20;
  static final int AMOUNT_BCD = 21;
  static final int BITMAP_BINARY = 22;
  static final int BITMAP_ASCII = 23;
  static final int BITMAP_EBCDIC = 24;

  static final int PREFIX_NONE = 0;
  static final int PREFIX_ASCII = 1;
  static final int PREFIX_BCD = 2;
  static final int PREFIX_EBCDIC = 3;
  static final int PREFIX_BINARY = 4;

  private static final Map<String, FieldClass> BY_NAME = byName();

  static @Nullable FieldClass of(String className) {
    return BY_NAME.get(className);
  }

  static Set<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  /** Bytes that {@code length} characters, digits or bytes of this kind take on the wire, without the prefix. */
  static int wireBytes(int op, int length) {
    return switch (op) {
      case DIGITS_BCD_LEFT, DIGITS_BCD_RIGHT, DIGITS_BCD_RIGHT_F,
          TRACK_BCD_LEFT, TRACK_BCD_RIGHT, TRACK_BCD_RIGHT_F -> (length + 1) >> 1;
      case HEX_ASCII, HEX_EBCDIC -> length << 1;
      case AMOUNT_BCD -> 1 + (length >> 1);
      case NOTHING -> 0;
      default -> length;
    };
  }

  /** The kind for a field that holds track data although its class says digits. */
  static int asTrack(int op) {
    return op >= DIGITS_ASCII && op <= DIGITS_BCD_RIGHT_F ? op + (TRACK_ASCII - DIGITS_ASCII) : op;
  }

  int op(boolean pad) {
    return padMatters && pad ? DIGITS_BCD_LEFT : op;
  }

  /** The longest value that the prefix can announce. */
  int prefixLimit() {
    return switch (prefixKind) {
      case PREFIX_ASCII, PREFIX_EBCDIC -> power(10, prefixBytes);
      case PREFIX_BCD -> power(100, prefixBytes);
      case PREFIX_BINARY -> power(256, prefixBytes);
      default -> Integer.MAX_VALUE;
    };
  }

  private static int power(int base, int exponent) {
    int result = 1;
    for (int i = 0; i < exponent; i++) {
      result *= base;
    }
    return result - 1;
  }

  private static Map<String, FieldClass> byName() {
    Map<String, FieldClass> map = new HashMap<>();
    fixed(map, "IF_CHAR", PRINTABLE_ASCII);
    fixed(map, "IF_NOP", NOTHING);
    fixed(map, "IF_UNUSED", UNDEFINED);
    fixed(map, "IFA_NUMERIC", DIGITS_ASCII);
    fixed(map, "IFA_AMOUNT", AMOUNT_ASCII);
    fixed(map, "IFA_BINARY", HEX_ASCII);
    fixed(map, "IFA_BITMAP", BITMAP_ASCII);
    fixed(map, "IFE_CHAR", PRINTABLE_EBCDIC);
    fixed(map, "IFE_NUMERIC", DIGITS_EBCDIC);
    fixed(map, "IFE_AMOUNT", AMOUNT_EBCDIC);
    fixed(map, "IFE_BINARY", HEX_EBCDIC);
    fixed(map, "IFE_BITMAP", BITMAP_EBCDIC);
    fixed(map, "IFB_AMOUNT", AMOUNT_BCD);
    fixed(map, "IFB_BINARY", BINARY);
    fixed(map, "IFB_BITMAP", BITMAP_BINARY);
    map.put("IFB_NUMERIC", new FieldClass(DIGITS_BCD_RIGHT, PREFIX_NONE, 0, true));
    map.put("IFB_FNUMERIC", new FieldClass(DIGITS_BCD_RIGHT_F, PREFIX_NONE, 0, true));
    String ls = "";
    for (int digits = 1; digits <= 6; digits++) {
      ls += "L";
      prefixed(map, "IFA_" + ls + "CHAR", TEXT_ASCII, PREFIX_ASCII, digits);
      prefixed(map, "IFA_" + ls + "BINARY", BINARY, PREFIX_ASCII, digits);
      if (digits <= 4) {
        prefixed(map, "IFE_" + ls + "CHAR", TEXT_EBCDIC, PREFIX_EBCDIC, digits);
        prefixed(map, "IFE_" + ls + "BINARY", BINARY, PREFIX_EBCDIC, digits);
      }
    }
    prefixed(map, "IFA_LLNUM", DIGITS_ASCII, PREFIX_ASCII, 2);
    prefixed(map, "IFA_LLLNUM", DIGITS_ASCII, PREFIX_ASCII, 3);
    prefixed(map, "IFE_LNUM", DIGITS_EBCDIC, PREFIX_EBCDIC, 1);
    prefixed(map, "IFE_LLNUM", DIGITS_EBCDIC, PREFIX_EBCDIC, 2);
    prefixed(map, "IFE_LLLNUM", DIGITS_EBCDIC, PREFIX_EBCDIC, 3);
    prefixed(map, "IFAE_LLCHAR", TEXT_EBCDIC, PREFIX_ASCII, 2);
    prefixed(map, "IFEA_LLCHAR", TEXT_ASCII, PREFIX_EBCDIC, 2);
    prefixed(map, "IFB_LLCHAR", TEXT_ASCII, PREFIX_BCD, 1);
    prefixed(map, "IFB_LLLCHAR", TEXT_ASCII, PREFIX_BCD, 2);
    prefixed(map, "IFB_LLLLCHAR", TEXT_ASCII, PREFIX_BCD, 2);
    prefixed(map, "IFB_LLLLLLCHAR", TEXT_ASCII, PREFIX_BCD, 3);
    prefixed(map, "IFB_LLBINARY", BINARY, PREFIX_BCD, 1);
    prefixed(map, "IFB_LLLBINARY", BINARY, PREFIX_BCD, 2);
    prefixed(map, "IFB_LLLLBINARY", BINARY, PREFIX_BCD, 2);
    prefixed(map, "IFB_LLHCHAR", TEXT_ASCII, PREFIX_BINARY, 1);
    prefixed(map, "IFB_LLLHCHAR", TEXT_ASCII, PREFIX_BINARY, 2);
    prefixed(map, "IFB_LLHECHAR", TEXT_EBCDIC, PREFIX_BINARY, 1);
    prefixed(map, "IFB_LLLHECHAR", TEXT_EBCDIC, PREFIX_BINARY, 2);
    prefixed(map, "IFB_LLHBINARY", BINARY, PREFIX_BINARY, 1);
    prefixed(map, "IFB_LLLHBINARY", BINARY, PREFIX_BINARY, 2);
    packed(map, "IFB_LLNUM", DIGITS_BCD_RIGHT, PREFIX_BCD, 1);
    packed(map, "IFB_LLLNUM", DIGITS_BCD_RIGHT, PREFIX_BCD, 2);
    packed(map, "IFB_LLHNUM", DIGITS_BCD_RIGHT, PREFIX_BINARY, 1);
    packed(map, "IFB_LLLHNUM", DIGITS_BCD_RIGHT, PREFIX_BINARY, 2);
    packed(map, "IFB_FLLNUM", DIGITS_BCD_RIGHT_F, PREFIX_BCD, 1);
    packed(map, "IFB_FLLLNUM", DIGITS_BCD_RIGHT_F, PREFIX_BCD, 2);
    return map;
  }

  private static void fixed(Map<String, FieldClass> map, String name, int op) {
    map.put(name, new FieldClass(op, PREFIX_NONE, 0, false));
  }

  private static void prefixed(Map<String, FieldClass> map, String name, int op, int kind, int bytes) {
    map.put(name, new FieldClass(op, kind, bytes, false));
  }

  private static void packed(Map<String, FieldClass> map, String name, int op, int kind, int bytes) {
    map.put(name, new FieldClass(op, kind, bytes, true));
  }
}
