package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageReader;

/**
 * What an answer repeats of its request, kept beside the command until the answer is due: the wire bytes as they came,
 * so that an identical frame gets identical bytes.
 *
 * <p>Stateless. May hold a PAN: whoever owns the buffer wipes it after the answer.
 *
 * <pre>
 *   0 message type u16 | 2 flags u8 | 3 DE 4 i64, -1: not there | 11 DE 49, three characters or NUL
 *   14 fixed header (the frame format's length)
 *   then, ascending:   DE u8 | length u16 | the field on the wire, its length prefix included
 * </pre>
 */
final class EchoBlock {
  static final int MTI = 0;
  static final int FLAGS = 2;
  static final int AMOUNT = 3;
  static final int CURRENCY = 11;
  static final int FRAME_HEADER = 14;
  /** Bytes before each field. */
  static final int FIELD_HEAD = 3;
  static final int CURRENCY_LENGTH = 3;
  /** The request asked for a balance (DE 3 = 30 or 31). */
  static final int FLAG_INQUIRY = 1;

  /** The digit of a message type that says its edition: 0 for 1987. */
  private static final int MTI_VERSION = 1000;

  /** Longest length prefix that a dialect can have. */
  private static final int LONGEST_PREFIX = 6;

  /** Every field that some answer repeats (wire.md section 3), ascending. */
  private static final int[] FIELDS = {
    2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 23, 24, 28, 30, 32, 33, 37, 38, 41, 42, 49, 50, 51, 56, 70, 90, 95, 99, 100
  };

  private EchoBlock() {}

  /** The longest block that messages of this dialect and framing can make. */
  static int maximumLength(Dialect dialect, FrameFormat format) {
    int length = FRAME_HEADER + format.fixedHeaderLength();
    int version = dialect.mtiVersion() * MTI_VERSION;
    for (int de : FIELDS) {
      boolean everEchoed = isEchoed(de, version + 400) || isEchoed(de, version + 500) || isEchoed(de, version + 800);
      if (dialect.defines(de) && everEchoed) {
        length += FIELD_HEAD + LONGEST_PREFIX + dialect.maxLength(de) * (dialect.isBinary(de) ? 2 : 1);
      }
    }
    return length;
  }

  /**
   * Writes the block of a message whose type was read.
   *
   * @param frame holds the fixed header at {@code frameIndex} and the message behind it
   * @return bytes written
   */
  static int write(
      MessageReader in, ByteBuf frame, int frameIndex, int fixedHeader, MutableDirectBuffer dst) {
    int mti = in.mti();
    dst.putShort(MTI, (short) mti, ByteOrder.LITTLE_ENDIAN);
    dst.putByte(FLAGS, (byte) (isInquiry(in) ? FLAG_INQUIRY : 0));
    dst.putLong(AMOUNT, in.readable(4) ? in.number(4) : -1, ByteOrder.LITTLE_ENDIAN);
    putCurrency(in, dst);
    int at = copy(frame, frameIndex, fixedHeader, dst, FRAME_HEADER);
    for (int de : FIELDS) {
      if (in.readable(de) && isEchoed(de, mti)) {
        int length = in.wireLength(de);
        dst.putByte(at, (byte) de);
        dst.putShort(at + 1, (short) length, ByteOrder.LITTLE_ENDIAN);
        at = copy(frame, in.wireOffset(de), length, dst, at + FIELD_HEAD);
      }
    }
    return at;
  }

  private static void putCurrency(MessageReader in, MutableDirectBuffer dst) {
    boolean told = in.readable(49) && !in.dialect().isBinary(49) && in.length(49) == CURRENCY_LENGTH;
    for (int i = 0; i < CURRENCY_LENGTH; i++) {
      dst.putByte(CURRENCY + i, told ? in.textAt(49, i) : 0);
    }
  }

  private static boolean isEchoed(int de, int mti) {
    boolean of1987 = mti < MTI_VERSION;
    return switch (de) {
      case 30, 56 -> !of1987 && MessageType.isReversal(mti);
      case 38 -> MessageType.isReversal(mti) || (MessageType.messageClass(mti) <= 2 && MessageType.isAdvice(mti));
      case 70 -> of1987 && MessageType.messageClass(mti) == 8;
      case 90, 95 -> of1987 && MessageType.isReversal(mti);
      case 99 -> MessageType.isReconciliation(mti);
      default -> true;
    };
  }

  private static int copy(ByteBuf src, int from, int length, MutableDirectBuffer dst, int to) {
    byte[] bytes = dst.byteArray();
    if (bytes == null) {
      throw new IllegalStateException("an echo block lies on the heap, from the first byte of an array");
    }
    src.getBytes(from, bytes, to, length);
    return to + length;
  }

  static boolean isInquiry(MessageReader in) {
    if (!in.readable(3)) {
      return false;
    }
    long type = in.number(3, 0, 2);
    return type == 30 || type == 31;
  }
}
