package se.valfardskort.authorizer.gateway;

/**
 * The shape of chip data (DE 55): BER-TLV as EMV book 3, annex B, narrows it. Only the shape; what a tag means belongs
 * to the cryptogram check.
 *
 * <p>Owned by one thread. Allocates nothing.
 *
 * <pre>
 *   | tag 1..3 | length 00..7F, or 81 nn, or 82 nn nn | value |
 *     bit 6 of the first byte: the value is itself a row of these
 * </pre>
 */
final class BerTlv {
  private static final int DEEPEST = 4;
  private static final int MOST_TAGS = 256;

  private final int[] tags = new int[MOST_TAGS];
  private int tagCount;

  /**
   * Turns hexadecimal digits into their bytes, in place: dialects without bytes send DE 55 as text, some in
   * hexadecimal, some as it is. What is not wholly hexadecimal is left as it is.
   *
   * @return how many bytes there are now
   */
  static int unhex(byte[] bytes, int offset, int length) {
    if ((length & 1) != 0) {
      return length;
    }
    for (int i = offset; i < offset + length; i++) {
      if (Character.digit(bytes[i], 16) < 0) {
        return length;
      }
    }
    for (int i = 0; i < length / 2; i++) {
      int high = Character.digit(bytes[offset + 2 * i], 16);
      bytes[offset + i] = (byte) (high << 4 | Character.digit(bytes[offset + 2 * i + 1], 16));
    }
    return length / 2;
  }

  /**
   * Whether the bytes are a row of whole TLVs: none reaching over the end of what holds it, nested at most four deep,
   * no tag twice at one level.
   */
  boolean isSound(byte[] bytes, int offset, int length) {
    tagCount = 0;
    return isSound(bytes, offset, offset + length, 1);
  }

  private boolean isSound(byte[] bytes, int from, int end, int depth) {
    int firstTag = tagCount;
    int at = from;
    while (at < end) {
      if (bytes[at] == 0) {
        // EMV allows zeros between data objects.
        at++;
        continue;
      }
      boolean constructed = (bytes[at] & 0x20) != 0;
      int tagLength = tagLength(bytes, at, end);
      if (tagLength < 0 || !addTag(bytes, at, tagLength, firstTag)) {
        return false;
      }
      at += tagLength;
      int lengthLength = at < end ? lengthLength(bytes[at] & 0xFF) : -1;
      if (lengthLength < 0 || lengthLength > end - at) {
        return false;
      }
      int valueLength = valueLength(bytes, at, lengthLength);
      at += lengthLength;
      if (valueLength > end - at) {
        return false;
      }
      if (constructed) {
        int mark = tagCount;
        if (depth == DEEPEST || !isSound(bytes, at, at + valueLength, depth + 1)) {
          return false;
        }
        tagCount = mark;
      }
      at += valueLength;
    }
    return true;
  }

  private static int tagLength(byte[] bytes, int at, int end) {
    if ((bytes[at] & 0x1F) != 0x1F) {
      return 1;
    }
    for (int length = 2; length <= 3 && at + length <= end; length++) {
      if (bytes[at + length - 1] >= 0) {
        return length;
      }
    }
    return -1;
  }

  private boolean addTag(byte[] bytes, int at, int length, int firstTag) {
    int tag = 0;
    for (int i = at; i < at + length; i++) {
      tag = (tag << 8) | (bytes[i] & 0xFF);
    }
    for (int i = firstTag; i < tagCount; i++) {
      if (tags[i] == tag) {
        return false;
      }
    }
    if (tagCount == MOST_TAGS) {
      return false;
    }
    tags[tagCount++] = tag;
    return true;
  }

  private static int lengthLength(int first) {
    if (first < 0x80) {
      return 1;
    }
    return first == 0x81 || first == 0x82 ? first - 0x7F : -1;
  }

  private static int valueLength(byte[] bytes, int at, int lengthLength) {
    return switch (lengthLength) {
      case 1 -> bytes[at];
      case 2 -> bytes[at + 1] & 0xFF;
      default -> (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF);
    };
  }
}
