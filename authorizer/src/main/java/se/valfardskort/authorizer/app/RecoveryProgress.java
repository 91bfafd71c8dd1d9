package se.valfardskort.authorizer.app;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.Recovery;

/** Tells a waiting person how far a long recovery has come; silent on short ones. Owned by the thread that recovers. */
final class RecoveryProgress implements Recovery.Progress {
  private static final long BETWEEN_LINES_NS = TimeUnit.SECONDS.toNanos(2);

  private final PrintStream log;
  private final Clock clock;
  private final String doing;
  private final long startNs;
  private long lastLineNs;
  private boolean spoken;

  RecoveryProgress(PrintStream log, Clock clock) {
    this(log, clock, "recovering");
  }

  /** @param doing what takes so long */
  RecoveryProgress(PrintStream log, Clock clock, String doing) {
    this.log = log;
    this.clock = clock;
    this.doing = doing;
    this.startNs = clock.nanoTime();
    this.lastLineNs = startNs;
  }

  @Override
  public void recovered(long records, long bytes, long bytesTotal) {
    long nowNs = clock.nanoTime();
    boolean end = bytes >= bytesTotal;
    if (nowNs - lastLineNs >= BETWEEN_LINES_NS || (end && spoken)) {
      long percent = bytesTotal == 0 ? 100 : bytes * 100 / bytesTotal;
      log.println(doing + ": " + records + " records, " + Math.min(percent, 100) + " % of the journal, "
          + TimeUnit.NANOSECONDS.toMillis(nowNs - startNs) + " ms");
      lastLineNs = nowNs;
      spoken = true;
    }
  }
}
