package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import se.valfardskort.authorizer.pipeline.Clock;

/**
 * The gateway's real links and sessions without sockets and threads: connections are Netty's embedded channels, whose
 * event loops run when they are told to, by a clock of their owner's. One thread.
 */
public final class SteppedGateway {
  private final List<Link> links;
  private final List<Reception> receptions = new ArrayList<>();
  private final List<NetworkClient> clients = new ArrayList<>();
  private final Sessions sessions = new Sessions();
  private final Clock clock;

  /** Links as configured; reading their dialects takes a while, so they may serve several processes in turn. */
  public static final class Links {
    private final List<Link> links = new ArrayList<>();

    /** Reads the dialects. */
    public Links(List<LinkSettings> settings) {
      for (LinkSettings one : settings) {
        links.add(new Link(one));
      }
    }

    /** Connections that ended through a fault of ours, so far. */
    public long faults() {
      return closedFor(CloseCause.INTERNAL);
    }

    /** Connections that were ended for that cause, so far. */
    public long closedFor(CloseCause cause) {
      return links.stream().mapToLong(link -> link.counters().closedFor(cause)).sum();
    }
  }

  /** Opens the links. */
  public SteppedGateway(Links links, CommandPort port, Clock clock, byte[] key) {
    this.links = links.links;
    this.clock = clock;
    for (Link link : this.links) {
      receptions.add(new Reception(link, port, clock, new PanTokenizer(key)));
      clients.add(new NetworkClient(link, clock));
    }
  }

  /** Somebody connects. */
  public Connection connect(int link) {
    return new Connection(link);
  }

  /** Connections that are open now. */
  public int connections() {
    return sessions.count();
  }

  /** As {@link GatewayServer#drain} begins. */
  public void drain() throws InterruptedException {
    sessions.drain(0);
  }

  /** As {@link GatewayServer#dropAll}. */
  public void dropAll() {
    sessions.drop();
  }

  /** One connection, seen from the network. */
  public final class Connection extends EmbeddedChannel {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private int window = Integer.MAX_VALUE;
    private long nowNs;

    private Connection(int number) {
      super();
      freezeTime();
      nowNs = clock.nanoTime();
      Link link = links.get(number);
      config().setAllocator(new UnpooledByteBufAllocator(false, true));
      int mark = link.settings().writeBufferBytes();
      config().setWriteBufferWaterMark(new WriteBufferWaterMark(mark, mark));
      pipeline()
          .addLast(new Session(link, this, receptions.get(number), clients.get(number), sessions, clock, null));
      pipeline().fireChannelActive();
    }

    /** Whether the gateway takes bytes now. */
    public boolean isReading() {
      return isActive() && config().isAutoRead();
    }

    /** Bytes arrive. */
    public void receive(byte[] bytes) {
      ByteBuf buffer = alloc().buffer(bytes.length);
      buffer.writeBytes(bytes);
      pipeline().fireChannelRead(buffer);
      pipeline().fireChannelReadComplete();
    }

    /** The other side will say no more. */
    public void endInput() {
      pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }

    /** The other side, or what lies between, breaks it off. */
    public void reset() {
      if (isActive()) {
        pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        var _ = close();
      }
    }

    /** The kernel takes so many more bytes; then they pile up. */
    public void window(int bytes) {
      window = bytes;
      if (bytes > 0 && isActive()) {
        flush();
      }
    }

    /** Runs what waits for this connection's event loop, timers included. */
    public void turn() {
      long toNs = clock.nanoTime();
      advanceTimeBy(toNs - nowNs, TimeUnit.NANOSECONDS);
      nowNs = toNs;
      runPendingTasks();
    }

    /** Nanoseconds until a timer is due; -1: there is none. */
    public long nextTimerNs() {
      return runScheduledPendingTasks();
    }

    /** What has left for the other side since the last call. */
    public byte[] takeSent() {
      byte[] bytes = sent.toByteArray();
      sent.reset();
      return bytes;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
      for (Object message = in.current(); message != null && window > 0; message = in.current()) {
        ByteBuf buffer = (ByteBuf) message;
        int count = Math.min(window, buffer.readableBytes());
        byte[] part = new byte[count];
        buffer.readBytes(part);
        sent.writeBytes(part);
        window -= window == Integer.MAX_VALUE ? 0 : count;
        if (buffer.isReadable()) {
          in.progress(count);
          return;
        }
        in.remove();
      }
    }
  }
}
