package se.valfardskort.authorizer.engine;

import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CivilTime;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.GrantKind;
import se.valfardskort.authorizer.domain.GrantRules;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.GrantRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantVoteDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantWithdrawDecoder;
import se.valfardskort.authorizer.engine.sbe.ScopeKind;
import se.valfardskort.authorizer.engine.sbe.Vote;

/**
 * Neighbour-verified grants (grannverifiering, domain.md section 4): a holder asks, neighbours of the same BAZ answer,
 * and with the last YES that is needed the grant is an earmark. A NO, silence or a bar leaves it to a caseworker.
 *
 * <p>Owned by the core thread. The decision on a vote names no card and no account, and is the same for a NO as for a
 * YES that others must follow: who said what is in the command alone, as evidence.
 */
final class GrantHandler {
  private static final long HOUR_MS = 3_600_000L;

  private final EngineState state;
  private final EarmarkHandler earmarks;

  GrantHandler(EngineState state, EarmarkHandler earmarks) {
    this.state = state;
    this.earmarks = earmarks;
  }

  @Nullable CommandRefusal decide(GrantRequestDecoder command, long timeMs, Outcome outcome) {
    int token = command.offset() + GrantRequestDecoder.panTokenEncodingOffset();
    CommandRefusal refusal = state.findHolder(command.buffer(), token, outcome);
    if (refusal != null) {
      return refusal;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + GrantRequestDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    state.holderOffers.select(outcome.accountId);
    refusal = pastRefusal(command.grantKey(), timeMs);
    if (refusal != null) {
      return refusal;
    }
    if (!isActive(timeMs)) {
      return CommandRefusal.GRANT_CARD_NOT_ACTIVE;
    }
    refusal = entitlementRefusal(rules(), command.kind().value(), command.amountMinor(), timeMs);
    if (refusal != null) {
      return refusal;
    }
    if (state.grants.isFull()) {
      return CommandRefusal.NO_ROOM;
    }
    outcome.effect = Effect.GRANT_REQUESTED;
    outcome.originalId = state.grants.nextNumber();
    return null;
  }

  /** What the account's earlier requests have against another one with that key. */
  private @Nullable CommandRefusal pastRefusal(long key, long timeMs) {
    GrantTable grant = state.grants;
    int kept = 0;
    boolean open = false;
    for (int id = grant.first(); id != GrantTable.NONE; id = grant.next()) {
      grant.select(id);
      if (grant.key() == key) {
        return CommandRefusal.GRANT_EXISTS;
      }
      open |= grant.isOpenAt(timeMs);
      kept++;
    }
    if (open) {
      return CommandRefusal.GRANT_OPEN;
    }
    return kept >= GrantTable.MOST_OF_AN_ACCOUNT ? CommandRefusal.GRANT_REQUESTS_TOO_MANY : null;
  }

  private GrantRules rules() {
    return state.rules.programme(state.accounts.programmeId()).offers.grants();
  }

  /** Whether the selected card is one that its holder can use now. */
  private boolean isActive(long timeMs) {
    return state.cards.isActiveIn(state.rules.civilTime.monthIndex(timeMs));
  }

  /** Why the account that is selected among the holders may have no such grant now. Selects other requests. */
  private @Nullable CommandRefusal entitlementRefusal(GrantRules rules, int kindNumber, long amountMinor, long timeMs) {
    GrantKind kind = rules.kind(kindNumber);
    if (kind == null) {
      return CommandRefusal.GRANT_NOT_OFFERED;
    }
    if (amountMinor < 1 || amountMinor > kind.mostMinor()) {
      return CommandRefusal.GRANT_AMOUNT_INVALID;
    }
    long today = state.rules.civilTime.epochDay(timeMs);
    if (today < state.holderOffers.barredUntil()) {
      return CommandRefusal.GRANT_BARRED;
    }
    int paid = 0;
    int ofKind = 0;
    GrantTable grant = state.grants;
    for (int id = grant.first(); id != GrantTable.NONE; id = grant.next()) {
      grant.select(id);
      if (grant.state() == GrantTable.State.PAID
          && today < CivilTime.plusMonths(grant.endedDay(), rules.periodMonths())) {
        paid++;
        ofKind += grant.kind() == kindNumber ? 1 : 0;
      }
    }
    if (paid >= rules.mostInPeriod()) {
      return CommandRefusal.GRANTS_TOO_MANY;
    }
    boolean kindIsUsedUp = kind.mostInPeriod() != Category.NO_LIMIT && ofKind >= kind.mostInPeriod();
    return kindIsUsedUp ? CommandRefusal.GRANT_KIND_TOO_MANY : null;
  }

  void apply(GrantRequestDecoder command, long timeMs, Outcome outcome) {
    state.accounts.select(outcome.accountId);
    state.holderOffers.select(outcome.accountId);
    long deadlineMs = timeMs + rules().answerHours() * HOUR_MS;
    state.grants.open(
        outcome.accountId, command.kind().value(), command.amountMinor(), command.grantKey(), timeMs, deadlineMs);
  }

  @Nullable CommandRefusal decide(GrantVoteDecoder command, long timeMs, Outcome outcome) {
    int cardId =
        state.cards.find(command.buffer(), command.offset() + GrantVoteDecoder.panTokenEncodingOffset());
    if (cardId == CardTable.MISSING) {
      return CommandRefusal.CARD_NOT_FOUND;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + GrantVoteDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    if (command.vote() == Vote.NULL_VAL || command.declared() != 1) {
      return CommandRefusal.VOTE_INCOMPLETE;
    }
    if (state.grants.find(command.number()) == GrantTable.NONE) {
      return CommandRefusal.GRANT_NOT_FOUND;
    }
    state.cards.select(cardId);
    int voter = state.cards.accountId();
    if (!isActive(timeMs)) {
      return CommandRefusal.GRANT_CARD_NOT_ACTIVE;
    }
    int applicant = state.grants.accountId();
    if (voter == applicant) {
      return CommandRefusal.VOTER_IS_APPLICANT;
    }
    state.accounts.select(voter);
    int bazId = state.accounts.bazId();
    state.accounts.select(applicant);
    if (bazId != state.accounts.bazId()) {
      return CommandRefusal.VOTER_ELSEWHERE;
    }
    if (!state.grants.isOpenAt(timeMs)) {
      return CommandRefusal.GRANT_NOT_OPEN;
    }
    if (state.grants.saidYes(voter)) {
      return CommandRefusal.VOTE_GIVEN;
    }
    outcome.effect = Effect.GRANT_VOTED;
    outcome.originalId = (int) command.number();
    boolean isLastYes = command.vote() == Vote.YES && state.grants.yes() + 1 >= rules().neighbours();
    return isLastYes ? payRefusal(command.number(), timeMs, outcome) : null;
  }

  /** What stands against the earmark; its account is selected. A vote that cannot make it one is as if not given. */
  private @Nullable CommandRefusal payRefusal(long number, long timeMs, Outcome outcome) {
    GrantTable grant = state.grants;
    final GrantRules rules = rules();
    final int kindNumber = grant.kind();
    final long amountMinor = grant.amountMinor();
    state.holderOffers.select(grant.accountId());
    CommandRefusal refusal = entitlementRefusal(rules, kindNumber, amountMinor, timeMs);
    GrantKind kind = rules.kind(kindNumber);
    if (refusal != null || kind == null) {
      return refusal;
    }
    grant.find(number);
    ProgrammeRules programme = state.rules.programme(state.accounts.programmeId());
    refusal = Scope.fault(new ScopeOfKind(kind), programme, state.merchants);
    refusal = refusal == null ? earmarks.roomRefusal(timeMs) : refusal;
    if (refusal != null) {
      return refusal;
    }
    state.programmes.select(state.accounts.programmeId());
    if (amountMinor > state.programmes.poolMinor()) {
      return CommandRefusal.POOL_SHORT;
    }
    outcome.approvedMinor = amountMinor;
    return null;
  }

  void apply(GrantVoteDecoder command, long timeMs, Outcome outcome) {
    long today = state.rules.civilTime.epochDay(timeMs);
    int cardId =
        state.cards.find(command.buffer(), command.offset() + GrantVoteDecoder.panTokenEncodingOffset());
    state.cards.select(cardId);
    state.grants.find(command.number());
    if (command.vote() == Vote.NO) {
      state.grants.end(GrantTable.State.ORDINARY, today);
    } else if (outcome.approvedMinor == 0) {
      state.grants.sayYes(state.cards.accountId());
    } else {
      pay(timeMs, today);
    }
  }

  /** Makes the selected request an earmark; deciding has found the room and the money. */
  private void pay(long timeMs, long today) {
    GrantTable grant = state.grants;
    state.accounts.select(grant.accountId());
    GrantKind kind = rules().kind(grant.kind());
    if (kind == null) {
      throw new IllegalStateException("grant " + grant.number() + " is paid, but its kind is not offered");
    }
    AllowanceTable earmark = state.allowances;
    int id = earmark.allocateEarmark();
    earmark.holder(grant.accountId(), Outcome.NO_ID, Hash.mix(grant.key(), grant.number()));
    earmark.purpose(grant.kind(), false);
    earmark.validity(timeMs, state.rules.civilTime.startOfDayMs(today + kind.validDays() + 1));
    earmark.amounts(grant.amountMinor(), 0);
    earmark.countries(0, 0, 0, 0);
    earmark.scopeEntries(
        Scope.write(new ScopeOfKind(kind), state.merchants, earmark.row(), AllowanceTable.scopeOffset()));
    earmark.purse.open(0);
    earmark.enlist(id);
    grant.pay(earmark.number(), today);
  }

  @Nullable CommandRefusal decide(GrantWithdrawDecoder command, long timeMs, Outcome outcome) {
    int token = command.offset() + GrantWithdrawDecoder.panTokenEncodingOffset();
    CommandRefusal refusal = state.findHolder(command.buffer(), token, outcome);
    if (refusal != null) {
      return refusal;
    }
    if (!KeyName.isOne(command.buffer(), command.offset() + GrantWithdrawDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    GrantTable grant = state.grants;
    if (grant.find(command.number()) == GrantTable.NONE || grant.accountId() != outcome.accountId) {
      return CommandRefusal.GRANT_NOT_FOUND;
    }
    if (!grant.isOpenAt(timeMs)) {
      return CommandRefusal.GRANT_NOT_OPEN;
    }
    outcome.effect = Effect.GRANT_WITHDRAWN;
    outcome.originalId = (int) command.number();
    return null;
  }

  void apply(GrantWithdrawDecoder command, long timeMs) {
    state.grants.find(command.number());
    state.grants.end(GrantTable.State.WITHDRAWN, state.rules.civilTime.epochDay(timeMs));
  }

  /** What a kind of grant pays for, as a scope's entries. */
  private static final class ScopeOfKind implements Scope.Entries {
    private final GrantKind kind;
    private int entry = -1;

    ScopeOfKind(GrantKind kind) {
      this.kind = kind;
    }

    @Override
    public int count() {
      return kind.categories().size() + kind.mccs().size();
    }

    @Override
    public boolean next() {
      entry++;
      return entry < count();
    }

    @Override
    public ScopeKind kind() {
      return entry < kind.categories().size() ? ScopeKind.CATEGORY : ScopeKind.MCC;
    }

    @Override
    public int mcc() {
      return kind.mccs().get(entry - kind.categories().size());
    }

    @Override
    public long acquirer() {
      return 0;
    }

    @Override
    public String merchantId() {
      return "";
    }

    @Override
    public String category() {
      return kind.categories().get(entry);
    }
  }
}
