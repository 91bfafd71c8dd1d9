package se.valfardskort.independent.model;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import se.valfardskort.independent.ServerProcess;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/** The server, which may be stopped or killed while others use it: who connects waits until it is up again. */
final class Host {
  private final ServerProcess server;
  private final ReentrantReadWriteLock up = new ReentrantReadWriteLock();

  Host(ServerProcess server) {
    this.server = server;
  }

  static boolean asksForSignOn(Layout layout) {
    return layout != Layout.BINARY;
  }

  /** A connection, signed on where it must be. */
  WireLink link(Layout layout) throws IOException {
    WireLink link;
    up.readLock().lock();
    try {
      link = server.link(layout);
    } finally {
      up.readLock().unlock();
    }
    if (asksForSignOn(layout)) {
      signOn(link, layout);
    }
    return link;
  }

  private static void signOn(WireLink link, Layout layout) throws IOException {
    boolean of1993 = layout == Layout.BINARY_1993;
    WireMessage request =
        of1993
            ? new WireMessage("1804").set(12, "261122120000").set(24, "801")
            : new WireMessage("0800").set(70, "001");
    WireMessage answer = link.exchange(request.set(7, "1122120000").set(11, "000001"));
    if (!answer.require(39).equals(of1993 ? "800" : "00")) {
      throw new AssertionError("signed on, and received " + answer);
    }
  }

  /** What the server takes for the time, in ms since 1970. */
  long timeMs() {
    return server.timeMs();
  }

  /** Nothing may be under way. */
  void timePasses(long ms) throws IOException {
    server.tellTime(server.timeMs() + ms);
  }

  /** kill -9, then the same again. */
  void killAndRestart() throws IOException, InterruptedException {
    up.writeLock().lock();
    try {
      server.kill();
      server.restart();
    } finally {
      up.writeLock().unlock();
    }
  }

  /** SIGTERM, then the same again. */
  void stopAndRestart() throws IOException, InterruptedException {
    up.writeLock().lock();
    try {
      int code = server.stop();
      if (code != 0) {
        throw new AssertionError("exit code " + code + " after SIGTERM");
      }
      server.restart();
    } finally {
      up.writeLock().unlock();
    }
  }
}
