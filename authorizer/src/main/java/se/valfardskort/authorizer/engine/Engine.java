package se.valfardskort.authorizer.engine;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.domain.DeclineReason;
import se.valfardskort.authorizer.engine.sbe.CardRequestDecoder;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.SettlementRequestDecoder;

/**
 * The engine: takes commands one by one, decides by the rules of domain.md, applies, remembers.
 *
 * <p>Owned by one thread. Handlers decide and apply, one a kind of message; this class dispatches, writes the decision
 * and keeps the digest. Nothing is allocated for a card's request. What {@link #decide} found out is kept for the
 * {@link #apply} that must follow it with the same command.
 */
public final class Engine implements Core {
  private static final int DECISION_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + DecisionEncoder.BLOCK_LENGTH;
  private static final int NOTHING_DECIDED = 0;

  /** A card that bought all day has thousands, and whoever asks for it must not keep the others waiting. */
  private static final int NEWEST_ORIGINALS = 50;


  private final EngineState state;
  private final AuthorizationHandler authorizations;
  private final ReversalHandler reversals;
  private final SettlementHandler settlements;
  private final Booking booking;
  private final OperatorCommands others;
  private final ConfigurationHandler configurations;
  private final RequestIndex requestIndex;

  private final Request request = new Request();
  private final SettlementQuery query = new SettlementQuery();
  private final Outcome outcome = new Outcome();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();

  /** Template of the command that was decided and not yet applied. */
  private int decidedTemplate = NOTHING_DECIDED;

  /** Takes its tables from the store, once. */
  public Engine(EngineStore store, EngineCapacity capacity) {
    state = new EngineState(store, capacity);
    RefundHandler refunds = new RefundHandler(state);
    ApprovalHandler approvals = new ApprovalHandler(state);
    authorizations = new AuthorizationHandler(state, refunds, approvals);
    reversals = new ReversalHandler(state, refunds);
    booking = new Booking(state, refunds);
    settlements = new SettlementHandler(state);
    configurations = new ConfigurationHandler(state);
    others = new OperatorCommands(state, approvals, configurations);
    requestIndex = new RequestIndex(state.memory, state.originals);
  }

  @Override
  public int decisionLength() {
    return DECISION_LENGTH;
  }

  @Override
  public boolean remembers(
      DirectBuffer command, int offset, int length, MutableDirectBuffer decision, int decisionOffset) {
    int partnerId;
    int keyOffset;
    long sentFingerprint;
    switch (header.wrap(command, offset).templateId()) {
      case CardRequestDecoder.TEMPLATE_ID -> {
        request.readKey(command, offset);
        partnerId = request.partnerId;
        keyOffset = request.keyOffset;
        sentFingerprint = request.fingerprint;
      }
      case SettlementRequestDecoder.TEMPLATE_ID -> {
        query.read(command, offset);
        partnerId = query.partnerId;
        keyOffset = query.keyOffset;
        sentFingerprint = query.fingerprint;
      }
      default -> {
        return false;
      }
    }
    int place = state.memory.find(command, keyOffset);
    if (place == RequestMemory.UNKNOWN) {
      return false;
    }

    // The answer that was given, with its header; replaced below where the key is misused.
    decidedTemplate = NOTHING_DECIDED;
    outcome.clear();
    outcome.timeMs = state.timeMs;
    outcome.write(decision, decisionOffset);
    int body = decisionOffset + MessageHeaderEncoder.ENCODED_LENGTH;
    long fingerprint;
    boolean reversed = false;
    if (place < state.memory.slots()) {
      state.memory.selectSlot(place);
      state.memory.copyDecision(decision, body);
      fingerprint = state.memory.fingerprint();
    } else {
      state.originals.select(place - state.memory.slots());
      state.originals.answer.copyTo(decision, body);
      fingerprint = state.originals.fingerprint();
      reversed = state.originals.state().isReversed();
    }
    if (fingerprint != sentFingerprint) {
      declineRepeat(DeclineReason.KEY_REUSED, partnerId, decision, decisionOffset);
    } else if (reversed) {
      declineRepeat(DeclineReason.ORIGINAL_REVERSED, partnerId, decision, decisionOffset);
    }
    return true;
  }

