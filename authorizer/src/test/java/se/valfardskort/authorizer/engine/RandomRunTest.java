package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;

/**
 * A long seeded run of everything at once, with the invariants checked along the way, a cardholder's own bookkeeping
 * beside it, and a second engine that is fed the same journal.
 */
final class RandomRunTest {
  private static final int COMMANDS = 60_000;
  private static final int CARDS = 40;
  private static final EngineCapacity CAPACITY = new EngineCapacity(200, 200, 3_000, 500, 30, 3, 1 << 18);
  private static final String[] MERCHANTS = {
    "ICA000000000001", "BARNKOOP0000001", "KONSTRUM0000001", "TAKET0000000001", "EGENFIRMA000001",
    "SUSPENDED000001", "ANNANBAZ0000001", "CYKEL0000000001", "KIOSKEN00000001", "LYXMODE00000001"
  };
  private static final int[] MCCS = {5411, 5411, 5411, 8351, 5541, 5541, 5812, 5993, 7995, 8220, 4511, 6011, 1234};
  private static final int[] PROCESSING_CODES = {0, 0, 0, 0, 2000, 9600, 9800, 1000, 3000, 10_000, 90_000, 310_000};

  private final long seed = 20_261_122L;
  private final Random random = new Random(seed);
  private final EngineFixture fixture = EngineFixture.configured(CAPACITY);
  private final List<TestRequest> sent = new ArrayList<>();
  private final Map<Long, Answer> answers = new HashMap<>();
  private final Map<Effect, Integer> effects = new EnumMap<>(Effect.class);

  /** A few accounts have two cards. */
  private int lastAccount;

  /** By account: what the holder believes to have, from the answers alone. Expiries are told apart by inquiries. */
  private final Map<Integer, Long> loaded = new HashMap<>();

  @Test
  void shouldKeepTheInvariantsAndReplayToTheSameState() {
    for (int card = 0; card < CARDS; card++) {
      open(card);
    }
    for (int step = 0; step < COMMANDS; step++) {
      fixture.timeMs += random.nextInt(300_000);
      step(step);
      if (step % 1_000 == 0) {
        check(step);
      }
    }
    check(COMMANDS);
    for (Effect effect : List.of(
        Effect.HOLD, Effect.POST, Effect.RELEASE, Effect.UNPOST, Effect.TOMBSTONE, Effect.NOTHING)) {
      assertTrue(effects.getOrDefault(effect, 0) > 100, "seed " + seed + ": " + effects);
    }

    replay();
  }

  private void open(int card) {
    int account = card % 7 == 3 ? lastAccount : -1;
    Answer opened =
        fixture.open(card, account, TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
    assertTrue(opened.accountId() >= 0, opened::toString);
    lastAccount = opened.accountId();
    load(card);
  }

  private void load(int card) {
    long cash = random.nextLong(1_000_000);
    long hjartan = 1 + random.nextLong(300_000);
    Answer answer = fixture.load(card, 0, cash, hjartan);
    assertEquals(Effect.LOADED, answer.effect(), "seed " + seed);
    loaded.merge(answer.accountId(), cash + hjartan, Long::sum);
  }

  private void step(int step) {
    int action = random.nextInt(100);
    if (action < 62) {
      send(purchase(), step);
    } else if (action < 82 && !sent.isEmpty()) {
      send(reversalOf(recent()), step);
    } else if (action < 90 && !sent.isEmpty()) {
      repeat(recent(), step);
    } else if (action < 93) {
      // Its original comes later, or never.
      TestRequest late = purchase();
      send(reversalOf(late), step);
      if (random.nextBoolean()) {
        send(late, step);
      }
    } else if (action < 98) {
      fixture.tick(random.nextInt(40));
    } else {
      load(random.nextInt(CARDS));
    }
  }

  private TestRequest recent() {
    return sent.get(sent.size() - 1 - random.nextInt(Math.min(sent.size(), 200)));
  }

  private TestRequest purchase() {
    TestRequest request = fixture.request(random.nextInt(CARDS + 1));
    request.merchant = MERCHANTS[random.nextInt(MERCHANTS.length)];
    request.mcc = MCCS[random.nextInt(MCCS.length)];
    request.processingCode = PROCESSING_CODES[random.nextInt(PROCESSING_CODES.length)];
    request.messageClass = random.nextBoolean() ? MessageClass.AUTHORIZATION : MessageClass.FINANCIAL;
    request.amount = 1 + random.nextLong(60_000);
    request.contactless = random.nextInt(4) == 0;
    request.conditionCode = random.nextInt(10) == 0 ? 6 : 0;
    request.rrn = random.nextInt(3) == 0 ? "" : String.format("%012d", request.key);
    request.pin = switch (random.nextInt(12)) {
      case 0 -> Check.PASSED;
      case 1 -> random.nextInt(6) == 0 ? Check.FAILED : Check.PASSED;
      default -> Check.NOT_PRESENTED;
    };
    request.country = random.nextInt(30) == 0 ? 578 : 752;
    return request;
  }

  private TestRequest reversalOf(TestRequest original) {
    if (original.messageClass == MessageClass.REVERSAL) {
      return original.copy();
    }
    TestRequest reversal = original.reversal(fixture.newKey());
    reversal.advice = random.nextBoolean();
    reversal.originalData = random.nextInt(3) != 0;
    reversal.replacement = random.nextBoolean() ? -1 : random.nextLong(original.amount + 100);
    return reversal;
  }

  private void send(TestRequest request, int step) {
    Answer answer = fixture.send(request);
    effects.merge(answer.effect(), 1, Integer::sum);
    String where = "seed " + seed + " step " + step + ": " + answer;
    boolean pays = answer.effect() == Effect.HOLD || answer.effect() == Effect.POST;
    if (pays && !answer.remembered()) {
      assertEquals(request.amount, answer.hjartan() + answer.cash(), where);
    }
    if (answer.cardId() >= 0) {
      assertTrue(answer.cashAvailable() >= 0 && answer.hjartanAvailable() >= 0, where);
      assertTrue(
          answer.cashAvailable() + answer.hjartanAvailable() <= loaded.getOrDefault(answer.accountId(), 0L), where);
    }
    sent.add(request);
    if (!answer.remembered()) {
      answers.put(request.key, answer);
    }
  }

  private void repeat(TestRequest request, int step) {
    Answer again = fixture.send(request);
    if (!again.remembered()) {
      // Forgotten, or refused for room before: decided anew.
      answers.put(request.key, again);
    } else if (again.reason() == null) {
      assertEquals(answers.get(request.key), again, "seed " + seed + " step " + step);
    }
  }

  private void check(int step) {
    try {
      fixture.engine.checkInvariants();
    } catch (IllegalStateException broken) {
      throw new AssertionError("seed " + seed + " step " + step, broken);
    }
  }

  private void replay() {
    Engine second = new Engine(new ArrayStore(), CAPACITY);
    UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
    for (EngineFixture.Applied applied : fixture.journal) {
      UnsafeBuffer command = new UnsafeBuffer(applied.command);
      second.decide(command, 0, applied.command.length, applied.timeMs, decision, 0);
      second.apply(command, 0, applied.command.length, applied.timeMs, decision, 0);
      assertArrayEquals(
          applied.decision, Arrays.copyOf(decision.byteArray(), second.decisionLength()), "seed " + seed);
    }
    assertEquals(fixture.engine.digest(), second.digest());
    assertEquals(fixture.engine.stateHash(), second.stateHash());
    second.checkInvariants();
  }
}
