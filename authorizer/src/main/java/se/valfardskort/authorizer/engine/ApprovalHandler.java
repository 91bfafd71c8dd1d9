package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalReason;
import se.valfardskort.authorizer.engine.sbe.ApprovalRevokeDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;

/**
 * Approvals (godkannanden): a caseworker grants and revokes them, a purchase that needs one finds it (domain.md
 * section 3).
 *
 * <p>Owned by the core thread. One approval must cover the whole purchase: its place, its country, its amount. It lifts
 * every reason that an approval can lift, and nothing else. Of several that do, the one that ends first is used, of
 * those that end together the older.
 */
final class ApprovalHandler {
  static final int MOST_USES = 10_000;

  private final EngineState state;

  ApprovalHandler(EngineState state) {
    this.state = state;
  }

  @Nullable CommandRefusal decide(ApprovalGrantDecoder command, long timeMs, Outcome outcome) {
    CommandRefusal refusal = state.findHolder(command.buffer(), tokenOffset(command), outcome);
    if (refusal != null) {
      return refusal;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + ApprovalGrantDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    if (state.allowances.findKey(command.grantKey()) != AllowanceTable.NONE) {
      return CommandRefusal.APPROVAL_EXISTS;
    }
    if (command.validFromMs() >= command.validUntilMs() || command.validUntilMs() <= timeMs) {
      return CommandRefusal.VALIDITY_INVALID;
    }
    if (command.amountMinor() != ApprovalGrantDecoder.amountMinorNullValue()
        && (command.amountMinor() < 1 || command.amountMinor() > AuthorizationHandler.LARGEST_AMOUNT_MINOR)) {
      return CommandRefusal.AMOUNT_INVALID;
    }
    if (command.uses() < 0 || command.uses() > MOST_USES) {
      return CommandRefusal.USES_INVALID;
    }
    if (command.opensSavings() != 0) {
      return CommandRefusal.SAVINGS_NOT_OPENED;
    }
    if (command.reason() == ApprovalReason.NULL_VAL) {
      return CommandRefusal.REASON_INVALID;
    }
    if (!Scope.areCountries(
        command.country1(), command.country2(), command.country3(), command.country4())) {
      return CommandRefusal.COUNTRY_INVALID;
    }
    ProgrammeRules programme = state.rules.programme(state.accounts.programmeId());
    refusal = Scope.fault(new ScopeEntries(command.buffer(), command.limit()), programme, state.merchants);
    if (refusal != null) {
      return refusal;
    }
    if (state.allowances.ofAccount(false) >= AllowanceTable.MOST_OF_AN_ACCOUNT) {
      return CommandRefusal.ALLOWANCES_TOO_MANY;
    }
    if (state.allowances.isFull()) {
      return CommandRefusal.NO_ROOM;
    }
    outcome.effect = Effect.APPROVAL_GRANTED;
    outcome.originalId = (int) state.allowances.nextNumber();
    return null;
  }

  void apply(ApprovalGrantDecoder command, Outcome outcome) {
    AllowanceTable allowance = state.allowances;
    state.accounts.select(outcome.accountId);
    int id = allowance.allocateApproval();
    boolean limited = command.amountMinor() != ApprovalGrantDecoder.amountMinorNullValue();
    allowance.holder(
        outcome.accountId, command.thisCardOnly() == 1 ? outcome.cardId : Outcome.NO_ID, command.grantKey());
    allowance.purpose(command.reason().value(), command.opensSavings() == 1);
    allowance.validity(command.validFromMs(), command.validUntilMs());
    allowance.amounts(limited ? command.amountMinor() : Category.NO_LIMIT, command.uses());
    allowance.countries(command.country1(), command.country2(), command.country3(), command.country4());
    ScopeEntries scope = new ScopeEntries(command.buffer(), command.limit());
    allowance.scopeEntries(Scope.write(scope, state.merchants, allowance.row(), AllowanceTable.scopeOffset()));
    allowance.enlist(id);
  }

  @Nullable CommandRefusal decide(ApprovalRevokeDecoder command, long timeMs, Outcome outcome) {
    int token = command.offset() + ApprovalRevokeDecoder.panTokenEncodingOffset();
    CommandRefusal refusal = state.findHolder(command.buffer(), token, outcome);
    if (refusal != null) {
      return refusal;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + ApprovalRevokeDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    AllowanceTable allowance = state.allowances;
    if (allowance.findNumber(command.number(), false) == AllowanceTable.NONE) {
      return CommandRefusal.APPROVAL_NOT_FOUND;
    }
    if (allowance.isRevoked() || allowance.untilMs() <= timeMs) {
      return CommandRefusal.APPROVAL_ENDED;
    }
    outcome.effect = Effect.APPROVAL_REVOKED;
    outcome.originalId = (int) command.number();
    return null;
  }

  void apply(ApprovalRevokeDecoder command, Outcome outcome) {
    state.accounts.select(outcome.accountId);
    state.allowances.findNumber(command.number(), false);
    state.allowances.revoke();
  }

  /** The approval by which the selected account may buy there for that amount, or {@link AllowanceTable#NONE}. */
  int find(Place place, ProgrammeRules programme, long amountMinor, long timeMs, Outcome outcome) {
    AllowanceTable allowance = state.allowances;
    int id = allowance.first();
    while (id != AllowanceTable.NONE) {
      allowance.select(id);
      if (!allowance.isEarmark() && allowance.hasUse() && allows(place, programme, amountMinor, timeMs, outcome)) {
        return id;
      }
      id = allowance.next();
    }
    return AllowanceTable.NONE;
  }

  /** Whether the approval that the hold drew on, {@code id}, lets it be raised by that amount. */
  boolean allowsMore(
      int id, Place place, ProgrammeRules programme, long amountMinor, long timeMs, Outcome outcome) {
    state.allowances.select(id);
    return allows(place, programme, amountMinor, timeMs, outcome);
  }

  private boolean allows(
      Place place, ProgrammeRules programme, long amountMinor, long timeMs, Outcome outcome) {
    AllowanceTable allowance = state.allowances;
    return allowance.isLiveAt(timeMs)
        && allowance.has(amountMinor)
        && allowance.isForCard(outcome.cardId)
        && allowance.covers(place, programme);
  }

  private static int tokenOffset(ApprovalGrantDecoder command) {
    return command.offset() + ApprovalGrantDecoder.panTokenEncodingOffset();
  }
}
