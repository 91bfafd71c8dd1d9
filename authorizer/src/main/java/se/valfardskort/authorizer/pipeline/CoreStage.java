package se.valfardskort.authorizer.pipeline;

import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;

/**
 * First stage: stamps, asks the request memory, decides and applies.
 *
 * <p>Owned by the core thread, as is the {@link Core}. Sequence and time are stamped here and nowhere else, once, and
 * only for commands that reach the journal: its sequences have no gaps, and its time never goes back.
 */
final class CoreStage implements Stage {
  /** In staged wiring the journal gets its first commands while the core still decides the rest of a long batch. */
  private static final int HAND_ON_AFTER = 64;

  private static final int FLAGS_AT = MessageHeaderDecoder.ENCODED_LENGTH + DecisionDecoder.flagsEncodingOffset();

  private final Core core;
  private final Clock clock;
  private final PipelineCounters counters;
  private final AlarmListener alarms;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final CardRequestDecoder request = new CardRequestDecoder();
  private final SettlementRequestDecoder settlement = new SettlementRequestDecoder();
  private long lastSequence;
  private long lastTimeMs;
  private int taken;

  CoreStage(Core core, Clock clock, PipelineCounters counters, AlarmListener alarms, Position start) {
    this.core = core;
    this.clock = clock;
    this.counters = counters;
    this.alarms = alarms;
    this.lastSequence = start.sequence();
    this.lastTimeMs = start.timeMs();
  }

  @Override
  public void take(Slot slot) {
    taken++;
    slot.sequence = 0;
    slot.silent = false;
    if (slot.commandLength == 0) {
      pass(slot);
      return;
    }
    boolean remembered;
    slot.decisionLength = core.decisionLength();
    try {
      remembered = core.remembers(slot.command, 0, slot.commandLength, slot.decision, 0);
    } catch (RuntimeException | StackOverflowError | AssertionError thrown) {
      poison(slot, thrown);
      return;
    }
    // The memory comes before the deadline: a late repeat of an answered request still gets its answer.
    if (remembered) {
      slot.outcome = Slot.Outcome.REMEMBERED;
      counters.countRemembered();
      return;
    }
    if (hasWaitedTooLong(slot)) {
      slot.outcome = Slot.Outcome.REFUSED;
      core.refuse(slot.command, 0, slot.commandLength, DeclineReason.DEADLINE_PASSED.code, slot.decision, 0);
      counters.countRefused();
      return;
    }
    decide(slot);
  }

  private void decide(Slot slot) {
    slot.timeMs = Math.max(lastTimeMs, clock.epochMs());
    int reason;
    try {
      reason = core.decide(slot.command, 0, slot.commandLength, slot.timeMs, slot.decision, 0);
    } catch (RuntimeException | StackOverflowError | AssertionError thrown) {
      poison(slot, thrown);
      return;
    }
    if (saysOnlyThatItCannotBeTaken(reason)) {
      slot.outcome = Slot.Outcome.REFUSED;
      slot.silent = isRepeatedUntilBooked(slot);
      counters.countRefused();
      return;
    }
    slot.sequence = lastSequence + 1;
    try {
      core.apply(slot.command, 0, slot.commandLength, slot.timeMs, slot.decision, 0);
    } catch (Throwable thrown) {
      throw new IllegalStateException(
          "the engine threw while applying what would have been sequence " + slot.sequence
              + ": its state is no longer known, nothing more may be decided; restart to recover from the journal",
          thrown);
    }
    lastSequence = slot.sequence;
    lastTimeMs = slot.timeMs;
    if ((slot.viewOffset | slot.runOf) != 0) {
      show(slot);
    }
    slot.outcome = Slot.Outcome.DECIDED;
    counters.countDecided();
    if (DecisionFlagsDecoder.newMcc(slot.decision.getInt(FLAGS_AT, DecisionDecoder.BYTE_ORDER))) {
      counters.countNewMcc();
    }
  }

  /** What a person asked to see is shown as it is right after the command, and leaves after its sync. */
  private void show(Slot slot) {
    try {
      if (slot.viewOffset != 0) {
        slot.view = core.view(slot.command, slot.viewOffset);
      } else {
        slot.run = core.loadRun(slot.runOf - 1);
      }
    } catch (RuntimeException thrown) {
      // The command is decided and applied, whatever can be shown of it: showing has changed nothing.
      alarms.replyFailed(thrown);
    }
  }

  /**
   * Room is this process's, not the journal's: a refusal for lack of it is not journaled, so that a journal can be
   * replayed where there is more room. Nothing was booked and nothing is remembered: the sender may repeat.
   */
  private static boolean saysOnlyThatItCannotBeTaken(int reason) {
    return reason == DeclineReason.CAPACITY.code
        || reason == DeclineReason.SYSTEM_MALFUNCTION.code
        || reason == CommandRefusal.NO_ROOM.code
        || reason == CommandRefusal.CONFIGURATION_TOO_LONG.code;
  }

  /** Deciding changes nothing, so the command can be set aside as evidence and the next one taken. */
  private void poison(Slot slot, Throwable thrown) {
    slot.timeMs = Math.max(lastTimeMs, clock.epochMs());
    slot.sequence = ++lastSequence;
    lastTimeMs = slot.timeMs;
    slot.outcome = Slot.Outcome.POISON;
    try {
      slot.silent = isRepeatedUntilBooked(slot);
      core.refuse(slot.command, 0, slot.commandLength, DeclineReason.SYSTEM_MALFUNCTION.code, slot.decision, 0);
    } catch (RuntimeException | StackOverflowError | AssertionError unreadable) {
      // Not even a 96 can be made of it; the evidence is kept all the same.
      thrown.addSuppressed(unreadable);
      slot.decisionLength = 0;
      slot.silent = true;
    }
    counters.countPoison();
    alarms.poisoned(slot.sequence, thrown);
  }

  private static void pass(Slot slot) {
    slot.outcome = Slot.Outcome.REFUSED;
    slot.decisionLength = 0;
    slot.silent = true;
  }

  /** Reversals and advices are booked however late they are: their sender would only repeat them. */
  private boolean hasWaitedTooLong(Slot slot) {
    return slot.deadlineNs > 0
        && clock.nanoTime() - slot.arrivalNs > slot.deadlineNs
        && !isRepeatedUntilBooked(slot);
  }

  private boolean isRepeatedUntilBooked(Slot slot) {
    header.wrap(slot.command, 0);
    if (header.templateId() == SettlementRequestDecoder.TEMPLATE_ID) {
      settlement.wrap(slot.command, MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
      return settlement.flags().advice();
    }
    if (header.templateId() != CardRequestDecoder.TEMPLATE_ID) {
      return false;
    }
    request.wrap(slot.command, MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
    return request.messageClass() == MessageClass.REVERSAL || request.flags().advice();
  }

  @Override
  public boolean batchIsFull() {
    return taken >= HAND_ON_AFTER;
  }

  @Override
  public void endOfBatch() {
    taken = 0;
  }

  @Override
  public void drop(Slot slot) {
    taken = 0;
  }
}
