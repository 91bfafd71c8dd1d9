package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * Gives back a part of a hold or posting, or all: reversals, smaller completions, advices and expiries alike.
 *
 * <p>Owned by the core thread. As if the smaller amount had been authorized in the first place: what was paid last,
 * CASH, goes back first (domain.md section 2). What was refunded is no longer there to be given back.
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
    long backMinor = original.hjartanMinor() + original.cashMinor() - remainsMinor;
    if (backMinor <= 0) {
      return;
    }
    giveBack(original, backMinor, outcome);
    outcome.hjartanMinor = outcome.hjartanBackMinor;
    outcome.cashMinor = outcome.cashBackMinor;
    // A purchase that was refunded wholly has nothing left to give, and is reversed all the same.
    long leastMinor = remainsMinor == 0 ? 0 : 1;
    outcome.approvedMinor = outcome.hjartanBackMinor + outcome.cashBackMinor;
    if (outcome.approvedMinor >= leastMinor) {
      outcome.effect = now == OriginalState.HELD ? Effect.RELEASE : Effect.UNPOST;
      outcome.fullyReversed = remainsMinor == 0;
    }
  }

  /** Decides from which purses of the selected original {@code backMinor}, or what there is of it, goes back. */
  static void giveBack(OriginalTable original, long backMinor, Outcome outcome) {
    long cashMinor = Math.min(backMinor, original.cashMinor() - original.refundedCashMinor());
    long hjartanMinor = Math.min(backMinor - cashMinor, original.hjartanMinor() - original.refundedHjartanMinor());
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
      long beyondMinor = original.hjartanMinor() + original.cashMinor() - state.draws.drawnMinor(chain);
      state.draws.giveBack(chain, Math.max(0, backMinor - Math.max(0, beyondMinor)));
    }
  }

  /** Writes it: the selected original's parts go back to the selected account, and the month's counters with them. */
  static void apply(EngineState state, long hjartanMinor, long cashMinor) {
    OriginalTable original = state.originals;
    if (original.state() == OriginalState.HELD) {
      state.accounts.release(hjartanMinor, cashMinor);
    } else {
      state.accounts.unpost(original.merchantRow(), hjartanMinor, cashMinor);
    }
    state.accounts.uncount(original.cappedSlot(), original.monthIndex(), hjartanMinor + cashMinor);
    uncount(state, 0, hjartanMinor + cashMinor);
    if (hjartanMinor > 0) {
      state.merchants.select(original.merchantRow());
      state.merchants.untake(original.monthIndex(), hjartanMinor);
    }
    if (original.isStandIn()) {
      state.accounts.addStandIn(-hjartanMinor - cashMinor);
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
