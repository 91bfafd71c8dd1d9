package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * Refunds and their reversals: to the purses that paid, narrowest money first, at most what each paid; the rest waits
 * for a caseworker. A refund never widens what money can buy (wire.md section 4).
 *
 * <p>Owned by the core thread. A refund that names no purchase goes over the card's remembered postings at that
 * merchant, newest first.
 */
final class RefundHandler {
  private final EngineState state;
  private final ForcedBooking forced;

  RefundHandler(EngineState state) {
    this.state = state;
    this.forced = new ForcedBooking(state);
  }

  @Nullable DeclineReason decide(Request request, Outcome outcome) {
    OriginalTable original = state.originals;
    if (request.isAdvice()) {
      int known = Matching.findRefund(state, request);
      outcome.originalId = known;
      if (request.declinedElsewhere()) {
        undoWhereOurs(request, known, outcome);
        return null;
      }
      if (known != OriginalTable.NONE) {
        // The 0200 was booked, and the network did not hear of it.
        outcome.flags = DecisionFlagsEncoder.repeatedCompletion(outcome.flags, true);
        return null;
      }
    }
    if (original.isFull()) {
      return DeclineReason.CAPACITY;
    }
    int earlier = Matching.findEarlier(state, request);
    if (earlier == OriginalTable.NONE) {
      outcome.flags = DecisionFlagsEncoder.unlinkedRefund(outcome.flags, true);
      addUpAtMerchant(request, outcome);
    } else {
      if (original.state() == OriginalState.COMPLETED) {
        earlier = Matching.findByNumber(state, original.related());
      }
      if (earlier != OriginalTable.NONE && original.state() == OriginalState.POSTED) {
        outcome.earlierId = earlier;
        outcome.merchantRow = original.merchantRow();
        addUp(outcome);
      }
    }
    share(request.amountMinor, outcome);
    outcome.transactionMinor = request.sentMinor();
    outcome.mintsAuthCode = !request.isAdvice();
    return null;
  }

  private void undoWhereOurs(Request request, int refundId, Outcome outcome) {
    if (refundId != OriginalTable.NONE && state.originals.state() == OriginalState.REFUNDED) {
      decideUndoing(request, refundId, 0, outcome);
    }
  }

  /** Adds what the selected posting can still give back to the outcome's parts. */
  private void addUp(Outcome outcome) {
    OriginalTable posting = state.originals;
    outcome.hjartanMinor += posting.hjartanMinor() - posting.refundedHjartanMinor();
    outcome.cashMinor += posting.cashMinor() - posting.refundedCashMinor();
  }

  private void addUpAtMerchant(Request request, Outcome outcome) {
    OriginalTable original = state.originals;
    outcome.merchantRow = state.merchants.find(request.acquirer, request.bytes, request.merchantOffset);
    for (int id = state.cards.newestOriginal(); id != OriginalTable.NONE; id = original.older()) {
      original.select(id);
      if (isPostedAtMerchantOf(request)) {
        addUp(outcome);
      }
    }
  }

  private boolean isPostedAtMerchantOf(Request request) {
    OriginalTable original = state.originals;
    return original.state() == OriginalState.POSTED
        && original.identity.isBySender(request)
        && original.isAtMerchantOf(request);
  }

  /** From what the purses may take at most to what they get. */
  private void share(long amountMinor, Outcome outcome) {
    outcome.hjartanMinor = Math.min(amountMinor, outcome.hjartanMinor);
    outcome.cashMinor = Math.min(amountMinor - outcome.hjartanMinor, outcome.cashMinor);
    outcome.waitingMinor = amountMinor - outcome.hjartanMinor - outcome.cashMinor;
    outcome.flags = DecisionFlagsEncoder.refundWaiting(outcome.flags, outcome.waitingMinor > 0);
    outcome.hjartanAvailableMinor += outcome.hjartanMinor;
    outcome.cashAvailableMinor += outcome.cashMinor;
    outcome.effect = Effect.REFUND;
    outcome.originalId = state.originals.nextId();
    outcome.approvedMinor = amountMinor;
  }

