package se.valfardskort.loadtest.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.MessageReader;
import se.valfardskort.loadtest.client.IsoLink;

/**
 * One open-loop run: sends on a fixed schedule whatever the server does, and measures each answer from the moment at
 * which its request was due, so that a server that stalls cannot hide what waited behind it (coordinated omission).
 *
 * <pre>
 *   one event loop:  tick --> all messages that are due --> one flush a connection --> sleep until the next is due
 *                    answers --> matched by connection, DE 11 and message type --> recorders
 *   main thread:     once a second reads the counters and the second's histogram
 * </pre>
 *
 * <p>Everything except the counters and recorders belongs to the event loop: one thread sends and receives, since the
 * generator usually shares its cores with the server. It sleeps between messages and never spins.
 */
final class LoadRun implements AutoCloseable {
  private static final long LONGEST_NS = 3_600_000_000_000L;
  private static final int DIGITS = 3;
  /** Messages sent before the loop looks at the answers again. */
  private static final int BATCH = 256;
  private static final int WARM_UP_MESSAGES = 30_000;
  private static final int CODES = 1 << 16;
  private static final int NO_CODE = ('-' << 8) | '-';

  /** What the run came to; consistent once the run is over. */
  final AtomicLong sent = new AtomicLong();
  final AtomicLong answered = new AtomicLong();
  final AtomicLong approved = new AtomicLong();
  /** Answers that nothing was waiting for. */
  final AtomicLong unasked = new AtomicLong();
  /** Due, but on a lost connection or with every STAN in flight. */
  final AtomicLong unsent = new AtomicLong();
  final AtomicLong lostLinks = new AtomicLong();
  /** Measured messages sent later than the permitted lag. */
  final AtomicLong late = new AtomicLong();
  /** Every answer, for the second's progress line. */
  final SingleWriterRecorder recent = new SingleWriterRecorder(LONGEST_NS, DIGITS);
  final CountDownLatch done = new CountDownLatch(1);

  private final SingleWriterRecorder measured = new SingleWriterRecorder(LONGEST_NS, DIGITS);
  private final SingleWriterRecorder lag = new SingleWriterRecorder(LONGEST_NS, DIGITS);
  private final LoadSettings settings;
  private final EventLoopGroup group;
  private final Connection[] connections;
  private final InFlight inFlight = new InFlight();
  private final Mix mix;
  private final LoadFrames frames;
  private final LoadMessage message = new LoadMessage();
  private final long[] codes = new long[CODES];
  private final byte[] authorization = new byte[64];
  private final @Nullable Ledger ledger;
  private final int firstStan;
  private final long maximumLagNs;
  private long startNs;
  private long next;
  private volatile String firstLoss = "";

  /** Connects. */
  LoadRun(LoadSettings settings) {
    this.settings = settings;
    Random random = new Random();
    String tag = Integer.toString(random.nextInt(36 * 36 * 36 * 36 * 36), 36).toUpperCase(java.util.Locale.ROOT);
    tag = "0".repeat(LoadFrames.TAG_LENGTH - tag.length()) + tag;
    this.firstStan = random.nextInt(InFlight.STANS);
    this.maximumLagNs = settings.maximumLagMs() * 1_000_000L;
    this.mix = new Mix(settings.seed(), settings.cards());
    this.frames = new LoadFrames(settings.endpoint(), tag);
    this.ledger = settings.ledger() == null ? null : new Ledger(settings.ledger(), tag);
    this.group = IsoLink.newEventLoopGroup("load");
    this.connections = new Connection[settings.connections()];
    try {
      for (int i = 0; i < connections.length; i++) {
        Connection connection = new Connection(i);
        connection.link = IsoLink.connect(group, settings.endpoint(), Duration.ofSeconds(5), connection);
        connections[i] = connection;
      }
    } catch (RuntimeException e) {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
      throw e;
    }
  }

  /** Starts the schedule; {@link #done} opens when every message was answered, or every connection is lost. */
  void start() {
    warmUp();
    group.next().execute(() -> {
      startNs = System.nanoTime();
      tick();
    });
  }

  /** Messages that were sent and not yet answered. */
  long unanswered() {
    return sent.get() - answered.get();
  }

  /** Why the first connection was lost, empty where none was. */
  String firstLoss() {
    return firstLoss;
  }

  /** Latency of the measured messages since the last call, ns from the moment each was due. */
  Histogram takeMeasured() {
    return measured.getIntervalHistogram();
  }

  /** How late the measured messages left, ns. */
  Histogram takeLag() {
    return lag.getIntervalHistogram();
  }

  /** Answers by DE 39 (two characters, first times 256 plus second), once the run is over. */
  long[] takeCodes() {
    return group.next().submit(codes::clone).syncUninterruptibly().getNow();
  }

