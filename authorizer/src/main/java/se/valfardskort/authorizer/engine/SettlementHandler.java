package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;

/**
 * 0500 and 0520: are an acquirer's totals ours? 0800 with DE 70 = 201: they start anew (wire.md section 2).
 *
 * <p>Owned by the core thread. A reconciliation changes nothing; whoever is out of balance learns our net and finds the
 * difference among its own postings.
 */
final class SettlementHandler {
  private static final int DE_SETTLEMENT_DATE = 15;
  private static final int DE_NET = 97;
  private static final long NO_COUNT = SettlementRequestDecoder.debitsNullValue();
  private static final long NO_AMOUNT = SettlementRequestDecoder.netMinorNullValue();

  private final EngineState state;

  /** What {@link #decide} made of DE 15, for apply; {@link SettlementTable#NO_DAY}: none was sent. */
  private long day;

  SettlementHandler(EngineState state) {
    this.state = state;
  }

  @Nullable DeclineReason decide(SettlementQuery query, long timeMs, Outcome outcome) {
    boolean cutOver = query.messageClass == MessageClass.NETWORK;
    outcome.approval = cutOver ? Approval.NETWORK : Approval.RECONCILED;
    boolean allAcquirers = cutOver && !query.hasAcquirer();
    int row = state.rules.partners.settlementRow(query.partnerId, query.acquirer);
    if (row == SettlementTable.OTHERS && !allAcquirers) {
      return DeclineReason.ACQUIRER_NOT_ALLOWED;
    }
    long today = state.rules.civilTime.epochDay(timeMs);
    outcome.faultDe = faultDe(query, today);
    if (outcome.faultDe != 0) {
      return DeclineReason.FORMAT_ERROR;
    }
    if (cutOver) {
      return decideCutOver(query, timeMs, outcome);
    }
    if (day == SettlementTable.NO_DAY) {
      state.settlement.readSinceCutOver(row);
    } else if (!state.settlement.readDay(row, day, today)) {
      outcome.faultDe = DE_SETTLEMENT_DATE;
      return DeclineReason.FORMAT_ERROR;
    }
    outcome.approvedMinor = state.settlement.netMinor();
    return isBalanced(query) ? null : DeclineReason.OUT_OF_BALANCE;
  }

  /** The DE that the edge found at fault, or that says nothing that could be answered; 0: none. */
  private int faultDe(SettlementQuery query, long today) {
    day = SettlementTable.NO_DAY;
    if (query.faultDe != 0) {
      return query.faultDe;
    }
    if (query.hasSettlementDate()) {
      day = TransmissionTime.nearestDay(query.settlementDate, today);
      if (day == TransmissionTime.NONE) {
        return DE_SETTLEMENT_DATE;
      }
    }
    boolean asksNothing = query.messageClass != MessageClass.NETWORK && !hasTotal(query.totals);
    return asksNothing ? DE_NET : 0;
  }

  private @Nullable DeclineReason decideCutOver(SettlementQuery query, long timeMs, Outcome outcome) {
    if (query.hasTransmissionTime() && state.memory.mayHaveForgotten(query.transmissionTime, timeMs)) {
      // It may have been done already, and must not be done twice.
      return DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW;
    }
    outcome.effect = Effect.CUT_OVER;
    return null;
  }

  private static boolean hasTotal(SettlementRequestDecoder sent) {
    return sent.credits() != NO_COUNT
        || sent.creditReversals() != NO_COUNT
        || sent.debits() != NO_COUNT
        || sent.debitReversals() != NO_COUNT
        || sent.authorizations() != NO_COUNT
        || sent.creditsMinor() != NO_AMOUNT
        || sent.creditReversalsMinor() != NO_AMOUNT
        || sent.debitsMinor() != NO_AMOUNT
        || sent.debitReversalsMinor() != NO_AMOUNT
        || sent.netMinor() != NO_AMOUNT;
  }

  /** Every total that was sent is the one that was selected. */
  private boolean isBalanced(SettlementQuery query) {
    SettlementRequestDecoder sent = query.totals;
    return isCount(sent.credits(), SettlementTable.CREDITS)
        && isCount(sent.creditReversals(), SettlementTable.CREDIT_REVERSALS)
        && isCount(sent.debits(), SettlementTable.DEBITS)
        && isCount(sent.debitReversals(), SettlementTable.DEBIT_REVERSALS)
        && isCount(sent.authorizations(), SettlementTable.AUTHORIZATIONS)
        && isAmount(sent.creditsMinor(), SettlementTable.CREDITS)
        && isAmount(sent.creditReversalsMinor(), SettlementTable.CREDIT_REVERSALS)
        && isAmount(sent.debitsMinor(), SettlementTable.DEBITS)
        && isAmount(sent.debitReversalsMinor(), SettlementTable.DEBIT_REVERSALS)
        && (sent.netMinor() == NO_AMOUNT || sent.netMinor() == state.settlement.netMinor());
  }

  private boolean isCount(long sent, int total) {
    return sent == NO_COUNT || sent == state.settlement.value(total);
  }

  private boolean isAmount(long sent, int total) {
    return sent == NO_AMOUNT || sent == state.settlement.value(total + SettlementTable.AMOUNT);
  }

  /** Counts what a card's request came to, for its acquirer and settlement day. */
  void count(Request request, long timeMs, Outcome outcome) {
    SettlementTable totals = state.settlement;
    totals.select(state.rules, request, timeMs);
    if (request.messageClass == MessageClass.AUTHORIZATION) {
      totals.authorization();
    }
    switch (outcome.effect) {
      case POST, COMPLETE -> totals.debit(outcome.approvedMinor);
      case UNPOST -> {
        // Where all had been refunded, nothing was given back.
        if (outcome.approvedMinor > 0 || outcome.neverWas) {
          totals.debitReversal(outcome.approvedMinor);
        }
      }
      case REFUND -> totals.credit(outcome.approvedMinor);
      case UNREFUND -> {
        if (outcome.approvedMinor > 0) {
          totals.creditReversal(outcome.approvedMinor);
        }
      }
      case REPLACE -> countReplaced(outcome);
      default -> {
        // Nothing that an acquirer is paid or pays for.
      }
    }
  }

  /** A hold that was replaced settles nothing, and an advice that only confirms changes nothing. */
  private void countReplaced(Outcome outcome) {
    SettlementTable totals = state.settlement;
    if (outcome.replacedMinor == Outcome.NOTHING_POSTED || outcome.replacedMinor == outcome.approvedMinor) {
      return;
    }
    if (outcome.replacesRefund) {
      totals.creditReversal(outcome.replacedMinor);
      totals.credit(outcome.approvedMinor);
    } else {
      totals.debitReversal(outcome.replacedMinor);
      totals.debit(outcome.approvedMinor);
    }
  }

  void apply(SettlementQuery query, Outcome outcome) {
    if (outcome.effect != Effect.CUT_OVER) {
      return;
    }
    PartnerRules partners = state.rules.partners;
    if (query.hasAcquirer()) {
      state.settlement.cutOver(partners.settlementRow(query.partnerId, query.acquirer), day);
      return;
    }
    for (int index = 0; index < partners.acquirers(query.partnerId); index++) {
      state.settlement.cutOver(partners.settlementRowAt(query.partnerId, index), day);
    }
  }
}
