package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.EarmarkEndDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.ScopeKind;

/**
 * Earmarks (oronmarkningar): granted out of the programme's pool, ended before their time where they must be
 * (domain.md sections 2 and 4).
 *
 * <p>Owned by the core thread. What a purchase takes from one is decided by {@link EarmarkRules}.
 */
final class EarmarkHandler {
  private final EngineState state;

  EarmarkHandler(EngineState state) {
    this.state = state;
  }

  @Nullable CommandRefusal decide(EarmarkGrantDecoder command, long timeMs, Outcome outcome) {
    int token = command.offset() + EarmarkGrantDecoder.panTokenEncodingOffset();
    CommandRefusal refusal = state.findHolder(command.buffer(), token, outcome);
    refusal = refusal == null ? termsRefusal(command, timeMs) : refusal;
    if (refusal != null) {
      return refusal;
    }
    ProgrammeRules programme = state.rules.programme(state.accounts.programmeId());
    refusal = Scope.fault(new ScopeEntries(command.buffer(), command.limit()), programme, state.merchants);
    if (refusal != null) {
      return refusal;
    }
    refusal = roomRefusal(timeMs);
    if (refusal != null) {
      return refusal;
    }
    if (command.kind() == EarmarkKind.PRESCRIPTION && isPrescribed(command, timeMs)) {
      return CommandRefusal.PRESCRIPTION_OPEN;
    }
    state.programmes.select(state.accounts.programmeId());
    if (command.amountMinor() > state.programmes.poolMinor()) {
      return CommandRefusal.POOL_SHORT;
    }
    outcome.effect = Effect.EARMARK_GRANTED;
    outcome.originalId = (int) state.allowances.nextNumber();
    outcome.approvedMinor = command.amountMinor();
    outcome.earmarkAvailableMinor = outcome.hasEarmarks() ? outcome.earmarkAvailableMinor : 0;
    outcome.earmarkAvailableMinor += command.validFromMs() <= timeMs ? command.amountMinor() : 0;
    return null;
  }

  /** Whether the account has an open prescription at one of the merchants; it is renewed when it has ended. */
  private boolean isPrescribed(EarmarkGrantDecoder command, long timeMs) {
    AllowanceTable earmark = state.allowances;
    boolean prescribed = false;
    ScopeEntries scope = new ScopeEntries(command.buffer(), command.limit());
    while (scope.next()) {
      int merchant =
          scope.kind() == ScopeKind.MERCHANT
              ? state.merchants.find(scope.acquirer(), Scope.textOf(scope.merchantId()))
              : MerchantTable.NONE;
      for (int id = earmark.first(); id != AllowanceTable.NONE && merchant != MerchantTable.NONE; id = earmark.next()) {
        earmark.select(id);
        prescribed |=
            earmark.isEarmark()
                && earmark.reason() == EarmarkKind.PRESCRIPTION.value()
                && !earmark.isRevoked()
                && timeMs < earmark.untilMs()
                && earmark.names(merchant);
      }
    }
    return prescribed;
  }

  private @Nullable CommandRefusal termsRefusal(EarmarkGrantDecoder command, long timeMs) {
    if (!KeyName.isOne(command.buffer(), command.offset() + EarmarkGrantDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    if (state.allowances.findKey(command.grantKey()) != AllowanceTable.NONE) {
      return CommandRefusal.EARMARK_EXISTS;
    }
    if (command.kind() == EarmarkKind.NULL_VAL) {
      return CommandRefusal.EARMARK_KIND_INVALID;
    }
    if (command.validFromMs() >= command.validUntilMs() || command.validUntilMs() <= timeMs) {
      return CommandRefusal.VALIDITY_INVALID;
    }
    boolean countsVisits = command.uses() > 0 || command.usesAWeek() > 0;
    if (command.amountMinor() < (countsVisits ? 0 : 1)
        || command.amountMinor() > AuthorizationHandler.LARGEST_AMOUNT_MINOR) {
      return CommandRefusal.EARMARK_AMOUNT_INVALID;
    }
    if (command.uses() < 0
        || command.uses() > ApprovalHandler.MOST_USES
        || command.usesAWeek() > EarmarkTerms.MOST_A_WEEK) {
      return CommandRefusal.USES_INVALID;
    }
    if (!Scope.areCountries(
        command.country1(), command.country2(), command.country3(), command.country4())) {
      return CommandRefusal.COUNTRY_INVALID;
    }
    boolean forAnything = new ScopeEntries(command.buffer(), command.limit()).count() == 0;
    return forAnything ? CommandRefusal.EARMARK_SCOPE_MISSING : null;
  }

  /**
   * The selected account has at most eight at a time, and no more rows of ended ones than an account may have of
   * approvals.
   */
  @Nullable CommandRefusal roomRefusal(long timeMs) {
    AllowanceTable earmark = state.allowances;
    int open = 0;
    int kept = 0;
    for (int id = earmark.first(); id != AllowanceTable.NONE; id = earmark.next()) {
      earmark.select(id);
      kept += earmark.isEarmark() ? 1 : 0;
      open += earmark.isEarmark() && !earmark.isRevoked() && timeMs < earmark.untilMs() ? 1 : 0;
    }
    if (open >= Outcome.MOST_EARMARKS || kept >= AllowanceTable.MOST_OF_AN_ACCOUNT) {
      return CommandRefusal.EARMARKS_TOO_MANY;
    }
    return earmark.isFull() ? CommandRefusal.NO_ROOM : null;
  }

  void apply(EarmarkGrantDecoder command, Outcome outcome) {
    AllowanceTable earmark = state.allowances;
    state.accounts.select(outcome.accountId);
    int id = earmark.allocateEarmark();
    earmark.holder(outcome.accountId, Outcome.NO_ID, command.grantKey());
    earmark.purpose(command.kind().value(), false);
    earmark.validity(command.validFromMs(), command.validUntilMs());
    earmark.amounts(command.amountMinor(), command.uses());
    earmark.countries(command.country1(), command.country2(), command.country3(), command.country4());
    ScopeEntries scope = new ScopeEntries(command.buffer(), command.limit());
    earmark.scopeEntries(Scope.write(scope, state.merchants, earmark.row(), AllowanceTable.scopeOffset()));
    earmark.purse.open(command.usesAWeek());
    earmark.enlist(id);
  }

  @Nullable CommandRefusal decide(EarmarkEndDecoder command, long timeMs, Outcome outcome) {
    int token = command.offset() + EarmarkEndDecoder.panTokenEncodingOffset();
    CommandRefusal refusal = state.findHolder(command.buffer(), token, outcome);
    if (refusal != null) {
      return refusal;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + EarmarkEndDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    AllowanceTable earmark = state.allowances;
    if (earmark.findNumber(command.number(), true) == AllowanceTable.NONE) {
      return CommandRefusal.EARMARK_NOT_FOUND;
    }
    if (earmark.isRevoked() || earmark.untilMs() <= timeMs) {
      return CommandRefusal.EARMARK_ENDED;
    }
    outcome.effect = Effect.EARMARK_ENDED;
    outcome.originalId = (int) command.number();
    outcome.earmarkMinor = earmark.purse.availableMinor();
    outcome.earmarkAvailableMinor -= earmark.isLiveAt(timeMs) ? outcome.earmarkMinor : 0;
    return null;
  }

  void apply(EarmarkEndDecoder command, Outcome outcome) {
    state.accounts.select(outcome.accountId);
    state.allowances.findNumber(command.number(), true);
    state.allowances.purse.sweep();
    state.allowances.revoke();
  }
}
