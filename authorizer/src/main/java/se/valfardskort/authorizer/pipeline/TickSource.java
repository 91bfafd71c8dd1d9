package se.valfardskort.authorizer.pipeline;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.TickEncoder;

/**
 * Puts a Tick command into the ring every period: time passes for the engine only by commands.
 *
 * <p>A daemon thread of its own. A full ring skips the tick; the next one says the same.
 */
final class TickSource implements Runnable {
  private final CommandRing ring;
  private final Clock clock;
  private final long periodMs;
  private final int maximumExpiries;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final TickEncoder tick = new TickEncoder();
  private final Thread thread = Thread.ofPlatform().name("tick").daemon(true).unstarted(this);

  TickSource(CommandRing ring, Clock clock, long periodMs, int maximumExpiries) {
    this.ring = ring;
    this.clock = clock;
    this.periodMs = periodMs;
    this.maximumExpiries = maximumExpiries;
  }

  void start() {
    thread.start();
  }

  /** Returns when no further tick can come. */
  void stop() {
    stop.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException ignored) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    try {
      while (!stop.await(periodMs, TimeUnit.MILLISECONDS)) {
        long claimed = ring.tryClaim(Priority.ADMIN);
        if (claimed == CommandRing.CLOSED) {
          return;
        }
        if (claimed >= 0) {
          fill(ring.slot(claimed));
          ring.publish(claimed);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void fill(Slot slot) {
    tick.wrapAndApplyHeader(slot.command, 0, header).maximumExpiries(maximumExpiries);
    slot.commandLength = MessageHeaderEncoder.ENCODED_LENGTH + tick.encodedLength();
    slot.echoLength = 0;
    slot.arrivalNs = clock.nanoTime();
    slot.deadlineNs = 0;
    slot.target = null;
  }
}
