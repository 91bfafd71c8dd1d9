package se.valfardskort.authorizer.app.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.valfardskort.authorizer.gateway.LinkUpkeep;

/**
 * Where a link is: an address on which we listen, or one that we dial. Immutable.
 *
 * @param host a name, an IPv4 address, or an IPv6 address in brackets
 * @param port 0 where we listen: a free one
 * @param dials whether we connect to it
 * @param scalar where it is written
 */
record LinkPlace(String host, int port, boolean dials, Scalar scalar) {
  private static final Pattern PLACE = Pattern.compile("([0-9A-Za-z.:-]+|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");
  private static final int LARGEST_PORT = 65_535;
  private static final int LONGEST_MS = 3_600_000;

  /** @param portOffset added to a port of ours; what we dial is not ours to move */
  static LinkPlace read(Section section, int portOffset) {
    boolean dials = section.has("dial");
    if (dials && section.has("listen")) {
      section.scalar("dial").refuse("'listen' and 'dial' both stand in this block", "keep one of the two");
    }
    Scalar scalar = section.scalar(dials ? "dial" : "listen");
    Matcher place = PLACE.matcher(scalar.raw());
    if (place.matches()) {
      int written = Integer.parseInt(place.group(2));
      int port = dials || written == 0 ? written : written + portOffset;
      if (port >= (dials ? 1 : 0) && port <= LARGEST_PORT) {
        return new LinkPlace(place.group(1), port, dials, scalar);
      }
    }
    scalar.refuse(
        "'" + scalar.raw() + "' is not an address and port to " + (dials ? "dial" : "listen on")
            + (portOffset == 0 || dials ? "" : " (the port offset is " + portOffset + ")"),
        "write it like " + (dials ? "network.example:8583" : "127.0.0.1:8583") + "; ports end at " + LARGEST_PORT);
    return new LinkPlace("127.0.0.1", dials ? 1 : 0, dials, scalar);
  }

  /** The keys that may be left out, each then as shipped. */
  static LinkUpkeep readUpkeep(Section section, boolean dials) {
    LinkUpkeep shipped = LinkUpkeep.LISTENING;
    int connect = shipped.connectTimeoutMs();
    int minimum = shipped.reconnectMinimumMs();
    int maximum = shipped.reconnectMaximumMs();
    if (dials) {
      connect = ms(section, "connect-within-ms", 1, connect);
      minimum = ms(section, "redial-after-ms", 1, minimum);
      maximum = ms(section, "redial-after-at-most-ms", minimum, Math.max(minimum, maximum));
    }
    int answer = ms(section, "answer-within-ms", 1, shipped.answerWithinMs());
    int echo = shipped.echoEveryMs();
    if (section.has("echo-every-ms")) {
      echo = Math.max(0, section.scalar("echo-every-ms").limitCount(LONGEST_MS));
    }
    return new LinkUpkeep(dials, connect, minimum, maximum, echo, answer);
  }

  private static int ms(Section section, String key, int minimum, int otherwise) {
    return section.has(key) ? section.scalar(key).smallInteger(minimum, LONGEST_MS) : otherwise;
  }
}
