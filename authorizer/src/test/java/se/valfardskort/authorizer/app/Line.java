package se.valfardskort.authorizer.app;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A connection that stays open, on which many requests may be under way. */
final class Line implements AutoCloseable {
  private final Socket socket;

  Line(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
  }

  void send(byte[] frame) throws IOException {
    socket.getOutputStream().write(frame);
  }

  /** Sends frames in a row, on a thread of its own, since the other side may read slowly or stop reading. */
  CompletableFuture<Void> sendAll(List<byte[]> frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    frames.forEach(all::writeBytes);
    return CompletableFuture.runAsync(() -> {
      try {
        send(all.toByteArray());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** The body of the next answer. */
  byte[] receive() throws IOException {
    return Terminal.readBody(socket);
  }

  /** The bodies of the next answers. */
  List<byte[]> receive(int count) throws IOException {
    List<byte[]> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bodies.add(receive());
    }
    return bodies;
  }

  /** All answers until the other side ends the connection. */
  List<byte[]> receiveToTheEnd() throws IOException {
    List<byte[]> bodies = new ArrayList<>();
    try {
      while (true) {
        bodies.add(receive());
      }
    } catch (EOFException end) {
      return bodies;
    }
  }

  byte[] ask(byte[] frame) throws IOException {
    send(frame);
    return receive();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
