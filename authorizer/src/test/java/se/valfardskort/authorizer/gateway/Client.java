package se.valfardskort.authorizer.gateway;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A terminal's or a network's end of a demo link, over a plain socket. Waits at most ten seconds for anything. */
final class Client implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;

  private final boolean packed;
  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  Client(boolean packed, InetSocketAddress address) throws IOException {
    this(packed, address, 0);
  }

  Client(boolean packed, InetSocketAddress address, int receiveBuffer) throws IOException {
    this(packed, connected(address, receiveBuffer));
  }

  /** Over a connection that is there. */
  Client(boolean packed, Socket socket) throws IOException {
    this.packed = packed;
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
  }

  private static Socket connected(InetSocketAddress address, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(address, PATIENCE_MS);
    return socket;
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void send(Wire message) throws IOException {
    send(message.frame());
  }

  /** The next message without its length header. */
  byte[] receiveBody() throws IOException {
    int length;
    if (packed) {
      length = in.readUnsignedShort();
    } else {
      length = Integer.parseInt(new String(in.readNBytes(4), StandardCharsets.US_ASCII));
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return body;
  }

  Wire receive() throws IOException {
    return Wire.parse(packed, receiveBody());
  }

  Wire ask(Wire message) throws IOException {
    send(message);
    return receive();
  }

  /** Waits until the other side has closed; false when it sends something instead. */
  boolean seesTheEnd() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Reads whatever comes until the end, however it comes; gives the number of bytes. */
  long drainToTheEnd() throws IOException {
    byte[] buffer = new byte[8192];
    long total = 0;
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        total += n;
      }
    } catch (EOFException | SocketException e) {
      return total;
    }
    return total;
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Ends the connection with RST. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
