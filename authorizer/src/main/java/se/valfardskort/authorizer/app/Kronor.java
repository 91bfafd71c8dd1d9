package se.valfardskort.authorizer.app;

import java.util.Locale;

/** Amounts as people read them; Hjartan have two decimals too. */
final class Kronor {
  private Kronor() {}

  /** Minor units with a point and two decimals: {@code -1,250.00}. */
  static String of(long amountMinor) {
    long whole = Math.abs(amountMinor / 100);
    return (amountMinor < 0 ? "-" : "") + String.format(Locale.ROOT, "%,d.%02d", whole, Math.abs(amountMinor % 100));
  }
}