  /** 94, with the purses of the card that the remembered request named. */
  private void declineRepeat(
      DeclineReason reason, int partnerId, MutableDirectBuffer decision, int decisionOffset) {
    int body = decisionOffset + MessageHeaderEncoder.ENCODED_LENGTH;
    outcome.reason = reason;
    outcome.cardId = decision.getInt(body + DecisionEncoder.cardIdEncodingOffset());
    outcome.accountId = decision.getInt(body + DecisionEncoder.accountIdEncodingOffset());
    if (outcome.accountId != Outcome.NO_ID) {
      state.accounts.select(outcome.accountId);
      state.readPurses(outcome);
    }
    writeDecision(partnerId, decision, decisionOffset);
  }

  @Override
  public int decide(
      DirectBuffer command, int offset, int length, long timeMs, MutableDirectBuffer decision, int decisionOffset) {
    decidedTemplate = NOTHING_DECIDED;
    outcome.clear();
    outcome.timeMs = timeMs;
    int template = header.wrap(command, offset).templateId();
    if (template == CardRequestDecoder.TEMPLATE_ID) {
      request.read(command, offset);
      if (!state.rules.partners.knows(request.partnerId)) {
        outcome.reason = DeclineReason.SYSTEM_MALFUNCTION;
      } else if (request.messageClass == MessageClass.REVERSAL) {
        outcome.reason = reversals.decide(request, outcome);
      } else {
        outcome.reason = authorizations.decide(request, timeMs, outcome);
      }
      writeDecision(request.partnerId, decision, decisionOffset);
      writeSendersAuthCode(decision, decisionOffset + MessageHeaderEncoder.ENCODED_LENGTH);
    } else if (template == SettlementRequestDecoder.TEMPLATE_ID) {
      query.read(command, offset);
      boolean partnerKnown = state.rules.partners.knows(query.partnerId);
      outcome.reason =
          partnerKnown ? settlements.decide(query, timeMs, outcome) : DeclineReason.SYSTEM_MALFUNCTION;
      writeDecision(query.partnerId, decision, decisionOffset);
    } else {
      others.decide(template, command, offset, timeMs, outcome);
      outcome.write(decision, decisionOffset);
    }
    decidedTemplate = template;
    return outcome.code();
  }

  /** Writes the decision on a partner's message, with the response code of its own table. */
  private void writeDecision(int partnerId, MutableDirectBuffer decision, int decisionOffset) {
    outcome.write(decision, decisionOffset);
    int body = decisionOffset + MessageHeaderEncoder.ENCODED_LENGTH;
    int responseOffset = body + DecisionEncoder.responseCodeEncodingOffset();
    if (outcome.reason == null) {
      state.rules.partners.writeApproved(partnerId, outcome.approval, decision, responseOffset);
    } else {
      state.rules.partners.writeDeclined(partnerId, outcome.code(), decision, responseOffset);
    }
    if (outcome.mintsAuthCode) {
      AuthCodes.write(state.approvals, decision, body + DecisionEncoder.authCodeEncodingOffset());
    }
  }

  /** An advice gets its own DE 38 back, and what it makes is named by that. */
  private void writeSendersAuthCode(MutableDirectBuffer decision, int body) {
    if (outcome.reason == null && request.isAdvice() && request.messageClass != MessageClass.REVERSAL) {
      int place = body + DecisionEncoder.authCodeEncodingOffset();
      decision.putBytes(place, request.bytes, request.authCodeOffset, AuthCodes.LENGTH);
    }
  }

  @Override
  public void apply(
      DirectBuffer command, int offset, int length, long timeMs, MutableDirectBuffer decision, int decisionOffset) {
    int template = header.wrap(command, offset).templateId();
    if (template != decidedTemplate) {
      throw new IllegalStateException("template " + template + " is applied, but " + decidedTemplate + " was decided");
    }
    if (timeMs < state.timeMs) {
      throw new IllegalStateException("time went back from " + state.timeMs + " to " + timeMs);
    }
    decidedTemplate = NOTHING_DECIDED;
    state.timeMs = timeMs;
    int body = decisionOffset + MessageHeaderEncoder.ENCODED_LENGTH;
    if (template == CardRequestDecoder.TEMPLATE_ID) {
      applyCardRequest(timeMs, decision, body);
    } else if (template == SettlementRequestDecoder.TEMPLATE_ID) {
      if (query.hasTransmissionTime()) {
        state.memory.note(query.transmissionTime, timeMs);
      }
      settlements.apply(query, outcome);
      stampDigest(timeMs, decision, body);
      if (isRemembered(outcome.reason)) {
        state.memory.remember(query, timeMs, decision, body);
      }
    } else {
      if (outcome.refusal == null) {
        others.apply(template, timeMs, outcome);
      }
      stampDigest(timeMs, decision, body);
    }
    state.ledger.check();
  }

