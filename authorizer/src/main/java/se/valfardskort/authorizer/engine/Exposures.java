package se.valfardskort.authorizer.engine;

import java.nio.ByteOrder;
import java.util.BitSet;

/** Looks through all accounts for what others decided. For reports: walks every card. */
final class Exposures {
  private final EngineState state;

  Exposures(EngineState state) {
    this.state = state;
  }

  void show(ExposureVisitor visitor) {
    BitSet seen = new BitSet();
    for (int cardId = 0; cardId < state.cards.count(); cardId++) {
      state.cards.select(cardId);
      int accountId = state.cards.accountId();
      if (!seen.get(accountId)) {
        seen.set(accountId);
        show(visitor, cardId, accountId);
      }
    }
  }

  private void show(ExposureVisitor visitor, int cardId, int accountId) {
    state.accounts.select(accountId);
    long standInMinor = state.accounts.standInMinor();
    long overdrawnMinor = Math.max(0, -state.accounts.cashAvailableMinor());
    long waitingMinor = state.accounts.refundsWaitingMinor();
    if ((standInMinor | overdrawnMinor | waitingMinor) != 0) {
      long tokenStart = state.cards.row().getLong(CardTable.TOKEN, ByteOrder.BIG_ENDIAN);
      visitor.account(accountId, cardId, tokenStart, standInMinor, overdrawnMinor, waitingMinor);
    }
  }
}
