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
    int earlier = OriginalTable.NONE;
    if (request.isAdvice()) {
      int known = Matching.findRefund(state, request);
      OriginalState now = known == OriginalTable.NONE ? OriginalState.FREE : original.state();
      outcome.originalId = known;
      if (now == OriginalState.REFUNDED) {
        if (!hasRoomForDraws(outcome)) {
          return DeclineReason.CAPACITY;
        }
        decideAboutRefund(request, known, outcome);
        return null;
      }
      if (request.declinedElsewhere()) {
        return null;
      }
      if (now == OriginalState.REVERSED) {
        outcome.flags = DecisionFlagsEncoder.afterReversal(outcome.flags, true);
        earlier = Matching.findByNumber(state, original.related());
      }
    }
    if (original.isFull() || !hasRoomForDraws(outcome)) {
      return DeclineReason.CAPACITY;
    }
    earlier = earlier == OriginalTable.NONE ? Matching.findEarlier(state, request) : earlier;
    if (earlier == OriginalTable.NONE) {
      outcome.flags = DecisionFlagsEncoder.unlinkedRefund(outcome.flags, true);
      addUpAtMerchant(request, outcome);
    } else {
      if (Matching.isHoldWithPosting(original)) {
        earlier = Matching.findByNumber(state, original.related());
      }
      if (earlier != OriginalTable.NONE && original.state() == OriginalState.POSTED) {
        outcome.earlierId = earlier;
        outcome.merchantRow = original.merchantRow();
        addUp(outcome);
      }
    }
    share(request, request.amountMinor, outcome);
    outcome.effect = Effect.REFUND;
    outcome.originalId = original.nextId();
    outcome.approvedMinor = request.amountMinor;
    outcome.transactionMinor = request.sentMinor();
    outcome.mintsAuthCode = !request.isAdvice();
    return null;
  }

  private boolean hasRoomForDraws(Outcome outcome) {
    return !outcome.hasEarmarks() || state.draws.hasRoomFor(AllowanceTable.MOST_OF_AN_ACCOUNT);
  }

  /** An advice about the selected refund: one by a 0200 becomes DE 4, if only by name; one by a 0220 was final. */
  private void decideAboutRefund(Request request, int refundId, Outcome outcome) {
    OriginalTable refund = state.originals;
    long beforeMinor = refund.leftMinor() + refund.waitingMinor();
    if (request.declinedElsewhere()) {
      if (!refund.isByAdvice()) {
        decideUndoing(request, refundId, 0, outcome);
      }
    } else if (refund.isByAdvice()) {
      outcome.flags = DecisionFlagsEncoder.repeatedCompletion(outcome.flags, true);
    } else {
      replace(request, refundId, beforeMinor, outcome);
    }
  }

  private void replace(Request request, int refundId, long beforeMinor, Outcome outcome) {
    OriginalTable refund = state.originals;
    if (request.amountMinor < beforeMinor) {
      decideUndoing(request, refundId, request.amountMinor, outcome);
      outcome.earmarkBackMinor = outcome.earmarkMinor;
      outcome.hjartanBackMinor = outcome.hjartanMinor;
      outcome.cashBackMinor = outcome.cashMinor;
      refund.select(refundId);
      outcome.earmarkMinor = refund.earmarkMinor() - outcome.earmarkBackMinor - outcome.earmarkByCashMinor;
      outcome.hjartanMinor = refund.hjartanMinor() - outcome.hjartanBackMinor - outcome.hjartanByCashMinor;
      outcome.cashMinor =
          refund.cashMinor() - outcome.cashBackMinor + outcome.hjartanByCashMinor + outcome.earmarkByCashMinor;
      outcome.approvedMinor = beforeMinor - outcome.approvedMinor;
    } else {
      addUpAgain(request, refundId, outcome);
      share(request, request.amountMinor - beforeMinor, outcome);
      outcome.earmarkMoreMinor = outcome.earmarkMinor;
      outcome.hjartanMoreMinor = outcome.hjartanMinor;
      outcome.cashMoreMinor = outcome.cashMinor;
      refund.select(refundId);
      outcome.earmarkMinor += refund.earmarkMinor();
      outcome.hjartanMinor += refund.hjartanMinor();
      outcome.cashMinor += refund.cashMinor();
      outcome.approvedMinor = request.amountMinor;
    }
    outcome.effect = Effect.REPLACE;
    outcome.replacesRefund = true;
    outcome.originalId = refundId;
    outcome.replacedMinor = beforeMinor;
    outcome.transactionMinor = request.sentMinor();
  }

  /** What the purchase of the selected refund, or the purchases that it went over, can give back beyond it. */
  private void addUpAgain(Request request, int refundId, Outcome outcome) {
    OriginalTable original = state.originals;
    boolean overTheMerchants = original.answer.isUnlinked() && original.merchant.isOf(request);
    outcome.merchantRow = original.merchantRow();
    int posting = Matching.findByNumber(state, original.related());
    if (posting != OriginalTable.NONE && original.state() == OriginalState.POSTED) {
      outcome.earlierId = posting;
      addUp(outcome);
    } else if (overTheMerchants) {
      // A merchant that no configuration named when the refund was made may have a row by now.
      addUpAtMerchant(request, outcome);
    }
    original.select(refundId);
  }

  /** Adds what the selected posting can still give back to the outcome's parts. */
  private void addUp(Outcome outcome) {
    OriginalTable posting = state.originals;
    outcome.earmarkMinor += posting.earmarkMinor() - posting.refundedEarmarkMinor();
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
        && original.merchant.isOf(request);
  }

  /** From what the purses may take at most to what they get. */
  private void share(Request request, long amountMinor, Outcome outcome) {
    outcome.earmarkMinor = Math.min(amountMinor, outcome.earmarkMinor);
    outcome.hjartanMinor = Math.min(amountMinor - outcome.earmarkMinor, outcome.hjartanMinor);
    outcome.cashMinor = Math.min(amountMinor - outcome.earmarkMinor - outcome.hjartanMinor, outcome.cashMinor);
    outcome.waitingMinor = amountMinor - outcome.purseSumMinor();
    outcome.flags = DecisionFlagsEncoder.refundWaiting(outcome.flags, outcome.waitingMinor > 0);
    outcome.addEarmarkAvailable(spendableAgainMinor(request, outcome));
    outcome.hjartanAvailableMinor += outcome.hjartanMinor;
    outcome.cashAvailableMinor += outcome.cashMinor;
  }

  /** What of the earmarks' share the holder can spend again: one that has ended gives it to the pool. */
  private long spendableAgainMinor(Request request, Outcome outcome) {
    OriginalTable original = state.originals;
    if (outcome.earmarkMinor == 0) {
      return 0;
    }
    if (outcome.earlierId != Outcome.NO_ID) {
      original.select(outcome.earlierId);
      return original.spendableAgainMinor(outcome.earmarkMinor, outcome.timeMs);
    }
    long leftMinor = outcome.earmarkMinor;
    long spendableMinor = 0;
    for (int id = state.cards.newestOriginal(); id != OriginalTable.NONE && leftMinor > 0; id = original.older()) {
      original.select(id);
      if (isPostedAtMerchantOf(request)) {
        long shareMinor = Math.min(leftMinor, original.earmarkMinor() - original.refundedEarmarkMinor());
        spendableMinor += original.spendableAgainMinor(shareMinor, outcome.timeMs);
        leftMinor -= shareMinor;
      }
    }
    return spendableMinor;
  }

  /**
   * Books what the purses get, and what waits; the account must be selected. The refund's own row is not touched.
   *
   * @param given the chain of what the refund has given to earmarks before
   * @return that chain with what it gives them now
   */
  int apply(Request request, long earmarkMinor, long hjartanMinor, long cashMinor, int given, Outcome outcome) {
    OriginalTable original = state.originals;
    state.accounts.refund(outcome.merchantRow, hjartanMinor, cashMinor, outcome.waitingMinor);
    if (outcome.earlierId != Outcome.NO_ID) {
      original.select(outcome.earlierId);
      original.refunded(
          original.refundedHjartanMinor() + hjartanMinor, original.refundedCashMinor() + cashMinor);
      return state.draws.refund(original.draws(), earmarkMinor, given);
    }
    int chain = given;
    long earmarkLeftMinor = earmarkMinor;
    long hjartanLeftMinor = hjartanMinor;
    long cashLeftMinor = cashMinor;
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE && earmarkLeftMinor + hjartanLeftMinor + cashLeftMinor > 0) {
      original.select(id);
      if (isPostedAtMerchantOf(request)) {
        long earmark = Math.min(earmarkLeftMinor, original.earmarkMinor() - original.refundedEarmarkMinor());
        chain = state.draws.refund(original.draws(), earmark, chain);
        earmarkLeftMinor -= earmark;
        long hjartan = Math.min(hjartanLeftMinor, original.hjartanMinor() - original.refundedHjartanMinor());
        long cash = Math.min(cashLeftMinor, original.cashMinor() - original.refundedCashMinor());
        original.refunded(original.refundedHjartanMinor() + hjartan, original.refundedCashMinor() + cash);
        hjartanLeftMinor -= hjartan;
        cashLeftMinor -= cash;
      }
      id = original.older();
    }
    return chain;
  }

  /** Books what a REPLACE decided of a refund; the account must be selected. */
  void applyReplacing(Request request, Outcome outcome) {
    OriginalTable refund = state.originals;
    if (request.amountMinor < outcome.replacedMinor) {
      applyUndoing(outcome.earmarkBackMinor, outcome.hjartanBackMinor, outcome.cashBackMinor, outcome);
      refund.select(outcome.originalId);
    } else {
      refund.select(outcome.originalId);
      int given =
          apply(
              request, outcome.earmarkMoreMinor, outcome.hjartanMoreMinor, outcome.cashMoreMinor, refund.draws(),
              outcome);
      refund.select(outcome.originalId);
      refund.draws(given);
      refund.counted(outcome.merchantRow, refund.cappedSlot(), refund.monthIndex());
      refund.raise(outcome.hjartanMoreMinor, outcome.cashMoreMinor);
      refund.waiting(refund.waitingMinor() + outcome.waitingMinor);
    }
    refund.codes.take(request);
  }

  /**
   * Decides that the selected refund comes down to {@code remainsMinor}: first what waits is taken back, then CASH,
   * then Hjartan, then what earmarks were given, and CASH for what they no longer have. Of a purchase that was reversed
   * the holder has only what he had paid, so nothing but what waits is taken back.
   */
  void decideUndoing(Request request, int refundId, long remainsMinor, Outcome outcome) {
    OriginalTable refund = state.originals;
    outcome.originalId = refundId;
    long backMinor = refund.leftMinor() + refund.waitingMinor() - remainsMinor;
    int posting = Matching.findByNumber(state, refund.related());
    boolean purchaseReversed = posting != OriginalTable.NONE && refund.state() == OriginalState.REVERSED;
    refund.select(refundId);
    backMinor = purchaseReversed ? Math.min(backMinor, refund.waitingMinor()) : backMinor;
    if (backMinor < 0 || (backMinor == 0 && remainsMinor > 0)) {
      return;
    }
    outcome.effect = Effect.UNREFUND;
    outcome.approvedMinor = backMinor;
    outcome.fullyReversed = remainsMinor == 0;
    outcome.waitingMinor = Math.min(backMinor, refund.waitingMinor());
    long cashMinor = Math.min(backMinor - outcome.waitingMinor, refund.cashMinor());
    long cameInHjartanMinor = Math.min(backMinor - outcome.waitingMinor - cashMinor, refund.hjartanMinor());
    long cameInEarmarksMinor = backMinor - outcome.waitingMinor - cashMinor - cameInHjartanMinor;
    outcome.hjartanMinor = Math.min(cameInHjartanMinor, outcome.hjartanAvailableMinor);
    outcome.hjartanByCashMinor = cameInHjartanMinor - outcome.hjartanMinor;
    outcome.earmarkMinor = state.draws.takableMinor(refund.draws(), cameInEarmarksMinor);
    outcome.earmarkByCashMinor = cameInEarmarksMinor - outcome.earmarkMinor;
    outcome.cashMinor = cashMinor + outcome.hjartanByCashMinor + outcome.earmarkByCashMinor;
    outcome.addEarmarkAvailable(-state.draws.takenOfLiveMinor(refund.draws(), cameInEarmarksMinor, outcome.timeMs));
    outcome.hjartanAvailableMinor -= outcome.hjartanMinor;
    forced.overdraw(request, outcome.cashMinor, outcome);
  }

  /** Books that as much is taken from the purses, and what waits; the account must be selected. */
  void applyUndoing(long takenEarmarkMinor, long takenHjartanMinor, long takenCashMinor, Outcome outcome) {
    OriginalTable refund = state.originals;
    refund.select(outcome.originalId);
    long byCashMinor = outcome.hjartanByCashMinor;
    long hjartanMinor = takenHjartanMinor + byCashMinor;
    long earmarkByCashMinor = outcome.earmarkByCashMinor;
    long cashMinor = takenCashMinor - byCashMinor - earmarkByCashMinor;
    state.accounts.unrefund(
        refund.merchantRow(), takenHjartanMinor, byCashMinor, cashMinor, earmarkByCashMinor, outcome.waitingMinor);
    final int given = refund.draws();
    refund.amounts(refund.hjartanMinor() - hjartanMinor, refund.cashMinor() - cashMinor);
    refund.waiting(refund.waitingMinor() - outcome.waitingMinor);
    if (outcome.fullyReversed) {
      refund.state(OriginalState.REVERSED);
    }

    int posting = Matching.findByNumber(state, refund.related());
    if (posting != OriginalTable.NONE) {
      // The purchase can be refunded again; the kronor that stood in for others are now part of what CASH paid.
      OriginalTable paid = state.originals;
      long refundedHjartanMinor = paid.refundedHjartanMinor() - hjartanMinor;
      long refundedCashMinor = paid.refundedCashMinor() - cashMinor;
      paid.exchange(byCashMinor);
      paid.raise(0, earmarkByCashMinor);
      paid.refunded(refundedHjartanMinor, refundedCashMinor);
    }
    if (takenEarmarkMinor + earmarkByCashMinor > 0) {
      int paying = posting == OriginalTable.NONE ? 0 : state.originals.draws();
      state.draws.takeRefundBack(given, takenEarmarkMinor + earmarkByCashMinor, paying);
    }
  }
}
