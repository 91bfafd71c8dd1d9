package se.valfardskort.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;

/** A connection to the authorizer: one thread writes, another reads. */
final class StormLine implements AutoCloseable {
  private static final int PATIENCE_MS = 30_000;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Socket socket;
  private final DataInputStream in;
  private final MessageReader reader;
  private final byte[] body = new byte[BUFFER_BYTES];
  private final ByteBuf view = Unpooled.wrappedBuffer(body);

  /** Takes an answer. */
  @FunctionalInterface
  interface Listener {
    void answered(int stan, boolean approved);
  }

  StormLine(int port, Dialect dialect) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    reader = new MessageReader(dialect);
  }

  /** Writes all that is readable, and empties the buffer. */
  void write(ByteBuf frames) throws IOException {
    frames.readBytes(socket.getOutputStream(), frames.readableBytes());
    frames.clear();
  }

  /** Takes the next answer. */
  void read(Listener listener) throws IOException {
    int length = in.readUnsignedShort();
    in.readFully(body, 0, length);
    if (reader.wrap(view, 0, length) != DecodeResult.OK) {
      throw new IOException("an answer cannot be read");
    }
    listener.answered((int) reader.number(11), reader.textEquals(39, "00"));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
