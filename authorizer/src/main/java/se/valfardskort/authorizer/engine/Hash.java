package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;

/** Mixing for digests and state hashes: tells states apart, protects against nobody. */
final class Hash {
  private Hash() {}

  static long mix(long hash, long word) {
    long mixed = (hash ^ word) * 0x9E37_79B9_7F4A_7C15L;
    return mixed ^ (mixed >>> 32);
  }

  static long mix(long hash, DirectBuffer bytes, int offset, int length) {
    long mixed = hash;
    int index = offset;
    int end = offset + length;
    for (; index + Long.BYTES <= end; index += Long.BYTES) {
      mixed = mix(mixed, bytes.getLong(index));
    }
    for (; index < end; index++) {
      mixed = mix(mixed, bytes.getByte(index));
    }
    return mixed;
  }
}
