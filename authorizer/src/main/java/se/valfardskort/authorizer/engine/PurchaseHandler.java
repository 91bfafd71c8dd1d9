package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsEncoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * May this card pay this merchant this amount, and from which purses? Purchases by 0100 and 0200, increments of holds,
 * and 0200s that complete a hold.
 *
 * <p>Owned by the core thread. Asked after the card and its holder were found good; the guards stand in the order of
 * {@link DeclineReason}. They read state and change none.
 */
final class PurchaseHandler {
  private final EngineState state;
  private final PurseRules purses;
  private final LimitRules limits;
  private final CompletionHandler completions;
  private final ApprovalHandler approvals;
  private final EarmarkRules earmarks;
  private final Place place = new Place();

  PurchaseHandler(EngineState state, ApprovalHandler approvals) {
    this.state = state;
    this.approvals = approvals;
    this.purses = new PurseRules(state);
    this.limits = new LimitRules(state);
    this.earmarks = new EarmarkRules(state);
    this.completions = new CompletionHandler(state);
  }

  @Nullable DeclineReason decide(Request request, Function function, long timeMs, Outcome outcome) {
    outcome.flags = DecisionFlagsEncoder.blockedCategory(
        outcome.flags, function == Function.CASH || request.cashbackMinor > 0);
    if (function == Function.CASH) {
      return DeclineReason.CASH_WITHDRAWAL;
    }
    if (request.cashbackMinor > 0) {
      return DeclineReason.CASHBACK;
    }
    int hold = namedHold(request);
    DeclineReason reason =
        hold != OriginalTable.NONE && request.messageClass == MessageClass.FINANCIAL
            ? completions.decideByRequest(request, hold, outcome)
            : decidePurchase(request, hold, timeMs, outcome);
    if (reason != null) {
      outcome.payNothing();
    }
    return reason;
  }

  /** The hold, still held, that a 0200 completes or a 0100 raises; selected. Few cards have any to look through. */
  private int namedHold(Request request) {
    if (state.accounts.openHolds() == 0) {
      return OriginalTable.NONE;
    }
    if (request.messageClass == MessageClass.AUTHORIZATION) {
      return Matching.findIncremented(state, request);
    }
    int id = Matching.findEarlier(state, request);
    boolean held = id != OriginalTable.NONE && state.originals.state() == OriginalState.HELD;
    return held ? id : OriginalTable.NONE;
  }

  /** @param raised the hold that an increment raises, selected; {@link OriginalTable#NONE}: it is none */
  private @Nullable DeclineReason decidePurchase(Request request, int raised, long timeMs, Outcome outcome) {
    ProgrammeRules programme = state.rules.programme(state.accounts.programmeId());
    boolean raises = raised != OriginalTable.NONE;
    place.resolve(state, programme, request);
    place.noteMcc(state, request, outcome);
    outcome.flags = DecisionFlagsEncoder.blockedCategory(outcome.flags, programme.isBlocked(place.category));
    // A hold has one merchant and one counter, whatever the increment says of its own.
    outcome.merchantRow = raises ? state.originals.merchantRow() : place.merchantRow;
    place.merchantRow = outcome.merchantRow;
    outcome.cappedSlot = raises ? state.originals.cappedSlot() : programme.cappedSlot(place.category);
    outcome.contactlessWithoutPin = request.contactless() && request.pinCheck != Check.PASSED;

    final long heldMinor = raises ? state.originals.leftMinor() : 0;
    DeclineReason reason = policyRules(programme, outcome);
    DeclineReason earmarkRefusal = null;
    if (reason == null) {
      earmarkRefusal = earmarkRules(request, programme, raised, outcome);
      reason = liftableRules(request, programme, raised, heldMinor, timeMs, outcome);
    }
    if (reason == null) {
      reason = limitRules(request, programme, raises, heldMinor, outcome);
    }
    if (reason == null) {
      reason = earmarkRefusal;
    }
    if (reason == null && request.amountMinor == 0 && (raises || outcome.earmarkParts == 0)) {
      // A purchase of nothing is one where an earmark counts it as a visit, and there alone.
      return DeclineReason.AMOUNT_ZERO;
    }
    if (reason == null) {
      int provider = state.rules.providers.ofMerchant(outcome.merchantRow);
      reason = purses.decide(request, request.amountMinor, provider, outcome);
    }
    long approvedMinor = request.amountMinor;
    long transactionMinor = request.sentMinor();
    if (reason != null && request.partialApprovalPossible() && !raises && !request.isIncrement()) {
      approvedMinor = purses.payWhatThereIs(reason, outcome);
      transactionMinor = approvedMinor == 0
          ? 0
          : Proportion.down(request.sentMinor(), approvedMinor, request.amountMinor);
      reason = transactionMinor > 0 ? null : reason;
    }
    if (reason == null && request.isIncrement() && !raises) {
      reason = DeclineReason.ORIGINAL_NOT_FOUND;
    }
    if (reason == null && state.originals.isFull()) {
      reason = DeclineReason.CAPACITY;
    }
    if (reason != null) {
      return reason;
    }

    approve(request, programme, raised, approvedMinor, transactionMinor, outcome);
    return null;
  }

