package se.valfardskort.iso8583;

import static se.valfardskort.iso8583.FieldClass.AMOUNT_BCD;
import static se.valfardskort.iso8583.FieldClass.AMOUNT_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.DIGITS_BCD_LEFT;
import static se.valfardskort.iso8583.FieldClass.DIGITS_BCD_RIGHT;
import static se.valfardskort.iso8583.FieldClass.DIGITS_BCD_RIGHT_F;
import static se.valfardskort.iso8583.FieldClass.DIGITS_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.HEX_ASCII;
import static se.valfardskort.iso8583.FieldClass.HEX_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.PRINTABLE_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.TEXT_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.TRACK_BCD_LEFT;
import static se.valfardskort.iso8583.FieldClass.TRACK_BCD_RIGHT;
import static se.valfardskort.iso8583.FieldClass.TRACK_BCD_RIGHT_F;
import static se.valfardskort.iso8583.FieldClass.TRACK_EBCDIC;

/** How a value of its final length becomes bytes on the wire. Stateless. */
final class Encoding {
  private Encoding() {}

  /**
   * Encodes {@code length} characters in Latin-1, or bytes.
   *
   * @return false where a character cannot be packed; what else is illegal, {@link ContentRules} finds in the result
   */
  static boolean encode(int op, byte[] value, int from, int length, byte[] out, int at) {
    return switch (op) {
      case DIGITS_EBCDIC, TRACK_EBCDIC, TEXT_EBCDIC, PRINTABLE_EBCDIC, AMOUNT_EBCDIC -> {
        for (int i = 0; i < length; i++) {
          out[at + i] = Bytes.ebcdicOfLatin(value[from + i]);
        }
        yield true;
      }
      case DIGITS_BCD_LEFT, TRACK_BCD_LEFT -> pack(value, from, length, out, at, length & 1, 0);
      case DIGITS_BCD_RIGHT, TRACK_BCD_RIGHT -> pack(value, from, length, out, at, 0, 0);
      case DIGITS_BCD_RIGHT_F, TRACK_BCD_RIGHT_F -> pack(value, from, length, out, at, 0, 0x0F);
      case HEX_ASCII, HEX_EBCDIC -> {
        for (int i = 0; i < length; i++) {
          byte high = Bytes.hexDigit(value[from + i] >> 4);
          byte low = Bytes.hexDigit(value[from + i]);
          out[at + (i << 1)] = op == HEX_ASCII ? high : Bytes.ebcdicOfLatin(high);
          out[at + (i << 1) + 1] = op == HEX_ASCII ? low : Bytes.ebcdicOfLatin(low);
        }
        yield true;
      }
      case AMOUNT_BCD -> {
        out[at] = value[from];
        yield pack(value, from + 1, length - 1, out, at + 1, (length - 1) & 1, 0);
      }
      default -> {
        System.arraycopy(value, from, out, at, length);
        yield true;
      }
    };
  }

  /** Writes the last {@code count} digits of a number, one a byte, from the row that begins with {@code zero}. */
  static void digits(long value, byte[] out, int at, int count, int zero) {
    long left = value;
    for (int i = at + count - 1; i >= at; i--) {
      long tenth = left / 10;
      out[i] = (byte) (zero + left - tenth * 10);
      left = tenth;
    }
  }

  /** Writes the last digits of a number, two a byte. */
  static void packed(long value, byte[] out, int at, int size) {
    long left = value;
    for (int i = at + size - 1; i >= at; i--) {
      long hundredth = left / 100;
      int two = (int) (left - hundredth * 100);
      out[i] = (byte) (two + 6 * (two / 10));
      left = hundredth;
    }
  }

  /** Packs two characters a byte, from the given half (0 or 1) of the first byte on. */
  private static boolean pack(byte[] value, int from, int length, byte[] out, int at, int firstHalf, int filler) {
    int high = 0;
    int half = firstHalf;
    int next = at;
    for (int i = 0; i < length; i++) {
      int digit = digitOf(value[from + i]);
      if (digit < 0) {
        return false;
      }
      if (half == 0) {
        high = digit << 4;
      } else {
        out[next++] = (byte) (high | digit);
      }
      half ^= 1;
    }
    if (half != 0 && length > 0) {
      out[next] = (byte) (high | filler);
    }
    return true;
  }

  /** The half-byte of a digit or of a track's separator, or -1. */
  private static int digitOf(byte latin) {
    if (latin >= '0' && latin <= '9') {
      return latin - '0';
    }
    return latin == '=' || latin == 'D' ? 0x0D : -1;
  }
}
