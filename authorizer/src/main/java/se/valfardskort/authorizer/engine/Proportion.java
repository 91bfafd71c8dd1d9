package se.valfardskort.authorizer.engine;

/** Amounts in proportion, exactly, where the product does not fit 64 bits (10^10 times 10^12). */
final class Proportion {
  private Proportion() {}

  /** {@code a * b / c}, half up; {@code 0 <= b < c}. */
  static long halfUp(long a, long b, long c) {
    return divide(a, b, c, true);
  }

  /** {@code a * b / c}, down; {@code 0 <= b < c}. */
  static long down(long a, long b, long c) {
    return divide(a, b, c, false);
  }

  /** Long division, bit by bit of {@code a}. */
  private static long divide(long a, long b, long c, boolean halfUp) {
    long quotient = 0;
    long remainder = 0;
    for (int bit = 62; bit >= 0; bit--) {
      quotient <<= 1;
      remainder <<= 1;
      if (remainder >= c) {
        remainder -= c;
        quotient++;
      }
      if ((a >>> bit & 1) != 0) {
        remainder += b;
        if (remainder >= c) {
          remainder -= c;
          quotient++;
        }
      }
    }
    return halfUp && remainder * 2 >= c ? quotient + 1 : quotient;
  }
}
