package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Check;

/** The rules about the card and who holds it. Owned by the core thread; for the selected card. */
final class CardRules {
  private final CardTable card;

  CardRules(CardTable card) {
    this.card = card;
  }

  /** Is the card one that can be used at all? */
  @Nullable DeclineReason decideCard(Request request, int monthIndex) {
    CardStatus status = card.status();
    if (status == CardStatus.FROZEN) {
      return DeclineReason.CARD_FROZEN;
    }
    if (status == CardStatus.CLOSED) {
      return DeclineReason.CARD_CLOSED;
    }
    if (status == CardStatus.LOST) {
      return DeclineReason.CARD_LOST;
    }
    if (status == CardStatus.STOLEN) {
      return DeclineReason.CARD_STOLEN;
    }
    if (card.isExpiredIn(monthIndex)) {
      return DeclineReason.CARD_EXPIRED;
    }
    if (request.expiryConflict()) {
      return DeclineReason.EXPIRY_CONFLICT;
    }
    if (request.hasExpiry() && request.expiryYearMonth != card.expiryYearMonth()) {
      return DeclineReason.EXPIRY_MISMATCH;
    }
    return null;
  }

  /** Is it the card, and the holder, that it says? A CVV or cryptogram that no key can check proves nothing. */
  @Nullable DeclineReason decideHolder(Request request, Outcome outcome) {
    if (request.cvvCheck == Check.FAILED) {
      return DeclineReason.CVV_FAILED;
    }
    if (request.cryptogramCheck == Check.FAILED) {
      return DeclineReason.CRYPTOGRAM_FAILED;
    }
    if (!request.pinPresented()) {
      return null;
    }
    if (card.pinTriesLeft() == 0) {
      return DeclineReason.PIN_TRIES_USED_UP;
    }
    return switch (request.pinCheck) {
      case PASSED -> {
        outcome.pin = Outcome.Pin.RIGHT;
        yield null;
      }
      case FAILED -> {
        outcome.pin = Outcome.Pin.WRONG;
        yield DeclineReason.PIN_WRONG;
      }
      case NOT_PRESENTED, NO_KEY, NULL_VAL -> DeclineReason.PIN_NOT_VERIFIABLE;
    };
  }
}
