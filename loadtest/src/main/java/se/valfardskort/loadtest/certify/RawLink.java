package se.valfardskort.loadtest.certify;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import se.valfardskort.loadtest.client.UserError;

/** One TCP connection on which bytes are sent and frames are read, nothing more. Blocks; used by one thread. */
final class RawLink implements AutoCloseable {
  private static final int LONGEST = 1_000_000;

  /** How a message's length stands before it. */
  enum Header {
    BINARY2(2), BINARY4(4), ASCII4(4);

    final int length;

    Header(int length) {
      this.length = length;
    }
  }

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final Header header;
  private final int patienceMs;

  private RawLink(Socket socket, Header header, int patienceMs) throws IOException {
    this.socket = socket;
    this.header = header;
    this.patienceMs = patienceMs;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(patienceMs);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /**
   * Connects.
   *
   * @param patienceMs how long connecting and every answer may take
   * @throws UserError where nobody answers there
   */
  static RawLink connect(String host, int port, Header header, int patienceMs) {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), patienceMs);
      return new RawLink(socket, header, patienceMs);
    } catch (IOException | IllegalArgumentException e) {
      close(socket);
      throw new UserError(UserError.UNAVAILABLE, "nobody answers at " + host + ":" + port + " (" + e.getMessage()
          + "); check --host and --port, and that the host is up", e);
    }
  }

  /** Sends a message behind its length header. */
  void send(byte[] message) throws IOException {
    sendRaw(framed(message));
  }

  /** Sends bytes as they are. */
  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** The message behind its length header. */
  byte[] framed(byte[] message) {
    byte[] framed = new byte[header.length + message.length];
    if (header == Header.ASCII4) {
      byte[] digits = String.format(Locale.ROOT, "%04d", message.length).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(digits, 0, framed, 0, digits.length);
    } else {
      for (int i = 0; i < header.length; i++) {
        framed[i] = (byte) (message.length >>> (8 * (header.length - 1 - i)));
      }
    }
    System.arraycopy(message, 0, framed, header.length, message.length);
    return framed;
  }

  /**
   * Reads one message, as long as its length header says.
   *
   * @throws EOFException where the connection ends between messages, in order or by a reset
   * @throws IOException says in words what else became of the message
   */
  byte[] receive() throws IOException {
    return rest(readFirst());
  }

  /**
   * Reads one message that need not come.
   *
   * @return null where nothing begins within this time
   */
  byte @Nullable [] receiveWithin(int milliseconds) throws IOException {
    int first;
    socket.setSoTimeout(milliseconds);
    try {
      first = readOrEnd();
    } catch (SocketTimeoutException silence) {
      return null;
    } finally {
      socket.setSoTimeout(patienceMs);
    }
    return rest(first);
  }

  /** Whether bytes have come that nobody has read. */
  boolean hasUnread() throws IOException {
    return in.available() > 0;
  }

  private byte[] rest(int first) throws IOException {
    byte[] head = new byte[header.length];
    head[0] = (byte) first;
    fill(head, 1);
    int length = lengthOf(head);
    if (length < 0) {
      throw new IOException("the answer's length header is not a length");
    }
    byte[] message = new byte[length];
    fill(message, 0);
    return message;
  }

  private int readFirst() throws IOException {
    try {
      return readOrEnd();
    } catch (SocketTimeoutException e) {
      throw new IOException("no answer came within " + patienceMs + " ms", e);
    }
  }

  /** A host that closes with bytes of ours unread resets the connection: that is closed too. */
  private int readOrEnd() throws IOException {
    int first;
    try {
      first = in.read();
    } catch (SocketException reset) {
      EOFException closed = new EOFException("the connection was closed (" + reset.getMessage() + ")");
      closed.initCause(reset);
      throw closed;
    }
    if (first < 0) {
      throw new EOFException("the connection was closed");
    }
    return first;
  }

  private void fill(byte[] bytes, int from) throws IOException {
    int at = from;
    try {
      while (at < bytes.length) {
        int count = in.read(bytes, at, bytes.length - at);
        if (count < 0) {
          throw new IOException("the connection was closed within an answer, after " + at + " of " + bytes.length
              + " bytes that its length header announced");
        }
        at += count;
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("the answer stopped after " + at + " of " + bytes.length
          + " bytes that its length header announced", e);
    }
  }

  private int lengthOf(byte[] head) {
    int length = 0;
    for (byte b : head) {
      if (header == Header.ASCII4) {
        if (b < '0' || b > '9') {
          return -1;
        }
        length = length * 10 + b - '0';
      } else {
        length = (length << 8) | (b & 0xFF);
      }
    }
    return length > LONGEST ? -1 : length;
  }

  @Override
  public void close() {
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // It is given up anyway.
    }
  }
}
