package se.valfardskort.authorizer.gateway;

import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;

/**
 * What makes two messages the same request, and what makes them say the same (wire.md section 4).
 *
 * <p>Owned by one thread. Allocates nothing a call. Both results are truncated SHA-256, over layouts that do not depend
 * on the dialect, so that a repeat may come over another link of the partner. All numbers big-endian.
 *
 * <pre>
 *   key:  0 partner id u16 | 2 class u8 | 3 function u8 | 4 acquirer (DE 32) i64 | 12 STAN (DE 11) u32
 *        16 panToken 32 bytes, zeros without a PAN
 *        48 which time u8: 12 or 7 | 49 i64: DE 13 * 1000000 + DE 12 (1993: DE 12), or DE 7
 *        57 which terminal u8: 41, 42 or 0 | 58 length u16 | text without trailing spaces
 *           partial reversals only: 95 u8 (1993: 4) | length u16 | text
 *   fingerprint: for each of DE 3 4 6 18 24 30 38 39 42 49 51 54 90 (1993: 26 and 56 too) that is there, ascending:
 *           DE u8 | length u16 | text
 *           reconciliations and cut-overs also DE 15 50 70 74-77 81 86-89 97
 * </pre>
 */
final class RequestKey {
  private static final int[] TOTALS = {15, 50, 70, 74, 75, 76, 77, 81, 86, 87, 88, 89, 97};
  private static final int TEXT_START = 57;
  private static final int SLACK = 64;

  private final Edition edition;
  private final MessageDigest digest = PanTokenizer.sha256();
  private final int[] fingerprintFields;
  private final byte[] layout;
  private final UnsafeBuffer view;
  private final byte[] hash = new byte[32];
  private final UnsafeBuffer hashView = new UnsafeBuffer(hash);
  private long high;
  private long low;
  private long fingerprint;

  RequestKey(Dialect dialect) {
    this(dialect, Edition.of(dialect).fingerprintFields());
  }

  private RequestKey(Dialect dialect, int[] fingerprintFields) {
    edition = Edition.of(dialect);
    this.fingerprintFields = fingerprintFields;
    int longest = 0;
    for (int de : fingerprintFields) {
      longest += 3 + (dialect.defines(de) ? dialect.maxLength(de) : 0);
    }
    for (int de : new int[] {41, 42, 95}) {
      longest += 3 + (dialect.defines(de) ? dialect.maxLength(de) : 0);
    }
    layout = new byte[TEXT_START + longest + SLACK];
    view = new UnsafeBuffer(layout);
  }

  /** For messages about totals: those are part of what is said. */
  static RequestKey forSettlement(Dialect dialect) {
    int[] fields = Edition.of(dialect).fingerprintFields();
    return new RequestKey(
        dialect, IntStream.concat(IntStream.of(fields), IntStream.of(TOTALS)).sorted().distinct().toArray());
  }

  /** The local time, or DE 7, or neither is there: without a time there is no key. */
  boolean hasTime(MessageReader in) {
    return in.readable(7) || edition.localTime(in) >= 0;
  }

  /** Computes all three results. DE 11 must be readable, and {@link #hasTime} true. */
  void compute(MessageReader in, int partnerId, long acquirer, byte[] panToken) {
    int mti = in.mti();
    view.putShort(0, (short) partnerId, ByteOrder.BIG_ENDIAN);
    layout[2] = (byte) MessageType.messageClass(mti);
    layout[3] = (byte) MessageType.function(mti);
    view.putLong(4, acquirer, ByteOrder.BIG_ENDIAN);
    view.putInt(12, (int) in.number(11), ByteOrder.BIG_ENDIAN);
    System.arraycopy(panToken, 0, layout, 16, PanTokenizer.TOKEN_LENGTH);
    long local = edition.localTime(in);
    layout[48] = (byte) (local >= 0 ? 12 : 7);
    view.putLong(49, local >= 0 ? local : in.number(7), ByteOrder.BIG_ENDIAN);
    int end = putTerminal(in);
    int replacement = MessageType.isReversal(mti) ? edition.replacementField(in) : 0;
    if (replacement != 0 && in.readable(replacement)) {
      end = putText(in, replacement, end);
    }
    hash(end);
    high = hashView.getLong(0, ByteOrder.BIG_ENDIAN);
    low = hashView.getLong(8, ByteOrder.BIG_ENDIAN);

    end = 0;
    for (int de : fingerprintFields) {
      if (in.readable(de)) {
        end = putText(in, de, end);
      }
    }
    hash(end);
    fingerprint = hashView.getLong(0, ByteOrder.BIG_ENDIAN);
  }

  private int putTerminal(MessageReader in) {
    int end = in.readable(41) ? putText(in, 41, TEXT_START) : TEXT_START;
    if (end <= TEXT_START + 3 && in.readable(42)) {
      end = putText(in, 42, TEXT_START);
    }
    if (end <= TEXT_START + 3) {
      Arrays.fill(layout, TEXT_START, TEXT_START + 3, (byte) 0);
      end = TEXT_START + 3;
    }
    return end;
  }

  /** Appends a field's value without trailing spaces; gives where it ends. */
  private int putText(MessageReader in, int de, int at) {
    int length = in.dialect().isBinary(de)
        ? in.copyBinary(de, layout, at + 3) : trimmed(at + 3, in.copyText(de, layout, at + 3));
    layout[at] = (byte) de;
    view.putShort(at + 1, (short) length, ByteOrder.BIG_ENDIAN);
    return at + 3 + length;
  }

  private int trimmed(int at, int length) {
    int left = length;
    while (left > 0 && layout[at + left - 1] == ' ') {
      left--;
    }
    return left;
  }

  private void hash(int length) {
    try {
      digest.update(layout, 0, length);
      digest.digest(hash, 0, hash.length);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 did not give " + hash.length + " bytes", e);
    }
  }

  /** First eight bytes of the key. */
  long high() {
    return high;
  }

  /** Last eight bytes of the key. */
  long low() {
    return low;
  }

  long fingerprint() {
    return fingerprint;
  }
}
