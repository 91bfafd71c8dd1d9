package se.valfardskort.loadtest.certify;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers echo tests, or misbehaves as the test says. Framing binary2; an echo test is DE 7, 11, perhaps 37, and 70.
 * The answer's bytes are laid out by hand.
 */
final class EchoHost implements AutoCloseable {
  /** What to do with a request. Called by the thread of its connection. */
  interface Manner {
    /**
     * Answers, or does not.
     *
     * @param number of the request on this host, from 1
     */
    void meet(int number, byte[] request, Link link) throws IOException;
  }

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final AtomicInteger requests = new AtomicInteger();
  private final Manner manner;
  private final Thread acceptor = Thread.ofPlatform().daemon().name("echo-host").unstarted(this::accept);

  EchoHost(Manner manner) throws IOException {
    this.manner = manner;
    acceptor.start();
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().name("echo-host-link").start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over, or the host has gone away as the test wants it.
    }
  }

  private void serve(Socket socket) {
    try (socket; DataInputStream in = new DataInputStream(socket.getInputStream())) {
      Link link = new Link(socket);
      while (!socket.isClosed()) {
        byte[] request = in.readNBytes(in.readUnsignedShort());
        manner.meet(requests.incrementAndGet(), request, link);
      }
    } catch (EOFException | SocketException ended) {
      // Either side has closed.
    } catch (IOException failed) {
      throw new IllegalStateException("the test's host failed", failed);
    }
  }

  /** Takes no more connections. */
  @Override
  public void close() throws IOException {
    server.close();
    // The kernel goes on accepting until the thread that waits for it has been told.
    boolean interrupted = false;
    while (acceptor.isAlive()) {
      try {
        acceptor.join();
      } catch (InterruptedException early) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The host's end of a connection. */
  record Link(Socket socket) {
    void answer(byte[] request) throws IOException {
      send(answerTo(request, "00"));
    }

    void answer(byte[] request, String code) throws IOException {
      send(answerTo(request, code));
    }

    private void send(byte[] message) throws IOException {
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      frame.write(0);
      frame.write(message.length);
      frame.writeBytes(message);
      OutputStream out = socket.getOutputStream();
      out.write(frame.toByteArray());
      out.flush();
    }

    /** Closes with a reset instead of an end. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  private static byte[] answerTo(byte[] request, String code) {
    boolean referenced = request.length == 40;
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.writeBytes(HexFormat.of().parseHex("0810" + (referenced ? "822000000A000000" : "8220000002000000")
        + "0400000000000000"));
    answer.write(request, 18, referenced ? 20 : 8);
    answer.writeBytes(code.getBytes(StandardCharsets.US_ASCII));
    answer.writeBytes(HexFormat.of().parseHex("0301"));
    return answer.toByteArray();
  }
}
