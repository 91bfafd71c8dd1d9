package se.valfardskort.authorizer.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.StatusReason;

/**
 * A card and its account at one moment, for people who ask why. Immutable; amounts are minor units.
 *
 * @param statusReason why the status was last changed; null: it is that of the opening
 * @param reviewDay day on which a freeze is to be reviewed, since 1970-01-01; 0: none
 * @param expiryYearMonth YYMM
 * @param contactlessRun contactless purchases without PIN in a row
 * @param savingsMinor null: the account has no SAVINGS
 * @param standInMinor what others decided in our name and is still held or posted
 * @param counterMonth month that the counters count, year * 12 + month - 1
 * @param counters what counts against the caps of that month
 * @param limits figures that bound what may be bought, on the account and in each category that has one
 * @param allowances approvals that are kept, the one that ends first first
 * @param earmarks that are kept, in the order in which they pay
 * @param originals holds, postings and what else is remembered of the card, newest first
 * @param offers grants and bonus of the account
 */
public record CardView(
    int cardId,
    int accountId,
    int programmeId,
    int bazId,
    CardStatus status,
    @Nullable StatusReason statusReason,
    int reviewDay,
    int expiryYearMonth,
    int pinTriesLeft,
    int contactlessRun,
    int openHolds,
    long cashAvailableMinor,
    long cashHeldMinor,
    long hjartanAvailableMinor,
    long hjartanHeldMinor,
    @Nullable Long savingsMinor,
    long refundsWaitingMinor,
    long standInMinor,
    int counterMonth,
    List<Counter> counters,
    List<Limit> limits,
    List<Allowance> allowances,
    List<Earmark> earmarks,
    List<OriginalView> originals,
    OffersView offers) {

  /** What one capped category has come to in the counters' month. */
  public record Counter(String category, long amountMinor) {}

  /** What a {@link Limit} bounds. */
  public enum Bound {
    /** What the category comes to in a calendar month. */
    CAP,
    /** One purchase in a category that turns into luxury above it. */
    LUXURY,
    PURCHASE,
    DAY,
    DAY_COUNT,
    MONTH,
    MONTH_COUNT,
    /** One contactless purchase without PIN. */
    CONTACTLESS,
    /** Contactless purchases without PIN in a row. */
    CONTACTLESS_COUNT,
    OPEN_HOLDS;

    /** Whether it counts, and is no amount. */
    public boolean isCount() {
      return this == DAY_COUNT || this == MONTH_COUNT || this == CONTACTLESS_COUNT || this == OPEN_HOLDS;
    }
  }

  /**
   * One figure of the programme's, and what it has come to.
   *
   * @param category its key; empty: the account in all
   * @param most minor units, or how many
   * @param used what counts against it at this moment; 0 where it bounds a single purchase
   */
  public record Limit(Bound bound, String category, long most, long used) {
    /** What is left; never below 0. */
    public long left() {
      return Math.max(0, most - used);
    }
  }

  /**
   * One approval.
   *
   * @param grantKey that its grant carried, the same in each try
   * @param thisCardOnly else every card of the account
   * @param opensSavings an approved investment
   * @param validUntilMs the first moment at which it no longer holds
   * @param grantedMinor ore in all; -1: no limit
   * @param leftMinor ore that are left; -1: no limit
   * @param uses purchases in all; 0: any number
   * @param countries ISO 3166-1 numbers, 65534 for any; none: at home
   * @param covers categories, MCCs and merchants, for people; none: anything
   */
  public record Allowance(
      long number,
      long grantKey,
      boolean thisCardOnly,
      boolean opensSavings,
      ApprovalReason reason,
      boolean revoked,
      long validFromMs,
      long validUntilMs,
      long grantedMinor,
      long leftMinor,
      int uses,
      int usesTaken,
      List<Integer> countries,
      List<String> covers) {}

  /**
   * One earmark.
   *
   * @param ended before its time
   * @param uses purchases in all; 0: any number
   * @param usesAWeek purchases a civil week; 0: any number
   * @param spentMinor posted, less what came back
   * @param countries ISO 3166-1 numbers, 65534 for any; none: at home
   * @param covers categories, MCCs and merchants, for people
   */
  public record Earmark(
      long number,
      long grantKey,
      EarmarkKind kind,
      boolean ended,
      long validFromMs,
      long validUntilMs,
      long grantedMinor,
      long availableMinor,
      long heldMinor,
      long spentMinor,
      int uses,
      int usesTaken,
      int usesAWeek,
      List<Integer> countries,
      List<String> covers) {}

  /**
   * One hold, increment, posting, refund or tombstone.
   *
   * @param number never used again
   * @param state its {@link OriginalState}
   * @param madeBy what the request that made it came to
   * @param related number of the original that it belongs to; 0: none
   */
  public record OriginalView(
      long number,
      String state,
      Effect madeBy,
      long createdMs,
      long related,
      long earmarkMinor,
      long hjartanMinor,
      long cashMinor,
      long hjartanRefundedMinor,
      long cashRefundedMinor,
      long waitingMinor) {}

  /** Shows the card of a panToken; null: there is none. Walks the newest {@code most} originals of it. */
  static @Nullable CardView of(EngineState state, DirectBuffer token, int offset, int most) {
    int cardId = state.cards.find(token, offset);
    if (cardId == CardTable.MISSING) {
      return null;
    }
    CardTable card = state.cards;
    card.select(cardId);
    AccountTable account = state.accounts;
    account.select(card.accountId());
    return new CardView(
        cardId,
        card.accountId(),
        account.programmeId(),
        account.bazId(),
        card.status(),
        card.statusReason() == 0 ? null : StatusReason.get((short) card.statusReason()),
        card.reviewDay(),
        card.expiryYearMonth(),
        card.pinTriesLeft(),
        card.contactlessRun(),
        account.openHolds(),
        account.cashAvailableMinor(),
        account.cashHeldMinor(),
        account.hjartanAvailableMinor(),
        account.hjartanHeldMinor(),
        account.hasSavings() ? account.savings.availableMinor() : null,
        account.refundsWaitingMinor(),
        account.standInMinor(),
        account.counterMonth(),
        counters(state, account),
        LimitsView.of(state, account, card.contactlessRun()),
        allowances(state, account.programmeId()),
        earmarks(state, account.programmeId()),
        originals(state, card.newestOriginal(), most),
        OffersView.of(state, card.accountId()));
  }

  private static List<Counter> counters(EngineState state, AccountTable account) {
    List<String> names = state.cappedNames(account.programmeId());
    return IntStream.range(0, names.size())
        .mapToObj(slot -> new Counter(names.get(slot), account.cappedMinor(slot, account.counterMonth())))
        .toList();
  }

  private static List<Allowance> allowances(EngineState state, int programmeId) {
    AllowanceTable allowance = state.allowances;
    ProgrammeRules programme = state.rules.programme(programmeId);
    List<Allowance> views = new ArrayList<>();
    for (int id = allowance.first(); id != AllowanceTable.NONE; id = allowance.next()) {
      allowance.select(id);
      if (allowance.isEarmark()) {
        continue;
      }
      views.add(
          new Allowance(
              allowance.number(),
              allowance.grantKey(),
              allowance.cardId() != Outcome.NO_ID,
              allowance.opensSavings(),
              ApprovalReason.get((short) allowance.reason()),
              allowance.isRevoked(),
              allowance.fromMs(),
              allowance.untilMs(),
              allowance.grantedMinor(),
              allowance.leftMinor(),
              allowance.uses(),
              allowance.usesTaken(),
              allowance.countries(),
              allowance.covers(programme, state.merchants)));
    }
    return List.copyOf(views);
  }

  private static List<Earmark> earmarks(EngineState state, int programmeId) {
    AllowanceTable earmark = state.allowances;
    ProgrammeRules programme = state.rules.programme(programmeId);
    List<Earmark> views = new ArrayList<>();
    for (int id = earmark.first(); id != AllowanceTable.NONE; id = earmark.next()) {
      earmark.select(id);
      if (earmark.isEarmark()) {
        views.add(
            new Earmark(
                earmark.number(),
                earmark.grantKey(),
                EarmarkKind.get((short) earmark.reason()),
                earmark.isRevoked(),
                earmark.fromMs(),
                earmark.untilMs(),
                earmark.grantedMinor(),
                earmark.purse.availableMinor(),
                earmark.purse.heldMinor(),
                earmark.purse.spentMinor(),
                earmark.uses(),
                earmark.usesTaken(),
                earmark.purse.usesAWeek(),
                earmark.countries(),
                earmark.covers(programme, state.merchants)));
      }
    }
    return List.copyOf(views);
  }

  private static List<OriginalView> originals(EngineState state, int newest, int most) {
    List<OriginalView> views = new ArrayList<>();
    OriginalTable original = state.originals;
    for (int id = newest; id != OriginalTable.NONE && views.size() < most; id = original.older()) {
      original.select(id);
      views.add(
          new OriginalView(
              original.number(),
              original.state().name(),
              original.answer.effect(),
              original.createdMs(),
              original.related(),
              original.earmarkMinor(),
              original.hjartanMinor(),
              original.cashMinor(),
              original.refundedHjartanMinor(),
              original.refundedCashMinor(),
              original.waitingMinor()));
    }
    return List.copyOf(views);
  }
}
