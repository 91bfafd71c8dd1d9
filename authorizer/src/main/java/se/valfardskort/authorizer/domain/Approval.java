package se.valfardskort.authorizer.domain;

/** The kinds of yes, each with a code of its own in a partner's table (wire.md sections 2 and 3). */
public enum Approval {
  /** A purchase, an advice, a refund, an inquiry. */
  APPROVED(0),
  /** Less than was asked for. */
  IN_PART(1),
  /** An account verification that went well. */
  VERIFIED(2),
  /** A reversal that was taken. */
  REVERSED(3),
  /** The acquirer's totals are ours. */
  RECONCILED(4),
  /** Network management. */
  NETWORK(5);

  /** Place in a list of codes; stable. */
  public final int number;

  Approval(int number) {
    this.number = number;
  }
}
