package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * What an increment added to its hold is changed or taken off, by reversals and by 0120s; and 0120s that are increments
 * decided elsewhere (docs/partner/wire.md, "Increments"). The hold's own part stays as it is.
 *
 * <p>Owned by the core thread. Increments that the issuer is asked for are purchases: {@link PurchaseHandler}.
 */
final class IncrementHandler {
  private final EngineState state;
  private final ForcedBooking forced;

  IncrementHandler(EngineState state) {
    this.state = state;
    this.forced = new ForcedBooking(state);
  }

  /**
   * True when a 0120 that names {@code named}, which is selected, or nothing, tells of another increment than one of
   * ours: by its function code (1993); else where DE 90 names a message that never came, and DE 37, 38 and 41 a hold.
   */
  boolean isIncrement(Request request, int named) {
    OriginalTable original = state.originals;
    boolean namedByDe90 = named != OriginalTable.NONE && original.identity.isNamedBy(request);
    if (request.isIncrement()) {
      return !namedByDe90 || original.answer.effect() != Effect.RAISE;
    }
    boolean namesWhatNeverCame =
        request.originalDataPresent() && request.originalStan() != request.stan && !namedByDe90;
    return namesWhatNeverCame
        && Matching.holdOf(state, named) != OriginalTable.NONE
        && original.state() == OriginalState.HELD
        && original.identity.hasReferenceOf(request)
        && original.codes.has(request.bytes, request.authCodeOffset);
  }

  /**
   * Decides a 0120 about what an increment adds to {@code holdId}, which is held.
   *
   * @param incrementId the increment of ours that it speaks of; {@link OriginalTable#NONE}: it is one itself
   */
  @Nullable DeclineReason decideByAdvice(Request request, int incrementId, int holdId, Outcome outcome) {
    boolean declined = request.declinedElsewhere();
    if (incrementId == OriginalTable.NONE) {
      return declined ? null : raise(request, holdId, outcome);
    }
    OriginalTable original = state.originals;
    original.select(incrementId);
    if (original.state() != OriginalState.RAISED) {
      outcome.flags = DecisionFlagsEncoder.afterReversal(outcome.flags, !declined);
      return declined ? null : raise(request, holdId, outcome);
    }
    if (declined || request.amountMinor == 0) {
      takeOff(incrementId, 0, outcome);
    } else {
      replace(request, incrementId, holdId, outcome);
    }
    return null;
  }

  /** Nobody asked us for it. */
  private @Nullable DeclineReason raise(Request request, int holdId, Outcome outcome) {
    OriginalTable hold = state.originals;
    if (request.amountMinor == 0) {
      return null;
    }
    if (hold.isFull()) {
      return DeclineReason.CAPACITY;
    }
    hold.select(holdId);
    outcome.merchantRow = hold.merchantRow();
    outcome.cappedSlot = hold.cappedSlot();
    forced.decideMore(request, request.amountMinor, hold.draws(), outcome);
    outcome.hjartanMinor = outcome.hjartanMoreMinor;
    outcome.cashMinor = outcome.cashMoreMinor;
    outcome.effect = Effect.RAISE;
    outcome.earlierId = holdId;
    outcome.originalId = hold.nextId();
    outcome.approvedMinor = request.amountMinor;
    outcome.transactionMinor = request.sentMinor();
    return null;
  }

  /** The increment becomes DE 4, and its hold more or less by the difference. */
  private void replace(Request request, int incrementId, int holdId, Outcome outcome) {
    OriginalTable original = state.originals;
    long addedMinor = original.hjartanMinor() + original.cashMinor();
    original.select(holdId);
    long heldMinor = original.leftMinor();
    // What the hold no longer has, the increment no longer adds.
    long moreMinor = request.amountMinor - Math.min(addedMinor, heldMinor);
    outcome.merchantRow = original.merchantRow();
    if (moreMinor < 0) {
      Reduction.giveBack(original, -moreMinor, outcome);
    } else if (moreMinor > 0) {
      forced.decideMore(request, moreMinor, original.draws(), outcome);
    }
    outcome.effect = Effect.REPLACE;
    outcome.originalId = incrementId;
    outcome.earlierId = holdId;
    outcome.earmarkMinor = original.earmarkMinor() - outcome.earmarkBackMinor + outcome.earmarkMoreMinor;
    outcome.hjartanMinor = original.hjartanMinor() - outcome.hjartanBackMinor + outcome.hjartanMoreMinor;
    outcome.cashMinor = original.cashMinor() - outcome.cashBackMinor + outcome.cashMoreMinor;
    outcome.approvedMinor = outcome.purseSumMinor();
    outcome.transactionMinor = request.sentMinor();
  }

  /** The selected increment comes down to {@code remainsMinor}, its hold by as much, as far as any is left. */
  void takeOff(int incrementId, long remainsMinor, Outcome outcome) {
    OriginalTable original = state.originals;
    outcome.originalId = incrementId;
    long backMinor = original.hjartanMinor() + original.cashMinor() - remainsMinor;
    int hold = Matching.findByNumber(state, original.related());
    if (backMinor <= 0 || hold == OriginalTable.NONE || original.state() != OriginalState.HELD) {
      return;
    }
    long heldMinor = original.leftMinor();
    Reduction.decide(original, hold, Math.max(0, heldMinor - backMinor), outcome);
    outcome.earlierId = incrementId;
    outcome.incrementRemainsMinor = remainsMinor;
  }
}
