package se.valfardskort.authorizer.engine;

import org.agrona.MutableDirectBuffer;

/**
 * Makes DE 38 from the number of an approval: six characters A-Z and 0-9.
 *
 * <p>A Feistel network over two halves of 36^3: a bijection of [0, 36^6), so two approvals have the same code only when
 * two thousand million lie between them. It scatters, it hides nothing.
 */
final class AuthCodes {
  static final int LENGTH = 6;

  private static final int HALF = 36 * 36 * 36;
  private static final long ALL = (long) HALF * HALF;
  private static final int ROUNDS = 4;

  private AuthCodes() {}

  static void write(long approval, MutableDirectBuffer buffer, int offset) {
    long number = Long.remainderUnsigned(approval, ALL);
    int left = (int) (number / HALF);
    int right = (int) (number % HALF);
    for (int round = 1; round <= ROUNDS; round++) {
      // The hash's upper half as a fraction of HALF: no division on the hot path.
      int next = left + (int) (((Hash.mix(round, right) >>> 32) * HALF) >>> 32);
      left = right;
      right = next >= HALF ? next - HALF : next;
    }
    writeHalf(left, buffer, offset);
    writeHalf(right, buffer, offset + LENGTH / 2);
  }

  private static void writeHalf(int half, MutableDirectBuffer buffer, int offset) {
    buffer.putByte(offset, character(half / (36 * 36)));
    buffer.putByte(offset + 1, character(half / 36 % 36));
    buffer.putByte(offset + 2, character(half % 36));
  }

  private static byte character(int digit) {
    return (byte) (digit < 10 ? '0' + digit : 'A' + digit - 10);
  }
}
