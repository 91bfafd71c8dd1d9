package se.valfardskort.authorizer.gateway;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import se.valfardskort.authorizer.pipeline.Clock;

/**
 * Keeps a link connected that we dial: one connection, made again after every end, later and later while it fails.
 *
 * <p>{@link #start} and {@link #stop} may be called from any thread; all else runs on one event loop, which is also the
 * connection's. Names are looked up on a thread of their own, since that may block.
 *
 * <p>An outage lasts until the link has been signed on for as long as the longest back-off, so that a partner who takes
 * us and throws us out again is neither dialled nor logged at full speed.
 */
final class Dialer {
  private static final System.Logger LOG = System.getLogger("se.valfardskort.gateway");
  private static final long NS_PER_MS = 1_000_000L;

  private final Link link;
  private final Bootstrap bootstrap;
  private final EventLoop loop;
  private final Clock clock;
  private final Backoff backoff;
  private boolean signedOn;
  private long signedOnNs;
  /** The last line of the log said that the link is down. */
  private boolean saidDown = true;
  private volatile boolean stopped;

  /** @param bootstrap complete but for its handler's link to this dialer; on {@code loop} */
  Dialer(Link link, Bootstrap bootstrap, EventLoop loop, Clock clock, Backoff backoff) {
    this.link = link;
    this.bootstrap = bootstrap;
    this.loop = loop;
    this.clock = clock;
    this.backoff = backoff;
  }

  /** Begins; returns at once. */
  void start() {
    loop.execute(this::dial);
  }

  /** Makes no further connection; one that is open goes on. */
  void stop() {
    stopped = true;
  }

  private void dial() {
    if (stopped) {
      return;
    }
    link.counters().dialled.increment();
    Thread.ofVirtual().name("look-up").start(() -> {
      try {
        InetAddress address = InetAddress.getByName(link.settings().address());
        loop.execute(() -> connect(address));
      } catch (UnknownHostException unknown) {
        later(() -> failed("its name is not known: look at partners.yaml and at the name service"));
      } catch (RejectedExecutionException stopping) {
        stop();
      }
    });
  }

  private void later(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException stopping) {
      stop();
    }
  }

  private void connect(InetAddress address) {
    if (stopped) {
      return;
    }
    bootstrap.connect(address, link.settings().port())
        .addListener((ChannelFutureListener) this::connected);
  }

  private void connected(ChannelFuture attempt) {
    Throwable cause = attempt.cause();
    if (cause != null) {
      failed(cause.getMessage() + ": nothing to do unless it goes on");
    } else if (Objects.equals(attempt.channel().localAddress(), attempt.channel().remoteAddress())) {
      // On loopback, where nobody listens, TCP may connect a port to itself: we would sign on to ourselves.
      var _ = attempt.channel().close();
    }
  }

  /** The sign-on was approved. */
  void signedOn() {
    signedOn = true;
    signedOnNs = clock.nanoTime();
    if (saidDown) {
      saidDown = false;
      LOG.log(System.Logger.Level.INFO, "partner {0}: signed on to {1}", link.settings().partnerName(), place());
    }
  }

  /** The connection has ended. */
  void down(CloseCause cause) {
    if (signedOn && clock.nanoTime() - signedOnNs >= link.upkeep().reconnectMaximumMs() * NS_PER_MS) {
      backoff.reset();
    }
    signedOn = false;
    if (cause == CloseCause.SHUTDOWN) {
      stop();
    } else {
      failed(cause + ", " + cause.advice());
    }
  }

  private void failed(String why) {
    if (stopped) {
      return;
    }
    long waitMs = backoff.nextMs();
    if (Integer.bitCount(backoff.failures()) == 1) {
      // The first failure of an outage, and whenever their number has doubled.
      saidDown = true;
      LOG.log(System.Logger.Level.WARNING,
          "partner {0}: the link to {1} is down: {2}; dialled again in {3} ms (failures in a row: {4})",
          link.settings().partnerName(), place(), why, Long.toString(waitMs), Integer.toString(backoff.failures()));
    }
    var _ = loop.schedule(this::dial, waitMs, TimeUnit.MILLISECONDS);
  }

  private String place() {
    return link.settings().address() + ":" + link.settings().port();
  }
}
