package se.valfardskort.authorizer.app;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** How far a run of loads is, on standard error: a bar on a terminal, else a line for each tenth. One thread. */
final class LoadProgress implements IntConsumer {
  private static final int WIDTH = 30;
  private static final int TENTHS = 10;
  private static final long BETWEEN_BARS_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final PrintWriter out;
  private final int cards;
  private final boolean terminal;
  private final long startNs = System.nanoTime();
  private long lastNs = startNs - BETWEEN_BARS_NS;
  private int tenths;

  /** @param terminal whether a line may be drawn over */
  LoadProgress(PrintWriter out, int cards, boolean terminal) {
    this.out = out;
    this.cards = cards;
    this.terminal = terminal;
  }

  @Override
  public void accept(int done) {
    long nowNs = System.nanoTime();
    if (terminal) {
      if (done == cards || nowNs - lastNs >= BETWEEN_BARS_NS) {
        lastNs = nowNs;
        int full = (int) ((long) done * WIDTH / cards);
        out.print("\r[" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] " + words(done, nowNs));
        out.print(done == cards ? System.lineSeparator() : "");
      }
    } else {
      int now = (int) ((long) done * TENTHS / cards);
      if (now > tenths) {
        tenths = now;
        out.println(words(done, nowNs));
      }
    }
    out.flush();
  }

  private String words(int done, long nowNs) {
    long rate = Math.round(done / Math.max(1e-3, (nowNs - startNs) / 1e9));
    return String.format(Locale.ROOT, "%3d %%  %,d of %,d cards, %,d a second", (long) done * 100 / cards, done, cards,
        rate);
  }
}
