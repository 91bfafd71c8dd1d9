package se.valfardskort.independent.model;

import java.util.Map;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/**
 * One message of a card, in symbols, so that it can be played again on another card: DE 2 is {@link #PAN} or {@link
 * #WRONG_PAN}, and a DE 38 that begins with {@code @} is what the command of that number was given.
 *
 * @param id unique among the card's commands
 * @param plain the same in the words of 1987, whatever the link's
 * @param repeats the command whose bytes these are, on the same link; else -1
 */
record Command(
    int id, Kind kind, Layout link, WireMessage message, WireMessage plain, boolean answered, int repeats) {
  /** Of the commands of the clock, which no message may name. */
  static final int OF_NO_MESSAGE = -2;

  private static final String MS = "ms";

  static final String PAN = "PAN";
  static final String WRONG_PAN = "WRONG";
  static final int NO_REPEAT = -1;
  private static final String NO_CODE = "NOCODE";

  /** The message itself, for a card, with the codes that were minted for its commands so far. */
  WireMessage resolve(Card card, Map<Integer, String> codes) {
    WireMessage concrete = message.copyAs(message.mti).set(2, card.pan(!message.require(2).equals(WRONG_PAN)));
    String code = message.get(38);
    if (code != null && code.startsWith("@")) {
      concrete.set(38, codes.getOrDefault(Integer.parseInt(code.substring(1)), NO_CODE));
    }
    return concrete;
  }

  /** Not a message, but so much time. */
  static Command timePasses(long ms) {
    WireMessage none = new WireMessage(ms + MS);
    return new Command(OF_NO_MESSAGE, Kind.TIME_PASSES, Layout.BINARY, none, none, false, NO_REPEAT);
  }

  boolean isTime() {
    return kind == Kind.TIME_PASSES;
  }

  long passesMs() {
    return Long.parseLong(message.mti.substring(0, message.mti.length() - MS.length()));
  }

  static String codeOf(int command) {
    return "@" + command;
  }
}
