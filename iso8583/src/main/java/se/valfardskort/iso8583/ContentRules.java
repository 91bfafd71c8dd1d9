package se.valfardskort.iso8583;

import static se.valfardskort.iso8583.FieldClass.AMOUNT_ASCII;
import static se.valfardskort.iso8583.FieldClass.AMOUNT_BCD;
import static se.valfardskort.iso8583.FieldClass.AMOUNT_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.BINARY;
import static se.valfardskort.iso8583.FieldClass.DIGITS_ASCII;
import static se.valfardskort.iso8583.FieldClass.DIGITS_BCD_LEFT;
import static se.valfardskort.iso8583.FieldClass.DIGITS_BCD_RIGHT;
import static se.valfardskort.iso8583.FieldClass.DIGITS_BCD_RIGHT_F;
import static se.valfardskort.iso8583.FieldClass.DIGITS_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.HEX_ASCII;
import static se.valfardskort.iso8583.FieldClass.HEX_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.NOTHING;
import static se.valfardskort.iso8583.FieldClass.PRINTABLE_ASCII;
import static se.valfardskort.iso8583.FieldClass.PRINTABLE_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.TEXT_ASCII;
import static se.valfardskort.iso8583.FieldClass.TEXT_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.TRACK_ASCII;
import static se.valfardskort.iso8583.FieldClass.TRACK_BCD_LEFT;
import static se.valfardskort.iso8583.FieldClass.TRACK_BCD_RIGHT;
import static se.valfardskort.iso8583.FieldClass.TRACK_BCD_RIGHT_F;
import static se.valfardskort.iso8583.FieldClass.TRACK_EBCDIC;
import static se.valfardskort.iso8583.FieldClass.UNDEFINED;

/** What each kind of content may hold, and how its characters stand on the wire. Stateless. */
final class ContentRules {
  private ContentRules() {}

  static boolean isAmount(int op) {
    return op >= AMOUNT_ASCII && op <= AMOUNT_BCD;
  }

  static boolean isBinary(int op) {
    return op >= BINARY && op <= HEX_EBCDIC;
  }

  private static boolean isTrack(int op) {
    return op >= TRACK_ASCII && op <= TRACK_BCD_RIGHT_F;
  }

  /** Whether {@code length} digits, characters or bytes at {@code at} are what this kind allows. */
  static boolean isLegal(int op, byte[] bytes, int at, int length) {
    return switch (op) {
      case DIGITS_BCD_LEFT -> Bytes.arePackedDigits(bytes, at, (length + 1) >> 1)
          && ((length & 1) == 0 || bytes[at] >>> 4 == 0);
      case DIGITS_BCD_RIGHT -> Bytes.arePackedDigits(bytes, at, (length + 1) >> 1)
          && ((length & 1) == 0 || (bytes[at + (length >> 1)] & 0x0F) == 0);
      case DIGITS_ASCII -> Bytes.areAsciiDigits(bytes, at, length);
      case DIGITS_EBCDIC -> Bytes.areEbcdicDigits(bytes, at, length);
      case PRINTABLE_ASCII -> Bytes.arePrintable(bytes, at, length);
      case TEXT_ASCII, TEXT_EBCDIC, BINARY, NOTHING -> true;
      case TRACK_BCD_LEFT -> Bytes.arePackedTrack(bytes, at, (length + 1) >> 1)
          && ((length & 1) == 0 || bytes[at] >>> 4 == 0);
      case TRACK_BCD_RIGHT -> Bytes.arePackedTrack(bytes, at, (length + 1) >> 1)
          && ((length & 1) == 0 || (bytes[at + (length >> 1)] & 0x0F) == 0);
      case TRACK_ASCII -> Bytes.areTrackRow(bytes, at, length) || firstOffence(op, bytes, at, length) < 0;
      case HEX_ASCII -> Bytes.areHex(bytes, at, length << 1);
      case AMOUNT_BCD -> (bytes[at] == 'C' || bytes[at] == 'D')
          && Bytes.arePackedDigits(bytes, at + 1, length >> 1) && ((length & 1) != 0 || bytes[at + 1] >>> 4 == 0);
      case AMOUNT_ASCII -> (bytes[at] == 'C' || bytes[at] == 'D') && Bytes.areAsciiDigits(bytes, at + 1, length - 1);
      default -> firstOffence(op, bytes, at, length) < 0;
    };
  }

