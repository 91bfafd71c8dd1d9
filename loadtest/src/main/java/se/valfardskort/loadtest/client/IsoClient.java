package se.valfardskort.loadtest.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.MessageReader;

/**
 * The project's own ISO 8583 client: one connection, any number of requests in flight, answers matched to requests by
 * message type, DE 11 and DE 41.
 *
 * <p>May be used from any thread; codec and table of requests belong to the connection's event loop. An answer that
 * nothing asked for, or that comes after its time, is counted and dropped.
 */
public final class IsoClient implements AutoCloseable {
  private final Endpoint endpoint;
  private final EventLoopGroup group;
  private final Duration timeout;
  private final IsoLink link;
  private final FrameEncoder encoder;
  private final MessageReader reader;
  private final Map<String, Pending> pending = new HashMap<>();
  private volatile long unasked;
  private volatile String closedBecause = "";

  private IsoClient(Endpoint endpoint, Duration timeout) {
    this.endpoint = endpoint;
    this.timeout = timeout;
    this.encoder = new FrameEncoder(endpoint);
    this.reader = new MessageReader(endpoint.dialect());
    this.group = IsoLink.newEventLoopGroup("iso-client");
    try {
      this.link = IsoLink.connect(group, endpoint, timeout, new Answers());
    } catch (UserError e) {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
      throw e;
    }
  }

  /**
   * Connects.
   *
   * @param timeout for the connection and for every answer
   * @throws UserError where nobody answers at the endpoint
   */
  public static IsoClient connect(Endpoint endpoint, Duration timeout) {
    return new IsoClient(endpoint, timeout);
  }

  /**
   * Sends a request.
   *
   * @return the answer, or a {@link TimeoutException}, a {@link UserError} where the connection is gone, or an
   *     {@link IllegalArgumentException} where the request does not fit the dialect or its key is in flight already
   */
  public CompletableFuture<Answer> send(Request request) {
    CompletableFuture<Answer> result = new CompletableFuture<>();
    link.eventLoop().execute(() -> sendOnLoop(request, result));
    return result;
  }

  /**
   * Sends a message as it stands, for example one that was sent before.
   *
   * @param message without framing; not kept
   * @return as {@link #send(Request)}
   */
  public CompletableFuture<Answer> send(byte[] message) {
    CompletableFuture<Answer> result = new CompletableFuture<>();
    byte[] copy = message.clone();
    link.eventLoop().execute(() -> sendOnLoop(copy, result));
    return result;
  }

  /** Sends a request and waits for the answer; failures are {@link UserError}s that name the endpoint. */
  public Answer ask(Request request) {
    try {
      return send(request).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError(UserError.SOFTWARE, "interrupted while waiting for " + endpoint.address(), e);
    } catch (ExecutionException | CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new UserError(UserError.NO_ANSWER, endpoint.address() + " did not answer within " + timeout.toMillis()
            + " ms; look at the server's output, and check that --dialect belongs to this port", e);
      }
      if (e.getCause() instanceof UserError known) {
        throw known;
      }
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw new UserError(UserError.USAGE, "the message cannot be built: " + wrong.getMessage(), e);
      }
      throw new UserError(UserError.SOFTWARE, "asking " + endpoint.address() + " failed: " + e.getCause(), e);
    }
  }

  /** The message's bytes as {@link #send} sends them, without framing. */
  public byte[] encode(Request request) {
    ByteBuf out = Unpooled.buffer();
    int length = new FrameEncoder(endpoint).message(request, out);
    byte[] bytes = new byte[length];
    out.readBytes(bytes);
    return bytes;
  }

  /** Where this client is connected to. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Answers so far that nothing was waiting for. */
  public long unaskedAnswers() {
    return unasked;
  }

  /** Closes the connection; requests still in flight fail. */
  @Override
  public void close() {
    link.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void sendOnLoop(Request request, CompletableFuture<Answer> result) {
    ByteBuf out = link.newBuffer(512);
    try {
      encoder.frame(request, out);
    } catch (IllegalArgumentException e) {
      out.release();
      result.completeExceptionally(e);
      return;
    }
    sendOnLoop(out, key(request.answerMti(), request.field(11), request.field(41)), result);
  }

  private void sendOnLoop(byte[] message, CompletableFuture<Answer> result) {
    reader.wrap(Unpooled.wrappedBuffer(message), 0, message.length);
    Map<Integer, String> fields = FrameDecoder.fieldsOf(reader);
    ByteBuf out = link.newBuffer(message.length + 16);
    int start = endpoint.framing().startRequest(out);
    out.writeBytes(message);
    endpoint.framing().finish(out, start);
    sendOnLoop(out, key(reader.mti() / 10 * 10 + 10, fields.getOrDefault(11, ""), fields.getOrDefault(41, "")),
        result);
  }

  private void sendOnLoop(ByteBuf out, String key, CompletableFuture<Answer> result) {
    if (!closedBecause.isEmpty()) {
      out.release();
      result.completeExceptionally(gone());
      return;
    }
    if (pending.containsKey(key)) {
      out.release();
      result.completeExceptionally(new IllegalArgumentException(
          "a request with the same message type, DE 11 and DE 41 is in flight; wait for its answer"));
      return;
    }
    ScheduledFuture<?> alarm = link.eventLoop().schedule(() -> {
      if (pending.remove(key) != null) {
        result.completeExceptionally(new TimeoutException("no answer within " + timeout.toMillis() + " ms"));
      }
    }, timeout.toNanos(), TimeUnit.NANOSECONDS);
    pending.put(key, new Pending(result, System.nanoTime(), alarm));
    link.send(out);
  }

  private UserError gone() {
    return new UserError(UserError.UNAVAILABLE, endpoint.address() + ": " + closedBecause);
  }

  /** DE 41 comes back as a field of fixed length, so trailing spaces do not count. */
  private static String key(int mti, String stan, String terminal) {
    return mti + "/" + stan + "/" + terminal.stripTrailing();
  }

  /** A request in flight. */
  private record Pending(CompletableFuture<Answer> result, long sentNs, ScheduledFuture<?> alarm) {}

  /** What the connection receives, on its event loop. */
  private final class Answers implements IsoLink.Listener {
    @Override
    public void onFrame(ByteBuf buf, int offset, int length) {
      final long arrivedNs = System.nanoTime();
      DecodeResult decoded = reader.wrap(buf, offset, length);
      if (decoded == DecodeResult.UNREADABLE) {
        countUnasked();
        return;
      }
      Map<Integer, String> fields = FrameDecoder.fieldsOf(reader);
      Pending asked = pending.remove(
          key(reader.mti(), fields.getOrDefault(11, ""), fields.getOrDefault(41, "")));
      if (asked == null) {
        countUnasked();
        return;
      }
      asked.alarm().cancel(false);
      byte[] frame = new byte[length];
      buf.getBytes(offset, frame);
      String fault = decoded == DecodeResult.OK ? null : reader.faultMessage();
      asked.result().complete(new Answer(reader.mti(), fields, frame, arrivedNs - asked.sentNs(), fault));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes
    private void countUnasked() {
      unasked++;
    }

    @Override
    public void onClosed(String why) {
      closedBecause = why;
      for (Pending asked : pending.values()) {
        asked.alarm().cancel(false);
        asked.result().completeExceptionally(gone());
      }
      pending.clear();
    }
  }
}
