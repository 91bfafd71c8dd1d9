package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.domain.ProviderStatus;

/**
 * Where a request is paid, and what is bought there in the eyes of the card's programme. One instance a handler,
 * reused; owned by the core thread.
 */
final class Place {
  int merchantRow;
  int provider;
  int category;

  /** DE 18; -1 where the merchant is registered as something, whatever it sends. */
  int mcc;

  /** Where the merchant is, ISO 3166-1 numeric; it counts only where {@link #abroad}. */
  int country;

  /** The merchant's country is not the programme's. */
  boolean abroad;

  /** A journey that the message cannot show. */
  boolean journey;

  /** Reads the request; the account must be selected. */
  void resolve(EngineState state, ProgrammeRules programme, Request request) {
    merchantRow = state.merchants.find(request.acquirer, request.bytes, request.merchantOffset);
    provider = state.rules.providers.ofMerchant(merchantRow);
    int registered = registeredCategory(state, programme);
    mcc = registered < 0 && request.hasMcc() ? request.mcc : -1;
    country = request.merchantCountry;
    abroad = request.hasMerchantCountry() && country != programme.homeCountry;
    journey = registered < 0 && request.hasMcc() && programme.isJourney(request.mcc);
    if (registered >= 0) {
      category = registered;
    } else {
      category = request.hasMcc() ? programme.categoryOfMcc(request.mcc) : programme.unlisted();
    }
  }

  /** The category of an accreditation, else of a merchant rule; -1: the MCC decides. */
  private int registeredCategory(EngineState state, ProgrammeRules programme) {
    if (provider != ProviderRules.NONE && state.rules.providers.status(provider) == ProviderStatus.ACCREDITED) {
      int accredited = programme.categoryOfProvider(provider);
      if (accredited >= 0) {
        return accredited;
      }
    }
    return programme.categoryOfMerchant(merchantRow);
  }
}
