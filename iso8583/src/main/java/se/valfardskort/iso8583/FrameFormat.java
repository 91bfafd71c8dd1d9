package se.valfardskort.iso8583;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import java.util.Locale;

/**
 * How messages are cut out of a stream: a length header, then the frame, which may begin with a fixed header.
 *
 * <p>Immutable; one format serves any number of threads. Nothing on the way of a message allocates.
 *
 * <p>Written as {@code <header>[+inclusive][+tpdu[:hex] | +header:<hex>]}. Headers: {@code binary2 binary3 binary4 bcd2
 * ascii2 ascii3 ascii4 hex4}. {@code +inclusive}: the length counts its own header. {@code +tpdu}: five bytes whose two
 * addresses change places in the answer; {@code +header:hex}: bytes that the answer repeats as they came. The length
 * counts the fixed header, as in jPOS's NACChannel; the hex is what a client sends.
 *
 * <pre>
 *   | length header | TPDU: id(1) destination(2) origin(2) | message |
 *                   |&lt;------------- frameLength -------------------&gt;|
 * </pre>
 */
public final class FrameFormat {
  /** The length header has not arrived in full. */
  public static final int NEED_MORE = -1;
  /** The length header is not a length: letters, a minus, smaller than itself. The stream cannot be trusted. */
  public static final int BAD_LENGTH = -2;
  /** The length leaves no room for a fixed header and a message type. The stream cannot be trusted. */
  public static final int TOO_SHORT = -3;

  /** No encoding makes a message of three bytes: two of message type and eight of bitmap are the least. */
  private static final int SHORTEST = 4;

  private enum Kind { BINARY, BCD, ASCII, HEX }

  private final Kind kind;
  private final int headerLength;
  private final boolean inclusive;
  private final boolean tpdu;
  private final byte[] fixed;
  private final String spec;

  private FrameFormat(Kind kind, int headerLength, boolean inclusive, boolean tpdu, byte[] fixed, String spec) {
    this.kind = kind;
    this.headerLength = headerLength;
    this.inclusive = inclusive;
    this.tpdu = tpdu;
    this.fixed = fixed;
    this.spec = spec;
  }

