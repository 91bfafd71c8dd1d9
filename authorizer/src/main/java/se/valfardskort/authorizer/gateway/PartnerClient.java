package se.valfardskort.authorizer.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageReader;
import se.valfardskort.iso8583.MessageWriter;

/**
 * The other end of a link: sends requests as a partner does, over one blocking socket. Owned by one thread.
 *
 * <p>Requests gather until {@link #flush}; the caller keeps few enough of them unanswered that both sides' socket
 * buffers hold them.
 */
public final class PartnerClient implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final long DEFAULT_ACQUIRER = 123456;
  private static final int RESPONSE_CODE = 39;
  private static final int MTI_VERSION = 1000;
  private static final String TERMINAL = "WARMUP01";
  private static final String POINT_OF_SERVICE = "510101511344";
  private static final String PLACE = "WARM-UP                BOTKYRKA       SE";

  private final Socket socket = new Socket();
  private final MessageWriter writer;
  private final MessageReader reader;
  private final FrameFormat framing;
  private final long acquirer;
  private final ByteBuf out = Unpooled.buffer(BUFFER_BYTES);
  private final ByteBuf in = Unpooled.buffer(BUFFER_BYTES);
  private final long transmission;
  private final long time;
  private final long date;
  private final long year;
  private final boolean of1987;
  private final ResponseCodes codes;

  /**
   * What is asked for. Immutable.
   *
   * @param mti of 1987, as 100 for 0100; another version's digit is added where the dialect speaks it
   * @param pan digits; never to be logged
   * @param expiryYearMonth YYMM
   * @param amountMinor ore
   * @param mcc merchant category code
   * @param merchant 15 characters
   * @param stan DE 11, 1 to 999999
   * @param originalMti of the message that a reversal names; 0: names none
   * @param originalStan its DE 11
   */
  public record Ask(
      int mti,
      String pan,
      int expiryYearMonth,
      long amountMinor,
      int mcc,
      String merchant,
      int stan,
      int originalMti,
      int originalStan) {}

  /**
   * Connects.
   *
   * @param link with the port that was really taken
   * @param timeoutMs how long an answer may take
   * @param nowMs stands in DE 7, 12 and 13 of every request
   */
  public PartnerClient(GatewayServer.BoundLink link, int timeoutMs, long nowMs) throws IOException {
    Dialect dialect = Dialect.load(link.settings().dialectFile());
    writer = new MessageWriter(dialect);
    reader = new MessageReader(dialect);
    framing = FrameFormat.parse(link.settings().framing());
    acquirer = link.settings().acquirers().isEmpty() ? DEFAULT_ACQUIRER : link.settings().acquirers().getFirst();
    ZonedDateTime now = Instant.ofEpochMilli(nowMs).atZone(ZoneOffset.UTC);
    time = now.getHour() * 10_000L + now.getMinute() * 100L + now.getSecond();
    date = now.getMonthValue() * 100L + now.getDayOfMonth();
    transmission = date * 1_000_000L + time;
    year = now.getYear() % 100;
    of1987 = dialect.mtiVersion() == 0;
    codes = link.settings().codes();
    boolean connected = false;
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(timeoutMs);
      socket.connect(new InetSocketAddress(link.address().getAddress(), link.address().getPort()), timeoutMs);
      connected = true;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }

  /** Adds a request to what {@link #flush} sends. */
  public void add(Ask ask) {
    int start = framing.startRequest(out);
    writer.begin(out, mti(ask.mti()));
    text(2, ask.pan());
    number(3, 0);
    number(4, ask.amountMinor());
    number(7, transmission);
    number(11, ask.stan());
    number(12, of1987 ? time : localTime());
    if (of1987) {
      number(13, date);
    }
    number(14, ask.expiryYearMonth());
    if (of1987) {
      number(18, ask.mcc());
      number(22, 51);
      number(25, 0);
    } else {
      text(22, POINT_OF_SERVICE);
      number(24, ask.mti() == 100 ? 100 : ask.mti() == 200 ? 200 : 400);
      number(26, ask.mcc());
    }
    number(32, acquirer);
    text(37, digits(12, ask.originalMti() == 0 ? ask.stan() : ask.originalStan()));
    text(41, TERMINAL);
    text(42, ask.merchant());
    text(43, PLACE);
    number(49, 752);
    if (ask.originalMti() != 0) {
      String original = digits(4, mti(ask.originalMti())) + digits(6, ask.originalStan());
      if (of1987) {
        text(90, original + digits(10, transmission) + digits(11, acquirer) + digits(11, 0));
      } else {
        text(56, original + digits(12, localTime()) + "11" + digits(11, acquirer));
      }
    }
    writer.end();
    framing.finish(out, start);
  }

  /** Sends what was added. */
  public void flush() throws IOException {
    out.readBytes(socket.getOutputStream(), out.readableBytes());
    out.clear();
  }

  /**
   * Reads one answer.
   *
   * @return whether it approves
   * @throws IOException where none comes in time, or what comes is no answer
   */
  public boolean approved() throws IOException {
    int length = framing.frameLength(in, in.readerIndex());
    while (length < 0 || in.readableBytes() < framing.headerLength() + length) {
      if (length != FrameFormat.NEED_MORE && length < 0) {
        throw new IOException("the length of an answer cannot be read");
      }
      in.discardReadBytes();
      if (in.writeBytes(socket.getInputStream(), BUFFER_BYTES / 2) < 0) {
        throw new IOException("the link was closed before it had answered");
      }
      length = framing.frameLength(in, in.readerIndex());
    }
    int header = framing.headerLength() + framing.fixedHeaderLength();
    DecodeResult result = reader.wrap(in, in.readerIndex() + header, length - framing.fixedHeaderLength());
    in.skipBytes(framing.headerLength() + length);
    return result != DecodeResult.UNREADABLE && reader.has(RESPONSE_CODE)
        && (says(codes.of(Approval.APPROVED)) || says(codes.of(Approval.REVERSED)));
  }

  private boolean says(byte[] code) {
    return reader.textEquals(RESPONSE_CODE, new String(code, StandardCharsets.US_ASCII));
  }

  /** YYMMDDhhmmss. */
  private long localTime() {
    return year * 10_000_000_000L + transmission;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private int mti(int of1987) {
    return of1987 + writer.dialect().mtiVersion() * MTI_VERSION;
  }

  private void number(int de, long value) {
    if (writer.dialect().defines(de)) {
      writer.number(de, value);
    }
  }

  private void text(int de, String value) {
    if (writer.dialect().defines(de)) {
      byte[] latin = value.getBytes(StandardCharsets.ISO_8859_1);
      writer.text(de, latin, 0, latin.length);
    }
  }

  private static String digits(int count, long value) {
    String text = Long.toString(value);
    return "0".repeat(Math.max(0, count - text.length())) + text;
  }
}
