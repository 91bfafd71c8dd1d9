package se.valfardskort.authorizer.domain;

/** Standing of a community provider with its BAZ council. */
public enum ProviderStatus {
  /** May take Hjartan within its dates. */
  ACCREDITED,
  /** Takes no Hjartan until the council lifts the suspension. */
  SUSPENDED,
  /** Takes no Hjartan again. */
  WITHDRAWN
}
