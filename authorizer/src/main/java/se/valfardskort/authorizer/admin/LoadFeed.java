package se.valfardskort.authorizer.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.CommandRing;
import se.valfardskort.authorizer.pipeline.Priority;
import se.valfardskort.authorizer.pipeline.ReplyTarget;
import se.valfardskort.authorizer.pipeline.Slot;

/**
 * Puts many commands into the ring, a bounded number at a time over all callers, and waits until each is durable.
 *
 * <p>Any thread; the caller waits, so it should be a virtual one. A purchase that comes in between waits behind at most
 * {@value #IN_FLIGHT} loads, which is less than a millisecond of the core's time (architecture.md section 4a).
 */
final class LoadFeed {
  private static final int IN_FLIGHT = 256;
  private static final long LOOK_AGAIN_NS = 200_000;
  private static final long HALT_LOOK_MS = 100;
  private static final int NOT_DECIDED = -1;

  private final CommandRing ring;
  private final Clock clock;
  private final Supplier<@Nullable Throwable> haltCause;
  private final Semaphore room = new Semaphore(IN_FLIGHT);

  LoadFeed(CommandRing ring, Clock clock, Supplier<@Nullable Throwable> haltCause) {
    this.ring = ring;
    this.clock = clock;
    this.haltCause = haltCause;
  }

  /**
   * Sends commands.
   *
   * @return the reason code of each decision in their order; 0: accepted
   * @throws Problem when some may not have been done: the same may be sent again
   */
  List<Integer> send(List<CommandDesk.Writer> commands) throws Problem {
    UnsafeBuffer command = new UnsafeBuffer(new byte[Slot.COMMAND_CAPACITY]);
    Batch batch = new Batch(commands.size());
    try {
      for (CommandDesk.Writer writer : commands) {
        int length = writer.write(command);
        while (!room.tryAcquire(HALT_LOOK_MS, TimeUnit.MILLISECONDS)) {
          throwIfHalted();
        }
        publish(command, length, batch);
      }
      while (!batch.answered.await(HALT_LOOK_MS, TimeUnit.MILLISECONDS)) {
        throwIfHalted();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw CommandDesk.halted();
    }
    if (batch.reasons.contains(NOT_DECIDED)) {
      throw CommandDesk.engineFailed();
    }
    return batch.reasons;
  }

  /** Written before it is claimed: the slots behind a claimed one wait for it. */
  private void publish(UnsafeBuffer command, int length, Batch batch) throws Problem {
    long claimed = ring.tryClaim(Priority.ADMIN);
    while (claimed == CommandRing.FULL) {
      LockSupport.parkNanos(this, LOOK_AGAIN_NS);
      claimed = ring.tryClaim(Priority.ADMIN);
    }
    if (claimed == CommandRing.CLOSED) {
      room.release();
      throw CommandDesk.halted();
    }
    Slot slot = ring.slot(claimed);
    slot.command.putBytes(0, command, 0, length);
    slot.commandLength = length;
    slot.echoLength = 0;
    slot.arrivalNs = clock.nanoTime();
    slot.deadlineNs = 0;
    slot.target = batch;
    ring.publish(claimed);
  }

  private void throwIfHalted() throws Problem {
    if (haltCause.get() != null) {
      throw CommandDesk.halted();
    }
  }

  /**
   * One caller's place, answered by the reply thread in the order in which it was filled; the caller reads when all
   * are answered.
   */
  private final class Batch implements ReplyTarget {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final DecisionDecoder decision = new DecisionDecoder();
    private final List<Integer> reasons;
    private final CountDownLatch answered;

    Batch(int size) {
      reasons = new ArrayList<>(size);
      answered = new CountDownLatch(size);
    }

    @Override
    public void reply(Slot slot) {
      boolean decided = slot.outcome == Slot.Outcome.DECIDED || slot.outcome == Slot.Outcome.REFUSED;
      answer(decided ? decision.wrapAndApplyHeader(slot.decision, 0, header).reason() : NOT_DECIDED);
    }

    @Override
    public void silence(Slot slot) {
      answer(NOT_DECIDED);
    }

    private void answer(int reason) {
      reasons.add(reason);
      room.release();
      answered.countDown();
    }

    @Override
    public void endOfBatch() {
      // Nobody needs a flush here.
    }
  }
}
