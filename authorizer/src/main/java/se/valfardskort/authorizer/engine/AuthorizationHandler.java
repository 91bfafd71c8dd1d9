package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.DeclineReason;

/**
 * All 01xx and 02xx: is the message one that can be taken, is the card known, is it the holder's? What is asked for is
 * then decided by {@link PurchaseHandler}, {@link AdviceHandler} or {@link RefundHandler}.
 *
 * <p>Owned by the core thread. The guards stand in the order of {@link DeclineReason}, which is that of domain.md
 * section 3; each names one reason. They read state and change none.
 */
final class AuthorizationHandler {
  /** ISO 4217 number of the krona, the only currency of the purses. */
  static final int SEK = 752;

  /** 100 million kronor: no purchase with a welfare card, so a fault of the sender. */
  static final long LARGEST_AMOUNT_MINOR = 10_000_000_000L;

  private static final int DE_PAN = 2;
  private static final int DE_PROCESSING_CODE = 3;
  private static final int DE_AMOUNT = 4;
  private static final int DE_MCC = 18;

  private final EngineState state;
  private final CardRules cards;
  private final PurchaseHandler purchases;
  private final AdviceHandler advices;
  private final RefundHandler refunds;

  AuthorizationHandler(EngineState state, RefundHandler refunds, ApprovalHandler approvals) {
    this.state = state;
    this.cards = new CardRules(state.cards);
    this.purchases = new PurchaseHandler(state, approvals);
    this.advices = new AdviceHandler(state);
    this.refunds = refunds;
  }

  @Nullable DeclineReason decide(Request request, long timeMs, Outcome outcome) {
    state.findCard(request, outcome);
    boolean cardKnown = outcome.cardId != CardTable.MISSING;
    Function function = Function.of(request, state.rules.partners);

    if (cardKnown && isReversedAlready(request)) {
      return DeclineReason.REVERSED_BEFORE_ARRIVAL;
    }
    if (function == Function.UNKNOWN) {
      return DeclineReason.FUNCTION_UNKNOWN;
    }
    outcome.faultDe = missingField(request, function);
    if (outcome.faultDe != 0) {
      return DeclineReason.FORMAT_ERROR;
    }
    if (function != Function.INQUIRY && request.amountCurrency != SEK) {
      return DeclineReason.CURRENCY_NOT_HANDLED;
    }
    if (!request.isAdvice() && isOlderThanMemory(request, timeMs)) {
      return DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW;
    }
    if (request.amountMinor == 0 && !function.takesZero() && !mayBeVisit(function, outcome)) {
      return DeclineReason.AMOUNT_ZERO;
    }
    if (request.amountMinor > LARGEST_AMOUNT_MINOR && function != Function.INQUIRY) {
      return DeclineReason.AMOUNT_TOO_LARGE;
    }
    if (!request.panCheckDigitOk()) {
      return DeclineReason.PAN_CHECK_DIGIT;
    }
    if (!cardKnown) {
      return DeclineReason.CARD_UNKNOWN;
    }

    outcome.monthIndex = state.rules.civilTime.monthIndex(timeMs);
    outcome.dayIndex = (int) state.rules.civilTime.epochDay(timeMs);
    return switch (function) {
      case BOOKING, ADJUSTMENT -> advices.decide(request, function, outcome);
      case REFUND, REFUND_AUTHORIZATION -> decideRefund(request, function, outcome);
      default -> decideAsked(request, function, timeMs, outcome);
    };
  }

  /** A purchase of 0 at an activity that an earmark pays is decided where its place is known. */
  private static boolean mayBeVisit(Function function, Outcome outcome) {
    return function == Function.PURCHASE && outcome.hasEarmarks();
  }

  /** Money comes back to a card in any state; who presents a PIN with it is still asked for the right one. */
  private @Nullable DeclineReason decideRefund(Request request, Function function, Outcome outcome) {
    DeclineReason reason = request.isAdvice() ? null : cards.decideHolder(request, outcome);
    if (reason == null && function == Function.REFUND) {
      return refunds.decide(request, outcome);
    }
    if (reason == null) {
      outcome.mintsAuthCode = !request.isAdvice();
      outcome.approvedMinor = request.amountMinor;
    }
    return reason;
  }

  /** The card and its holder first, then what they ask for. */
  private @Nullable DeclineReason decideAsked(Request request, Function function, long timeMs, Outcome outcome) {
    DeclineReason reason = cards.decideCard(request, outcome.monthIndex);
    if (reason == null) {
      reason = cards.decideHolder(request, outcome);
    }
    if (reason != null) {
      return reason;
    }
    if (function == Function.PURCHASE || function == Function.CASH) {
      return purchases.decide(request, function, timeMs, outcome);
    }

    // From here on the request is approved; it moves nothing.
    boolean verified = function == Function.VERIFICATION;
    outcome.approval = verified ? Approval.VERIFIED : Approval.APPROVED;
    outcome.mintsAuthCode = !verified || state.rules.partners.approvesVerifications(request.partnerId);
    return null;
  }

  /** The DE that the edge found missing, or that this function cannot do without; 0: none. */
  private static int missingField(Request request, Function function) {
    if (request.faultDe != 0) {
      return request.faultDe;
    }
    if (!request.panPresent()) {
      return DE_PAN;
    }
    if (function == Function.UNSTATED) {
      return DE_PROCESSING_CODE;
    }
    // Where the kronor are missing because DE 4 is foreign, the currency is to blame.
    if (function != Function.INQUIRY && request.amountMinor < 0 && request.amountCurrency == SEK) {
      return DE_AMOUNT;
    }
    boolean needsMcc = function == Function.PURCHASE || function == Function.CASH;
    return needsMcc && !request.hasMcc() ? DE_MCC : 0;
  }

  /** A reversal of this very request came first; so few cards have one that the list is hardly ever walked. */
  private boolean isReversedAlready(Request request) {
    if (state.cards.tombstones() == 0) {
      return false;
    }
    int id = state.cards.newestOriginal();
    while (id != OriginalTable.NONE) {
      state.originals.select(id);
      if (state.originals.state() == OriginalState.TOMBSTONE && state.originals.identity.awaits(request)) {
        return true;
      }
      id = state.originals.older();
    }
    return false;
  }

  private boolean isOlderThanMemory(Request request, long timeMs) {
    return request.hasTransmissionTime() && state.memory.mayHaveForgotten(request.transmissionTime, timeMs);
  }

  /** What an authorization does to the card itself, whatever became of it: its PIN tries and contactless purchases. */
  void applyHolder(Request request, Outcome outcome) {
    if (outcome.cardId == CardTable.MISSING || request.isAdvice()) {
      return;
    }
    CardTable card = state.cards;
    card.select(outcome.cardId);
    switch (outcome.pin) {
      case UNTOUCHED -> { }
      case WRONG -> card.pinTriesLeft(Math.max(0, card.pinTriesLeft() - 1));
      case RIGHT -> card.pinTriesLeft(CardTable.PIN_TRIES);
    }
    switch (outcome.effect) {
      case HOLD, POST, RAISE -> card.contactlessRun(outcome.contactlessWithoutPin ? card.contactlessRun() + 1 : 0);
      default -> { }
    }
  }
}
