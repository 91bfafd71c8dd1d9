package se.valfardskort.authorizer.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** The pipeline with the small engine and a journal in memory; every rule in both wirings. */
final class PipelineTest {
  private final CounterCore core = new CounterCore();
  private final RecordingJournal journal = new RecordingJournal();
  private final ManualClock clock = new ManualClock();
  private final Answers answers = new Answers();
  private final LinkedBlockingQueue<Throwable> halts = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> alarms = new LinkedBlockingQueue<>();
  private @Nullable Pipeline pipeline;

  private Pipeline start(PipelineSettings settings) {
    AlarmListener listener = new AlarmListener() {
      @Override
      public void poisoned(long sequence, Throwable cause) {
        alarms.add("poisoned " + sequence);
      }

      @Override
      public void replyFailed(Throwable cause) {
        alarms.add("reply failed");
      }
    };
    Pipeline made = new Pipeline(settings, core, journal, clock, new Position(40, 500), halts::add, listener);
    made.start();
    pipeline = made;
    return made;
  }

  private static PipelineSettings settings(PipelineSettings.Wiring wiring) {
    return PipelineSettings.defaults().withWiring(wiring).withTick(0, 1).withRingSize(64);
  }

  @AfterEach
  void stop() {
    journal.release();
    Pipeline made = pipeline;
    if (made != null) {
      made.close();
    }
  }

  private void send(long key, long amountMinor) {
    send(key, amountMinor, MessageClass.AUTHORIZATION, 0);
  }

  private void send(long key, long amountMinor, MessageClass messageClass, long deadlineNs) {
    CommandRing ring = ring();
    long claimed = ring.tryClaim(messageClass == MessageClass.REVERSAL ? Priority.REVERSAL : Priority.AUTHORIZATION);
    assertTrue(claimed >= 0, "no room: " + claimed);
    Slot slot = ring.slot(claimed);
    CounterCore.fill(slot, key, amountMinor, messageClass);
    slot.arrivalNs = clock.nanoTime();
    slot.deadlineNs = deadlineNs;
    slot.target = answers;
    ring.publish(claimed);
  }

  private CommandRing ring() {
    Pipeline made = pipeline;
    if (made == null) {
      throw new IllegalStateException("not started");
    }
    return made.ring();
  }

  @ParameterizedTest
  @EnumSource
  void shouldDecideJournalAndAnswerInOrder(PipelineSettings.Wiring wiring) throws Exception {
    start(settings(wiring));

    send(1, 100);
    send(2, 20);
    send(3, 3);

    List<Answers.Answer> given = answers.await(3);
    assertEquals(List.of(41L, 42L, 43L), given.stream().map(Answers.Answer::sequence).toList());
    assertEquals(List.of(100L, 120L, 123L), given.stream().map(Answers.Answer::total).toList());
    assertEquals(
        List.of(41L, 42L, 43L), journal.appended().stream().map(RecordingJournal.Appended::sequence).toList());
  }

