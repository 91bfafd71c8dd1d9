package se.valfardskort.authorizer.domain;

/**
 * Why a request was not approved, in the order in which the rules are asked (domain.md section 3).
 *
 * <p>The order of the constants is precedence; {@link #code} is identity: stable on disk and in the API, never reused.
 * The network sees its own table's code instead (wire.md section 3).
 */
public enum DeclineReason {
  /** A field is missing or its value cannot be; DE 44 names it. */
  FORMAT_ERROR(100, Lift.FOR_GOOD, "FORMAT ERROR"),
  MAC_FAILED(110, Lift.FOR_GOOD, "SECURITY FAILURE"),
  NOT_SIGNED_ON(120, Lift.LATER, "NOT SIGNED ON"),
  ACQUIRER_NOT_ALLOWED(130, Lift.FOR_GOOD, "ACQUIRER NOT ALLOWED"),
  /** The key of an earlier request with other content. */
  KEY_REUSED(140, Lift.FOR_GOOD, "DUPLICATE"),
  /** A repeat of an original that was since fully reversed. */
  ORIGINAL_REVERSED(141, Lift.FOR_GOOD, "REVERSED"),
  /** Its reversal came first and left a tombstone. */
  REVERSED_BEFORE_ARRIVAL(142, Lift.FOR_GOOD, "REVERSED"),
  /** The message class or DE 3 is not one that is handled. */
  FUNCTION_UNKNOWN(150, Lift.FOR_GOOD, "INVALID FUNCTION"),
  CURRENCY_NOT_HANDLED(151, Lift.FOR_GOOD, "INVALID CURRENCY"),
  TRANSMISSION_TIME_OUTSIDE_WINDOW(152, Lift.FOR_GOOD, "INVALID TIME"),
  AMOUNT_ZERO(160, Lift.FOR_GOOD, "INVALID AMOUNT"),
  AMOUNT_TOO_LARGE(161, Lift.FOR_GOOD, "INVALID AMOUNT"),
  PAN_CHECK_DIGIT(170, Lift.FOR_GOOD, "INVALID CARD"),
  CARD_UNKNOWN(171, Lift.FOR_GOOD, "INVALID CARD"),
  CARD_FROZEN(180, Lift.LATER, "CARD RESTRICTED"),
  CARD_CLOSED(181, Lift.FOR_GOOD, "CARD RESTRICTED"),
  CARD_LOST(182, Lift.FOR_GOOD, "CARD RESTRICTED"),
  CARD_STOLEN(183, Lift.FOR_GOOD, "CARD RESTRICTED"),
  CARD_EXPIRED(190, Lift.FOR_GOOD, "EXPIRED CARD"),
  /** DE 14 and the track differ from each other. */
  EXPIRY_CONFLICT(192, Lift.FOR_GOOD, "EXPIRED CARD"),
  /** DE 14 or the track differs from the card's expiry. */
  EXPIRY_MISMATCH(191, Lift.FOR_GOOD, "EXPIRED CARD"),
  CVV_FAILED(200, Lift.FOR_GOOD, "SECURITY FAILURE"),
  CRYPTOGRAM_FAILED(201, Lift.FOR_GOOD, "SECURITY FAILURE"),
  PIN_TRIES_USED_UP(202, Lift.LATER, "PIN TRIES EXCEEDED"),
  /** A PIN was presented on a link without a PIN key: never ignored. */
  PIN_NOT_VERIFIABLE(203, Lift.FOR_GOOD, "SECURITY FAILURE"),
  PIN_WRONG(204, Lift.LATER, "INCORRECT PIN"),
  CASH_WITHDRAWAL(210, Lift.FOR_GOOD, "NOT PERMITTED"),
  CASHBACK(211, Lift.FOR_GOOD, "NOT PERMITTED"),
  /** The merchant sells money or what is as good as money. */
  QUASI_CASH(212, Lift.FOR_GOOD, "NOT PERMITTED"),
  MERCHANT_DENIED(220, Lift.FOR_GOOD, "NOT PERMITTED"),
  BLOCKED_ALCOHOL_TOBACCO(230, Lift.FOR_GOOD, "NOT PERMITTED"),
  BLOCKED_GAMBLING(231, Lift.FOR_GOOD, "NOT PERMITTED"),
  BLOCKED_LUXURY(232, Lift.FOR_GOOD, "NOT PERMITTED"),
  BLOCKED_SERVICES(233, Lift.FOR_GOOD, "NOT PERMITTED"),
  /** Duty-free shops. */
  BLOCKED_TRAVEL_RETAIL(234, Lift.FOR_GOOD, "NOT PERMITTED"),
  /** An MCC in no category, where the programme denies those. */
  BLOCKED_UNLISTED(235, Lift.FOR_GOOD, "NOT PERMITTED"),
  /** The merchant's country is not the programme's. */
  ABROAD(240, Lift.BY_APPROVAL, "DECLINED"),
  /** A journey that the message cannot show, at a merchant at home. */
  ABROAD_JOURNEY(241, Lift.BY_APPROVAL, "DECLINED"),
  APPROVAL_EDUCATION(250, Lift.BY_APPROVAL, "DECLINED"),
  APPROVAL_WORK_TOOLS(251, Lift.BY_APPROVAL, "DECLINED"),
  APPROVAL_MOVING(252, Lift.BY_APPROVAL, "DECLINED"),
  APPROVAL_DEBT(253, Lift.BY_APPROVAL, "DECLINED"),
  APPROVAL_UNLISTED(254, Lift.BY_APPROVAL, "DECLINED"),
  /** One purchase above the category's luxury limit. */
  LUXURY_AMOUNT(260, Lift.BY_APPROVAL, "AMOUNT LIMIT"),
  /** More than the category's cap this calendar month. */
  CATEGORY_CAP(261, Lift.BY_APPROVAL, "AMOUNT LIMIT"),
  /** One purchase above what the programme allows on an account. */
  PURCHASE_LIMIT(262, Lift.LATER, "AMOUNT LIMIT"),
  /** One purchase above what the programme allows in the category. */
  CATEGORY_PURCHASE_LIMIT(263, Lift.LATER, "AMOUNT LIMIT"),
  DAY_AMOUNT(264, Lift.LATER, "AMOUNT LIMIT"),
  CATEGORY_DAY_AMOUNT(265, Lift.LATER, "AMOUNT LIMIT"),
  DAY_COUNT(275, Lift.LATER, "COUNT LIMIT"),
  CATEGORY_DAY_COUNT(276, Lift.LATER, "COUNT LIMIT"),
  MONTH_AMOUNT(266, Lift.LATER, "AMOUNT LIMIT"),
  CATEGORY_MONTH_AMOUNT(267, Lift.LATER, "AMOUNT LIMIT"),
  MONTH_COUNT(277, Lift.LATER, "COUNT LIMIT"),
  CATEGORY_MONTH_COUNT(278, Lift.LATER, "COUNT LIMIT"),
  CONTACTLESS_AMOUNT(270, Lift.LATER, "AMOUNT LIMIT"),
  CONTACTLESS_COUNT(271, Lift.LATER, "COUNT LIMIT"),
  OPEN_HOLDS(272, Lift.LATER, "COUNT LIMIT"),
  /** A 0200 that completes a hold for more than the hold and its tolerance. */
  COMPLETION_ABOVE_TOLERANCE(273, Lift.LATER, "AMOUNT LIMIT"),
  /** An earmark pays so many purchases a civil week; one visit more is next week's. */
  EARMARK_WEEK(274, Lift.LATER, "COUNT LIMIT"),
  /** A visit that costs nothing, on an earmark whose visits are used up. */
  EARMARK_USES(279, Lift.FOR_GOOD, "COUNT LIMIT"),
  HJARTAN_NOT_ACCREDITED(280, Lift.FOR_GOOD, "ACCOUNT NOT USABLE HERE"),
  HJARTAN_PROVIDER_SUSPENDED(281, Lift.LATER, "ACCOUNT NOT USABLE HERE"),
  HJARTAN_OTHER_BAZ(282, Lift.FOR_GOOD, "ACCOUNT NOT USABLE HERE"),
  /** The card's own account or household owns the provider. */
  HJARTAN_OWN_HOUSEHOLD(283, Lift.FOR_GOOD, "ACCOUNT NOT USABLE HERE"),
  /** The provider has taken what it may this calendar month. */
  PROVIDER_CEILING(284, Lift.LATER, "AMOUNT LIMIT"),
  SAVINGS_NOT_OPEN(285, Lift.BY_APPROVAL, "ACCOUNT NOT USABLE HERE"),
  NO_CREDIT_ACCOUNT(286, Lift.FOR_GOOD, "NO SUCH ACCOUNT"),
  INSUFFICIENT_FUNDS(290, Lift.LATER, "INSUFFICIENT FUNDS"),
  INSUFFICIENT_CASH(291, Lift.LATER, "INSUFFICIENT FUNDS"),
  INSUFFICIENT_HJARTAN(292, Lift.LATER, "INSUFFICIENT FUNDS"),
  /** A reversal of what was never seen, for partners that want to know; an increment of it, for all. */
  ORIGINAL_NOT_FOUND(300, Lift.FOR_GOOD, "ORIGINAL NOT FOUND"),
  /** The acquirer's totals are not ours. */
  OUT_OF_BALANCE(310, Lift.LATER, "OUT OF BALANCE"),
  OVERLOADED(900, Lift.LATER, "TRY AGAIN"),
  DEADLINE_PASSED(901, Lift.LATER, "TRY AGAIN"),
  /** Cannot be taken, known before anything was appended. */
  SYSTEM_MALFUNCTION(910, Lift.LATER, "TRY AGAIN"),
  /** A table is full; the gateway sheds before it comes to this. */
  CAPACITY(911, Lift.LATER, "TRY AGAIN");

