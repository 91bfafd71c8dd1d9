package se.valfardskort.independent.model;

/** What the generator can send, and how often relative to the others. */
public enum Kind {
  PURCHASE(40),
  FOREIGN_PURCHASE(5),
  PARTIAL_APPROVAL(12),
  INQUIRY(3),
  VERIFICATION(2),
  REFUND_AUTHORIZATION(1),
  FORMAT_ERROR(2),
  ODD_MESSAGE(2),
  UNANSWERED(1),
  REVERSAL(14),
  PARTIAL_REVERSAL(10),
  REVERSAL_BY_A_STRANGER(2),
  UNKNOWN_REVERSAL(2),
  LATE_ORIGINAL(3),
  REPEAT(8),
  OTHER_CONTENT(3),
  INCREMENT(8),
  /** Says that it is one, and names no hold; in 1993 only. */
  STRAY_INCREMENT(2),
  COMPLETION(22),
  COMPLETING_REQUEST(8),
  ADVICE(10),
  REFUND(10),
  UNLINKED_REFUND(5),
  /** No message: for the server it is later. */
  TIME_PASSES(0);

  final int weight;

  Kind(int weight) {
    this.weight = weight;
  }
}
