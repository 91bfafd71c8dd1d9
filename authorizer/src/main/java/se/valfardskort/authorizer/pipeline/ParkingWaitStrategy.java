package se.valfardskort.authorizer.pipeline;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for work without burning a core: a short back-off, then parked until somebody publishes.
 *
 * <p>The library's own strategies either spin, or poll a sleeping thread thousands of times a second, or block on the
 * producers' cursor only, so that a later stage spins on the stage before it. Here everybody who makes progress (a
 * producer, or a stage that has finished a batch) looks whether a thread is parked and wakes it; the look costs a fence
 * and four reads. A parked thread also looks by itself now and then: cheap insurance, not the mechanism.
 *
 * <p>The first stage waits for its slot to be <em>published</em>, not only claimed: a producer that lost its time slice
 * between the two would otherwise make the core spin for as long.
 */
final class ParkingWaitStrategy implements WaitStrategy {
  /** Wakes whoever is parked; a no-op where nobody ever parks. */
  @FunctionalInterface
  interface Wakener {
    void wake();
  }

  private static final int MAXIMUM_WAITERS = 4;
  private static final int SPINS = 20;
  private static final int YIELDS = 4;
  private static final long PARK_NS = 50_000_000;

  private final AtomicReferenceArray<@Nullable Thread> parked = new AtomicReferenceArray<>(MAXIMUM_WAITERS);
  private @Nullable RingBuffer<Slot> ring;

  /** Called once, before the first thread waits. */
  void watch(RingBuffer<Slot> watched) {
    ring = watched;
  }

  /** Yields a few times: on two cores the awaited producer may be the one whose place we hold. */
  @Override
  @SuppressWarnings("ThreadPriorityCheck")
  public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier)
      throws AlertException, InterruptedException {
    int tries = 0;
    while (!isThere(sequence, cursor, dependent)) {
      barrier.checkAlert();
      if (tries < SPINS) {
        tries++;
        Thread.onSpinWait();
      } else if (tries < SPINS + YIELDS) {
        tries++;
        Thread.yield();
      } else {
        park(sequence, cursor, dependent, barrier);
      }
    }
    return dependent.get();
  }

  @Override
  public void signalAllWhenBlocking() {
    // The publication before and the look after must not change places, or a thread that parks just now sleeps on.
    VarHandle.fullFence();
    for (int i = 0; i < MAXIMUM_WAITERS; i++) {
      if (parked.get(i) != null) {
        Thread thread = parked.getAndSet(i, null);
        if (thread != null) {
          LockSupport.unpark(thread);
        }
      }
    }
  }

  /** Identity is meant: the first stage depends on the producers' cursor itself. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isThere(long sequence, Sequence cursor, Sequence dependent) {
    if (dependent.get() < sequence) {
      return false;
    }
    RingBuffer<Slot> watched = ring;
    return dependent != cursor || watched == null || watched.isAvailable(sequence);
  }

  private void park(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier)
      throws InterruptedException {
    Thread self = Thread.currentThread();
    if (Thread.interrupted()) {
      throw new InterruptedException("the pipeline's threads are stopped by close(), never interrupted");
    }
    int place = 0;
    while (place < MAXIMUM_WAITERS && !parked.compareAndSet(place, null, self)) {
      place++;
    }
    if (place == MAXIMUM_WAITERS) {
      throw new IllegalStateException("more than " + MAXIMUM_WAITERS + " threads wait on one ring");
    }
    if (!isThere(sequence, cursor, dependent) && !barrier.isAlerted()) {
      LockSupport.parkNanos(this, PARK_NS);
    }
    parked.compareAndSet(place, self, null);
  }
}
