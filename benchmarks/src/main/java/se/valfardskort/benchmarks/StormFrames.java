package se.valfardskort.benchmarks;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageWriter;
import se.valfardskort.loadtest.client.CardNumber;

/** Writes purchases at a grocer's and their reversals, framed, with one time for them all. Owned by one thread. */
final class StormFrames {
  static final String FRAMING = "binary2";

  private static final long ACQUIRER = 123456;
  private static final long AMOUNT_MINOR = 100;
  private static final int EXPIRY = 3012;
  private static final int FOOD = 5411;
  private static final int CURRENCY = 752;
  private static final int PURCHASE = 100;
  private static final int REVERSAL = 400;

  private final MessageWriter writer;
  private final FrameFormat framing = FrameFormat.parse(FRAMING);
  private final byte[] terminal;
  private final byte[] merchant = latin("STORMKOP0000001");
  private final byte[] original = new byte[42];
  private final long transmission;
  private final long time;
  private final long date;

  /** @param terminal eight characters, which no other line and round uses */
  StormFrames(Dialect dialect, String terminal) {
    writer = new MessageWriter(dialect);
    this.terminal = latin(terminal);
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    time = now.getHour() * 10_000L + now.getMinute() * 100L + now.getSecond();
    date = now.getMonthValue() * 100L + now.getDayOfMonth();
    transmission = date * 1_000_000L + time;
  }

  void purchase(ByteBuf out, int card, int stan) {
    int start = begin(out, PURCHASE, card, stan);
    writer.end();
    framing.finish(out, start);
  }

  /** A reversal, by DE 90, of the purchase with the STAN {@code originalStan}. */
  void reversal(ByteBuf out, int card, int stan, int originalStan) {
    int start = begin(out, REVERSAL, card, stan);
    digits(0, 4, PURCHASE);
    digits(4, 6, originalStan);
    digits(10, 10, transmission);
    digits(20, 11, ACQUIRER);
    digits(31, 11, 0);
    writer.text(90, original, 0, original.length);
    writer.end();
    framing.finish(out, start);
  }

  private int begin(ByteBuf out, int mti, int card, int stan) {
    int start = framing.startRequest(out);
    writer.begin(out, mti);
    writer.number(2, CardNumber.pan(card));
    writer.number(3, 0);
    writer.number(4, AMOUNT_MINOR);
    writer.number(7, transmission);
    writer.number(11, stan);
    writer.number(12, time);
    writer.number(13, date);
    writer.number(14, EXPIRY);
    writer.number(18, FOOD);
    writer.number(22, 51);
    writer.number(25, 0);
    writer.number(32, ACQUIRER);
    writer.text(41, terminal, 0, terminal.length);
    writer.text(42, merchant, 0, merchant.length);
    writer.number(49, CURRENCY);
    return start;
  }

  private void digits(int from, int count, long value) {
    long left = value;
    for (int i = from + count - 1; i >= from; i--) {
      original[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
