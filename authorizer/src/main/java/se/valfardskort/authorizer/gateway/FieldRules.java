package se.valfardskort.authorizer.gateway;

import se.valfardskort.iso8583.MessageReader;

/** What single values of ISO 8583 may be, beyond what their dialect says. Stateless, allocates nothing. */
final class FieldRules {
  private static final int[] DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private FieldRules() {}

  /** MMDD; 29 February always counts, since there is no year. */
  static boolean isMonthDay(long value) {
    long month = value / 100;
    long day = value % 100;
    return month >= 1 && month <= 12 && day >= 1 && day <= DAYS[(int) month - 1];
  }

  /** DE 15 as MMDD, without the year that ISO 8583:1993 has before it; {@code otherwise} where it is none. */
  static int settlementDate(MessageReader in, int otherwise) {
    long value = in.readable(15) ? in.number(15) : MessageReader.NOT_A_NUMBER;
    long monthDay = value < 0 ? value : value % 10_000;
    return isMonthDay(monthDay) ? (int) monthDay : otherwise;
  }

  /**
   * An amount behind its sign, C or D, as the number that is above 0 for C.
   *
   * @return {@link MessageReader#NOT_A_NUMBER} where it is none
   */
  static long signedAmount(MessageReader in, int de) {
    long magnitude = in.number(de, 1, in.length(de) - 1);
    if (magnitude == MessageReader.NOT_A_NUMBER) {
      return magnitude;
    }
    return switch (in.textAt(de, 0)) {
      case 'C' -> magnitude;
      case 'D' -> -magnitude;
      default -> MessageReader.NOT_A_NUMBER;
    };
  }

  /** hhmmss. */
  static boolean isTime(long value) {
    return value >= 0 && value / 10_000 < 24 && value / 100 % 100 < 60 && value % 100 < 60;
  }

  /** MMDDhhmmss, as in DE 7. */
  static boolean isTransmissionTime(long value) {
    return value >= 0 && isMonthDay(value / 1_000_000) && isTime(value % 1_000_000);
  }

  /** YYMMDDhhmmss, as in DE 12 of 1993; the years are those of this century. */
  static boolean isDateTime(long value) {
    long day = value / 1_000_000;
    return value >= 0 && day <= 991_231 && isMonthDay(day % 10_000) && isTime(value % 1_000_000)
        && (day % 10_000 != 229 || day / 10_000 % 4 == 0);
  }

  /** YYMM. */
  static boolean isYearMonth(long value) {
    long month = value % 100;
    return value >= 0 && value <= 9912 && month >= 1 && month <= 12;
  }

  /** No control character: what stands here reaches receipts, logs and screens. */
  static boolean isPrintable(MessageReader in, int de) {
    if (in.dialect().isBinary(de)) {
      return false;
    }
    int length = in.length(de);
    for (int i = 0; i < length; i++) {
      int character = in.textAt(de, i) & 0xFF;
      if (character < 0x20 || (character >= 0x7F && character < 0xA0)) {
        return false;
      }
    }
    return true;
  }

  /** A text of nothing but spaces names nothing. */
  static boolean saysSomething(MessageReader in, int de) {
    if (!in.readable(de)) {
      return false;
    }
    int length = in.length(de);
    for (int i = 0; i < length; i++) {
      if (in.textAt(de, i) != ' ') {
        return true;
      }
    }
    return false;
  }

  /**
   * The country at the end of DE 43: alpha-3 in positions 38 to 40 after a space (the layout of Mastercard), else
   * alpha-2 in 39 and 40 (ISO and Visa), else alpha-3 without the space; where the parts are set off by backslashes
   * (ISO 8583:1993), the last three letters. {@link Countries#NONE} where none of these is a country.
   */
  static int countryOfMerchant(MessageReader in) {
    if (!in.readable(43) || in.dialect().isBinary(43)) {
      return Countries.NONE;
    }
    int length = in.length(43);
    if (!in.dialect().isFixed(43) && length >= 3 && hasBackslash(in, 43)) {
      return Countries.ofAlpha3(in.textAt(43, length - 3), in.textAt(43, length - 2), in.textAt(43, length - 1));
    }
    if (length < 40) {
      return Countries.NONE;
    }
    int alpha3 = Countries.ofAlpha3(in.textAt(43, 37), in.textAt(43, 38), in.textAt(43, 39));
    if (alpha3 != Countries.NONE && in.textAt(43, 36) == ' ') {
      return alpha3;
    }
    int alpha2 = Countries.ofAlpha2(in.textAt(43, 38), in.textAt(43, 39));
    return alpha2 == Countries.NONE ? alpha3 : alpha2;
  }

  private static boolean hasBackslash(MessageReader in, int de) {
    for (int i = 0; i < in.length(de); i++) {
      if (in.textAt(de, i) == '\\') {
        return true;
      }
    }
    return false;
  }

  /**
   * The currency in DE 49 to 51: three digits, or its letters where the dialect has letters there. Letters that are not
   * SEK are a currency that is not handled, whichever: 999 (ISO 4217: no currency).
   *
   * @return {@link MessageReader#NOT_A_NUMBER} where it is neither
   */
  static long currency(MessageReader in, int de) {
    long value = in.number(de);
    if (value != MessageReader.NOT_A_NUMBER) {
      return value <= 999 ? value : MessageReader.NOT_A_NUMBER;
    }
    if (in.dialect().isBinary(de) || in.length(de) != 3) {
      return value;
    }
    if (in.textEquals(de, "SEK")) {
      return 752;
    }
    for (int i = 0; i < 3; i++) {
      if (in.textAt(de, i) < 'A' || in.textAt(de, i) > 'Z') {
        return value;
      }
    }
    return 999;
  }

  /**
   * The cashback in DE 54: the sum of its amounts of type 40. Entries of 20 characters:
   *
   * <pre>
   *   | account type 2 | amount type 2 | currency 3 | C or D | amount 12 |
   * </pre>
   *
   * @return {@link MessageReader#NOT_A_NUMBER} where DE 54 is not made of such entries
   */
  static long cashback(MessageReader in) {
    int length = in.length(54);
    if (length % 20 != 0 || in.dialect().isBinary(54)) {
      return MessageReader.NOT_A_NUMBER;
    }
    long sum = 0;
    for (int at = 0; at < length; at += 20) {
      long type = in.number(54, at, 4);
      long amount = in.number(54, at + 8, 12);
      byte sign = in.textAt(54, at + 7);
      if (type == MessageReader.NOT_A_NUMBER || amount == MessageReader.NOT_A_NUMBER || (sign != 'C' && sign != 'D')) {
        return MessageReader.NOT_A_NUMBER;
      }
      if (type % 100 == 40) {
        sum += amount;
      }
    }
    return sum;
  }
}
