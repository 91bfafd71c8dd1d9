package se.valfardskort.authorizer.engine;

/**
 * Recomputes the invariants of architecture.md section 7 from the rows. Slow; allocates. Owned by the core thread.
 */
final class Invariants {
  private final EngineState state;
  private final long[] heldHjartan;
  private final long[] heldCash;
  private final int[] openHolds;
  private final int[] tombstones;
  private final int[] draws;

  /** By allowance: what holds say that earmarks hold for them. */
  private final long[] heldOfEarmarks;

  /** By rest of a decision: how many decisions have it. */
  private final int[] restOwners;

  /** In a replay nobody keeps the request keys' directory. */
  private final boolean indexed;

  Invariants(EngineState state) {
    this.state = state;
    heldHjartan = new long[state.accounts.count()];
    heldCash = new long[state.accounts.count()];
    openHolds = new int[state.accounts.count()];
    indexed = state.memory.isIndexed();
    tombstones = new int[state.cards.count()];
    draws = new int[state.allowances.everUsed()];
    heldOfEarmarks = new long[draws.length];
    restOwners = new int[state.decisionRests.everUsed()];
  }

  void check() {
    state.ledger.check();
    checkOriginals();
    state.allowances.check(draws, heldOfEarmarks);
    state.grants.check();
    checkAccounts();
    checkSubledgers();
    checkSettlement();
    checkLoadRuns();
    state.cards.check();
    if (indexed) {
      state.memory.check(state.originals.live(), restOwners);
      state.decisionRests.check(restOwners);
    }
  }

  /** Invariant 5, and that every live original is found where it should be: in its card's list and by its key. */
  private void checkOriginals() {
    OriginalTable original = state.originals;
    int seen = 0;
    for (int cardId = 0; cardId < tombstones.length; cardId++) {
      state.cards.select(cardId);
      for (int id = state.cards.newestOriginal(); id != OriginalTable.NONE; id = original.older()) {
        original.select(id);
        seen++;
        checkOriginal(id, cardId);
      }
      state.memory.checkAnswersOf(cardId, state.cards.newestAnswer());
      if (state.cards.tombstones() != tombstones[cardId]) {
        throw new IllegalStateException(
            "card " + cardId + " counts " + state.cards.tombstones() + " tombstones and has " + tombstones[cardId]);
      }
    }
    if (seen != original.live() || original.live() != original.created() - original.forgotten()) {
      throw new IllegalStateException(
          "invariant 3: " + original.created() + " originals were made and " + original.forgotten()
              + " forgotten, but " + seen + " are found of " + original.live());
    }
  }

  private void checkOriginal(int id, int cardId) {
    OriginalTable original = state.originals;
    if (original.cardId() != cardId || original.state() == OriginalState.FREE) {
      throw new IllegalStateException("original " + id + " is in the list of card " + cardId + ", not its own");
    }
    if (indexed && state.memory.find(original.row(), original.keyOffset()) != state.memory.slots() + id) {
      throw new IllegalStateException("invariant 4: original " + id + " is not found by its request key");
    }
    original.answer.count(restOwners);
    long hjartan = original.hjartanMinor();
    long cash = original.cashMinor();
    if (hjartan < 0
        || cash < 0
        || hjartan > original.authorizedHjartanMinor()
        || cash > original.authorizedCashMinor()) {
      throw new IllegalStateException(
          "invariant 5: original " + id + " has more left than was authorized, or less than 0");
    }
    if (original.refundedHjartanMinor() > hjartan || original.refundedCashMinor() > cash) {
      throw new IllegalStateException("invariant 6: more of original " + id + " was refunded than was posted");
    }
    state.draws.count(original.draws(), original.state() == OriginalState.HELD, draws, heldOfEarmarks);
    switch (original.state()) {
      case HELD -> {
        openHolds[original.accountId()]++;
        heldHjartan[original.accountId()] += hjartan;
        heldCash[original.accountId()] += cash;
      }
      case TOMBSTONE -> tombstones[cardId]++;
      case COMPLETED, RELEASED, EXPIRED -> {
        if (original.leftMinor() != 0) {
          throw new IllegalStateException("invariant 5: original " + id + " is over and still has something left");
        }
      }
      // Of a reversed posting there may be left what was refunded.
      case FREE, POSTED, REVERSED, REFUNDED, RAISED -> { }
    }
  }

  /** Invariants 1 and 3. */
  private void checkAccounts() {
    for (int accountId = 0; accountId < openHolds.length; accountId++) {
      state.accounts.select(accountId);
      state.holderOffers.select(accountId);
      state.accounts.check(accountId, state.holderOffers.orderedMinor());
      if (state.accounts.hjartanHeldMinor() != heldHjartan[accountId]
          || state.accounts.cashHeldMinor() != heldCash[accountId]
          || state.accounts.openHolds() != openHolds[accountId]) {
        throw new IllegalStateException(
            "invariant 3: account " + accountId + " holds something else than its holds say");
      }
    }
  }

