package se.valfardskort.authorizer.reliability;

import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireMessage;

/** One request and what becomes of it. Owned by one client at a time. */
final class Exchange {
  /** The time of what has not happened. */
  static final long NEVER = Long.MAX_VALUE;

  final CardLife card;
  /** Its place in the card's history, from 0. */
  final int index;
  final String mti;
  /** DE 11, unique among its client's. */
  final String stan;
  final byte[] body;
  /** The same request with the repeat digit set. */
  final byte[] repeatBody;
  /** DE 39 that the interface promises. */
  final String code;
  final Balances before;
  final Balances after;
  /** The answer's bytes; null: none has come. */
  byte @Nullable [] answer;
  /** The reversal after which a repeat is answered that the request was reversed; null: none was sent. */
  @Nullable Exchange undoneBy;
  /** When it was sent first, and answered, on whatever scale the trial keeps. */
  long sentAt = NEVER;
  long answeredAt = NEVER;

  private Exchange(
      CardLife card, int index, WireMessage message, String code, Balances before, Balances after) {
    this.card = card;
    this.index = index;
    this.code = code;
    this.before = before;
    this.after = after;
    mti = message.mti;
    stan = message.require(11);
    body = message.encode(card.layout);
    repeatBody = message.copyAs(mti.substring(0, 3) + "1").encode(card.layout);
  }

  static Exchange of(
      CardLife card, int index, WireMessage message, String code, Balances before, Balances after) {
    return new Exchange(card, index, message, code, before, after);
  }

  boolean movesMoney() {
    return !before.equals(after);
  }

  /** In words, without the card's full number. */
  String words() {
    return mti + " STAN " + stan + " of card " + card.number + " (" + card.layout + ")";
  }
}
