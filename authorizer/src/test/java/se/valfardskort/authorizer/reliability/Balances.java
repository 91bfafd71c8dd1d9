package se.valfardskort.authorizer.reliability;

import java.util.Locale;
import se.valfardskort.independent.Purchase;
import se.valfardskort.independent.WireMessage;

/** What a card's purses can spend, in minor units. */
record Balances(long cash, long hjartan) {
  static Balances in(WireMessage answer) {
    return new Balances(Purchase.cash(answer), Purchase.hjartan(answer));
  }

  Balances plus(long more, boolean inHjartan) {
    return inHjartan ? new Balances(cash, hjartan + more) : new Balances(cash + more, hjartan);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d ore + %d Hjartan-ore", cash, hjartan);
  }
}
