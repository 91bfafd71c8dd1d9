package se.valfardskort.authorizer.pipeline;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.EventProcessorFactory;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.Core;

/**
 * The way of every command: ring, core, journal, reply.
 *
 * <pre>
 *   event loops --.
 *   admin ---------+--> ring --> core --------> journal -------> reply --> event loops, admin callers
 *   tick ---------'              stamps,        appends,          answers,
 *                                decides,       one sync          one flush a target
 *                                applies        a batch           and batch
 *
 *   fused   one thread:     { core, journal } for each command, sync, { reply } for each command
 *   staged  three threads:  core -> journal -> reply, each a batch behind the other
 * </pre>
 *
 * <p>Nothing leaves before the sync that covers it. When an append or a sync fails, or the engine throws while
 * applying, the pipeline halts: nothing of that batch and nothing later is answered, {@link HaltListener} hears of it
 * once, and the ring takes no more (architecture.md section 4).
 *
 * <p>Built, started and closed by one thread, the application's; {@link #ring()} and {@link #counters()} are for all.
 * The journal and the core belong to the pipeline's threads from {@link #start} to {@link #close}; closing them is the
 * application's.
 */
public final class Pipeline implements AutoCloseable {
  private static final long LOOK_AGAIN_NS = 200_000;

  private final PipelineSettings settings;
  private final PipelineCounters counters = new PipelineCounters();
  private final List<Thread> threads = new ArrayList<>();
  private final Halt halt;
  private final Disruptor<Slot> disruptor;
  private final ParkingWaitStrategy.Wakener wakener;
  private final CommandRing ring;
  private final @Nullable TickSource ticks;
  private Sequence answered = new Sequence();
  private boolean started;
  private boolean closed;

  /**
   * Wires the stages; nothing runs yet.
   *
   * @param start where recovery ended
   */
  public Pipeline(
      PipelineSettings settings,
      Core core,
      Journal journal,
      Clock clock,
      Position start,
      HaltListener haltListener,
      AlarmListener alarms) {
    this.settings = settings;
    this.halt = new Halt(haltListener);
    ParkingWaitStrategy parking = new ParkingWaitStrategy();
    boolean spins = settings.waiting() == PipelineSettings.Waiting.BUSY_SPIN;
    WaitStrategy waiting = spins ? new BusySpinWaitStrategy() : parking;
    this.wakener = waiting::signalAllWhenBlocking;
    this.disruptor = new Disruptor<>(Slot::new, settings.ringSize(), this::thread, ProducerType.MULTI, waiting);
    parking.watch(disruptor.getRingBuffer());
    this.ring = new CommandRing(disruptor.getRingBuffer(), halt);

    int records = settings.batchRecords();
    wire(
        new CoreStage(core, clock, counters, alarms, start),
        new JournalStage(journal, clock, counters, records, settings.batchBytes()),
        new ReplyStage(counters, alarms, records));
    this.ticks = settings.tickPeriodMs() == 0
        ? null
        : new TickSource(ring, clock, settings.tickPeriodMs(), settings.tickMaximumExpiries());
  }

  private void wire(CoreStage core, JournalStage journal, ReplyStage reply) {
    switch (settings.wiring()) {
      case FUSED -> disruptor.handleEventsWith(on(new FusedStage(core, journal, reply, settings.batchRecords())));
      case STAGED -> disruptor.handleEventsWith(on(core)).then(on(journal)).then(on(reply));
    }
  }

  /** A thread for the stage; the stage wired last is the one whose progress says what has been answered. */
  private EventProcessorFactory<Slot> on(Stage stage) {
    return (RingBuffer<Slot> slots, Sequence[] before) -> {
      StageHandler handler = new StageHandler(stage, halt, wakener);
      BatchEventProcessor<Slot> processor = new BatchEventProcessorBuilder()
          .setMaxBatchSize(settings.batchRecords())
          .build(slots, slots.newBarrier(before), handler);
      processor.setExceptionHandler(handler);
      answered = processor.getSequence();
      return processor;
    };
  }

  private Thread thread(Runnable stage) {
    String[] names = settings.wiring() == PipelineSettings.Wiring.FUSED
        ? new String[] {"pipeline"}
        : new String[] {"core", "journal", "reply"};
    Thread thread = Thread.ofPlatform().name(names[threads.size() % names.length]).daemon(true).unstarted(stage);
    threads.add(thread);
    return thread;
  }

  /** Starts the stages and the tick. */
  public void start() {
    if (started) {
      throw new IllegalStateException("the pipeline was started before");
    }
    started = true;
    disruptor.start();
    if (ticks != null) {
      ticks.start();
    }
  }

  /** Where producers claim and publish. */
  public CommandRing ring() {
    return ring;
  }

  /** What has been done so far. */
  public PipelineCounters counters() {
    return counters;
  }

  /** Why the pipeline halted; null while it has not. */
  public @Nullable Throwable haltCause() {
    return halt.cause();
  }

  /**
   * Stops claiming, drains what was published, syncs, answers, and ends the threads. Producers should be quiet by then:
   * a claim that races with this call may stay unanswered, as if its frame had never been read.
   *
   * @throws IllegalStateException when the drain takes longer than the settings allow (a disk that hangs, a claim that
   *     was never published): what was not answered then is in the same state as after a crash. The journal may still
   *     be in use by a thread that hangs: do not close it, end the process
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    ring.close();
    if (!started) {
      return;
    }
    if (ticks != null) {
      ticks.stop();
    }
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.drainTimeoutMs());
    boolean drained = waitUntilDrained(deadlineNs);
    disruptor.halt();
    if (!drained || !joinAll(deadlineNs)) {
      throw new IllegalStateException(
          "the pipeline did not drain within " + settings.drainTimeoutMs() + " ms: " + remaining()
              + " commands are unanswered; look at the journal's disk (a sync that hangs), then restart");
    }
  }

  private long remaining() {
    return disruptor.getRingBuffer().getCursor() - answered.get();
  }

  private boolean waitUntilDrained(long deadlineNs) {
    while (remaining() > 0 && !halt.isHalted()) {
      if (System.nanoTime() - deadlineNs > 0) {
        return false;
      }
      LockSupport.parkNanos(this, LOOK_AGAIN_NS);
    }
    return true;
  }

  private boolean joinAll(long deadlineNs) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      long leftNs = deadlineNs - System.nanoTime();
      while (thread.isAlive() && leftNs > 0) {
        try {
          TimeUnit.NANOSECONDS.timedJoin(thread, leftNs);
        } catch (InterruptedException ignored) {
          interrupted = true;
        }
        leftNs = deadlineNs - System.nanoTime();
      }
      if (thread.isAlive()) {
        return false;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
