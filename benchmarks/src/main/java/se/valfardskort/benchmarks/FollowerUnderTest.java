package se.valfardskort.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
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

  private final SnapshotChild child;
  private final Path data;
  private final long baseline;
  private final long startNs = System.nanoTime();
  private final Thread thread = Thread.ofPlatform().name("followers").daemon(true).unstarted(this::run);
  private long workedNs;
  private int snapshots;
  private String complaint = "";

  private FollowerUnderTest(ServerUnderTest server, Path config, Path data, long baseline) {
    this.child = new SnapshotChild(SnapshotChild.command(config, data, server.pid()));
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
      while (true) {
        long beganNs = System.nanoTime();
        SnapshotChild.Ended ended = child.run();
        workedNs += System.nanoTime() - beganNs;
        if (ended == null || child.isStopping()) {
          return;
        }
        if (ended.code() != 0 || !ended.last().startsWith(WROTE)) {
          complaint = "the follower ended with " + ended.code() + ": " + ended.last();
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
    try {
      child.stop();
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