  /** Books it; the account must be selected. The refund's own row is made afterwards. */
  void apply(Request request, Outcome outcome) {
    OriginalTable original = state.originals;
    state.accounts.refund(outcome.merchantRow, outcome.hjartanMinor, outcome.cashMinor, outcome.waitingMinor);
    if (outcome.earlierId != Outcome.NO_ID) {
      original.select(outcome.earlierId);
      original.refunded(
          original.refundedHjartanMinor() + outcome.hjartanMinor,
          original.refundedCashMinor() + outcome.cashMinor);
      return;
    }
    long hjartanMinor = outcome.hjartanMinor;
    long cashMinor = outcome.cashMinor;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE && hjartanMinor + cashMinor > 0) {
      original.select(id);
      if (isPostedAtMerchantOf(request)) {
        long hjartan = Math.min(hjartanMinor, original.hjartanMinor() - original.refundedHjartanMinor());
        long cash = Math.min(cashMinor, original.cashMinor() - original.refundedCashMinor());
        original.refunded(original.refundedHjartanMinor() + hjartan, original.refundedCashMinor() + cash);
        hjartanMinor -= hjartan;
        cashMinor -= cash;
      }
      id = original.older();
    }
  }

  /**
   * Decides that the selected refund comes down to {@code remainsMinor}: first what waits is taken back, then CASH,
   * then Hjartan, and CASH for those that are no longer there.
   */
  void decideUndoing(Request request, int refundId, long remainsMinor, Outcome outcome) {
    OriginalTable refund = state.originals;
    outcome.originalId = refundId;
    long backMinor = refund.hjartanMinor() + refund.cashMinor() + refund.waitingMinor() - remainsMinor;
    if (backMinor <= 0) {
      return;
    }
    outcome.effect = Effect.UNREFUND;
    outcome.approvedMinor = backMinor;
    outcome.fullyReversed = remainsMinor == 0;
    outcome.waitingMinor = Math.min(backMinor, refund.waitingMinor());
    long cashMinor = Math.min(backMinor - outcome.waitingMinor, refund.cashMinor());
    long cameInHjartanMinor = backMinor - outcome.waitingMinor - cashMinor;
    outcome.hjartanMinor = Math.min(cameInHjartanMinor, outcome.hjartanAvailableMinor);
    outcome.hjartanByCashMinor = cameInHjartanMinor - outcome.hjartanMinor;
    outcome.cashMinor = cashMinor + outcome.hjartanByCashMinor;
    outcome.hjartanAvailableMinor -= outcome.hjartanMinor;
    forced.overdraw(request, outcome.cashMinor, outcome);
  }

  /** Books that; the account must be selected. */
  void applyUndoing(Outcome outcome) {
    OriginalTable refund = state.originals;
    refund.select(outcome.originalId);
    long byCashMinor = outcome.hjartanByCashMinor;
    long hjartanMinor = outcome.hjartanMinor + byCashMinor;
    long cashMinor = outcome.cashMinor - byCashMinor;
    state.accounts.unrefund(
        refund.merchantRow(), outcome.hjartanMinor, byCashMinor, cashMinor, outcome.waitingMinor);
    refund.amounts(refund.hjartanMinor() - hjartanMinor, refund.cashMinor() - cashMinor);
    refund.waiting(refund.waitingMinor() - outcome.waitingMinor);
    if (outcome.fullyReversed) {
      refund.state(OriginalState.REVERSED);
    }

    int posting = Matching.findByNumber(state, refund.related());
    if (posting != OriginalTable.NONE) {
      // The purchase can be refunded again; the kronor that stood in for Hjartan are now part of what CASH paid.
      OriginalTable paid = state.originals;
      long refundedHjartanMinor = paid.refundedHjartanMinor() - hjartanMinor;
      long refundedCashMinor = paid.refundedCashMinor() - cashMinor;
      paid.refunded(0, 0);
      paid.exchange(byCashMinor);
      paid.refunded(refundedHjartanMinor, refundedCashMinor);
    }
  }
}
