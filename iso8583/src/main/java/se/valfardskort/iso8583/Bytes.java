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
    return areDigits(bytes, offset, length, 0x30 * ONES);
  }

  static boolean areEbcdicDigits(byte[] bytes, int offset, int length) {
    return areDigits(bytes, offset, length, HIGH_HALVES);
  }

  /** Whether each byte is one of the ten behind the zero of the row; most fields are one or two rounds of eight. */
  private static boolean areDigits(byte[] bytes, int offset, int length, long zeros) {
    int left = length;
    int at = offset;
    while (left > 8) {
      if (noDigits(getLong(bytes, at), zeros) != 0) {
        return false;
      }
      at += 8;
      left -= 8;
    }
    return left == 0 || noDigits(getLong(bytes, at), zeros) >>> ((8 - left) << 3) == 0;
  }

  /** Not 0 in the bytes that are no digits: a digit has its row's high half, and keeps it when 6 is added. */
  private static long noDigits(long eight, long zeros) {
    return ((eight ^ zeros) | ((eight & LOW_HALVES) + 0x06 * ONES)) & HIGH_HALVES;
  }

  /** Whether each half of each byte is 0 to 9. */
  static boolean arePackedDigits(byte[] bytes, int offset, int length) {
    int left = length;
    int at = offset;
    while (left > 8) {
      if (aboveNine(getLong(bytes, at)) != 0) {
        return false;
      }
      at += 8;
      left -= 8;
    }
    return left == 0 || aboveNine(getLong(bytes, at)) >>> ((8 - left) << 3) == 0;
  }

  /** Not 0 in the half-bytes above 9: they have their 8 set, and their 4 or their 2. */
  private static long aboveNine(long eight) {
    return eight & ((eight << 1) | (eight << 2)) & EIGHTS;
  }

  /** Whether each half of each byte is 0 to 9, or D for the separator of a track. */
  static boolean arePackedTrack(byte[] bytes, int offset, int length) {
    int end = offset + length;
    long wrong = 0;
    for (int i = offset; i < end; i += 8) {
      long eight = getLong(bytes, i);
      long four = eight << 1;
      long two = eight << 2;
      long one = eight << 3;
      long odd = eight & (four | two) & ~(four & ~two & one) & EIGHTS;
      wrong |= end - i >= 8 ? odd : first(odd, end - i);
    }
    return wrong == 0;
  }

  /** Whether each byte is a digit or one of : ; &lt; = &gt; ?, the row of ASCII that tracks are made of. */
  static boolean areTrackRow(byte[] bytes, int offset, int length) {
    int end = offset + length;
    long wrong = 0;
    for (int i = offset; i < end; i += 8) {
      long odd = (getLong(bytes, i) ^ (0x30 * ONES)) & HIGH_HALVES;
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

  /** The number in up to 16 digits of ASCII or EBCDIC, which must be digits. */
  static long digitsNumber(byte[] bytes, int offset, int length) {
    if (length <= 8) {
      return length == 0 ? 0 : eightDigits(getLong(bytes, offset) >>> ((8 - length) << 3));
    }
    return eightDigits(getLong(bytes, offset) >>> ((16 - length) << 3)) * 100_000_000
        + eightDigits(getLong(bytes, offset + length - 8));
  }

  /** Digits to pairs, pairs to quads, quads to the whole. */
  private static long eightDigits(long characters) {
    long value = characters & LOW_HALVES;
    value -= (256 - 10) * ((value >>> 8) & 0x00FF00FF00FF00FFL);
    value -= (65_536 - 100) * ((value >>> 16) & 0x0000FFFF0000FFFFL);
    return value - ((1L << 32) - 10_000) * (value >>> 32);
  }

  /** Writes the digits of {@code count} packed bytes as ASCII, two characters a byte. */
  static void unpackDigits(byte[] bytes, int offset, int count, byte[] dst, int dstOffset) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      long spread = getLong(bytes, offset + i) >>> 32;
      spread = (spread | (spread << 16)) & 0x0000FFFF0000FFFFL;
      spread = (spread | (spread << 8)) & 0x00FF00FF00FF00FFL;
      spread = (spread | (spread << 4)) & LOW_HALVES;
      putLong(dst, dstOffset + (i << 1), spread + 0x30 * ONES);
    }
    for (; i < count; i++) {
      int b = bytes[offset + i] & 0xFF;
      dst[dstOffset + (i << 1)] = (byte) ('0' + (b >> 4));
      dst[dstOffset + (i << 1) + 1] = (byte) ('0' + (b & 0xF));
    }
  }
}
