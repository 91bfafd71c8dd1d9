package se.valfardskort.authorizer.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.SystemClock;
import se.valfardskort.authorizer.storage.FolderDisk;

/**
 * The authorizer of {@code start --demo --durability os} in a process of its own, where it stays the same time until a
 * line on standard input tells another, in ms since 1970. It is repeated on standard output when all that is due by
 * then is done, which supposes that nothing else is under way.
 *
 * <p>Arguments: configuration folder, data folder, ordinary cards, port offset, the time.
 */
public final class ClockedServer {
  /** More ticks than the expiries of one of them could leave work for. */
  private static final int TICKS_UNTIL_DONE = 4;

  private ClockedServer() {}

  public static void main(String[] args) throws Exception {
    ToldClock clock = new ToldClock(Long.parseLong(args[4]));
    StartOptions options =
        new StartOptions(Path.of(args[0]), Path.of(args[1]), true, Integer.valueOf(args[2]), null,
            Integer.parseInt(args[3]));
    AuthorizerApp app =
        AuthorizerApp.start(options, System.err, _ -> Runtime.getRuntime().halt(1), FolderDisk::new, clock);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(app.stop().size())));
    System.out.println(app.readyLine());
    listen(clock);
  }

  /** Until whoever started this process has ended. */
  private static void listen(ToldClock clock) throws IOException, InterruptedException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      clock.tell(Long.parseLong(line));
      System.out.println(line);
    }
    System.exit(0);
  }

  /** The core asks it once for each command; with nothing else under way those are ticks. Any thread. */
  private static final class ToldClock implements Clock {
    private final SystemClock machine = new SystemClock();
    private long timeMs;
    private long readings;

    ToldClock(long timeMs) {
      this.timeMs = timeMs;
    }

    /** Returns when ticks of that time have been taken. */
    synchronized void tell(long epochMs) throws InterruptedException {
      timeMs = epochMs;
      // When one more than those has been begun, those are done.
      long enough = readings + TICKS_UNTIL_DONE + 1;
      while (readings < enough) {
        wait();
      }
    }

    @Override
    public synchronized long epochMs() {
      readings++;
      notifyAll();
      return timeMs;
    }

    @Override
    public long nanoTime() {
      return machine.nanoTime();
    }
  }
}
