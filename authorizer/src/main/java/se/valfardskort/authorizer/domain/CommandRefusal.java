package se.valfardskort.authorizer.domain;

/**
 * Why a command of the operators (not of a card) was refused. {@link #code} is stable on disk and in the API and never
 * collides with a {@link DeclineReason}'s.
 */
public enum CommandRefusal {
  /** The active configuration has no programme with this id. */
  PROGRAMME_UNKNOWN(1001, "name a programme of the active configuration"),
  /** The active configuration has no BAZ with this id. */
  BAZ_UNKNOWN(1002, "name a BAZ of the active configuration"),
  CARD_EXISTS(1003, "a panToken belongs to one card; look the card up instead of opening it again"),
  CARD_NOT_FOUND(1004, "open the card first"),
  ACCOUNT_NOT_FOUND(1005, "name an account that exists, or -1 for a new one"),
  /** The account to which a card is added belongs to another programme or BAZ. */
  ACCOUNT_ELSEWHERE(1006, "a card has its account's programme and BAZ"),
  EXPIRY_INVALID(1007, "give YYMM with a month of 01 to 12"),
  STATUS_INVALID(1008, "give one of the card's statuses"),
  AMOUNT_INVALID(1010, "give amounts of 0 or more, not all 0, at most 10000000000000 minor units"),
  PERIOD_INVALID(1011, "give YYMM with a month of 01 to 12, or 0 outside the monthly run"),
  /** Exactly once a month a card, whatever is retried. */
  PERIOD_ALREADY_LOADED(1012, "nothing: this period's load is already on the account"),
  /** Loads draw on the municipality's pool and cannot exceed it. */
  POOL_SHORT(1013, "fund the programme's pool first"),
  /** Hjartan are issued only against backing. */
  BACKING_SHORT(1014, "fund the treasury first"),
  CONFIGURATION_TOO_LONG(1020, "raise the capacity for configuration bytes"),
  /** A chunk that does not continue the one before. */
  CONFIGURATION_OUT_OF_ORDER(1021, "send the chunks in order, from offset 0"),
  CONFIGURATION_INCOMPLETE(1022, "send all chunks before the activation"),
  CONFIGURATION_CHECKSUM(1023, "send the chunks again: their SHA-256 is not the one that the activation names"),
  /** It cannot be read, or contradicts itself or what exists. */
  CONFIGURATION_INVALID(1024, "compile the configuration again with this version and keep what exists"),
  NO_ROOM(1030, "raise the engine's capacity and start again"),
  APPROVAL_NOT_FOUND(1040, "name the number of an approval of this card's account"),
  /** Exactly once, whatever is retried. */
  APPROVAL_EXISTS(1041, "nothing: an approval with this key was granted before"),
  APPROVAL_ENDED(1042, "nothing: it holds no longer"),
  VALIDITY_INVALID(1043, "let it begin before it ends, and end in the future"),
  /** More than eight entries, or one that is none: no category of the programme, no MCC, no DE 42. */
  SCOPE_INVALID(1044, "name at most eight categories of the programme, MCCs or merchants"),
  COUNTRY_INVALID(1045, "give ISO 3166-1 numbers of countries, or 65534 for any"),
  USES_INVALID(1046, "give 1 to 10000 uses, or 0 for any number"),
  REASON_INVALID(1047, "give one of the reasons that there are"),
  /** SAVINGS pays nothing in a shop yet: an approval must not promise it. */
  SAVINGS_NOT_OPENED(1049, "grant it without opening SAVINGS; the holder can move money from there to CASH"),
  ALLOWANCES_TOO_MANY(1048, "wait until one of the account's allowances has ended: it has 32"),
  EARMARK_NOT_FOUND(1050, "name the number of an earmark of this card's account"),
  /** Exactly once, whatever is retried. */
  EARMARK_EXISTS(1051, "nothing: an earmark with this key was granted before"),
  EARMARK_KIND_INVALID(1052, "say what the earmark is for, by one of the kinds"),
  EARMARK_AMOUNT_INVALID(
      1053, "give 0.01 to 100000000 kronor, or 0 where it counts visits: with a number of uses, in all or a week"),
  /** An earmark for anything would be CASH. */
  EARMARK_SCOPE_MISSING(1054, "name the categories, MCCs or merchants that it pays for, at most 8"),
  EARMARK_ENDED(1055, "nothing: it has ended"),
  EARMARKS_TOO_MANY(
      1056, "end one first, or wait until ended ones are forgotten: an account has at most 8 at a time and keeps 32"),
  /** Renewable: one after the other. */
  PRESCRIPTION_OPEN(1057, "wait until the prescription at this provider has ended, or end it"),
  SAVINGS_NOT_OFFERED(1060, "say in the programme's policy what may be saved"),
  MOVE_DIRECTION_INVALID(1061, "move to SAVINGS or to CASH"),
  CASH_SHORT(1062, "move no more than CASH has available"),
  SAVINGS_SHORT(1063, "move no more than SAVINGS has"),
  /** So much may be saved in a calendar month. */
  SAVINGS_MONTH_LIMIT(1064, "wait for the next calendar month, or move less"),
  /** So many monthly amounts may be saved in all; none where no load has told the monthly amount yet. */
  SAVINGS_BUFFER_FULL(1065, "move less: SAVINGS holds a number of the card's monthly amounts and no more"),
  MOVE_ALREADY_MADE(1066, "nothing where it is the same move; else give a number above the account's last move"),
  /** Closed, lost and stolen are for good. */
  CARD_STATUS_FINAL(1070, "open a new card on the account: this one is closed, lost or stolen for good"),
  CARD_STATUS_SAME(1071, "nothing: the card has this status, and its freeze this review date, already"),
  STATUS_REASON_INVALID(1072, "give one of the reasons for a change of status"),
  AUTHOR_INVALID(1073, "give the name of the operator's key: 1 to 32 printable ASCII characters without spaces"),
  /** A freeze is never open-ended. */
  REVIEW_DAY_INVALID(1074, "give a freeze a review date after today and at most 366 days ahead, and nothing else one"),
  /** Whatever is retried: one opening a run. */
  LOAD_RUN_OPEN_ALREADY(1080, "nothing: this run of loads is open; go on sending its cards"),
  LOAD_RUN_CLOSED_ALREADY(1081, "nothing: this run of loads is over; load who was left out with a list of their own"),
  LOAD_RUN_OTHER_OPEN(1082, "go on with the programme's run that is open, or close it, before another one"),
  /** 0, or that of a run with another period, number of cards or total. */
  LOAD_RUN_KEY_INVALID(1083, "give each run a key of its own, not 0, and the same content in each try"),
  LOAD_RUN_NOT_OPEN(1084, "open the run first: the programme has none with this key that is open"),
  LOAD_RUN_PERIOD(1085, "load the period of the run, or open one for the other period"),
  /** More cards, kronor or Hjartan than were announced. */
  LOAD_RUN_EXHAUSTED(1086, "announce all cards and their whole total when the run is opened"),
  LOAD_CARD_ELSEWHERE(1087, "load the card in a run of its own programme"),
  /** A kind that is none, an amount of the wrong sign, a type that is no key, or another sum than that of the load. */
  LOAD_COMPONENTS_INVALID(1088, "give at most 16 components that sum to the load, or none"),
  LOAD_CARDS_INVALID(1089, "say how many cards: 1 or more"),
  /** The programme's policy has no section for it, or not this kind. */
  GRANT_NOT_OFFERED(1090, "ask for one of the kinds in the policy's section 'grants', or a caseworker for an earmark"),
  /** Exactly once, whatever is retried. */
  GRANT_EXISTS(1091, "nothing: a grant was requested with this key before"),
  GRANT_AMOUNT_INVALID(1092, "ask for 0.01 kronor up to what the policy says for this kind"),
  /** A frozen, closed, lost, stolen or expired card asks for nothing and verifies nothing. */
  GRANT_CARD_NOT_ACTIVE(1093, "use a card that is active"),
  /** After a conviction or misuse; ordinary handling is open to everybody. */
  GRANT_BARRED(1094, "go by ordinary handling: the account has no fast track for now"),
  GRANTS_TOO_MANY(1095, "go by ordinary handling: the account has had what the policy allows in the period"),
  /** Of this kind. */
  GRANT_KIND_TOO_MANY(1096, "go by ordinary handling: the account has had its grants of this kind in the period"),
  GRANT_OPEN(1097, "wait for the neighbours' answer to the request that is open, or withdraw it"),
  GRANT_REQUESTS_TOO_MANY(1098, "wait until requests of last month are forgotten: an account keeps 32"),
  GRANT_NOT_FOUND(1099, "name the number of a request, as its holder was told"),
  /** Paid, withdrawn, or in ordinary handling; which, and by whom, is nobody's business here. */
  GRANT_NOT_OPEN(1100, "nothing: the request is no longer open"),
  /** The voter declares with each vote. */
  VOTE_INCOMPLETE(1101, "say yes or no, as neither family nor partner of the applicant, and declare that"),
  VOTER_IS_APPLICANT(1102, "ask a neighbour: nobody verifies a grant of the own account"),
  VOTER_ELSEWHERE(1103, "ask a neighbour of the same BAZ"),
  /** By any card of its account. */
  VOTE_GIVEN(1104, "nothing: this account has verified this request before"),
  BAR_INVALID(1105, "give a civil day, today or before, whose consequences are not over"),
  BAR_SAME(1106, "nothing: for this reason the account is barred as long or longer already, or has no bar to lift"),
  /** Each of the account's years has its bonus, to be paid before the next year is over. */
  BONUS_NOT_DUE(1107, "name the account's year that ended last; the first ends 12 months after the first load"),
  BONUS_PAID(1108, "nothing: the bonus of this year of the account was paid before"),
  BONUS_AMOUNT_INVALID(1109, "pay out no more than the policy's bonus, and than CASH and SAVINGS have together");

  private static final CommandRefusal[] VALUES = values();

  /** Stable, 1000 to 1999. */
  public final int code;

  /** How to mend it, for people. */
  public final String mend;

  CommandRefusal(int code, String mend) {
    this.code = code;
    this.mend = mend;
  }

  /**
   * Returns the refusal of a stable code.
   *
   * @throws IllegalArgumentException when none has it
   */
  public static CommandRefusal ofCode(int code) {
    for (CommandRefusal refusal : VALUES) {
      if (refusal.code == code) {
        return refusal;
      }
    }
    throw new IllegalArgumentException("no command refusal has the code " + code);
  }
}
