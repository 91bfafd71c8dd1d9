package se.valfardskort.authorizer.storage;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The keyed hash chain over a journal, as it is made and as it is checked.
 *
 * <p>Owned by one thread at a time: the reader's, then the journal's. Allocates nothing a call: HMAC is spelled out
 * over reused digests ({@code javax.crypto.Mac} makes an array for every result), and bytes go through an array of our
 * own, since a digest copies a direct buffer anyway.
 *
 * <pre>
 *   MAC(i) = HMAC-SHA-256( key, MAC(i-1) | i | sequence | SHA-256( covered ) )
 *
 *   covered: all whole records and segment headers, in the order of the files, from the first byte of seal i-1 (for
 *   the first seal: from the first byte of the journal) up to seal i, which is not part of it.
 *   MAC(0) = HMAC-SHA-256( key, "valfardskort journal begins" ); i and sequence are little-endian, 8 bytes each.
 *
 *   body of a seal record, 40 bytes
 *   0               8                                               40
 *   +---------------+-----------------------------------------------+
 *   | number i      | MAC(i)                                        |
 *   +---------------+-----------------------------------------------+
 * </pre>
 */
final class SealChain {
  static final int BODY_LENGTH = Long.BYTES + SealKey.MAC_LENGTH;
  /** Length of a seal as a record. */
  static final int RECORD_LENGTH = JournalFormat.align(JournalFormat.RECORD_HEADER_LENGTH + BODY_LENGTH);

  private static final byte[] BEGINS = "valfardskort journal begins".getBytes(StandardCharsets.US_ASCII);
  private static final int CHUNK = 8192;
  private static final int MESSAGE_LENGTH = 2 * SealKey.MAC_LENGTH + 2 * Long.BYTES;

  private final byte[] inner;
  private final byte[] outer;
  private final MessageDigest covered = SealKey.sha256();
  private final MessageDigest hmac = SealKey.sha256();
  private final byte[] chunk = new byte[CHUNK];
  private final byte[] message = new byte[MESSAGE_LENGTH];
  private final UnsafeBuffer fields = new UnsafeBuffer(message);
  private final byte[] mac;
  private final byte[] found = new byte[SealKey.MAC_LENGTH];
  private long number;
  private boolean begun;

  /**
   * @param fromTheBeginning the first byte covered will be the journal's; otherwise the first seal that is met is taken
   *     as it is, since what it covers is not there any more
   */
  SealChain(SealKey key, boolean fromTheBeginning) {
    inner = key.inner();
    outer = key.outer();
    mac = key.macOf(BEGINS);
    begun = fromTheBeginning;
  }

  /** Number of the last seal. */
  long number() {
    return number;
  }

  /** The last seal. */
  SealMark mark() {
    return SealMark.of(number, mac);
  }

  /** These bytes will be under the next seal. */
  void cover(DirectBuffer bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int count = Math.min(CHUNK, end - at);
      bytes.getBytes(at, chunk, 0, count);
      covered.update(chunk, 0, count);
      at += count;
    }
  }

  /** Makes the next seal, over all that was covered since the last, and writes its body. */
  void seal(long sequence, MutableDirectBuffer into, int at) {
    number++;
    advance(sequence);
    into.putLong(at, number, ByteOrder.LITTLE_ENDIAN);
    into.putBytes(at + Long.BYTES, mac);
  }

  /** Whether the body at {@code at} is the next seal over all that was covered; the chain goes on from it. */
  boolean check(long sequence, DirectBuffer body, int at) {
    long numberFound = body.getLong(at, ByteOrder.LITTLE_ENDIAN);
    body.getBytes(at + Long.BYTES, found);
    if (!begun) {
      begun = true;
      number = numberFound;
      System.arraycopy(found, 0, mac, 0, mac.length);
      covered.reset();
      return true;
    }
    number++;
    advance(sequence);
    return numberFound == number && MessageDigest.isEqual(mac, found);
  }

  private void advance(long sequence) {
    System.arraycopy(mac, 0, message, 0, mac.length);
    fields.putLong(mac.length, number, ByteOrder.LITTLE_ENDIAN);
    fields.putLong(mac.length + Long.BYTES, sequence, ByteOrder.LITTLE_ENDIAN);
    try {
      covered.digest(message, MESSAGE_LENGTH - SealKey.MAC_LENGTH, SealKey.MAC_LENGTH);
      hmac.update(inner);
      hmac.update(message);
      hmac.digest(mac, 0, mac.length);
      hmac.update(outer);
      hmac.update(mac);
      hmac.digest(mac, 0, mac.length);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 did not give " + SealKey.MAC_LENGTH + " bytes", e);
    }
    Arrays.fill(message, (byte) 0);
  }
}
