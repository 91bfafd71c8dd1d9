package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.AccountQueryDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * Looks at a card: decides that it is there, and changes nothing.
 *
 * <p>Owned by the core thread. What was seen is not part of the decision (it is the state before the next command,
 * which replay has again); that somebody looked is.
 */
final class QueryHandler {
  private final EngineState state;

  QueryHandler(EngineState state) {
    this.state = state;
  }

  @Nullable CommandRefusal decide(AccountQueryDecoder command, Outcome outcome) {
    if (!KeyName.isOne(command.buffer(), command.offset() + AccountQueryDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    int tokenOffset = command.offset() + AccountQueryDecoder.panTokenEncodingOffset();
    int cardId = state.cards.find(command.buffer(), tokenOffset);
    if (cardId == CardTable.MISSING) {
      return CommandRefusal.CARD_NOT_FOUND;
    }
    state.cards.select(cardId);
    state.accounts.select(state.cards.accountId());
    outcome.effect = Effect.READ;
    outcome.cardId = cardId;
    outcome.accountId = state.cards.accountId();
    state.readPurses(outcome);
    return null;
  }
}
