package se.valfardskort.authorizer.engine;

import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.domain.BonusRule;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;

/**
 * An account's grants and bonus at one moment, for people. Immutable; amounts are minor units, days are civil ones
 * since 1970-01-01.
 *
 * <p>Nothing here tells which neighbours answered, how many, or that one said NO: that and silence look the same.
 *
 * @param requests for grants that neighbours verify, the newest first
 * @param barredUntilDay first day on which grants are possible again; 0: there is no bar
 * @param firstLoadDay 0: there was no load since accounts have such a day
 * @param bonusYear of the account's years the last that has ended; 0: none has
 * @param bonusPaidYear of the account's years the last whose bonus was paid; 0: none was
 * @param bonusMostMinor what the programme's policy allows a year; 0: it offers no bonus
 * @param orderedMinor all that was ordered for payout
 */
public record OffersView(
    List<Grant> requests,
    int barredUntilDay,
    int firstLoadDay,
    int bonusYear,
    int bonusPaidYear,
    long bonusMostMinor,
    long orderedMinor) {

  /**
   * One request.
   *
   * @param state open, paid, ordinary or withdrawn
   * @param answerUntilMs the first moment at which no answer counts any more
   * @param earmark number of the earmark that it became; 0: none
   */
  public record Grant(
      int number,
      long key,
      EarmarkKind kind,
      String state,
      long requestedMs,
      long answerUntilMs,
      long amountMinor,
      long earmark) {}

  /** Of the account that is selected in the state. */
  static OffersView of(EngineState state, int accountId) {
    HolderOfferTable holder = state.holderOffers;
    holder.select(accountId);
    List<Grant> grants = new ArrayList<>();
    GrantTable grant = state.grants;
    for (int id = grant.first(); id != GrantTable.NONE; id = grant.next()) {
      grant.select(id);
      grants.add(
          new Grant(
              grant.number(),
              grant.key(),
              EarmarkKind.get((short) grant.kind()),
              stateOf(grant, state.timeMs),
              grant.requestedMs(),
              grant.deadlineMs(),
              grant.amountMinor(),
              grant.earmark()));
    }
    BonusRule bonus = state.rules.programme(state.accounts.programmeId()).offers.bonus();
    long today = state.rules.civilTime.epochDay(state.timeMs);
    return new OffersView(
        List.copyOf(grants),
        holder.barredUntil() > today ? holder.barredUntil() : 0,
        holder.firstLoadDay(),
        BonusHandler.yearsAt(today, holder.firstLoadDay(), bonus.everyMonths()),
        holder.paidYear(),
        bonus.mostMinor(),
        holder.orderedMinor());
  }

  private static String stateOf(GrantTable grant, long timeMs) {
    return switch (grant.state()) {
      case OPEN -> grant.isOpenAt(timeMs) ? "open" : "ordinary";
      case PAID -> "paid";
      case ORDINARY -> "ordinary";
      case WITHDRAWN -> "withdrawn";
    };
  }
}
