package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Approval;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CategoryGroup;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.domain.ProviderStatus;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * 0100 and 0200: may this card pay this merchant this amount, and from which purses?
 *
 * <p>Owned by the core thread. The guards stand in the order of {@link DeclineReason}, which is that of domain.md
 * section 3; each names one reason. They read state and change none.
 */
final class AuthorizationHandler {
  /** ISO 4217 number of the krona, the only currency of the purses. */
  static final int SEK = 752;

  /** 100 million kronor: no purchase with a welfare card, so a fault of the sender. */
  static final long LARGEST_AMOUNT_MINOR = 10_000_000_000L;

  private static final int CONDITION_VERIFICATION = 51;
  private static final int CONDITION_PREAUTHORIZATION = 6;

  private static final int DE_PAN = 2;
  private static final int DE_PROCESSING_CODE = 3;
  private static final int DE_AMOUNT = 4;
  private static final int DE_MCC = 18;

  /** What DE 3 and the message class ask for. */
  private enum Function {
    PURCHASE,
    CASH,
    VERIFICATION,
    /** 0100 + 20: answered, moves nothing. */
    REFUND_AUTHORIZATION,
    INQUIRY,
    UNSTATED,
    UNKNOWN
  }

  private final EngineState state;
  private final CardRules cards;
  private final PurseRules purses;

  AuthorizationHandler(EngineState state) {
    this.state = state;
    this.cards = new CardRules(state.cards);
    this.purses = new PurseRules(state);
  }

