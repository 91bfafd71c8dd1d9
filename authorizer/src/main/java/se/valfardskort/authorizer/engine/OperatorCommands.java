package se.valfardskort.authorizer.engine;

import org.agrona.DirectBuffer;
import se.valfardskort.authorizer.engine.sbe.CardOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationActivateDecoder;
import se.valfardskort.authorizer.engine.sbe.ConfigurationChunkDecoder;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunCloseDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunQueryDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.PoolFundDecoder;
import se.valfardskort.authorizer.engine.sbe.TickDecoder;
import se.valfardskort.authorizer.engine.sbe.TreasuryFundDecoder;

/**
 * The commands that no partner sends: the clock's, the operators', the configuration's. Finds the handler of each.
 *
 * <p>Owned by the core thread. {@link #apply} must follow {@link #decide} with the same command.
 */
final class OperatorCommands {
  private final TickHandler ticks;
  private final OperatorHandler operators;
  private final LoadHandler loads;
  private final LoadRunHandler loadRuns;
  private final HolderCommands holderCommands;
  private final ConfigurationHandler configurations;

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final TickDecoder tick = new TickDecoder();
  private final CardOpenDecoder cardOpen = new CardOpenDecoder();
  private final LoadDecoder load = new LoadDecoder();
  private final LoadRunOpenDecoder runOpen = new LoadRunOpenDecoder();
  private final LoadRunCloseDecoder runClose = new LoadRunCloseDecoder();
  private final LoadRunQueryDecoder runQuery = new LoadRunQueryDecoder();
  private final PoolFundDecoder poolFund = new PoolFundDecoder();
  private final TreasuryFundDecoder treasuryFund = new TreasuryFundDecoder();
  private final ConfigurationChunkDecoder chunk = new ConfigurationChunkDecoder();
  private final ConfigurationActivateDecoder activate = new ConfigurationActivateDecoder();

  OperatorCommands(EngineState state, ApprovalHandler approvals, ConfigurationHandler configurations) {
    this.ticks = new TickHandler(state);
    this.operators = new OperatorHandler(state);
    this.loads = new LoadHandler(state);
    this.loadRuns = new LoadRunHandler(state);
    this.holderCommands = new HolderCommands(state, approvals);
    this.configurations = configurations;
  }

  void decide(int template, DirectBuffer command, int offset, long timeMs, Outcome outcome) {
    switch (template) {
      case TickDecoder.TEMPLATE_ID -> {
        tick.wrapAndApplyHeader(command, offset, header);
        outcome.effect = Effect.TICKED;
      }
      case CardOpenDecoder.TEMPLATE_ID ->
          outcome.refusal = operators.decide(cardOpen.wrapAndApplyHeader(command, offset, header), outcome);
      case LoadDecoder.TEMPLATE_ID ->
          outcome.refusal = loads.decide(load.wrapAndApplyHeader(command, offset, header), outcome);
      case LoadRunOpenDecoder.TEMPLATE_ID ->
          outcome.refusal = loadRuns.decide(runOpen.wrapAndApplyHeader(command, offset, header), outcome);
      case LoadRunCloseDecoder.TEMPLATE_ID ->
          outcome.refusal = loadRuns.decide(runClose.wrapAndApplyHeader(command, offset, header), outcome);
      case LoadRunQueryDecoder.TEMPLATE_ID ->
          outcome.refusal = loadRuns.decide(runQuery.wrapAndApplyHeader(command, offset, header), outcome);
      case PoolFundDecoder.TEMPLATE_ID ->
          outcome.refusal = operators.decide(poolFund.wrapAndApplyHeader(command, offset, header), outcome);
      case TreasuryFundDecoder.TEMPLATE_ID ->
          outcome.refusal = operators.decide(treasuryFund.wrapAndApplyHeader(command, offset, header), outcome);
      case ConfigurationChunkDecoder.TEMPLATE_ID ->
          outcome.refusal = configurations.decide(chunk.wrapAndApplyHeader(command, offset, header), outcome);
      case ConfigurationActivateDecoder.TEMPLATE_ID ->
          outcome.refusal = configurations.decide(activate.wrapAndApplyHeader(command, offset, header), outcome);
      default -> outcome.refusal = holderCommands.decide(template, command, offset, timeMs, outcome);
    }
  }

  void apply(int template, long timeMs, Outcome outcome) {
    switch (template) {
      case TickDecoder.TEMPLATE_ID -> ticks.apply(tick, timeMs);
      case CardOpenDecoder.TEMPLATE_ID -> operators.apply(cardOpen);
      case LoadDecoder.TEMPLATE_ID -> {
        loads.apply(load, outcome);
        holderCommands.loaded(timeMs, outcome);
      }
      case LoadRunOpenDecoder.TEMPLATE_ID -> loadRuns.apply(runOpen);
      case LoadRunCloseDecoder.TEMPLATE_ID -> loadRuns.apply(runClose);
      case LoadRunQueryDecoder.TEMPLATE_ID -> {
        // A look changes nothing.
      }
      case PoolFundDecoder.TEMPLATE_ID -> operators.apply(poolFund);
      case TreasuryFundDecoder.TEMPLATE_ID -> operators.apply(treasuryFund);
      case ConfigurationChunkDecoder.TEMPLATE_ID -> configurations.apply(chunk);
      case ConfigurationActivateDecoder.TEMPLATE_ID -> configurations.applyActivation();
      default -> holderCommands.apply(template, timeMs, outcome);
    }
  }
}
