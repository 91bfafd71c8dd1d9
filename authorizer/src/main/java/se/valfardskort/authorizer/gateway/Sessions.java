package se.valfardskort.authorizer.gateway;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** All open connections of the gateway. Any thread. */
final class Sessions {
  private final Set<Session> open = ConcurrentHashMap.newKeySet();
  private final Object emptied = new Object();
  private final Storms storms = new Storms();
  private volatile boolean draining;
  private volatile boolean dropped;

  /** False where no connection is taken any more. */
  boolean add(Session session) {
    open.add(session);
    return !draining && !dropped;
  }

  /** Which of them storm. */
  Storms storms() {
    return storms;
  }

  void remove(Session session) {
    open.remove(session);
    if (open.isEmpty()) {
      synchronized (emptied) {
        emptied.notifyAll();
      }
    }
  }

  /** True from the moment when no byte may leave any more. */
  boolean areDropped() {
    return dropped;
  }

  int count() {
    return open.size();
  }

  /** Runs a task on a session's event loop; not at all where the loop has stopped. */
  void execute(Session session, Runnable task) {
    try {
      session.channel().eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      remove(session);
    }
  }

  /** Has every session answer what it read and close; true when all had within the time. */
  boolean drain(long timeoutMs) throws InterruptedException {
    draining = true;
    for (Session session : open) {
      execute(session, session::drain);
    }
    long endNs = System.nanoTime() + timeoutMs * 1_000_000L;
    synchronized (emptied) {
      while (!open.isEmpty()) {
        long leftMs = (endNs - System.nanoTime()) / 1_000_000L;
        if (leftMs <= 0) {
          return false;
        }
        emptied.wait(leftMs);
      }
    }
    return true;
  }

  /** Closes every connection without another byte. */
  void drop() {
    dropped = true;
    for (Session session : open) {
      execute(session, () -> session.close(CloseCause.SHUTDOWN));
    }
  }
}
