package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage;

/**
 * Compares a server that has recovered with what its clients know. One thread.
 *
 * <p>In this order, so that nothing hides what went wrong before it: the purses of each card, which must be what they
 * were before or after the request that is in doubt; all that was answered, again, to the byte; what is in doubt, with
 * the repeat digit and then as it was, to the byte; the purses.
 */
final class Audit {
  /**
   * What a client knows of a card, whose history is answered in order.
   *
   * @param answered so many of its exchanges, from the first on
   * @param asked which of these are asked again
   * @param inDoubt was sent after them, and has no answer; null: there is none
   * @param balances by all that was answered
   */
  record Claim(
      CardLife card, int answered, List<Exchange> asked, @Nullable Exchange inDoubt, Balances balances) {
    /** Of all that its client knows now. */
    static Claim of(CardLife card) {
      Exchange pending = card.pending();
      int answered = card.history.size() - (pending == null ? 0 : 1);
      return new Claim(card, answered, card.history.subList(0, answered), pending, card.balances());
    }

    /** Of what its client knew at that time. */
    static Claim at(long time, CardLife card) {
      List<Exchange> history = card.history;
      int answered = 0;
      while (answered < history.size() && history.get(answered).answeredAt <= time) {
        answered++;
      }
      boolean isSent = answered < history.size() && history.get(answered).sentAt <= time;
      Balances balances = answered == 0 ? CardLife.PAID : history.get(answered - 1).after;
      return new Claim(
          card, answered, history.subList(0, answered), isSent ? history.get(answered) : null, balances);
    }
  }

  private final WireLink link;
  private final WireMessage.Layout layout;
  private final Counts counts;
  private final String when;

  /** @param when for messages */
  Audit(WireLink link, WireMessage.Layout layout, Counts counts, String when) {
    this.link = link;
    this.layout = layout;
    this.counts = counts;
    this.when = when;
  }

  /**
   * Checks the claims of one client.
   *
   * @return what is answered to those that were in doubt
   */
  Map<Exchange, byte[]> check(List<Claim> claims) throws IOException {
    Map<CardLife, Balances> found = balances(claims);
    for (Claim claim : claims) {
      comparePurses(claim, found(found, claim));
    }
    askAgain(claims);
    Map<Exchange, byte[]> settled = settle(claims);
    Map<CardLife, Balances> left = balances(claims);
    for (Claim claim : claims) {
      Exchange inDoubt = claim.inDoubt;
      Balances expected = inDoubt == null ? claim.balances : inDoubt.after;
      Balances now = found(left, claim);
      if (!expected.equals(now)) {
        counts.fail(now.cash() + now.hjartan() > expected.cash() + expected.hjartan() ? "lost" : "doubled",
            when + ", after all repeats: card " + claim.card.number + " has " + now + ", not " + expected);
      }
    }
    counts.add("purses compared", claims.size());
    return settled;
  }

  private static Balances found(Map<CardLife, Balances> balances, Claim claim) {
    Balances found = balances.get(claim.card);
    if (found == null) {
      throw new IllegalStateException("nobody asked for the purses of card " + claim.card.number);
    }
    return found;
  }

  private void comparePurses(Claim claim, Balances found) {
    Exchange inDoubt = claim.inDoubt;
    if (inDoubt == null) {
      if (!found.equals(claim.balances)) {
        counts.fail("unexplained", when + ": card " + claim.card.number + " has " + found + ", not " + claim.balances);
      }
    } else if (!inDoubt.movesMoney() && found.equals(inDoubt.before)) {
      counts.count("in doubt, moved nothing");
    } else if (found.equals(inDoubt.after)) {
      counts.count("in doubt, had been booked");
    } else if (found.equals(inDoubt.before)) {
      counts.count("in doubt, had not been booked");
    } else {
      counts.fail("unexplained", when + ": card " + claim.card.number + " has " + found + ", neither " + inDoubt.before
          + " nor " + inDoubt.after + " as before and after " + inDoubt.words());
    }
  }

  private Map<CardLife, Balances> balances(List<Claim> claims) throws IOException {
    Map<String, CardLife> cards = new HashMap<>();
    Map<String, byte[]> requests = new LinkedHashMap<>();
    for (Claim claim : claims) {
      WireMessage inquiry = claim.card.inquiry();
      cards.put(inquiry.require(11), claim.card);
      requests.put(inquiry.require(11), inquiry.encode(layout));
    }
    Map<CardLife, Balances> found = new HashMap<>();
    Map<String, byte[]> answers = Conversation.askAll(link, layout, requests);
    cards.forEach((stan, card) ->
        found.put(card, Balances.in(WireMessage.decode(layout, Conversation.bodyOf(answers, stan)))));
    return found;
  }

  private void askAgain(List<Claim> claims) throws IOException {
    Map<String, byte[]> requests = new LinkedHashMap<>();
    for (Claim claim : claims) {
      for (Exchange exchange : claim.asked) {
        requests.put(exchange.stan, exchange.body);
      }
    }
    Map<String, byte[]> answers = Conversation.askAll(link, layout, requests);
    for (Claim claim : claims) {
      for (Exchange exchange : claim.asked) {
        compare(claim, exchange, Conversation.bodyOf(answers, exchange.stan));
      }
    }
  }

  private void compare(Claim claim, Exchange exchange, byte[] again) {
    counts.count("answers checked");
    Exchange reversal = exchange.undoneBy;
    boolean isUndone = reversal != null && reversal.index < claim.answered;
    boolean mayBeUndone = reversal != null && reversal == claim.inDoubt;
    boolean same = Arrays.equals(exchange.answer, again);
    String code = WireMessage.decode(layout, again).require(39);
    boolean saysUndone = code.equals("94") || code.equals("913");
    if (isUndone ? !saysUndone : !same && !(mayBeUndone && saysUndone)) {
      counts.fail("lost", when + ": " + exchange.words() + " is answered otherwise than before, DE 39 = " + code);
    }
  }

  private Map<Exchange, byte[]> settle(List<Claim> claims) throws IOException {
    Map<String, byte[]> repeats = new LinkedHashMap<>();
    Map<String, byte[]> first = new LinkedHashMap<>();
    List<Exchange> inDoubt = new ArrayList<>();
    for (Claim claim : claims) {
      Exchange exchange = claim.inDoubt;
      if (exchange != null) {
        inDoubt.add(exchange);
        repeats.put(exchange.stan, exchange.repeatBody);
        first.put(exchange.stan, exchange.body);
      }
    }
    Map<String, byte[]> answers = Conversation.askAll(link, layout, repeats);
    Map<String, byte[]> again = Conversation.askAll(link, layout, first);
    Map<Exchange, byte[]> settled = new LinkedHashMap<>();
    for (Exchange exchange : inDoubt) {
      byte[] answer = Conversation.bodyOf(answers, exchange.stan);
      counts.add("repeats", 2);
      if (!Arrays.equals(answer, Conversation.bodyOf(again, exchange.stan))) {
        counts.fail("unexplained", when + ": " + exchange.words() + " is answered in two ways");
      }
      String code = WireMessage.decode(layout, answer).require(39);
      if (!exchange.code.equals(code)) {
        counts.fail("unexplained", when + ": " + exchange.words() + " is answered DE 39 = " + code + ", not "
            + exchange.code);
      }
      settled.put(exchange, answer);
    }
    return settled;
  }
}
