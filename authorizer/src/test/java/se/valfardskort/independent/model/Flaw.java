package se.valfardskort.independent.model;

/** Ways of getting one rule wrong, each a mistake that somebody could make. */
enum Flaw {
  CASH_PAYS_BEFORE_HJARTAN(
      new Laws() {
        @Override
        boolean hjartanPayFirst() {
          return false;
        }
      }),
  HJARTAN_GO_BACK_BEFORE_CASH(
      new Laws() {
        @Override
        boolean cashGoesBackFirst() {
          return false;
        }
      }),
  FUEL_CAP_OF_1000(
      new Laws() {
        @Override
        long monthlyFuel() {
          return 100_000;
        }
      }),
  CONTACTLESS_SIX_TIMES(
      new Laws() {
        @Override
        int contactlessInARow() {
          return 6;
        }
      }),
  ONE_ACQUIRER_REVERSES_FOR_ANOTHER(
      new Laws() {
        @Override
        boolean otherAcquirersAreStrangers() {
          return false;
        }
      }),
  UNKNOWN_REVERSALS_ARE_FORGOTTEN(
      new Laws() {
        @Override
        boolean unknownReversalsAreRemembered() {
          return false;
        }
      }),
  REPEATS_ARE_DECIDED_AGAIN(
      new Laws() {
        @Override
        boolean repeatsAreRecognized() {
          return false;
        }
      }),
  FOREIGN_REMAINDERS_ROUNDED_DOWN(
      new Laws() {
        @Override
        long remains(long kronor, long replacement, long sent) {
          return kronor * replacement / sent;
        }
      });

  final Laws laws;

  Flaw(Laws laws) {
    this.laws = laws;
  }
}
