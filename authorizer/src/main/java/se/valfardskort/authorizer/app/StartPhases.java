package se.valfardskort.authorizer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import se.valfardskort.authorizer.pipeline.Clock;

/**
 * How long each part of a start took, so that one line of the log shows where the time of a slow one went. Owned by the
 * thread that starts the application.
 */
final class StartPhases {
  /** Of the fields of /proc/self/stat behind the name; in ticks since the machine's start. */
  private static final int STARTED_AT = 19;

  /** As Linux counts towards programs, whatever its own clock is. */
  private static final int TICKS_A_SECOND = 100;

  private final Clock clock;
  private final StringBuilder parts = new StringBuilder();
  private long lastNs;
  private long totalNs;

  /** The first part begins now. */
  StartPhases(Clock clock) {
    this.clock = clock;
    this.lastNs = clock.nanoTime();
  }

  /** A part ends, and the next begins. */
  void ended(String part) {
    long nowNs = clock.nanoTime();
    add(part, nowNs - lastNs);
    lastNs = nowNs;
  }

  private void add(String part, long tookNs) {
    parts.append(parts.isEmpty() ? "" : ", ").append(part).append(' ').append(seconds(tookNs));
    totalNs += tookNs;
  }

  /**
   * The line.
   *
   * @param beforeMs from the start of the process until the first part began
   */
  String line(long beforeMs) {
    long beforeNs = TimeUnit.MILLISECONDS.toNanos(beforeMs);
    return "started in " + seconds(beforeNs + totalNs) + " s: java " + seconds(beforeNs)
        + (parts.isEmpty() ? "" : ", ") + parts;
  }

  /**
   * What it took to get here: {@code ./run}, the JVM, the command line. From Linux's own figures, since what the JDK
   * tells of a process's beginning is exact to a second; 0 where there are none.
   */
  static long millisSinceProcessStart() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      // The second field, a name in brackets, may hold blanks; what follows it does not.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long startedMs = Long.parseLong(fields[STARTED_AT]) * 1_000 / TICKS_A_SECOND;
      String uptime = Files.readString(Path.of("/proc/uptime"));
      return (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1_000) - startedMs;
    } catch (IOException | RuntimeException untold) {
      return 0;
    }
  }

  private static String seconds(long ns) {
    return String.format(Locale.ROOT, "%.2f", ns / 1e9);
  }
}
