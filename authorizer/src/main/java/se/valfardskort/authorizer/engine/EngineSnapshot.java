package se.valfardskort.authorizer.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.engine.sbe.snapshot.EngineTotalsDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.EngineTotalsEncoder;

/**
 * An engine's whole state as frames, and back: totals, then each {@link StateTable}, then a hash over all.
 *
 * <p>Owned by the thread that owns the engine. Directories are not written but rebuilt from the rows. An engine may
 * have more room than the one that wrote, but not less, and its request memory must be of the same size, since what has
 * been forgotten is part of the state.
 */
final class EngineSnapshot {
  private static final Lane[] LANES = Lane.values();
  private static final LedgerAccount[] ACCOUNTS = LedgerAccount.values();
  /** Their ids have 16 bits. */
  private static final int PARTNERS = 1 << 16;

  private final EngineState state;
  private final ConfigurationHandler configurations;

  EngineSnapshot(EngineState state, ConfigurationHandler configurations) {
    this.state = state;
    this.configurations = configurations;
  }

  void write(StateOutput out, long stateHash) throws IOException {
    StateWriter writer = new StateWriter(out);
    EngineTotalsEncoder totals = writer.totals();
    writeCounts(totals);
    writeGroups(totals);
    writer.put(totals);
    writer.bytes(StateTable.CONFIGURATION, state.configurationBytes);
    writer.bytes(StateTable.PENDING, configurations.pending());
    writer.table(StateTable.PROGRAMMES, state.programmes.rows(), state.programmes.used());
    writer.table(StateTable.SETTLEMENT, state.settlement.rows(), state.settlement.count());
    writer.table(StateTable.MERCHANTS, state.merchants.rows(), state.merchants.count());
    writer.table(StateTable.CARDS, state.holders, Math.max(state.cards.count(), state.accounts.count()));
    writer.table(StateTable.ORIGINALS, state.originals.rows(), state.originals.everUsed());
    writer.table(StateTable.REQUESTS, state.memory.rows(), state.memory.remembered());
    writer.table(StateTable.ALLOWANCES, state.allowances.rows(), state.allowances.everUsed());
    writer.table(StateTable.DRAWS, state.draws.rows(), state.draws.everUsed());
    writer.table(StateTable.LOAD_RUNS, state.loadRuns.rows(), state.loadRuns.count());
    writer.table(StateTable.HOLDER_RESTS, state.rests.rows(), state.rests.used());
    writer.table(StateTable.RESTS, state.decisionRests.rows(), state.decisionRests.everUsed());
    writer.table(StateTable.GRANTS, state.grants.rows(), state.grants.everUsed());
    writer.table(StateTable.HOLDER_OFFERS, state.holderOffers.rows(), state.accounts.count());
    writer.end(stateHash);
  }

  private void writeCounts(EngineTotalsEncoder totals) {
    totals
        .digest(state.digest)
        .timeMs(state.timeMs)
        .approvals(state.approvals)
        .cards(state.cards.count())
        .accounts(state.accounts.count())
        .merchants(state.merchants.count())
        .settlementRows(state.settlement.count())
        .cappedCategories(state.capacity.cappedCategories())
        .originalsEverUsed(state.originals.everUsed())
        .originalsFirstFree(state.originals.firstFree())
        .originalsLive(state.originals.live())
        .originalsCreated(state.originals.created())
        .originalsForgotten(state.originals.forgotten())
        .requests(state.memory.slots())
        .answersAppended(state.memory.appended())
        .lowWaterMs(state.memory.lowWaterMs())
        .configurationBytes(state.configurationBytes.length)
        .pendingBytes(configurations.pending().length)
        .pendingReceived(configurations.received())
        .overdrawnPartners(state.overdrawnPartners())
        .programmes(state.programmes.used())
        .latestAheadMs(state.memory.latestAheadMs())
        .allowancesEverUsed(state.allowances.everUsed())
        .allowancesFirstFree(state.allowances.firstFree())
        .allowancesGranted(state.allowances.granted())
        .allowancesCursor(state.allowances.cursor())
        .drawsEverUsed(state.draws.everUsed())
        .drawsFirstFree(state.draws.firstFree())
        .loadRuns(state.loadRuns.count())
        .holderRests(state.rests.used())
        .restsEverUsed(state.decisionRests.everUsed())
        .restsFirstFree(state.decisionRests.firstFree())
        .grantsEverUsed(state.grants.everUsed())
        .grantsFirstFree(state.grants.firstFree())
        .grantsRequested(state.grants.requested())
        .grantsCursor(state.grants.cursor());
  }

