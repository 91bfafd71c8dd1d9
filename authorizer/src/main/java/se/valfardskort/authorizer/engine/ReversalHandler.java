package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * 0400 and 0420: gives back what an original took, wholly or down to what DE 95 says remains (wire.md section 4). An
 * increment is taken off its hold; a refund is taken back.
 *
 * <p>Owned by the core thread. Skips all rules about the card, the holder, the merchant and funds: money that goes back
 * is never refused for them.
 */
final class ReversalHandler {
  private static final int DE_PAN = 2;

  /** More than any original has. */
  private static final long ALL_STAYS = Long.MAX_VALUE;

  private final EngineState state;
  private final RefundHandler refunds;
  private final IncrementHandler increments;

  ReversalHandler(EngineState state, RefundHandler refunds) {
    this.state = state;
    this.increments = new IncrementHandler(state);
    this.refunds = refunds;
  }

  @Nullable DeclineReason decide(Request request, Outcome outcome) {
    outcome.approval = Approval.REVERSED;
    outcome.faultDe = request.faultDe != 0 || request.panPresent() ? request.faultDe : DE_PAN;
    if (outcome.faultDe != 0) {
      return DeclineReason.FORMAT_ERROR;
    }
    if (!request.panCheckDigitOk()) {
      return DeclineReason.PAN_CHECK_DIGIT;
    }
    state.findCard(request, outcome);
    if (outcome.cardId == CardTable.MISSING) {
      return DeclineReason.CARD_UNKNOWN;
    }
    int originalId = Matching.findReversed(state, request);
    if (originalId == Matching.MOVED_NOTHING) {
      return null;
    }
    if (originalId != OriginalTable.NONE) {
      reduce(request, originalId, outcome);
      return null;
    }
    if (!request.isAdvice() && state.rules.partners.declinesUnknownOriginals(request.partnerId)) {
      return DeclineReason.ORIGINAL_NOT_FOUND;
    }
    if (state.originals.isFull()) {
      return DeclineReason.CAPACITY;
    }
    outcome.effect = Effect.TOMBSTONE;
    outcome.originalId = state.originals.nextId();
    return null;
  }

  /** Decides how much of the selected original goes back; nothing where nothing is left to give. */
  private void reduce(Request request, int originalId, Outcome outcome) {
    long remainsMinor = remainsMinor(request);
    switch (state.originals.state()) {
      case RAISED -> increments.takeOff(originalId, remainsMinor, outcome);
      case REFUNDED -> refunds.decideUndoing(request, originalId, remainsMinor, outcome);
      default -> Reduction.decide(state.originals, originalId, remainsMinor, outcome);
    }
  }

  /** DE 95 in kronor: it comes in the original's currency, in proportion to its DE 4, half up; not below: all stays. */
  private long remainsMinor(Request request) {
    long replacementMinor = request.replacementMinor();
    long sentMinor = state.originals.transactionAmountMinor();
    long authorizedMinor = state.originals.amountMinor();
    if (replacementMinor == 0 || sentMinor == authorizedMinor) {
      return replacementMinor;
    }
    return replacementMinor >= sentMinor
        ? ALL_STAYS
        : Proportion.halfUp(authorizedMinor, replacementMinor, sentMinor);
  }
}
