package se.valfardskort.independent;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import se.valfardskort.independent.WireMessage.Layout;

/**
 * One TCP connection to a demo link, blocking, with a read time-out so that no test can hang. On the link of 1993 every
 * frame begins with a TPDU, whose two addresses must have changed places in the answer.
 */
public final class WireLink implements AutoCloseable {
  private static final int READ_TIMEOUT_MS = 10_000;

  private static final byte[] TPDU = {0x60, 0x12, 0x34, 0x56, 0x78};
  private static final byte[] ANSWERED_TPDU = {0x60, 0x56, 0x78, 0x12, 0x34};

  final Layout layout;
  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  public WireLink(Layout layout, int port) throws IOException {
    this.layout = layout;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(READ_TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  public WireMessage exchange(WireMessage request) throws IOException {
    return WireMessage.decode(layout, exchangeBody(request.encode(layout)));
  }

  public byte[] exchangeBody(byte[] body) throws IOException {
    sendBody(body);
    return receiveBody();
  }

  public void sendBody(byte[] body) throws IOException {
    int framed = body.length + TPDU.length;
    byte[] header = switch (layout) {
      case BINARY -> new byte[] {(byte) (body.length >>> 8), (byte) body.length};
      case ASCII -> String.format(Locale.ROOT, "%04d", body.length).getBytes(StandardCharsets.US_ASCII);
      case BINARY_1993 ->
          new byte[] {(byte) (framed >>> 8), (byte) framed, TPDU[0], TPDU[1], TPDU[2], TPDU[3], TPDU[4]};
    };
    byte[] frame = new byte[header.length + body.length];
    System.arraycopy(header, 0, frame, 0, header.length);
    System.arraycopy(body, 0, frame, header.length, body.length);
    sendRaw(frame);
  }

  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public byte[] receiveBody() throws IOException {
    byte[] header = new byte[layout == Layout.ASCII ? 4 : 2];
    in.readFully(header);
    int length =
        layout == Layout.ASCII
            ? Integer.parseInt(new String(header, StandardCharsets.US_ASCII))
            : (header[0] & 0xFF) << 8 | (header[1] & 0xFF);
    if (layout == Layout.BINARY_1993) {
      byte[] tpdu = in.readNBytes(TPDU.length);
      if (!Arrays.equals(ANSWERED_TPDU, tpdu)) {
        throw new AssertionError("TPDU of the answer: " + HexFormat.of().formatHex(tpdu));
      }
      length -= TPDU.length;
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return body;
  }

  /** True when the other side has closed; false when it has sent something instead. */
  boolean isClosedByPeer() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