  /** The offset of the first byte that this kind does not allow, or -1. */
  static int firstOffence(int op, byte[] bytes, int at, int length) {
    int wire = FieldClass.wireBytes(op, length);
    for (int i = 0; i < wire; i++) {
      if (!isLegalByte(op, bytes[at + i], i, length)) {
        return at + i;
      }
    }
    return -1;
  }

  /** What is wrong with the byte that {@link #firstOffence} found. */
  static Fault faultAt(int op, byte[] bytes, int at, int length, int bad) {
    if (isAmount(op) && bad == at) {
      return Fault.BAD_SIGN;
    }
    boolean filled = isPacked(op) ? (length & 1) != 0 : op == AMOUNT_BCD && (length & 1) == 0;
    int filler = isLeft(op) ? 0 : length >> 1;
    if (filled && bad == at + (op == AMOUNT_BCD ? 1 : filler)) {
      int digit = isLeft(op) ? bytes[bad] & 0x0F : (bytes[bad] & 0xF0) >> 4;
      return isLegalDigit(op, digit) ? Fault.BAD_PAD : Fault.BAD_CHAR;
    }
    return Fault.BAD_CHAR;
  }

  private static boolean isPacked(int op) {
    return (op >= DIGITS_BCD_LEFT && op <= DIGITS_BCD_RIGHT_F) || (op >= TRACK_BCD_LEFT && op <= TRACK_BCD_RIGHT_F);
  }

  private static boolean isLeft(int op) {
    return op == DIGITS_BCD_LEFT || op == TRACK_BCD_LEFT || op == AMOUNT_BCD;
  }

  private static boolean isLegalDigit(int op, int digit) {
    return digit <= 9 || (digit == 0x0D && isTrack(op));
  }

  private static boolean isLegalByte(int op, byte b, int index, int length) {
    return switch (op) {
      case DIGITS_ASCII -> b >= '0' && b <= '9';
      case DIGITS_EBCDIC -> (b & 0xFF) >= 0xF0 && (b & 0xFF) <= 0xF9;
      case TRACK_ASCII -> isTrackCharacter(b);
      case TRACK_EBCDIC -> isTrackCharacter(Bytes.latinOfEbcdic(b));
      case PRINTABLE_ASCII -> isPrintable(b);
      case PRINTABLE_EBCDIC -> isPrintable(Bytes.latinOfEbcdic(b));
      case HEX_ASCII -> Bytes.hexValue(b) >= 0;
      case HEX_EBCDIC -> Bytes.hexValue(Bytes.latinOfEbcdic(b)) >= 0;
      case AMOUNT_ASCII -> index == 0 ? b == 'C' || b == 'D' : b >= '0' && b <= '9';
      case AMOUNT_EBCDIC -> index == 0
          ? (b & 0xFF) == 0xC3 || (b & 0xFF) == 0xC4 : (b & 0xFF) >= 0xF0 && (b & 0xFF) <= 0xF9;
      case AMOUNT_BCD -> index == 0 ? b == 'C' || b == 'D'
          : (b & 0x0F) <= 9 && (((length & 1) == 0 && index == 1) ? b >>> 4 == 0 : (b & 0xF0) <= 0x90);
      case DIGITS_BCD_LEFT, TRACK_BCD_LEFT -> isLegalDigit(op, b & 0x0F)
          && (((length & 1) != 0 && index == 0) ? b >>> 4 == 0 : isLegalDigit(op, (b & 0xF0) >> 4));
      case DIGITS_BCD_RIGHT, TRACK_BCD_RIGHT, DIGITS_BCD_RIGHT_F, TRACK_BCD_RIGHT_F ->
          isLegalDigit(op, (b & 0xF0) >> 4)
              && (((length & 1) != 0 && index == length >> 1)
                  ? (b & 0x0F) == fillerRight(op) : isLegalDigit(op, b & 0x0F));
      default -> true;
    };
  }

