package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.LoadRunCloseDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunOpenDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadRunQueryDecoder;

/**
 * A programme's monthly run of loads: its opening sets the whole total aside, its closing gives back what is left
 * (domain.md section 4: "refused whole with the shortage named, never cut card by card").
 *
 * <p>Owned by the core thread. A programme has one run open at a time. What is set aside lies in accounts of the books
 * of its own, so nothing else can take it and it is on disk with the opening.
 */
final class LoadRunHandler {
  private final EngineState state;

  LoadRunHandler(EngineState state) {
    this.state = state;
  }

  @Nullable CommandRefusal decide(LoadRunOpenDecoder command, Outcome outcome) {
    long hjartanMinor = command.hjartanMinor();
    long cashMinor = command.cashMinor();
    if (!KeyName.isOne(command.buffer(), command.offset() + LoadRunOpenDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    if (!state.rules.knowsProgramme(command.programmeId())) {
      return CommandRefusal.PROGRAMME_UNKNOWN;
    }
    if (command.period() == 0 || !OperatorHandler.isYearMonth(command.period())) {
      return CommandRefusal.PERIOD_INVALID;
    }
    if (command.cards() < 1) {
      return CommandRefusal.LOAD_CARDS_INVALID;
    }
    if (!OperatorHandler.isAmount(hjartanMinor)
        || !OperatorHandler.isAmount(cashMinor)
        || hjartanMinor + cashMinor == 0) {
      return CommandRefusal.AMOUNT_INVALID;
    }
    if (command.runKey() == 0) {
      return CommandRefusal.LOAD_RUN_KEY_INVALID;
    }
    state.programmes.select(command.programmeId());
    CommandRefusal before = state.programmes.hasRun() ? refusalOfRunsBefore(command) : null;
    if (before != null) {
      return before;
    }
    long cashMissing = Math.max(0, cashMinor - state.programmes.poolMinor());
    long hjartanMissing = Math.max(0, hjartanMinor - state.ledger.unusedBackingMinor());
    if (cashMissing > 0 || hjartanMissing > 0) {
      outcome.cashMinor = cashMissing;
      outcome.hjartanMinor = hjartanMissing;
      return cashMissing > 0 ? CommandRefusal.POOL_SHORT : CommandRefusal.BACKING_SHORT;
    }
    if (!state.programmes.hasRun() && state.loadRuns.isFull()) {
      return CommandRefusal.NO_ROOM;
    }
    outcome.effect = Effect.LOAD_RUN_OPENED;
    outcome.hjartanMinor = hjartanMinor;
    outcome.cashMinor = cashMinor;
    outcome.approvedMinor = hjartanMinor + cashMinor;
    return null;
  }

  private @Nullable CommandRefusal refusalOfRunsBefore(LoadRunOpenDecoder command) {
    LoadRunTable run = state.loadRuns;
    run.select(state.programmes.run());
    if (run.key() == command.runKey() && !isSame(run, command)) {
      return CommandRefusal.LOAD_RUN_KEY_INVALID;
    }
    if (run.wasClosed(command.runKey())) {
      return CommandRefusal.LOAD_RUN_CLOSED_ALREADY;
    }
    if (run.isOpen()) {
      return run.key() == command.runKey()
          ? CommandRefusal.LOAD_RUN_OPEN_ALREADY
          : CommandRefusal.LOAD_RUN_OTHER_OPEN;
    }
    return null;
  }

  private static boolean isSame(LoadRunTable run, LoadRunOpenDecoder command) {
    return run.period() == command.period()
        && run.cards() == command.cards()
        && run.cashMinor() == command.cashMinor()
        && run.hjartanMinor() == command.hjartanMinor();
  }

  void apply(LoadRunOpenDecoder command) {
    UnsafeBuffer programme = state.programmes.select(command.programmeId());
    if (!state.programmes.hasRun()) {
      state.programmes.run(state.loadRuns.add());
    }
    state.loadRuns.select(state.programmes.run());
    state.loadRuns.open(
        command.runKey(), command.period(), command.cards(), command.hjartanMinor(), command.cashMinor());
    state.reserve(programme, command.hjartanMinor(), command.cashMinor());
  }

  @Nullable CommandRefusal decide(LoadRunCloseDecoder command, Outcome outcome) {
    if (!KeyName.isOne(command.buffer(), command.offset() + LoadRunCloseDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    if (!state.rules.knowsProgramme(command.programmeId())) {
      return CommandRefusal.PROGRAMME_UNKNOWN;
    }
    state.programmes.select(command.programmeId());
    if (!state.programmes.hasRun()) {
      return CommandRefusal.LOAD_RUN_NOT_OPEN;
    }
    LoadRunTable run = state.loadRuns;
    run.select(state.programmes.run());
    if (command.runKey() != 0 && run.wasClosed(command.runKey())) {
      return CommandRefusal.LOAD_RUN_CLOSED_ALREADY;
    }
    if (!run.isOpen() || run.key() != command.runKey()) {
      return CommandRefusal.LOAD_RUN_NOT_OPEN;
    }
    outcome.effect = Effect.LOAD_RUN_CLOSED;
    outcome.hjartanMinor = run.hjartanLeftMinor();
    outcome.cashMinor = run.cashLeftMinor();
    outcome.approvedMinor = outcome.hjartanMinor + outcome.cashMinor;
    return null;
  }

  void apply(LoadRunCloseDecoder command) {
    UnsafeBuffer programme = state.programmes.select(command.programmeId());
    state.loadRuns.select(state.programmes.run());
    state.giveBackReserved(programme, state.loadRuns.hjartanLeftMinor(), state.loadRuns.cashLeftMinor());
    state.loadRuns.close();
  }

  @Nullable CommandRefusal decide(LoadRunQueryDecoder command, Outcome outcome) {
    if (!KeyName.isOne(command.buffer(), command.offset() + LoadRunQueryDecoder.authorEncodingOffset())) {
      return CommandRefusal.AUTHOR_INVALID;
    }
    if (!state.rules.knowsProgramme(command.programmeId())) {
      return CommandRefusal.PROGRAMME_UNKNOWN;
    }
    outcome.effect = Effect.READ;
    return null;
  }
}
