package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.AccountQueryDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.ApprovalRevokeDecoder;
import se.valfardskort.authorizer.engine.sbe.BonusPayoutDecoder;
import se.valfardskort.authorizer.engine.sbe.CardStatusChangeDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkEndDecoder;
import se.valfardskort.authorizer.engine.sbe.EarmarkGrantDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantBarDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantVoteDecoder;
import se.valfardskort.authorizer.engine.sbe.GrantWithdrawDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDecoder;

/**
 * Finds the handler of a command that people give about one holder's card or purses.
 *
 * <p>Owned by the core thread. {@link #apply} follows the {@link #decide} of the same command, whose bytes it reads
 * again.
 */
final class HolderCommands {
  private final EngineState state;
  private final ApprovalHandler approvals;
  private final EarmarkHandler earmarks;
  private final GrantHandler grants;
  private final GrantBarHandler bars;
  private final BonusHandler bonuses;
  private final SavingsHandler savings;
  private final CardStatusHandler statuses;
  private final QueryHandler queries;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ApprovalGrantDecoder approvalGrant = new ApprovalGrantDecoder();
  private final ApprovalRevokeDecoder approvalRevoke = new ApprovalRevokeDecoder();
  private final EarmarkGrantDecoder earmarkGrant = new EarmarkGrantDecoder();
  private final EarmarkEndDecoder earmarkEnd = new EarmarkEndDecoder();
  private final GrantRequestDecoder grantRequest = new GrantRequestDecoder();
  private final GrantVoteDecoder grantVote = new GrantVoteDecoder();
  private final GrantBarDecoder grantBar = new GrantBarDecoder();
  private final GrantWithdrawDecoder grantWithdraw = new GrantWithdrawDecoder();
  private final BonusPayoutDecoder bonusPayout = new BonusPayoutDecoder();
  private final PurseMoveDecoder purseMove = new PurseMoveDecoder();
  private final CardStatusChangeDecoder statusChange = new CardStatusChangeDecoder();
  private final AccountQueryDecoder query = new AccountQueryDecoder();

  HolderCommands(EngineState state, ApprovalHandler approvals) {
    this.state = state;
    this.approvals = approvals;
    earmarks = new EarmarkHandler(state);
    grants = new GrantHandler(state, earmarks);
    bars = new GrantBarHandler(state);
    bonuses = new BonusHandler(state);
    savings = new SavingsHandler(state);
    statuses = new CardStatusHandler(state);
    queries = new QueryHandler(state);
  }

  @Nullable CommandRefusal decide(int template, DirectBuffer command, int offset, long timeMs, Outcome outcome) {
    return switch (template) {
      case ApprovalGrantDecoder.TEMPLATE_ID ->
          approvals.decide(approvalGrant.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case ApprovalRevokeDecoder.TEMPLATE_ID ->
          approvals.decide(approvalRevoke.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case EarmarkGrantDecoder.TEMPLATE_ID ->
          earmarks.decide(earmarkGrant.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case EarmarkEndDecoder.TEMPLATE_ID ->
          earmarks.decide(earmarkEnd.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case GrantRequestDecoder.TEMPLATE_ID ->
          grants.decide(grantRequest.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case GrantVoteDecoder.TEMPLATE_ID ->
          grants.decide(grantVote.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case GrantBarDecoder.TEMPLATE_ID ->
          bars.decide(grantBar.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case GrantWithdrawDecoder.TEMPLATE_ID ->
          grants.decide(grantWithdraw.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case BonusPayoutDecoder.TEMPLATE_ID ->
          bonuses.decide(bonusPayout.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case PurseMoveDecoder.TEMPLATE_ID ->
          savings.decide(purseMove.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case CardStatusChangeDecoder.TEMPLATE_ID ->
          statuses.decide(statusChange.wrapAndApplyHeader(command, offset, header), timeMs, outcome);
      case AccountQueryDecoder.TEMPLATE_ID ->
          queries.decide(query.wrapAndApplyHeader(command, offset, header), outcome);
      default -> throw unknown(template);
    };
  }

  /** A load was applied: the account's years are counted from the first one. */
  void loaded(long timeMs, Outcome outcome) {
    state.holderOffers.select(outcome.accountId);
    state.holderOffers.loaded(state.rules.civilTime.epochDay(timeMs));
  }

  void apply(int template, long timeMs, Outcome outcome) {
    switch (template) {
      case ApprovalGrantDecoder.TEMPLATE_ID -> approvals.apply(approvalGrant, outcome);
      case ApprovalRevokeDecoder.TEMPLATE_ID -> approvals.apply(approvalRevoke, outcome);
      case EarmarkGrantDecoder.TEMPLATE_ID -> earmarks.apply(earmarkGrant, outcome);
      case EarmarkEndDecoder.TEMPLATE_ID -> earmarks.apply(earmarkEnd, outcome);
      case GrantRequestDecoder.TEMPLATE_ID -> grants.apply(grantRequest, timeMs, outcome);
      case GrantVoteDecoder.TEMPLATE_ID -> grants.apply(grantVote, timeMs, outcome);
      case GrantBarDecoder.TEMPLATE_ID -> bars.apply(grantBar, timeMs, outcome);
      case GrantWithdrawDecoder.TEMPLATE_ID -> grants.apply(grantWithdraw, timeMs);
      case BonusPayoutDecoder.TEMPLATE_ID -> bonuses.apply(bonusPayout, outcome);
      case PurseMoveDecoder.TEMPLATE_ID -> savings.apply(purseMove, outcome);
      case CardStatusChangeDecoder.TEMPLATE_ID -> statuses.apply(statusChange, outcome);
      case AccountQueryDecoder.TEMPLATE_ID -> {
        // A look changes nothing.
      }
      default -> throw unknown(template);
    }
  }

  private static IllegalStateException unknown(int template) {
    return new IllegalStateException("a command of unknown template " + template);
  }
}