  /** What acquirers can reconcile is what the books owe: kronor to them, Hjartan to the providers behind them. */
  private void checkSettlement() {
    long net = 0;
    for (int row = 0; row < state.settlement.count(); row++) {
      state.settlement.readEver(row);
      net += state.settlement.netMinor();
    }
    long owed =
        state.ledger.balanceMinor(LedgerAccount.SETTLEMENT_DUE)
            + state.ledger.balanceMinor(LedgerAccount.PROVIDER_HJARTAN);
    if (net != owed) {
      throw new IllegalStateException(
          "invariant 2: acquirers' totals come to " + net + ", but the ledger owes " + owed);
    }
  }

  /** What is set aside for loads is what an open run has not loaded yet, and nothing where none is open. */
  private void checkLoadRuns() {
    for (int programmeId = 0; programmeId < ProgrammeTable.CAPACITY; programmeId++) {
      state.programmes.select(programmeId);
      long cashMinor = 0;
      long hjartanMinor = 0;
      if (state.programmes.hasRun()) {
        state.loadRuns.select(state.programmes.run());
        state.loadRuns.check(programmeId);
        cashMinor = state.loadRuns.cashLeftMinor();
        hjartanMinor = state.loadRuns.hjartanLeftMinor();
      }
      if (state.programmes.poolReservedMinor() != cashMinor
          || state.programmes.backingReservedMinor() != hjartanMinor) {
        throw new IllegalStateException(
            "programme " + programmeId + " has " + state.programmes.poolReservedMinor() + " and "
                + state.programmes.backingReservedMinor() + " set aside, but its run of loads is to have "
                + cashMinor + " and " + hjartanMinor);
      }
    }
  }

  /** Invariants 2, 7 and 8: the totals of the ledger are the sums of the rows. */
  private void checkSubledgers() {
    long[] sums = new long[LedgerAccount.NUMBERS];
    for (int accountId = 0; accountId < openHolds.length; accountId++) {
      state.accounts.select(accountId);
      sums[LedgerAccount.CASH_AVAILABLE.number] += state.accounts.cashAvailableMinor();
      sums[LedgerAccount.CASH_HELD.number] += state.accounts.cashHeldMinor();
      sums[LedgerAccount.HJARTAN_AVAILABLE.number] += state.accounts.hjartanAvailableMinor();
      sums[LedgerAccount.HJARTAN_HELD.number] += state.accounts.hjartanHeldMinor();
      sums[LedgerAccount.SAVINGS_AVAILABLE.number] +=
          state.rests.mayHave(accountId) ? state.accounts.savings.availableMinor() : 0;
      state.holderOffers.select(accountId);
      sums[LedgerAccount.PAYMENT_ORDERS.number] += state.holderOffers.orderedMinor();
      sums[LedgerAccount.REFUNDS_WAITING.number] += state.accounts.refundsWaitingMinor();
    }
    for (int merchantRow = 0; merchantRow < state.merchants.count(); merchantRow++) {
      state.merchants.select(merchantRow);
      sums[LedgerAccount.PROVIDER_HJARTAN.number] += state.merchants.balanceMinor();
    }
    for (int id = 0; id < state.allowances.everUsed(); id++) {
      state.allowances.select(id);
      if (state.allowances.isEarmark()) {
        sums[LedgerAccount.EARMARK_AVAILABLE.number] += state.allowances.purse.availableMinor();
        sums[LedgerAccount.EARMARK_HELD.number] += state.allowances.purse.heldMinor();
      }
    }
    for (int programmeId = 0; programmeId < ProgrammeTable.CAPACITY; programmeId++) {
      state.programmes.select(programmeId);
      sums[LedgerAccount.POOL.number] += state.programmes.poolMinor();
      sums[LedgerAccount.POOL_RESERVED.number] += state.programmes.poolReservedMinor();
      sums[LedgerAccount.BACKING_RESERVED.number] += state.programmes.backingReservedMinor();
    }
    for (LedgerAccount account : LedgerAccount.values()) {
      long total = state.ledger.balanceMinor(account);
      if (account.subledgerOffset >= 0 && total != sums[account.number]) {
        boolean hjartan = account.unit == LedgerAccount.Unit.HJARTAN;
        throw new IllegalStateException(
            "invariant " + (hjartan ? 8 : 2) + ": " + account + " is " + total + " and its rows "
                + sums[account.number]);
      }
    }
  }
}
