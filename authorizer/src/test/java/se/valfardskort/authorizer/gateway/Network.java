package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A network that we dial: listens on a free port, and does what its test says. Waits at most ten seconds. */
final class Network implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;

  private final boolean packed;
  private final ServerSocket listener;

  Network(boolean packed) throws IOException {
    this(packed, 0);
  }

  Network(boolean packed, int port) throws IOException {
    this.packed = packed;
    listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    listener.setSoTimeout(PATIENCE_MS);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The next connection, before any message. */
  Client accept() throws IOException {
    return new Client(packed, listener.accept());
  }

  /** The next connection, signed on. */
  Client acceptAndApprove() throws IOException {
    Client link = accept();
    Wire signOn = link.receive();
    assertEquals("001", signOn.get(70));
    link.send(approval(signOn));
    return link;
  }

  static Wire approval(Wire request) {
    return request.copy("0810").with(39, "00");
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
