package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Clock;
import se.valfardskort.authorizer.pipeline.ReplyTarget;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.iso8583.FrameFormat;

/**
 * One connection: cuts frames, limits what the other side may do, and carries answers back.
 *
 * <p>Everything runs on the connection's event loop, except {@link #reply} and {@link #endOfBatch}, which the reply
 * thread calls. Nothing blocks; nothing is allocated a message.
 *
 * <pre>
 *   SIGNED_OFF &lt;-&gt; SIGNED_ON -&gt; FINISHING -&gt; CLOSED        every state may become CLOSED
 * </pre>
 *
 * <p>Reading pauses while too many frames are unanswered, or came this second, or the {@link StormBrake} holds back;
 * what was received meanwhile waits in the {@link Inbox}. Answers of the engine and of the gateway may overtake each
 * other.
 */
final class Session extends ChannelInboundHandlerAdapter implements ReplyTarget {
  private static final long NS_PER_MS = 1_000_000L;
  private static final int DIRECT_CAPACITY = 512;

  private final Link link;
  private final Channel channel;
  private final Reception reception;
  private final Sessions sessions;
  private final Clock clock;
  private final FrameFormat format;
  private final Inbox inbox;
  private final Outbox outbox;
  private final OwnRequests own;
  private final Pace pace;
  private final StormBrake brake;
  /** Traffic waits for a sign-on: the other side's, or ours where we dialled. */
  private final boolean gated;
  private final FrameTimer frameTimer;
  private final Runnable idleTimer = this::checkIdle;
  private final Runnable rateTimer = this::resume;
  private final Runnable restTimer = this::rested;
  /** Who does not fetch his last answers within the time of a frame is a slow reader. */
  private final Runnable lastBytesTimer = this::giveUp;

  private volatile SessionState state;
  private @Nullable ByteBuf direct;
  private boolean connected;
  private boolean inputEnded;
  private boolean draining;
  private boolean taking;
  private int inFlight;
  private int unreadableInARow;
  private long lastReadNs;
  private boolean rateTimerArmed;

  /** @param dialer who made the connection; null where the other side did */
  Session(Link link, Channel channel, Reception reception, NetworkClient client, Sessions sessions, Clock clock,
      @Nullable Dialer dialer) {
    this.link = link;
    this.channel = channel;
    this.reception = reception;
    this.sessions = sessions;
    this.clock = clock;
    format = link.format();
    inbox = new Inbox(channel.alloc());
    outbox = new Outbox(channel, this);
    own = new OwnRequests(link.upkeep(), client, this, clock, dialer);
    pace = new Pace(link.settings().messagesPerSecond());
    brake = new StormBrake(sessions.storms());
    frameTimer = new FrameTimer(this, clock, link.settings().frameDeadlineMs());
    gated = link.settings().signOnRequired() || dialer != null;
    state = gated ? SessionState.SIGNED_OFF : SessionState.SIGNED_ON;
  }

