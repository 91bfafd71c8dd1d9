package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * By what a reversal names a request (wire.md section 4): a block in the rows of originals and of remembered answers.
 *
 * <p>Owned by the core thread; speaks of the row that its table has selected. The card is not part of it: each card's
 * rows are looked through on their own.
 *
 * <pre>
 *   0  the sender's time (SBE identityTime) i64, 0: not told
 *   8  acquirer i64
 *  16  DE 37, 12 bytes
 *  28  DE 41, 8 bytes
 *  36  STAN i32, -1: not told
 *  40  partner id u16
 *  42  message class u8, 0: not told
 * </pre>
 */
final class Identity {
  static final int LENGTH = 44;

  private static final int RRN_LENGTH = 12;
  private static final int TERMINAL_LENGTH = 8;
  private static final int NOT_TOLD = 0;
  private static final int NO_STAN = -1;

  private static final int TRANSMISSION_TIME = 0;
  private static final int ACQUIRER = 8;
  private static final int RRN = 16;
  private static final int TERMINAL = 28;
  private static final int STAN = 36;
  private static final int PARTNER = 40;
  private static final int MESSAGE_CLASS = 42;

  private final UnsafeBuffer row;
  private final int start;

  /** The block at {@code start} of whatever {@code row} is wrapped around. */
  Identity(UnsafeBuffer row, int start) {
    this.row = row;
    this.start = start;
  }

  /** Writes that of a request. */
  void of(Request request) {
    write(request, request.messageClass.value(), request.stan, request.identityTime);
  }

  /** Writes that of the request which a reversal waits for, as far as the reversal tells it. */
  void ofOriginalOf(Request reversal) {
    if (reversal.originalDataPresent() && reversal.originalAcquirer() == reversal.acquirer) {
      write(
          reversal, reversal.originalMessageClass(), reversal.originalStan(), reversal.originalTransmissionTime());
    } else {
      write(reversal, NOT_TOLD, NO_STAN, NOT_TOLD);
    }
  }

  private void write(Request request, int messageClass, int stan, long transmissionTime) {
    row.putLong(start + TRANSMISSION_TIME, transmissionTime);
    row.putLong(start + ACQUIRER, request.acquirer);
    row.putBytes(start + RRN, request.bytes, request.rrnOffset, RRN_LENGTH);
    row.putBytes(start + TERMINAL, request.bytes, request.terminalOffset, TERMINAL_LENGTH);
    row.putInt(start + STAN, stan);
    row.putShort(start + PARTNER, (short) request.partnerId);
    row.putByte(start + MESSAGE_CLASS, (byte) messageClass);
  }

  /** Two partners may serve one acquirer, and each numbers for itself. */
  boolean isBySender(Request request) {
    return row.getLong(start + ACQUIRER) == request.acquirer
        && (row.getShort(start + PARTNER) & 0xFFFF) == request.partnerId;
  }

  /** True when DE 90 of the reversal says so. */
  boolean isNamedBy(Request reversal) {
    if (!reversal.originalDataPresent()) {
      return false;
    }
    int messageClass = reversal.originalMessageClass();
    long transmissionTime = reversal.originalTransmissionTime();
    return row.getInt(start + STAN) == reversal.originalStan()
        && row.getLong(start + ACQUIRER) == reversal.originalAcquirer()
        && (messageClass == NOT_TOLD || messageClass() == messageClass)
        && (transmissionTime == NOT_TOLD || transmissionTime() == transmissionTime);
  }

  /** True when DE 37 and DE 41 are the same; false where DE 37 is absent. */
  boolean hasReferenceOf(Request request) {
    return request.bytes.getByte(request.rrnOffset) != 0
        && row.getLong(start + RRN) == request.bytes.getLong(request.rrnOffset)
        && row.getInt(start + RRN + Long.BYTES) == request.bytes.getInt(request.rrnOffset + Long.BYTES)
        && row.getLong(start + TERMINAL) == request.bytes.getLong(request.terminalOffset);
  }

  /** True when both are of one message class and have the same DE 37 and DE 41; false where DE 37 is absent. */
  boolean isOfOneReferenceWith(Identity other) {
    return row.getByte(start + RRN) != 0
        && messageClass() == other.messageClass()
        && row.getLong(start + RRN) == other.row.getLong(other.start + RRN)
        && row.getInt(start + RRN + Long.BYTES) == other.row.getInt(other.start + RRN + Long.BYTES)
        && row.getLong(start + TERMINAL) == other.row.getLong(other.start + TERMINAL);
  }

  /** True when this, written by {@link #ofOriginalOf}, waits for the request. */
  boolean awaits(Request request) {
    boolean named =
        row.getInt(start + STAN) != NO_STAN
            && row.getInt(start + STAN) == request.stan
            && (messageClass() == NOT_TOLD || messageClass() == request.messageClass.value())
            && (transmissionTime() == NOT_TOLD || transmissionTime() == request.identityTime);
    return isBySender(request) && (named || hasReferenceOf(request));
  }

  private int messageClass() {
    return row.getByte(start + MESSAGE_CLASS);
  }

  private long transmissionTime() {
    return row.getLong(start + TRANSMISSION_TIME);
  }
}
