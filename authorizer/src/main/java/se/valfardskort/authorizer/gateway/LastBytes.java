package se.valfardskort.authorizer.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection on which we still have answers under way: our side is ended first, and what still comes in is
 * read and thrown away, until the other machine has acknowledged every byte.
 *
 * <p>Closing at once would not do: where unread bytes have arrived, a close sends RST, and the kernel throws away the
 * answers that it had not sent yet. Event loop only. Gives up only when its owner closes the channel.
 */
final class LastBytes {
  private static final long LOOK_AGAIN_MS = 2;
  /** Where the kernel does not tell what was acknowledged: this many looks are patience enough. */
  private static final int BLIND_LOOKS = 500;
  /** States of Linux's TCP_INFO in which our FIN has been acknowledged, and so all before it. */
  private static final int FIN_WAIT_2 = 5;
  private static final int CLOSED = 7;

  private final Channel channel;
  private final Runnable done;
  private int looks;

  private LastBytes(Channel channel, Runnable done) {
    this.channel = channel;
    this.done = done;
  }

  /** Flushes, ends the output, and runs {@code done} when all has arrived or the connection has gone. */
  static void deliver(Channel channel, Runnable done) {
    LastBytes last = new LastBytes(channel, done);
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) last::flushed);
  }

  private void flushed(ChannelFuture flush) {
    if (!flush.isSuccess() || !(channel instanceof DuplexChannel duplex)) {
      done.run();
      return;
    }
    duplex.shutdownOutput().addListener(_ -> {
      channel.config().setAutoRead(true);
      look();
    });
  }

  private void look() {
    if (!channel.isActive() || hasArrived()) {
      done.run();
      return;
    }
    var _ = channel.eventLoop().schedule(this::look, LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
  }

  private boolean hasArrived() {
    if (channel instanceof EpollSocketChannel epoll) {
      int state = epoll.tcpInfo().state();
      return state >= FIN_WAIT_2 && state <= CLOSED;
    }
    return ++looks >= BLIND_LOOKS;
  }
}
