package se.valfardskort.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;

/**
 * The late link's connection: sends all that it has, as fast as the server reads, and fetches the answers in lumps.
 *
 * <p>It stands for another machine, so it must not cost this one more than the kernel's copying: what it sends is
 * ready, and what it gets is kept as it came, in lumps of what a millisecond brings, and read when all is over. How
 * fast the storm goes is the server's to say: it goes on when it has answered, not when its answers were fetched.
 */
final class LateLine implements AutoCloseable {
  private static final int PATIENCE_MS = 30_000;
  private static final int LONGEST_ANSWER = 512;
  private static final int HEADER = 2;
  private static final long LUMP_NS = 1_000_000;

  private final Socket socket;
  private final MessageReader reader;
  private volatile long overNs;

  LateLine(int port, Dialect dialect) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    reader = new MessageReader(dialect);
  }

  /**
   * Sends every frame and waits for as many answers.
   *
   * @return how many of them approve
   */
  int sendAll(ByteBuf all, int frames) throws IOException, InterruptedException, ExecutionException {
    FutureTask<byte[]> answers = new FutureTask<>(() -> receive(frames));
    Thread.ofPlatform().name("late-answers").start(answers);
    all.readBytes(socket.getOutputStream(), all.readableBytes());
    return approvals(answers.get(), frames);
  }

  /** When the last answer was there, by {@link System#nanoTime}. */
  long overNs() {
    return overNs;
  }

  private byte[] receive(int frames) throws IOException {
    byte[] received = new byte[frames * LONGEST_ANSWER];
    InputStream in = socket.getInputStream();
    int end = 0;
    int next = 0;
    for (int whole = 0; whole < frames; ) {
      int read = in.read(received, end, received.length - end);
      if (read < 0) {
        throw new IOException("the server closed the late link after " + whole + " answers");
      }
      end += read;
      while (next + HEADER <= end && next + HEADER + length(received, next) <= end) {
        next += HEADER + length(received, next);
        whole++;
      }
      overNs = System.nanoTime();
      LockSupport.parkNanos(this, LUMP_NS);
    }
    return received;
  }

  private int approvals(byte[] received, int frames) throws IOException {
    ByteBuf view = Unpooled.wrappedBuffer(received);
    int approvals = 0;
    int next = 0;
    for (int i = 0; i < frames; i++) {
      int length = length(received, next);
      if (reader.wrap(view, next + HEADER, length) != DecodeResult.OK) {
        throw new IOException("an answer cannot be read");
      }
      approvals += reader.textEquals(39, "00") ? 1 : 0;
      next += HEADER + length;
    }
    return approvals;
  }

  private static int length(byte[] frame, int at) {
    return ((frame[at] & 0xff) << 8) | (frame[at + 1] & 0xff);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