  private void applyCardRequest(long timeMs, MutableDirectBuffer decision, int body) {
    settlements.count(request, timeMs, outcome);
    if (outcome.sentMcc != 0) {
      state.merchants.select(outcome.mccOf);
      state.merchants.sentMcc(outcome.sentMcc);
    }
    if (request.messageClass != MessageClass.REVERSAL) {
      authorizations.applyHolder(request, outcome);
    }
    if (request.hasTransmissionTime()) {
      state.memory.note(request.transmissionTime, timeMs);
    }
    booking.apply(request, timeMs, outcome);
    if (outcome.mintsAuthCode) {
      state.approvals++;
    }
    stampDigest(timeMs, decision, body);

    switch (outcome.effect) {
      case HOLD, POST, COMPLETE, RAISE, REFUND, TOMBSTONE -> {
        // The original just made is still the selected one: it keeps the answer as long as it lives.
        state.originals.key(request.keyHigh, request.keyLow, request.fingerprint);
        state.originals.answer.store(decision, body);
        state.memory.rememberOriginal(request.bytes, request.keyOffset, outcome.originalId);
      }
      default -> {
        if (isRemembered(outcome.reason)) {
          state.memory.remember(request, outcome.cardId, timeMs, decision, body);
        }
      }
    }
  }

  /** 91 and 96 booked nothing, and the next try may fare better. */
  private static boolean isRemembered(@Nullable DeclineReason reason) {
    return reason != DeclineReason.SYSTEM_MALFUNCTION && reason != DeclineReason.CAPACITY;
  }

  /** Mixes the decision, the time and the books' totals into the digest. */
  private void stampDigest(long timeMs, MutableDirectBuffer decision, int body) {
    int digestOffset = DecisionEncoder.digestEncodingOffset();
    long digest = Hash.mix(state.digest, timeMs);
    digest = Hash.mix(digest, decision, body, digestOffset);
    digest = state.ledger.hash(digest);
    state.digest = digest;
    decision.putLong(body + digestOffset, digest, DecisionEncoder.BYTE_ORDER);
  }

  @Override
  public void refuse(
      DirectBuffer command, int offset, int length, int reason, MutableDirectBuffer decision, int decisionOffset) {
    decidedTemplate = NOTHING_DECIDED;
    outcome.clear();
    outcome.reason = DeclineReason.ofCode(reason);
    int template = header.wrap(command, offset).templateId();
    if (template == CardRequestDecoder.TEMPLATE_ID) {
      request.readKey(command, offset);
      writeDecision(request.partnerId, decision, decisionOffset);
    } else if (template == SettlementRequestDecoder.TEMPLATE_ID) {
      query.read(command, offset);
      writeDecision(query.partnerId, decision, decisionOffset);
    } else {
      outcome.write(decision, decisionOffset);
    }
  }

  @Override
  public void beginReplay() {
    if (state.memory.isIndexed()) {
      state.memory.leaveIndex();
    }
  }

  @Override
  public void catchUp() {
    requestIndex.build();
  }

  @Override
  public void endReplay() {
    requestIndex.requireAll();
    state.memory.indexed();
  }

  /** Writes the whole state; changes nothing. */
  public void writeState(StateOutput out) throws IOException {
    new EngineSnapshot(state, configurations).write(out, stateHash());
  }

  /**
   * Takes over a state that {@link #writeState} wrote, perhaps of an older release. This engine must be fresh; it is
   * then in a replay, until {@link #endReplay}.
   *
   * @param writtenBy version of the engine that wrote it; one of the same version must have the same hash over it
   * @throws StateMisfitException when the state is sound, but too new or too large for this engine
   * @throws IllegalStateException when the state is not what its writer had: the engine must not be used
   */
  public void readState(StateInput in, int writtenBy) throws IOException {
    readState(in, writtenBy, Runnable::run);
  }

