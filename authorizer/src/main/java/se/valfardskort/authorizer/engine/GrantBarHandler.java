package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.GrantRules;
import se.valfardskort.authorizer.engine.sbe.BarReason;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.GrantBarDecoder;

/**
 * Bars from neighbour-verified grants, and the clock's part in these: requests that nobody answered, and old ones.
 *
 * <p>Owned by the core thread. A bar ends on the civil day that the programme's rule makes of the conviction's, or of
 * the day on which misuse was found; one that is open when it comes goes to ordinary handling.
 */
final class GrantBarHandler {
  /** An ended request that counts for nothing is kept so long, for those who ask what became of it. */
  private static final long KEPT_DAYS = 31;

  private final EngineState state;

  GrantBarHandler(EngineState state) {
    this.state = state;
  }

  @Nullable CommandRefusal decide(GrantBarDecoder command, long timeMs, Outcome outcome) {
    int token = command.offset() + GrantBarDecoder.panTokenEncodingOffset();
    CommandRefusal refusal = state.findHolder(command.buffer(), token, outcome);
    if (refusal != null) {
      return refusal;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + GrantBarDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    if (command.reason() == BarReason.NULL_VAL) {
      return CommandRefusal.REASON_INVALID;
    }
    state.holderOffers.select(outcome.accountId);
    int barredUntil = state.holderOffers.barredUntil(command.reason() == BarReason.CONVICTION);
    refusal = command.lifted() == 0 ? dayRefusal(command, timeMs) : null;
    if (refusal != null) {
      return refusal;
    }
    boolean same = command.lifted() == 0 ? endOf(command) <= barredUntil : barredUntil == 0;
    if (same) {
      return CommandRefusal.BAR_SAME;
    }
    outcome.effect = Effect.GRANT_BARRED;
    return null;
  }

  private @Nullable CommandRefusal dayRefusal(GrantBarDecoder command, long timeMs) {
    long today = state.rules.civilTime.epochDay(timeMs);
    boolean isOfThePast = command.day() > 0 && command.day() <= today;
    return isOfThePast && endOf(command) > today ? null : CommandRefusal.BAR_INVALID;
  }

  /** First civil day after the bar; the account is selected. */
  private long endOf(GrantBarDecoder command) {
    GrantRules rules = state.rules.programme(state.accounts.programmeId()).offers.grants();
    boolean conviction = command.reason() == BarReason.CONVICTION;
    return CivilTime.plusMonths(command.day(), conviction ? rules.convictionMonths() : rules.misuseMonths());
  }

  void apply(GrantBarDecoder command, long timeMs, Outcome outcome) {
    state.accounts.select(outcome.accountId);
    state.holderOffers.select(outcome.accountId);
    long until = command.lifted() != 0 ? 0 : endOf(command);
    state.holderOffers.barUntil(command.reason() == BarReason.CONVICTION, Math.toIntExact(until));
    GrantTable grant = state.grants;
    for (int id = grant.first(); id != GrantTable.NONE && until != 0; id = grant.next()) {
      grant.select(id);
      if (grant.state() == GrantTable.State.OPEN) {
        grant.end(GrantTable.State.ORDINARY, state.rules.civilTime.epochDay(timeMs));
      }
    }
  }

  /** A tick's share: ends what nobody answered in time, frees what counts for nothing any more. */
  void clean(long timeMs, int most) {
    GrantTable grant = state.grants;
    long today = state.rules.civilTime.epochDay(timeMs);
    int looks = Math.min(most, grant.everUsed());
    for (int look = 0; look < looks; look++) {
      int id = grant.look();
      if (grant.isFree(id)) {
        continue;
      }
      if (grant.state() == GrantTable.State.OPEN) {
        if (!grant.isOpenAt(timeMs)) {
          grant.end(GrantTable.State.ORDINARY, state.rules.civilTime.epochDay(grant.deadlineMs()));
        }
      } else if (today >= forgottenOn()) {
        state.holderOffers.select(grant.accountId());
        grant.free(id);
      }
    }
  }

  /** The selected request has ended: from which civil day on it counts for nothing. */
  private long forgottenOn() {
    GrantTable grant = state.grants;
    if (grant.state() != GrantTable.State.PAID) {
      return grant.endedDay() + KEPT_DAYS;
    }
    state.accounts.select(grant.accountId());
    GrantRules rules = state.rules.programme(state.accounts.programmeId()).offers.grants();
    // A programme that offers none at the moment may offer them again.
    int months = rules.kinds().isEmpty() ? LONGEST_PERIOD_MONTHS : rules.periodMonths();
    return Math.max(CivilTime.plusMonths(grant.endedDay(), months), grant.endedDay() + KEPT_DAYS);
  }

  /** Longest period that a policy may count grants in. */
  static final int LONGEST_PERIOD_MONTHS = 36;
}
