package se.valfardskort.authorizer.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Category;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.Programme;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;

/** All that the engine knows, in one place; handlers share it. Owned by the core thread. */
final class EngineState {
  final EngineCapacity capacity;
  final Ledger ledger = new Ledger();
  final ProgrammeTable programmes;
  final LoadRunTable loadRuns;

  /** Rows of {@link #cards} and {@link #accounts}. */
  final Rows holders;

  /** What few of them have. */
  final HolderRests rests;

  final CardTable cards;
  final MerchantTable merchants;
  final AccountTable accounts;
  final AllowanceTable allowances;
  final DrawTable draws;
  final HolderOfferTable holderOffers;
  final GrantTable grants;

  /** What few decisions of {@link #originals} and {@link #memory} tell. */
  final DecisionRests decisionRests;

  final OriginalTable originals;
  final RequestMemory memory;
  final SettlementTable settlement;

  /** Approvals ever given, from which DE 38 is made. */
  long approvals;

  /** Digest of all effects so far. */
  long digest;

  /** Time of the last applied command. */
  long timeMs;

  /** SHA-256 of the active configuration; empty before the first. */
  byte[] configurationSha256 = new byte[0];

  /** The active configuration as it came; empty before the first. */
  byte[] configurationBytes = new byte[0];

  Rules rules;

  /** By partner id: by how much its advices have brought purses below 0, in all; grows with the configuration. */
  private long[] overdrawnMinor = new long[0];

  /** By programme: which counter of an account belongs to which category, for as long as the state lives. */
  private final Map<Integer, List<String>> cappedNames = new TreeMap<>();

  EngineState(EngineStore store, EngineCapacity capacity) {
    this.capacity = capacity;
    programmes = new ProgrammeTable(store);
    loadRuns = new LoadRunTable(store);
    holders =
        store.rows("cards", AccountTable.rowLength(capacity), Math.max(capacity.cards(), capacity.accounts()));
    rests = new HolderRests(store, capacity);
    cards = new CardTable(store, holders, rests, capacity);
    merchants = new MerchantTable(store, capacity.merchants());
    accounts = new AccountTable(holders, rests, capacity, ledger, merchants);
    allowances = new AllowanceTable(store, capacity.allowances(), accounts, programmes, ledger);
    draws = new DrawTable(store, capacity.originals(), allowances);
    holderOffers = new HolderOfferTable(store, capacity.accounts());
    grants = new GrantTable(store, capacity.grants(), holderOffers);
    decisionRests = new DecisionRests(store, capacity);
    originals = new OriginalTable(store, capacity.originals(), cards, draws, decisionRests);
    memory = new RequestMemory(store, capacity, cards, originals, decisionRests);
    settlement = new SettlementTable(store);
    rules = new Rules(Rules.none(), this);
  }

  /** Makes a configuration the law; {@code bytes} are its own from now on. */
  void activate(Configuration configuration, byte[] bytes) {
    rules = new Rules(configuration, this);
    activeBytes(bytes);
  }

  /** Notes which bytes the active configuration came in, its own from now on; empty: there is none. */
  void activeBytes(byte[] bytes) {
    configurationBytes = bytes;
    configurationSha256 = bytes.length == 0 ? bytes : ConfigurationHandler.sha256(bytes);
  }

  /** Sets aside what a run of loads is to load: out of the programme's pool, and out of unused backing. */
  void reserve(UnsafeBuffer programme, long hjartanMinor, long cashMinor) {
    ledger.move(LedgerAccount.POOL, programme, LedgerAccount.POOL_RESERVED, programme, cashMinor);
    ledger.move(
        LedgerAccount.TREASURY_BACKING, Ledger.NO_ROW, LedgerAccount.BACKING_RESERVED, programme, hjartanMinor);
  }

  /** Puts back what was set aside: to be loaded in the same breath, or left over. */
  void giveBackReserved(UnsafeBuffer programme, long hjartanMinor, long cashMinor) {
    ledger.move(LedgerAccount.POOL_RESERVED, programme, LedgerAccount.POOL, programme, cashMinor);
    ledger.move(
        LedgerAccount.BACKING_RESERVED, programme, LedgerAccount.TREASURY_BACKING, Ledger.NO_ROW, hjartanMinor);
  }

  /** Partners that have a total, by their ids from 0 on. */
  int overdrawnPartners() {
    return overdrawnMinor.length;
  }

  /** By how much a partner's advices have brought purses below 0, in all. */
  long overdrawnMinor(int partnerId) {
    return overdrawnMinor[partnerId];
  }

