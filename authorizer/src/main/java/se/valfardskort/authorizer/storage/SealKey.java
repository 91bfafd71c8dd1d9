package se.valfardskort.authorizer.storage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The key of a journal's seals, anchors and lists. Immutable; never printed, never stored beside the journal.
 *
 * <p>Made from the key of the panTokens, so that there is one secret to keep: who can write the data folder but does
 * not have that key can neither make a seal nor an anchor.
 */
public final class SealKey {
  /** Bytes of a MAC. */
  static final int MAC_LENGTH = 32;

  private static final String PURPOSE = "valfardskort journal seal 1";
  private static final int BLOCK = 64;
  private static final int INNER_PAD = 0x36;
  private static final int OUTER_PAD = 0x5C;

  private final byte[] key;

  private SealKey(byte[] key) {
    this.key = key;
  }

  /**
   * The seal key that goes with a key of panTokens.
   *
   * @param panTokenKey 32 bytes or more; not kept
   */
  public static SealKey derivedFrom(byte[] panTokenKey) {
    return new SealKey(hmac(panTokenKey, PURPOSE.getBytes(StandardCharsets.US_ASCII)));
  }

  /** MAC of some bytes. Allocates; not for the hot path. */
  byte[] macOf(byte[] bytes) {
    return hmac(key, bytes);
  }

  /** A block of the key for the inner hash of RFC 2104. */
  byte[] inner() {
    return padded(key, INNER_PAD);
  }

  /** A block of the key for the outer hash. */
  byte[] outer() {
    return padded(key, OUTER_PAD);
  }

  private static byte[] padded(byte[] key, int pad) {
    byte[] block = Arrays.copyOf(key.length > BLOCK ? sha256().digest(key) : key, BLOCK);
    for (int i = 0; i < BLOCK; i++) {
      block[i] ^= (byte) pad;
    }
    return block;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
    }
  }

  /** RFC 2104, spelled out as in {@link SealChain}. */
  private static byte[] hmac(byte[] key, byte[] bytes) {
    MessageDigest digest = sha256();
    digest.update(padded(key, INNER_PAD));
    byte[] inside = digest.digest(bytes);
    digest.update(padded(key, OUTER_PAD));
    return digest.digest(inside);
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "seal key";
  }
}
