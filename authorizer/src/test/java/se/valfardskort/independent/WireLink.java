package se.valfardskort.independent;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import se.valfardskort.independent.WireMessage.Layout;

/** One TCP connection to a demo link, blocking, with a read time-out so that no test can hang. */
final class WireLink implements AutoCloseable {
  private static final int READ_TIMEOUT_MS = 10_000;

  final Layout layout;
  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  WireLink(Layout layout, int port) throws IOException {
    this.layout = layout;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(READ_TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  WireMessage exchange(WireMessage request) throws IOException {
    return WireMessage.decode(layout, exchangeBody(request.encode(layout)));
  }

  byte[] exchangeBody(byte[] body) throws IOException {
    sendBody(body);
    return receiveBody();
  }

  void sendBody(byte[] body) throws IOException {
    byte[] header =
        layout == Layout.BINARY
            ? new byte[] {(byte) (body.length >>> 8), (byte) body.length}
            : String.format(Locale.ROOT, "%04d", body.length).getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[header.length + body.length];
    System.arraycopy(header, 0, frame, 0, header.length);
    System.arraycopy(body, 0, frame, header.length, body.length);
    sendRaw(frame);
  }

  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  byte[] receiveBody() throws IOException {
    int length =
        layout == Layout.BINARY
            ? in.readUnsignedShort()
            : Integer.parseInt(new String(in.readNBytes(4), StandardCharsets.US_ASCII));
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
