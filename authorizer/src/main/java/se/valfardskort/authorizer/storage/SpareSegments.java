package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * Keeps one segment of real zeros ready ahead of the journal.
 *
 * <p>A daemon thread of its own begins when the journal has used a part of its present segment. It writes in small
 * chunks, each forced, with a pause between them while nobody waits: growing files sync many times slower than
 * overwritten ones, and a burst of dirty pages would stand in the way of the journal's own sync. A disk that is full is
 * noticed here, before the journal stops; making a spare may be tried again, unlike a write of the journal.
 */
final class SpareSegments implements Spares {
  private static final System.Logger LOG = System.getLogger(SpareSegments.class.getName());
  private static final long PAUSE_MS = 2;
  private static final long TRY_AGAIN_MS = 500;

  private final Disk disk;
  private final JournalSettings settings;
  private final ReentrantLock monitor = new ReentrantLock();
  private final Condition changed = monitor.newCondition();
  private final Thread thread = Thread.ofPlatform().name("journal-spare").daemon(true).unstarted(this::run);
  private @Nullable DiskFile ready;
  private @Nullable IOException problem;
  /** The journal will need a segment before long; the first one at once. */
  private boolean wanted = true;
  /** The journal waits for it right now. */
  private boolean awaited;
  private boolean stopping;

  SpareSegments(Disk disk, JournalSettings settings) {
    this.disk = disk;
    this.settings = settings;
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public @Nullable IOException problem() {
    monitor.lock();
    try {
      return problem;
    } finally {
      monitor.unlock();
    }
  }

  @Override
  public void prepare() {
    monitor.lock();
    try {
      wanted = true;
      changed.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  @Override
  public DiskFile take(ByteBuffer header, String name) throws IOException {
    return named(await(true), header, name);
  }

  @Override
  public DiskFile takeFirst(ByteBuffer header, String name) throws IOException {
    return named(await(false), header, name);
  }

  private DiskFile named(DiskFile file, ByteBuffer header, String name) throws IOException {
    SpareFile.name(disk, file, header, name);
    monitor.lock();
    try {
      ready = null;
      wanted = false;
    } finally {
      monitor.unlock();
    }
    return file;
  }

  private DiskFile await(boolean patiently) throws IOException {
    long leftNs = TimeUnit.MILLISECONDS.toNanos(settings.spareTimeoutMs());
    monitor.lock();
    try {
      wanted = true;
      awaited = true;
      changed.signalAll();
      while (ready == null) {
        IOException failed = problem;
        if (leftNs <= 0 || stopping || (failed != null && !patiently)) {
          throw new IOException(
              "no journal segment of " + settings.segmentBytes() + " bytes could be made ready in "
                  + disk.describe("")
                  + (failed == null ? " within " + settings.spareTimeoutMs() + " ms" : " (" + failed.getMessage() + ")")
                  + ": look for a full or slow disk, make room, start again",
              failed);
        }
        leftNs = changed.awaitNanos(leftNs);
      }
      awaited = false;
      return ready;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a journal segment", interrupted);
    } finally {
      monitor.unlock();
    }
  }

  private void run() {
    try {
      while (waitUntilWanted()) {
        try {
          DiskFile made = make();
          offer(made, null);
        } catch (IOException failure) {
          offer(null, failure);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false when it is time to end. */
  private boolean waitUntilWanted() throws InterruptedException {
    monitor.lock();
    try {
      if (problem != null && !stopping) {
        long leftNs = TimeUnit.MILLISECONDS.toNanos(TRY_AGAIN_MS);
        while (leftNs > 0 && !stopping) {
          leftNs = changed.awaitNanos(leftNs);
        }
      }
      while ((ready != null || !wanted) && !stopping) {
        changed.await();
      }
      return !stopping;
    } finally {
      monitor.unlock();
    }
  }

  private void offer(@Nullable DiskFile made, @Nullable IOException failure) {
    monitor.lock();
    try {
      boolean worthSaying = failure != null && problem == null && !awaited && !stopping;
      ready = made;
      problem = failure;
      changed.signalAll();
      if (worthSaying) {
        // Once for a row of failures: the present segment still has room, so that there is time to mend it.
        LOG.log(System.Logger.Level.WARNING,
            "the next journal segment cannot be made in {0}: {1}; make room there: when the present segment is full,"
                + " the authorizer stops", disk.describe(""), String.valueOf(failure));
      }
    } finally {
      monitor.unlock();
    }
  }

  private DiskFile make() throws IOException, InterruptedException {
    SpareFile spare = SpareFile.begin(disk, settings);
    try {
      while (!spare.isWhole() && pause()) {
        spare.writeChunk(!isAwaited());
      }
      if (!spare.isWhole()) {
        throw new IOException("stopped while preparing a segment");
      }
      return spare.file();
    } finally {
      if (!spare.isWhole()) {
        spare.abandon();
      }
    }
  }

  private boolean isAwaited() {
    monitor.lock();
    try {
      return awaited;
    } finally {
      monitor.unlock();
    }
  }

  /** Lets the journal's syncs through; returns false when it is time to end. */
  private boolean pause() throws InterruptedException {
    monitor.lock();
    try {
      long leftNs = awaited ? 0 : TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
      while (leftNs > 0 && !awaited && !stopping) {
        leftNs = changed.awaitNanos(leftNs);
      }
      return !stopping;
    } finally {
      monitor.unlock();
    }
  }

  /** Ends the thread and removes the spare. */
  @Override
  public void close() throws IOException {
    monitor.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      monitor.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending the spare segments' thread", interrupted);
    }
    DiskFile unused = ready;
    ready = null;
    if (unused != null) {
      unused.close();
      disk.delete(SpareFile.NAME);
    }
  }
}
