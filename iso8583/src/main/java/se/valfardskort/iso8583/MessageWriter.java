package se.valfardskort.iso8583;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message at a time, fields in ascending order: {@link #begin}, fields, {@link #end}.
 *
 * <p>Owned by one thread. Allocates nothing, except where a message is longer than any before it.
 *
 * <p>The message is built in the writer's own array, behind room for the longest head, and reaches the buffer in one
 * stroke at {@code end}: a message that fails half-way leaves no byte behind, and the second bitmap appears exactly
 * when a field above 64 was written.
 *
 * <pre>
 *   own array | room | MTI | bitmap 1 | bitmap 2? | field | field | ...
 *             0                                   HEAD
 * </pre>
 *
 * <p>Strict: a value that the dialect does not allow throws {@link IllegalArgumentException}, which names the data
 * element and never the value. After any exception the message must be begun again.
 */
public final class MessageWriter {
  /** Room for the longest head: four bytes of message type, 32 of bitmap. */
  private static final int HEAD = 40;

  private final Dialect dialect;
  private final int[] ops;
  private byte[] bytes = new byte[4096 + Bytes.SLACK];
  private byte[] text = new byte[1024 + Bytes.SLACK];
  private @Nullable ByteBuf out;
  private int mti;
  private int at;
  private int lastDe;
  private long present1;
  private long present2;

  public MessageWriter(Dialect dialect) {
    this.dialect = dialect;
    this.ops = dialect.op;
  }

  public Dialect dialect() {
    return dialect;
  }

  /**
   * Begins a message, and forgets one that was not ended.
   *
   * @param target where {@link #end} puts the message, at the writer index
   * @param messageType 110 for 0110, 1110 for 1110; the version digit must be the dialect's
   */
  public void begin(ByteBuf target, int messageType) {
    if (messageType < 0 || messageType / 1000 != dialect.mtiVersion()) {
      throw new IllegalArgumentException("message type " + messageType + " is not of version " + dialect.mtiVersion()
          + ", which " + dialect + " speaks");
    }
    out = target;
    mti = messageType;
    at = HEAD;
    lastDe = 1;
    present1 = 0;
    present2 = 0;
  }

  /**
   * Puts the message into the buffer and moves its writer index.
   *
   * @return the length of the message in bytes
   */
  public int end() {
    ByteBuf target = out;
    if (target == null) {
      throw new IllegalStateException("no message was begun");
    }
    int start = HEAD;
    if (present2 != 0) {
      start = bitmap(start, present2);
      present1 |= Long.MIN_VALUE;
    }
    start = bitmap(start, present1);
    start -= dialect.mtiBytes;
    switch (dialect.mtiOp) {
      case FieldClass.DIGITS_ASCII -> Encoding.digits(mti, bytes, start, 4, '0');
      case FieldClass.DIGITS_EBCDIC -> Encoding.digits(mti, bytes, start, 4, 0xF0);
      default -> Encoding.packed(mti, bytes, start, 2);
    }
    out = null;
    target.writeBytes(bytes, start, at - start);
    return at - start;
  }

  /** Writes half a bitmap before {@code end}; gives where it starts. */
  private int bitmap(int end, long bits) {
    int start = end - dialect.bitmapHalf;
    if (dialect.bitmapOp == FieldClass.BITMAP_BINARY) {
      Bytes.putLong(bytes, start, bits);
      return start;
    }
    for (int i = 0; i < 16; i++) {
      byte digit = Bytes.hexDigit((int) (bits >>> (60 - (i << 2))));
      bytes[start + i] = dialect.bitmapOp == FieldClass.BITMAP_EBCDIC ? Bytes.ebcdicOfLatin(digit) : digit;
    }
    return start;
  }

  /**
   * Writes a number: digits and texts of fixed length filled with zeros on the left, those of variable length without
   * leading zeros; an amount (x+n) with C, or D where it is below 0.
   */
  public void number(int de, long value) {
    int op = open(de);
    boolean amount = ContentRules.isAmount(op);
    if (ContentRules.isBinary(op) || op == FieldClass.NOTHING || (value < 0 && !amount)
        || value == Long.MIN_VALUE) {
      throw refused(de, "cannot hold this number");
    }
    int digitCount = digitCount(Math.abs(value));
    int max = dialect.maxLength[de] - (amount ? 1 : 0);
    if (digitCount > max) {
      throw refused(de, "has room for " + max + " digits, the number has " + digitCount);
    }
    boolean fixed = dialect.prefixBytes[de] == 0;
    if (fixed && max <= 18 && op == FieldClass.DIGITS_BCD_LEFT) {
      int size = (max + 1) >> 1;
      Encoding.packed(value, bytes, at, size);
      at += size;
    } else if (fixed && max <= 18 && (op == FieldClass.DIGITS_ASCII || op == FieldClass.PRINTABLE_ASCII)) {
      Encoding.digits(value, bytes, at, max, '0');
      at += max;
    } else {
      int size = fixed ? Math.max(max, 1) : digitCount;
      int sign = amount ? 1 : 0;
      byte[] scratch = scratch(size + sign);
      Arrays.fill(scratch, 0, size + sign, (byte) '0');
      if (amount) {
        scratch[0] = (byte) (value < 0 ? 'D' : 'C');
      }
      long left = Math.abs(value);
      for (int i = size + sign - 1; left != 0; i--) {
        scratch[i] = (byte) ('0' + left % 10);
        left /= 10;
      }
      put(de, op, scratch, 0, size + sign);
    }
    close(de);
  }

  /**
   * Writes a text in Latin-1. Digits of fixed length are filled with zeros on the left, texts of fixed length with
   * spaces on the right; track data takes '=' or 'D' as separator.
   */
  public void text(int de, CharSequence value) {
    int op = open(de);
    int length = value.length();
    requireRoom(de, length);
    byte[] scratch = scratch(length);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c > 0xFF) {
        throw refused(de, "cannot hold a character outside Latin-1");
      }
      scratch[i] = (byte) c;
    }
    putText(de, op, scratch, 0, length);
    close(de);
  }

  /** As {@link #text(int, CharSequence)}, from bytes in Latin-1. */
  public void text(int de, byte[] src, int offset, int length) {
    int op = open(de);
    requireRoom(de, length);
    byte[] scratch = scratch(length);
    System.arraycopy(src, offset, scratch, 0, length);
    putText(de, op, scratch, 0, length);
    close(de);
  }

  /** Writes bytes. A field of fixed length takes exactly its length. */
  public void binary(int de, byte[] src, int offset, int length) {
    int op = open(de);
    requireRoom(de, length);
    if (!ContentRules.isBinary(op) && op != FieldClass.TEXT_ASCII) {
      throw refused(de, "does not hold bytes; use text or number");
    }
    if (dialect.prefixBytes[de] == 0 && length != dialect.maxLength[de]) {
      throw refused(de, "takes exactly " + dialect.maxLength[de] + " bytes, not " + length);
    }
    byte[] scratch = scratch(length);
    System.arraycopy(src, offset, scratch, 0, length);
    put(de, op, scratch, 0, length);
    close(de);
  }

  /**
   * Copies a field as it stood on the wire of a message of the same dialect, its length prefix included. The bytes are
   * not judged again.
   *
   * @param wireOffset as {@link MessageReader#wireOffset} gave it
   * @param wireLength as {@link MessageReader#wireLength} gave it
   */
  public void copyField(int de, ByteBuf src, int wireOffset, int wireLength) {
    open(de);
    reserve(wireLength);
    src.getBytes(wireOffset, bytes, at, wireLength);
    at += wireLength;
    close(de);
  }

  /** Copies a readable field of a message of the same dialect as it stood on the wire. */
  public void copyField(int de, MessageReader from) {
    open(de);
    if (from.dialect() != dialect || !from.readable(de)) {
      throw refused(de, from.dialect() == dialect ? "is not readable in the other message"
          : "cannot be copied as it stands from " + from.dialect());
    }
    int wireLength = from.wireLength(de);
    reserve(wireLength);
    System.arraycopy(from.frame(), from.wireStart(de), bytes, at, wireLength);
    at += wireLength;
    close(de);
  }

  private int open(int de) {
    if (out == null) {
      throw new IllegalStateException("no message was begun");
    }
    if (de <= lastDe || de > Dialect.MAX_DE) {
      throw new IllegalArgumentException(
          "DE " + de + " after DE " + lastDe + ": fields go in ascending order, 2 to 128");
    }
    int op = ops[de];
    if (op == FieldClass.UNDEFINED || (de > 64 && !dialect.secondaryAllowed)) {
      throw refused(de, "is not defined");
    }
    reserve(40);
    return op;
  }

  private void close(int de) {
    long bit = Long.MIN_VALUE >>> (de - 1);
    if (de <= 64) {
      present1 |= bit;
    } else {
      present2 |= bit;
    }
    lastDe = de;
  }

  private void requireRoom(int de, int length) {
    if (length > dialect.maxLength[de]) {
      throw refused(de, "has room for " + dialect.maxLength[de] + ", the value has " + length);
    }
  }

  private IllegalArgumentException refused(int de, String why) {
    return new IllegalArgumentException("DE " + de + " (" + dialect.fieldName(de) + ") of " + dialect + " " + why);
  }

  private void putText(int de, int op, byte[] value, int from, int length) {
    if (ContentRules.isBinary(op)) {
      throw refused(de, "holds bytes; use binary");
    }
    int full = dialect.maxLength[de];
    if (dialect.prefixBytes[de] != 0 || length == full) {
      put(de, op, value, from, length);
      return;
    }
    byte[] filled = scratch(full);
    if (op == FieldClass.PRINTABLE_ASCII || op == FieldClass.PRINTABLE_EBCDIC) {
      Arrays.fill(filled, from + length, from + full, (byte) ' ');
    } else {
      // Digits stand on the right; the sign of an amount stays on the left.
      int sign = ContentRules.isAmount(op) && length > 0 ? 1 : 0;
      System.arraycopy(filled, from + sign, filled, from + full - length + sign, length - sign);
      Arrays.fill(filled, from + sign, from + full - length + sign, (byte) '0');
    }
    put(de, op, filled, from, full);
  }

  /** Encodes a value of its final length, judges it as the reader would, and moves on. */
  private void put(int de, int op, byte[] value, int from, int length) {
    int prefix = dialect.prefixBytes[de];
    int wire = FieldClass.wireBytes(op, length);
    reserve(prefix + wire);
    if (prefix != 0) {
      LengthPrefix.write(dialect.prefixKind[de], bytes, at, prefix, length);
      at += prefix;
    }
    int start = at;
    if (!Encoding.encode(op, value, from, length, bytes, start)
        || !ContentRules.isLegal(op, bytes, start, length)) {
      throw refused(de, "cannot hold a character of this value");
    }
    at += wire;
  }

  private static int digitCount(long magnitude) {
    int count = 1;
    long bound = 10;
    while (count < 19 && magnitude >= bound) {
      count++;
      bound *= 10;
    }
    return count;
  }

  private byte[] scratch(int length) {
    if (length + Bytes.SLACK > text.length) {
      text = Arrays.copyOf(text, length + (length >> 1) + Bytes.SLACK);
    }
    return text;
  }

  private void reserve(int more) {
    if (at + more + Bytes.SLACK > bytes.length) {
      bytes = Arrays.copyOf(bytes, at + more + (bytes.length >> 1) + Bytes.SLACK);
    }
  }
}
