package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * A hold becomes a posting, for less, equal or more; the first completion is final and gives back the rest (wire.md
 * section 4). Owned by the core thread; both methods speak of the hold that is selected, which is still held.
 */
final class CompletionHandler {
  private final EngineState state;
  private final PurseRules purses;
  private final ForcedBooking forced;
  private final EarmarkRules earmarks;

  CompletionHandler(EngineState state) {
    this.state = state;
    this.purses = new PurseRules(state);
    this.forced = new ForcedBooking(state);
    this.earmarks = new EarmarkRules(state);
  }

  /** By a 0200, which may still be declined. */
  @Nullable DeclineReason decideByRequest(Request request, int holdId, Outcome outcome) {
    OriginalTable hold = state.originals;
    if (request.amountMinor == 0 && hold.leftMinor() > 0) {
      // Nothing is what a visit of 0 kr comes to, and no way to give a hold back.
      return DeclineReason.AMOUNT_ZERO;
    }
    long moreMinor = request.amountMinor - hold.leftMinor();
    if (isAboveTolerance(request)) {
      return DeclineReason.COMPLETION_ABOVE_TOLERANCE;
    }
    outcome.merchantRow = hold.merchantRow();
    if (moreMinor > 0) {
      int provider = state.rules.providers.ofMerchant(outcome.merchantRow);
      if (PurseRules.isByPurseOrder(request)) {
        earmarks.decideMore(hold.draws(), moreMinor, outcome);
      }
      DeclineReason reason = purses.decide(request, moreMinor, provider, outcome);
      if (reason != null) {
        return reason;
      }
    }
    if (hold.isFull()) {
      return DeclineReason.CAPACITY;
    }
    outcome.earmarkMoreMinor = outcome.earmarkMinor;
    outcome.hjartanMoreMinor = outcome.hjartanMinor;
    outcome.cashMoreMinor = outcome.cashMinor;
    outcome.addEarmarkAvailable(-outcome.earmarkMoreMinor);
    outcome.hjartanAvailableMinor -= outcome.hjartanMoreMinor;
    outcome.cashAvailableMinor -= outcome.cashMoreMinor;
    outcome.mintsAuthCode = true;
    complete(request, holdId, outcome);
    return null;
  }

  /** By a 0220: booked whatever the amount. Nothing at all gives everything back, but completes a visit of 0 kr. */
  @Nullable DeclineReason decideByAdvice(Request request, int holdId, Outcome outcome) {
    OriginalTable hold = state.originals;
    if (request.amountMinor == 0 && hold.leftMinor() > 0) {
      Reduction.decide(hold, holdId, 0, outcome);
      return null;
    }
    if (hold.isFull()) {
      return DeclineReason.CAPACITY;
    }
    long moreMinor = request.amountMinor - hold.leftMinor();
    outcome.flags = DecisionFlagsEncoder.overTolerance(outcome.flags, isAboveTolerance(request));
    outcome.merchantRow = hold.merchantRow();
    if (moreMinor > 0) {
      forced.decideMore(request, moreMinor, hold.draws(), outcome);
    }
    complete(request, holdId, outcome);
    return null;
  }

  private boolean isAboveTolerance(Request request) {
    long heldMinor = state.originals.leftMinor();
    return request.amountMinor > heldMinor + heldMinor * state.originals.tolerancePercent() / 100;
  }

  private void complete(Request request, int holdId, Outcome outcome) {
    OriginalTable hold = state.originals;
    long backMinor = hold.leftMinor() - request.amountMinor;
    if (backMinor > 0) {
      Reduction.giveBack(hold, backMinor, outcome);
    }
    outcome.effect = Effect.COMPLETE;
    outcome.earlierId = holdId;
    outcome.originalId = hold.nextId();
    outcome.approvedMinor = request.amountMinor;
    outcome.transactionMinor = request.sentMinor();
    outcome.earmarkMinor = hold.earmarkMinor() - outcome.earmarkBackMinor + outcome.earmarkMoreMinor;
    outcome.hjartanMinor = hold.hjartanMinor() - outcome.hjartanBackMinor + outcome.hjartanMoreMinor;
    outcome.cashMinor = hold.cashMinor() - outcome.cashBackMinor + outcome.cashMoreMinor;
  }
}
