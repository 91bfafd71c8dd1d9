package se.valfardskort.authorizer.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.storage.SnapshotFolder;

/**
 * Has a follower process write a snapshot whenever enough commands lie in closed segments after the last one.
 *
 * <p>One thread of its own, which mostly sleeps; one child at a time. A child that fails is tried again when another
 * segment is closed. A child that finds that the journal replays differently is an alarm: the engine that runs is then
 * not the one that would recover.
 */
final class SnapshotKeeper implements AutoCloseable {
  private static final long BETWEEN_LOOKS_MS = 1_000;
  private static final long PATIENCE_S = 5;

  private final int everyCommands;
  private final SnapshotFolder snapshots;
  private final LongSupplier closedSequence;
  private final List<String> command;
  private final PrintStream log;
  private final Runnable onDifference;
  private final Thread thread = Thread.ofPlatform().name("snapshots").daemon(true).unstarted(this::run);
  private final ReentrantLock monitor = new ReentrantLock();
  private final Condition stopped = monitor.newCondition();
  private boolean stopping;
  private @Nullable Process child;

  /**
   * Does nothing yet.
   *
   * @param everyCommands how many commands make a snapshot worth its while
   * @param closedSequence last sequence in closed segments
   * @param command starts the follower
   * @param log gets a line a snapshot, and the alarms
   * @param onDifference called by the keeper's thread when the child came to something else than the journal says
   */
  SnapshotKeeper(
      int everyCommands,
      SnapshotFolder snapshots,
      LongSupplier closedSequence,
      List<String> command,
      PrintStream log,
      Runnable onDifference) {
    this.everyCommands = everyCommands;
    this.snapshots = snapshots;
    this.closedSequence = closedSequence;
    this.command = command;
    this.log = log;
    this.onDifference = onDifference;
  }

  void start() {
    thread.start();
  }

  private void run() {
    long tried = 0;
    while (waitALittle()) {
      long closed = closedSequence.getAsLong();
      try {
        if (closed > tried && closed - snapshots.newest() >= everyCommands) {
          tried = closed;
          follow();
        }
      } catch (IOException failed) {
        if (!isStopping()) {
          log.println("no snapshot could be begun (" + AuthorizerApp.messageOf(failed)
              + "); tried again when the next journal file is closed");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** False when it is time to end. */
  private boolean waitALittle() {
    monitor.lock();
    try {
      long leftNs = TimeUnit.MILLISECONDS.toNanos(BETWEEN_LOOKS_MS);
      while (!stopping && leftNs > 0) {
        leftNs = stopped.awaitNanos(leftNs);
      }
      return !stopping;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      monitor.unlock();
    }
  }

  private void follow() throws IOException, InterruptedException {
    Process process = begin();
    if (process == null) {
      return;
    }
    String last = "it said nothing";
    int code;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
      code = process.waitFor();
    } finally {
      process.toHandle().destroy();
    }
    if (code == ExitCode.DATA_ERROR) {
      // Also when a stop has begun meanwhile: its snapshot is not written yet.
      onDifference.run();
      log.println("ALARM: the follower does not come to what the journal says, and no snapshot is written: " + last);
    } else if (isStopping()) {
      return;
    } else if (code == ExitCode.OK) {
      log.println("follower: " + last);
    } else {
      log.println("the follower ended with " + code + " and wrote no snapshot (" + last
          + "); tried again when the next journal file is closed");
    }
  }

  /** Null when it is time to end. */
  private @Nullable Process begin() throws IOException {
    monitor.lock();
    try {
      if (stopping) {
        return null;
      }
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      child = process;
      process.getOutputStream().close();
      return process;
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

  /** Ends the child and waits for it, but not for ever. What it had not finished is no snapshot. */
  @Override
  public void close() {
    Process running;
    monitor.lock();
    try {
      stopping = true;
      running = child;
      stopped.signalAll();
    } finally {
      monitor.unlock();
    }
    try {
      if (running != null) {
        // By its handle: this leaves the reader its end of the pipe, so that it meets an end and not a failure.
        running.toHandle().destroy();
        if (!running.waitFor(PATIENCE_S, TimeUnit.SECONDS)
            && !running.destroyForcibly().waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
          log.println("the follower, process " + running.pid() + ", was killed and has not ended; it is left behind");
        }
      }
      if (!thread.join(Duration.ofSeconds(PATIENCE_S))) {
        log.println("the thread that listens to the follower has not ended; the stop goes on without it");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
