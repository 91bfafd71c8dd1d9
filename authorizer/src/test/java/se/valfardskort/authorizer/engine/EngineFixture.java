package se.valfardskort.authorizer.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.Configuration;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.PurseMoveDirection;
import se.valfardskort.authorizer.engine.sbe.StatusReason;

/** An engine with the test policy, and short words for what tests do to it. */
final class EngineFixture {
  static final long START_MS = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
  static final long DAY_MS = 86_400_000L;
  static final int EXPIRY = 3012;
  static final long CASH = 7_000_00;
  static final long HJARTAN = 3_000_00;

  /** A command as it was applied, with its time and decision: a journal in miniature. */
  static final class Applied {
    final byte[] command;
    final long timeMs;
    final byte[] decision;

    Applied(byte[] command, long timeMs, byte[] decision) {
      this.command = command;
      this.timeMs = timeMs;
      this.decision = decision;
    }
  }

  final Engine engine;
  final List<Applied> journal = new ArrayList<>();
  long timeMs = START_MS;
  private final UnsafeBuffer command = new UnsafeBuffer(new byte[1024]);
  private final UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
  private long lastKey = 1_000;

  EngineFixture() {
    this(EngineCapacity.small());
  }

  EngineFixture(EngineCapacity capacity) {
    this(capacity, new ArrayStore());
  }

  EngineFixture(EngineCapacity capacity, EngineStore store) {
    engine = new Engine(store, capacity);
  }

  /** With the policy active, the pool and the treasury funded, and no cards. */
  static EngineFixture configured() {
    return configured(EngineCapacity.small());
  }

  static EngineFixture configured(EngineCapacity capacity) {
    return configured(capacity, new ArrayStore());
  }

  static EngineFixture configured(EngineCapacity capacity, EngineStore store) {
    EngineFixture fixture = new EngineFixture(capacity, store);
    fixture.activate(TestPolicy.configuration());
    fixture.apply(Commands.poolFund(fixture.command, 0, TestPolicy.PROGRAMME, 1_000_000_000_00L));
    fixture.apply(Commands.poolFund(fixture.command, 0, TestPolicy.OTHER_PROGRAMME, 1_000_000_00L));
    fixture.apply(Commands.treasuryFund(fixture.command, 0, 1_000_000_000_00L));
    return fixture;
  }

  static byte[] token(int card) {
    byte[] token = new byte[32];
    new UnsafeBuffer(token).putLong(24, Hash.mix(7, card));
    new UnsafeBuffer(token).putInt(4, card);
    return token;
  }

  Answer activate(Configuration configuration) {
    byte[] bytes = ConfigurationCodec.encode(configuration);
    for (int index = 0; index < Commands.configurationChunks(bytes.length); index++) {
      Answer chunk = apply(Commands.configurationChunk(command, 0, bytes, index));
      if (chunk.refusal() != null) {
        return chunk;
      }
    }
    return apply(Commands.configurationActivate(command, 0, bytes));
  }

  /** Opens an active card in baz-fittja with 7,000 kr and 3,000 Hjartan. */
  Answer card(int card) {
    Answer opened = open(card, -1, TestPolicy.FITTJA, CardStatus.ACTIVE, EXPIRY, 3);
    load(card, 0, CASH, HJARTAN);
    return opened;
  }

  Answer open(int card, int accountId, int baz, CardStatus status, int expiry, int pinTries) {
    return open(card, accountId, TestPolicy.PROGRAMME, baz, status, expiry, pinTries);
  }

  Answer open(int card, int accountId, int programme, int baz, CardStatus status, int expiry, int pinTries) {
    UnsafeBuffer token = new UnsafeBuffer(token(card));
    return apply(
        Commands.cardOpen(command, 0, token, 0, accountId, programme, baz, expiry, status, pinTries));
  }

  Answer load(int card, int period, long cash, long hjartan) {
    return apply(Commands.load(command, 0, new UnsafeBuffer(token(card)), 0, period, cash, hjartan));
  }

  Answer load(int card, LoadTerms terms) {
    return apply(Commands.load(command, 0, new UnsafeBuffer(token(card)), 0, terms));
  }

  Answer openRun(int programme, int period, long key, int cards, long cash, long hjartan) {
    return apply(Commands.loadRunOpen(command, 0, programme, period, key, cards, cash, hjartan, "caseworker-1"));
  }

