package se.valfardskort.independent;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Builds requests as a Swedish terminal's acquirer would send them, and reads the purses out of an answer. */
public final class Purchase {
  static final String ACQUIRER = "123456";
  static final String SUPERMARKET = "MATAFFAREN00001";

  private static final AtomicInteger STAN = new AtomicInteger();

  private Purchase() {}

  /** wire.md section 7: 975200, nine digits, Luhn digit. */
  public static String pan(int cardNumber) {
    String body = "975200" + String.format(Locale.ROOT, "%09d", cardNumber);
    int sum = 0;
    for (int i = 0; i < body.length(); i++) {
      int digit = body.charAt(body.length() - 1 - i) - '0';
      int doubled = digit * 2;
      sum += i % 2 == 0 ? doubled / 10 + doubled % 10 : digit;
    }
    return body + (10 - sum % 10) % 10;
  }

  static WireMessage of(int cardNumber, String mcc, long amountMinor, String merchant) {
    int stan = STAN.incrementAndGet() % 1_000_000;
    return new WireMessage("0100")
        .set(2, pan(cardNumber))
        .set(3, "000000")
        .set(4, Long.toString(amountMinor))
        .set(7, "1122101500")
        .set(11, String.format(Locale.ROOT, "%06d", stan))
        .set(12, "111500")
        .set(13, "1122")
        .set(14, "3012")
        .set(18, mcc)
        .set(22, "051")
        .set(25, "00")
        .set(32, ACQUIRER)
        .set(37, String.format(Locale.ROOT, "6326%08d", stan))
        .set(41, "TERM0001")
        .set(42, merchant)
        .set(43, location("SE"))
        .set(49, "752");
  }

  /** The same purchase in the words of 1993. */
  static WireMessage of1993(int cardNumber, String mcc, long amountMinor, String merchant) {
    WireMessage older = of(cardNumber, mcc, amountMinor, merchant);
    return older.copyAs("1100").without(13).without(18).without(25)
        .set(12, "261122111500")
        .set(22, "510101511344")
        .set(24, "100")
        .set(26, mcc)
        .set(43, "BUTIKEN\\\\FITTJA\\14542        SWE");
  }

  static WireMessage inquiry1993(int cardNumber) {
    return of1993(cardNumber, "5411", 0, SUPERMARKET).set(3, "310000").without(4).without(26).without(49);
  }

  /** DE 24 = 400: all of it. */
  static WireMessage reversal1993Of(WireMessage original) {
    String originalData = original.mti + original.require(11) + original.require(12) + "06" + original.require(32);
    int stan = STAN.incrementAndGet() % 1_000_000;
    return original.copyAs("1420")
        .without(26)
        .set(11, String.format(Locale.ROOT, "%06d", stan))
        .set(12, "261122111700")
        .set(24, "400")
        .set(25, "4000")
        .set(56, originalData);
  }

  static String location(String country) {
    return String.format(Locale.ROOT, "%-25s%-13s%s", "BUTIKEN", "FITTJA", country);
  }

  static WireMessage inquiry(int cardNumber) {
    return of(cardNumber, "5411", 0, SUPERMARKET).set(3, "310000").without(4).without(18).without(49);
  }

  static WireMessage reversalOf(WireMessage original) {
    WireMessage reversal = original.copyAs("0400");
    String originalData =
        original.mti
            + original.require(11)
            + original.require(7)
            + String.format(Locale.ROOT, "%011d", Long.parseLong(original.require(32)))
            + "0".repeat(11);
    int stan = STAN.incrementAndGet() % 1_000_000;
    return reversal.set(11, String.format(Locale.ROOT, "%06d", stan)).set(90, originalData);
  }

  public static long cash(WireMessage answer) {
    return balance(answer, "96");
  }

  public static long hjartan(WireMessage answer) {
    return balance(answer, "98");
  }

  private static long balance(WireMessage answer, String accountType) {
    String amounts = answer.require(54);
    for (int at = 0; at < amounts.length(); at += 20) {
      String entry = amounts.substring(at, at + 20);
      if (entry.startsWith(accountType + "02752")) {
        long minor = Long.parseLong(entry.substring(8));
        return entry.charAt(7) == 'C' ? minor : -minor;
      }
    }
    throw new AssertionError("no balance of account type " + accountType + " in DE 54 " + amounts);
  }
}
