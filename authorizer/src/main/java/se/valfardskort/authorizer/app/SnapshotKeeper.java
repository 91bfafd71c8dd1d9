package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
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
  private final SnapshotChild child;
  private final PrintStream log;
  private final Runnable onDifference;
  private final Thread thread = Thread.ofPlatform().name("snapshots").daemon(true).unstarted(this::run);
  private final ReentrantLock monitor = new ReentrantLock();
  private final Condition stopped = monitor.newCondition();
  private boolean stopping;

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
    this.child = new SnapshotChild(command);
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
        if (!child.isStopping()) {
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
    SnapshotChild.Ended ended = child.run();
    if (ended == null) {
      return;
    }
    if (ended.code() == ExitCode.DATA_ERROR) {
      // Also when a stop has begun meanwhile: its snapshot is not written yet.
      onDifference.run();
      log.println(
          "ALARM: the follower does not come to what the journal says, and no snapshot is written: " + ended.last());
    } else if (child.isStopping()) {
      return;
    } else if (ended.code() == ExitCode.OK) {
      log.println("follower: " + ended.last());
    } else {
      log.println("the follower ended with " + ended.code() + " and wrote no snapshot (" + ended.last()
          + "); tried again when the next journal file is closed");
    }
  }

  /** Ends the child and waits for it, but not for ever. What it had not finished is no snapshot. */
  @Override
  public void close() {
    monitor.lock();
    try {
      stopping = true;
      stopped.signalAll();
    } finally {
      monitor.unlock();
    }
    try {
      Long left = child.stop();
      if (left != null) {
        log.println("the follower, process " + left + ", was killed and has not ended; it is left behind");
      }
      if (!thread.join(Duration.ofSeconds(PATIENCE_S))) {
        log.println("the thread that listens to the follower has not ended; the stop goes on without it");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
