package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.domain.ProviderStatus;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsEncoder;

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

  /**
   * Notes for apply which MCC the merchant has sent, where it has a row, and tells where that is another than the time
   * before: whoever may choose his own code chooses the one that is allowed. Request and place must be the same.
   */
  void noteMcc(EngineState state, Request request, Outcome outcome) {
    if (merchantRow == MerchantTable.NONE || !request.hasMcc()) {
      return;
    }
    state.merchants.select(merchantRow);
    int before = state.merchants.sentMcc();
    outcome.mccOf = merchantRow;
    outcome.sentMcc = request.mcc;
    outcome.flags = DecisionFlagsEncoder.newMcc(outcome.flags, before != 0 && before != request.mcc);
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
