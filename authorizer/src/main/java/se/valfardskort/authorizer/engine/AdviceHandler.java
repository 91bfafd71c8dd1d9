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
  private final IncrementHandler increments;
  private final Place place = new Place();

  AdviceHandler(EngineState state) {
    this.state = state;
    this.completions = new CompletionHandler(state);
    this.forced = new ForcedBooking(state);
    this.increments = new IncrementHandler(state);
  }

  @Nullable DeclineReason decide(Request request, Function function, Outcome outcome) {
    OriginalTable original = state.originals;
    boolean authorization = request.messageClass == MessageClass.AUTHORIZATION;
    int named = function == Function.ADJUSTMENT ? OriginalTable.NONE : Matching.findNamed(state, request);
    boolean increment = authorization && increments.isIncrement(request, named);
    boolean aboutIncrement = authorization && named != OriginalTable.NONE && isAboutIncrement(request, named);
    int id = Matching.currentOf(state, Matching.holdOf(state, named));
    OriginalState now = id == OriginalTable.NONE ? OriginalState.FREE : original.state();
    outcome.originalId = id;
    if (now == OriginalState.HELD && (increment || aboutIncrement)) {
      return increments.decideByAdvice(request, increment ? OriginalTable.NONE : named, id, outcome);
    }
    if (request.declinedElsewhere()) {
      boolean ours = now == OriginalState.HELD || (now == OriginalState.POSTED && !original.isByAdvice());
      if (ours && !increment) {
        Reduction.decide(original, id, 0, outcome);
      }
      return null;
    }
    if (increment && now == OriginalState.POSTED) {
      // A posting cannot be raised: an authorization like any other.
      now = OriginalState.FREE;
    }
    boolean over = now == OriginalState.EXPIRED || now == OriginalState.RELEASED;
    if (over && Matching.isHoldWithPosting(original)) {
      // Completed late is completed too.
      now = OriginalState.COMPLETED;
    }
    return switch (now) {
      case HELD ->
          authorization ? replace(request, id, outcome) : completions.decideByAdvice(request, id, outcome);
      case POSTED -> original.isByAdvice() ? repeated(outcome) : replace(request, id, outcome);
      case COMPLETED -> authorization ? repeated(outcome) : completeAgain(request, id, outcome);
      case EXPIRED -> {
        outcome.flags = DecisionFlagsEncoder.late(outcome.flags, true);
        outcome.flags = DecisionFlagsEncoder.standIn(outcome.flags, authorization);
        yield authorization ? bookAnew(request, true, outcome) : completeAnew(request, id, original.draws(), outcome);
      }
      case RELEASED -> {
        outcome.flags = DecisionFlagsEncoder.afterReversal(outcome.flags, true);
        outcome.flags = DecisionFlagsEncoder.standIn(outcome.flags, authorization);
        yield authorization ? bookAnew(request, true, outcome) : completeAnew(request, id, original.draws(), outcome);
      }
      case REVERSED -> {
        outcome.flags = DecisionFlagsEncoder.afterReversal(outcome.flags, true);
        yield bookAnew(request, false, outcome);
      }
      case FREE, TOMBSTONE, REFUNDED, RAISED -> {
        outcome.flags = DecisionFlagsEncoder.standIn(outcome.flags, function != Function.ADJUSTMENT);
        outcome.flags = DecisionFlagsEncoder.noHold(outcome.flags, !authorization);
        yield bookAnew(request, authorization, outcome);
      }
    };
  }

  /** DE 37 and DE 41 are the hold's as well as the increment's: who means the increment names it by DE 90. */
  private boolean isAboutIncrement(Request request, int named) {
    OriginalTable original = state.originals;
    original.select(named);
    return original.answer.effect() == Effect.RAISE && original.identity.isNamedBy(request);
  }

  /** The first completion was final. */
  private static @Nullable DeclineReason repeated(Outcome outcome) {
    outcome.flags = DecisionFlagsEncoder.repeatedCompletion(outcome.flags, true);
    return null;
  }

  /** What completed the selected hold, in time or not, was final, unless it was reversed since. */
  private @Nullable DeclineReason completeAgain(Request request, int holdId, Outcome outcome) {
    int posting = Matching.findByNumber(state, state.originals.related());
    if (posting == OriginalTable.NONE || state.originals.state() != OriginalState.REVERSED) {
      return repeated(outcome);
    }
    outcome.flags = DecisionFlagsEncoder.afterReversal(outcome.flags, true);
    // What the hold drew was handed on to the posting.
    return completeAnew(request, holdId, state.originals.draws(), outcome);
  }

  /**
   * Posts for a hold that has nothing left; merchant and category are the hold's, as in any completion. Earmarks and
   * the approval that it drew on, {@code chain}, are drawn on once more.
   */
  private @Nullable DeclineReason completeAnew(Request request, int holdId, int chain, Outcome outcome) {
    if (request.amountMinor == 0) {
      return null;
    }
    OriginalTable hold = state.originals;
    if (hold.isFull()) {
      return DeclineReason.CAPACITY;
    }
    hold.select(holdId);
    outcome.merchantRow = hold.merchantRow();
    outcome.cappedSlot = hold.cappedSlot();
    outcome.earlierId = holdId;
    outcome.drawnBefore = chain;
    forced.decideMore(request, request.amountMinor, chain, outcome);
    return book(request, Effect.POST, outcome);
  }

  /** The selected hold or posting becomes DE 4. */
  private @Nullable DeclineReason replace(Request request, int id, Outcome outcome) {
    OriginalTable original = state.originals;
    // An advice of 0 about a visit of 0 kr confirms it.
    if (request.amountMinor == 0 && original.leftMinor() > 0) {
      Reduction.decide(original, id, 0, outcome);
      return null;
    }
    long beforeMinor = original.leftMinor();
    long moreMinor = request.amountMinor - beforeMinor;
    outcome.merchantRow = original.merchantRow();
    if (moreMinor < 0) {
      Reduction.giveBack(original, -moreMinor, outcome);
    } else if (moreMinor > 0) {
      forced.decideMore(request, moreMinor, original.draws(), outcome);
    }
    outcome.effect = Effect.REPLACE;
    outcome.replacedMinor = original.state() == OriginalState.POSTED ? beforeMinor : Outcome.NOTHING_POSTED;
    outcome.earmarkMinor = original.earmarkMinor() - outcome.earmarkBackMinor + outcome.earmarkMoreMinor;
    outcome.hjartanMinor = original.hjartanMinor() - outcome.hjartanBackMinor + outcome.hjartanMoreMinor;
    outcome.cashMinor = original.cashMinor() - outcome.cashBackMinor + outcome.cashMoreMinor;
    outcome.approvedMinor = outcome.purseSumMinor();
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
    place.noteMcc(state, request, outcome);
    outcome.flags = DecisionFlagsEncoder.blockedCategory(outcome.flags, programme.isBlocked(place.category));
    outcome.merchantRow = place.merchantRow;
    outcome.cappedSlot = programme.cappedSlot(place.category);
    outcome.tolerancePercent = programme.tolerancePercent(place.category);
    forced.decideNew(request, place, programme, outcome);
    return book(request, hold ? Effect.HOLD : Effect.POST, outcome);
  }

  /** What {@link ForcedBooking} found is all there is of it. */
  private @Nullable DeclineReason book(Request request, Effect effect, Outcome outcome) {
    outcome.hjartanMinor = outcome.hjartanMoreMinor;
    outcome.cashMinor = outcome.cashMoreMinor;
    outcome.effect = effect;
    outcome.originalId = state.originals.nextId();
    outcome.approvedMinor = request.amountMinor;
    outcome.transactionMinor = request.sentMinor();
    return null;
  }
}
