package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers on their way from the reply thread to a connection's event loop: one buffer, one task and one flush a batch.
 *
 * <p>{@link #buffer}, {@link #add} and {@link #handOver} belong to the reply thread, {@link #run} to the event loop. No
 * locks: a batch that the loop has not fetched yet is taken back, continued and offered again, so at most one buffer is
 * ever waiting. Its size is bounded by the number of unanswered frames a connection may have.
 */
final class Outbox implements Runnable {
  private static final int FIRST_CAPACITY = 1024;
  /** Above what came back in all: how much of it were reversals and advices. */
  private static final int UNHURRIED_SHIFT = 32;

  private final Channel channel;
  private final Session session;
  private final AtomicReference<@Nullable ByteBuf> ready = new AtomicReference<>();
  private final AtomicLong readyAnswers = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  /** Reply thread only. */
  private @Nullable ByteBuf building;
  /** Reply thread only. */
  private long built;

  Outbox(Channel channel, Session session) {
    this.channel = channel;
    this.session = session;
  }

  /** Where the next answer is appended. */
  ByteBuf buffer() {
    ByteBuf buffer = building;
    if (buffer == null) {
      buffer = ready.getAndSet(null);
      if (buffer == null) {
        buffer = channel.alloc().buffer(FIRST_CAPACITY);
      }
      building = buffer;
    }
    return buffer;
  }

  /**
   * One more command has come back, whether or not an answer was appended.
   *
   * @param unhurried a reversal or an advice
   */
  void add(boolean unhurried) {
    built += unhurried ? 1 + (1L << UNHURRIED_SHIFT) : 1;
  }

  /** Gives all that was added to the event loop. */
  void handOver() {
    long answers = built;
    ByteBuf buffer = building;
    built = 0;
    building = null;
    if (answers == 0 && buffer == null) {
      return;
    }
    // The bytes before their number, and taken in the other order: who sees an answer counted has it, or it went back
    // into a buffer with another that is not counted yet. So no connection seems answered before its last bytes.
    if (buffer != null) {
      ready.set(buffer);
    }
    readyAnswers.addAndGet(answers);
    if (scheduled.compareAndSet(false, true)) {
      try {
        channel.eventLoop().execute(this);
      } catch (RejectedExecutionException e) {
        // The loop has stopped, with all its connections: nobody is left to be answered.
        release(ready.getAndSet(null));
      }
    }
  }

  @Override
  public void run() {
    scheduled.set(false);
    long answers = readyAnswers.getAndSet(0);
    session.answered(ready.getAndSet(null), (int) answers, (int) (answers >> UNHURRIED_SHIFT));
  }

  private static void release(@Nullable ByteBuf buffer) {
    if (buffer != null) {
      buffer.release();
    }
  }
}
