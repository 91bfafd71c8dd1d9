package se.valfardskort.authorizer.storage;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes closed segments away, off the path: a daemon thread that renews anchor and witness, copies into the archive's
 * folder, and hands over to a command, one segment after the other.
 *
 * <p>What fails is tried again, each time later, up to five minutes; it is said once, then when the failures in a row
 * have doubled, and when it is over. The journal itself goes on: what was not taken stays in its folder.
 */
public final class Archivist implements AutoCloseable {
  /** Stands for the segment's file in a command. */
  public static final String SEGMENT = "{segment}";

  private static final long FIRST_PAUSE_MS = 1000;
  private static final long LONGEST_PAUSE_MS = 300_000;

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
        IOException failure = takeAll();
        if (failure != null && isStopping()) {
          // What was under way was cut short by the stop; the next start takes it up.
          return;
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
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
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

  private @Nullable IOException takeAll() throws InterruptedException {
    try {
      folder.anchorClosed();
      for (String segment : SegmentArchive.closed(folder.disk())) {
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
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  /** Ends the thread, and a command that is under way; waits for both. */
  @Override
  public void close() throws IOException {
    folder.onSegmentClosed(() -> { });
    monitor.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      monitor.unlock();
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending the archive's thread", interrupted);
    }
  }
}
