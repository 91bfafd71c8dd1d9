package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.LoadDecoder;
import se.valfardskort.authorizer.engine.sbe.LoadKind;

/**
 * Loads an account: once a period, out of the pool and against backing, or, in a run, out of what
 * {@link LoadRunHandler} has set aside for it (domain.md section 4).
 *
 * <p>Owned by the core thread. That a period was loaded already is said before anything of the run is asked, so that
 * whoever sends a list again after a crash hears it of each card that was done, whatever has become of the run.
 */
final class LoadHandler {
  private static final int MOST_COMPONENTS = LoadTerms.MOST_COMPONENTS;
  private static final int LONGEST_KEY = 40;
  private static final int OUTSIDE = 0;

  private final EngineState state;
  private final UnsafeBuffer supplement = new UnsafeBuffer(0, 0);

  LoadHandler(EngineState state) {
    this.state = state;
  }

  @Nullable CommandRefusal decide(LoadDecoder command, Outcome outcome) {
    long hjartanMinor = command.hjartanMinor();
    long cashMinor = command.cashMinor();
    if (!OperatorHandler.isAmount(hjartanMinor)
        || !OperatorHandler.isAmount(cashMinor)
        || hjartanMinor + cashMinor == 0) {
      return CommandRefusal.AMOUNT_INVALID;
    }
    if (command.period() != OUTSIDE && !OperatorHandler.isYearMonth(command.period())) {
      return CommandRefusal.PERIOD_INVALID;
    }
    if (!areComponentsSound(command, hjartanMinor + cashMinor)) {
      return CommandRefusal.LOAD_COMPONENTS_INVALID;
    }
    int cardId = state.cards.find(command.buffer(), command.offset() + LoadDecoder.panTokenEncodingOffset());
    if (cardId == CardTable.MISSING) {
      return CommandRefusal.CARD_NOT_FOUND;
    }
    state.cards.select(cardId);
    state.accounts.select(state.cards.accountId());
    if (isOfRun(command) && command.programmeId() != state.accounts.programmeId()) {
      return CommandRefusal.LOAD_CARD_ELSEWHERE;
    }
    if (command.period() != OUTSIDE && command.period() <= state.accounts.period()) {
      return CommandRefusal.PERIOD_ALREADY_LOADED;
    }
    state.programmes.select(state.accounts.programmeId());
    CommandRefusal lacking =
        isOfRun(command) ? refusalOfRun(command) : refusalOfMoney(hjartanMinor, cashMinor);
    if (lacking != null) {
      return lacking;
    }
    outcome.effect = Effect.LOADED;
    outcome.cardId = cardId;
    outcome.accountId = state.cards.accountId();
    outcome.hjartanMinor = hjartanMinor;
    outcome.cashMinor = cashMinor;
    outcome.approvedMinor = hjartanMinor + cashMinor;
    state.readPurses(outcome);
    outcome.hjartanAvailableMinor += hjartanMinor;
    outcome.cashAvailableMinor += cashMinor;
    return null;
  }

  private @Nullable CommandRefusal refusalOfMoney(long hjartanMinor, long cashMinor) {
    if (cashMinor > state.programmes.poolMinor()) {
      return CommandRefusal.POOL_SHORT;
    }
    return hjartanMinor > state.ledger.unusedBackingMinor() ? CommandRefusal.BACKING_SHORT : null;
  }

  private @Nullable CommandRefusal refusalOfRun(LoadDecoder command) {
    if (!state.programmes.hasRun()) {
      return CommandRefusal.LOAD_RUN_NOT_OPEN;
    }
    LoadRunTable run = state.loadRuns;
    run.select(state.programmes.run());
    if (!run.isOpen() || run.key() != command.runKey()) {
      return CommandRefusal.LOAD_RUN_NOT_OPEN;
    }
    if (run.period() != command.period()) {
      return CommandRefusal.LOAD_RUN_PERIOD;
    }
    boolean fits =
        run.cardsLoaded() < run.cards()
            && command.cashMinor() <= run.cashLeftMinor()
            && command.hjartanMinor() <= run.hjartanLeftMinor();
    return fits ? null : CommandRefusal.LOAD_RUN_EXHAUSTED;
  }

  void apply(LoadDecoder command, Outcome outcome) {
    long hjartanMinor = command.hjartanMinor();
    long cashMinor = command.cashMinor();
    state.accounts.select(outcome.accountId);
    UnsafeBuffer programme = state.programmes.select(state.accounts.programmeId());
    if (isOfRun(command)) {
      state.loadRuns.select(state.programmes.run());
      state.loadRuns.loaded(hjartanMinor, cashMinor);
      state.giveBackReserved(programme, hjartanMinor, cashMinor);
    }
    state.accounts.load(programme, hjartanMinor, cashMinor);
    if (command.period() != OUTSIDE || state.accounts.period() == 0) {
      // What is given beside the monthly load says nothing of that; before the first one there is nothing else.
      state.accounts.monthlyAmount(hjartanMinor + cashMinor);
    }
    if (command.period() != OUTSIDE) {
      state.accounts.period(command.period());
    }
  }

  /** A load that was written before there were runs says nothing of one. */
  private static boolean isOfRun(LoadDecoder command) {
    return command.runKey() != OUTSIDE && command.runKey() != LoadDecoder.runKeyNullValue();
  }

  /** None at all, or at most 16 that can be and sum to the load. */
  private boolean areComponentsSound(LoadDecoder command, long totalMinor) {
    LoadDecoder.ComponentsDecoder components = command.components();
    if (components.count() > MOST_COMPONENTS) {
      return false;
    }
    if (components.count() == 0) {
      return true;
    }
    long sumMinor = 0;
    boolean sound = true;
    while (components.hasNext()) {
      components.next();
      LoadKind kind = components.kind();
      long amountMinor = components.amountMinor();
      components.wrapSupplement(supplement);
      sound &= kind != LoadKind.NULL_VAL;
      sound &= OperatorHandler.isAmount(kind == LoadKind.TAPER ? -amountMinor : amountMinor);
      sound &= kind == LoadKind.SUPPLEMENT ? isKey() : supplement.capacity() == 0;
      sumMinor += amountMinor;
    }
    return sound && sumMinor == totalMinor;
  }

  private boolean isKey() {
    boolean sound = supplement.capacity() >= 1 && supplement.capacity() <= LONGEST_KEY;
    for (int i = 0; i < supplement.capacity(); i++) {
      byte letter = supplement.getByte(i);
      sound &= (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
    }
    return sound;
  }
}
