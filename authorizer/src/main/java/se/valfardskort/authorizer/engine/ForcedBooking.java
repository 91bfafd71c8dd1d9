package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.engine.sbe.DecisionFlagsEncoder;

/**
 * From which purses comes what others have paid out in our name, whether there is enough or not.
 *
 * <p>Owned by the core thread. Earmarks as far as they are for it, Hjartan as far as the merchant may take them and
 * there are some, CASH for the rest and below 0 if need be; DE 3 may ask for CASH alone. Nothing is refused: a person
 * is told by flags instead.
 */
final class ForcedBooking {
  private final EngineState state;
  private final PurseRules purses;
  private final EarmarkRules earmarks;

  ForcedBooking(EngineState state) {
    this.state = state;
    this.purses = new PurseRules(state);
    this.earmarks = new EarmarkRules(state);
  }

  /** Decides who pays a purchase that nobody asked us for; the account must be selected. */
  void decideNew(Request request, Place place, ProgrammeRules programme, Outcome outcome) {
    // What no approval lifts is no earmark's to pay either, whoever decided it.
    boolean mayPay =
        request.type() != Function.TYPE_CASH
            && request.cashbackMinor <= 0
            && !programme.isBlocked(place.category)
            && !programme.denies(place.merchantRow);
    if (mayPay && PurseRules.isByPurseOrder(request) && state.draws.hasRoomFor(Outcome.MOST_EARMARKS + 1)) {
      // A week that is full, or used-up visits, are no reason to refuse here: the other purses pay.
      earmarks.decide(place, programme, request.amountMinor, 0, outcome);
    }
    decideBehindEarmarks(request, request.amountMinor, outcome);
  }

  /**
   * Decides who pays {@code moreMinor} more of the purchase whose draws are {@code chain}, to {@code
   * outcome.merchantRow}; the account must be selected.
   */
  void decideMore(Request request, long moreMinor, int chain, Outcome outcome) {
    if (PurseRules.isByPurseOrder(request) && state.draws.hasRoomFor(Outcome.MOST_EARMARKS + 1)) {
      earmarks.decideMore(chain, moreMinor, outcome);
    }
    decideBehindEarmarks(request, moreMinor, outcome);
  }

  private void decideBehindEarmarks(Request request, long wholeMinor, Outcome outcome) {
    int accountType = request.fromAccountType();
    long amountMinor = wholeMinor - outcome.earmarkMinor;
    long hjartanMinor = 0;
    if (accountType != PurseRules.ACCOUNT_CASH) {
      int provider = state.rules.providers.ofMerchant(outcome.merchantRow);
      hjartanMinor = Math.min(amountMinor, purses.usableHjartanMinor(provider, outcome));
    }
    long cashMinor = amountMinor - hjartanMinor;
    if (accountType == PurseRules.ACCOUNT_HJARTAN && cashMinor > 0) {
      outcome.flags = DecisionFlagsEncoder.hjartanToCash(outcome.flags, true);
    }
    outcome.earmarkMoreMinor = outcome.earmarkMinor;
    outcome.addEarmarkAvailable(-outcome.earmarkMinor);
    outcome.hjartanMoreMinor = hjartanMinor;
    outcome.cashMoreMinor = cashMinor;
    outcome.hjartanAvailableMinor -= hjartanMinor;
    overdraw(request, cashMinor, outcome);
  }

  /** Decides that CASH pays, whatever is in it. */
  void overdraw(Request request, long cashMinor, Outcome outcome) {
    long before = Math.min(0, outcome.cashAvailableMinor);
    outcome.cashAvailableMinor -= cashMinor;
    long after = Math.min(0, outcome.cashAvailableMinor);
    outcome.forced = true;
    outcome.overdrawnMinor = before - after;
    if (after < before) {
      outcome.flags = DecisionFlagsEncoder.overdrawn(outcome.flags, true);
      long limitMinor = state.rules.partners.adviceLimitMinor(request.partnerId);
      long totalMinor = state.overdrawnMinor(request.partnerId) + outcome.overdrawnMinor;
      boolean above = limitMinor != Category.NO_LIMIT && totalMinor > limitMinor;
      outcome.flags = DecisionFlagsEncoder.partnerLimit(outcome.flags, above);
    }
  }
}