  void addOverdrawn(int partnerId, long amountMinor) {
    overdrawnMinor[partnerId] += amountMinor;
  }

  /** Makes room for the totals of partners up to {@code partnerId}; what was counted stays. */
  void makeRoomForPartner(int partnerId) {
    if (partnerId >= overdrawnMinor.length) {
      overdrawnMinor = Arrays.copyOf(overdrawnMinor, partnerId + 1);
    }
  }

  /** By programme, all names of categories that have a counter, in the counters' order. */
  Map<Integer, List<String>> cappedNames() {
    return Collections.unmodifiableMap(cappedNames);
  }

  /** Gives the programme's next counter to a category. */
  void addCappedName(int programmeId, String name) {
    cappedNames.computeIfAbsent(programmeId, id -> new ArrayList<>()).add(name);
  }

  /** Names of the categories that have a counter, in the counters' order. */
  List<String> cappedNames(int programmeId) {
    return cappedNames.getOrDefault(programmeId, List.of());
  }

  /** The same, after giving a counter to each counted category of the programme that has none yet. */
  List<String> cappedNames(Programme programme) {
    List<String> names = cappedNames.computeIfAbsent(programme.id(), id -> new ArrayList<>());
    for (Category category : programme.categories()) {
      if (ProgrammeRules.isCounted(category) && !names.contains(category.name())) {
        names.add(category.name());
      }
    }
    return names;
  }

  /** Finds and selects the card and account of a request, and notes them in the outcome. */
  void findCard(Request request, Outcome outcome) {
    if (!request.panPresent()) {
      return;
    }
    outcome.cardId = cards.find(request.bytes, request.tokenOffset);
    if (outcome.cardId != CardTable.MISSING) {
      cards.select(outcome.cardId);
      outcome.accountId = cards.accountId();
      accounts.select(outcome.accountId);
      readPurses(outcome);
    }
  }

  /** Finds and selects the card and account that a person's command names, and notes them in the outcome. */
  @Nullable CommandRefusal findHolder(DirectBuffer bytes, int tokenOffset, Outcome outcome) {
    int cardId = cards.find(bytes, tokenOffset);
    if (cardId == CardTable.MISSING) {
      return CommandRefusal.CARD_NOT_FOUND;
    }
    cards.select(cardId);
    outcome.cardId = cardId;
    outcome.accountId = cards.accountId();
    accounts.select(outcome.accountId);
    readPurses(outcome);
    return null;
  }

  /** Writes the selected account's purses into an outcome. */
  void readPurses(Outcome outcome) {
    outcome.hjartanAvailableMinor = accounts.hjartanAvailableMinor();
    outcome.cashAvailableMinor = accounts.cashAvailableMinor();
    outcome.savingsAvailableMinor =
        accounts.hasSavings()
            ? accounts.savings.availableMinor()
            : DecisionEncoder.savingsAvailableMinorNullValue();
    readEarmarks(outcome);
  }

  /** Few accounts have any allowance to look through. */
  private void readEarmarks(Outcome outcome) {
    long availableMinor = 0;
    boolean any = false;
    for (int id = allowances.first(); id != AllowanceTable.NONE; id = allowances.next()) {
      allowances.select(id);
      if (allowances.isEarmark()) {
        any = true;
        availableMinor += allowances.isLiveAt(outcome.timeMs) ? allowances.purse.availableMinor() : 0;
      }
    }
    outcome.earmarkAvailableMinor = any ? availableMinor : DecisionEncoder.earmarkAvailableMinorNullValue();
  }

  long hash() {
    long hash = Hash.mix(Hash.mix(digest, approvals), timeMs);
    for (byte octet : configurationSha256) {
      hash = Hash.mix(hash, octet);
    }
    for (long total : overdrawnMinor) {
      hash = Hash.mix(hash, total);
    }
    for (Map.Entry<Integer, List<String>> entry : cappedNames.entrySet()) {
      hash = Hash.mix(hash, entry.getKey());
      for (String name : entry.getValue()) {
        hash = Hash.mix(hash, name.hashCode());
      }
    }
    hash = settlement.hash(cards.hash(accounts.hash(programmes.hash(ledger.hash(hash)))));
    hash = loadRuns.hash(draws.hash(allowances.hash(hash)));
    hash = decisionRests.hash(rests.hash(hash));
    hash = holderOffers.hash(grants.hash(hash), accounts.count());
    return memory.hash(originals.hash(merchants.hash(hash)));
  }
}
