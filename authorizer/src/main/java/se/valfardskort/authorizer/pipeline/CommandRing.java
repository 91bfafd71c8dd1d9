package se.valfardskort.authorizer.pipeline;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import java.util.concurrent.atomic.LongAdder;

/**
 * The producers' side of the ring: claim a slot, fill it, publish it.
 *
 * <p>Any thread (event loops, admin callers, the tick). Never blocks and never allocates. Whoever has claimed must
 * publish, and soon: the slots after it wait. One who finds that there is nothing to say calls {@link #abandon}.
 *
 * <p>An eighth of the ring is out of reach for {@link Priority#AUTHORIZATION} and {@link Priority#ADMIN}, so that
 * reversals and advices still find room when requests already get 91. Producers that race may take a slot each of that
 * reserve; it is a threshold, not a count.
 */
public final class CommandRing {
  /** Answer of {@link #tryClaim}: no room for this priority; a request gets 91, a reversal or an advice silence. */
  public static final long FULL = -1;

  /** Answer of {@link #tryClaim}: halted or closing; nothing may be answered any more. */
  public static final long CLOSED = -2;

  private static final int RESERVED_SHARE = 8;

  private final RingBuffer<Slot> ring;
  private final Halt halt;
  private final long reserved;
  private final LongAdder shed = new LongAdder();
  private volatile boolean closing;

  CommandRing(RingBuffer<Slot> ring, Halt halt) {
    this.ring = ring;
    this.halt = halt;
    this.reserved = ring.getBufferSize() / RESERVED_SHARE;
  }

  /**
   * Claims the next slot.
   *
   * @return the slot's number for {@link #slot} and {@link #publish}, or {@link #FULL} or {@link #CLOSED}
   */
  public long tryClaim(Priority priority) {
    if (closing || halt.isHalted()) {
      return CLOSED;
    }
    if (!priority.mayUseReserve() && ring.remainingCapacity() <= reserved) {
      shed.increment();
      return FULL;
    }
    try {
      return ring.tryNext();
    } catch (InsufficientCapacityException full) {
      // A constant of the library without a stack trace: it costs nothing to throw.
      shed.increment();
      return FULL;
    }
  }

  /** The claimed slot, for its producer to fill. */
  public Slot slot(long claimed) {
    return ring.get(claimed);
  }

  /** Hands the slot to the core; the producer must not touch it afterwards. */
  public void publish(long claimed) {
    ring.publish(claimed);
  }

  /** Gives a claimed slot back without a command: it is passed over, nobody is answered. */
  public void abandon(long claimed) {
    Slot slot = ring.get(claimed);
    slot.wipe();
    ring.publish(claimed);
  }

  /** Claims that found no room, since the start. Any thread. */
  public long shed() {
    return shed.sum();
  }

  /** Free slots, for metrics; already out of date when read. */
  public long remaining() {
    return ring.remainingCapacity();
  }

  /** Number of slots. */
  public int size() {
    return ring.getBufferSize();
  }

  void close() {
    closing = true;
  }
}