  Answer closeRun(int programme, long key) {
    return apply(Commands.loadRunClose(command, 0, programme, key, "caseworker-1"));
  }

  Answer lookAtRun(int programme, String author) {
    return apply(Commands.loadRunQuery(command, 0, programme, author));
  }

  Answer grant(int card, ApprovalTerms terms) {
    return apply(Commands.approvalGrant(command, 0, new UnsafeBuffer(token(card)), 0, terms));
  }

  Answer revoke(int card, long number) {
    return apply(Commands.approvalRevoke(command, 0, new UnsafeBuffer(token(card)), 0, number, "caseworker-1"));
  }

  Answer earmark(int card, EarmarkTerms terms) {
    return apply(Commands.earmarkGrant(command, 0, new UnsafeBuffer(token(card)), 0, terms));
  }

  Answer endEarmark(int card, long number) {
    return apply(Commands.earmarkEnd(command, 0, new UnsafeBuffer(token(card)), 0, number, "caseworker-1"));
  }

  /** Freezes for 30 days, or gives another status; ACTIVE lifts a freeze. */
  Answer change(int card, CardStatus status) {
    long today = Math.floorDiv(timeMs, DAY_MS);
    int reviewDay = status == CardStatus.FROZEN ? (int) today + 30 : Commands.NO_REVIEW;
    return change(card, status, StatusReason.OTHER, "caseworker-7", reviewDay);
  }

  Answer change(int card, CardStatus status, StatusReason reason, String author, int reviewDay) {
    UnsafeBuffer token = new UnsafeBuffer(token(card));
    return apply(Commands.cardStatusChange(command, 0, token, 0, status, reason, author, reviewDay));
  }

  Answer move(int card, PurseMoveDirection direction, long amount, long number) {
    return apply(
        Commands.purseMove(command, 0, new UnsafeBuffer(token(card)), 0, direction, amount, number, "holder-app"));
  }

  Answer look(int card, String author) {
    return apply(Commands.accountQuery(command, 0, new UnsafeBuffer(token(card)), 0, author));
  }

  Answer fundPool(int programme, long amount) {
    return apply(Commands.poolFund(command, 0, programme, amount));
  }

  Answer fundTreasury(long amount) {
    return apply(Commands.treasuryFund(command, 0, amount));
  }

  Answer tick(int maximumExpiries) {
    return apply(Commands.tick(command, 0, maximumExpiries));
  }

  Answer chunk(byte[] configuration, int index) {
    return apply(Commands.configurationChunk(command, 0, configuration, index));
  }

  Answer activateOnly(byte[] configuration) {
    return apply(Commands.configurationActivate(command, 0, configuration));
  }

  /** A request with a new key and STAN. */
  TestRequest request(int card) {
    TestRequest request = new TestRequest();
    request.card = card;
    request.key = ++lastKey;
    request.stan = (int) (lastKey % 1_000_000);
    return request;
  }

  long newKey() {
    return ++lastKey;
  }

  /** A reconciliation with a new key. */
  TestSettlement settlement() {
    return new TestSettlement(newKey());
  }

  Answer send(TestSettlement request) {
    return send(request.encode(command));
  }

  /** Sends as the pipeline does: a repeat is answered from memory, anything else decided and applied. */
  Answer send(TestRequest request) {
    return send(request.encode(command));
  }

  private Answer send(int length) {
    if (engine.remembers(command, 0, length, decision, 0)) {
      return answer(true);
    }
    return apply(length);
  }

  /** Applies what a writer puts at the start of a buffer; it returns the length. */
  Answer order(ToIntFunction<UnsafeBuffer> writer) {
    return apply(writer.applyAsInt(command));
  }

  Answer apply(int length) {
    engine.decide(command, 0, length, timeMs, decision, 0);
    engine.apply(command, 0, length, timeMs, decision, 0);
    byte[] bytes = new byte[length];
    command.getBytes(0, bytes);
    Answer answer = answer(false);
    journal.add(new Applied(bytes, timeMs, answer.bytes()));
    return answer;
  }

  private Answer answer(boolean remembered) {
    return new Answer(remembered, Arrays.copyOf(decision.byteArray(), engine.decisionLength()));
  }

  /** Refuses without deciding. */
  Answer refuse(TestRequest request, int reason) {
    int length = request.encode(command);
    engine.refuse(command, 0, length, reason, decision, 0);
    return answer(false);
  }
}
