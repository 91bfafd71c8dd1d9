package se.valfardskort.authorizer.gateway;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.FrameFormat;

/**
 * A partner's listening port, or the place that we dial, and what all its connections share.
 *
 * <p>Settings, dialect, format and counters: any thread. {@link #replyEncoder} belongs to the reply thread.
 */
final class Link {
  private static final System.Logger LOG = System.getLogger("se.valfardskort.gateway");
  private static final int LARGEST_STAN = 999_999;

  private final LinkSettings settings;
  private final Dialect dialect;
  private final FrameFormat format;
  private final LinkCounters counters = new LinkCounters();
  private final ReplyEncoder replyEncoder;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger troubles = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();

  /** @throws IllegalArgumentException names partner and setting where the settings cannot work */
  Link(LinkSettings settings) {
    this.settings = settings;
    dialect = Dialect.load(settings.dialectFile());
    format = FrameFormat.parse(settings.framing());
    replyEncoder = new ReplyEncoder(settings, dialect, format);
    require(dialect.defines(39), "dialect", "defines no DE 39, without which nothing can be answered");
    int echo = EchoBlock.maximumLength(dialect, format);
    require(echo <= Slot.ECHO_CAPACITY, "dialect", "lets the fields that answers repeat grow to " + echo
        + " bytes; shorten them to " + Slot.ECHO_CAPACITY + " in all");
    require(settings.maximumFrame() > 0, "maximumFrame", "must be above 0");
    require(settings.deadlineMs() > 0, "deadlineMs", "must be above 0");
    require(settings.framesInFlight() > 0, "framesInFlight", "must be above 0");
    require(settings.maximumConnections() > 0, "maximumConnections", "must be above 0");
    require(settings.frameDeadlineMs() > 0, "frameDeadlineMs", "must be above 0");
    require(settings.writeBufferBytes() > 0, "writeBufferBytes", "must be above 0");
    require(settings.unreadableFrames() > 0, "unreadableFrames", "must be above 0");
    requireUpkeep(settings.upkeep());
    require(settings.messagesPerSecond() >= 0, "messagesPerSecond", "must be 0 (no limit) or above");
  }

  private void requireUpkeep(LinkUpkeep upkeep) {
    NetworkWords words = NetworkWords.of(dialect);
    require(!upkeep.asks() || words.canBeSaidIn(dialect), "dialect",
        "lacks one of " + words.neededFields() + ", with which we sign on and ask for echoes");
    require(!upkeep.dials() || settings.port() > 0, "port", "must be above 0 where we dial");
    require(upkeep.connectTimeoutMs() > 0, "connectTimeoutMs", "must be above 0");
    require(upkeep.reconnectMinimumMs() > 0, "reconnectMinimumMs", "must be above 0");
    require(upkeep.reconnectMaximumMs() >= upkeep.reconnectMinimumMs(), "reconnectMaximumMs",
        "must not be below reconnectMinimumMs");
    require(upkeep.echoEveryMs() >= 0, "echoEveryMs", "must be 0 (never) or above");
    require(upkeep.answerWithinMs() > 0, "answerWithinMs", "must be above 0");
  }

  private void require(boolean holds, String setting, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("partner " + settings.partnerName() + ": " + setting + " " + otherwise);
    }
  }

  LinkSettings settings() {
    return settings;
  }

  LinkUpkeep upkeep() {
    return settings.upkeep();
  }

  /** The STAN of our next request on this link: 1 to 999999, then 1 again. Any thread. */
  int nextStan() {
    return asked.getAndUpdate(last -> (last + 1) % LARGEST_STAN) + 1;
  }

  Dialect dialect() {
    return dialect;
  }

  FrameFormat format() {
    return format;
  }

  LinkCounters counters() {
    return counters;
  }

  ReplyEncoder replyEncoder() {
    return replyEncoder;
  }

  /** Takes one of the link's connections; false where all are taken. */
  boolean tryConnect() {
    int now = connections.incrementAndGet();
    if (now > settings.maximumConnections()) {
      connections.decrementAndGet();
      return false;
    }
    counters.opened.increment();
    return true;
  }

  void disconnected() {
    connections.decrementAndGet();
  }

  /**
   * Says why a connection ended, where that is worth a line: every time for the first ten troubles of a link, then only
   * when their number has doubled, so that an attacker cannot fill the log. Nothing that was received is in it.
   */
  void report(CloseCause cause, Channel channel) {
    if (cause == CloseCause.PEER || cause == CloseCause.SHUTDOWN || cause == CloseCause.IDLE) {
      return;
    }
    int count = troubles.incrementAndGet();
    if (count > 10 && Integer.bitCount(count) != 1) {
      return;
    }
    LOG.log(System.Logger.Level.WARNING,
        "partner {0}, port {1}: connection from {2} closed: {3}, {4} (the link''s closings so far: {5})",
        settings.partnerName(), Integer.toString(portOf(channel)), hostAndPort(channel.remoteAddress()), cause,
        cause.advice(), Integer.toString(count));
  }

  /** A fault of ours: its class and place only, since a message could repeat what was received. */
  void reportFault(String what, Throwable fault) {
    StackTraceElement[] trace = fault.getStackTrace();
    LOG.log(System.Logger.Level.ERROR, "partner {0}: {1}: {2} at {3}; the connection is closed, report this",
        settings.partnerName(), what, fault.getClass().getName(), trace.length == 0 ? "?" : trace[0]);
  }

  private int portOf(Channel channel) {
    return channel.localAddress() instanceof InetSocketAddress internet ? internet.getPort() : settings.port();
  }

  private static String hostAndPort(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet
        ? internet.getAddress().getHostAddress() + ":" + internet.getPort() : "?";
  }
}
