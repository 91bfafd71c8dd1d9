package se.valfardskort.independent.model;

import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireMessage;

/** A request as the rules speak of it, in the words of 1987 or of 1993, as its first digit says. */
record Facts(WireMessage message) {
  private static final String SEK = "752";
  private static final String PARTIAL_REVERSAL = "401";

  boolean is1993() {
    return message.mti.charAt(0) == '1';
  }

  /** Each edition's links belong to one partner. */
  boolean isOfSamePartner(Facts other) {
    return is1993() == other.is1993();
  }

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

  /** DE 4; in a partial reversal of 1993 that is what remains, and DE 30 begins with the amount that was. */
  long amount() {
    return isPartialReversal() ? Long.parseLong(text(30).substring(0, 12)) : number(4);
  }

  private boolean isPartialReversal() {
    return is1993() && messageClass() == '4' && text(24).equals(PARTIAL_REVERSAL);
  }

  /** DE 26 in 1993, else DE 18. */
  @Nullable String merchantCategory() {
    return is1993() && message.has(26) ? text(26) : message.get(18);
  }

  /** DE 24 = 106 or 107, which 1987 has no word for. */
  boolean saysIncrement() {
    return is1993() && messageClass() == '1' && (text(24).equals("106") || text(24).equals("107"));
  }

  boolean isPreauthorization() {
    boolean said = is1993() ? text(24).equals("101") || text(24).equals("103") : text(25).equals("06");
    return messageClass() == '1' && said;
  }

  String acquirer() {
    return text(32);
  }

  boolean isContactless() {
    if (is1993()) {
      return text(22).length() == 12 && (text(22).charAt(6) == 'A' || text(22).charAt(6) == 'M');
    }
    return text(22).startsWith("07");
  }

  boolean isVerification() {
    return messageClass() == '1' && !isAdvice() && type().equals("00") && number(4) == 0 && message.has(4)
        && (is1993() ? text(24).equals("108") : text(25).equals("51"));
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
    if (is1993()) {
      return text(39).isEmpty() || text(39).charAt(0) == '0';
    }
    return switch (text(39)) {
      case "", "00", "08", "10", "11", "85" -> true;
      default -> false;
    };
  }

  /** DE 43 says where; DE 19 only where DE 43 says nothing; else at home. */
  boolean isAbroad() {
    String place = text(43);
    if (is1993() && place.contains("\\")) {
      return !place.endsWith("SWE");
    }
    if (place.length() == 40) {
      return !place.endsWith("SE");
    }
    return message.has(19) && !text(19).equals(SEK);
  }

  /** DE 95, or DE 4 of a partial reversal of 1993: what remains; 0: nothing does. */
  long replacement() {
    return replacementText().isEmpty() ? 0 : Long.parseLong(replacementText().substring(0, 12));
  }

  /** The same as it was sent: part of what makes two reversals two. */
  String replacementText() {
    if (is1993()) {
      return isPartialReversal() ? text(4) : "";
    }
    return messageClass() == '4' ? text(95) : "";
  }

  /** DE 90, or DE 56 of 1993, speaks of another message than this, as far as its STAN says. */
  boolean namesAnother() {
    String original = text(is1993() ? 56 : 90);
    return !original.isEmpty() && part(original, 4, 10) != 0 && part(original, 4, 10) != number(11);
  }

  /** DE 90, or DE 56 of 1993, speaks of that request. */
  boolean names(Facts other) {
    return is1993() ? message.has(56) && namesBy56(other) : message.has(90) && namesBy90(other);
  }

  private static long part(String text, int from, int to) {
    return Long.parseLong(text.substring(from, to));
  }

  private boolean namesBy90(Facts other) {
    String original = text(90);
    return names(other, part(original, 0, 4), part(original, 4, 10), part(original, 20, 31), part(original, 10, 20), 7);
  }

  private boolean namesBy56(Facts other) {
    String original = text(56);
    long acquirer = original.length() <= 24 ? 0 : part(original, 24, original.length());
    return names(other, part(original, 0, 4), part(original, 4, 10), acquirer, part(original, 10, 22), 12);
  }

  private boolean names(Facts other, long mti, long stan, long acquirer, long time, int timeField) {
    boolean partial = stan == 0 || acquirer == 0;
    return (mti == 0 || mti / 100 % 10 == other.messageClass() - '0')
        && (stan == 0 ? number(11) : stan) == other.number(11)
        && (acquirer == 0 ? number(32) : acquirer) == other.number(32)
        && (partial || time == 0 || time == other.number(timeField));
  }

  /** DE 37 + 41 are the same. */
  boolean refersTo(Facts other) {
    return !text(37).isEmpty() && text(37).equals(other.text(37)) && text(41).equals(other.text(41));
  }
}
