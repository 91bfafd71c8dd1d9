package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDecoder;

/**
 * Finds the handler of a command that people give about one holder's card or purses.
 *
 * <p>Owned by the core thread. {@link #apply} follows the {@link #decide} of the same command, whose bytes it reads
 * again.
 */
final class HolderCommands {
  private final SavingsHandler savings;
  private final CardStatusHandler statuses;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final PurseMoveDecoder purseMove = new PurseMoveDecoder();
  private final CardStatusChangeDecoder statusChange = new CardStatusChangeDecoder();

  HolderCommands(EngineState state) {
    savings = new SavingsHandler(state);
    statuses = new CardStatusHandler(state);
  }

  @Nullable CommandRefusal decide(int template, DirectBuffer command, int offset, long timeMs, Outcome outcome) {
    return switch (template) {
      case PurseMoveDecoder.TEMPLATE_ID ->
          savings.decide(purseMove.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case CardStatusChangeDecoder.TEMPLATE_ID ->
          statuses.decide(statusChange.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      default -> throw unknown(template);
    };
  }

  void apply(int template, Outcome outcome) {
    switch (template) {
      case PurseMoveDecoder.TEMPLATE_ID -> savings.apply(purseMove, outcome);
      case CardStatusChangeDecoder.TEMPLATE_ID -> statuses.apply(statusChange, outcome);
      default -> throw unknown(template);
    }
  }

  private static IllegalStateException unknown(int template) {
    return new IllegalStateException("a command of unknown template " + template);
  }
}
