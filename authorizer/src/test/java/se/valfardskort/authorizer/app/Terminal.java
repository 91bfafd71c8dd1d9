package se.valfardskort.authorizer.app;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.ConfigFixture;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;

/** A terminal that knows wire.md: writes its frames by hand, over a socket of its own for each request. */
final class Terminal {
  private static final int TIMEOUT_MS = 20_000;
  private static final HexFormat HEX = HexFormat.of();

  private final MessageReader reader =
      new MessageReader(Dialect.load(ConfigFixture.shipped().resolve("dialects/iso87-binary.xml")));

  /** The frame of an 0100 at a grocer's or wherever {@code mcc} and {@code merchant} say. */
  static byte[] purchase(long cardNumber, long amountMinor, String mcc, String merchant, int stan) {
    return frame("0100", fields(cardNumber, amountMinor, mcc, merchant, stan));
  }

  /** The frame of any message about a purchase at the grocer's. */
  static byte[] atTheGrocers(String mti, long cardNumber, long amountMinor, int stan) {
    return frame(mti, fields(cardNumber, amountMinor, "5411", "BUTIK0000000001", stan));
  }

  /** The frame of a reversal, 0400 or 0420 or a repeat of one, of an 0100 at the grocer's. */
  static byte[] reversal(String mti, long cardNumber, long amountMinor, int stan, int originalStan) {
    Map<Integer, byte[]> fields = fields(cardNumber, amountMinor, "5411", "BUTIK0000000001", stan);
    fields.put(90, HEX.parseHex(
        "0100" + "%06d".formatted(originalStan) + "1122040000" + "00000123456" + "00000000000"));
    return frame(mti, fields);
  }

  private static Map<Integer, byte[]> fields(
      long cardNumber, long amountMinor, String mcc, String merchant, int stan) {
    String pan = CardPlan.pan("975200", cardNumber);
    Map<Integer, byte[]> fields = new TreeMap<>();
    fields.put(2, HEX.parseHex("16" + pan));
    fields.put(3, HEX.parseHex("000000"));
    fields.put(4, HEX.parseHex("%012d".formatted(amountMinor)));
    fields.put(7, HEX.parseHex("1122040000"));
    fields.put(11, HEX.parseHex("%06d".formatted(stan)));
    fields.put(12, HEX.parseHex("050000"));
    fields.put(13, HEX.parseHex("1122"));
    fields.put(14, HEX.parseHex("3012"));
    fields.put(18, HEX.parseHex(mcc));
    fields.put(22, HEX.parseHex("0051"));
    fields.put(25, HEX.parseHex("00"));
    fields.put(32, HEX.parseHex("06123456"));
    fields.put(37, ascii("%012d".formatted(stan)));
    fields.put(41, ascii("TERM0001"));
    fields.put(42, ascii(merchant));
    fields.put(49, ascii("752"));
    return fields;
  }

  private static byte[] frame(String mti, Map<Integer, byte[]> fields) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(HEX.parseHex(mti));
    long first = 0;
    long second = 0;
    for (int de : fields.keySet()) {
      if (de <= 64) {
        first |= 1L << (64 - de);
      } else {
        first |= Long.MIN_VALUE;
        second |= 1L << (128 - de);
      }
    }
    body.writeBytes(HEX.parseHex("%016x".formatted(first) + (second == 0 ? "" : "%016x".formatted(second))));
    fields.values().forEach(body::writeBytes);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(body.size() >> 8);
    frame.write(body.size());
    frame.writeBytes(body.toByteArray());
    return frame.toByteArray();
  }

  /** Sends a frame to a port of this machine; gives the body of the answer. */
  static byte[] exchange(int port, byte[] frame) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(frame);
      return readBody(socket);
    }
  }

  /** Reads one answer, without its length header. */
  static byte[] readBody(Socket socket) throws IOException {
    socket.setSoTimeout(TIMEOUT_MS);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] body = new byte[in.readUnsignedShort()];
    in.readFully(body);
    return body;
  }

  /** A data element of an answer as text. */
  String text(byte[] answer, int de) {
    DecodeResult result = reader.wrap(Unpooled.wrappedBuffer(answer), 0, answer.length);
    if (result == DecodeResult.UNREADABLE || !reader.has(de)) {
      throw new AssertionError("DE " + de + " is not in " + HEX.formatHex(answer));
    }
    byte[] text = new byte[reader.length(de)];
    reader.copyText(de, text, 0);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
