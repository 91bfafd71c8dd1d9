package se.valfardskort.authorizer.app;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which decisions a person reviews: a keyed hash draws them (domain.md section 3). Owned by one thread; allocates.
 *
 * <p>Who has the key draws the same ones again, at any time and from the journal alone; who has not, cannot tell them
 * from others. The key goes with that of the panTokens and is nowhere written down. HMAC-SHA-256, as in RFC 2104.
 */
final class ReviewSample {
  private static final String PURPOSE = "valfardskort review sample 1";
  private static final int BLOCK = 64;
  private static final int INNER_PAD = 0x36;
  private static final int OUTER_PAD = 0x5C;
  private static final int TOKEN_LENGTH = 32;
  private static final int HUNDRED = 100;
  /** A hundred of it are all positive numbers of 64 bits. */
  private static final long ONE_PERCENT = Long.MAX_VALUE / HUNDRED + 1;

  private final MessageDigest digest;
  private final byte[] key;
  private final UnsafeBuffer drawn = new UnsafeBuffer(new byte[TOKEN_LENGTH + Long.BYTES]);

  /** @param panTokenKey 32 bytes; not kept */
  ReviewSample(byte[] panTokenKey) {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
    key = hmac(panTokenKey, PURPOSE.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Says whether the decision at {@code sequence}, on the card whose panToken is at {@code tokenOffset}, is drawn.
   *
   * @param percent how many of a hundred are; 0 to 100
   */
  boolean draws(DirectBuffer bytes, int tokenOffset, long sequence, int percent) {
    drawn.putBytes(0, bytes, tokenOffset, TOKEN_LENGTH);
    drawn.putLong(TOKEN_LENGTH, sequence);
    byte[] hash = hmac(key, drawn.byteArray());
    return (new UnsafeBuffer(hash).getLong(0) >>> 1) / ONE_PERCENT < percent;
  }

  private byte[] hmac(byte[] secret, byte[] bytes) {
    digest.update(padded(secret, INNER_PAD));
    byte[] inside = digest.digest(bytes);
    digest.update(padded(secret, OUTER_PAD));
    return digest.digest(inside);
  }

  private static byte[] padded(byte[] secret, int pad) {
    byte[] block = Arrays.copyOf(secret, BLOCK);
    for (int at = 0; at < BLOCK; at++) {
      block[at] ^= (byte) pad;
    }
    return block;
  }
}
