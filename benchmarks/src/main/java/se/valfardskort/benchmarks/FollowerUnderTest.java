package se.valfardskort.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.app.GentlePace;
import se.valfardskort.authorizer.app.SnapshotChild;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotPace;

/**
 * The follower that an authorizer would start beside itself, at work from the construction until {@link #close}: when
 * it has written its snapshot, that is removed and the next one is begun.
 *
 * <p>Each begins with the same older snapshot, so that each loads, replays and writes. Begun and ended by one thread;
 * another one of its own starts the processes.
 */
final class FollowerUnderTest implements AutoCloseable {
  private static final String WROTE = "wrote the snapshot of sequence ";

  private final List<String> command;
  private final Path data;
  private final long baseline;
  private final long startNs = System.nanoTime();
  private final ReentrantLock monitor = new ReentrantLock();
  private final Thread thread = Thread.ofPlatform().name("followers").daemon(true).unstarted(this::run);
  private boolean stopping;
  private @Nullable Process child;
  private long workedNs;
  private int snapshots;
  private String complaint = "";

  private FollowerUnderTest(ServerUnderTest server, Path config, Path data, long baseline) {
    this.command = SnapshotChild.command(config, data, server.pid());
    this.data = data;
    this.baseline = baseline;
  }

  /** @param baseline sequence of the snapshot that each begins with */
  static FollowerUnderTest start(ServerUnderTest server, Path config, Path data, long baseline) {
    FollowerUnderTest follower = new FollowerUnderTest(server, config, data, baseline);
    follower.thread.start();
    return follower;
  }

  private void run() {
    try {
      removeNewer();
      for (Process process = begin(); process != null; process = begin()) {
        long beganNs = System.nanoTime();
        String last = lastLine(process);
        int code = process.waitFor();
        workedNs += System.nanoTime() - beganNs;
        if (isStopping()) {
          return;
        }
        if (code != 0 || !last.startsWith(WROTE)) {
          complaint = "the follower ended with " + code + ": " + last;
          return;
        }
        snapshots++;
        removeNewer();
      }
    } catch (IOException failed) {
      complaint = "the follower could not be run: " + failed;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeNewer() throws IOException {
    SnapshotFolder folder = new SnapshotFolder(new FolderDisk(data.resolve("snapshots")));
    SnapshotPace pace = new GentlePace(new SystemClock());
    for (long sequence : folder.sequences()) {
      if (sequence > baseline) {
        folder.remove(sequence, pace);
      }
    }
  }

  private String lastLine(Process process) throws IOException {
    String last = "it said nothing";
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
    } catch (IOException cutOff) {
      // A process that is ended from here loses its lines with it.
      if (!isStopping()) {
        throw cutOff;
      }
    }
    return last;
  }

  /** Null when it is time to end. */
  private @Nullable Process begin() throws IOException {
    monitor.lock();
    try {
      if (stopping) {
        return null;
      }
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      child = process;
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

  /** Snapshots that were finished. After {@link #close}. */
  int snapshots() {
    return snapshots;
  }

  /** How much of the time a process was at work, of 1. After {@link #close}. */
  double share(long endNs) {
    return Math.min(1, (double) workedNs / Math.max(1, endNs - startNs));
  }

  /** Why there was no follower for some of the time; empty: there was one. After {@link #close}. */
  String complaint() {
    return complaint;
  }

  /** Ends the process that is at work, and waits for it; what it had not finished is no snapshot. */
  @Override
  public void close() {
    Process running;
    monitor.lock();
    try {
      stopping = true;
      running = child;
    } finally {
      monitor.unlock();
    }
    if (running != null) {
      running.destroy();
      running.onExit().join();
    }
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