  private void writeGroups(EngineTotalsEncoder totals) {
    EngineTotalsEncoder.BalancesEncoder balances = totals.balancesCount(ACCOUNTS.length);
    for (LedgerAccount account : ACCOUNTS) {
      balances.next().ledgerAccount(account.number).amountMinor(state.ledger.balanceMinor(account));
    }
    EngineTotalsEncoder.LanesEncoder lanes = totals.lanesCount(LANES.length);
    for (Lane lane : LANES) {
      lanes
          .next()
          .lane(lane.number)
          .oldest(state.originals.lanes.oldestIn(lane) + 1)
          .newest(state.originals.lanes.newestIn(lane) + 1);
    }
    int overdrawnPartners = 0;
    for (int partnerId = 0; partnerId < state.overdrawnPartners(); partnerId++) {
      overdrawnPartners += state.overdrawnMinor(partnerId) == 0 ? 0 : 1;
    }
    EngineTotalsEncoder.OverdrawnEncoder overdrawn = totals.overdrawnCount(overdrawnPartners);
    for (int partnerId = 0; partnerId < state.overdrawnPartners(); partnerId++) {
      if (state.overdrawnMinor(partnerId) != 0) {
        overdrawn.next().partnerId(partnerId).amountMinor(state.overdrawnMinor(partnerId));
      }
    }
    int names = state.cappedNames().values().stream().mapToInt(List::size).sum();
    EngineTotalsEncoder.CountersEncoder counters = totals.countersCount(names);
    for (Map.Entry<Integer, List<String>> entry : state.cappedNames().entrySet()) {
      for (String name : entry.getValue()) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        counters.next().programmeId(entry.getKey()).putCategory(text, 0, text.length);
      }
    }
  }

  /**
   * Fills the fresh engine, all but the directory of the request keys.
   *
   * @param beside runs what may be done while the rest is read; all of it is over when this returns or throws
   * @param sameEngine whether this engine's version wrote it: the hash over the state must then be the same
   * @throws StateMisfitException when the state is too new or too large for this engine
   * @throws IllegalStateException when it is not what its writer had
   */
  void read(StateInput in, Executor beside, boolean sameEngine) throws IOException {
    StateReader reader = new StateReader(in);
    EngineTotalsDecoder totals = reader.totals();
    requireRoom(totals);
    final int counters = totals.cappedCategories();
    boolean sameCounters = counters == state.capacity.cappedCategories();
    state.digest = totals.digest();
    state.timeMs = totals.timeMs();
    state.approvals = totals.approvals();
    final int cards = totals.cards();
    final int accounts = totals.accounts();
    final int merchants = totals.merchants();
    final int programmes = totals.programmes();
    final int settlementRows = totals.settlementRows();
    final int everUsed = totals.originalsEverUsed();
    final int configurationLength = totals.configurationBytes();
    final int pendingLength = totals.pendingBytes();
    final int pendingReceived = totals.pendingReceived();
    restoreAnswers(totals);
    final boolean hasAllowances = restoreAllowances(totals);
    final int loadRuns = totals.loadRuns();
    final boolean hasRests = restoreRests(reader, totals);
    final boolean hasGrants = restoreGrants(totals);
    readGroups(totals);

    final byte[] active = reader.bytes(StateTable.CONFIGURATION, configurationLength);
    configurations.restore(reader.bytes(StateTable.PENDING, pendingLength), pendingReceived);
    reader.table(StateTable.PROGRAMMES, state.programmes.rows(), programmes);
    reader.table(StateTable.SETTLEMENT, state.settlement.rows(), settlementRows);
    state.settlement.restore(settlementRows);
    reader.table(StateTable.MERCHANTS, state.merchants.rows(), merchants);
    state.merchants.restore(merchants);
    reader.table(
        StateTable.CARDS, state.holders, Math.max(cards, accounts), OlderLayouts.ofHolders(state.rests, counters));
    state.cards.restore(cards);
    state.accounts.restore(accounts);
    CompletableFuture<Void> indexed = CompletableFuture.runAsync(state.cards::index, beside);
    try {
      reader.table(
          StateTable.ORIGINALS, state.originals.rows(), everUsed, OlderLayouts.ofOriginals(state.decisionRests));
      reader.table(
          StateTable.REQUESTS, state.memory.rows(), state.memory.remembered(),
          OlderLayouts.ofAnswers(state.decisionRests, state.memory));
      if (hasAllowances) {
        reader.table(StateTable.ALLOWANCES, state.allowances.rows(), state.allowances.everUsed());
        reader.table(StateTable.DRAWS, state.draws.rows(), state.draws.everUsed());
        state.draws.countLive();
      }
      readLoadRuns(reader, loadRuns);
      if (hasRests) {
        reader.table(StateTable.HOLDER_RESTS, state.rests.rows(), state.rests.used());
        reader.table(StateTable.RESTS, state.decisionRests.rows(), state.decisionRests.everUsed());
      }
      readGrants(reader, hasGrants, accounts);
      long writtenHash = reader.end();
      state.activeBytes(active);
      if (sameEngine && sameCounters && reader.isAsWrittenNow()) {
        requireHash(writtenHash);
      }
    } finally {
      // It must not write any more when the caller gives the memory back.
      indexed.handle((done, failed) -> failed == null).join();
    }
    requireIndexed(indexed);
    if (active.length > 0) {
      activate(active);
    }
  }

  private void restoreAnswers(EngineTotalsDecoder totals) {
    state.originals.restore(
        totals.originalsEverUsed(),
        totals.originalsFirstFree(),
        totals.originalsLive(),
        totals.originalsCreated(),
        totals.originalsForgotten());
    long latestAheadMs = totals.latestAheadMs();
    state.memory.restore(
        totals.answersAppended(),
        totals.lowWaterMs(),
        latestAheadMs == EngineTotalsDecoder.latestAheadMsNullValue() ? 0 : latestAheadMs);
  }

  /** Whoever wrote it before there were runs of loads says nothing of them. */
  private void readLoadRuns(StateReader reader, int count) throws IOException {
    if (count != EngineTotalsDecoder.loadRunsNullValue()) {
      reader.table(StateTable.LOAD_RUNS, state.loadRuns.rows(), count);
      state.loadRuns.restore(count);
    }
  }

  /** Returns whether whoever wrote it knew of allowances. */
  private boolean restoreAllowances(EngineTotalsDecoder totals) {
    if (totals.allowancesEverUsed() == EngineTotalsDecoder.allowancesEverUsedNullValue()) {
      return false;
    }
    state.allowances.restore(
        totals.allowancesEverUsed(),
        totals.allowancesFirstFree(),
        totals.allowancesGranted(),
        totals.allowancesCursor());
    state.draws.restore(totals.drawsEverUsed(), totals.drawsFirstFree());
    return true;
  }

  private void readGrants(StateReader reader, boolean written, int accounts) throws IOException {
    if (written) {
      reader.table(StateTable.GRANTS, state.grants.rows(), state.grants.everUsed());
      reader.table(StateTable.HOLDER_OFFERS, state.holderOffers.rows(), accounts);
      state.grants.index();
    }
  }

  /** Returns whether whoever wrote it had these tables; else their rows come out of the older rows. */
  private boolean restoreRests(StateReader reader, EngineTotalsDecoder totals) throws StateMisfitException {
    if (!reader.hasTotal(EngineTotalsDecoder.restsFirstFreeEncodingOffset())) {
      return false;
    }
    require("answers with savings or earmarks", totals.restsEverUsed(), state.decisionRests.rows().capacity());
    state.rests.restore(totals.holderRests());
    state.decisionRests.restore(totals.restsEverUsed(), totals.restsFirstFree());
    return true;
  }

  /** Returns whether whoever wrote it knew of grants. */
  private boolean restoreGrants(EngineTotalsDecoder totals) {
    if (totals.grantsEverUsed() == EngineTotalsDecoder.grantsEverUsedNullValue()) {
      return false;
    }
    state.grants.restore(
        totals.grantsEverUsed(), totals.grantsFirstFree(), totals.grantsRequested(), totals.grantsCursor());
    return true;
  }

  /** What kept the directory from being filled is wrong with the state, wherever it was noticed. */
  private static void requireIndexed(CompletableFuture<Void> indexed) {
    if (indexed.isCompletedExceptionally()) {
      throw new IllegalStateException("its cards cannot be entered: " + indexed.exceptionNow(), indexed.exceptionNow());
    }
  }

  private void requireHash(long written) {
    long hash = configurations.hash(state.hash());
    if (hash != written) {
      throw new IllegalStateException("the state's hash is " + hash + " and was " + written);
    }
  }

  private void readGroups(EngineTotalsDecoder totals) {
    for (EngineTotalsDecoder.BalancesDecoder balance : totals.balances()) {
      state.ledger.restore(LedgerAccount.ofNumber(balance.ledgerAccount()), balance.amountMinor());
    }
    for (EngineTotalsDecoder.LanesDecoder lane : totals.lanes()) {
      state.originals.lanes.restore(Lane.ofNumber(lane.lane()), lane.oldest() - 1, lane.newest() - 1);
    }
    state.makeRoomForPartner(totals.overdrawnPartners() - 1);
    for (EngineTotalsDecoder.OverdrawnDecoder overdrawn : totals.overdrawn()) {
      state.addOverdrawn(overdrawn.partnerId(), overdrawn.amountMinor());
    }
    for (EngineTotalsDecoder.CountersDecoder counter : totals.counters()) {
      state.addCappedName(counter.programmeId(), counter.category());
    }
  }

  /** After the merchants and cards: the rules find both by their keys. */
  private void activate(byte[] bytes) throws StateMisfitException {
    Configuration configuration;
    try {
      configuration = ConfigurationCodec.decode(new UnsafeBuffer(bytes), 0, bytes.length);
    } catch (IllegalArgumentException unreadable) {
      throw new StateMisfitException(
          "its configuration cannot be read by this release (" + unreadable.getMessage()
              + "): start the release that wrote it");
    }
    state.activate(configuration, bytes);
  }

  private void requireRoom(EngineTotalsDecoder totals) throws StateMisfitException {
    EngineCapacity room = state.capacity;
    require("cards", totals.cards(), room.cards());
    require("accounts", totals.accounts(), room.accounts());
    require("originals", totals.originalsEverUsed(), room.originals());
    require("allowances", Math.max(0, totals.allowancesEverUsed()), room.allowances());
    require("draws", Math.max(0, totals.drawsEverUsed()), room.originals());
    require("grants", Math.max(0, totals.grantsEverUsed()), room.grants());
    require("merchants", totals.merchants(), room.merchants());
    require("settlement rows", totals.settlementRows(), SettlementTable.CAPACITY);
    require("capped categories", totals.cappedCategories(), room.cappedCategories());
    require("configuration bytes", totals.configurationBytes(), room.configurationBytes());
    require("configuration bytes", totals.pendingBytes(), room.configurationBytes());
    require("programmes with loads", Math.max(0, totals.loadRuns()), LoadRunTable.CAPACITY);
    require("partners", totals.overdrawnPartners(), PARTNERS);
    if (totals.requests() != room.requests()) {
      throw new StateMisfitException(
          "its request memory has " + totals.requests() + " answers, here there are " + room.requests()
              + "; which requests are still remembered is part of the state: set requests back to "
              + totals.requests());
    }
  }

  private static void require(String what, int needed, int room) throws StateMisfitException {
    if (needed > room) {
      throw new StateMisfitException(
          "it needs room for " + needed + " " + what + ", here there is room for " + room
              + "; raise it to at least what it was when the snapshot was written");
    }
  }
}
