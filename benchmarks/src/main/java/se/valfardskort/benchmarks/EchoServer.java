package se.valfardskort.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The limit against which the end-to-end figures stand: a Netty server on one event loop that cuts frames of a 2-byte
 * length and sends each back as it came. Same machine, same client, same library; no parsing, no engine, no disk.
 *
 * <p>{@code EchoServer PORT} (0: any free port) prints {@code echo ready on port N} and runs until it is ended.
 */
public final class EchoServer implements AutoCloseable {
  private static final int LENGTH_BYTES = 2;
  private static final int LONGEST_FRAME = LENGTH_BYTES + 0xFFFF;

  private final EventLoopGroup loop;
  private final Channel listener;

  /** Listens on loopback. */
  public EchoServer(int port) throws InterruptedException {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    this.loop = new MultiThreadIoEventLoopGroup(1, io);
    this.listener =
        new ServerBootstrap()
            .group(loop)
            .channel(type)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Pipeline())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .sync()
            .channel();
  }

  /** Starts the server on the port that is the only argument. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 1 || !args[0].matches("\\d{1,5}")) {
      System.err.println("Give the port to listen on, 0 for any: EchoServer 7000");
      System.exit(2);
    }
    try (EchoServer server = new EchoServer(Integer.parseInt(args[0]))) {
      System.out.println("echo ready on port " + server.port());
      server.listener.closeFuture().sync();
    }
  }

  /** The port that is listened on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Frame cutter, then echo. */
  private static final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(new LengthFieldBasedFrameDecoder(LONGEST_FRAME, 0, LENGTH_BYTES))
          .addLast(new Echo());
    }
  }

  /** Writes each frame back, flushes once a read. */
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      // A failed write closes the link, which is all that there is to do.
      ChannelFuture _ = context.write(frame, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      ChannelFuture _ = context.close();
    }
  }
}
