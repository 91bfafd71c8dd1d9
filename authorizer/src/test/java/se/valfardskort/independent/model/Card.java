package se.valfardskort.independent.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A card of the demo programme (wire.md section 7), as it is before its first purchase. Amounts in minor units.
 *
 * @param number nine digits
 * @param refusal what is wrong with the card itself; null: nothing
 * @param pinRefusal what a PIN is answered with
 */
record Card(
    int number,
    boolean exists,
    @Nullable Reason refusal,
    String expiry,
    Reason pinRefusal,
    String baz,
    long cash,
    long hjartan) {
  private static final long FULL_CASH = 700_000;
  private static final long FULL_HJARTAN = 300_000;
  private static final int FIRST_SPECIAL = 900_000_000;

  /** All but the one with an EARMARK for food, which would show in each of its balances. */
  static final int[] SPECIAL = {
    900_000_001, 900_000_002, 900_000_003, 900_000_004, 900_000_005, 900_000_006, 900_000_007, 900_000_008, 900_000_010,
    900_000_011, 900_000_012, 888_888_888
  };

  static Card of(int number) {
    Reason wrong =
        switch (number) {
          case 900_000_001 -> Reason.FROZEN;
          case 900_000_002 -> Reason.EXPIRED;
          case 900_000_004 -> Reason.LOST;
          case 900_000_005 -> Reason.STOLEN;
          default -> null;
        };
    boolean empty = number == 900_000_003;
    boolean poor = number == 900_000_011;
    return new Card(
        number,
        number != 888_888_888,
        wrong,
        number == 900_000_002 ? "2401" : "3012",
        number == 900_000_006 ? Reason.PIN_USED_UP : Reason.PIN_NOT_CHECKABLE,
        number == 900_000_012 ? "baz-annan" : "baz-fittja",
        empty ? 0 : poor ? 10_000 : FULL_CASH,
        empty ? 0 : poor ? 5_000 : FULL_HJARTAN);
  }

  /** A purchase that an approval or an earmark of the card is for (wire.md section 7); those are not this model's. */
  boolean isExceptionFor(Facts facts) {
    Programme.Category category =
        Programme.category(facts.acquirer(), facts.text(42), facts.merchantCategory());
    boolean liftable = category.refusal != null && category.refusal.code.equals("05");
    return switch (number) {
      case 900_000_007 -> category == Programme.Category.EDUCATION;
      case 900_000_008 -> liftable || facts.isAbroad();
      case 900_000_010 -> facts.text(42).equals("ODLING000000001") || facts.number(4) == 0;
      default -> false;
    };
  }

  /** Its earmark has visits and no money, which is what its balances tell. */
  boolean hasVisits() {
    return number == 900_000_010;
  }

  /** True where every other ordinary card would do as well. */
  boolean isOrdinary() {
    return number < FIRST_SPECIAL && number != 42 && exists;
  }

  /** 975200, nine digits, check digit; {@code false}: a wrong check digit. */
  String pan(boolean rightCheckDigit) {
    String body = "975200" + String.format(Locale.ROOT, "%09d", number);
    int sum = 0;
    for (int i = 0; i < body.length(); i++) {
      int digit = body.charAt(body.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? digit * 2 : digit;
      sum += weighted / 10 + weighted % 10;
    }
    int check = (10 - sum % 10) % 10;
    return body + (rightCheckDigit ? check : (check + 1) % 10);
  }
}
