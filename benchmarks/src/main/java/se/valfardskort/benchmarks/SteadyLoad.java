package se.valfardskort.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import se.valfardskort.iso8583.Dialect;

/**
 * Authorizations at a fixed rate over a few lines, open loop: the n-th leaves when it is due, whatever became of those
 * before, and its latency counts from then. Begun and ended by one thread.
 */
final class SteadyLoad implements AutoCloseable {
  private static final int MOST_SECONDS = 240;
  private static final int PATIENCE_SECONDS = 30;

  private final int rate;
  private final int cards;
  private final long startNs;
  private final long[] sentNs;
  private final long[] doneNs;
  private final List<StormLine> lines = new ArrayList<>();
  private final List<StormFrames> frames = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger answered = new AtomicInteger();
  private final Future<?> sender;
  private volatile boolean ended;
  private volatile int sent;

  /** @param tag three characters, which no other load of the server has */
  SteadyLoad(int port, Dialect dialect, String tag, int connections, int rate, int cards) throws IOException {
    this.rate = rate;
    this.cards = cards;
    sentNs = new long[rate * MOST_SECONDS];
    doneNs = new long[rate * MOST_SECONDS];
    for (int i = 0; i < connections; i++) {
      lines.add(new StormLine(port, dialect));
      frames.add(new StormFrames(dialect, "A" + tag + String.format("%04d", i)));
    }
    startNs = System.nanoTime();
    for (int i = 0; i < connections; i++) {
      int line = i;
      var _ = threads.submit(() -> read(line));
    }
    sender = threads.submit(this::send);
  }

  private long dueNs(int message) {
    return startNs + message * 1_000_000_000L / rate;
  }

  private Void send() throws IOException {
    ByteBuf out = Unpooled.buffer();
    int next = 0;
    while (!ended && next < doneNs.length) {
      long nowNs = System.nanoTime();
      if (dueNs(next) > nowNs) {
        LockSupport.parkNanos(this, dueNs(next) - nowNs);
        continue;
      }
      int line = next % lines.size();
      frames.get(line).purchase(out, next % cards, 1 + next / lines.size());
      sentNs[next] = System.nanoTime();
      lines.get(line).write(out);
      next++;
      sent = next;
    }
    return null;
  }

  private Void read(int line) throws IOException {
    int count = lines.size();
    while (true) {
      // Ends with an exception when the line is closed.
      lines.get(line).read((stan, approved) -> doneNs[(stan - 1) * count + line] = System.nanoTime());
      answered.incrementAndGet();
    }
  }

  /** Sends no more, and waits for the last answers. */
  void end() throws IOException, InterruptedException {
    ended = true;
    try {
      sender.get();
    } catch (ExecutionException e) {
      throw new IOException("the authorizations beside the storm could not be sent", e);
    }
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (answered.get() < sent) {
      if (System.nanoTime() > endNs) {
        throw new IOException((sent - answered.get()) + " authorizations beside the storm were not answered");
      }
      LockSupport.parkNanos(this, 1_000_000);
    }
  }

  /** Latencies of what was due from one moment of {@link System#nanoTime} until another. After {@link #end}. */
  Latencies between(long fromNs, long untilNs) {
    return between(fromNs, untilNs, doneNs);
  }

  /** How much later than due the same were sent: what the generator itself adds to their latencies. */
  Latencies lagBetween(long fromNs, long untilNs) {
    return between(fromNs, untilNs, sentNs);
  }

  private Latencies between(long fromNs, long untilNs, long[] momentNs) {
    Latencies latencies = new Latencies(sent);
    for (int i = 0; i < sent; i++) {
      long dueNs = dueNs(i);
      if (dueNs >= fromNs && dueNs < untilNs) {
        latencies.add(momentNs[i] - dueNs);
      }
    }
    return latencies;
  }

  @Override
  public void close() throws IOException {
    ended = true;
    for (StormLine line : lines) {
      line.close();
    }
    threads.shutdownNow();
  }
}
