package se.valfardskort.authorizer.app;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a policy answers to one purchase. Immutable; amounts in minor units.
 *
 * @param category key of the category in which the policy sees the purchase; empty: in none
 * @param outcome {@code approved}, {@code approved-in-part}, or the name of the decline reason
 * @param earmarkMinor 0 where the account has no earmark, too
 */
record PolicyAnswer(
    String category, String outcome, long approvedMinor, long cashMinor, long hjartanMinor, long earmarkMinor) {
  /**
   * A purchase that two policies answer otherwise. No card number, no shop.
   *
   * @param sequence of the request in the journal
   * @param account number of the holder's account; -1: no such card
   * @param tokenStart first eight bytes of the panToken
   * @param programme id of the account's programme; -1: no such card
   * @param amountMinor asked for
   * @param followUp it raises or completes an earlier hold, on which the two may differ already
   * @param before as journaled
   * @param after as the candidate has it
   */
  record Difference(
      long sequence,
      long timeMs,
      int account,
      String tokenStart,
      int programme,
      int mcc,
      long amountMinor,
      boolean followUp,
      PolicyAnswer before,
      PolicyAnswer after) {
    /** For programs. */
    Map<String, Object> fields() {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("sequence", sequence);
      all.put("time", Instant.ofEpochMilli(timeMs).toString());
      all.put("account", account);
      all.put("panTokenBegins", tokenStart);
      all.put("programme", programme);
      all.put("mcc", String.format(Locale.ROOT, "%04d", mcc));
      all.put("amountMinor", amountMinor);
      all.put("followUp", followUp);
      all.put("before", before.fields());
      all.put("after", after.fields());
      return all;
    }

    @Override
    public String toString() {
      return sequence + " " + Instant.ofEpochMilli(timeMs) + " account " + account + " card " + tokenStart
          + String.format(Locale.ROOT, " MCC %04d ", mcc) + Kronor.of(amountMinor) + ": " + before + " -> " + after
          + (followUp ? " (follows an earlier hold)" : "");
    }
  }

  private Map<String, Object> fields() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("category", category.isEmpty() ? null : category);
    all.put("outcome", outcome);
    all.put("approvedMinor", approvedMinor);
    all.put("cashMinor", cashMinor);
    all.put("hjartanMinor", hjartanMinor);
    all.put("earmarkMinor", earmarkMinor);
    return all;
  }

  /** The category for people. */
  static String named(String category) {
    return category.isEmpty() ? "(no category)" : category;
  }

  @Override
  public String toString() {
    return named(category) + " " + outcome + " " + Kronor.of(approvedMinor)
        + (hjartanMinor == 0 ? "" : " of which HJARTAN " + Kronor.of(hjartanMinor))
        + (earmarkMinor == 0 ? "" : " of which EARMARK " + Kronor.of(earmarkMinor));
  }
}
