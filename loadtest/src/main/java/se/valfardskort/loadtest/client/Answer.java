package se.valfardskort.loadtest.client;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it was received. Immutable; no caller changes the frame.
 *
 * <p>{@link #toString} shows no value: a PAN must not reach a log.
 */
public final class Answer {
  /** No reason code came with the answer. */
  public static final int NO_REASON = -1;

  private static final int BALANCE_LENGTH = 20;

  private final int mti;
  private final Map<Integer, String> fields;
  private final byte[] frame;
  private final long elapsedNs;
  private final @Nullable String fault;

  Answer(int mti, Map<Integer, String> fields, byte[] frame, long elapsedNs, @Nullable String fault) {
    this.mti = mti;
    this.fields = new HashMap<>(fields);
    this.frame = frame;
    this.elapsedNs = elapsedNs;
    this.fault = fault;
  }

  /** The message type, 110 for 0110. */
  public int mti() {
    return mti;
  }

  /** A field's text, empty where it is absent; binary fields in hexadecimal. */
  public String field(int de) {
    return fields.getOrDefault(de, "");
  }

  /** The message's bytes without framing. */
  public byte[] frame() {
    return frame.clone();
  }

  /** From the moment the request was handed over for sending to the answer's arrival. */
  public long elapsedNs() {
    return elapsedNs;
  }

  /** What is wrong with the message itself, null where the dialect allows all of it. */
  public @Nullable String fault() {
    return fault;
  }

  /** DE 39. */
  public String responseCode() {
    return field(39);
  }

  /** Whether DE 39 says that the request was approved, wholly or in part. */
  public boolean isApproved() {
    return responseCode().equals("00") || responseCode().equals("10");
  }

  /** The stable reason code from DE 60 ({@code R} and digits), 0 for an approval, or {@link #NO_REASON}. */
  public int reasonCode() {
    String text = field(60).trim();
    if (text.length() >= 2 && text.length() <= 4 && text.charAt(0) == 'R'
        && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9')) {
      return Integer.parseInt(text.substring(1));
    }
    return isApproved() ? 0 : NO_REASON;
  }

  /**
   * The purses from DE 54 (account types 96, 98 and, where there are any, 97, amount type 02), or null where it does
   * not tell both of the first two.
   */
  public @Nullable Purses purses() {
    String all = field(54);
    Long cash = null;
    Long hjartan = null;
    Long earmarks = null;
    for (int at = 0; at + BALANCE_LENGTH <= all.length(); at += BALANCE_LENGTH) {
      String entry = all.substring(at, at + BALANCE_LENGTH);
      boolean available = entry.startsWith("02752", 2) && entry.chars().skip(8).allMatch(c -> c >= '0' && c <= '9');
      if (!available) {
        continue;
      }
      long magnitude = Long.parseLong(entry.substring(8));
      long balance = entry.charAt(7) == 'D' ? -magnitude : magnitude;
      if (entry.startsWith("96")) {
        cash = balance;
      } else if (entry.startsWith("98")) {
        hjartan = balance;
      } else if (entry.startsWith("97")) {
        earmarks = balance;
      }
    }
    return cash == null || hjartan == null ? null : new Purses(cash, hjartan, earmarks);
  }

  @Override
  public String toString() {
    return "Answer[0" + mti + ", DE 39 = " + responseCode() + "]";
  }
}
