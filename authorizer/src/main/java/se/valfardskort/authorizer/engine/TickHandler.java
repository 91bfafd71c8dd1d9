package se.valfardskort.authorizer.engine;

import se.valfardskort.authorizer.engine.sbe.TickDecoder;

/**
 * The journaled clock: lets holds expire and forgets what need not be remembered, a bounded number a tick.
 *
 * <p>Owned by the core thread.
 */
final class TickHandler {
  private static final Lane[] LANES = Lane.values();
  private static final int ALLOWANCES_A_TICK = 64;
  private static final int GRANTS_A_TICK = 64;

  private final EngineState state;
  private final GrantBarHandler grants;

  TickHandler(EngineState state) {
    this.state = state;
    grants = new GrantBarHandler(state);
  }

  void apply(TickDecoder tick, long timeMs) {
    state.allowances.clean(timeMs, ALLOWANCES_A_TICK);
    grants.clean(timeMs, GRANTS_A_TICK);
    int left = tick.maximumExpiries();
    for (Lane lane : LANES) {
      while (left > 0 && isDue(lane, timeMs)) {
        int id = state.originals.oldestIn(lane);
        switch (state.originals.state()) {
          case HELD -> expire(id, timeMs);
          case COMPLETED -> endOrForget(id, lane, timeMs);
          default -> forget(id);
        }
        left--;
      }
    }
  }

  /** Selects the lane's oldest. */
  private boolean isDue(Lane lane, long timeMs) {
    int id = state.originals.oldestIn(lane);
    if (id == OriginalTable.NONE) {
      return false;
    }
    state.originals.select(id);
    return state.originals.dueMs() <= timeMs;
  }

  private void expire(int id, long timeMs) {
    OriginalTable original = state.originals;
    state.accounts.select(original.accountId());
    Reduction.apply(state, original.earmarkMinor(), original.hjartanMinor(), original.cashMinor());
    Reduction.uncountPurchase(state);
    state.accounts.closeHold();
    state.draws.giveBackUses(original.draws());
    original.state(OriginalState.EXPIRED);
    original.changeLane(id, Lane.ENDED_HOLDS, timeMs);
  }

  /** A completed hold is remembered as long as an expired one, so that a completion that comes late finds it. */
  private void endOrForget(int id, Lane lane, long timeMs) {
    if (lane == Lane.ENDED_HOLDS) {
      forget(id);
    } else {
      state.originals.changeLane(id, Lane.ENDED_HOLDS, timeMs);
    }
  }

  private void forget(int id) {
    OriginalTable original = state.originals;
    state.cards.select(original.cardId());
    if (original.state() == OriginalState.TOMBSTONE) {
      state.cards.tombstones(state.cards.tombstones() - 1);
    }
    state.draws.forget(original.draws());
    state.memory.forgetOriginal(original.row(), original.keyOffset(), original.createdMs());
    original.forget(id);
  }
}
