package se.valfardskort.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.pipeline.AlarmListener;
import se.valfardskort.authorizer.pipeline.CommandRing;
import se.valfardskort.authorizer.pipeline.Pipeline;
import se.valfardskort.authorizer.pipeline.PipelineCounters;
import se.valfardskort.authorizer.pipeline.PipelineSettings;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Priority;
import se.valfardskort.authorizer.pipeline.ReplyTarget;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.JournalSettings;

/**
 * Ring to durable answer at a fixed rate, with the cheapest engine: what the pipeline itself costs.
 *
 * <p>Run: {@code PipelineBenchmark <folder> <rate a second> <seconds> [FUSED|STAGED] [PARKING|BUSY_SPIN]}. Open loop:
 * a latency counts from the moment at which the request was due, so a stall is charged to all that it delays. A rate
 * of 0 sends nothing and shows what idling costs. No network, no codec, no request memory.
 */
public final class PipelineBenchmark {
  private static final int WARM_UP_SHARE = 5;
  private static final long DUE_SOON_NS = 50_000;

  private PipelineBenchmark() {}

  /** Prints one line. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3) {
      throw new IllegalArgumentException(
          "usage: PipelineBenchmark <folder> <rate a second> <seconds> [FUSED|STAGED] [PARKING|BUSY_SPIN]");
    }
    int rate = Integer.parseInt(arguments[1]);
    int seconds = Integer.parseInt(arguments[2]);
    PipelineSettings settings = PipelineSettings.defaults();
    if (arguments.length > 3) {
      settings = settings.withWiring(PipelineSettings.Wiring.valueOf(arguments[3]));
    }
    if (arguments.length > 4) {
      settings = settings.withWaiting(PipelineSettings.Waiting.valueOf(arguments[4]));
    }
    Path path = Files.createTempDirectory(Path.of(arguments[0]), "pipeline-benchmark-");
    try (JournalFolder folder = JournalFolder.lock(new FolderDisk(path));
        FileJournal journal = FileJournal.open(folder, JournalSettings.defaults(), JournalReader.Tail.EMPTY)) {
      run(settings, journal, rate, seconds);
    } finally {
      JournalBenchmark.delete(path);
    }
  }

  private static void run(PipelineSettings settings, FileJournal journal, int rate, int seconds) {
    AlarmListener alarms = new AlarmListener() {
      @Override
      public void poisoned(long sequence, Throwable cause) {
        throw new IllegalStateException("poisoned", cause);
      }

      @Override
      public void replyFailed(Throwable cause) {
        throw new IllegalStateException("reply failed", cause);
      }
    };
    Pipeline pipeline = new Pipeline(
        settings, new AddingCore(), journal, new SystemClock(), Position.START, Throwable::printStackTrace, alarms);
    OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Target target = new Target(new Latencies(Math.max(1, rate * seconds)), rate * (long) seconds / WARM_UP_SHARE);
    pipeline.start();
    long cpuNs = machine.getProcessCpuTime();
    long startNs = System.nanoTime();
    long sent = rate == 0 ? idle(seconds) : send(pipeline, target, rate, seconds);
    while (target.answered.get() < sent && pipeline.haltCause() == null) {
      LockSupport.parkNanos(DUE_SOON_NS);
    }
    long wallNs = System.nanoTime() - startNs;
    cpuNs = machine.getProcessCpuTime() - cpuNs;
    pipeline.close();
    PipelineCounters counters = pipeline.counters();
    System.out.println(settings.wiring() + " " + settings.waiting() + " " + rate + "/s asked, "
        + Math.round(sent * 1e9 / wallNs) + "/s answered durably; " + target.latencies.describe() + " (of "
        + target.latencies.size() + "); shed " + pipeline.ring().shed() + "; syncs " + counters.syncs()
        + ", mean " + counters.syncNs() / Math.max(1, counters.syncs()) / 1000 + " us; CPU "
        + Math.round(cpuNs * 1000.0 / wallNs) / 10.0 + " % of one core");
  }

  private static long idle(int seconds) {
    long endNs = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() - endNs < 0) {
      LockSupport.parkNanos(endNs - System.nanoTime());
    }
    return 0;
  }

  private static long send(Pipeline pipeline, Target target, int rate, int seconds) {
    CommandRing ring = pipeline.ring();
    CardRequestEncoder encoder = new CardRequestEncoder();
    MessageHeaderEncoder header = new MessageHeaderEncoder();
    long total = rate * (long) seconds;
    long startNs = System.nanoTime();
    for (long i = 0; i < total; i++) {
      long dueNs = startNs + Math.round(i * 1e9 / rate);
      while (System.nanoTime() - dueNs < 0) {
        LockSupport.parkNanos(Math.min(DUE_SOON_NS, dueNs - System.nanoTime()));
      }
      long claimed = ring.tryClaim(Priority.AUTHORIZATION);
      while (claimed == CommandRing.FULL) {
        LockSupport.parkNanos(DUE_SOON_NS);
        claimed = ring.tryClaim(Priority.AUTHORIZATION);
      }
      if (claimed == CommandRing.CLOSED) {
        return i;
      }
      Slot slot = ring.slot(claimed);
      encoder.wrapAndApplyHeader(slot.command, 0, header);
      encoder.requestKeyLow(i + 1).amountMinor(100).messageClass(MessageClass.AUTHORIZATION);
      slot.commandLength = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
      slot.arrivalNs = dueNs;
      slot.target = target;
      ring.publish(claimed);
    }
    return total;
  }

  /** Notes how long each answer took since it was due; the first fifth is warm-up. */
  private static final class Target implements ReplyTarget {
    private final Latencies latencies;
    private final long warmUp;
    private final AtomicLong answered = new AtomicLong();

    Target(Latencies latencies, long warmUp) {
      this.latencies = latencies;
      this.warmUp = warmUp;
    }

    @Override
    public void reply(Slot slot) {
      long count = answered.getPlain() + 1;
      if (count > warmUp) {
        latencies.add(System.nanoTime() - slot.arrivalNs);
      }
      answered.setRelease(count);
    }

    @Override
    public void endOfBatch() {
      // The count is the flush.
    }
  }
}
