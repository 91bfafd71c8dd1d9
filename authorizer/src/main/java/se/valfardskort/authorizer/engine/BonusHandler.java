package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.BonusRule;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.BonusPayoutDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * The yearly bonus (domain.md section 4): out of CASH, then SAVINGS, as a payment order and never at a terminal.
 *
 * <p>Owned by the core thread. An account's years are counted from its first load, by civil days; each year's bonus may
 * be paid once, from the year's end to the end of the next.
 */
final class BonusHandler {
  private final EngineState state;

  BonusHandler(EngineState state) {
    this.state = state;
  }

  /** How many of the account's years have ended by a civil day. */
  static int yearsAt(long epochDay, int firstLoadDay, int everyMonths) {
    int years = 0;
    while (firstLoadDay != 0 && CivilTime.plusMonths(firstLoadDay, (years + 1) * everyMonths) <= epochDay) {
      years++;
    }
    return years;
  }

  @Nullable CommandRefusal decide(BonusPayoutDecoder command, long timeMs, Outcome outcome) {
    int token = command.offset() + BonusPayoutDecoder.panTokenEncodingOffset();
    CommandRefusal refusal = state.findHolder(command.buffer(), token, outcome);
    if (refusal != null) {
      return refusal;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + BonusPayoutDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    state.holderOffers.select(outcome.accountId);
    if (command.year() > 0 && command.year() <= state.holderOffers.paidYear()) {
      return CommandRefusal.BONUS_PAID;
    }
    if (!state.cards.isActiveIn(state.rules.civilTime.monthIndex(timeMs))) {
      return CommandRefusal.GRANT_CARD_NOT_ACTIVE;
    }
    BonusRule rule = state.rules.programme(state.accounts.programmeId()).offers.bonus();
    long today = state.rules.civilTime.epochDay(timeMs);
    int years = yearsAt(today, state.holderOffers.firstLoadDay(), rule.everyMonths());
    if (rule.mostMinor() == 0 || years == 0 || command.year() != years) {
      return CommandRefusal.BONUS_NOT_DUE;
    }
    long amountMinor = command.amountMinor();
    long savingsMinor = state.accounts.savings.availableMinor();
    if (amountMinor < 1
        || amountMinor > rule.mostMinor()
        || amountMinor > state.accounts.cashAvailableMinor() + savingsMinor) {
      return CommandRefusal.BONUS_AMOUNT_INVALID;
    }
    outcome.effect = Effect.BONUS_PAID;
    outcome.approvedMinor = amountMinor;
    outcome.cashMinor = Math.min(amountMinor, Math.max(0, state.accounts.cashAvailableMinor()));
    outcome.cashAvailableMinor -= outcome.cashMinor;
    if (state.accounts.hasSavings()) {
      outcome.savingsAvailableMinor = savingsMinor - (amountMinor - outcome.cashMinor);
    }
    return null;
  }

  void apply(BonusPayoutDecoder command, Outcome outcome) {
    state.accounts.select(outcome.accountId);
    state.accounts.payOut(
        state.holderOffers.select(outcome.accountId), outcome.cashMinor, outcome.approvedMinor - outcome.cashMinor);
    state.holderOffers.paidYear(command.year());
  }
}
