package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.pipeline.AlarmListener;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.CommandRing;
import se.valfardskort.authorizer.pipeline.CounterCore;
import se.valfardskort.authorizer.pipeline.Pipeline;
import se.valfardskort.authorizer.pipeline.PipelineSettings;
import se.valfardskort.authorizer.pipeline.Priority;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.ReplyTarget;
import se.valfardskort.authorizer.pipeline.Slot;

/** Ring to answer over real journal files, on a disk that can hang and fail. */
final class DurablePipelineTest {
  private static final long SEED = 20261122;

  private final Path folder;
  private final FaultyDisk disk;
  private final LinkedBlockingQueue<Throwable> halts = new LinkedBlockingQueue<>();
  private final CountingTarget target = new CountingTarget();
  private final CardRequestEncoder encoder = new CardRequestEncoder();
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();

  DurablePipelineTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.disk = new FaultyDisk(new FolderDisk(folder));
  }

  /** Counts answers without allocating, and those that came before their record was durable. */
  private static final class CountingTarget implements ReplyTarget {
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong tooEarly = new AtomicLong();
    private volatile @Nullable FileJournal journal;

    @Override
    public void reply(Slot slot) {
      FileJournal current = journal;
      if (current == null || slot.sequence > current.durableSequence()) {
        tooEarly.incrementAndGet();
      }
      answers.incrementAndGet();
    }

    @Override
    public void endOfBatch() {}
  }

  private Pipeline start(JournalRig rig, PipelineSettings settings) {
    return start(rig, settings, 0);
  }

  private Pipeline start(JournalRig rig, PipelineSettings settings, long timeMs) {
    AlarmListener alarms = new AlarmListener() {
      @Override
      public void poisoned(long sequence, Throwable cause) {}

      @Override
      public void replyFailed(Throwable cause) {
        halts.add(cause);
      }
    };
    Clock clock = new Clock() {
      @Override
      public long epochMs() {
        return timeMs;
      }

      @Override
      public long nanoTime() {
        return System.nanoTime();
      }
    };
    target.journal = rig.journal;
    Pipeline pipeline =
        new Pipeline(settings, rig.core, rig.journal, clock, rig.tail.end(), halts::add, alarms);
    pipeline.start();
    return pipeline;
  }

  private void send(Pipeline pipeline, long key, long amountMinor) {
    CommandRing ring = pipeline.ring();
    long claimed = ring.tryClaim(Priority.AUTHORIZATION);
    while (claimed == CommandRing.FULL) {
      LockSupport.parkNanos(20_000);
      claimed = ring.tryClaim(Priority.AUTHORIZATION);
    }
    if (claimed == CommandRing.CLOSED) {
      throw new IllegalStateException("halted: " + pipeline.haltCause());
    }
    Slot slot = ring.slot(claimed);
    CounterCore.fill(slot, encoder, header, key, amountMinor, MessageClass.AUTHORIZATION);
    slot.target = target;
    ring.publish(claimed);
  }

  private void awaitAnswers(long count) {
    while (target.answers.get() < count) {
      LockSupport.parkNanos(20_000);
    }
  }

  private static PipelineSettings settings(PipelineSettings.Wiring wiring) {
    return PipelineSettings.defaults().withWiring(wiring).withTick(0, 1).withRingSize(256);
  }

  @ParameterizedTest
  @EnumSource
  void shouldLetNoAnswerLeaveWhileTheDisksSyncHangs(PipelineSettings.Wiring wiring) throws Exception {
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      Pipeline pipeline = start(rig, settings(wiring));
      disk.hangSyncs();
      for (int i = 1; i <= 20; i++) {
        send(pipeline, i, i);
      }
      disk.awaitHangingSync();

      assertEquals(0, target.answers.get());

      disk.release();
      awaitAnswers(20);
      pipeline.close();
      assertEquals(0, target.tooEarly.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldAnswerNothingAfterAFailedSyncAndRecoverWhatIsThere(PipelineSettings.Wiring wiring) throws Exception {
    long answered;
    try (JournalRig rig = JournalRig.start(disk, JournalRig.SMALL)) {
      Pipeline pipeline = start(rig, settings(wiring));
      for (int i = 1; i <= 10; i++) {
        send(pipeline, i, i);
      }
      awaitAnswers(10);
      disk.failSyncs();
      send(pipeline, 11, 11);
      String why = String.valueOf(halts.take().getMessage());
      assertTrue(why.contains("cannot be written") && why.contains("last durable sequence 10"), why);
      pipeline.close();
      answered = target.answers.get();
      assertEquals(CommandRing.CLOSED, pipeline.ring().tryClaim(Priority.REVERSAL));
      assertTrue(halts.isEmpty());
    }
    disk.mend();

    assertEquals(10, answered);
    try (JournalRig again = JournalRig.start(disk, JournalRig.SMALL)) {
      assertTrue(again.tail.end().sequence() >= 10);
    }
  }

  @Test
  void shouldWriteTheSameJournalFusedAndStaged() throws Exception {
    List<byte[]> journals = new ArrayList<>();
    for (PipelineSettings.Wiring wiring : PipelineSettings.Wiring.values()) {
      Path own = folder.resolve(wiring.name());
      Random random = new Random(SEED);
      JournalSettings roomy = JournalRig.SMALL.withSegmentBytes(1 << 20);
      try (JournalRig rig = JournalRig.start(new FolderDisk(own), roomy)) {
        Pipeline pipeline = start(rig, settings(wiring), 77_000);
        for (int i = 0; i < 2_000; i++) {
          send(pipeline, 1 + random.nextInt(1_500), random.nextInt(40) - 1L);
        }
        pipeline.close();
      }
      journals.add(recordsWithoutMarks(own));
    }

    assertArrayEquals(journals.get(0), journals.get(1), "seed " + SEED);
  }

  /** All that replay reads; marks depend on where batches ended. */
  private static byte[] recordsWithoutMarks(Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JournalFolder locked = JournalFolder.lock(new FolderDisk(folder))) {
      JournalReader reader = new JournalReader(locked, JournalReader.Mode.INSPECT);
      Recovery.replay(reader, new CounterCore(), (records, read, total) -> {});
      new JournalReader(locked, JournalReader.Mode.INSPECT).readAll(record -> {
        byte[] body = new byte[record.commandLength + record.decisionLength];
        record.buffer.getBytes(record.commandOffset, body);
        String line = record.kind + " " + record.sequence + " " + record.timeMs + " " + Arrays.hashCode(body) + "\n";
        bytes.writeBytes(line.getBytes(StandardCharsets.US_ASCII));
      });
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveEveryAnsweredCommandInTheImageOfACrash(PipelineSettings.Wiring wiring) throws Exception {
    Path live = folder.resolve("live");
    long answered;
    try (JournalRig rig = JournalRig.start(new FolderDisk(live), JournalRig.SMALL.withSegmentBytes(1 << 20))) {
      Pipeline pipeline = start(rig, settings(wiring));
      for (int i = 1; i <= 1_000; i++) {
        send(pipeline, i, 1);
      }
      awaitAnswers(500);
      answered = target.answers.get();
      JournalRig.image(live, folder.resolve("crashed"));
      pipeline.close();
    }

    try (JournalRig again = JournalRig.start(new FolderDisk(folder.resolve("crashed")), JournalRig.SMALL)) {
      assertTrue(again.tail.end().sequence() >= answered, again.tail.end() + " after " + answered + " answers");
      assertEquals(again.tail.end().sequence(), again.core.total());
    }
    assertTrue(Files.exists(live));
  }

  @ParameterizedTest
  @EnumSource
  void shouldAllocateNothingPerCommand(PipelineSettings.Wiring wiring) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<Long> rounds = new ArrayList<>();
    JournalSettings roomy = JournalRig.SMALL.withSegmentBytes(32 << 20);
    try (JournalRig rig = JournalRig.start(disk.withoutForcing(), roomy)) {
      Pipeline pipeline = start(rig, settings(wiring));
      send(pipeline, 1, 1);
      awaitAnswers(1);
      long[] ids = pipelineThreads();
      for (int round = 0; round < 6; round++) {
        long before = allocated(threads, ids);
        long from = target.answers.get();
        for (int i = 0; i < 5_000; i++) {
          send(pipeline, 1 + from + i, 1);
        }
        awaitAnswers(from + 5_000);
        rounds.add(allocated(threads, ids) - before);
      }
      pipeline.close();
    }

    assertTrue(rounds.contains(0L), "bytes allocated by the stages in rounds of 5,000 commands: " + rounds);
  }

  private static long[] pipelineThreads() {
    List<String> names = List.of("pipeline", "core", "journal", "reply");
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> names.contains(thread.getName()))
        .mapToLong(Thread::threadId)
        .toArray();
  }

  private static long allocated(ThreadMXBean threads, long[] ids) {
    long sum = 0;
    for (long id : ids) {
      sum += threads.getThreadAllocatedBytes(id);
    }
    return sum;
  }
}
