package se.valfardskort.independent.model;

/** Why a request is not approved, in the order of domain.md section 3, each with its DE 39 of wire.md section 3. */
enum Reason {
  FORMAT("30"),
  NOT_SIGNED_ON("91"),
  ACQUIRER_NOT_ALLOWED("31"),
  SAME_KEY_OTHER_CONTENT("94"),
  REVERSED_SINCE("94"),
  REVERSED_BEFORE_IT_CAME("94"),
  FUNCTION("12"),
  CURRENCY("12"),
  OLDER_THAN_MEMORY("12"),
  AMOUNT_ZERO("13"),
  CHECK_DIGIT("14"),
  CARD_UNKNOWN("14"),
  FROZEN("62"),
  LOST("41"),
  STOLEN("43"),
  EXPIRED("54"),
  EXPIRY_DIFFERS("54"),
  PIN_USED_UP("75"),
  PIN_NOT_CHECKABLE("82"),
  CASH("57"),
  CASHBACK("57"),
  QUASI_CASH("57"),
  MERCHANT_DENIED("03"),
  ALCOHOL_TOBACCO("03"),
  GAMBLING("03"),
  LUXURY_GOODS("03"),
  DUTY_FREE("03"),
  OTHER_SERVICES("03"),
  ABROAD("05"),
  JOURNEY("05"),
  EDUCATION("05"),
  WORK_TOOLS("05"),
  MOVING("05"),
  DEBT("05"),
  LUXURY_AMOUNT("61"),
  CATEGORY_CAP("61"),
  CONTACTLESS_AMOUNT("61"),
  CONTACTLESS_COUNT("65"),
  OPEN_HOLDS("65"),
  ABOVE_TOLERANCE("61"),
  NOT_ACCREDITED("58"),
  PROVIDER_SUSPENDED("58"),
  OTHER_BAZ("58"),
  OWN_HOUSEHOLD("58"),
  SAVINGS("53"),
  CREDIT("39"),
  FUNDS("51"),
  FUNDS_CASH("51"),
  FUNDS_HJARTAN("51"),
  ORIGINAL_NOT_FOUND("25"),
  OUT_OF_BALANCE("95");

  /** DE 39. */
  final String code;

  Reason(String code) {
    this.code = code;
  }
}
