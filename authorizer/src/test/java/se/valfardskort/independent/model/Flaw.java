package se.valfardskort.independent.model;

import java.util.List;

/** Ways of getting one rule wrong, each a mistake that somebody could make. */
record Flaw(String name, Laws laws) {
  static final Flaw CONTACTLESS_SIX_TIMES =
      new Flaw(
          "six contactless purchases in a row",
          new Laws() {
            @Override
            int contactlessInARow() {
              return 6;
            }
          });

  static final List<Flaw> ALL =
      List.of(
          CONTACTLESS_SIX_TIMES,
          new Flaw(
              "CASH pays before HJARTAN",
              new Laws() {
                @Override
                boolean hjartanPayFirst() {
                  return false;
                }
              }),
          new Flaw(
              "HJARTAN goes back before CASH",
              new Laws() {
                @Override
                boolean cashGoesBackFirst() {
                  return false;
                }
              }),
          new Flaw(
              "fuel for 1,000 kr a month",
              new Laws() {
                @Override
                long monthlyFuel() {
                  return 100_000;
                }
              }),
          new Flaw(
              "one acquirer reverses for another",
              new Laws() {
                @Override
                boolean otherAcquirersAreStrangers() {
                  return false;
                }
              }),
          new Flaw(
              "one partner reverses for another",
              new Laws() {
                @Override
                boolean otherPartnersAreStrangers() {
                  return false;
                }
              }),
          new Flaw(
              "a partial reversal of 1993 says what goes back",
              new Laws() {
                @Override
                boolean partialReversalsSayWhatRemains() {
                  return false;
                }
              }),
          new Flaw(
              "an increment of 1993 without a hold is an authorization",
              new Laws() {
                @Override
                boolean incrementsNeedAHold() {
                  return false;
                }
              }),
          new Flaw(
              "reversals of the unknown are forgotten",
              new Laws() {
                @Override
                boolean unknownReversalsAreRemembered() {
                  return false;
                }
              }),
          new Flaw(
              "repeats are decided again",
              new Laws() {
                @Override
                boolean repeatsAreRecognized() {
                  return false;
                }
              }),
          new Flaw(
              "holds expire after 8 days",
              new Laws() {
                @Override
                int daysOfHolds() {
                  return 8;
                }
              }),
          new Flaw(
              "pre-authorizations expire like other holds",
              new Laws() {
                @Override
                int daysOfPreauthorizations() {
                  return 7;
                }
              }),
          new Flaw(
              "purchases can be refunded by their number for 60 days",
              new Laws() {
                @Override
                int daysOfPostings() {
                  return 60;
                }
              }),
          new Flaw(
              "declined authorizations are not counted",
              new Laws() {
                @Override
                boolean declinesAreCounted() {
                  return false;
                }
              }),
          new Flaw(
              "postings belong to the acquirer's day, whatever they say",
              new Laws() {
                @Override
                boolean requestsNameTheirDay() {
                  return false;
                }
              }),
          new Flaw(
              "a cut-over without an acquirer is for the first",
              new Laws() {
                @Override
                boolean cutOversAreForAll() {
                  return false;
                }
              }),
          new Flaw(
              "who has signed off gets no echo either",
              new Laws() {
                @Override
                boolean signedOffMayAskForEchoes() {
                  return false;
                }
              }),
          new Flaw(
              "foreign remainders are rounded down",
              new Laws() {
                @Override
                long remains(long kronor, long replacement, long sent) {
                  return kronor * replacement / sent;
                }
              }));

  @Override
  public String toString() {
    return name;
  }
}
