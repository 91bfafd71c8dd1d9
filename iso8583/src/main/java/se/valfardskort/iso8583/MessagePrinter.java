package se.valfardskort.iso8583;

import java.util.Locale;

/**
 * Shows a message to a person without what must not be shown: a PAN as its first six digits and last four, an account
 * as its last four, and of tracks, PIN block, security data, DE 48 and chip data only the length. Long runs of digits
 * in free text are masked like a PAN, since private fields do carry them. Control characters are escaped, so that no
 * message can write into a terminal or a log line.
 *
 * <p>Off the hot path: allocates freely. Stateless; the reader given stays its owner's.
 */
public final class MessagePrinter {
  private static final int SHORTEST_PAN = 12;

  private MessagePrinter() {}

  /** Several lines: message type, then one line a field with its number, name and value, then the fault if any. */
  public static String describe(MessageReader message) {
    StringBuilder out = new StringBuilder(1024);
    out.append(messageType(message)).append("  ").append(typeName(message.mti())).append("  [")
        .append(message.dialect().name()).append(", ").append(message.frameLength()).append(" bytes]");
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      if (message.has(de)) {
        out.append('\n').append(String.format(Locale.ROOT, "  %3d  %-38s ", de, message.dialect().fieldName(de)));
        value(message, de, out);
      }
    }
    if (message.fault() != Fault.NONE) {
      out.append("\n  !!!  ").append(message.faultMessage());
    }
    return out.toString();
  }

  /** One line: message type, then {@code number=value} for each field, then the fault if any. */
  public static String line(MessageReader message) {
    StringBuilder out = new StringBuilder(256);
    out.append(messageType(message));
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      if (message.has(de)) {
        out.append(' ').append(de).append('=');
        value(message, de, out);
      }
    }
    if (message.fault() != Fault.NONE) {
      out.append(" fault=").append(message.fault()).append(" de=").append(message.faultDe())
          .append(" byte=").append(message.faultOffset());
    }
    return out.toString();
  }

  private static String messageType(MessageReader message) {
    return message.mti() < 0 ? "????" : String.format(Locale.ROOT, "%04d", message.mti());
  }

  /** What a message type means, in the words of ISO 8583. */
  static String typeName(int mti) {
    if (mti < 0) {
      return "unreadable";
    }
    String kind = switch (mti / 100 % 10) {
      case 1 -> "authorization";
      case 2 -> "financial";
      case 3 -> "file action";
      case 4 -> "reversal";
      case 5 -> "reconciliation";
      case 6 -> "administrative";
      case 7 -> "fee collection";
      case 8 -> "network management";
      default -> "reserved";
    };
    String function = switch (mti / 10 % 10) {
      case 0 -> " request";
      case 1 -> " answer";
      case 2 -> " advice";
      case 3 -> " advice answer";
      case 4 -> " notification";
      default -> " message";
    };
    return kind + function + ((mti & 1) == 1 ? ", repeated" : "");
  }

  private static void value(MessageReader message, int de, StringBuilder out) {
    if (!message.readable(de)) {
      out.append("(not readable)");
      return;
    }
    if (isHidden(de) || message.dialect().isBinary(de)) {
      out.append("(hidden, ").append(message.length(de)).append(message.dialect().isBinary(de) ? " bytes)" : ")");
      return;
    }
    if (message.dialect().op[de] == FieldClass.NOTHING) {
      return;
    }
    byte[] text = new byte[message.length(de)];
    message.copyText(de, text, 0);
    switch (de) {
      case 2, 34 -> mask(text, 0, text.length, text.length > SHORTEST_PAN ? 6 : 0);
      case 102, 103 -> mask(text, 0, text.length, 0);
      case 54 -> { }
      default -> {
        int op = message.dialect().op[de];
        if (op == FieldClass.TEXT_ASCII || op == FieldClass.TEXT_EBCDIC) {
          maskLongRuns(text);
        }
      }
    }
    escape(text, out);
  }

  /** Tracks, PIN block, security data; DE 48 may hold a CVV, DE 55 the track's image. */
  private static boolean isHidden(int de) {
    return switch (de) {
      case 35, 36, 45, 48, 52, 53, 55, 64, 96, 128 -> true;
      default -> false;
    };
  }

  private static void maskLongRuns(byte[] text) {
    int start = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i < text.length && text[i] >= '0' && text[i] <= '9') {
        continue;
      }
      if (i - start >= SHORTEST_PAN) {
        mask(text, start, i, 6);
      }
      start = i + 1;
    }
  }

  private static void mask(byte[] text, int from, int to, int shownFirst) {
    for (int i = from + shownFirst; i < to - 4; i++) {
      text[i] = '*';
    }
  }

  private static void escape(byte[] text, StringBuilder out) {
    for (byte b : text) {
      int c = b & 0xFF;
      if (c == '\\') {
        out.append("\\\\");
      } else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
        out.append("\\x").append((char) Bytes.hexDigit(c >> 4)).append((char) Bytes.hexDigit(c));
      } else {
        out.append((char) c);
      }
    }
  }
}
