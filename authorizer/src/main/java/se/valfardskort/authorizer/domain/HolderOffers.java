package se.valfardskort.authorizer.domain;

/** What a programme offers its holders beside the monthly load. Immutable. */
public record HolderOffers(GrantRules grants, BonusRule bonus) {
  /** Nothing. */
  public static final HolderOffers NONE = new HolderOffers(GrantRules.NOT_OFFERED, BonusRule.NOT_OFFERED);
}
