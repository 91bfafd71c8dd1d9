package se.valfardskort.loadtest.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageWriter;
import se.valfardskort.loadtest.client.CardNumber;
import se.valfardskort.loadtest.client.Endpoint;

/**
 * Builds the frames of a run: the same {@link LoadMessage} and run tag always give the same bytes. Owned by one thread.
 * Allocates one object a second of the run.
 */
final class LoadFrames {
  /** Characters of a run's tag, which with the connection's number makes DE 41. */
  static final int TAG_LENGTH = 5;
  /** Connections that DE 41 can tell apart. */
  static final int MOST_CONNECTIONS = 36 * 36;

  private static final ZoneId LOCAL = ZoneId.of("Europe/Stockholm");
  private static final int TIMES = 1024;
  private static final long ACQUIRER = 123456;
  private static final int CURRENCY = 752;
  private static final int EXPIRY = 3012;
  private static final int CHIP_ENTRY = 51;
  private static final byte[] PLACE = latin("LOAD TEST              BOTKYRKA       SE");

  private final MessageWriter writer;
  private final FrameFormat framing;
  private final Map<LoadMessage.Kind, byte[]> merchants = new EnumMap<>(LoadMessage.Kind.class);
  private final byte[] reference = new byte[12];
  private final byte[] original = new byte[42];
  private final byte[] terminal = new byte[8];
  private final Times[] times = new Times[TIMES];

  LoadFrames(Endpoint endpoint, String tag) {
    this.writer = new MessageWriter(endpoint.dialect());
    this.framing = endpoint.framing();
    for (LoadMessage.Kind kind : LoadMessage.Kind.values()) {
      merchants.put(kind, latin(kind.merchant));
    }
    byte[] tagBytes = latin(tag);
    if (tagBytes.length != TAG_LENGTH) {
      throw new IllegalArgumentException("a run's tag has " + TAG_LENGTH + " characters, not '" + tag + "'");
    }
    terminal[0] = 'L';
    System.arraycopy(tagBytes, 0, terminal, 1, TAG_LENGTH);
  }

  /** Writes length header, fixed header and message. */
  void frame(LoadMessage message, ByteBuf out) {
    int start = framing.startRequest(out);
    message(message, out);
    framing.finish(out, start);
  }

  /** Writes the message alone. */
  void message(LoadMessage message, ByteBuf out) {
    Times now = timesAt(message.epochSecond);
    writer.begin(out, message.kind.mti);
    writer.number(2, CardNumber.pan(message.card));
    writer.number(3, 0);
    writer.number(4, message.amountMinor);
    writer.number(7, now.transmission);
    writer.number(11, message.stan);
    writer.number(12, now.time);
    writer.number(13, now.date);
    writer.number(14, EXPIRY);
    writer.number(18, message.kind.mcc);
    writer.number(22, CHIP_ENTRY);
    writer.number(25, 0);
    writer.number(32, ACQUIRER);
    int referenceStan = message.originalStan == LoadMessage.NONE ? message.stan : message.originalStan;
    digits(reference, 0, 6, message.originalStan == LoadMessage.NONE ? now.referenceStart
        : timesAt(message.originalEpochSecond).referenceStart);
    digits(reference, 6, 6, referenceStan);
    writer.text(37, reference, 0, reference.length);
    terminal[6] = base36(message.connection / 36);
    terminal[7] = base36(message.connection % 36);
    writer.text(41, terminal, 0, terminal.length);
    byte[] merchant = Objects.requireNonNull(merchants.get(message.kind));
    writer.text(42, merchant, 0, merchant.length);
    writer.text(43, PLACE, 0, PLACE.length);
    writer.number(49, CURRENCY);
    if (message.originalStan != LoadMessage.NONE) {
      digits(original, 0, 4, LoadMessage.Kind.HOLD.mti);
      digits(original, 4, 6, message.originalStan);
      digits(original, 10, 10, timesAt(message.originalEpochSecond).transmission);
      digits(original, 20, 11, ACQUIRER);
      digits(original, 31, 11, 0);
      writer.text(90, original, 0, original.length);
    }
    writer.end();
  }

  private Times timesAt(long epochSecond) {
    int slot = (int) (epochSecond & (TIMES - 1));
    Times known = times[slot];
    if (known == null || known.epochSecond != epochSecond) {
      known = new Times(epochSecond);
      times[slot] = known;
    }
    return known;
  }

  private static void digits(byte[] out, int from, int count, long value) {
    long left = value;
    for (int i = from + count - 1; i >= from; i--) {
      out[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  private static byte base36(int value) {
    return (byte) (value < 10 ? '0' + value : 'A' + value - 10);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** One second in the fields' ways of writing it. */
  private static final class Times {
    final long epochSecond;
    /** DE 7, MMDDhhmmss in UTC. */
    final long transmission;
    /** DE 12, hhmmss in Stockholm. */
    final long time;
    /** DE 13, MMDD in Stockholm. */
    final long date;
    /** DE 37 begins with the year's last digit, the day of the year and the hour. */
    final long referenceStart;

    Times(long epochSecond) {
      this.epochSecond = epochSecond;
      ZonedDateTime utc = Instant.ofEpochSecond(epochSecond).atZone(ZoneOffset.UTC);
      ZonedDateTime local = utc.withZoneSameInstant(LOCAL);
      transmission = (utc.getMonthValue() * 100 + utc.getDayOfMonth()) * 1_000_000L + clock(utc);
      time = clock(local);
      date = local.getMonthValue() * 100L + local.getDayOfMonth();
      referenceStart = local.getYear() % 10 * 100_000L + local.getDayOfYear() * 100L + local.getHour();
    }

    private static long clock(ZonedDateTime at) {
      return at.getHour() * 10_000L + at.getMinute() * 100L + at.getSecond();
    }
  }
}
