package se.valfardskort.authorizer.pipeline;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.Core;

/**
 * The real stages, handlers, ring and halt of {@link Pipeline}, without its threads: whoever owns this takes the steps
 * that the library's processors would take, in any order that they could. One thread.
 */
public final class SteppedPipeline {
  private final RingBuffer<Slot> slots;
  private final CommandRing ring;
  private final Halt halt;
  private final PipelineCounters counters = new PipelineCounters();
  private final List<Processor> processors = new ArrayList<>();

  /** Wires the stages as {@link Pipeline} does. */
  public SteppedPipeline(
      PipelineSettings settings,
      Core core,
      Journal journal,
      Clock clock,
      Position start,
      HaltListener haltListener,
      AlarmListener alarms) {
    halt = new Halt(haltListener);
    slots = RingBuffer.create(ProducerType.MULTI, Slot::new, settings.ringSize(), new BlockingWaitStrategy());
    ring = new CommandRing(slots, halt);
    int records = settings.batchRecords();
    CoreStage first = new CoreStage(core, clock, counters, alarms, start);
    JournalStage second = new JournalStage(journal, clock, counters, records, settings.batchBytes());
    ReplyStage third = new ReplyStage(counters, alarms, records);
    switch (settings.wiring()) {
      case FUSED -> processors.add(new Processor(new FusedStage(first, second, third, records), records));
      case STAGED -> {
        processors.add(new Processor(first, records));
        processors.add(new Processor(second, records));
        processors.add(new Processor(third, records));
      }
    }
    slots.addGatingSequences(processors.getLast().sequence);
  }

  /** One stage as the library runs it: in batches, up to where the one before has come. */
  private final class Processor {
    final StageHandler handler;
    final Sequence sequence = new Sequence();
    final int batch;
    boolean busy;

    Processor(Stage stage, int batch) {
      this.batch = batch;
      handler = new StageHandler(stage, halt, () -> { });
      handler.setSequenceCallback(sequence);
    }

    void run(long last) {
      long next = sequence.get() + 1;
      long end = Math.min(last, next + batch - 1);
      busy = true;
      try {
        for (long at = next; at <= end; at++) {
          handler.onEvent(slots.get(at), at, at == end);
        }
        sequence.set(end);
      } finally {
        busy = false;
      }
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

  /** Why it halted; null while it has not. */
  public @Nullable Throwable haltCause() {
    return halt.cause();
  }

  /** One (fused) or three. */
  public int stages() {
    return processors.size();
  }

  /** Whether the stage waits, and something for it. */
  public boolean hasWork(int stage) {
    Processor processor = processors.get(stage);
    return !processor.busy && reached(stage) > processor.sequence.get();
  }

  /** Lets one stage take a batch of at most {@code atMost}. */
  public void step(int stage, int atMost) {
    Processor processor = processors.get(stage);
    processor.run(Math.min(reached(stage), processor.sequence.get() + atMost));
  }

  /** Whether everything that was published has passed every stage. */
  public boolean isDrained() {
    return processors.getLast().sequence.get() >= slots.getCursor();
  }

  /** Takes no more commands. */
  public void close() {
    ring.close();
  }

  private long reached(int stage) {
    if (stage > 0) {
      return processors.get(stage - 1).sequence.get();
    }
    long published = processors.getFirst().sequence.get();
    while (published < slots.getCursor() && slots.isAvailable(published + 1)) {
      published++;
    }
    return published;
  }
}
