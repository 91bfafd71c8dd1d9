package se.valfardskort.loadtest.certify;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessagePrinter;
import se.valfardskort.iso8583.MessageReader;

/**
 * Messages as a person may see them: decoded, with card numbers, tracks and PIN blocks masked. Decides nothing about
 * right and wrong. Stateless but for its reader; used by one thread.
 */
final class Shown {
  private static final int WIDTH = 46;
  private static final int AROUND = 6;

  private final int fixedHeader;
  private final MessageReader reader;

  Shown(Dialect dialect, int fixedHeader) {
    this.fixedHeader = fixedHeader;
    this.reader = new MessageReader(dialect);
  }

  /** Several lines. */
  String message(byte[] message) {
    int length = message.length - fixedHeader;
    if (length < 4) {
      return "(" + message.length + " bytes)";
    }
    reader.wrap(Unpooled.wrappedBuffer(message), fixedHeader, length);
    return MessagePrinter.describe(reader);
  }

  /** Expected and received next to each other; the first differing byte, and the fields that differ, are marked. */
  List<String> difference(Block.Rendered expected, byte[] received, int at) {
    List<String> lines = new ArrayList<>();
    lines.add("first differing byte: " + at + ", in " + expected.fieldAt(at)
        + "; expected " + expected.bytes().length + " bytes, received " + received.length);
    lines.add("  expected " + hex(expected.bytes(), at, expected));
    lines.add("  received " + hex(received, at, expected));
    SortedMap<Integer, String> left = byField(message(expected.bytes()));
    SortedMap<Integer, String> right = byField(message(received));
    SortedMap<Integer, String> all = new TreeMap<>(left);
    all.putAll(right);
    lines.add(row("DE", "expected", "received", false));
    for (int de : all.keySet()) {
      String wanted = left.getOrDefault(de, "-");
      String came = right.getOrDefault(de, "-");
      String label = de == 0 ? "MTI" : de > Dialect.MAX_DE ? "!!!" : Integer.toString(de);
      lines.add(row(label, wanted, came, !matches(wanted, came)));
    }
    return lines;
  }

  /** Asterisks in the expected text stand for what the server mints, or for what is masked on both sides. */
  private static boolean matches(String wanted, String came) {
    if (wanted.length() != came.length()) {
      return false;
    }
    for (int i = 0; i < wanted.length(); i++) {
      if (wanted.charAt(i) != '*' && wanted.charAt(i) != came.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static String row(String label, String left, String right, boolean differs) {
    return String.format(Locale.ROOT, "%s %4s  %-" + WIDTH + "s  %s", differs ? ">" : " ", label, left, right);
  }

  /** A few bytes around the differing one, which stands in brackets; bytes that must stay hidden are dots. */
  private static String hex(byte[] bytes, int at, Block.Rendered expected) {
    StringBuilder out = new StringBuilder();
    for (int i = Math.max(0, at - AROUND); i < Math.min(bytes.length, at + AROUND + 1); i++) {
      String pair = expected.isPublic(i) ? String.format(Locale.ROOT, "%02X", bytes[i] & 0xFF) : "..";
      out.append(i == at ? "[" + pair + "]" : " " + pair + " ");
    }
    return at >= bytes.length ? out + "[end]" : out.toString();
  }

  /** DE 0 is the message type; faults come last. */
  private static SortedMap<Integer, String> byField(String described) {
    SortedMap<Integer, String> fields = new TreeMap<>();
    for (String line : described.lines().toList()) {
      if (line.startsWith("  !!!")) {
        fields.put(Dialect.MAX_DE + 1, line.substring(5).strip());
      } else if (line.startsWith("  ") && line.length() > 46) {
        fields.put(Integer.parseInt(line.substring(2, 5).strip()), line.substring(46));
      } else {
        fields.put(0, line.substring(0, 4));
      }
    }
    return fields;
  }
}
