package se.valfardskort.independent.model;

/** The figures and choices of wire.md and domain.md in one place, so that a test can get one of them wrong. */
class Laws {
  long luxuryLimit(Programme.Category category) {
    return switch (category) {
      case RESTAURANTS -> 50_000;
      case CLOTHES -> 300_000;
      default -> Long.MAX_VALUE;
    };
  }

  long monthlyFuel() {
    return 150_000;
  }

  /** What a 0200 may complete above a hold. */
  long tolerated(Programme.Category category, long held) {
    boolean tolerant = category == Programme.Category.RESTAURANTS || category == Programme.Category.FUEL;
    return held + (tolerant ? held * 20 / 100 : 0);
  }

  long contactlessAmount() {
    return 40_000;
  }

  int contactlessInARow() {
    return 5;
  }

  int openHolds() {
    return 100;
  }

  int daysOfHolds() {
    return 7;
  }

  /** DE 25 = 06. */
  int daysOfPreauthorizations() {
    return 30;
  }

  int daysOfTombstones() {
    return 7;
  }

  /** For so long a posting, a refund or an increment can be named. */
  int daysOfPostings() {
    return 30;
  }

  /** Reverse paying order. */
  boolean cashGoesBackFirst() {
    return true;
  }

  boolean hjartanPayFirst() {
    return true;
  }

  boolean firstCompletionIsFinal() {
    return true;
  }

  boolean completionReleasesTheRest() {
    return true;
  }

  boolean advicesReplace() {
    return true;
  }

  boolean refundsAreNarrowestFirst() {
    return true;
  }

  boolean otherAcquirersAreStrangers() {
    return true;
  }

  /** Two partners number their messages as they like, though an acquirer may be both. */
  boolean otherPartnersAreStrangers() {
    return true;
  }

  /** DE 4 of a partial reversal of 1993. */
  boolean partialReversalsSayWhatRemains() {
    return true;
  }

  /** What calls itself one in 1993 is never an authorization of its own. */
  boolean incrementsNeedAHold() {
    return true;
  }

  /** DE 81. */
  boolean declinesAreCounted() {
    return true;
  }

  /** DE 15 of a request. */
  boolean requestsNameTheirDay() {
    return true;
  }

  /** Without DE 32. */
  boolean cutOversAreForAll() {
    return true;
  }

  /** Network management is for everybody. */
  boolean signedOffMayAskForEchoes() {
    return true;
  }

  boolean unknownReversalsAreRemembered() {
    return true;
  }

  boolean repeatsAreRecognized() {
    return true;
  }

  boolean verificationPlacesNoHold() {
    return true;
  }

  /** What remains of a foreign amount: kronor of the original x DE 95 / DE 4 of the original, half up. */
  long remains(long kronor, long replacement, long sent) {
    return (2 * kronor * replacement + sent) / (2 * sent);
  }
}
