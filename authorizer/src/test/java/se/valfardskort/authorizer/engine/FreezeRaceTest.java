package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.StatusReason;
import se.valfardskort.authorizer.pipeline.AlarmListener;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.CommandRing;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.Pipeline;
import se.valfardskort.authorizer.pipeline.PipelineSettings;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Priority;
import se.valfardskort.authorizer.pipeline.Slot;

/** Freezes from one thread, purchases from two others: what the journal says is the one order that there was. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FreezeRaceTest {
  private static final int ANNA = 7;
  private static final int PURCHASES_EACH = 400;
  private static final int CHANGES = 40;
  private static final int COMMANDS = 2 * PURCHASES_EACH + CHANGES;

  private final EngineFixture fixture = EngineFixture.configured();
  private final KeptJournal journal = new KeptJournal();

  /** Command and reason of each record, in order. */
  private static final class KeptJournal implements Journal {
    private final List<String> records = new ArrayList<>();
    private final CountDownLatch all = new CountDownLatch(COMMANDS);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    @Override
    public void append(
        Kind kind,
        long sequence,
        long timeMs,
        DirectBuffer command,
        int commandOffset,
        int commandLength,
        DirectBuffer decision,
        int decisionOffset,
        int decisionLength) {
      int reason = new DecisionDecoder().wrapAndApplyHeader(decision, decisionOffset, header).reason();
      switch (header.wrap(command, commandOffset).templateId()) {
        case CardStatusChangeDecoder.TEMPLATE_ID -> {
          assertEquals(0, reason);
          records.add(new CardStatusChangeDecoder().wrapAndApplyHeader(command, commandOffset, header).status().name());
        }
        case CardRequestDecoder.TEMPLATE_ID -> records.add(reason == 0 ? "approved" : "declined " + reason);
        default -> throw new IllegalStateException("template " + header.templateId());
      }
      all.countDown();
    }

    @Override
    public void sync() {
      // Nothing is kept longer than the test.
    }

    @Override
    public long durableSequence() {
      return records.size();
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private static final class FixedClock implements Clock {
    @Override
    public long epochMs() {
      return EngineFixture.START_MS;
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }

  private static final class NoAlarms implements AlarmListener {
    @Override
    public void poisoned(long sequence, Throwable cause) {
      throw new IllegalStateException(cause);
    }

    @Override
    public void replyFailed(Throwable cause) {
      throw new IllegalStateException(cause);
    }
  }

  @Test
  void shouldPutFreezesAndPurchasesIntoOneOrder() throws Exception {
    fixture.card(ANNA);
    Pipeline pipeline =
        new Pipeline(
            PipelineSettings.defaults().withTick(0, 1).withRingSize(64),
            fixture.engine,
            journal,
            new FixedClock(),
            new Position(0, EngineFixture.START_MS),
            cause -> {
              throw new IllegalStateException(cause);
            },
            new NoAlarms());
    pipeline.start();
    try {
      List<Thread> threads =
          List.of(
              Thread.ofPlatform().start(() -> buy(pipeline.ring(), 100_000)),
              Thread.ofPlatform().start(() -> buy(pipeline.ring(), 200_000)),
              Thread.ofPlatform().start(() -> freezeAndLift(pipeline.ring())));
      for (Thread thread : threads) {
        thread.join();
      }
      assertTrue(journal.all.await(30, TimeUnit.SECONDS), "not all was journaled");
    } finally {
      pipeline.close();
    }

    String status = CardStatus.ACTIVE.name();
    int approved = 0;
    for (String record : journal.records) {
      if (record.equals("approved") || record.startsWith("declined")) {
        String expected =
            status.equals(CardStatus.ACTIVE.name()) ? "approved" : "declined " + DeclineReason.CARD_FROZEN.code;
        assertEquals(expected, record, "after " + status);
        approved += record.equals("approved") ? 1 : 0;
      } else {
        status = record;
      }
    }
    fixture.engine.checkInvariants();
    CardView anna = fixture.engine.card(new UnsafeBuffer(EngineFixture.token(ANNA)), 0);
    assertEquals(EngineFixture.CASH - approved, anna == null ? -1 : anna.cashAvailableMinor());
  }

  private static void buy(CommandRing ring, int firstKey) {
    for (int purchase = 0; purchase < PURCHASES_EACH; purchase++) {
      TestRequest request = new TestRequest();
      request.card = ANNA;
      request.key = (long) firstKey + purchase;
      request.stan = firstKey + purchase;
      request.messageClass = MessageClass.FINANCIAL;
      request.amount = 1;
      long claimed = claim(ring, Priority.AUTHORIZATION);
      Slot slot = ring.slot(claimed);
      slot.commandLength = request.encode(slot.command);
      ring.publish(claimed);
    }
  }

  private static void freezeAndLift(CommandRing ring) {
    int review = (int) (EngineFixture.START_MS / EngineFixture.DAY_MS) + 30;
    UnsafeBuffer token = new UnsafeBuffer(EngineFixture.token(ANNA));
    for (int change = 0; change < CHANGES; change++) {
      boolean freeze = change % 2 == 0;
      long claimed = claim(ring, Priority.ADMIN);
      Slot slot = ring.slot(claimed);
      slot.commandLength =
          Commands.cardStatusChange(
              slot.command, 0, token, 0, freeze ? CardStatus.FROZEN : CardStatus.ACTIVE, StatusReason.OTHER,
              "caseworker-7", freeze ? review : Commands.NO_REVIEW);
      ring.publish(claimed);
      // A breath, so that purchases come between.
      LockSupport.parkNanos(100_000);
    }
  }

  private static long claim(CommandRing ring, Priority priority) {
    long claimed = ring.tryClaim(priority);
    while (claimed < 0) {
      LockSupport.parkNanos(10_000);
      claimed = ring.tryClaim(priority);
    }
    return claimed;
  }
}