  @Nullable DeclineReason decide(Request request, long timeMs, Outcome outcome) {
    state.findCard(request, outcome);
    boolean cardKnown = outcome.cardId != CardTable.MISSING;
    Function function = functionOf(request);

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
    if (isOlderThanMemory(request, timeMs)) {
      return DeclineReason.TRANSMISSION_TIME_OUTSIDE_WINDOW;
    }
    if (request.amountMinor == 0 && function != Function.INQUIRY && function != Function.VERIFICATION) {
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
    DeclineReason reason = null;
    if (function != Function.REFUND_AUTHORIZATION) {
      reason = cards.decideCard(request, outcome.monthIndex);
    }
    if (reason == null) {
      reason = cards.decideHolder(request, outcome);
    }
    if (reason != null) {
      return reason;
    }
    if (function == Function.PURCHASE || function == Function.CASH) {
      return decidePurchase(request, function, outcome);
    }

    // From here on the request is approved; it moves nothing.
    boolean verified = function == Function.VERIFICATION;
    outcome.approval = verified ? Approval.VERIFIED : Approval.APPROVED;
    outcome.mintsAuthCode = !verified || state.rules.partners.approvesVerifications(request.partnerId);
    outcome.approvedMinor = function == Function.REFUND_AUTHORIZATION ? request.amountMinor : 0;
    return null;
  }

  private static Function functionOf(Request request) {
    boolean authorization = request.messageClass == MessageClass.AUTHORIZATION;
    if (request.isAdvice() || (!authorization && request.messageClass != MessageClass.FINANCIAL)) {
      return Function.UNKNOWN;
    }
    if (!request.hasProcessingCode()) {
      return Function.UNSTATED;
    }
    int type = request.type();
    int accountType = type == 20 ? request.toAccountType() : request.fromAccountType();
    if (!PurseRules.isAccountType(accountType)) {
      return Function.UNKNOWN;
    }
    return switch (type) {
      case 0 -> {
        boolean verification =
            authorization && request.amountMinor == 0 && request.conditionCode == CONDITION_VERIFICATION;
        yield verification ? Function.VERIFICATION : Function.PURCHASE;
      }
      case 1 -> Function.CASH;
      case 9 -> Function.PURCHASE;
      case 20 -> authorization ? Function.REFUND_AUTHORIZATION : Function.UNKNOWN;
      case 30, 31 -> Function.INQUIRY;
      default -> Function.UNKNOWN;
    };
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
    return needsMcc && (request.mcc < 1 || request.mcc >= ProgrammeRules.MCCS) ? DE_MCC : 0;
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
    long lowWaterMs = state.memory.lowWaterMs();
    return lowWaterMs != 0
        && request.hasTransmissionTime()
        && TransmissionTime.nearestMs(request.transmissionTime, timeMs) < lowWaterMs;
  }

  private @Nullable DeclineReason decidePurchase(Request request, Function function, Outcome outcome) {
    ProgrammeRules programme = state.rules.programme(state.accounts.programmeId());
    outcome.merchantRow =
        state.merchants.find(request.acquirer, request.bytes, request.merchantOffset);
    outcome.contactlessWithoutPin = request.contactless() && request.pinCheck != Check.PASSED;
    int provider = state.rules.providers.ofMerchant(outcome.merchantRow);
    int category = categoryOf(programme, provider, outcome.merchantRow);
    boolean byMcc = category < 0;
    category = byMcc ? programme.categoryOfMcc(request.mcc) : category;

    if (function == Function.CASH) {
      return DeclineReason.CASH_WITHDRAWAL;
    }
    if (request.cashbackMinor > 0) {
      return DeclineReason.CASHBACK;
    }
    boolean journey = byMcc && programme.isJourney(request.mcc);
    DeclineReason reason = policyRules(request, programme, category, journey, outcome);
    if (reason == null) {
      reason = limitRules(request, programme, category, outcome);
    }
    if (reason == null) {
      reason = purses.decide(request, provider, outcome);
    }
    if (reason == null && state.originals.isFull()) {
      reason = DeclineReason.CAPACITY;
    }
    if (reason != null) {
      outcome.hjartanMinor = 0;
      outcome.cashMinor = 0;
      return reason;
    }

    // From here on the purchase is approved.
    outcome.effect = request.messageClass == MessageClass.AUTHORIZATION ? Effect.HOLD : Effect.POST;
    outcome.originalId = state.originals.nextId();
    outcome.approvedMinor = request.amountMinor;
    outcome.hjartanAvailableMinor -= outcome.hjartanMinor;
    outcome.cashAvailableMinor -= outcome.cashMinor;
    outcome.cappedSlot = programme.cappedSlot(category);
    outcome.mintsAuthCode = true;
    return null;
  }

  /** The category of an accreditation, else of a merchant rule; -1: the MCC decides. */
  private int categoryOf(ProgrammeRules programme, int provider, int merchantRow) {
    if (provider != ProviderRules.NONE && state.rules.providers.status(provider) == ProviderStatus.ACCREDITED) {
      int accredited = programme.categoryOfProvider(provider);
      if (accredited >= 0) {
        return accredited;
      }
    }
    return programme.categoryOfMerchant(merchantRow);
  }

  /** What may be bought, and where (valfardskortets regler). */
  private static @Nullable DeclineReason policyRules(
      Request request, ProgrammeRules programme, int category, boolean journey, Outcome outcome) {
    CategoryGroup group = programme.group(category);
    if (group == CategoryGroup.CASH) {
      return DeclineReason.QUASI_CASH;
    }
    if (programme.denies(outcome.merchantRow)) {
      return DeclineReason.MERCHANT_DENIED;
    }
    if (group == CategoryGroup.BLOCKED) {
      return programme.reason(category);
    }
    if (request.hasMerchantCountry() && request.merchantCountry != programme.homeCountry) {
      return DeclineReason.ABROAD;
    }
    if (journey) {
      return DeclineReason.ABROAD_JOURNEY;
    }
    if (group == CategoryGroup.AFTER_APPROVAL) {
      return programme.reason(category);
    }
    return null;
  }

  /** How much, and how often. A limit without a figure is no limit. */
  private @Nullable DeclineReason limitRules(
      Request request, ProgrammeRules programme, int category, Outcome outcome) {
    long amountMinor = request.amountMinor;
    if (isAbove(programme.luxuryLimitMinor(category), amountMinor)) {
      return DeclineReason.LUXURY_AMOUNT;
    }
    int slot = programme.cappedSlot(category);
    if (slot != AccountTable.NO_SLOT) {
      long monthMinor = state.accounts.cappedMinor(slot, outcome.monthIndex);
      if (isAbove(programme.monthlyCapMinor(category), monthMinor + amountMinor)) {
        return DeclineReason.CATEGORY_CAP;
      }
    }
    if (outcome.contactlessWithoutPin) {
      if (isAbove(programme.contactlessLimitMinor, amountMinor)) {
        return DeclineReason.CONTACTLESS_AMOUNT;
      }
      if (isAbove(programme.contactlessCount, state.cards.contactlessRun() + 1L)) {
        return DeclineReason.CONTACTLESS_COUNT;
      }
    }
    boolean places = request.messageClass == MessageClass.AUTHORIZATION;
    if (places && isAbove(programme.openHolds, state.accounts.openHolds() + 1L)) {
      return DeclineReason.OPEN_HOLDS;
    }
    return null;
  }

  private static boolean isAbove(long limit, long value) {
    return limit != Category.NO_LIMIT && value > limit;
  }

  /** Applies what an approved or declined 0100 or 0200 does to the card, its purses and the originals. */
  void apply(Request request, long timeMs, Outcome outcome) {
    if (outcome.cardId == CardTable.MISSING) {
      return;
    }
    CardTable card = state.cards;
    card.select(outcome.cardId);
    switch (outcome.pin) {
      case UNTOUCHED -> { }
      case WRONG -> card.pinTriesLeft(Math.max(0, card.pinTriesLeft() - 1));
      case RIGHT -> card.pinTriesLeft(CardTable.PIN_TRIES);
    }
    if (outcome.effect != Effect.HOLD && outcome.effect != Effect.POST) {
      return;
    }

    state.accounts.select(outcome.accountId);
    if (outcome.effect == Effect.HOLD) {
      state.accounts.hold(outcome.hjartanMinor, outcome.cashMinor);
    } else {
      state.accounts.post(outcome.merchantRow, outcome.hjartanMinor, outcome.cashMinor);
    }
    state.accounts.count(outcome.cappedSlot, outcome.monthIndex, outcome.approvedMinor);
    if (outcome.hjartanMinor > 0) {
      state.merchants.select(outcome.merchantRow);
      state.merchants.take(outcome.monthIndex, outcome.hjartanMinor);
    }
    card.contactlessRun(outcome.contactlessWithoutPin ? card.contactlessRun() + 1 : 0);
    remember(request, timeMs, outcome);
  }

  private void remember(Request request, long timeMs, Outcome outcome) {
    OriginalTable original = state.originals;
    int id = outcome.originalId;
    original.allocate(id);
    original.identity.of(request);
    long sentMinor = request.transactionAmountMinor > 0 ? request.transactionAmountMinor : request.amountMinor;
    original.transactionAmount(sentMinor);
    original.counted(outcome.merchantRow, outcome.cappedSlot, outcome.monthIndex);
    original.amounts(outcome.hjartanMinor, outcome.cashMinor);
    boolean hold = outcome.effect == Effect.HOLD;
    Lane holdLane = request.conditionCode == CONDITION_PREAUTHORIZATION ? Lane.PREAUTHORIZATIONS : Lane.HOLDS;
    original.open(
        id,
        hold ? OriginalState.HELD : OriginalState.POSTED,
        hold ? holdLane : Lane.POSTINGS,
        outcome.cardId,
        outcome.accountId,
        timeMs);
  }
}
