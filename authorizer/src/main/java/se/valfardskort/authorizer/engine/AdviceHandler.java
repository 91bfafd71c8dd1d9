package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * 0120 and 0220 of purchases: decided elsewhere, so it replaces what we decided, or is booked anew; never declined for
 * what the card, the holder, the policy or the purses say (wire.md section 2).
 *
 * <p>Owned by the core thread.
 */
final class AdviceHandler {
  private final EngineState state;
  private final CompletionHandler completions;
  private final ForcedBooking forced;
  private final Place place = new Place();

  AdviceHandler(EngineState state) {
    this.state = state;
    this.completions = new CompletionHandler(state);
    this.forced = new ForcedBooking(state);
  }

  @Nullable DeclineReason decide(Request request, Function function, Outcome outcome) {
    OriginalTable original = state.originals;
    int id = function == Function.ADJUSTMENT ? OriginalTable.NONE : Matching.findEarlier(state, request);
    OriginalState now = id == OriginalTable.NONE ? OriginalState.FREE : original.state();
    boolean authorization = request.messageClass == MessageClass.AUTHORIZATION;
    outcome.originalId = id;
    if (request.declinedElsewhere()) {
      if (now == OriginalState.HELD || (now == OriginalState.POSTED && !original.isByAdvice())) {
        Reduction.decide(original, id, 0, outcome);
      }
      return null;
    }
    return switch (now) {
      case HELD ->
          authorization ? replace(request, id, outcome) : completions.decideByAdvice(request, id, outcome);
      case POSTED -> original.isByAdvice() ? repeated(outcome) : replace(request, id, outcome);
      case COMPLETED -> repeated(outcome);
      case EXPIRED -> {
        outcome.flags = DecisionFlagsEncoder.late(outcome.flags, true);
        outcome.flags = DecisionFlagsEncoder.standIn(outcome.flags, authorization);
        yield bookAnew(request, authorization, outcome);
      }
      case RELEASED, REVERSED -> {
        boolean hold = authorization && now == OriginalState.RELEASED;
        outcome.flags = DecisionFlagsEncoder.afterReversal(outcome.flags, true);
        outcome.flags = DecisionFlagsEncoder.standIn(outcome.flags, hold);
        yield bookAnew(request, hold, outcome);
      }
      case FREE, TOMBSTONE, REFUNDED, RAISED -> {
        outcome.flags = DecisionFlagsEncoder.standIn(outcome.flags, function != Function.ADJUSTMENT);
        outcome.flags = DecisionFlagsEncoder.noHold(outcome.flags, !authorization);
        yield bookAnew(request, authorization, outcome);
      }
    };
  }

  /** The first completion was final. */
  private static @Nullable DeclineReason repeated(Outcome outcome) {
    outcome.flags = DecisionFlagsEncoder.repeatedCompletion(outcome.flags, true);
    return null;
  }

  /** The selected hold or posting becomes DE 4. */
  private @Nullable DeclineReason replace(Request request, int id, Outcome outcome) {
    OriginalTable original = state.originals;
    if (request.amountMinor == 0) {
      Reduction.decide(original, id, 0, outcome);
      return null;
    }
    long beforeMinor = original.hjartanMinor() + original.cashMinor();
    long moreMinor = request.amountMinor - beforeMinor;
    outcome.merchantRow = original.merchantRow();
    if (moreMinor < 0) {
      Reduction.giveBack(original, -moreMinor, outcome);
    } else if (moreMinor > 0) {
      forced.decide(request, moreMinor, outcome);
    }
    outcome.effect = Effect.REPLACE;
    outcome.replacedMinor = original.state() == OriginalState.POSTED ? beforeMinor : 0;
    outcome.hjartanMinor = original.hjartanMinor() - outcome.hjartanBackMinor + outcome.hjartanMoreMinor;
    outcome.cashMinor = original.cashMinor() - outcome.cashBackMinor + outcome.cashMoreMinor;
    outcome.approvedMinor = outcome.hjartanMinor + outcome.cashMinor;
    outcome.transactionMinor = request.sentMinor();
    return null;
  }

  /** A hold or posting that nobody asked us for. */
  private @Nullable DeclineReason bookAnew(Request request, boolean hold, Outcome outcome) {
    if (request.amountMinor == 0) {
      return null;
    }
    if (state.originals.isFull()) {
      return DeclineReason.CAPACITY;
    }
    ProgrammeRules programme = state.rules.programme(state.accounts.programmeId());
    place.resolve(state, programme, request);
    outcome.merchantRow = place.merchantRow;
    outcome.cappedSlot = programme.cappedSlot(place.category);
    outcome.tolerancePercent = programme.tolerancePercent(place.category);
    forced.decide(request, request.amountMinor, outcome);
    outcome.hjartanMinor = outcome.hjartanMoreMinor;
    outcome.cashMinor = outcome.cashMoreMinor;
    outcome.effect = hold ? Effect.HOLD : Effect.POST;
    outcome.originalId = state.originals.nextId();
    outcome.approvedMinor = request.amountMinor;
    outcome.transactionMinor = request.sentMinor();
    return null;
  }
}