  /** Closes ledger and connections. */
  @Override
  public void close() {
    Ledger book = ledger;
    if (book != null) {
      group.next().submit(book::close).awaitUninterruptibly();
    }
    for (Connection connection : connections) {
      IsoLink link = connection.link;
      if (link != null) {
        link.close();
      }
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void tick() {
    long now = System.nanoTime();
    long total = settings.total();
    int batch = 0;
    while (next < total && batch < BATCH && startNs + settings.dueNs(next) - now <= 0) {
      send(next, now);
      next++;
      batch++;
    }
    for (Connection connection : connections) {
      connection.flush();
    }
    if (next >= total || lostLinks.get() == connections.length) {
      unsent.lazySet(unsent.get() + total - next);
      next = total;
      finishWhenQuiet();
      return;
    }
    EventLoop loop = group.next();
    // Never execute(): the loop would run a tick that is always due again for up to a second before it looks at the
    // sockets. A scheduled one waits for the next round, which begins with the answers.
    long wait = Math.max(startNs + settings.dueNs(next) - System.nanoTime(), 1);
    var _ = loop.schedule(this::tick, wait, TimeUnit.NANOSECONDS);
  }

  /** Builds and reads messages that nobody gets, so that the schedule does not meet code that was never run. */
  private void warmUp() {
    Mix spare = new Mix(settings.seed(), settings.cards());
    LoadMessage trial = new LoadMessage();
    MessageReader reader = new MessageReader(settings.endpoint().dialect());
    ByteBuf buffer = Unpooled.directBuffer(512);
    long read = 0;
    for (int i = 0; i < WARM_UP_MESSAGES; i++) {
      trial.stan = i + 1;
      trial.epochSecond = System.currentTimeMillis() / 1000;
      spare.choose(trial);
      buffer.clear();
      frames.message(trial, buffer);
      reader.wrap(buffer, 0, buffer.readableBytes());
      read += reader.number(11) == i + 1 ? 1 : 0;
    }
    buffer.release();
    if (read != WARM_UP_MESSAGES) {
      throw new IllegalStateException("a message that was written could not be read");
    }
  }

  private void send(long number, long nowNs) {
    Connection connection = connections[(int) (number % connections.length)];
    int stan = (int) ((firstStan + number) % InFlight.STANS) + 1;
    if (connection.lost || !inFlight.isFree(stan)) {
      add(unsent);
      return;
    }
    message.number = number;
    message.stan = stan;
    message.connection = connection.index;
    message.epochSecond = System.currentTimeMillis() / 1000;
    mix.choose(message);
    if (ledger != null) {
      ledger.request(message);
    }
    frames.frame(message, connection.buffer());
    inFlight.add(message);
    add(sent);
    if (number >= settings.warmup()) {
      long behind = nowNs - startNs - settings.dueNs(number);
      lag.recordValue(Math.min(Math.max(behind, 0), LONGEST_NS));
      if (behind > maximumLagNs) {
        add(late);
      }
    }
  }

  private void answer(Connection connection, MessageReader reader, ByteBuf buf, int offset, int length) {
    final long nowNs = System.nanoTime();
    boolean legible = reader.wrap(buf, offset, length) != DecodeResult.UNREADABLE && reader.readable(11);
    long number = legible ? inFlight.numberOf(reader.number(11), connection.index) : InFlight.NONE;
    if (number == InFlight.NONE) {
      add(unasked);
      return;
    }
    int stan = (int) reader.number(11);
    LoadMessage.Kind kind = inFlight.kindOf(stan);
    if (reader.mti() != (settings.echo() ? kind.mti : kind.mti + 10)) {
      add(unasked);
      return;
    }
    long latency = Math.min(Math.max(nowNs - startNs - settings.dueNs(number), 0), LONGEST_NS);
    recent.recordValue(latency);
    if (number >= settings.warmup()) {
      measured.recordValue(latency);
    }
    int code = NO_CODE;
    if (reader.readable(39) && reader.length(39) == 2) {
      code = ((reader.textAt(39, 0) & 0xFF) << 8) | (reader.textAt(39, 1) & 0xFF);
    }
    codes[code]++;
    boolean isApproved = code == (('0' << 8) | '0');
    if (isApproved) {
      add(approved);
      if (kind == LoadMessage.Kind.HOLD) {
        mix.approved(stan, inFlight.cardOf(stan), inFlight.amountMinorOf(stan), inFlight.epochSecondOf(stan));
      }
    }
    if (ledger != null) {
      int known = reader.readable(38) && reader.length(38) <= authorization.length
          ? reader.copyText(38, authorization, 0) : 0;
      ledger.answer(number, code, authorization, known, buf, offset, length);
    }
    inFlight.remove(stan);
    add(answered);
    finishWhenQuiet();
  }

  private void finishWhenQuiet() {
    if (next >= settings.total() && (inFlight.count() == 0 || lostLinks.get() == connections.length)) {
      done.countDown();
    }
  }

  /** Only the event loop writes a counter, so it needs no atomic addition. */
  private static void add(AtomicLong counter) {
    counter.lazySet(counter.get() + 1);
  }

  /** One connection. Owned by the event loop. */
  private final class Connection implements IsoLink.Listener {
    private final int index;
    private final MessageReader reader = new MessageReader(settings.endpoint().dialect());
    private volatile @Nullable IsoLink link;
    private @Nullable ByteBuf pending;
    private boolean lost;

    Connection(int index) {
      this.index = index;
    }

    ByteBuf buffer() {
      ByteBuf buffer = pending;
      if (buffer == null) {
        IsoLink open = link;
        if (open == null) {
          throw new IllegalStateException("connection " + index + " is not open");
        }
        buffer = open.newBuffer(4096);
        pending = buffer;
      }
      return buffer;
    }

    void flush() {
      ByteBuf buffer = pending;
      IsoLink open = link;
      if (buffer != null && open != null) {
        pending = null;
        open.send(buffer);
      }
    }

    @Override
    public void onFrame(ByteBuf buf, int offset, int length) {
      answer(this, reader, buf, offset, length);
    }

    @Override
    public void onClosed(String why) {
      lost = true;
      if (firstLoss.isEmpty()) {
        firstLoss = why;
      }
      add(lostLinks);
      finishWhenQuiet();
    }
  }
}
