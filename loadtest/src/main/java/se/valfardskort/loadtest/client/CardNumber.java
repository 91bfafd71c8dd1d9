package se.valfardskort.loadtest.client;

/**
 * The demo programme's card numbers: PAN = {@code 975200} + nine-digit card number + Luhn digit (wire.md section 7).
 * Stateless.
 */
public final class CardNumber {
  /** MII 9 and country 752: the range for national use in Sweden. */
  public static final String BIN = "975200";

  /** One more than the highest card number. */
  public static final int LIMIT = 1_000_000_000;

  private static final long BIN_SHIFTED = 975_200_000_000_000L;

  private CardNumber() {}

  /**
   * The PAN of a card number.
   *
   * @param number 0 to 999,999,999
   * @return 16 digits as a number
   */
  public static long pan(int number) {
    if (number < 0 || number >= LIMIT) {
      throw new IllegalArgumentException("card number " + number + " is not 0 to 999999999");
    }
    long payload = BIN_SHIFTED + number;
    return payload * 10 + luhnDigit(payload);
  }

  /**
   * The PAN of a card number in digits.
   *
   * @param nineDigits for example {@code 900000001}
   * @throws IllegalArgumentException where it is not nine digits
   */
  public static String panOf(String nineDigits) {
    if (nineDigits.length() != 9 || !nineDigits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(
          "'" + nineDigits + "' is not a card number of the demo; write nine digits, for example 000000042");
    }
    return Long.toString(pan(Integer.parseInt(nineDigits)));
  }

  /** The digit that makes {@code payload} followed by it pass the Luhn check (ISO/IEC 7812-1, annex B). */
  static int luhnDigit(long payload) {
    int sum = 0;
    boolean doubled = true;
    for (long rest = payload; rest > 0; rest /= 10) {
      int digit = (int) (rest % 10);
      if (doubled) {
        digit *= 2;
        if (digit > 9) {
          digit -= 9;
        }
      }
      sum += digit;
      doubled = !doubled;
    }
    return (10 - sum % 10) % 10;
  }
}