  @ParameterizedTest
  @EnumSource
  void shouldAnswerNothingWhileTheSyncHangs(PipelineSettings.Wiring wiring) throws Exception {
    start(settings(wiring));
    journal.hold();
    send(1, 100);
    send(1, 100);
    send(2, 7);

    journal.awaitSync();
    assertEquals(0, answers.size());

    journal.release();
    List<Answers.Answer> given = answers.await(3);
    assertEquals(Slot.Outcome.REMEMBERED, given.get(1).outcome());
    assertEquals(given.get(0).total(), given.get(1).total());
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotAnswerARepeatBeforeItsOriginalIsDurable(PipelineSettings.Wiring wiring) throws Exception {
    start(settings(wiring));
    journal.hold();
    send(1, 100);
    journal.awaitSync();

    send(1, 100);
    ring().publish(claimEmpty());

    assertEquals(0, answers.size());
    journal.release();
    assertEquals(2, answers.await(2).size());
  }

  private long claimEmpty() {
    long claimed = ring().tryClaim(Priority.ADMIN);
    ring().slot(claimed).wipe();
    return claimed;
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaltOnceAndAnswerNothingAfterAFailedSync(PipelineSettings.Wiring wiring) throws Exception {
    Pipeline made = start(settings(wiring));
    journal.hold();
    send(1, 100);
    journal.awaitSync();
    send(2, 100);
    send(3, 100);
    journal.failWith(new IOException("Input/output error"));
    journal.release();

    assertEquals("Input/output error", halts.take().getMessage());

    assertEquals(CommandRing.CLOSED, ring().tryClaim(Priority.AUTHORIZATION));
    assertEquals(CommandRing.CLOSED, ring().tryClaim(Priority.REVERSAL));
    made.close();
    assertEquals(0, answers.size());
    assertEquals(0, answers.batches());
    assertTrue(halts.isEmpty());
    assertEquals("Input/output error", String.valueOf(made.haltCause()).replaceAll(".*: ", ""));
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaltWhenApplyingThrows(PipelineSettings.Wiring wiring) throws Exception {
    Pipeline made = start(settings(wiring));

    send(1, CounterCore.THROW_WHILE_APPLYING);

    assertTrue(String.valueOf(halts.take().getMessage()).contains("sequence 41"));
    made.close();
    assertEquals(0, answers.size());
    assertEquals(List.of(), journal.appended());
  }

  @ParameterizedTest
  @EnumSource
  void shouldJournalAPoisonedCommandAnswerItAndGoOn(PipelineSettings.Wiring wiring) throws Exception {
    start(settings(wiring));

    send(1, 100);
    send(2, CounterCore.THROW_WHILE_DECIDING);
    send(3, 10);

    List<Answers.Answer> given = answers.await(3);
    assertEquals(DeclineReason.SYSTEM_MALFUNCTION.code, given.get(1).reason());
    assertEquals(110, given.get(2).total());
    assertEquals("poisoned 42", alarms.take());
    assertEquals(
        List.of(Journal.Kind.DECIDED, Journal.Kind.POISON, Journal.Kind.DECIDED),
        journal.appended().stream().map(RecordingJournal.Appended::kind).toList());
  }

  @ParameterizedTest
  @EnumSource
  void shouldKeepSilentAboutAPoisonedReversal(PipelineSettings.Wiring wiring) throws Exception {
    Pipeline made = start(settings(wiring));

    send(1, CounterCore.THROW_WHILE_DECIDING, MessageClass.REVERSAL, 0);

    assertTrue(answers.await(1).get(0).silent());
    assertEquals(1, journal.appended().size());
    assertEquals(0, made.counters().replies());
  }

  @ParameterizedTest
  @EnumSource
  void shouldKeepALackOfRoomOutOfTheJournal(PipelineSettings.Wiring wiring) throws Exception {
    start(settings(wiring));

    send(1, CounterCore.NO_ROOM_FOR, MessageClass.AUTHORIZATION, 0);
    send(2, CounterCore.NO_ROOM_FOR, MessageClass.REVERSAL, 0);
    send(3, 100, MessageClass.AUTHORIZATION, 0);

    List<Answers.Answer> given = answers.await(3);
    assertEquals(Slot.Outcome.REFUSED, given.get(0).outcome());
    assertEquals(DeclineReason.CAPACITY.code, given.get(0).reason());
    assertEquals(0, given.get(0).sequence());
    assertTrue(given.get(1).silent(), "a reversal that cannot be booked is repeated by its sender");
    assertEquals(Slot.Outcome.DECIDED, given.get(2).outcome());
    assertEquals(1, journal.appended().size());
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseAfterTheDeadlineButNeverARepeatOrAReversal(PipelineSettings.Wiring wiring) throws Exception {
    start(settings(wiring));
    send(1, 100, MessageClass.AUTHORIZATION, 1_000);
    answers.await(1);
    journal.hold();
    send(2, 100, MessageClass.AUTHORIZATION, 0);
    journal.awaitSync();
    journal.release();
    answers.await(2);

    sendLate(3, MessageClass.AUTHORIZATION);
    sendLate(1, MessageClass.AUTHORIZATION);
    sendLate(4, MessageClass.REVERSAL);

    List<Answers.Answer> given = answers.await(5);
    assertEquals(Slot.Outcome.REFUSED, given.get(2).outcome());
    assertEquals(DeclineReason.DEADLINE_PASSED.code, given.get(2).reason());
    assertEquals(0, given.get(2).sequence());
    assertEquals(Slot.Outcome.REMEMBERED, given.get(3).outcome());
    assertEquals(Slot.Outcome.DECIDED, given.get(4).outcome());
    assertEquals(3, journal.appended().size());
  }

  @ParameterizedTest
  @EnumSource
  void shouldTakeAReconciliationAdviceLikeOtherAdvices(PipelineSettings.Wiring wiring) throws Exception {
    start(settings(wiring));

    sendSettlement(false, 0, 1_000_000_000);
    sendSettlement(true, 0, 1_000_000_000);
    sendSettlement(false, CounterCore.THROW_WHILE_DECIDING, 0);
    sendSettlement(true, CounterCore.THROW_WHILE_DECIDING, 0);

    List<Answers.Answer> given = answers.await(4);
    assertEquals(DeclineReason.DEADLINE_PASSED.code, given.get(0).reason());
    assertEquals(Slot.Outcome.DECIDED, given.get(1).outcome());
    assertEquals(DeclineReason.SYSTEM_MALFUNCTION.code, given.get(2).reason());
    assertFalse(given.get(2).silent());
    assertTrue(given.get(3).silent());
  }

  /** It came two seconds ago. */
  private void sendSettlement(boolean advice, long net, long deadlineNs) {
    long claimed = ring().tryClaim(Priority.AUTHORIZATION);
    Slot slot = ring().slot(claimed);
    CounterCore.fillSettlement(slot, advice, net);
    slot.arrivalNs = clock.nanoTime() - 2_000_000_000;
    slot.deadlineNs = deadlineNs;
    slot.target = answers;
    ring().publish(claimed);
  }

  /** A command that came two seconds ago with a deadline of one. */
  private void sendLate(long key, MessageClass messageClass) {
    long claimed = ring().tryClaim(Priority.AUTHORIZATION);
    Slot slot = ring().slot(claimed);
    CounterCore.fill(slot, key, 100, messageClass);
    slot.arrivalNs = clock.nanoTime() - 2_000_000_000;
    slot.deadlineNs = 1_000_000_000;
    slot.target = answers;
    ring().publish(claimed);
  }

  @ParameterizedTest
  @EnumSource
  void shouldNeverLetTimeGoBack(PipelineSettings.Wiring wiring) throws Exception {
    start(settings(wiring));
    clock.setEpochMs(100);
    send(1, 1);
    answers.await(1);
    clock.setEpochMs(900);
    send(2, 1);
    answers.await(2);
    clock.setEpochMs(600);
    send(3, 1);
    answers.await(3);

    assertEquals(
        List.of(500L, 900L, 900L), journal.appended().stream().map(RecordingJournal.Appended::timeMs).toList());
  }

  @ParameterizedTest
  @EnumSource
  void shouldKeepRoomForReversalsWhenRequestsAreShed(PipelineSettings.Wiring wiring) throws Exception {
    Pipeline made = start(settings(wiring));
    journal.hold();
    long key = 0;
    long claimed = ring().tryClaim(Priority.AUTHORIZATION);
    while (claimed >= 0) {
      key++;
      CounterCore.fill(ring().slot(claimed), key, 1, MessageClass.AUTHORIZATION);
      ring().slot(claimed).target = answers;
      ring().publish(claimed);
      claimed = ring().tryClaim(Priority.AUTHORIZATION);
    }

    assertEquals(CommandRing.FULL, claimed);
    assertEquals(56, key);
    assertEquals(CommandRing.FULL, ring().tryClaim(Priority.ADMIN));
    for (int i = 0; i < 4; i++) {
      send(1_000 + i, 1, MessageClass.REVERSAL, 0);
      long advice = ring().tryClaim(Priority.ADVICE);
      assertTrue(advice >= 0);
      ring().abandon(advice);
    }
    assertEquals(CommandRing.FULL, ring().tryClaim(Priority.REVERSAL));
    assertEquals(3, made.ring().shed());
    journal.release();
    assertEquals(60, answers.await(60).size());
  }

  @ParameterizedTest
  @EnumSource
  void shouldDrainAtCloseAndTakeNothingAfterwards(PipelineSettings.Wiring wiring) throws Exception {
    Pipeline made = start(settings(wiring));
    journal.hold();
    for (int i = 1; i <= 50; i++) {
      send(i, 1);
    }
    journal.awaitSync();
    LinkedBlockingQueue<String> closed = new LinkedBlockingQueue<>();
    Thread.ofPlatform().start(() -> {
      try {
        made.close();
        closed.add("drained");
      } catch (IllegalStateException hanging) {
        closed.add(String.valueOf(hanging.getMessage()));
      }
    });
    long claimed = ring().tryClaim(Priority.ADMIN);
    while (claimed != CommandRing.CLOSED) {
      if (claimed >= 0) {
        ring().abandon(claimed);
      }
      claimed = ring().tryClaim(Priority.ADMIN);
    }

    journal.release();

    assertEquals("drained", closed.take());
    assertEquals(50, answers.size());
    assertNull(made.haltCause());
    assertEquals(CommandRing.CLOSED, ring().tryClaim(Priority.AUTHORIZATION));
  }

  @Test
  void shouldSayThatADrainHangs() throws Exception {
    Pipeline made = start(settings(PipelineSettings.Wiring.FUSED).withDrainTimeoutMs(20));
    journal.hold();
    send(1, 1);
    journal.awaitSync();

    IllegalStateException hanging = assertThrows(IllegalStateException.class, made::close);

    assertTrue(String.valueOf(hanging.getMessage()).contains("1 commands are unanswered"), hanging.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void shouldBoundABatchByRecordsAndByBytes(PipelineSettings.Wiring wiring) throws Exception {
    Pipeline made = start(settings(wiring).withBatch(10, 1_000_000));
    journal.hold();
    for (int i = 1; i <= 50; i++) {
      send(i, 1);
    }
    journal.release();
    answers.await(50);
    made.close();
    assertTrue(journal.syncs().stream().allMatch(records -> records <= 10), journal.syncs().toString());
    assertEquals(50, journal.syncs().stream().mapToInt(Integer::intValue).sum());
  }

  @ParameterizedTest
  @EnumSource
  void shouldBoundABatchByBytes(PipelineSettings.Wiring wiring) throws Exception {
    Pipeline made = start(settings(wiring).withBatch(64, 600));
    journal.hold();
    for (int i = 1; i <= 50; i++) {
      send(i, 1);
    }
    journal.release();
    answers.await(50);
    made.close();
    // 288 bytes of command and decision each: the third crosses the bound.
    assertTrue(journal.syncs().stream().allMatch(records -> records <= 3), journal.syncs().toString());
  }

  @ParameterizedTest
  @EnumSource
  void shouldEndEachTargetsBatchOnce(PipelineSettings.Wiring wiring) throws Exception {
    Pipeline made = start(settings(wiring));
    journal.hold();
    send(1, 1);
    journal.awaitSync();
    List<Answers> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Answers other = new Answers();
      others.add(other);
      for (int j = 0; j < 8; j++) {
        long claimed = ring().tryClaim(Priority.AUTHORIZATION);
        CounterCore.fill(ring().slot(claimed), 100 + 10 * i + j, 1, MessageClass.AUTHORIZATION);
        ring().slot(claimed).target = other;
        ring().publish(claimed);
      }
    }
    journal.release();

    for (Answers other : others) {
      other.await(8);
      other.awaitBatches(1);
    }
    made.close();
    for (Answers other : others) {
      assertTrue(other.batches() <= made.counters().syncs(), other.batches() + " of " + made.counters().syncs());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldGoOnWhenATargetThrows(PipelineSettings.Wiring wiring) throws Exception {
    Pipeline made = start(settings(wiring));
    Answers broken = new Answers();
    broken.startThrowing();
    long claimed = ring().tryClaim(Priority.AUTHORIZATION);
    CounterCore.fill(ring().slot(claimed), 1, 1, MessageClass.AUTHORIZATION);
    ring().slot(claimed).target = broken;
    ring().publish(claimed);

    send(2, 1);

    assertEquals(2, answers.await(1).get(0).total());
    assertEquals("reply failed", alarms.take());
    assertNull(made.haltCause());
  }

  @Test
  void shouldJournalATickEachPeriod() throws Exception {
    start(settings(PipelineSettings.Wiring.FUSED).withTick(1, 1));

    while (journal.appended().size() < 3) {
      LockSupport.parkNanos(20_000);
    }

    assertFalse(journal.appended().isEmpty());
    assertEquals(41, journal.appended().get(0).sequence());
  }

  @Test
  void shouldWipeAnAnsweredSlot() throws Exception {
    Pipeline made = start(settings(PipelineSettings.Wiring.FUSED));
    long claimed = ring().tryClaim(Priority.AUTHORIZATION);
    Slot slot = ring().slot(claimed);
    CounterCore.fill(slot, 1, 1, MessageClass.AUTHORIZATION);
    slot.echo.putStringWithoutLengthAscii(0, "9752000000000000");
    slot.echoLength = 16;
    slot.target = answers;
    ring().publish(claimed);

    answers.await(1);
    made.close();

    for (int i = 0; i < 16; i++) {
      assertEquals(0, slot.echo.getByte(i));
    }
    assertNull(slot.target);
  }
}
