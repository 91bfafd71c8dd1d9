package se.valfardskort.authorizer.simulation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireMessage;

/** One message of a client and what becomes of it. */
final class Exchange {
  final WireMessage message;
  final int stan;
  /** Repeated until it is answered; else given up after some tries, and then reversed. */
  final boolean insists;
  /** What the client does when the answer is there; null: it was given up. */
  final Consumer<@Nullable WireMessage> then;
  int tries;
  boolean over;
  /** The first answer to each frame, since the same bytes must get the same. */
  private final Map<String, byte[]> answers = new HashMap<>();

  Exchange(WireMessage message, boolean insists, Consumer<@Nullable WireMessage> then) {
    this.message = message;
    this.stan = Integer.parseInt(message.require(11));
    this.insists = insists;
    this.then = then;
  }

  boolean isAdvice() {
    return message.mti.charAt(2) == '2';
  }

  /** Advices and reversals: what cannot be booked of these meets silence. */
  boolean mustBeBooked() {
    return isAdvice() || message.mti.charAt(1) == '4';
  }

  /** The message as its {@code attempt}th repeat, with the repeat digit or as it was. */
  WireMessage attempt(boolean marked) {
    return marked ? message.copyAs(message.mti.substring(0, 3) + "1") : message;
  }

  /** False where the same question had another answer before. */
  boolean isSameAs(String mti, byte[] answer) {
    byte[] first = answers.putIfAbsent(mti, answer);
    return first == null || Arrays.equals(first, answer);
  }

  /** For people; without the card. */
  String words() {
    return message.copyAs(message.mti).without(2).toString();
  }
}
