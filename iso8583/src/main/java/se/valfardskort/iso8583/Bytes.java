package se.valfardskort.iso8583;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;

/**
 * Eight bytes at a time over arrays that end with {@link #SLACK} spare bytes: what lies behind the asked length is
 * loaded but masked away, so it never takes part in a result. Stateless.
 */
final class Bytes {
  /** Spare bytes that every array given to this class must have behind its content. */
  static final int SLACK = 8;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long EIGHTS = 0x8888888888888888L;
  private static final long HIGH_HALVES = 0xF0F0F0F0F0F0F0F0L;
  private static final long LOW_HALVES = 0x0F0F0F0F0F0F0F0FL;
  private static final byte[] LATIN_OF_EBCDIC = new byte[256];
  private static final byte[] EBCDIC_OF_LATIN = new byte[256];
  private static final byte[] HEX_VALUE = new byte[256];
  private static final byte[] HEX_DIGIT = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  static {
    // Code page 1047, Latin-1 on EBCDIC machines: the one that jPOS uses.
    Charset ebcdic = Charset.forName("IBM1047");
    byte[] one = new byte[1];
    for (int i = 0; i < 256; i++) {
      one[0] = (byte) i;
      char latin = new String(one, ebcdic).charAt(0);
      LATIN_OF_EBCDIC[i] = (byte) latin;
      EBCDIC_OF_LATIN[latin & 0xFF] = (byte) i;
      HEX_VALUE[i] = (byte) Character.digit(i, 16);
    }
    for (int i = 128; i < 256; i++) {
      HEX_VALUE[i] = -1;
    }
  }

  private Bytes() {}

  static byte latinOfEbcdic(byte b) {
    return LATIN_OF_EBCDIC[b & 0xFF];
  }

  static byte ebcdicOfLatin(byte b) {
    return EBCDIC_OF_LATIN[b & 0xFF];
  }

  /** The value of a hexadecimal digit in ASCII, or -1. */
  static int hexValue(byte b) {
    return HEX_VALUE[b & 0xFF];
  }

  static byte hexDigit(int value) {
    return HEX_DIGIT[value & 0xF];
  }

  static long getLong(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }

  static void putLong(byte[] bytes, int offset, long value) {
    LONG.set(bytes, offset, value);
  }

  /** The first {@code count} (1 to 8) of eight bytes kept, the others 0. */
  private static long first(long eight, int count) {
    return eight & (-1L << ((8 - count) << 3));
  }

  static boolean areAsciiDigits(byte[] bytes, int offset, int length) {
    int end = offset + length;
    long wrong = 0;
    for (int i = offset; i < end; i += 8) {
      long eight = getLong(bytes, i);
      // A digit is 3x, and stays 3x when 6 is added; anything else leaves the row.
      long odd = ((eight ^ (0x30 * ONES)) | ((eight & LOW_HALVES) + 0x06 * ONES)) & HIGH_HALVES;
      wrong |= end - i >= 8 ? odd : first(odd, end - i);
    }
    return wrong == 0;
  }

  static boolean areEbcdicDigits(byte[] bytes, int offset, int length) {
    int end = offset + length;
    long wrong = 0;
    for (int i = offset; i < end; i += 8) {
      long eight = getLong(bytes, i);
      long odd = ((eight ^ HIGH_HALVES) | ((eight & LOW_HALVES) + 0x06 * ONES)) & HIGH_HALVES;
      wrong |= end - i >= 8 ? odd : first(odd, end - i);
    }
    return wrong == 0;
  }

  /** Whether each half of each byte is 0 to 9. */
  static boolean arePackedDigits(byte[] bytes, int offset, int length) {
    int end = offset + length;
    long wrong = 0;
    for (int i = offset; i < end; i += 8) {
      long eight = getLong(bytes, i);
      // A half-byte above 9 has its 8 set and its 4 or its 2.
      long odd = eight & ((eight << 1) | (eight << 2)) & EIGHTS;
      wrong |= end - i >= 8 ? odd : first(odd, end - i);
    }
    return wrong == 0;
  }

  /** Whether no byte is a control character of ASCII (below 20 or 7F). */
  static boolean arePrintable(byte[] bytes, int offset, int length) {
    int end = offset + length;
    long wrong = 0;
    for (int i = offset; i < end; i += 8) {
      long eight = getLong(bytes, i);
      int left = end - i;
      if (left < 8) {
        // Spaces behind the end, since a borrow from there could reach a byte that counts.
        eight = first(eight, left) | ((0x20 * ONES) & ~(-1L << ((8 - left) << 3)));
      }
      long delete = eight ^ (0x7F * ONES);
      wrong |= (((eight - 0x20 * ONES) & ~eight) | ((delete - ONES) & ~delete)) & HIGHS;
    }
    return wrong == 0;
  }

  static boolean areHex(byte[] bytes, int offset, int length) {
    int wrong = 0;
    for (int i = 0; i < length; i++) {
      wrong |= HEX_VALUE[bytes[offset + i] & 0xFF];
    }
    return wrong >= 0;
  }

  /** The number in up to 16 packed digits, which must be digits; a filler on the left must be 0. */
  static long packedNumber(byte[] bytes, int offset, int byteCount) {
    if (byteCount == 0) {
      return 0;
    }
    return unpack(getLong(bytes, offset) >>> ((8 - byteCount) << 3));
  }

  /** As {@link #packedNumber}, with one filler half-byte on the right. */
  static long packedNumberFilledRight(byte[] bytes, int offset, int byteCount) {
    return unpack(getLong(bytes, offset) >>> (((8 - byteCount) << 3) + 4));
  }

  /** Halves of bytes to bytes, bytes to pairs, pairs to quads, quads to the whole: four steps for 16 digits. */
  private static long unpack(long packed) {
    long value = packed - 6 * ((packed >>> 4) & LOW_HALVES);
    value -= (256 - 100) * ((value >>> 8) & 0x00FF00FF00FF00FFL);
    value -= (65_536 - 10_000) * ((value >>> 16) & 0x0000FFFF0000FFFFL);
    return value - ((1L << 32) - 100_000_000) * (value >>> 32);
  }

  /** The number in digits of ASCII or EBCDIC, which must be digits. At most 18. */
  static long digitsNumber(byte[] bytes, int offset, int length) {
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      value = value * 10 + (bytes[i] & 0xF);
    }
    return value;
  }
}
