package se.valfardskort.independent.model;

import se.valfardskort.independent.WireMessage;

/** A request as the rules speak of it. */
record Facts(WireMessage message) {
  private static final String SEK = "752";

  /** 1 authorization, 2 financial, 4 reversal. */
  char messageClass() {
    return message.mti.charAt(1);
  }

  boolean isAdvice() {
    return message.mti.charAt(2) == '2';
  }

  String text(int field) {
    String value = message.get(field);
    return value == null ? "" : value.stripTrailing();
  }

  long number(int field) {
    String value = message.get(field);
    return value == null ? 0 : Long.parseLong(value);
  }

  /** Positions 1 and 2 of DE 3. */
  String type() {
    return text(3).isEmpty() ? "" : text(3).substring(0, 2);
  }

  /** Positions 3 and 4 of DE 3: the purse. */
  String account() {
    return text(3).substring(2, 4);
  }

  boolean isForeign() {
    return message.has(49) && !text(49).equals(SEK);
  }

  boolean isConvertible() {
    return !isForeign() || (message.has(6) && text(51).equals(SEK));
  }

  /** The amount in kronor. */
  long kronor() {
    return number(isForeign() ? 6 : 4);
  }

  String acquirer() {
    return text(32);
  }

  boolean isContactless() {
    return text(22).startsWith("07");
  }

  boolean isVerification() {
    return messageClass() == '1' && !isAdvice() && type().equals("00") && number(4) == 0 && message.has(4)
        && text(25).equals("51");
  }

  boolean isInquiry() {
    return type().equals("30") || type().equals("31");
  }

  /** The sum of the amounts of type 40 in DE 54. */
  long cashback() {
    long sum = 0;
    String amounts = text(54);
    for (int at = 0; at + 20 <= amounts.length(); at += 20) {
      if (amounts.startsWith("40", at + 2)) {
        sum += Long.parseLong(amounts.substring(at + 8, at + 20));
      }
    }
    return sum;
  }

  boolean isPartialCapable() {
    return text(60).length() >= 10 && text(60).charAt(9) == '1';
  }

  /** An advice: approved elsewhere, by its own DE 39. */
  boolean isApprovedElsewhere() {
    return switch (text(39)) {
      case "", "00", "08", "10", "11", "85" -> true;
      default -> false;
    };
  }

  /** DE 43 says where; DE 19 only where DE 43 says nothing; else at home. */
  boolean isAbroad() {
    String place = text(43);
    if (place.length() == 40) {
      return !place.endsWith("SE");
    }
    return message.has(19) && !text(19).equals(SEK);
  }

  /** DE 95: what remains; 0: nothing does. */
  long replacement() {
    return message.has(95) ? Long.parseLong(text(95).substring(0, 12)) : 0;
  }

  boolean namesOriginal() {
    return message.has(90);
  }

  /** DE 90 speaks of another message than this, as far as its STAN says. */
  boolean namesAnother() {
    return namesOriginal() && original(4, 10) != 0 && original(4, 10) != number(11);
  }

  private long original(int from, int to) {
    return Long.parseLong(text(90).substring(from, to));
  }

  /** DE 90 speaks of that request. */
  boolean names(Facts other) {
    if (!namesOriginal()) {
      return false;
    }
    boolean partial = original(4, 10) == 0 || original(20, 31) == 0;
    long stan = original(4, 10) == 0 ? number(11) : original(4, 10);
    long acquirer = original(20, 31) == 0 ? number(32) : original(20, 31);
    return (original(0, 4) == 0 || text(90).charAt(1) == other.messageClass())
        && stan == other.number(11)
        && acquirer == other.number(32)
        && (partial || original(10, 20) == 0 || original(10, 20) == other.number(7));
  }

  /** DE 37 + 41 are the same. */
  boolean refersTo(Facts other) {
    return !text(37).isEmpty() && text(37).equals(other.text(37)) && text(41).equals(other.text(41));
  }
}
