package se.valfardskort.authorizer.storage;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Disk;

/**
 * Takes closed segments away, off the path: a daemon thread that renews anchor and witness, copies into the archive's
 * folder, and hands over to a command, one segment after the other.
 *
 * <p>What fails is tried again, each time later, up to five minutes; it is said once, then when the failures in a row
 * have doubled, and when it is over. The journal itself goes on: what was not taken stays in its folder.
 *
 * <p>A stop that left the journal whole waits a little for the newest segment, too; what is not taken by then the next
 * start takes, and the log says so.
 */
public final class Archivist implements AutoCloseable {
  /** Stands for the segment's file in a command. */
  public static final String SEGMENT = "{segment}";

  private static final long FIRST_PAUSE_MS = 1000;
  private static final long LONGEST_PAUSE_MS = 300_000;
  /** How long a stop waits for what was told to end at once: a disk or a process that hangs may never. */
  private static final long PATIENCE_S = 2;

  private final JournalFolder folder;
  private final SegmentArchive archive;
  private final List<String> command;
  private final long limitMs;
  private final Consumer<String> log;
  private final ReentrantLock monitor = new ReentrantLock();
  private final Condition changed = monitor.newCondition();
  private final Thread thread = Thread.ofPlatform().name("journal-archive").daemon(true).unstarted(this::run);
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private boolean wanted = true;
  private boolean stopping;
  private boolean newestToo;

  /**
   * Takes what it needs.
   *
   * @param folder locked by this process
   * @param command program and arguments; empty: none
   * @param limitMs how long the command may take
   * @param log gets a line a thing that a person should know
   */
  public Archivist(
      JournalFolder folder, SegmentArchive archive, List<String> command, long limitMs, Consumer<String> log) {
    this.folder = folder;
    this.archive = archive;
    this.command = List.copyOf(command);
    this.limitMs = limitMs;
    this.log = log;
  }

  /** Begins with what earlier runs have left. */
  public void start() {
    folder.onSegmentClosed(this::wake);
    thread.start();
  }

  /** Failures ever. Any thread. */
  public long failures() {
    return failures.get();
  }

  /** Segments that this run has copied or handed over. Any thread. */
  public long taken() {
    return taken.get();
  }

  /** Called by the journal's thread; waits for nobody. */
  private void wake() {
    monitor.lock();
    try {
      wanted = true;
      changed.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  private void run() {
    long pauseMs = 0;
    long inARow = 0;
    try {
      while (await(pauseMs)) {
        IOException failure = takeAll(false);
        if (failure != null && isStopping()) {
          // What was under way was cut short by the stop; it is taken up once more, or by the next start.
          break;
        }
        if (failure == null) {
          if (inARow > 0) {
            log.accept("closed segments are archived again, after " + inARow + " failures");
          }
          pauseMs = 0;
          inARow = 0;
        } else {
          inARow++;
          failures.incrementAndGet();
          pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs == 0 ? FIRST_PAUSE_MS : 2 * pauseMs);
          if (Long.bitCount(inARow) == 1) {
            log.accept("alarm: closed segments of the journal are not archived (" + inARow + " failures in a row): "
                + failure.getMessage() + "; they stay in their folder and are tried again");
          }
        }
      }
      takeTheRest();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** The journal is closed: its newest segment will not change any more either. */
  private void takeTheRest() throws InterruptedException {
    if (!isNewestWanted() || !isTakingAnything()) {
      return;
    }
    IOException failure = takeAll(true);
    if (failure != null && !Thread.interrupted()) {
      failures.incrementAndGet();
      log.accept("the journal's last segments are not archived (" + failure.getMessage() + "); the next start does it");
    }
  }

  private boolean isTakingAnything() {
    return archive.hasFolder() || !command.isEmpty();
  }

  private boolean isNewestWanted() {
    monitor.lock();
    try {
      return newestToo;
    } finally {
      monitor.unlock();
    }
  }

  private void forgetTheRest() {
    monitor.lock();
    try {
      newestToo = false;
    } finally {
      monitor.unlock();
    }
  }

  private boolean isStopping() {
    monitor.lock();
    try {
      return stopping;
    } finally {
      monitor.unlock();
    }
  }

  /** Returns false when it is time to end. */
  private boolean await(long pauseMs) throws InterruptedException {
    monitor.lock();
    try {
      long leftNs = TimeUnit.MILLISECONDS.toNanos(pauseMs);
      while (leftNs > 0 && !stopping) {
        leftNs = changed.awaitNanos(leftNs);
      }
      while (pauseMs == 0 && !wanted && !stopping) {
        changed.await();
      }
      wanted = false;
      return !stopping;
    } finally {
      monitor.unlock();
    }
  }

  /** One round; returns what failed. Called by the thread. */
  @Nullable IOException takeAll(boolean newest) throws InterruptedException {
    try {
      folder.anchorClosed();
      Disk disk = folder.disk();
      for (String segment : newest ? SegmentArchive.all(disk) : SegmentArchive.closed(disk)) {
        boolean copied = archive.hasFolder() && !archive.hasCopy(segment);
        if (copied) {
          archive.copy(segment);
        }
        boolean handedOver = !command.isEmpty() && !archive.wasHandedOver(segment);
        if (handedOver) {
          handOver(segment);
          archive.noteHandedOver(segment);
        }
        if (copied || handedOver) {
          taken.incrementAndGet();
        }
      }
      return null;
    } catch (IOException failed) {
      return failed;
    }
  }

  private void handOver(String segment) throws IOException, InterruptedException {
    String file = folder.disk().describe(segment);
    List<String> words = command.stream().map(word -> word.replace(SEGMENT, file)).toList();
    Process process = new ProcessBuilder(words)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try {
      if (!process.waitFor(limitMs, TimeUnit.MILLISECONDS)) {
        throw new IOException("the copy command " + words.getFirst() + " has not ended after " + limitMs / 1000
            + " s with " + file + " and was killed; raise copy-seconds, or look why it hangs");
      }
      if (process.exitValue() != 0) {
        throw new IOException("the copy command " + words.getFirst() + " ended with " + process.exitValue() + " on "
            + file + "; what it said stands above");
      }
    } finally {
      if (!process.destroyForcibly().waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
        log.accept("the copy command " + words.getFirst() + ", process " + process.pid()
            + ", was killed and has not ended; it is left behind");
      }
    }
  }

  /** Ends the thread, and a command that is under way; waits for both, but not for ever. */
  @Override
  public void close() throws IOException {
    close(false, 0);
  }

  /**
   * Ends the thread, and a command that is under way; waits for both, but not for ever.
   *
   * @param whole the journal is closed and on stable storage, so that its newest segment can be taken as well
   * @param withinMs how long what is left may take then
   */
  public void close(boolean whole, long withinMs) throws IOException {
    folder.onSegmentClosed(() -> { });
    monitor.lock();
    try {
      stopping = true;
      newestToo = whole;
      changed.signalAll();
    } finally {
      monitor.unlock();
    }
    try {
      if (whole && withinMs > 0 && !thread.join(Duration.ofMillis(withinMs)) && isTakingAnything()) {
        log.accept("the journal's last segments were not archived within " + withinMs + " ms; the next start does it");
      }
      thread.interrupt();
      if (thread.isAlive() && !thread.join(Duration.ofSeconds(PATIENCE_S))) {
        forgetTheRest();
        log.accept("the archive does not answer: its thread has not ended within " + PATIENCE_S
            + " s and is left behind; look at that disk; the next start archives what is missing");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending the archive's thread", interrupted);
    }
  }
}
