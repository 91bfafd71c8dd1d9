package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * 0400 and 0420: gives back what an original took, wholly or down to what DE 95 says remains (wire.md section 4).
 *
 * <p>Owned by the core thread. Skips all rules about the card, the holder, the merchant and funds: money that goes back
 * is never refused for them.
 */
final class ReversalHandler {
  private static final int DE_PAN = 2;

  private final EngineState state;

  ReversalHandler(EngineState state) {
    this.state = state;
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
    int originalId = Matching.find(state, request);
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
    OriginalTable original = state.originals;
    outcome.originalId = originalId;
    OriginalState now = original.state();
    if (now != OriginalState.HELD && now != OriginalState.POSTED) {
      return;
    }
    long currentMinor = original.hjartanMinor() + original.cashMinor();
    long remainsMinor = remainsMinor(request);
    if (remainsMinor >= currentMinor) {
      return;
    }

    // As if the smaller amount had been authorized in the first place: what was paid last goes back first.
    long backMinor = currentMinor - remainsMinor;
    outcome.cashMinor = Math.min(backMinor, original.cashMinor());
    outcome.hjartanMinor = backMinor - outcome.cashMinor;
    outcome.approvedMinor = backMinor;
    outcome.cashAvailableMinor += outcome.cashMinor;
    outcome.hjartanAvailableMinor += outcome.hjartanMinor;
    outcome.effect = now == OriginalState.HELD ? Effect.RELEASE : Effect.UNPOST;
    outcome.fullyReversed = remainsMinor == 0;
  }

  /** DE 95 in kronor: it comes in the original's currency, in proportion to its DE 4, half up. */
  private long remainsMinor(Request request) {
    long replacementMinor = request.replacementMinor();
    long sentMinor = state.originals.transactionAmountMinor();
    long authorizedMinor = state.originals.authorizedHjartanMinor() + state.originals.authorizedCashMinor();
    if (replacementMinor >= sentMinor) {
      return replacementMinor == 0 ? 0 : authorizedMinor;
    }
    return sentMinor == authorizedMinor ? replacementMinor : ratio(authorizedMinor, replacementMinor, sentMinor);
  }

  /**
   * {@code a * b / c}, half up, by long division bit by bit: the product, at most 10^10 times 10^12, does not fit 64
   * bits. {@code b < c}.
   */
  private static long ratio(long a, long b, long c) {
    long quotient = 0;
    long remainder = 0;
    for (int bit = 62; bit >= 0; bit--) {
      quotient <<= 1;
      remainder <<= 1;
      if (remainder >= c) {
        remainder -= c;
        quotient++;
      }
      if ((a >>> bit & 1) != 0) {
        remainder += b;
        if (remainder >= c) {
          remainder -= c;
          quotient++;
        }
      }
    }
    return remainder * 2 >= c ? quotient + 1 : quotient;
  }

  void apply(Request request, long timeMs, Outcome outcome) {
    switch (outcome.effect) {
      case RELEASE, UNPOST -> giveBack(outcome);
      case TOMBSTONE -> raiseTombstone(request, timeMs, outcome);
      default -> { }
    }
  }

  private void giveBack(Outcome outcome) {
    OriginalTable original = state.originals;
    original.select(outcome.originalId);
    state.accounts.select(outcome.accountId);
    if (outcome.effect == Effect.RELEASE) {
      state.accounts.release(outcome.hjartanMinor, outcome.cashMinor);
      if (outcome.fullyReversed) {
        state.accounts.closeHold();
      }
    } else {
      state.accounts.unpost(original.merchantRow(), outcome.hjartanMinor, outcome.cashMinor);
    }
    uncount(state, outcome.hjartanMinor, outcome.cashMinor);
    original.amounts(original.hjartanMinor() - outcome.hjartanMinor, original.cashMinor() - outcome.cashMinor);
    if (outcome.fullyReversed) {
      original.state(OriginalState.REVERSED);
    }
  }

  /** Corrects the month's counters of the selected account and original; PIN and contactless counters stay. */
  static void uncount(EngineState state, long hjartanMinor, long cashMinor) {
    OriginalTable original = state.originals;
    state.accounts.uncount(original.cappedSlot(), original.monthIndex(), hjartanMinor + cashMinor);
    if (hjartanMinor > 0) {
      state.merchants.select(original.merchantRow());
      state.merchants.untake(original.monthIndex(), hjartanMinor);
    }
  }

  private void raiseTombstone(Request request, long timeMs, Outcome outcome) {
    state.cards.select(outcome.cardId);
    OriginalTable original = state.originals;
    int id = outcome.originalId;
    original.allocate(id);
    original.identity.ofOriginalOf(request);
    original.counted(MerchantTable.NONE, AccountTable.NO_SLOT, 0);
    original.open(
        id, OriginalState.TOMBSTONE, Lane.TOMBSTONES, outcome.cardId, outcome.accountId, timeMs);
    state.cards.tombstones(state.cards.tombstones() + 1);
  }
}