  private static int fillerRight(int op) {
    return op == DIGITS_BCD_RIGHT_F || op == TRACK_BCD_RIGHT_F ? 0x0F : 0;
  }

  private static boolean isTrackCharacter(byte latin) {
    // The code set of ISO 7811 track 2 is one row of ASCII, digits and : ; < = > ?; D stands for = in many systems.
    return (latin >= '0' && latin <= '?') || latin == 'D';
  }

  private static boolean isPrintable(byte latin) {
    // Bytes above 7F are letters in Latin-1 and UTF-8 alike: a shop in Orebro must not be refused for its name.
    return latin < 0 || (latin >= 0x20 && latin != 0x7F);
  }

  /** Where the half-byte of a packed digit stands, counted from the first half of the value. */
  private static int halfOf(int op, int length, int index) {
    return isLeft(op) && (length & 1) != 0 ? index + 1 : index;
  }

  private static int half(byte[] bytes, int at, int half) {
    int b = bytes[at + (half >> 1)];
    return (half & 1) == 0 ? (b >> 4) & 0x0F : b & 0x0F;
  }

  private static byte characterOf(int digit) {
    return (byte) (digit == 0x0D ? '=' : '0' + digit);
  }

  static byte textAt(int op, byte[] bytes, int at, int length, int index) {
    return switch (op) {
      case DIGITS_ASCII, TRACK_ASCII, TEXT_ASCII, PRINTABLE_ASCII, AMOUNT_ASCII -> bytes[at + index];
      case DIGITS_EBCDIC, TRACK_EBCDIC, TEXT_EBCDIC, PRINTABLE_EBCDIC, AMOUNT_EBCDIC ->
          Bytes.latinOfEbcdic(bytes[at + index]);
      case AMOUNT_BCD -> index == 0 ? bytes[at]
          : characterOf(half(bytes, at + 1, index - 1 + (~length & 1)));
      case BINARY, HEX_ASCII, HEX_EBCDIC, NOTHING, UNDEFINED ->
          throw new IllegalStateException("the field holds bytes, not text; use copyBinary");
      default -> characterOf(half(bytes, at, halfOf(op, length, index)));
    };
  }

  static void copyText(int op, byte[] bytes, int at, int length, byte[] dst, int dstOffset) {
    switch (op) {
      case DIGITS_ASCII, TRACK_ASCII, TEXT_ASCII, PRINTABLE_ASCII, AMOUNT_ASCII ->
          System.arraycopy(bytes, at, dst, dstOffset, length);
      case DIGITS_BCD_LEFT, DIGITS_BCD_RIGHT, DIGITS_BCD_RIGHT_F -> {
        int odd = length & 1;
        int wholeFrom = op == DIGITS_BCD_LEFT ? odd : 0;
        Bytes.unpackDigits(bytes, at + wholeFrom, length >> 1, dst, dstOffset + wholeFrom);
        if (odd != 0) {
          int single = op == DIGITS_BCD_LEFT ? 0 : length - 1;
          dst[dstOffset + single] = (byte) ('0' + half(bytes, at, halfOf(op, length, single)));
        }
      }
      default -> {
        for (int i = 0; i < length; i++) {
          dst[dstOffset + i] = textAt(op, bytes, at, length, i);
        }
      }
    }
  }

  static byte byteOfHex(int op, byte[] bytes, int at, int index) {
    byte high = bytes[at + (index << 1)];
    byte low = bytes[at + (index << 1) + 1];
    if (op == HEX_EBCDIC) {
      high = Bytes.latinOfEbcdic(high);
      low = Bytes.latinOfEbcdic(low);
    }
    return (byte) ((Bytes.hexValue(high) << 4) | Bytes.hexValue(low));
  }
}
