package se.valfardskort.loadtest.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.iso8583.FrameFormat;

/**
 * One TCP connection that cuts what it receives into frames.
 *
 * <p>The listener is called on the connection's event loop. Everything else may be called from any thread.
 */
public final class IsoLink implements AutoCloseable {
  /** Frames longer than this are taken for a broken stream. */
  private static final int LONGEST_FRAME = 64 * 1024;

  /** What a connection tells. Called on its event loop. */
  public interface Listener {
    /**
     * A frame has arrived.
     *
     * @param buf holds it only during the call
     * @param offset absolute index of the message, behind any fixed header
     * @param length bytes of the message
     */
    void onFrame(ByteBuf buf, int offset, int length);

    /**
     * The connection is gone; called once.
     *
     * @param why for a person
     */
    void onClosed(String why);
  }

  private final Channel channel;

  private IsoLink(Channel channel) {
    this.channel = channel;
  }

  /** A group of one event loop: epoll where the system has it, else NIO (whose timers are a millisecond coarse). */
  public static EventLoopGroup newEventLoopGroup(String threadName) {
    return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(threadName, true),
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /**
   * Connects, and waits until that is done.
   *
   * @throws UserError where nobody answers; names the address and the mend
   */
  public static IsoLink connect(EventLoopGroup group, Endpoint endpoint, Duration timeout, Listener listener) {
    Bootstrap bootstrap = new Bootstrap()
        .group(group)
        .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel opened) {
            opened.pipeline().addLast(new Frames(endpoint.framing(), listener));
          }
        });
    ChannelFuture connected = bootstrap.connect(endpoint.host(), endpoint.port()).awaitUninterruptibly();
    if (!connected.isSuccess()) {
      throw unreachable(endpoint, connected.cause());
    }
    return new IsoLink(connected.channel());
  }

  private static UserError unreachable(Endpoint endpoint, @Nullable Throwable cause) {
    String why = cause == null ? "gave no reason" : String.valueOf(cause.getMessage());
    return new UserError(UserError.UNAVAILABLE, "cannot connect to " + endpoint.address() + " (" + why
        + "); start the server with ./run start --demo, or name another one with --host and --port", cause);
  }

  /** The connection's event loop, the only thread that calls the listener. */
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }

  /** A buffer for frames to send; {@link #send} releases it. */
  public ByteBuf newBuffer(int capacity) {
    return channel.alloc().directBuffer(capacity);
  }

  /** Sends whole frames, releases the buffer and leaves nothing behind in the process. */
  public void send(ByteBuf frames) {
    var _ = channel.writeAndFlush(frames, channel.voidPromise());
  }

  /** Closes the connection and waits until it is closed. Must not be called on the event loop. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }

  /** Cuts the stream into frames. */
  private static final class Frames extends ByteToMessageDecoder {
    private final FrameFormat format;
    private final Listener listener;
    private String why = "the server closed the connection; check that --dialect and"
        + " --framing belong to this port, and look at the server's output";

    Frames(FrameFormat format, Listener listener) {
      this.format = format;
      this.listener = listener;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      while (in.isReadable()) {
        int start = in.readerIndex();
        int length = format.frameLength(in, start);
        if (length == FrameFormat.NEED_MORE) {
          return;
        }
        if (length < 0 || length > LONGEST_FRAME) {
          why = "the server sent a length header that is not one; check that --dialect and --port belong together";
          in.skipBytes(in.readableBytes());
          var _ = ctx.close();
          return;
        }
        int end = start + format.headerLength() + length;
        if (in.writerIndex() < end) {
          return;
        }
        if (length > 0) {
          int message = start + format.headerLength() + format.fixedHeaderLength();
          listener.onFrame(in, message, end - message);
        }
        in.readerIndex(end);
      }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
      listener.onClosed(why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      why = "the connection failed (" + cause.getMessage() + ")";
      var _ = ctx.close();
    }
  }
}
