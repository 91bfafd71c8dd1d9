package se.valfardskort.authorizer.app.config;

import java.util.List;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.EarmarkTerms;

/**
 * The cards that a demonstration begins with (wire.md section 7). Immutable.
 *
 * @param bin the six digits with which every card number begins
 * @param programmeId programme that all of them belong to
 * @param ordinaryCount how many ordinary cards; their numbers are 0, 1, 2 ...
 * @param ordinary what each ordinary card is like; its number is not used
 * @param special cards with a story, by number
 * @param approvals what caseworkers have approved for special cards
 * @param earmarks what is set aside in the pool for special cards
 * @param poolPerCardMinor kronor paid into the programme's pool for each card that is opened
 * @param backingPerCardMinor kronor paid into the Hjartan treasury for each card that is opened
 */
public record CardPlan(
    String bin,
    int programmeId,
    int ordinaryCount,
    PlannedCard ordinary,
    List<PlannedCard> special,
    List<PlannedApproval> approvals,
    List<PlannedEarmark> earmarks,
    long poolPerCardMinor,
    long backingPerCardMinor) {

  /** Digits of a card's number between the BIN and the check digit. */
  public static final int NUMBER_DIGITS = 9;

  /** Standing of a planned card, as the engine knows it. */
  public enum Status {
    /** Usable. */
    ACTIVE,
    /** No new debits. */
    FROZEN,
    /** Reported lost. */
    LOST,
    /** Reported stolen. */
    STOLEN,
    /** Ended. */
    CLOSED
  }

  /**
   * One card to be opened. Immutable.
   *
   * @param number 0 to 999,999,999
   * @param bazId index of its neighbourhood
   * @param expiryYearMonth YYMM
   * @param status standing
   * @param pinTriesLeft 0 to 9
   * @param cashMinor first load onto CASH, ore
   * @param hjartanMinor first load onto HJARTAN, minor units
   */
  public record PlannedCard(
      long number,
      int bazId,
      int expiryYearMonth,
      Status status,
      int pinTriesLeft,
      long cashMinor,
      long hjartanMinor) {}

  /**
   * One approval to be granted. Immutable.
   *
   * @param card number of a special card
   */
  public record PlannedApproval(long card, ApprovalTerms terms) {}

  /**
   * One earmark to be granted. Immutable.
   *
   * @param card number of a special card
   */
  public record PlannedEarmark(long card, EarmarkTerms terms) {}

  /** Kronor in the pool that {@code cards} cards and the earmarks need, ore. */
  public long poolMinor(long cards) {
    long forEarmarks = earmarks.stream().mapToLong(each -> each.terms().amountMinor()).sum();
    return Math.addExact(Math.multiplyExact(cards, poolPerCardMinor), forEarmarks);
  }

  /** The same plan with another number of ordinary cards. */
  public CardPlan withOrdinaryCount(int count) {
    return new CardPlan(
        bin, programmeId, count, ordinary, special, approvals, earmarks, poolPerCardMinor, backingPerCardMinor);
  }

  /** Number of all cards. */
  public int size() {
    return special.size() + ordinaryCount;
  }

  /** The card at {@code index}: the special ones first, so that they exist whatever the number of ordinary cards. */
  public PlannedCard card(int index) {
    if (index < special.size()) {
      return special.get(index);
    }
    return new PlannedCard(
        index - special.size(),
        ordinary.bazId,
        ordinary.expiryYearMonth,
        ordinary.status,
        ordinary.pinTriesLeft,
        ordinary.cashMinor,
        ordinary.hjartanMinor);
  }

  /** The whole card number: BIN, nine digits, Luhn digit. Never to be logged or stored. */
  public static String pan(String bin, long number) {
    String digits = Long.toString(number);
    String body = bin + "0".repeat(Math.max(0, NUMBER_DIGITS - digits.length())) + digits;
    int sum = 0;
    for (int i = 0; i < body.length(); i++) {
      int digit = body.charAt(body.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? digit * 2 : digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return body + (10 - sum % 10) % 10;
  }
}
