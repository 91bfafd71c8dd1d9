package se.valfardskort.iso8583;

import static se.valfardskort.iso8583.FieldClass.PREFIX_ASCII;
import static se.valfardskort.iso8583.FieldClass.PREFIX_BCD;
import static se.valfardskort.iso8583.FieldClass.PREFIX_EBCDIC;

/** The length before a field: digits in ASCII, EBCDIC or two a byte, or a binary number. Stateless. */
final class LengthPrefix {
  private LengthPrefix() {}

  /** The length that a prefix of {@code size} bytes announces, or -1 where it is not digits. */
  static int read(int kind, byte[] bytes, int at, int size) {
    int value = 0;
    for (int i = at; i < at + size; i++) {
      int b = bytes[i] & 0xFF;
      if (kind == PREFIX_BCD) {
        if ((b & 0x0F) > 9 || b > 0x9F) {
          return -1;
        }
        value = value * 100 + b - 6 * (b >> 4);
      } else if (kind == PREFIX_ASCII || kind == PREFIX_EBCDIC) {
        int digit = b - (kind == PREFIX_ASCII ? '0' : 0xF0);
        if (digit < 0 || digit > 9) {
          return -1;
        }
        value = value * 10 + digit;
      } else {
        value = (value << 8) | b;
      }
    }
    return value;
  }

  static void write(int kind, byte[] bytes, int at, int size, int length) {
    switch (kind) {
      case PREFIX_ASCII -> Encoding.digits(length, bytes, at, size, '0');
      case PREFIX_EBCDIC -> Encoding.digits(length, bytes, at, size, 0xF0);
      case PREFIX_BCD -> Encoding.packed(length, bytes, at, size);
      default -> {
        for (int i = 0; i < size; i++) {
          bytes[at + i] = (byte) (length >>> ((size - 1 - i) << 3));
        }
      }
    }
  }
}
