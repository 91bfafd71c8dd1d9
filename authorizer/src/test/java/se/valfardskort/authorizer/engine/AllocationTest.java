package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * A card's request allocates nothing, whatever becomes of it.
 *
 * <p>Every round sends every kind of request, so one that allocates shows in each round. When the just-in-time compiler
 * throws code away it may allocate a few bytes of its own, now and then: hence rounds in a row, and not all of them.
 */
final class AllocationTest {
  private static final int COMMANDS = 600;
  private static final int ROUNDS_IN_A_ROW = 10;
  private static final int MOST_ROUNDS = 400;

  private final EngineFixture fixture =
      EngineFixture.configured(new EngineCapacity(100, 100, 40_000, 2_000, 30, 3, 1 << 18));
  private final UnsafeBuffer[] commands = new UnsafeBuffer[COMMANDS];
  private final UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
  private final UnsafeBuffer tick = new UnsafeBuffer(new byte[64]);
  private int tickLength;
  private long reasons;

  @Test
  void shouldAllocateNothingForCardRequests() {
    prepare();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    int clean = 0;
    for (int round = 0; round < MOST_ROUNDS && clean < ROUNDS_IN_A_ROW; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      round(round);
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
      clean = allocated == 0 ? clean + 1 : 0;
    }

    assertEquals(ROUNDS_IN_A_ROW, clean, "the last round allocated " + allocated + " bytes");
    assertTrue(reasons > 0, "no request was declined");
    fixture.engine.checkInvariants();
  }

  /**
   * Purchases of every kind, declines, reversals, reconciliations, repeats; keys are rewritten each round so that all
   * is new.
   */
  private void prepare() {
    for (int card = 0; card < 20; card++) {
      fixture.card(card);
      fixture.load(card, 0, 10_000_000_00L, 100_000_00L);
    }
    for (int index = 0; index < COMMANDS; index++) {
      TestRequest request = fixture.request(index % 21);
      request.merchant = index % 3 == 0 ? "BARNKOOP0000001" : "ICA000000000001";
      request.mcc = index % 11 == 0 ? 7995 : 5411;
      request.amount = 1_00;
      request.rrn = String.format("%012d", index);
      request.messageClass = index % 2 == 0 ? MessageClass.AUTHORIZATION : MessageClass.FINANCIAL;
      request.processingCode = index % 13 == 0 ? 310_000 : 0;
      commands[index] = new UnsafeBuffer(new byte[512]);
      if (index % 50 == 49) {
        TestSettlement settlement = fixture.settlement().on(index % 100 == 49 ? 1122 : 1123);
        settlement.totals(1, 1, 1, 1, 1).encode(commands[index]);
        continue;
      }
      request.settlementDate = index % 7 == 0 ? 1123 : request.settlementDate;
      TestRequest message = later(request, index);
      message.originalStan = request.stan - 1;
      message.encode(commands[index]);
    }
    tickLength = Commands.tick(tick, 0, Integer.MAX_VALUE);
  }

  /** Every other message or so speaks of the one before it: a hold where that one's number is even, else a posting. */
  private static TestRequest later(TestRequest request, int index) {
    TestRequest later = switch (index % 10) {
      case 1 -> request.completion(request.key, 1_00);
      case 2 -> request.completion(request.key, 90);
      case 4, 9 -> request.reversal(request.key);
      case 6 -> request.refund(request.key, 50);
      case 7 -> request.completion(request.key, 1_20);
      default -> request;
    };
    if (later == request) {
      return request;
    }
    later.card = index % 10 == 4 ? request.card : (index - 1) % 21;
    later.stan = request.stan;
    later.originalMti = index % 2 == 1 ? 100 : 200;
    // A 0200 that completes the hold before it.
    later.advice = later.advice && index % 10 != 1;
    return later;
  }

  private void round(int round) {
    fixture.timeMs += EngineFixture.DAY_MS;
    Engine engine = fixture.engine;
    for (int index = 0; index < COMMANDS; index++) {
      UnsafeBuffer command = commands[index];
      command.putLong(8, ((long) round << 32) + index);
      if (!engine.remembers(command, 0, 512, decision, 0)) {
        reasons += engine.decide(command, 0, 512, fixture.timeMs, decision, 0);
        engine.apply(command, 0, 512, fixture.timeMs, decision, 0);
      }
      if (index % 4 == 0 && !engine.remembers(command, 0, 512, decision, 0)) {
        throw new IllegalStateException("not remembered");
      }
    }
    engine.decide(tick, 0, tickLength, fixture.timeMs, decision, 0);
    engine.apply(tick, 0, tickLength, fixture.timeMs, decision, 0);
  }
}
