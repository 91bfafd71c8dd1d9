package se.valfardskort.authorizer.domain;

/** What the programme thinks of a category (domain.md section 3). */
public enum CategoryGroup {
  /** Payable as it is. */
  ALLOWED,
  /** Payable once a caseworker has granted an approval. */
  AFTER_APPROVAL,
  /** Not payable; an approval does not lift it. */
  BLOCKED,
  /** Cash and quasi-cash: blocked for good, since it would void every other rule. */
  CASH
}
