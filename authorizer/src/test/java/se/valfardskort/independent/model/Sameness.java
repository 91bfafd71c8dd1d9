package se.valfardskort.independent.model;

import se.valfardskort.independent.WireMessage;

/** What makes two requests one, and what must then not differ between them (wire.md section 4). */
final class Sameness {
  private static final int[] FINGERPRINT = {3, 4, 6, 18, 24, 30, 38, 39, 42, 49, 51, 54, 90};
  private static final int[] FINGERPRINT_1993 = {3, 4, 6, 18, 24, 26, 30, 38, 39, 42, 49, 51, 54, 56};

  private Sameness() {}

  /** A repeat of this would be answered as the first was. */
  static String key(Facts facts) {
    WireMessage message = facts.message();
    String terminal = !facts.text(41).isEmpty() ? "41" + facts.text(41) : "42" + facts.text(42);
    boolean local = message.has(12) && (message.has(13) || facts.is1993());
    String time = local ? facts.text(13) + facts.text(12) : facts.text(7);
    return String.join(
        "|",
        message.mti.substring(0, 3),
        facts.acquirer(),
        terminal,
        facts.text(11),
        facts.text(2),
        time,
        facts.replacementText());
  }

  /** What it says: a repeat of the same key must not say otherwise. */
  static String fingerprint(Facts facts) {
    StringBuilder all = new StringBuilder();
    for (int field : facts.is1993() ? FINGERPRINT_1993 : FINGERPRINT) {
      all.append(field).append('=').append(facts.message().has(field) ? facts.text(field) : "-").append('|');
    }
    return all.toString();
  }
}
