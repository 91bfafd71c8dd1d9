package se.valfardskort.authorizer.gateway;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import se.valfardskort.authorizer.pipeline.Clock;

/**
 * All links: the ports that listen and the partners that we dial, on one event loop unless configured otherwise.
 *
 * <p>Every method may be called from any thread but an event loop.
 *
 * <p>Life: {@link #start}; to stop in order {@link #stopAccepting}, {@link #drain}, {@link #close}; to stop because
 * nothing may be answered any more {@link #dropAll}, then {@link #close}.
 */
public final class GatewayServer implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final long STOP_TIMEOUT_MS = 5_000;

  private final List<BoundLink> links = new ArrayList<>();
  private final List<Channel> listeners = new ArrayList<>();
  private final List<Dialer> dialers = new ArrayList<>();
  private final Sessions sessions = new Sessions();
  private final boolean epoll = Epoll.isAvailable();
  private final LoopThreads threads = new LoopThreads();
  private final EventLoopGroup loops;

  /**
   * A link that listens or is dialled.
   *
   * @param settings as given
   * @param address with the port that was really taken; where we dial, as configured and not looked up
   * @param counters live
   */
  public record BoundLink(LinkSettings settings, InetSocketAddress address, LinkCounters counters) {}

  private GatewayServer(int loopThreads) {
    loops = new MultiThreadIoEventLoopGroup(loopThreads, threads,
        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /** As {@link #start(List, CommandPort, Clock, byte[], int)} with one event loop. */
  public static GatewayServer start(List<LinkSettings> settings, CommandPort port, Clock clock, byte[] tokenizerKey)
      throws IOException {
    return start(settings, port, clock, tokenizerKey, 1);
  }

  /**
   * Opens all links; returns when every port answers. Those that we dial are connected when they can be.
   *
   * @param tokenizerKey at least {@link PanTokenizer#MINIMUM_KEY_LENGTH} bytes; copied
   * @param loopThreads event loops; connections are spread over them
   * @throws IOException where a port cannot be opened; names partner, address and mend, and leaves nothing open
   * @throws IllegalArgumentException where settings cannot work; names partner and setting
   */
  public static GatewayServer start(
      List<LinkSettings> settings, CommandPort port, Clock clock, byte[] tokenizerKey, int loopThreads)
      throws IOException {
    byte[] key = tokenizerKey.clone();
    List<Link> links = new ArrayList<>();
    for (LinkSettings one : settings) {
      links.add(new Link(one));
    }
    // Judged before a port is open.
    var _ = new PanTokenizer(key);
    GatewayServer server = new GatewayServer(loopThreads);
    try {
      for (Link link : links) {
        server.open(link, port, clock, key);
      }
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void open(Link link, CommandPort port, Clock clock, byte[] key) throws IOException {
    SessionFactory factory = new SessionFactory(link, port, sessions, clock, key);
    if (link.upkeep().dials()) {
      dial(link, factory, clock);
    } else {
      listen(link, factory);
    }
  }

  /** Never waits for the other side: a partner that is away must not keep the others from being served. */
  private void dial(Link link, SessionFactory factory, Clock clock) {
    LinkSettings settings = link.settings();
    LinkUpkeep upkeep = link.upkeep();
    EventLoop loop = loops.next();
    Bootstrap bootstrap = new Bootstrap()
        .group(loop)
        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, upkeep.connectTimeoutMs())
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(settings.writeBufferBytes(), settings.writeBufferBytes()));
    Backoff backoff = new Backoff(upkeep.reconnectMinimumMs(), upkeep.reconnectMaximumMs(),
        new SplittableRandom(clock.nanoTime()));
    Dialer dialer = new Dialer(link, bootstrap, loop, clock, backoff);
    bootstrap.handler(factory.initializer(dialer));
    dialers.add(dialer);
    links.add(new BoundLink(settings, InetSocketAddress.createUnresolved(settings.address(), settings.port()),
        link.counters()));
    dialer.start();
  }

  private void listen(Link link, SessionFactory factory) throws IOException {
    LinkSettings settings = link.settings();
    ServerBootstrap bootstrap = new ServerBootstrap()
        .group(loops)
        .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(settings.writeBufferBytes(), settings.writeBufferBytes()))
        .childHandler(factory.initializer(null));
    ChannelFuture bound = bootstrap.bind(settings.address(), settings.port()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("partner " + settings.partnerName() + ": cannot listen on " + settings.address() + ":"
          + settings.port() + " (" + bound.cause().getMessage()
          + "); stop what uses the port, or give the partner another one", bound.cause());
    }
    listeners.add(bound.channel());
    links.add(new BoundLink(settings, (InetSocketAddress) bound.channel().localAddress(), link.counters()));
  }

  /** The links in the order in which they were given. */
  public List<BoundLink> links() {
    return List.copyOf(links);
  }

  /** Connections that are open now. */
  public int connections() {
    return sessions.count();
  }

  /** Closes the ports and dials no more; open connections go on. */
  public void stopAccepting() {
    dialers.forEach(Dialer::stop);
    for (Channel listener : listeners) {
      listener.close().awaitUninterruptibly();
    }
  }

  /**
   * Reads no more, answers all that was read, signs off where we had signed on, and closes every connection.
   *
   * @return true when that was done within the time
   */
  public boolean drain(long timeoutMs) throws InterruptedException {
    return sessions.drain(timeoutMs);
  }

  /** Ends every connection at once: from the call on, no answer leaves that was not yet given to the kernel's hands. */
  public void dropAll() {
    dialers.forEach(Dialer::stop);
    sessions.drop();
  }

  /** Closes ports and connections and stops the event loops; returns when their threads have ended. */
  @Override
  public void close() {
    stopAccepting();
    dropAll();
    loops.shutdownGracefully(0, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(STOP_TIMEOUT_MS);
    threads.join();
  }

  /** Remembers the loops' threads: Netty says that a loop has ended while its thread still runs its last lines. */
  private static final class LoopThreads extends DefaultThreadFactory {
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    LoopThreads() {
      super("gateway");
    }

    @Override
    public Thread newThread(Runnable loop) {
      Thread thread = super.newThread(loop);
      threads.add(thread);
      return thread;
    }

    void join() {
      boolean interrupted = false;
      for (Thread thread : threads) {
        try {
          thread.join(STOP_TIMEOUT_MS);
        } catch (InterruptedException ignored) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
