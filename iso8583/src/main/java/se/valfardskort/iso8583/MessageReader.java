package se.valfardskort.iso8583;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Reads one message at a time: a flyweight that is put over a frame again and again.
 *
 * <p>Owned by one thread. Allocates nothing, except where a frame is longer than any before it.
 *
 * <p>{@link #wrap} copies the frame into the reader's own array in one stroke and judges every field once. What the
 * accessors give afterwards cannot change under them, and the buffer may be released at once; it stays valid until the
 * next {@code wrap} or {@link #wipe}.
 *
 * <p>Strict: what the dialect does not allow is a {@link Fault}. A content fault leaves its field present but not
 * {@link #readable}, and the reading goes on; the first fault is the one reported. Asking for the value of a field that
 * is not readable is a programming error and throws {@link IllegalStateException}.
 *
 * <pre>
 *   body     | MTI | bitmap 1 | bitmap 2? | field | field | ...
 *   field    | prefix? | value |
 *              ^ wireStart     ^ wireEnd
 *                        ^ dataStart
 * </pre>
 */
public final class MessageReader {
  /** What {@link #number} gives for content that is not a number of at most 18 digits. */
  public static final long NOT_A_NUMBER = Long.MIN_VALUE;

  private static final int WIRE_START = 0;
  private static final int DATA_START = 1;
  private static final int WIRE_END = 2;
  private static final int LENGTH = 3;

  private final Dialect dialect;
  private final int[] ops;
  private final long[] plan;
  /** Four numbers a data element, so that one cache line tells about four of them. */
  private final int[] slots = new int[(Dialect.MAX_DE + 1) * 4];
  private byte[] bytes = new byte[4096 + Bytes.SLACK];
  private int origin;
  private int limit;
  private int mti = -1;
  /** The half of the bitmap that was read last. */
  private long half;
  /** Bit n-1 from the left stands for DE n, and for DE 64+n in the second. */
  private long present1;
  private long present2;
  private long faulty1;
  private long faulty2;
  private Fault fault = Fault.NONE;
  private int faultDe;
  private int faultOffset;

  public MessageReader(Dialect dialect) {
    this.dialect = dialect;
    this.ops = dialect.op;
    this.plan = dialect.plan;
  }

  public Dialect dialect() {
    return dialect;
  }

  /**
   * Reads a message of {@code length} bytes at the absolute index {@code offset}; neither index of the buffer moves.
   *
   * @param buf any readable buffer, not kept
   */
  public DecodeResult wrap(ByteBuf buf, int offset, int length) {
    if (length + Bytes.SLACK > bytes.length) {
      bytes = new byte[length + (length >> 1) + Bytes.SLACK];
    }
    buf.getBytes(offset, bytes, 0, length);
    origin = offset;
    limit = length;
    mti = -1;
    present1 = 0;
    present2 = 0;
    faulty1 = 0;
    faulty2 = 0;
    fault = Fault.NONE;
    faultDe = 0;
    faultOffset = 0;
    return readAll();
  }

  /** Overwrites the message with zeros: no PIN block or track stays in the heap longer than it is needed. */
  public void wipe() {
    Arrays.fill(bytes, 0, limit, (byte) 0);
    limit = 0;
    mti = -1;
    present1 = 0;
    present2 = 0;
    faulty1 = 0;
    faulty2 = 0;
  }

  private DecodeResult readAll() {
    if (!readMti()) {
      return DecodeResult.UNREADABLE;
    }
    int at = dialect.mtiBytes;
    if (!readHalf(at)) {
      return DecodeResult.UNREADABLE;
    }
    long primary = half;
    long secondary = 0;
    if (primary < 0) {
      if (!dialect.secondaryAllowed) {
        note(Fault.BAD_BITMAP, 1, at);
        return DecodeResult.UNREADABLE;
      }
      at += dialect.bitmapHalf;
      if (!readHalf(at)) {
        return DecodeResult.UNREADABLE;
      }
      secondary = half;
    }
    at += dialect.bitmapHalf;
    at = readFields(primary & Long.MAX_VALUE, 0, at);
    if (at >= 0) {
      at = readFields(secondary, 64, at);
    }
    if (at >= 0 && at != limit) {
      note(Fault.TRAILING_BYTES, 0, at);
    }
    return fault == Fault.NONE ? DecodeResult.OK : DecodeResult.FAULT;
  }

  private boolean readMti() {
    if (dialect.mtiBytes > limit) {
      note(Fault.TRUNCATED, 0, 0);
      return false;
    }
    int value;
    if (dialect.mtiBytes == 2) {
      if (!Bytes.arePackedDigits(bytes, 0, 2)) {
        note(Fault.BAD_MTI, 0, 0);
        return false;
      }
      value = (int) Bytes.packedNumber(bytes, 0, 2);
    } else {
      boolean digits = dialect.mtiOp == FieldClass.DIGITS_ASCII
          ? Bytes.areAsciiDigits(bytes, 0, 4) : Bytes.areEbcdicDigits(bytes, 0, 4);
      if (!digits) {
        note(Fault.BAD_MTI, 0, 0);
        return false;
      }
      value = (int) Bytes.digitsNumber(bytes, 0, 4);
    }
    if (value / 1000 != dialect.mtiVersion()) {
      note(Fault.BAD_MTI, 0, 0);
      return false;
    }
    mti = value;
    return true;
  }

  /**
   * Reads half a bitmap into {@link #half}.
   *
   * @return false where the frame ends before, or a byte is no hexadecimal digit; the fault is noted
   */
  private boolean readHalf(int at) {
    if (at + dialect.bitmapHalf > limit) {
      note(Fault.TRUNCATED, 1, at);
      return false;
    }
    if (dialect.bitmapOp == FieldClass.BITMAP_BINARY) {
      half = Bytes.getLong(bytes, at);
      return true;
    }
    long bits = 0;
    for (int i = at; i < at + 16; i++) {
      byte b = bytes[i];
      int digit = Bytes.hexValue(dialect.bitmapOp == FieldClass.BITMAP_EBCDIC ? Bytes.latinOfEbcdic(b) : b);
      if (digit < 0) {
        note(Fault.BAD_BITMAP, 1, i);
        return false;
      }
      bits = (bits << 4) | digit;
    }
    half = bits;
    return true;
  }

  /** Reads the fields of one half of the bitmap; gives where they end, or -1 where the reading had to stop. */
  private int readFields(long announced, int base, int from) {
    long[] plans = plan;
    long left = announced;
    int at = from;
    while (left != 0) {
      int leading = Long.numberOfLeadingZeros(left);
      int de = base + leading + 1;
      int end = readField(plans[de], de, at);
      if (end < 0) {
        at = -1;
        break;
      }
      left &= ~(Long.MIN_VALUE >>> leading);
      at = end;
    }
    // What is left was not reached, the field that stopped the reading included.
    if (base == 0) {
      present1 = announced & ~left;
    } else {
      present2 = announced & ~left;
    }
    return at;
  }

  private int readField(long how, int de, int at) {
    byte[] frame = bytes;
    int end;
    int data = at;
    int length = (int) (how >>> 16) & 0xFF_FFFF;
    int op = (int) how & 0xFF;
    boolean tooLong = false;
    if ((how & 0xF00) == 0) {
      end = at + (int) (how >>> 40);
      if (op == FieldClass.UNDEFINED) {
        note(Fault.FIELD_NOT_DEFINED, de, at);
        return -1;
      }
    } else {
      int prefix = (int) (how >>> 8) & 0xF;
      data = at + prefix;
      if (data > limit) {
        note(Fault.TRUNCATED, de, at);
        return -1;
      }
      int announced = LengthPrefix.read((int) (how >>> 12) & 0xF, frame, at, prefix);
      if (announced < 0) {
        note(Fault.BAD_LENGTH, de, at);
        return -1;
      }
      end = data + FieldClass.wireBytes(op, announced);
      tooLong = announced > length;
      length = announced;
    }
    if (end > limit) {
      note(Fault.TRUNCATED, de, at);
      return -1;
    }
    int slot = de << 2;
    slots[slot + WIRE_START] = at;
    slots[slot + DATA_START] = data;
    slots[slot + WIRE_END] = end;
    slots[slot + LENGTH] = length;
    if (tooLong) {
      noteField(Fault.LENGTH_OVER_MAX, de, at);
    } else if (!ContentRules.isLegal(op, frame, data, length)) {
      noteContent(op, de, data, length);
    }
    return end;
  }

  private void noteContent(int op, int de, int data, int length) {
    int bad = ContentRules.firstOffence(op, bytes, data, length);
    noteField(ContentRules.faultAt(op, bytes, data, length, bad), de, bad);
  }

  private void noteField(Fault what, int de, int at) {
    if (de <= 64) {
      faulty1 |= Long.MIN_VALUE >>> (de - 1);
    } else {
      faulty2 |= Long.MIN_VALUE >>> (de - 1);
    }
    note(what, de, at);
  }

  private void note(Fault what, int de, int at) {
    if (fault == Fault.NONE) {
      fault = what;
      faultDe = de;
      faultOffset = at;
    }
  }

  /** The message type as a number, 100 for 0100 and 1100 for 1100; -1 where it could not be read. */
  public int mti() {
    return mti;
  }

  /** Whether the field is there and its extent known, whatever its content. */
  public boolean has(int de) {
    return ((de <= 64 ? present1 : present2) << (de - 1)) < 0;
  }

  /** Whether the field is there and legal. */
  public boolean readable(int de) {
    return ((de <= 64 ? present1 & ~faulty1 : present2 & ~faulty2) << (de - 1)) < 0;
  }

  /** Length of the value in digits, characters (the sign of an amount is one) or bytes. */
  public int length(int de) {
    return slots[(requireReadable(de) << 2) + LENGTH];
  }

  /**
   * The value as a number: digits as they stand, an amount (x+n) below 0 where its sign is D. {@link #NOT_A_NUMBER}
   * where the value is empty, binary, longer than 18 digits, or a text that is not all digits.
   */
  public long number(int de) {
    int slot = requireReadable(de) << 2;
    int length = slots[slot + LENGTH];
    int data = slots[slot + DATA_START];
    int op = ops[de];
    if (length == 0 || length > 16) {
      return slowNumber(de, op, length);
    }
    if (op == FieldClass.DIGITS_BCD_LEFT) {
      return Bytes.packedNumber(bytes, data, (length + 1) >> 1);
    }
    if (op == FieldClass.DIGITS_ASCII) {
      return Bytes.digitsNumber(bytes, data, length);
    }
    return slowNumber(de, op, length);
  }

  private long slowNumber(int de, int op, int length) {
    if (ContentRules.isAmount(op)) {
      long magnitude = number(de, 1, length - 1);
      return magnitude != NOT_A_NUMBER && textAt(de, 0) == 'D' ? -magnitude : magnitude;
    }
    int data = slots[(de << 2) + DATA_START];
    if (length > 0 && length <= 16) {
      if (op == FieldClass.DIGITS_BCD_RIGHT || op == FieldClass.DIGITS_BCD_RIGHT_F) {
        int packedBytes = (length + 1) >> 1;
        return (length & 1) == 0 ? Bytes.packedNumber(bytes, data, packedBytes)
            : Bytes.packedNumberFilledRight(bytes, data, packedBytes);
      }
      if (op == FieldClass.PRINTABLE_ASCII || op == FieldClass.TEXT_ASCII) {
        return Bytes.areAsciiDigits(bytes, data, length) ? Bytes.digitsNumber(bytes, data, length) : NOT_A_NUMBER;
      }
    }
    return number(de, 0, length);
  }

  /**
   * Part of the value as a number, for fields made of parts such as DE 54, 90 and 95.
   *
   * @param from first digit, from 0
   * @param count 1 to 18 digits
   * @return {@link #NOT_A_NUMBER} where the part is not wholly inside the value, or not all digits
   */
  public long number(int de, int from, int count) {
    int length = length(de);
    if (from < 0 || count < 1 || count > 18 || from > length - count || ContentRules.isBinary(ops[de])) {
      return NOT_A_NUMBER;
    }
    long value = 0;
    for (int i = from; i < from + count; i++) {
      int digit = textAt(de, i) - '0';
      if (digit < 0 || digit > 9) {
        return NOT_A_NUMBER;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** One character of the value in Latin-1; the separator of packed track data is given as '='. */
  public byte textAt(int de, int index) {
    int slot = requireReadable(de) << 2;
    int length = slots[slot + LENGTH];
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException("DE " + de + " has " + length + " characters, none at " + index);
    }
    return ContentRules.textAt(ops[de], bytes, slots[slot + DATA_START], length, index);
  }

  /**
   * Copies the value as text in Latin-1: digits unpacked, EBCDIC translated.
   *
   * @return how many bytes were copied
   */
  public int copyText(int de, byte[] dst, int dstOffset) {
    int slot = requireReadable(de) << 2;
    int length = slots[slot + LENGTH];
    ContentRules.copyText(ops[de], bytes, slots[slot + DATA_START], length, dst, dstOffset);
    return length;
  }

  /** Whether the value as text is exactly this ASCII text. */
  public boolean textEquals(int de, CharSequence text) {
    int length = length(de);
    if (length != text.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if ((textAt(de, i) & 0xFF) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Copies the value's bytes: decoded where the dialect writes bytes in hexadecimal, else as they stand on the wire.
   *
   * @return how many bytes were copied
   */
  public int copyBinary(int de, byte[] dst, int dstOffset) {
    int slot = requireReadable(de) << 2;
    int data = slots[slot + DATA_START];
    int op = ops[de];
    if (op != FieldClass.HEX_ASCII && op != FieldClass.HEX_EBCDIC) {
      int length = slots[slot + WIRE_END] - data;
      System.arraycopy(bytes, data, dst, dstOffset, length);
      return length;
    }
    int length = slots[slot + LENGTH];
    for (int i = 0; i < length; i++) {
      dst[dstOffset + i] = ContentRules.byteOfHex(op, bytes, data, i);
    }
    return length;
  }

  /** Absolute index, in the buffer given to {@link #wrap}, of the field with its length prefix. */
  public int wireOffset(int de) {
    return origin + slots[(requirePresent(de) << 2) + WIRE_START];
  }

  /** Bytes on the wire, the length prefix included. */
  public int wireLength(int de) {
    int slot = requirePresent(de) << 2;
    return slots[slot + WIRE_END] - slots[slot + WIRE_START];
  }

  /** The first fault, {@link Fault#NONE} where there is none. */
  public Fault fault() {
    return fault;
  }

  /** The data element of the first fault; 0 for the message type and for trailing bytes, 1 for the bitmap. */
  public int faultDe() {
    return faultDe;
  }

  /** Where the first fault is, in bytes from the start of the message. */
  public int faultOffset() {
    return faultOffset;
  }

  /** The first fault for a person: what, where, the mend; never a value. Allocates. */
  public String faultMessage() {
    if (fault == Fault.NONE) {
      return fault.what();
    }
    String where = fault == Fault.TRAILING_BYTES ? "message"
        : "DE " + faultDe + " (" + dialect.fieldName(faultDe) + ")";
    return where + ", byte " + faultOffset + " of " + limit + ": " + fault.what() + "; " + fault.mend();
  }

  byte[] frame() {
    return bytes;
  }

  int wireStart(int de) {
    return slots[(requirePresent(de) << 2) + WIRE_START];
  }

  int frameLength() {
    return limit;
  }

  private int requirePresent(int de) {
    if (!has(de)) {
      throw new IllegalStateException("DE " + de + " is not in the message; ask has() first");
    }
    return de;
  }

  private int requireReadable(int de) {
    if (!readable(de)) {
      throw new IllegalStateException("DE " + de + " is absent or faulty; ask readable() first");
    }
    return de;
  }
}