  /** As above; {@code beside} may run on another thread what is independent of the rest, all of it before this ends. */
  public void readState(StateInput in, int writtenBy, Executor beside) throws IOException {
    beginReplay();
    new EngineSnapshot(state, configurations).read(in, beside, writtenBy == VERSION);
  }

  @Override
  public long digest() {
    return state.digest;
  }

  @Override
  public long stateHash() {
    return configurations.hash(state.hash());
  }

  @Override
  public void checkInvariants() {
    new Invariants(state).check();
  }

  /** For a backtest's own engine: other rules than those that came by command. */
  public WhatIf whatIf() {
    return new WhatIf(state, configurations);
  }

  /** SHA-256 of the active configuration's bytes; empty before the first activation. A copy. */
  public byte[] activeConfigurationSha256() {
    return state.configurationSha256.clone();
  }

  /** The active configuration; one without programmes before the first activation. */
  public Configuration activeConfiguration() {
    return state.rules.configuration;
  }

  /** Why the last activation was refused, in words for people; empty: it was not. */
  public String configurationFault() {
    return configurations.lastFault();
  }

  /** Cards opened. */
  public int cards() {
    return state.cards.count();
  }

  /** Accounts opened. */
  public int accounts() {
    return state.accounts.count();
  }

  /** The card of a panToken, which is at {@code offset}, and its account; null: there is none. */
  public @Nullable CardView card(DirectBuffer token, int offset) {
    return CardView.of(state, token, offset, Integer.MAX_VALUE);
  }

  @Override
  public @Nullable CardView view(DirectBuffer token, int offset) {
    return CardView.of(state, token, offset, NEWEST_ORIGINALS);
  }

  @Override
  public LoadRunView loadRun(int programmeId) {
    return LoadRunView.of(state, programmeId);
  }

  /** Balances of the books, in minor units, by ledger account. */
  public Map<String, Long> books() {
    Map<String, Long> books = new LinkedHashMap<>();
    for (LedgerAccount account : LedgerAccount.values()) {
      books.put(account.name(), state.ledger.balanceMinor(account));
    }
    return books;
  }

  /** Account that made a request to its neighbours; -1: there is no request of that number, or it was forgotten. */
  public int accountOfGrant(long number) {
    return state.grants.find(number) == GrantTable.NONE ? Outcome.NO_ID : state.grants.accountId();
  }

  /** Id of the programme of an account that is open. */
  public int programmeOf(int accountId) {
    state.accounts.select(accountId);
    return state.accounts.programmeId();
  }

  /** Shows every account that has something open which others decided. */
  public void exposures(ExposureVisitor visitor) {
    new Exposures(state).show(visitor);
  }

  /** By how much a partner's advices have brought purses below 0, in all, in minor units. */
  public long overdrawnMinor(int partnerId) {
    return state.overdrawnMinor(partnerId);
  }

  /** Shows the key of every grant whose approval is kept: while it holds, and longer. */
  public void visitGrants(LongConsumer visitor) {
    state.allowances.visitKeys(visitor);
  }

  /** Shows every open card. */
  public void visitCards(CardVisitor visitor) {
    for (int cardId = 0; cardId < state.cards.count(); cardId++) {
      state.cards.select(cardId);
      state.accounts.select(state.cards.accountId());
      long tokenStart = state.cards.row().getLong(CardTable.TOKEN, ByteOrder.LITTLE_ENDIAN);
      visitor.card(cardId, tokenStart, state.accounts.everLoadedMinor() > 0);
    }
  }

  /** Kronor ever paid into the programmes' pools, whatever became of them. */
  public long poolPaidInMinor() {
    return -state.ledger.balanceMinor(LedgerAccount.BANK) - backingMinor();
  }

  /** Kronor that back the Hjartan, and those that are to. */
  public long backingMinor() {
    return state.ledger.balanceMinor(LedgerAccount.TREASURY_BACKING)
        + state.ledger.balanceMinor(LedgerAccount.BACKING_RESERVED);
  }

  /** Holds, postings and tombstones that are remembered now. */
  public int originals() {
    return state.originals.live();
  }

  /** Arrival of the newest forgotten request, milliseconds since the epoch; 0: none was forgotten. */
  public long lowWaterMs() {
    return state.memory.lowWaterMs();
  }

  /** Time of the last applied command, milliseconds since the epoch. */
  public long timeMs() {
    return state.timeMs;
  }
}