  // Connection

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connected = link.tryConnect();
    if (!connected) {
      close(CloseCause.CONNECTION_LIMIT);
      return;
    }
    if (!sessions.add(this)) {
      close(CloseCause.SHUTDOWN);
      return;
    }
    lastReadNs = clock.nanoTime();
    pace.begin(lastReadNs);
    if (link.settings().idleMs() > 0) {
      after(idleTimer, link.settings().idleMs());
    }
    own.begin();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    close(CloseCause.PEER);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof java.io.IOException) {
      close(CloseCause.BROKEN);
    } else {
      failed("the connection's event loop failed", cause);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      finishIfDone();
    }
  }

  // Frames

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (isOver()) {
        return;
      }
      lastReadNs = clock.nanoTime();
      ByteBuf held = inbox.held();
      if (held == null) {
        takeFrames(in);
        if (!isOver() && in.isReadable()) {
          inbox.keep(in);
        }
      } else {
        inbox.keep(in);
        takeHeld();
      }
    } finally {
      Inbox.wipeAndRelease(in);
    }
    afterTaking();
  }

  private void takeHeld() {
    ByteBuf held = inbox.held();
    if (held != null) {
      takeFrames(held);
      inbox.trim();
      if (isOver()) {
        inbox.clear();
      }
    }
  }

  /** Takes every whole frame, until reading must pause or the connection is over. */
  private void takeFrames(ByteBuf buf) {
    boolean progress = false;
    taking = true;
    try {
      while (!isOver() && !mustPause()) {
        int length = format.frameLength(buf, buf.readerIndex());
        if (length == FrameFormat.NEED_MORE) {
          break;
        }
        if (length <= 0 || length > link.settings().maximumFrame()) {
          close(CloseCause.BAD_FRAME);
          break;
        }
        int whole = format.headerLength() + length;
        if (buf.readableBytes() < whole) {
          break;
        }
        pace.count();
        progress = true;
        judge(reception.take(this, buf, buf.readerIndex() + format.headerLength(), length));
        buf.skipBytes(whole);
      }
    } catch (RuntimeException e) {
      failed("taking a frame failed", e);
    } finally {
      taking = false;
    }
    if (isOver() || !buf.isReadable() || mustPause()) {
      frameTimer.end();
    } else if (progress || !frameTimer.hasBegun()) {
      frameTimer.begin();
    }
  }

  private void judge(Reception.Taken taken) {
    switch (taken) {
      case GOOD -> unreadableInARow = 0;
      case UNANSWERED -> {
        // Neither a sign of trouble nor of health.
      }
      case UNREADABLE -> {
        unreadableInARow++;
        if (unreadableInARow >= link.settings().unreadableFrames()) {
          close(CloseCause.UNREADABLE);
        }
      }
    }
  }

  private void afterTaking() {
    flushDirect();
    if (isOver()) {
      return;
    }
    if (mustPause()) {
      channel.config().setAutoRead(false);
    }
    finishIfDone();
  }

  /** Too many unanswered, or as many this second as may come: a timer or the next answers go on. */
  private boolean mustPause() {
    if (inFlight >= link.settings().framesInFlight() || brake.holdsBack()) {
      return true;
    }
    if (!pace.isLimited()) {
      return false;
    }
    long waitMs = pace.waitMs(clock.nanoTime());
    if (waitMs > 0 && !rateTimerArmed) {
      rateTimerArmed = true;
      after(rateTimer, waitMs);
    }
    return waitMs > 0;
  }

  private void resume() {
    rateTimerArmed = false;
    goOn();
  }

  private void rested() {
    brake.rested();
    goOn();
  }

  private void goOn() {
    if (isOver()) {
      return;
    }
    takeHeld();
    afterTaking();
    if (!isOver() && !draining && !inputEnded && !mustPause()) {
      brake.allTaken();
      channel.config().setAutoRead(true);
    }
  }

  // What the reception asks for

  boolean isSignedOn() {
    return state == SessionState.SIGNED_ON;
  }

  void signOn() {
    if (state == SessionState.SIGNED_OFF && own.admits()) {
      become(SessionState.SIGNED_ON);
    }
  }

  /** Where no sign-on is required there is nothing to sign off from: answered, and without effect. */
  void signOff() {
    if (state == SessionState.SIGNED_ON && gated) {
      become(SessionState.SIGNED_OFF);
    }
  }

  /** What we ask for on this connection. */
  OwnRequests own() {
    return own;
  }

  /** Whether what arrives is left where it is, for now or, while the session drains, for good. */
  boolean isPaused() {
    return draining || mustPause();
  }

  /** When bytes last came. */
  long lastReadNs() {
    return lastReadNs;
  }

  /** A command of this connection is on its way; {@code unhurried} where it is a reversal or an advice. */
  void queued(boolean unhurried) {
    inFlight++;
    if (unhurried) {
      brake.taken(clock.nanoTime());
    }
  }

  /** Where an answer of the gateway itself is appended; flushed when the read is over. */
  ByteBuf directAnswers() {
    ByteBuf buffer = direct;
    if (buffer == null) {
      buffer = channel.alloc().buffer(DIRECT_CAPACITY);
      direct = buffer;
    }
    return buffer;
  }

  void flushDirect() {
    ByteBuf buffer = direct;
    direct = null;
    if (buffer != null) {
      write(buffer);
    }
  }

  private void write(ByteBuf buffer) {
    if (state == SessionState.CLOSED || sessions.areDropped() || !buffer.isReadable()) {
      buffer.release();
      return;
    }
    var _ = channel.writeAndFlush(buffer, channel.voidPromise());
    if (!channel.isWritable()) {
      close(CloseCause.SLOW_READER);
    }
  }

  // Answers from the pipeline

  @Override
  public void reply(Slot slot) {
    outbox.add(isUnhurried(slot));
    if (state == SessionState.CLOSED) {
      return;
    }
    ByteBuf out = outbox.buffer();
    int start = out.writerIndex();
    try {
      link.replyEncoder().encode(slot, out);
      link.counters().answers.increment();
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
      out.writerIndex(start);
      link.reportFault("an answer cannot be written", e);
      sessions.execute(this, () -> close(CloseCause.INTERNAL));
    }
  }

  /** A reversal or an advice that was not booked is not answered, so that its sender repeats it (wire.md section 4). */
  @Override
  public void silence(Slot slot) {
    outbox.add(isUnhurried(slot));
    link.counters().silenced.increment();
  }

  /** Only requests have a deadline. */
  private static boolean isUnhurried(Slot slot) {
    return slot.deadlineNs == 0;
  }

  @Override
  public void endOfBatch() {
    outbox.handOver();
  }

  /** The event loop's end of the {@link Outbox}. */
  void answered(@Nullable ByteBuf buffer, int answers, int unhurried) {
    inFlight -= answers;
    long restNs = brake.answered(unhurried, clock.nanoTime());
    if (restNs != StormBrake.NO_REST && !isOver()) {
      var _ = channel.eventLoop().schedule(restTimer, restNs, TimeUnit.NANOSECONDS);
    }
    if (buffer != null) {
      write(buffer);
    }
    goOn();
  }

  // Limits in time

  void after(Runnable task, long ms) {
    var _ = channel.eventLoop().schedule(task, ms, TimeUnit.MILLISECONDS);
  }

  private void checkIdle() {
    if (isOver()) {
      return;
    }
    long leftMs = link.settings().idleMs() - (clock.nanoTime() - lastReadNs) / NS_PER_MS;
    if (leftMs > 0) {
      after(idleTimer, leftMs);
    } else if (inFlight > 0) {
      after(idleTimer, link.settings().idleMs());
    } else {
      close(CloseCause.IDLE);
    }
  }

  // The end

  /** Answers what was read, then closes. */
  void drain() {
    if (isOver()) {
      return;
    }
    draining = true;
    channel.config().setAutoRead(false);
    finishIfDone();
  }

  boolean isOver() {
    SessionState now = state;
    return now == SessionState.FINISHING || now == SessionState.CLOSED;
  }

  private void finishIfDone() {
    if (isOver() || taking || !(inputEnded || draining) || inFlight > 0 || (inbox.held() != null && mustPause())) {
      return;
    }
    if (draining) {
      own.signOff();
      if (isOver()) {
        return;
      }
    }
    become(SessionState.FINISHING);
    after(lastBytesTimer, link.settings().frameDeadlineMs());
    if (inputEnded) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener((ChannelFutureListener) done -> close(CloseCause.PEER));
    } else {
      LastBytes.deliver(channel, () -> close(CloseCause.SHUTDOWN));
    }
  }

  private void giveUp() {
    close(CloseCause.SLOW_READER);
  }

  void failed(String what, Throwable fault) {
    if (state != SessionState.CLOSED) {
      link.reportFault(what, fault);
      close(CloseCause.INTERNAL);
    }
  }

  /** Ends the connection; later calls do nothing. Event loop only. */
  void close(CloseCause cause) {
    if (state == SessionState.CLOSED) {
      return;
    }
    if (direct != null && !sessions.areDropped()) {
      // What was answered before the offence leaves before the end.
      ByteBuf last = direct;
      direct = null;
      var _ = channel.writeAndFlush(last, channel.voidPromise());
    }
    become(SessionState.CLOSED);
    if (!taking) {
      inbox.clear();
    }
    brake.end();
    link.counters().closed(cause);
    if (!own.ended(cause)) {
      link.report(cause, channel);
    }
    if (connected) {
      link.disconnected();
      sessions.remove(this);
    }
    var _ = channel.close();
  }

  /** The one door. */
  private void become(SessionState next) {
    if (!state.canBecome(next)) {
      throw new IllegalStateException("a session cannot go from " + state + " to " + next);
    }
    state = next;
  }

  Channel channel() {
    return channel;
  }
}
