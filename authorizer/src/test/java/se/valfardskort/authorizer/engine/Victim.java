package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;

/** A small engine with Anna's card (7,000 kr and 3,000 Hjartan), and what attackers do to it. */
final class Victim {
  static final int ANNA = 7;
  /** DE 7 of her requests: two seconds before they arrive. */
  static final long SENT = 1122_115958L;

  private static final EngineCapacity CAPACITY = new EngineCapacity(64, 64, 400, 100, 1_000, 4, 1 << 20);
  private static final int AMOUNT =
      MessageHeaderEncoder.ENCODED_LENGTH + CardRequestEncoder.amountMinorEncodingOffset();

  final EngineFixture fixture = EngineFixture.configured(CAPACITY);

  Victim() {
    fixture.card(ANNA);
  }

  /** A 0200 of Anna's for food, sent just now. */
  TestRequest purchase(long amount) {
    TestRequest request = fixture.request(ANNA);
    request.messageClass = MessageClass.FINANCIAL;
    request.amount = amount;
    request.transmissionTime = SENT;
    request.rrn = "%012d".formatted(request.stan);
    return request;
  }

  /** A 0100, likewise. */
  TestRequest hold(long amount) {
    TestRequest request = purchase(amount);
    request.messageClass = MessageClass.AUTHORIZATION;
    return request;
  }

  /** A reversal of {@code original} with a key of its own that leaves {@code remains} of it, named by DE 90. */
  TestRequest reversal(TestRequest original, long remains) {
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.replacement = remains;
    return reversal;
  }

  /** A 0220 that completes {@code hold}, named by DE 90. */
  TestRequest completion(TestRequest hold, long amount) {
    return hold.completion(fixture.newKey(), amount);
  }

  /** A 0200 that completes it. */
  TestRequest completionByRequest(TestRequest hold, long amount) {
    TestRequest completion = completion(hold, amount);
    completion.advice = false;
    return completion;
  }

  /** A 0200 with DE 3 = 20 that refunds {@code purchase}, named by DE 90. */
  TestRequest refund(TestRequest purchase, long amount) {
    return purchase.refund(fixture.newKey(), amount);
  }

  /** A 0220 of what nobody asked us for. */
  TestRequest adviceOfItsOwn(long amount) {
    TestRequest advice = purchase(amount);
    advice.advice = true;
    return advice;
  }

  Answer send(TestRequest request) {
    return fixture.send(request);
  }

  /** Sends a command whose amount no dialect could carry. */
  Answer sendWithAmount(TestRequest request, long amountMinor) {
    UnsafeBuffer command = new UnsafeBuffer(new byte[1024]);
    int length = request.encode(command);
    command.putLong(AMOUNT, amountMinor, CardRequestEncoder.BYTE_ORDER);
    UnsafeBuffer decision = new UnsafeBuffer(new byte[fixture.engine.decisionLength()]);
    fixture.engine.decide(command, 0, length, fixture.timeMs, decision, 0);
    fixture.engine.apply(command, 0, length, fixture.timeMs, decision, 0);
    return new Answer(false, decision.byteArray());
  }

  /** Days pass, and the journaled clock does its work. */
  void passDays(int days) {
    fixture.timeMs += days * EngineFixture.DAY_MS;
    fixture.tick(1_000);
  }

  /** Another process, which has replayed this one's journal. */
  EngineFixture restarted() {
    EngineFixture restarted = new EngineFixture(CAPACITY);
    for (EngineFixture.Applied applied : fixture.journal) {
      UnsafeBuffer command = new UnsafeBuffer(applied.command);
      UnsafeBuffer decision = new UnsafeBuffer(new byte[restarted.engine.decisionLength()]);
      restarted.engine.decide(command, 0, applied.command.length, applied.timeMs, decision, 0);
      restarted.engine.apply(command, 0, applied.command.length, applied.timeMs, decision, 0);
    }
    restarted.timeMs = fixture.timeMs;
    return restarted;
  }

  /** A person or a report is told. */
  static void assertFlag(String flag, Answer answer) {
    assertTrue((" " + answer.flags() + " ").contains(" " + flag + " "), flag + " is not among " + answer.flags());
  }

  /** What Anna has, by a balance inquiry. */
  void assertPurses(long cash, long hjartan, String when) {
    assertPurses(fixture, ANNA, cash, hjartan, when);
  }

  /** The same of another card, or in another process. */
  void assertPurses(EngineFixture where, int card, long cash, long hjartan, String when) {
    TestRequest inquiry = fixture.request(card);
    inquiry.processingCode = 310_000;
    Answer answer = where.send(inquiry);
    assertEquals(cash, answer.cashAvailable(), "CASH " + when);
    assertEquals(hjartan, answer.hjartanAvailable(), "HJARTAN " + when);
  }
}
