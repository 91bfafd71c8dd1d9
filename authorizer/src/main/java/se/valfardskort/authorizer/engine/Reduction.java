package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * Gives back a part of a hold or posting, or all: reversals, smaller completions, advices and expiries alike.
 *
 * <p>Owned by the core thread. As if the smaller amount had been authorized in the first place: what was paid last,
 * CASH, goes back first, and what an earmark paid last (domain.md section 2). What was refunded is no longer there to
 * be given back.
 */
final class Reduction {
  private Reduction() {}

  /**
   * Decides that the selected hold or posting comes down to {@code remainsMinor}; nothing where it is not above that,
   * or is neither held nor posted.
   */
  static void decide(OriginalTable original, int originalId, long remainsMinor, Outcome outcome) {
    outcome.originalId = originalId;
    OriginalState now = original.state();
    if (now != OriginalState.HELD && now != OriginalState.POSTED) {
      return;
    }
    // What was refunded wholly has nothing left to give, and is reversed all the same; so is a visit of 0 kr.
    long leastMinor = remainsMinor == 0 ? 0 : 1;
    long leftMinor = original.leftMinor();
    if (leftMinor - remainsMinor < leastMinor) {
      return;
    }
    giveBack(original, leftMinor - remainsMinor, outcome);
    outcome.earmarkMinor = outcome.earmarkBackMinor;
    outcome.hjartanMinor = outcome.hjartanBackMinor;
    outcome.cashMinor = outcome.cashBackMinor;
    outcome.approvedMinor = outcome.purseSumMinor();
    if (outcome.approvedMinor >= leastMinor) {
      outcome.effect = now == OriginalState.HELD ? Effect.RELEASE : Effect.UNPOST;
      outcome.fullyReversed = remainsMinor == 0;
      // A visit that cost nothing has nothing to give back but its use.
      outcome.neverWas = outcome.fullyReversed && (outcome.approvedMinor > 0 || leftMinor == 0);
    }
  }

  /** Decides from which purses of the selected original {@code backMinor}, or what there is of it, goes back. */
  static void giveBack(OriginalTable original, long backMinor, Outcome outcome) {
    long cashMinor = Math.min(backMinor, original.cashMinor() - original.refundedCashMinor());
    long hjartanMinor = Math.min(backMinor - cashMinor, original.hjartanMinor() - original.refundedHjartanMinor());
    long restMinor = backMinor - cashMinor - hjartanMinor;
    if (restMinor > 0) {
      outcome.earmarkBackMinor = Math.min(restMinor, original.earmarkMinor() - original.refundedEarmarkMinor());
      outcome.addEarmarkAvailable(original.spendableAgainMinor(outcome.earmarkBackMinor, outcome.timeMs));
    }
    outcome.cashBackMinor = cashMinor;
    outcome.hjartanBackMinor = hjartanMinor;
    outcome.cashAvailableMinor += cashMinor;
    outcome.hjartanAvailableMinor += hjartanMinor;
  }

  /** Of the selected original: what was booked beyond its approval goes back first. */
  private static void giveApprovalBack(EngineState state, long backMinor) {
    OriginalTable original = state.originals;
    int chain = original.draws();
    if (chain != 0) {
      long beyondMinor = original.hjartanMinor() + original.cashMinor() - state.draws.approvedMinor(chain);
      state.draws.giveApprovalBack(chain, Math.max(0, backMinor - Math.max(0, beyondMinor)));
    }
  }

  /** Writes it: the selected original's parts go back to the selected account, and the month's counters with them. */
  static void apply(EngineState state, long earmarkMinor, long hjartanMinor, long cashMinor) {
    OriginalTable original = state.originals;
    boolean held = original.state() == OriginalState.HELD;
    if (earmarkMinor > 0) {
      state.draws.giveEarmarksBack(original.draws(), earmarkMinor, held);
    }
    if (held) {
      state.accounts.release(hjartanMinor, cashMinor);
    } else {
      state.accounts.unpost(original.merchantRow(), hjartanMinor, cashMinor);
    }
    state.accounts.uncount(original.cappedSlot(), original.monthIndex(), hjartanMinor + cashMinor);
    uncount(state, 0, earmarkMinor + hjartanMinor + cashMinor);
    if (hjartanMinor > 0) {
      state.merchants.select(original.merchantRow());
      state.merchants.untake(original.monthIndex(), hjartanMinor);
    }
    if (original.isStandIn()) {
      state.accounts.addStandIn(-earmarkMinor - hjartanMinor - cashMinor);
    }
    giveApprovalBack(state, hjartanMinor + cashMinor);
    original.amounts(original.hjartanMinor() - hjartanMinor, original.cashMinor() - cashMinor);
  }

  /** The selected original was no purchase after all: it is reversed wholly, or its time is over. */
  static void uncountPurchase(EngineState state) {
    uncount(state, 1, 0);
  }

  /** Takes off the limits' counters, where the selected original counts in them. */
  private static void uncount(EngineState state, int purchases, long amountMinor) {
    OriginalTable original = state.originals;
    if (original.limitDay() != 0) {
      state.accounts.limits.uncount(
          original.cappedSlot(), original.monthIndex(), original.limitDay(), purchases, amountMinor);
    }
  }
}
