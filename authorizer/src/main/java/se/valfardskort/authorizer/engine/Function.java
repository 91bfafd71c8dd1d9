package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.engine.sbe.MessageClass;

/** What DE 3 and the message type of a 01xx or 02xx ask for (wire.md section 2). */
enum Function {
  PURCHASE,
  CASH,
  VERIFICATION,
  /** 0100 + 20, or its advice: answered, moves nothing. */
  REFUND_AUTHORIZATION,
  /** Money back: 0200 and 0220 + 20, and an adjustment in the holder's favour. */
  REFUND,
  /** An advice of a purchase, of cash or of cashback: decided elsewhere, so booked. */
  BOOKING,
  /** A 0220 + 02 from a partner that may: a debit that stands on nothing else. */
  ADJUSTMENT,
  INQUIRY,
  UNSTATED,
  UNKNOWN;

  /** Positions 1 and 2 of DE 3: cash. */
  static final int TYPE_CASH = 1;

  private static final int CONDITION_VERIFICATION = 51;

  static Function of(Request request, PartnerRules partners) {
    if (request.messageClass != MessageClass.AUTHORIZATION && request.messageClass != MessageClass.FINANCIAL) {
      return UNKNOWN;
    }
    if (!request.hasProcessingCode()) {
      return UNSTATED;
    }
    return request.isAdvice() ? ofAdvice(request, partners) : ofRequest(request);
  }

  private static Function ofRequest(Request request) {
    boolean authorization = request.messageClass == MessageClass.AUTHORIZATION;
    int type = request.type();
    int accountType = type == 20 ? request.toAccountType() : request.fromAccountType();
    if (!PurseRules.isAccountType(accountType)) {
      return UNKNOWN;
    }
    return switch (type) {
      case 0 -> {
        boolean verification =
            authorization && request.amountMinor == 0 && request.conditionCode == CONDITION_VERIFICATION;
        yield verification ? VERIFICATION : PURCHASE;
      }
      case TYPE_CASH -> CASH;
      case 9 -> PURCHASE;
      case 20 -> authorization ? REFUND_AUTHORIZATION : REFUND;
      case 30, 31 -> INQUIRY;
      default -> UNKNOWN;
    };
  }

  private static Function ofAdvice(Request request, PartnerRules partners) {
    boolean financial = request.messageClass == MessageClass.FINANCIAL;
    boolean adjusts = financial && partners.bookAdjustments(request.partnerId);
    return switch (request.type()) {
      case 0, 1, 9 -> BOOKING;
      case 2 -> adjusts ? ADJUSTMENT : UNKNOWN;
      case 20 -> financial ? REFUND : REFUND_AUTHORIZATION;
      case 22 -> adjusts ? REFUND : UNKNOWN;
      default -> UNKNOWN;
    };
  }

  /** Zero is an amount: nothing to pay is how a completion gives all back, and inquiries have none. */
  boolean takesZero() {
    return this == INQUIRY || this == VERIFICATION || this == BOOKING;
  }
}
