package se.valfardskort.authorizer.simulation;

import java.util.Set;
import se.valfardskort.independent.WireMessage;

/** What a client may be told, given what is certain. */
final class Answers {
  /** Overloaded, too late, no room: nothing was booked, the same question may be answered otherwise next time. */
  private static final Set<String> NOT_BOOKED = Set.of("91", "96", "907", "909");

  /** The key was used for something else, or what it stands for is undone. */
  private static final Set<String> MISUSED = Set.of("94", "913");

  private Answers() {}

  /** Whether the same question may be answered otherwise next time. */
  static boolean saysTryAgain(WireMessage answer) {
    return NOT_BOOKED.contains(answer.require(39));
  }

  static void requireExplained(World world, Exchange exchange, WireMessage answer, byte[] frame) {
    String code = answer.require(39);
    if (NOT_BOOKED.contains(code) && exchange.mustBeBooked()) {
      throw world.violation("answered " + code + ", though it is sent until it is booked: " + exchange.words());
    }
    if (NOT_BOOKED.contains(code) || MISUSED.contains(code)) {
      return;
    }
    if (!exchange.isSameAs(exchange.message.mti, frame)) {
      throw world.violation("the same request has another answer than before: " + exchange.words());
    }
    char messageClass = exchange.message.mti.charAt(1);
    if (messageClass == '5' || messageClass == '8') {
      return;
    }
    Entry entry = world.truth.certainOf(exchange.stan);
    if (entry == null) {
      throw world.violation("answered " + code + ", but nothing is in the journal: " + exchange.words());
    }
    if (!entry.responseCode().equals(code)) {
      throw world.violation(
          "answered " + code + ", but the journal says " + entry.responseCode() + ": " + exchange.words());
    }
    String authCode = answer.has(38) ? answer.require(38) : "";
    if (!authCode.equals(entry.authCode())) {
      throw world.violation(
          "answered with DE 38 " + authCode + ", but the journal says " + entry.authCode() + ": " + exchange.words());
    }
  }
}
