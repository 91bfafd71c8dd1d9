package se.valfardskort.authorizer.storage;

import java.util.HexFormat;

/**
 * One seal of the chain, by which a later reading can tell whether it reads the same journal. Immutable.
 *
 * @param number from 1; 0: before the first seal
 * @param mac the seal's MAC as 64 hexadecimal digits; empty before the first
 */
record SealMark(long number, String mac) {
  /** Before the first seal. */
  static final SealMark NONE = new SealMark(0, "");

  static SealMark of(long number, byte[] mac) {
    return number == 0 ? NONE : new SealMark(number, HexFormat.of().formatHex(mac));
  }

  /** The MAC's bytes; zeros before the first seal. */
  byte[] macBytes() {
    return number == 0 ? new byte[SealKey.MAC_LENGTH] : HexFormat.of().parseHex(mac);
  }
}
