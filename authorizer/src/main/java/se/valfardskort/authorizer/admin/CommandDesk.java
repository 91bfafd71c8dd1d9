package se.valfardskort.authorizer.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.CardView;
import se.valfardskort.authorizer.engine.LoadRunView;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.CommandRing;
import se.valfardskort.authorizer.pipeline.Priority;
import se.valfardskort.authorizer.pipeline.ReplyTarget;
import se.valfardskort.authorizer.pipeline.Slot;

/**
 * Puts one command into the ring and waits until it is decided and durable.
 *
 * <p>Any thread; the caller waits, so it should be a virtual one. At most {@value #IN_FLIGHT} at a time: people and
 * their programs never crowd out purchases.
 */
final class CommandDesk {
  private static final int IN_FLIGHT = 64;
  private static final long HALT_LOOK_MS = 100;
  private static final long PATIENCE_MS = 30_000;

  private final CommandRing ring;
  private final Clock clock;
  private final Supplier<@Nullable Throwable> haltCause;
  private final Semaphore room = new Semaphore(IN_FLIGHT);

  /** Writes one command, SBE header first; returns its length. */
  @FunctionalInterface
  interface Writer {
    int write(UnsafeBuffer command);
  }

  /**
   * What became of a command. Immutable.
   *
   * @param refusal null: it was accepted
   * @param number that the decision names: of an approval; -1: none
   * @param cashMinor that the decision names, in ore
   * @param hjartanMinor that the decision names, in minor units
   * @param view the card right after it; null: there is no such card, or none was asked for
   * @param run the run of loads right after it; null: none was asked for
   */
  record Answer(
      long sequence,
      @Nullable CommandRefusal refusal,
      int number,
      long cashMinor,
      long hjartanMinor,
      @Nullable CardView view,
      @Nullable LoadRunView run) {}

  CommandDesk(CommandRing ring, Clock clock, Supplier<@Nullable Throwable> haltCause) {
    this.ring = ring;
    this.clock = clock;
    this.haltCause = haltCause;
  }

  /** Whether commands are taken. */
  boolean isOpen() {
    return haltCause.get() == null;
  }

  /**
   * Sends a command and waits for its answer.
   *
   * @param tokenOffset where the command's panToken lies, behind its header
   */
  Answer ask(Writer writer, int tokenOffset) throws Problem {
    return ask(writer, MessageHeaderDecoder.ENCODED_LENGTH + tokenOffset, 0);
  }

  /** As above, a command about a programme's run of loads. */
  Answer askOfRun(Writer writer, int programmeId) throws Problem {
    return ask(writer, 0, programmeId + 1);
  }

  private Answer ask(Writer writer, int viewOffset, int runOf) throws Problem {
    UnsafeBuffer command = new UnsafeBuffer(new byte[Slot.COMMAND_CAPACITY]);
    int length = writer.write(command);
    if (!room.tryAcquire()) {
      throw busy();
    }
    try {
      return await(publish(command, length, viewOffset, runOf));
    } finally {
      room.release();
    }
  }

  /** Written before it is claimed: the slots behind a claimed one wait for it. */
  private CompletableFuture<Answer> publish(UnsafeBuffer command, int length, int viewOffset, int runOf)
      throws Problem {
    long claimed = ring.tryClaim(Priority.ADMIN);
    if (claimed == CommandRing.FULL) {
      throw busy();
    }
    if (claimed == CommandRing.CLOSED) {
      throw halted();
    }
    Waiting waiting = new Waiting();
    Slot slot = ring.slot(claimed);
    slot.command.putBytes(0, command, 0, length);
    slot.commandLength = length;
    slot.echoLength = 0;
    slot.arrivalNs = clock.nanoTime();
    slot.deadlineNs = 0;
    slot.viewOffset = viewOffset;
    slot.runOf = runOf;
    slot.target = waiting;
    ring.publish(claimed);
    return waiting.answer;
  }

  private Answer await(CompletableFuture<Answer> answer) throws Problem {
    for (long waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += HALT_LOOK_MS) {
      try {
        return answer.get(HALT_LOOK_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        if (!isOpen() && !answer.isDone()) {
          throw halted();
        }
      } catch (ExecutionException failed) {
        throw engineFailed();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw halted();
      }
    }
    throw new Problem(
        504, "no-answer-yet", "no answer within " + PATIENCE_MS + " ms: it may still be done", "ask again, with the"
            + " same Idempotency-Key");
  }

  /** What a reason other than 0 means. A refusal before deciding is for lack of room. */
  static CommandRefusal refusalOf(int code) {
    return code < CommandRefusal.PROGRAMME_UNKNOWN.code ? CommandRefusal.NO_ROOM : CommandRefusal.ofCode(code);
  }

  static Problem engineFailed() {
    return new Problem(
        500,
        "engine-failed",
        "the engine failed on this command, which is kept in the journal as poison",
        "report it with the alarm in the authorizer's log; sending it again fails again");
  }

  static Problem busy() {
    return new Problem(503, "busy", "there is no room for more commands now", "try again in a second");
  }

  static Problem halted() {
    return new Problem(
        503,
        "stopped",
        "the authorizer is stopping, or has halted: whether the command was done will show",
        "start it again, then ask again with the same Idempotency-Key");
  }

  /** One caller's place; answered by the reply thread. */
  private static final class Waiting implements ReplyTarget {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    @Override
    public void reply(Slot slot) {
      boolean decided = slot.outcome == Slot.Outcome.DECIDED || slot.outcome == Slot.Outcome.REFUSED;
      if (!decided) {
        silence(slot);
        return;
      }
      DecisionDecoder decision =
          new DecisionDecoder().wrapAndApplyHeader(slot.decision, 0, new MessageHeaderDecoder());
      CommandRefusal refusal = decision.reason() == 0 ? null : refusalOf(decision.reason());
      answer.complete(
          new Answer(
              slot.sequence,
              refusal,
              decision.originalId(),
              decision.cashMinor(),
              decision.hjartanMinor(),
              slot.view,
              slot.run));
    }

    @Override
    public void silence(Slot slot) {
      answer.completeExceptionally(new IllegalStateException("not decided"));
    }

    @Override
    public void endOfBatch() {
      // Nobody needs a flush here.
    }
  }
}
