package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;

/** Name of the key of whoever gave a command, as it stands in one: 1 to 32 printable ASCII characters, then NULs. */
final class KeyName {
  static final int LENGTH = 32;

  private KeyName() {}

  /** Whether a name without spaces stands at {@code offset}, and nothing behind it. */
  static boolean isOne(DirectBuffer bytes, int offset) {
    int length = 0;
    while (length < LENGTH && bytes.getByte(offset + length) > ' ' && bytes.getByte(offset + length) <= '~') {
      length++;
    }
    boolean nothingFollows = true;
    for (int at = length; at < LENGTH; at++) {
      nothingFollows &= bytes.getByte(offset + at) == 0;
    }
    return length > 0 && nothingFollows;
  }
}
