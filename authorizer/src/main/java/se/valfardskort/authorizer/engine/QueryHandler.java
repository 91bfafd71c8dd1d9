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
    CommandRefusal refusal = state.findHolder(command.buffer(), tokenOffset, outcome);
    outcome.effect = refusal == null ? Effect.READ : Effect.NOTHING;
    return refusal;
  }
}
