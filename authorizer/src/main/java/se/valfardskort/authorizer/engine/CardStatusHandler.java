package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.StatusReason;

/**
 * Freezes cards, lifts freezes, closes cards, and takes reports of lost and stolen ones.
 *
 * <p>Owned by the core thread. A freeze stops new debits and nothing else (domain.md section 2): the purses are not
 * touched here, and only {@link CardRules} asks for the status. Closed, lost and stolen are for good.
 */
final class CardStatusHandler {
  /** A freeze that nobody looks at for longer is none that anybody wants. */
  private static final int LONGEST_FREEZE_DAYS = 366;


  private static final int NO_REVIEW = CardStatusChangeDecoder.reviewDayNullValue();

  private final EngineState state;

  CardStatusHandler(EngineState state) {
    this.state = state;
  }

  @Nullable CommandRefusal decide(CardStatusChangeDecoder command, long timeMs, Outcome outcome) {
    CardStatus status = command.status();
    if (status == CardStatus.NULL_VAL) {
      return CommandRefusal.STATUS_INVALID;
    }
    if (command.reason() == StatusReason.NULL_VAL) {
      return CommandRefusal.STATUS_REASON_INVALID;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + CardStatusChangeDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    if (!isReviewed(command, timeMs)) {
      return CommandRefusal.REVIEW_DAY_INVALID;
    }
    int tokenOffset = command.offset() + CardStatusChangeDecoder.panTokenEncodingOffset();
    int cardId = state.cards.find(command.buffer(), tokenOffset);
    if (cardId == CardTable.MISSING) {
      return CommandRefusal.CARD_NOT_FOUND;
    }
    state.cards.select(cardId);
    CardStatus now = state.cards.status();
    if (now == status && (status != CardStatus.FROZEN || state.cards.reviewDay() == command.reviewDay())) {
      return CommandRefusal.CARD_STATUS_SAME;
    }
    if (now != CardStatus.ACTIVE && now != CardStatus.FROZEN) {
      return CommandRefusal.CARD_STATUS_FINAL;
    }

    state.accounts.select(state.cards.accountId());
    outcome.effect = Effect.CARD_CHANGED;
    outcome.cardId = cardId;
    outcome.accountId = state.cards.accountId();
    state.readPurses(outcome);
    return null;
  }

  void apply(CardStatusChangeDecoder command, Outcome outcome) {
    state.cards.select(outcome.cardId);
    int reviewDay = command.status() == CardStatus.FROZEN ? command.reviewDay() : 0;
    state.cards.changeStatus(command.status(), command.reason(), reviewDay);
  }

  /** A freeze has a day after today on which it is looked at again; nothing else has one. */
  private boolean isReviewed(CardStatusChangeDecoder command, long timeMs) {
    if (command.status() != CardStatus.FROZEN) {
      return command.reviewDay() == NO_REVIEW;
    }
    long today = state.rules.civilTime.epochDay(timeMs);
    return command.reviewDay() > today && command.reviewDay() <= today + LONGEST_FREEZE_DAYS;
  }
}
