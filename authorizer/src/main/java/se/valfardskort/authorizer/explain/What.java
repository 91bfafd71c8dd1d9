package se.valfardskort.authorizer.explain;

/** What a command was about, in the eyes of a person. */
public enum What {
  /** A purchase, asked for. */
  PURCHASE,
  /** A purchase that somebody else had decided in our name. */
  PURCHASE_ADVICE,
  CASH_WITHDRAWAL,
  INQUIRY,
  /** Is the card good? Nothing is paid. */
  VERIFICATION,
  REFUND,
  /** May a refund be made? Nothing moves. */
  REFUND_REQUEST,
  ADJUSTMENT,
  /** A hold becomes what was really paid. */
  COMPLETION,
  /** A hold is raised. */
  INCREMENT,
  REVERSAL,
  RECONCILIATION,
  CARD_OPENED,
  LOAD,
  /** From CASH to SAVINGS. */
  SAVED,
  /** From SAVINGS to CASH. */
  UNSAVED,
  FROZEN,
  UNFROZEN,
  CLOSED,
  LOST,
  STOLEN,
  APPROVAL_GRANTED,
  APPROVAL_REVOKED,
  EARMARK_GRANTED,
  EARMARK_ENDED,
  /** Neighbours are asked to verify a grant. */
  GRANT_REQUESTED,
  GRANT_WITHDRAWN,
  /** No fast track for some years, or that was lifted. */
  GRANT_BARRED,
  /** A bonus was ordered for payout. */
  BONUS_PAID,
  /** Somebody looked at the card. */
  LOOK,
  /** What concerns no single card, and what is newer than this list. */
  OTHER
}
