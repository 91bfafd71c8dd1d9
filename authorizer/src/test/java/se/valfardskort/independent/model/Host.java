package se.valfardskort.independent.model;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import se.valfardskort.independent.ServerProcess;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage.Layout;

/** The server, which may be stopped or killed while others use it: who connects waits until it is up again. */
final class Host {
  private final ServerProcess server;
  private final ReentrantReadWriteLock up = new ReentrantReadWriteLock();

  Host(ServerProcess server) {
    this.server = server;
  }

  WireLink link(Layout layout) throws IOException {
    up.readLock().lock();
    try {
      return server.link(layout);
    } finally {
      up.readLock().unlock();
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
