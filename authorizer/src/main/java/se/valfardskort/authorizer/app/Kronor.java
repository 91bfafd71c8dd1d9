package se.valfardskort.authorizer.app;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people read them; Hjartan have two decimals too. */
final class Kronor {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,10})(?:[.]([0-9]{2}))?");

  private Kronor() {}

  /** Minor units of an amount that a person wrote as an option: {@code 5000} or {@code 5000.00}. */
  static long minor(String option, String amount) throws StartFailure {
    Matcher parts = AMOUNT.matcher(amount);
    if (!parts.matches()) {
      throw new StartFailure(ExitCode.USAGE, option + " is no amount: write kronor with two decimals, 5000.00");
    }
    String ore = parts.group(2);
    return Long.parseLong(parts.group(1)) * 100 + (ore == null ? 0 : Integer.parseInt(ore));
  }

  /** Minor units with a point and two decimals: {@code -1,250.00}. */
  static String of(long amountMinor) {
    long whole = Math.abs(amountMinor / 100);
    return (amountMinor < 0 ? "-" : "") + String.format(Locale.ROOT, "%,d.%02d", whole, Math.abs(amountMinor % 100));
  }
}