  /** From here on the purchase is approved, if only in part. */
  private void approve(
      Request request,
      ProgrammeRules programme,
      int raised,
      long approvedMinor,
      long transactionMinor,
      Outcome outcome) {
    boolean raises = raised != OriginalTable.NONE;
    if (outcome.hjartanMinor + outcome.cashMinor == 0) {
      // Earmarks pay all that is approved, perhaps in part: no approval is needed, and no use of one taken.
      outcome.allowanceId = Outcome.NO_ID;
    }
    if (approvedMinor < request.amountMinor) {
      outcome.approval = Approval.IN_PART;
      outcome.flags = DecisionFlagsEncoder.approvedInPart(outcome.flags, true);
      outcome.transactionApprovedMinor = transactionMinor;
    }
    outcome.flags = DecisionFlagsEncoder.byApproval(outcome.flags, outcome.allowanceId != Outcome.NO_ID);
    boolean places = request.messageClass == MessageClass.AUTHORIZATION;
    outcome.effect = raises ? Effect.RAISE : places ? Effect.HOLD : Effect.POST;
    outcome.earlierId = raised;
    outcome.originalId = state.originals.nextId();
    outcome.approvedMinor = approvedMinor;
    outcome.transactionMinor = transactionMinor;
    outcome.addEarmarkAvailable(-outcome.earmarkMinor);
    outcome.hjartanAvailableMinor -= outcome.hjartanMinor;
    outcome.cashAvailableMinor -= outcome.cashMinor;
    outcome.tolerancePercent = programme.tolerancePercent(place.category);
    outcome.mintsAuthCode = true;
  }

  /** What may never be bought, whoever approves (valfardskortets regler). */
  private @Nullable DeclineReason policyRules(ProgrammeRules programme, Outcome outcome) {
    CategoryGroup group = programme.group(place.category);
    if (group == CategoryGroup.CASH) {
      return DeclineReason.QUASI_CASH;
    }
    if (programme.denies(outcome.merchantRow)) {
      return DeclineReason.MERCHANT_DENIED;
    }
    return group == CategoryGroup.BLOCKED ? programme.reason(place.category) : null;
  }

  /** What earmarks pay, few accounts having any; an answer is why one that should does not. */
  private @Nullable DeclineReason earmarkRules(
      Request request, ProgrammeRules programme, int raised, Outcome outcome) {
    if (!outcome.hasEarmarks() || !PurseRules.isByPurseOrder(request)) {
      return null;
    }
    int chain = raised == OriginalTable.NONE ? 0 : state.originals.draws();
    DeclineReason refusal = earmarks.decide(place, programme, request.amountMinor, chain, outcome);
    boolean fits = outcome.earmarkParts == 0 || state.draws.hasRoomFor(Outcome.MOST_EARMARKS + 1);
    return fits ? refusal : DeclineReason.CAPACITY;
  }

