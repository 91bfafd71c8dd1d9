package se.valfardskort.authorizer.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/** What a client says, in the words of its edition. */
final class Words {
  private static final DateTimeFormatter TRANSMISSION = time("MMddHHmmss");
  private static final DateTimeFormatter DATE = time("MMdd");
  private static final DateTimeFormatter TIME = time("HHmmss");
  private static final DateTimeFormatter LONG_TIME = time("yyMMddHHmmss");

  /** Merchant and its category: any shop, fuel, a provider of Hjartan, a restaurant, one that is blocked. */
  private static final String[][] SHOPS = {
    {"MATAFFAREN00001", "5411"}, {"MATAFFAREN00001", "5411"}, {"MACKEN000000001", "5541"},
    {"BARNKOOP0000001", "8351"}, {"BARNKOOP0000001", "8351"}, {"KROGEN000000001", "5812"},
    {"SYSTEMET0000001", "5921"},
  };

  private final Layout layout;
  private final String acquirer;
  private final SimClock clock;

  Words(Layout layout, String acquirer, SimClock clock) {
    this.layout = layout;
    this.acquirer = acquirer;
    this.clock = clock;
  }

  private static DateTimeFormatter time(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  private boolean is1993() {
    return layout == Layout.BINARY_1993;
  }

  static String twelve(long amount) {
    return String.format(Locale.ROOT, "%012d", amount);
  }

  /** {@code mti} in the words of 1987; the version digit is the edition's. */
  private WireMessage begin(String mti, int stan) {
    WireMessage message = new WireMessage((is1993() ? "1" : "0") + mti.substring(1));
    return stamp(message, stan);
  }

  private WireMessage stamp(WireMessage message, int stan) {
    Instant now = Instant.ofEpochMilli(clock.trueMs());
    message.set(7, TRANSMISSION.format(now)).set(11, String.format(Locale.ROOT, "%06d", stan));
    if (is1993()) {
      return message.set(12, LONG_TIME.format(now));
    }
    return message.set(12, TIME.format(now)).set(13, DATE.format(now));
  }

  /** A purchase at one of the shops, dual message (0100) or single (0200). */
  WireMessage purchase(String mti, int stan, String pan, long amount, SplittableRandom dice) {
    String[] shop = SHOPS[dice.nextInt(SHOPS.length)];
    WireMessage message =
        begin(mti, stan)
            .set(2, pan)
            .set(3, "000000")
            .set(4, twelve(amount))
            .set(14, "3012")
            .set(32, acquirer)
            .set(37, String.format(Locale.ROOT, "6326%08d", stan))
            .set(41, "TERM000" + dice.nextInt(3))
            .set(42, shop[0])
            .set(49, "752");
    if (is1993()) {
      return message
          .set(22, "510101511344").set(24, mti.charAt(1) == '1' ? "100" : "200").set(26, shop[1])
          .set(43, "BUTIKEN\\\\FITTJA\\14542        SWE");
    }
    return message.set(18, shop[1]).set(22, "051").set(25, "00")
        .set(43, String.format(Locale.ROOT, "%-25s%-13s%s", "BUTIKEN", "FITTJA", "SE"));
  }

  /** A hold at a school, which needs an approval. */
  WireMessage course(int stan, String pan, long amount, SplittableRandom dice) {
    return purchase("0100", stan, pan, amount, dice).set(42, "SKOLAN000000001").set(is1993() ? 26 : 18, "8220");
  }

  WireMessage inquiry(int stan, String pan, SplittableRandom dice) {
    return purchase("0100", stan, pan, 0, dice).set(3, "310000").without(4).without(18).without(26).without(49);
  }

  /** Speaks of the same purchase. */
  private WireMessage about(WireMessage original, String mti, int stan) {
    WireMessage message = original.copyAs((is1993() ? "1" : "0") + mti.substring(1)).without(38).without(39);
    return name(stamp(message, stan), original);
  }

  private WireMessage name(WireMessage message, WireMessage original) {
    if (is1993()) {
      return message.set(56, original.mti + original.require(11) + original.require(12) + "06" + acquirer);
    }
    return message.set(
        90, original.mti + original.require(11) + original.require(7) + "00000" + acquirer + "0".repeat(11));
  }

  /** Reverses down to {@code remains}; 0: all. */
  WireMessage reversal(WireMessage original, boolean advice, int stan, long remains) {
    if (is1993()) {
      WireMessage message = about(original, advice ? "0420" : "0400", stan).without(26).set(25, "4000");
      if (remains == 0) {
        return message.set(24, "400");
      }
      return message.set(24, "401").set(4, twelve(remains)).set(30, original.require(4) + twelve(0));
    }
    WireMessage message = about(original, advice ? "0420" : "0400", stan);
    return remains == 0 ? message : message.set(95, twelve(remains) + twelve(0) + "C00000000C00000000");
  }

  /** Completes a hold by an advice; the code is the authorization's. */
  WireMessage completion(WireMessage original, int stan, long amount, String authCode) {
    WireMessage message = about(original, "0220", stan).set(4, twelve(amount)).set(38, authCode);
    return is1993() ? message.set(24, "201") : message;
  }

  /** Puts the network's own decision in the place of ours. */
  WireMessage advice(WireMessage original, int stan, long amount, String authCode) {
    return about(original, "0120", stan).set(4, twelve(amount)).set(38, authCode);
  }

  /** What the network has approved in our name. */
  WireMessage standIn(String mti, int stan, String pan, long amount, SplittableRandom dice) {
    return purchase(mti, stan, pan, amount, dice).set(38, String.format(Locale.ROOT, "%06d", stan));
  }

  WireMessage increment(WireMessage original, int stan, long amount, String authCode) {
    WireMessage message = stamp(original.copyAs(original.mti), stan).set(4, twelve(amount)).set(38, authCode);
    return is1993() ? message.set(24, "106") : message;
  }

  WireMessage refund(WireMessage original, int stan, long amount) {
    return about(original, "0200", stan).set(3, "200000").set(4, twelve(amount));
  }

  WireMessage reconciliation(int stan) {
    return begin("0500", stan).without(13).set(32, acquirer).set(76, "0000000001");
  }

  WireMessage network(int stan, boolean cutOver) {
    WireMessage message = begin("0800", stan).without(13);
    if (is1993()) {
      message = message.copyAs("1804").set(24, cutOver ? "821" : "831");
    } else {
      message.without(12).set(70, cutOver ? "201" : "301");
    }
    return cutOver ? message.set(32, acquirer) : message;
  }

  /** With the length in front, and what else stands there. */
  byte[] frame(WireMessage message) {
    byte[] body = message.encode(layout);
    byte[] head =
        switch (layout) {
          case BINARY -> new byte[] {(byte) (body.length >> 8), (byte) body.length};
          case ASCII ->
              String.format(Locale.ROOT, "%04d", body.length).getBytes(StandardCharsets.US_ASCII);
          case BINARY_1993 -> {
            int length = body.length + 5;
            yield new byte[] {(byte) (length >> 8), (byte) length, 0x60, 0, 1, 0, 2};
          }
        };
    byte[] frame = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, frame, head.length, body.length);
    return frame;
  }

  /** Bytes of the frame at the front of what arrived; 0: not all of it is there. */
  int frameLength(byte[] arrived, int from, int to) {
    int head = layout == Layout.ASCII ? 4 : 2;
    if (to - from < head) {
      return 0;
    }
    int length =
        layout == Layout.ASCII
            ? Integer.parseInt(new String(arrived, from, head, StandardCharsets.US_ASCII))
            : (arrived[from] & 0xFF) << 8 | (arrived[from + 1] & 0xFF);
    return to - from < head + length ? 0 : head + length;
  }

  /** The answer in a frame. */
  WireMessage read(byte[] arrived, int from, int length) {
    int head = layout == Layout.ASCII ? 4 : layout == Layout.BINARY_1993 ? 7 : 2;
    return WireMessage.decode(layout, Arrays.copyOfRange(arrived, from + head, from + length));
  }
}
