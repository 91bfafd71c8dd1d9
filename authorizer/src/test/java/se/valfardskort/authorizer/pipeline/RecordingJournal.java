package se.valfardskort.authorizer.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** A journal in memory: what was appended, in which syncs; its syncs can be held or made to fail. */
final class RecordingJournal implements Journal {
  /** One record. */
  record Appended(Kind kind, long sequence, long timeMs) {}

  private final List<Appended> appended = new ArrayList<>();
  private final List<Integer> syncs = new ArrayList<>();
  private final Semaphore permits = new Semaphore(0);
  private final CountDownLatch syncing = new CountDownLatch(1);
  private volatile boolean held;
  private volatile @Nullable IOException failure;
  private int unsynced;

  /** Each sync waits for a permit from now on. */
  void hold() {
    held = true;
  }

  /** Lets all syncs through. */
  void release() {
    held = false;
    permits.release(1_000_000);
  }

  /** Each sync throws from now on. */
  void failWith(IOException why) {
    failure = why;
  }

  /** Returns when the first sync has begun. */
  void awaitSync() throws InterruptedException {
    syncing.await();
  }

  @Override
  public synchronized void append(
      Kind kind,
      long sequence,
      long timeMs,
      DirectBuffer command,
      int commandOffset,
      int commandLength,
      DirectBuffer decision,
      int decisionOffset,
      int decisionLength) {
    appended.add(new Appended(kind, sequence, timeMs));
    unsynced++;
  }

  @Override
  public void sync() throws IOException {
    syncing.countDown();
    if (held) {
      permits.acquireUninterruptibly();
    }
    IOException why = failure;
    if (why != null) {
      throw why;
    }
    synchronized (this) {
      syncs.add(unsynced);
      unsynced = 0;
    }
  }

  @Override
  public synchronized long durableSequence() {
    return Math.subtractExact(appended.size(), unsynced);
  }

  /** All records. */
  synchronized List<Appended> appended() {
    return List.copyOf(appended);
  }

  /** Records a sync. */
  synchronized List<Integer> syncs() {
    return List.copyOf(syncs);
  }

  @Override
  public void close() {}
}
