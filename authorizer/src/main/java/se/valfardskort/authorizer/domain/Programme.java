package se.valfardskort.authorizer.domain;

import java.util.List;

/**
 * A municipality's programme: its policy and its figures. Immutable; compiled from YAML, activated by a command.
 *
 * @param id 1 to 65534, stable
 * @param name stable key, for example {@code botkyrka}
 * @param categories the policy's categories; indexes are used by the other parts
 * @param mccRanges non-overlapping, ascending
 * @param merchantRules deny list and overrides
 * @param unlistedGroup what an MCC in no category gets: ALLOWED, AFTER_APPROVAL or BLOCKED
 * @param homeCountry ISO 3166-1 numeric; another country is abroad
 * @param contactlessLimitMinor one contactless purchase without PIN; {@link Category#NO_LIMIT}: none
 * @param contactlessCount contactless purchases without PIN in a row; {@link Category#NO_LIMIT}: none
 * @param openHolds most open holds an account; {@link Category#NO_LIMIT}: none
 * @param limits what may be bought on an account in all
 * @param savings what may be saved
 * @param reviewPercent how many of a hundred decisions are drawn for review
 * @param offers grants and bonuses
 */
public record Programme(
    int id,
    String name,
    List<Category> categories,
    List<MccRange> mccRanges,
    List<MerchantRule> merchantRules,
    CategoryGroup unlistedGroup,
    int homeCountry,
    long contactlessLimitMinor,
    int contactlessCount,
    int openHolds,
    Limits limits,
    SavingsRule savings,
    int reviewPercent,
    HolderOffers offers) {

  /** A programme that offers neither grants nor bonuses. */
  public Programme(
      int id,
      String name,
      List<Category> categories,
      List<MccRange> mccRanges,
      List<MerchantRule> merchantRules,
      CategoryGroup unlistedGroup,
      int homeCountry,
      long contactlessLimitMinor,
      int contactlessCount,
      int openHolds,
      Limits limits,
      SavingsRule savings,
      int reviewPercent) {
    this(
        id,
        name,
        categories,
        mccRanges,
        merchantRules,
        unlistedGroup,
        homeCountry,
        contactlessLimitMinor,
        contactlessCount,
        openHolds,
        limits,
        savings,
        reviewPercent,
        HolderOffers.NONE);
  }

  /** The same programme with other offers. */
  public Programme withOffers(HolderOffers others) {
    return new Programme(
        id,
        name,
        categories,
        mccRanges,
        merchantRules,
        unlistedGroup,
        homeCountry,
        contactlessLimitMinor,
        contactlessCount,
        openHolds,
        limits,
        savings,
        reviewPercent,
        others);
  }
}
