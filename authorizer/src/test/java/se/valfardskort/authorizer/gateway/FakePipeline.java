package se.valfardskort.authorizer.gateway;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;
import se.valfardskort.authorizer.pipeline.ReplyTarget;
import se.valfardskort.authorizer.pipeline.Slot;

/**
 * Stands in for ring, core and reply: a thread of its own that answers 30 where the gateway found a fault, 51 above
 * 10,000 kronor, and else 00 with the approval code {@code A} and the last five digits of the STAN. A reconciliation
 * is in balance where its net is {@link #NET}.
 */
final class FakePipeline implements CommandPort, AutoCloseable {
  static final long CASH = 687_655;
  static final long HJARTAN = -300;
  static final long NET = -180_50;

  private final Slot[] slots = new Slot[512];
  private final BlockingQueue<Integer> free = new ArrayBlockingQueue<>(slots.length);
  private final BlockingQueue<Integer> published = new ArrayBlockingQueue<>(slots.length);
  private final Integer[] boxed = new Integer[slots.length];
  private final Semaphore pass = new Semaphore(Integer.MAX_VALUE / 2);
  private final List<byte[]> commands = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "fake-pipeline");
  private volatile boolean recording = true;
  private volatile long newestArrivalNs;
  private volatile boolean full;
  private volatile boolean closed;
  private volatile Slot.Outcome outcome = Slot.Outcome.DECIDED;

  FakePipeline() {
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot();
      boxed[i] = i;
      free.add(i);
    }
    thread.start();
  }

  /** From now on nothing is decided before {@link #release}. */
  void hold() {
    pass.drainPermits();
  }

  void release() {
    pass.release(Integer.MAX_VALUE / 2 - pass.availablePermits());
  }

  void full(boolean now) {
    full = now;
  }

  void closed(boolean now) {
    closed = now;
  }

  /** What becomes of the commands that follow; REFUSED and POISON are answered as the core would: 91 and 96. */
  void outcome(Slot.Outcome next) {
    outcome = next;
  }

  /** Keeps no copies from now on, so that the event loop allocates nothing here. */
  void stopRecording() {
    recording = false;
  }

  /** Copies of all commands so far. */
  List<byte[]> commands() {
    synchronized (commands) {
      return List.copyOf(commands);
    }
  }

  @Override
  public long tryClaim(boolean reservedRoom) {
    if (closed) {
      return CLOSED;
    }
    if (full) {
      return FULL;
    }
    Integer place = free.poll();
    return place == null ? FULL : place;
  }

  @Override
  public Slot slot(long place) {
    return slots[(int) place];
  }

  /** When the command that was published last was received, as the gateway says. */
  long newestArrivalNs() {
    return newestArrivalNs;
  }

  @Override
  public void publish(long place) {
    newestArrivalNs = slots[(int) place].arrivalNs;
    if (recording) {
      Slot slot = slots[(int) place];
      byte[] copy = new byte[slot.commandLength];
      slot.command.getBytes(0, copy);
      synchronized (commands) {
        commands.add(copy);
      }
    }
    published.add(boxed[(int) place]);
  }

  /** As the pipeline does: a reversal that was not booked is not answered. */
  private static boolean isSilent(Slot slot) {
    if (isSettlement(slot.command)) {
      return false;
    }
    CardRequestDecoder request =
        new CardRequestDecoder().wrapAndApplyHeader(slot.command, 0, new MessageHeaderDecoder());
    return slot.outcome != Slot.Outcome.DECIDED
        && slot.outcome != Slot.Outcome.REMEMBERED
        && request.messageClass() == MessageClass.REVERSAL;
  }

  private void run() {
    List<Integer> batch = new ArrayList<>();
    try {
      while (true) {
        batch.clear();
        batch.add(published.take());
        pass.acquire();
        published.drainTo(batch, 63);
        Set<ReplyTarget> targets = new LinkedHashSet<>();
        for (int place : batch) {
          Slot slot = slots[place];
          slot.outcome = outcome;
          slot.decisionLength = decide(slot.command, slot.decision, outcome);
          ReplyTarget target = slot.target;
          if (target != null) {
            if (isSilent(slot)) {
              target.silence(slot);
            } else {
              target.reply(slot);
            }
            targets.add(target);
          }
        }
        for (ReplyTarget target : targets) {
          target.endOfBatch();
        }
        for (int place : batch) {
          slots[place].wipe();
          free.add(place);
        }
      }
    } catch (InterruptedException e) {
      // Closing.
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isSettlement(DirectBuffer command) {
    return new MessageHeaderDecoder().wrap(command, 0).templateId() == SettlementRequestDecoder.TEMPLATE_ID;
  }

  private static int decideSettlement(DirectBuffer command, UnsafeBuffer decision) {
    SettlementRequestDecoder request =
        new SettlementRequestDecoder().wrapAndApplyHeader(command, 0, new MessageHeaderDecoder());
    DecisionEncoder out = new DecisionEncoder().wrapAndApplyHeader(decision, 0, new MessageHeaderEncoder());
    out.effect(Effect.NOTHING).authCode("").cardId(-1).accountId(-1).originalId(-1)
        .approvedMinor(NET).hjartanMinor(0).cashMinor(0)
        .hjartanAvailableMinor(DecisionEncoder.hjartanAvailableMinorNullValue())
        .cashAvailableMinor(DecisionEncoder.cashAvailableMinorNullValue())
        .savingsAvailableMinor(DecisionEncoder.savingsAvailableMinorNullValue())
        .earmarkAvailableMinor(DecisionEncoder.earmarkAvailableMinorNullValue()).digest(0)
        .faultDe(request.faultDe());
    boolean cutOver = request.messageClass() == MessageClass.NETWORK;
    if (request.faultDe() != 0) {
      out.reason(DeclineReason.FORMAT_ERROR.code).responseCode("30");
    } else if (cutOver || request.netMinor() == NET) {
      out.reason(DeclineReason.APPROVED).responseCode("00");
    } else {
      out.reason(DeclineReason.OUT_OF_BALANCE.code).responseCode("95");
    }
    return MessageHeaderEncoder.ENCODED_LENGTH + DecisionEncoder.BLOCK_LENGTH;
  }

  /** Writes the decision; gives its length. */
  static int decide(DirectBuffer command, UnsafeBuffer decision, Slot.Outcome outcome) {
    if (isSettlement(command)) {
      return decideSettlement(command, decision);
    }
    CardRequestDecoder request = new CardRequestDecoder().wrapAndApplyHeader(command, 0, new MessageHeaderDecoder());
    DecisionEncoder out = new DecisionEncoder().wrapAndApplyHeader(decision, 0, new MessageHeaderEncoder());
    out.faultDe((short) 0).effect(Effect.NOTHING).authCode("").cardId(1).accountId(1).originalId(-1)
        .approvedMinor(0).hjartanMinor(0).cashMinor(0)
        .hjartanAvailableMinor(HJARTAN).cashAvailableMinor(CASH)
        .savingsAvailableMinor(DecisionEncoder.savingsAvailableMinorNullValue())
        .earmarkAvailableMinor(DecisionEncoder.earmarkAvailableMinorNullValue()).digest(0);
    if (outcome == Slot.Outcome.REFUSED) {
      out.reason(DeclineReason.DEADLINE_PASSED.code).responseCode("91");
    } else if (outcome == Slot.Outcome.POISON) {
      out.reason(DeclineReason.SYSTEM_MALFUNCTION.code).responseCode("96");
    } else if (request.faultDe() != 0) {
      out.reason(DeclineReason.FORMAT_ERROR.code).responseCode("30").faultDe(request.faultDe());
    } else if (request.amountMinor() > 1_000_000) {
      out.reason(DeclineReason.INSUFFICIENT_FUNDS.code).responseCode("51");
    } else {
      out.reason(DeclineReason.APPROVED).responseCode("00")
          .authCode(String.format("A%05d", request.stan() % 100_000));
    }
    return MessageHeaderEncoder.ENCODED_LENGTH + DecisionEncoder.BLOCK_LENGTH;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
