package se.valfardskort.authorizer.app;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.CommandRing;
import se.valfardskort.authorizer.pipeline.Priority;
import se.valfardskort.authorizer.pipeline.ReplyTarget;
import se.valfardskort.authorizer.pipeline.Slot;

/**
 * Sends commands of our own through the ring, a bounded number at a time, and hears whether they were accepted.
 *
 * <p>One thread sends; the reply thread answers. Answers come in the order of the commands, since one ring carries
 * both.
 */
final class CommandSender implements ReplyTarget {
  /** Commands without an answer at one time (architecture.md section 4a). */
  static final int IN_FLIGHT = 256;

  private static final long LOOK_AGAIN_NS = 200_000;
  private static final long HALT_LOOK_MS = 100;

  private final CommandRing ring;
  private final Clock clock;
  private final Supplier<@Nullable Throwable> haltCause;
  /** What the engine says of the last configuration; read only after the answer to it. */
  private final Supplier<String> configurationFault;
  private final Semaphore room = new Semaphore(IN_FLIGHT);
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable String> firstRefusal = new AtomicReference<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final DecisionDecoder decision = new DecisionDecoder();

  /** Writes one command, SBE header first; returns its length. */
  @FunctionalInterface
  interface Writer {
    int write(UnsafeBuffer command);
  }

  CommandSender(
      CommandRing ring, Clock clock, Supplier<@Nullable Throwable> haltCause, Supplier<String> configurationFault) {
    this.ring = ring;
    this.clock = clock;
    this.haltCause = haltCause;
    this.configurationFault = configurationFault;
  }

  /** What the pipeline takes for now, milliseconds since the epoch. */
  long epochMs() {
    return clock.epochMs();
  }

  /**
   * Sends one command; returns when there was room for it.
   *
   * @param what what the command does, for the message should it be refused
   * @throws StartFailure when an earlier command was refused, or the pipeline has halted
   */
  void send(String what, Writer writer) throws StartFailure {
    acquire(1);
    throwIfRefused();
    long claimed = ring.tryClaim(Priority.ADMIN);
    while (claimed == CommandRing.FULL) {
      LockSupport.parkNanos(this, LOOK_AGAIN_NS);
      claimed = ring.tryClaim(Priority.ADMIN);
    }
    if (claimed == CommandRing.CLOSED) {
      throw halted();
    }
    Slot slot = ring.slot(claimed);
    try {
      slot.commandLength = writer.write(slot.command);
      slot.echoLength = 0;
      slot.arrivalNs = clock.nanoTime();
      slot.deadlineNs = 0;
      slot.target = this;
      waiting.add(what);
    } finally {
      ring.publish(claimed);
    }
  }

  /** Waits until every command that was sent is durable and accepted. */
  void awaitAll() throws StartFailure {
    acquire(IN_FLIGHT);
    room.release(IN_FLIGHT);
    throwIfRefused();
  }

  @Override
  public void reply(Slot slot) {
    decision.wrapAndApplyHeader(slot.decision, 0, header);
    answered(slot.outcome == Slot.Outcome.DECIDED ? decision.reason() : -1);
  }

  @Override
  public void silence(Slot slot) {
    answered(-1);
  }

  @Override
  public void endOfBatch() {
    // Nobody needs a flush here.
  }

  private void answered(int reason) {
    String what = waiting.remove();
    if (reason != 0) {
      firstRefusal.compareAndSet(null, what + ": " + meaning(reason));
    }
    room.release();
  }

  private String meaning(int reason) {
    if (reason < 0) {
      return "the engine failed on it; the command is kept in the journal as poison";
    }
    try {
      CommandRefusal refusal = CommandRefusal.ofCode(reason);
      String detail = refusal == CommandRefusal.CONFIGURATION_INVALID ? ": " + configurationFault.get() : "";
      return "refused, " + refusal.name() + " (" + reason + ")" + detail + "; " + refusal.mend;
    } catch (IllegalArgumentException unknown) {
      return "refused with reason " + reason;
    }
  }

  private void acquire(int permits) throws StartFailure {
    try {
      while (!room.tryAcquire(permits, HALT_LOOK_MS, TimeUnit.MILLISECONDS)) {
        if (haltCause.get() != null) {
          throw halted();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartFailure(ExitCode.SOFTWARE, "interrupted while starting", interrupted);
    }
  }

  private void throwIfRefused() throws StartFailure {
    String refused = firstRefusal.get();
    if (refused != null) {
      throw new StartFailure(ExitCode.CONFIGURATION, refused);
    }
  }

  private StartFailure halted() {
    Throwable cause = haltCause.get();
    return new StartFailure(
        ExitCode.IO_ERROR,
        cause == null ? "the pipeline is closing" : String.valueOf(cause.getMessage()),
        cause);
  }
}