  /**
   * Reads a format from its text.
   *
   * @throws IllegalArgumentException says what is wrong and what would be right
   */
  public static FrameFormat parse(String spec) {
    String[] parts = spec.trim().toLowerCase(Locale.ROOT).split("\\+", -1);
    Kind kind = switch (parts[0]) {
      case "binary2", "binary3", "binary4" -> Kind.BINARY;
      case "bcd2" -> Kind.BCD;
      case "ascii2", "ascii3", "ascii4" -> Kind.ASCII;
      case "hex4" -> Kind.HEX;
      default -> throw new IllegalArgumentException("framing '" + spec + "': unknown length header '" + parts[0]
          + "'; use binary2, binary3, binary4, bcd2, ascii2, ascii3, ascii4 or hex4");
    };
    boolean inclusive = false;
    boolean tpdu = false;
    byte[] fixed = new byte[0];
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i];
      if (part.equals("inclusive")) {
        inclusive = true;
      } else if (fixed.length == 0 && (part.equals("tpdu") || part.startsWith("tpdu:"))) {
        tpdu = true;
        fixed = bytes(part.equals("tpdu") ? "6000000000" : part.substring(5), spec);
        if (fixed.length != 5) {
          throw new IllegalArgumentException("framing '" + spec + "': a TPDU has 5 bytes, so ten hex digits");
        }
      } else if (fixed.length == 0 && part.startsWith("header:") && part.length() > 7) {
        fixed = bytes(part.substring(7), spec);
      } else {
        throw new IllegalArgumentException("framing '" + spec + "': unknown or second '" + part
            + "'; use +inclusive and at most one of +tpdu, +tpdu:<hex>, +header:<hex>");
      }
    }
    int length = parts[0].charAt(parts[0].length() - 1) - '0';
    return new FrameFormat(kind, length, inclusive, tpdu, fixed, spec.trim());
  }

  private static byte[] bytes(String hex, String spec) {
    try {
      return HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("framing '" + spec + "': the fixed header must be hex digits, two a byte", e);
    }
  }

  /** Bytes of the length header. */
  public int headerLength() {
    return headerLength;
  }

  /** Bytes of the fixed header with which every frame begins, 0 where there is none. */
  public int fixedHeaderLength() {
    return fixed.length;
  }

  /** The longest frame that the length header can announce. */
  public int maxFrameLength() {
    long most = switch (kind) {
      case BINARY -> headerLength == 4 ? Integer.MAX_VALUE : (1L << (8 * headerLength)) - 1;
      case HEX -> 0xFFFF;
      case BCD -> 9999;
      case ASCII -> headerLength == 2 ? 99 : headerLength == 3 ? 999 : 9999;
    };
    return (int) (inclusive ? most - headerLength : most);
  }

  /**
   * The length of the frame whose length header starts at the absolute index {@code index}: the bytes that follow the
   * header, fixed header included. 0 is a keep-alive where one is agreed. Whether the frame has arrived, and whether it
   * is longer than the link allows, is the caller's business.
   *
   * @return the length, or {@link #NEED_MORE}, {@link #BAD_LENGTH}, {@link #TOO_SHORT}
   */
  public int frameLength(ByteBuf buf, int index) {
    if (buf.writerIndex() - index < headerLength) {
      return NEED_MORE;
    }
    long announced = switch (kind) {
      case BINARY -> switch (headerLength) {
        case 2 -> buf.getUnsignedShort(index);
        case 3 -> buf.getUnsignedMedium(index);
        default -> buf.getUnsignedInt(index);
      };
      case BCD -> packed(buf, index);
      case ASCII -> digits(buf, index, 10);
      case HEX -> digits(buf, index, 16);
    };
    if (announced < 0 || announced > Integer.MAX_VALUE) {
      return BAD_LENGTH;
    }
    int length = (int) announced;
    if (inclusive) {
      if (length < headerLength) {
        return BAD_LENGTH;
      }
      length -= headerLength;
    }
    return length != 0 && length < fixed.length + SHORTEST ? TOO_SHORT : length;
  }

  private static int packed(ByteBuf buf, int index) {
    int both = buf.getUnsignedShort(index);
    if ((both & ((both << 1) | (both << 2)) & 0x8888) != 0) {
      return BAD_LENGTH;
    }
    return (both >> 12) * 1000 + ((both >> 8) & 0xF) * 100 + ((both >> 4) & 0xF) * 10 + (both & 0xF);
  }

  private int digits(ByteBuf buf, int index, int radix) {
    int value = 0;
    for (int i = 0; i < headerLength; i++) {
      int digit = Bytes.hexValue(buf.getByte(index + i));
      if (digit < 0 || digit >= radix) {
        return BAD_LENGTH;
      }
      value = value * radix + digit;
    }
    return value;
  }

  /**
   * Writes the length header at the absolute index {@code index}, without moving an index.
   *
   * @param frameLength bytes that follow the header, fixed header included
   * @throws IllegalArgumentException where the header cannot say this length
   */
  public void setLength(ByteBuf buf, int index, int frameLength) {
    if (frameLength < 0 || frameLength > maxFrameLength()) {
      throw new IllegalArgumentException("a frame of " + frameLength + " bytes does not fit the length header "
          + spec + ", which ends at " + maxFrameLength());
    }
    int length = inclusive ? frameLength + headerLength : frameLength;
    switch (kind) {
      case BINARY -> {
        for (int i = 0; i < headerLength; i++) {
          buf.setByte(index + i, length >>> ((headerLength - 1 - i) << 3));
        }
      }
      case BCD -> buf.setShort(index, bcd(length));
      case ASCII, HEX -> {
        int radix = kind == Kind.ASCII ? 10 : 16;
        int left = length;
        for (int i = headerLength - 1; i >= 0; i--) {
          buf.setByte(index + i, Bytes.hexDigit(left % radix));
          left /= radix;
        }
      }
    }
  }

  private static int bcd(int value) {
    return ((value / 1000) << 12) | ((value / 100 % 10) << 8) | ((value / 10 % 10) << 4) | (value % 10);
  }

  /**
   * Reserves the length header at the writer index and writes the fixed header of an answer behind it: a TPDU with its
   * addresses changed round, any other as it came.
   *
   * @param request where the request came in
   * @param requestFrame absolute index of the request's fixed header in {@code request}
   * @return index of the length header, for {@link #finish}
   */
  public int startAnswer(ByteBuf out, ByteBuf request, int requestFrame) {
    int start = out.writerIndex();
    out.writeZero(headerLength);
    if (tpdu) {
      out.writeByte(request.getByte(requestFrame));
      out.writeByte(request.getByte(requestFrame + 3));
      out.writeByte(request.getByte(requestFrame + 4));
      out.writeByte(request.getByte(requestFrame + 1));
      out.writeByte(request.getByte(requestFrame + 2));
    } else {
      for (int i = 0; i < fixed.length; i++) {
        out.writeByte(request.getByte(requestFrame + i));
      }
    }
    return start;
  }

  /** As {@link #startAnswer}, with the fixed header of a message of our own: the one that the format names. */
  public int startRequest(ByteBuf out) {
    int start = out.writerIndex();
    out.writeZero(headerLength);
    out.writeBytes(fixed);
    return start;
  }

  /** Fills in the length header at {@code start}, now that the frame reaches to the writer index. */
  public void finish(ByteBuf out, int start) {
    setLength(out, start, out.writerIndex() - start - headerLength);
  }

  /** The format's text, as it was given. */
  @Override
  public String toString() {
    return spec;
  }
}
