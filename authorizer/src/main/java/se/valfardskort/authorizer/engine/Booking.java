package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.engine.sbe.DecisionFlagsDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * The one place that writes what a card's request came to: purses, counters, originals. Deciding has changed nothing
 * before, and nothing is decided here.
 *
 * <p>Owned by the core thread. Afterwards the original that the request made, if it made one, is the selected one. All
 * that is posted (POST, COMPLETE), undone (UNPOST), replaced (REPLACE with a {@code replacedMinor}), refunded (REFUND)
 * or taken back of a refund (UNREFUND) passes through {@link #apply}.
 */
final class Booking {
  private static final int CONDITION_PREAUTHORIZATION = 6;

  private final EngineState state;
  private final RefundHandler refunds;

  Booking(EngineState state, RefundHandler refunds) {
    this.state = state;
    this.refunds = refunds;
  }

  void apply(Request request, long timeMs, Outcome outcome) {
    if (outcome.effect == Effect.NOTHING) {
      return;
    }
    state.cards.select(outcome.cardId);
    state.accounts.select(outcome.accountId);
    switch (outcome.effect) {
      case HOLD -> hold(request, timeMs, outcome);
      case POST -> post(request, timeMs, outcome);
      case RELEASE, UNPOST -> giveBack(outcome);
      case COMPLETE -> complete(request, timeMs, outcome);
      case RAISE -> raise(request, timeMs, outcome);
      case REPLACE -> replace(request, outcome);
      case REFUND -> refund(request, timeMs, outcome);
      case UNREFUND ->
          refunds.applyUndoing(outcome.earmarkMinor, outcome.hjartanMinor, outcome.cashMinor, outcome);
      case TOMBSTONE -> raiseTombstone(request, timeMs, outcome);
      default -> throw new IllegalStateException("a card's request cannot have the effect " + outcome.effect);
    }
    state.addOverdrawn(request.partnerId, outcome.overdrawnMinor);
  }

  private void hold(Request request, long timeMs, Outcome outcome) {
    state.accounts.hold(outcome.hjartanMinor, outcome.cashMinor, outcome.forced);
    state.accounts.openHold();
    count(outcome.cappedSlot, outcome.merchantRow, outcome.hjartanMinor, outcome.cashMinor, outcome);
    countPurchase(outcome);
    make(request, outcome);
    draw(true, outcome);
    state.originals.tolerancePercent(outcome.tolerancePercent);
    boolean preauthorization = request.conditionCode == CONDITION_PREAUTHORIZATION;
    open(OriginalState.HELD, preauthorization ? Lane.PREAUTHORIZATIONS : Lane.HOLDS, timeMs, outcome);
  }

  private void post(Request request, long timeMs, Outcome outcome) {
    OriginalTable original = state.originals;
    long hold = 0;
    if (outcome.earlierId != Outcome.NO_ID) {
      // From now on this is what completed the hold.
      original.select(outcome.earlierId);
      original.related(original.created() + 1);
      hold = original.number();
      drawAgain(outcome);
    }
    state.accounts.post(outcome.merchantRow, outcome.hjartanMinor, outcome.cashMinor, outcome.forced);
    count(outcome.cappedSlot, outcome.merchantRow, outcome.hjartanMinor, outcome.cashMinor, outcome);
    countPurchase(outcome);
    make(request, outcome);
    draw(false, outcome);
    if (outcome.earlierId != Outcome.NO_ID) {
      original.related(hold);
      original.merchantOf(outcome.earlierId);
    }
    open(OriginalState.POSTED, Lane.POSTINGS, timeMs, outcome);
  }

  /** What a hold or posting took goes back, in part or wholly; an increment's share of its hold likewise. */
  private void giveBack(Outcome outcome) {
    OriginalTable original = state.originals;
    original.select(outcome.originalId);
    Reduction.apply(state, outcome.earmarkBackMinor, outcome.hjartanBackMinor, outcome.cashBackMinor);
    if (outcome.fullyReversed) {
      if (outcome.neverWas) {
        state.draws.giveBackUses(original.draws());
      }
      Reduction.uncountPurchase(state);
      if (outcome.effect == Effect.RELEASE) {
        state.accounts.closeHold();
        original.state(OriginalState.RELEASED);
      } else {
        original.state(OriginalState.REVERSED);
      }
    }
    if (outcome.earlierId != Outcome.NO_ID) {
      original.select(outcome.earlierId);
      long hjartanMinor = Math.min(original.hjartanMinor(), outcome.incrementRemainsMinor);
      original.amounts(hjartanMinor, outcome.incrementRemainsMinor - hjartanMinor);
      if (outcome.incrementRemainsMinor == 0) {
        original.state(OriginalState.RELEASED);
      }
    }
  }

  private void complete(Request request, long timeMs, Outcome outcome) {
    OriginalTable original = state.originals;
    original.select(outcome.earlierId);
    Reduction.apply(state, outcome.earmarkBackMinor, outcome.hjartanBackMinor, outcome.cashBackMinor);
    state.draws.complete(original.draws());
    state.accounts.complete(original.merchantRow(), original.hjartanMinor(), original.cashMinor());
    state.accounts.closeHold();
    takeMore(outcome);
    boolean standIn = original.isStandIn();
    outcome.cappedSlot = original.cappedSlot();
    // The posting was counted when it was held, so that is where a reversal takes it off.
    outcome.monthIndex = original.monthIndex();
    outcome.limitDay = original.limitDay();
    original.amounts(0, 0);
    original.state(OriginalState.COMPLETED);
    original.related(original.created() + 1);
    long hold = original.number();
    int draws = original.draws();
    original.draws(0);

    make(request, outcome);
    original.draws(draws);
    original.related(hold);
    original.origin(request.isAdvice(), standIn);
    original.merchantOf(outcome.earlierId);
    open(OriginalState.POSTED, Lane.POSTINGS, timeMs, outcome);
  }

  /** The part of a completion or replacement beyond the selected hold or posting. */
  private void takeMore(Outcome outcome) {
    OriginalTable original = state.originals;
    final long earmarkMinor = outcome.earmarkMoreMinor;
    final long hjartanMinor = outcome.hjartanMoreMinor;
    final long cashMinor = outcome.cashMoreMinor;
    boolean staysHeld = original.state() == OriginalState.HELD && outcome.effect != Effect.COMPLETE;
    if (staysHeld) {
      state.accounts.hold(hjartanMinor, cashMinor, outcome.forced);
    } else {
      state.accounts.post(original.merchantRow(), hjartanMinor, cashMinor, outcome.forced);
    }
    if (earmarkMinor > 0) {
      EarmarkRules.draw(state, staysHeld, outcome);
    }
    count(original.cappedSlot(), original.merchantRow(), hjartanMinor, cashMinor, outcome);
    countMore(earmarkMinor + hjartanMinor + cashMinor, outcome);
    if (original.isStandIn()) {
      state.accounts.addStandIn(earmarkMinor + hjartanMinor + cashMinor);
    }
  }

  private void raise(Request request, long timeMs, Outcome outcome) {
    OriginalTable original = state.originals;
    state.accounts.hold(outcome.hjartanMinor, outcome.cashMinor, outcome.forced);
    count(outcome.cappedSlot, outcome.merchantRow, outcome.hjartanMinor, outcome.cashMinor, outcome);
    original.select(outcome.earlierId);
    countMore(outcome.purseSumMinor(), outcome);
    original.raise(outcome.hjartanMinor, outcome.cashMinor);
    draw(true, outcome);
    original.transactionAmount(
        original.transactionAmountMinor() + outcome.transactionMinor,
        original.amountMinor() + outcome.approvedMinor);
    if (!request.isAdvice()) {
      original.codes.mint(state.approvals);
    } else {
      original.codes.take(request);
    }
    if (original.isStandIn()) {
      state.accounts.addStandIn(outcome.approvedMinor);
    }
    long hold = original.number();

    make(request, outcome);
    original.related(hold);
    // Remembered as long as any hold may be held.
    open(OriginalState.RAISED, Lane.PREAUTHORIZATIONS, timeMs, outcome);
  }

  private void replace(Request request, Outcome outcome) {
    OriginalTable original = state.originals;
    if (outcome.replacesRefund) {
      refunds.applyReplacing(request, outcome);
    } else {
      original.select(outcome.earlierId == Outcome.NO_ID ? outcome.originalId : outcome.earlierId);
      Reduction.apply(state, outcome.earmarkBackMinor, outcome.hjartanBackMinor, outcome.cashBackMinor);
      takeMore(outcome);
      original.raise(outcome.hjartanMoreMinor, outcome.cashMoreMinor);
      original.codes.take(request);
      if (outcome.earlierId != Outcome.NO_ID) {
        replaceIncrement(request, outcome);
      }
    }
    original.select(outcome.originalId);
    original.transactionAmount(outcome.transactionMinor, request.amountMinor);
  }

  /** The increment's own share, and what DE 4 of its hold, which has changed by the difference, stands for. */
  private void replaceIncrement(Request request, Outcome outcome) {
    OriginalTable original = state.originals;
    original.select(outcome.originalId);
    long moreMinor = request.amountMinor - original.amountMinor();
    long moreSentMinor = outcome.transactionMinor - original.transactionAmountMinor();
    long hjartanMinor = Math.min(original.hjartanMinor(), request.amountMinor);
    original.amounts(0, 0);
    original.raise(hjartanMinor, request.amountMinor - hjartanMinor);
    original.select(outcome.earlierId);
    // An advice about the whole hold may have made it less than this increment since: it is no less than that now.
    original.transactionAmount(
        Math.max(outcome.transactionMinor, original.transactionAmountMinor() + moreSentMinor),
        Math.max(request.amountMinor, original.amountMinor() + moreMinor));
  }

  private void refund(Request request, long timeMs, Outcome outcome) {
    OriginalTable original = state.originals;
    final int given = refunds.apply(request, outcome.earmarkMinor, outcome.hjartanMinor, outcome.cashMinor, 0, outcome);
    long posting = 0;
    if (outcome.earlierId != Outcome.NO_ID) {
      original.select(outcome.earlierId);
      posting = original.number();
    }
    make(request, outcome);
    original.draws(given);
    original.waiting(outcome.waitingMinor);
    original.related(posting);
    open(OriginalState.REFUNDED, Lane.POSTINGS, timeMs, outcome);
  }

  /** Counts against the category's cap and the provider's ceiling of this month. */
  private void count(int cappedSlot, int merchantRow, long hjartanMinor, long cashMinor, Outcome outcome) {
    state.accounts.count(cappedSlot, outcome.monthIndex, hjartanMinor + cashMinor);
    if (hjartanMinor > 0) {
      state.merchants.select(merchantRow);
      state.merchants.take(outcome.monthIndex, hjartanMinor);
    }
  }

  /** The selected hold has ended, and is completed late: its approval, where it drew on one, is drawn on once more. */
  private void drawAgain(Outcome outcome) {
    int allowanceId = state.draws.approvalOf(outcome.drawnBefore);
    boolean needed = outcome.hjartanMinor + outcome.cashMinor > 0;
    if (needed && allowanceId != AllowanceTable.NONE && state.draws.hasRoomFor(Outcome.MOST_EARMARKS + 1)) {
      outcome.allowanceId = allowanceId;
    }
  }

  /** The selected hold or posting is paid by the earmarks that were found, and draws on the approval that it needed. */
  private void draw(boolean held, Outcome outcome) {
    if (outcome.earmarkParts > 0) {
      EarmarkRules.draw(state, held, outcome);
    }
    if (outcome.allowanceId != Outcome.NO_ID) {
      drawApproval(outcome);
    }
  }

  /** Notes with the selected hold or posting what it takes of the approval, which is for what earmarks do not pay. */
  private void drawApproval(Outcome outcome) {
    OriginalTable original = state.originals;
    int chain = original.draws();
    if (state.draws.approvalOf(chain) == outcome.allowanceId) {
      state.draws.drawMoreApproval(chain, outcome.hjartanMinor + outcome.cashMinor);
    } else {
      long wholeMinor = original.hjartanMinor() + original.cashMinor();
      original.draws(state.draws.drawApproval(chain, outcome.allowanceId, wholeMinor, outcome.dayIndex));
    }
  }

  /** Counts a new purchase in the limits, where its programme has any that ask for it. */
  private void countPurchase(Outcome outcome) {
    ProgrammeRules programme = state.rules.programme(state.accounts.programmeId());
    if (programme.countsPurchases) {
      outcome.limitDay = outcome.dayIndex;
      state.accounts.limits.count(
          outcome.cappedSlot, outcome.monthIndex, outcome.dayIndex, 1, outcome.purseSumMinor());
    }
  }

  /** Counts more of the selected purchase, today, where it counts at all: what is counted can be taken off again. */
  private void countMore(long amountMinor, Outcome outcome) {
    OriginalTable original = state.originals;
    if (original.limitDay() != 0) {
      state.accounts.limits.count(
          original.cappedSlot(), outcome.monthIndex, outcome.dayIndex, 0, amountMinor);
    }
  }

  /** Takes a row for what the request made, and writes all but its state. */
  private void make(Request request, Outcome outcome) {
    OriginalTable original = state.originals;
    boolean standIn = DecisionFlagsDecoder.standIn(outcome.flags);
    original.allocate(outcome.originalId);
    original.identity.of(request);
    original.merchant.take(request.bytes, request.merchantOffset);
    original.transactionAmount(outcome.transactionMinor, outcome.approvedMinor);
    original.counted(outcome.merchantRow, outcome.cappedSlot, outcome.monthIndex);
    original.limitDay(outcome.limitDay);
    // Of what an increment added only the sum is ever asked for: what earmarks pay stands with CASH in its row.
    boolean increment = outcome.effect == Effect.RAISE;
    original.raise(outcome.hjartanMinor, outcome.cashMinor + (increment ? outcome.earmarkMinor : 0));
    original.origin(request.isAdvice(), standIn);
    if (standIn) {
      state.accounts.addStandIn(outcome.approvedMinor);
    }
  }

  private void open(OriginalState as, Lane lane, long timeMs, Outcome outcome) {
    state.originals.open(outcome.originalId, as, lane, outcome.cardId, outcome.accountId, timeMs);
  }

  private void raiseTombstone(Request request, long timeMs, Outcome outcome) {
    OriginalTable original = state.originals;
    original.allocate(outcome.originalId);
    original.identity.ofOriginalOf(request);
    original.counted(MerchantTable.NONE, AccountTable.NO_SLOT, 0);
    open(OriginalState.TOMBSTONE, Lane.TOMBSTONES, timeMs, outcome);
    state.cards.tombstones(state.cards.tombstones() + 1);
  }
}
