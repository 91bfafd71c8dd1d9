package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import se.valfardskort.independent.WireLink;
import se.valfardskort.independent.WireMessage;
import se.valfardskort.independent.WireMessage.Layout;

/**
 * A client of its own: one connection, several cards with one request each on its way, until the other side is gone. It
 * repeats what was not answered, now and then asks again what was, and at times hangs up without reading its answers.
 *
 * <p>One thread works at a time; whoever reads afterwards has joined it.
 */
final class Teller {
  private static final int CARDS_AT_ONCE = 6;
  private static final int ROUNDS_BETWEEN_REPEATS = 8;
  private static final int ROUNDS_BETWEEN_HANGUPS = 150;
  private static final int BETWEEN_CONNECTIONS_MS = 50;

  final Layout layout;
  /** All cards that it ever had. */
  final List<CardLife> cards = new ArrayList<>();
  private final List<CardLife> active = new ArrayList<>();
  private final CardLife.Stans stans = new CardLife.Stans();
  private final Random random;
  private final IntSupplier freshNumbers;
  private final Counts counts;
  private final LongSupplier scale;

  /**
   * @param freshNumbers numbers of cards that nobody has used yet
   * @param scale what {@link Exchange#sentAt} and {@link Exchange#answeredAt} are read from
   */
  Teller(Layout layout, Random random, IntSupplier freshNumbers, Counts counts, LongSupplier scale) {
    this.layout = layout;
    this.random = random;
    this.freshNumbers = freshNumbers;
    this.counts = counts;
    this.scale = scale;
  }

  /** Until the server's process has ended, or {@code stop} was asked for. */
  void work(Host host) {
    while (!host.isClosing() && host.isAlive()) {
      try (WireLink link = host.link(layout)) {
        while (!host.isClosing()) {
          round(link);
        }
      } catch (IOException broken) {
        // The other side died or hung up, or we did: what was not answered is repeated on the next connection.
        host.endsWithin(BETWEEN_CONNECTIONS_MS);
      }
    }
  }

  private void round(WireLink link) throws IOException {
    Map<String, Exchange> open = new HashMap<>();
    for (CardLife card : refreshed()) {
      Exchange pending = card.pending();
      Exchange exchange = pending == null ? card.next() : pending;
      open.put(exchange.stan, exchange);
      if (pending == null) {
        exchange.sentAt = scale.getAsLong();
      }
      counts.count(pending == null ? "requests" : "repeats");
      link.sendBody(pending == null ? exchange.body : exchange.repeatBody);
    }
    if (random.nextInt(ROUNDS_BETWEEN_HANGUPS) == 0) {
      throw new IOException("hangs up");
    }
    for (int i = open.size(); i > 0; i--) {
      byte[] body = link.receiveBody();
      long now = scale.getAsLong();
      WireMessage answer = WireMessage.decode(layout, body);
      Exchange exchange = open.remove(answer.require(11));
      if (exchange == null) {
        counts.fail("unexplained", "an answer to nothing: " + answer.mti + " STAN " + answer.require(11));
      } else if (Conversation.isTryAgain(answer)) {
        counts.count("told to try again");
      } else {
        exchange.answeredAt = now;
        take(exchange, body, answer);
      }
    }
    if (random.nextInt(ROUNDS_BETWEEN_REPEATS) == 0) {
      askAgain(link);
    }
  }

  /** Notes the first answer and checks it against the ledger. */
  private void take(Exchange exchange, byte[] body, WireMessage answer) {
    exchange.card.answered(exchange, body);
    if (!exchange.code.equals(answer.require(39))) {
      counts.fail("unexplained", exchange.words() + " is answered DE 39 = " + answer.require(39) + ", not "
          + exchange.code);
    } else if (answer.has(54) && !exchange.after.equals(Balances.in(answer))) {
      counts.fail("unexplained", exchange.words() + " leaves " + Balances.in(answer) + ", not " + exchange.after);
    }
  }

  private List<CardLife> refreshed() {
    active.removeIf(card -> card.pending() == null && !card.goesOn());
    while (active.size() < CARDS_AT_ONCE) {
      CardLife card = new CardLife(freshNumbers.getAsInt(), layout, random, stans);
      active.add(card);
      cards.add(card);
    }
    return active;
  }

  private void askAgain(WireLink link) throws IOException {
    CardLife card = cards.get(random.nextInt(cards.size()));
    if (card.history.isEmpty()) {
      return;
    }
    Exchange exchange = card.history.get(random.nextInt(card.history.size()));
    byte[] before = exchange.answer;
    if (before == null || exchange.undoneBy != null) {
      return;
    }
    counts.count("repeats");
    byte[] again = link.exchangeBody(exchange.body);
    if (!Arrays.equals(before, again) && !Conversation.isTryAgain(WireMessage.decode(layout, again))) {
      counts.fail("unexplained", exchange.words() + " is answered otherwise when it is repeated");
    }
  }
}