  /** What could make the same purchase pass another time. */
  public enum Lift {
    /** Nothing. */
    FOR_GOOD,
    /** Time, money, or a person's act on the card. */
    LATER,
    /** A caseworker's approval: must never reach the network as "the issuer will never approve". */
    BY_APPROVAL
  }

  /** The code of an approval, which is no reason. */
  public static final int APPROVED = 0;

  private static final int MAXIMUM_CODE = 999;
  private static final DeclineReason[] BY_CODE = new DeclineReason[MAXIMUM_CODE + 1];

  static {
    for (DeclineReason reason : values()) {
      if (BY_CODE[reason.code] != null) {
        throw new IllegalStateException("code " + reason.code + " is used twice");
      }
      BY_CODE[reason.code] = reason;
    }
  }

  /** Stable, 1 to 999. */
  public final int code;

  /** What could make it pass. */
  public final Lift lift;

  /** DE 44: at most 25 characters, and nothing that reveals welfare to who stands at the terminal. */
  public final String terminalText;

  DeclineReason(int code, Lift lift, String terminalText) {
    this.code = code;
    this.lift = lift;
    this.terminalText = terminalText;
  }

  /**
   * Returns the reason of a stable code.
   *
   * @throws IllegalArgumentException when no reason has it
   */
  public static DeclineReason ofCode(int code) {
    DeclineReason reason = code > 0 && code <= MAXIMUM_CODE ? BY_CODE[code] : null;
    if (reason == null) {
      throw new IllegalArgumentException("no decline reason has the code " + code);
    }
    return reason;
  }
}
