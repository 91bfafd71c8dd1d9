package se.valfardskort.authorizer.gateway;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Turns a PAN into its panToken: HMAC-SHA-256 of all its digits in ASCII, under the programme's key.
 *
 * <p>Owned by one thread: each event loop has its own. Allocates nothing a call. {@code javax.crypto.Mac} makes an
 * array for every result, hence the two hashes of RFC 2104 are spelled out here over a reused digest:
 *
 * <pre>
 *   token = SHA-256( (key ^ 5C..) | SHA-256( (key ^ 36..) | PAN digits ) )
 * </pre>
 *
 * <p>The PAN itself is neither kept nor named in any message of this class.
 */
public final class PanTokenizer {
  /** Bytes of a token. */
  public static final int TOKEN_LENGTH = 32;

  /** Fewer bytes of key than the hash is long would make the key the weakest part. */
  public static final int MINIMUM_KEY_LENGTH = 32;

  /** No PAN: what is not digits is never tokenized, so that the check value is part of no card's token. */
  private static final String KEY_CHECK = "valfardskort token key check";

  private static final int BLOCK = 64;
  private static final int SHORTEST_PAN = 12;
  private static final int LONGEST_PAN = 19;

  private final MessageDigest digest = sha256();
  private final byte[] inner = new byte[BLOCK];
  private final byte[] outer = new byte[BLOCK];
  private final byte[] scratch = new byte[TOKEN_LENGTH];

  /**
   * Takes a copy of the key.
   *
   * @param key at least {@link #MINIMUM_KEY_LENGTH} bytes
   * @throws IllegalArgumentException when the key is too short
   */
  public PanTokenizer(byte[] key) {
    if (key.length < MINIMUM_KEY_LENGTH) {
      throw new IllegalArgumentException("the tokenizer key has " + key.length + " bytes; configure at least "
          + MINIMUM_KEY_LENGTH + " random ones, else PANs could be guessed back from their tokens");
    }
    byte[] block = Arrays.copyOf(key.length > BLOCK ? digest.digest(key) : key, BLOCK);
    for (int i = 0; i < BLOCK; i++) {
      inner[i] = (byte) (block[i] ^ 0x36);
      outer[i] = (byte) (block[i] ^ 0x5C);
    }
    Arrays.fill(block, (byte) 0);
  }

  /** Whether a number of digits is a PAN's: 12 to 19 (ISO/IEC 7812-1 and the networks' practice). */
  public static boolean isPanLength(int digits) {
    return digits >= SHORTEST_PAN && digits <= LONGEST_PAN;
  }

  /** Writes the token of the PAN, which is ASCII digits, into {@code token}. */
  public void tokenize(byte[] pan, int offset, int length, byte[] token, int tokenOffset) {
    try {
      digest.update(inner);
      digest.update(pan, offset, length);
      digest.digest(scratch, 0, TOKEN_LENGTH);
      digest.update(outer);
      digest.update(scratch);
      digest.digest(token, tokenOffset, TOKEN_LENGTH);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 did not give " + TOKEN_LENGTH + " bytes", e);
    } finally {
      Arrays.fill(scratch, (byte) 0);
    }
  }

  /**
   * Check value of the key: the first eight bytes, little-endian, of HMAC-SHA-256 of a fixed text under it. It tells
   * keys apart, reveals none and is part of no token. Allocates; not for the hot path.
   */
  public long keyCheck() {
    byte[] text = KEY_CHECK.getBytes(StandardCharsets.US_ASCII);
    byte[] check = new byte[TOKEN_LENGTH];
    tokenize(text, 0, text.length, check, 0);
    return ByteBuffer.wrap(check).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  /** Whether the last digit is the Luhn digit of the others (ISO/IEC 7812-1, annex B). */
  public static boolean checkDigitOk(byte[] pan, int offset, int length) {
    int sum = 0;
    boolean twice = false;
    for (int i = offset + length - 1; i >= offset; i--) {
      int digit = pan[i] - '0';
      int weighed = twice ? digit * 2 : digit;
      sum += weighed > 9 ? weighed - 9 : weighed;
      twice = !twice;
    }
    return sum % 10 == 0;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
    }
  }
}