  /**
   * What an approval lifts; one that is used is noted in the outcome. {@code raised} is the selected hold, or none. An
   * earmark is itself the approval for what it pays.
   */
  private @Nullable DeclineReason liftableRules(
      Request request, ProgrammeRules programme, int raised, long heldMinor, long timeMs, Outcome outcome) {
    long restMinor = request.amountMinor - outcome.earmarkMinor;
    if (restMinor == 0 && outcome.earmarkParts > 0) {
      return null;
    }
    DeclineReason reason = liftableReason(request, programme, heldMinor, restMinor, outcome);
    if (reason == null) {
      return null;
    }
    // One approval covers the whole rest: the one that the hold drew on, or one for all that it comes to.
    boolean raises = raised != OriginalTable.NONE;
    int drawnOn = raises ? state.draws.approvalOf(state.originals.draws()) : AllowanceTable.NONE;
    if (drawnOn != AllowanceTable.NONE) {
      boolean allowed = approvals.allowsMore(drawnOn, place, programme, restMinor, timeMs, outcome);
      outcome.allowanceId = allowed ? drawnOn : Outcome.NO_ID;
      return allowed ? null : reason;
    }
    long heldByPursesMinor = raises ? state.originals.hjartanMinor() + state.originals.cashMinor() : 0;
    int approval = approvals.find(place, programme, heldByPursesMinor + restMinor, timeMs, outcome);
    if (approval == AllowanceTable.NONE) {
      return reason;
    }
    outcome.allowanceId = approval;
    return state.draws.hasRoomFor(Outcome.MOST_EARMARKS + 1) ? null : DeclineReason.CAPACITY;
  }

  /** {@code heldMinor}: of the hold that is raised; {@code restMinor}: what earmarks leave to pay. */
  private @Nullable DeclineReason liftableReason(
      Request request, ProgrammeRules programme, long heldMinor, long restMinor, Outcome outcome) {
    if (place.abroad) {
      return DeclineReason.ABROAD;
    }
    if (place.journey) {
      return DeclineReason.ABROAD_JOURNEY;
    }
    if (programme.group(place.category) == CategoryGroup.AFTER_APPROVAL) {
      return programme.reason(place.category);
    }
    if (LimitRules.isAbove(programme.luxuryLimitMinor(place.category), heldMinor + request.amountMinor)) {
      return DeclineReason.LUXURY_AMOUNT;
    }
    int slot = outcome.cappedSlot;
    if (slot != AccountTable.NO_SLOT) {
      long monthMinor = state.accounts.cappedMinor(slot, outcome.monthIndex);
      if (LimitRules.isAbove(programme.monthlyCapMinor(slot), monthMinor + restMinor)) {
        return DeclineReason.CATEGORY_CAP;
      }
    }
    return null;
  }

  /** How much, and how often. A limit without a figure is no limit; {@code heldMinor}: of the hold that is raised. */
  private @Nullable DeclineReason limitRules(
      Request request, ProgrammeRules programme, boolean raises, long heldMinor, Outcome outcome) {
    long amountMinor = request.amountMinor;
    DeclineReason limit = limits.decide(programme, place.category, amountMinor, heldMinor, raises, outcome);
    if (limit != null) {
      return limit;
    }
    if (outcome.contactlessWithoutPin) {
      if (LimitRules.isAbove(programme.contactlessLimitMinor, amountMinor)) {
        return DeclineReason.CONTACTLESS_AMOUNT;
      }
      if (LimitRules.isAbove(programme.contactlessCount, state.cards.contactlessRun() + 1L)) {
        return DeclineReason.CONTACTLESS_COUNT;
      }
    }
    boolean places = request.messageClass == MessageClass.AUTHORIZATION && !raises;
    if (places && LimitRules.isAbove(programme.openHolds, state.accounts.openHolds() + 1L)) {
      return DeclineReason.OPEN_HOLDS;
    }
    return null;
  }
}
