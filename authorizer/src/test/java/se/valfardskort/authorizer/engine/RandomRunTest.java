package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.ApprovalTerms.Covered;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.Check;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.Effect;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.storage.ChronicleStore;

/**
 * A long seeded run of everything at once, with the invariants checked along the way, a cardholder's own bookkeeping
 * beside it, and a second engine that is fed the same journal.
 */
final class RandomRunTest {
  private static final int COMMANDS = 60_000;
  private static final int CARDS = 40;
  private static final EngineCapacity CAPACITY = new EngineCapacity(200, 2_000, 3_000, 500, 30, 3, 1 << 18);
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
  private final Map<String, Integer> flags = new TreeMap<>();

  /** Purchases. */
  private int paidByEarmarks;

  private int visits;

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
        Effect.HOLD, Effect.POST, Effect.RELEASE, Effect.UNPOST, Effect.TOMBSTONE, Effect.NOTHING, Effect.COMPLETE,
        Effect.RAISE, Effect.REPLACE, Effect.REFUND, Effect.UNREFUND, Effect.EARMARK_GRANTED)) {
      assertTrue(effects.getOrDefault(effect, 0) >= 100, "seed " + seed + ": " + effects);
    }
    for (String flag : List.of(
        "approvedInPart", "standIn", "overTolerance", "late", "afterReversal", "noHold", "repeatedCompletion",
        "hjartanToCash", "overdrawn", "refundWaiting", "partnerLimit", "unlinkedRefund")) {
      assertTrue(flags.containsKey(flag), "seed " + seed + ": " + flag + " of " + flags);
    }
    assertTrue(effects.getOrDefault(Effect.EARMARK_ENDED, 0) >= 20, "seed " + seed + ": " + effects);
    assertTrue(paidByEarmarks >= 500 && visits >= 30, "seed " + seed + ": " + paidByEarmarks + ", " + visits);

    replay(new ArrayStore());
    replayFromSnapshots();
    try (ChronicleStore store = new ChronicleStore()) {
      replay(store);
    }
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
    if (action < 42) {
      send(purchase(), step);
    } else if (action < 66 && !sent.isEmpty()) {
      send(laterThan(random.nextInt(4) == 0 ? longAgo() : recent()), step);
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
    } else if (action < 96) {
      fixture.tick(random.nextInt(40));
    } else if (action < 98) {
      earmark();
    } else if (random.nextInt(2) == 0) {
      // So rarely that purses run dry, and advices overdraw them.
      load(random.nextInt(CARDS));
    }
  }

  /** A drawing right for something, or the end of one. */
  private void earmark() {
    int card = random.nextInt(CARDS);
    if (random.nextInt(4) == 0) {
      CardView view = fixture.engine.card(new UnsafeBuffer(EngineFixture.token(card)), 0);
      if (view != null && !view.earmarks().isEmpty()) {
        effects.merge(fixture.endEarmark(card, view.earmarks().getFirst().number()).effect(), 1, Integer::sum);
      }
      return;
    }
    Covered scope = switch (random.nextInt(4)) {
      case 0 -> Covered.category("food");
      case 1 -> Covered.mcc(MCCS[random.nextInt(MCCS.length)]);
      default -> Covered.merchant(TestPolicy.ACQUIRER, MERCHANTS[random.nextInt(MERCHANTS.length)]);
    };
    int uses = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 0;
    EarmarkTerms terms =
        new EarmarkTerms(
            fixture.newKey(), EarmarkKind.OTHER, fixture.timeMs,
            fixture.timeMs + 1 + random.nextLong(20 * EngineFixture.DAY_MS),
            uses > 0 && random.nextBoolean() ? 0 : 1 + random.nextLong(150_000), uses, random.nextInt(3),
            List.of(), List.of(scope), "caseworker-1");
    effects.merge(fixture.earmark(card, terms).effect(), 1, Integer::sum);
  }

  private TestRequest recent() {
    return sent.get(sent.size() - 1 - random.nextInt(Math.min(sent.size(), 200)));
  }

  /** From before today's holds expired, perhaps. */
  private TestRequest longAgo() {
    return sent.get(sent.size() - 1 - random.nextInt(Math.min(sent.size(), 6_000)));
  }

  private TestRequest purchase() {
    TestRequest request = fixture.request(random.nextInt(CARDS + 1));
    request.merchant = MERCHANTS[random.nextInt(MERCHANTS.length)];
    request.mcc = MCCS[random.nextInt(MCCS.length)];
    request.processingCode = PROCESSING_CODES[random.nextInt(PROCESSING_CODES.length)];
    request.messageClass = random.nextBoolean() ? MessageClass.AUTHORIZATION : MessageClass.FINANCIAL;
    request.amount = random.nextInt(20) == 0 ? 0 : 1 + random.nextLong(60_000);
    request.contactless = random.nextInt(4) == 0;
    request.partialPossible = random.nextInt(4) == 0;
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

  /** A completion, advice, refund or increment that speaks of an earlier message, or seems to. */
  private TestRequest laterThan(TestRequest original) {
    if (original.messageClass == MessageClass.REVERSAL) {
      return purchase();
    }
    long amount = random.nextInt(20) == 0 ? 0 : 1 + random.nextLong(original.amount * 3 / 2 + 1);
    TestRequest later = switch (random.nextInt(7)) {
      case 0, 1 -> original.completion(fixture.newKey(), amount);
      case 2 -> original.advice(fixture.newKey(), amount);
      case 3 -> original.refund(fixture.newKey(), amount);
      case 4, 5 -> incrementOf(original, amount);
      default -> {
        TestRequest financial = original.completion(fixture.newKey(), amount);
        financial.advice = random.nextBoolean();
        financial.partner = financial.advice ? TestPolicy.BANK_PARTNER : financial.partner;
        yield financial;
      }
    };
    later.declinedElsewhere = later.advice && random.nextInt(8) == 0;
    later.originalData = later.originalData && random.nextInt(4) != 0;
    later.rrn = later.messageClass == MessageClass.FINANCIAL && random.nextInt(4) == 0 ? "" : later.rrn;
    if (later.processingCode == 200_000) {
      later.advice = random.nextBoolean();
    } else if (later.partner == TestPolicy.BANK_PARTNER) {
      later.processingCode = random.nextInt(3) == 0 ? 20_000 : later.processingCode;
    }
    return later;
  }

  private TestRequest incrementOf(TestRequest original, long amount) {
    TestRequest increment = original.copy();
    Answer answer = answers.get(original.key);
    increment.key = fixture.newKey();
    increment.stan = (int) (increment.key % 1_000_000);
    increment.messageClass = MessageClass.AUTHORIZATION;
    increment.advice = false;
    increment.authCode = answer == null ? "" : answer.authCode();
    increment.amount = amount;
    increment.increment = random.nextInt(5) == 0;
    return increment;
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
      long earmark = Math.max(0, answer.earmark());
      paidByEarmarks += earmark > 0 ? 1 : 0;
      visits += answer.approved() == 0 ? 1 : 0;
      assertEquals(answer.approved(), earmark + answer.hjartan() + answer.cash(), where);
      assertEquals(answer.flags().contains("approvedInPart"), answer.approved() < request.amount, where);
    }
    if (!answer.remembered() && !answer.flags().isEmpty()) {
      for (String flag : answer.flags().split(" ", -1)) {
        flags.merge(flag, 1, Integer::sum);
      }
    }
    if (answer.cardId() >= 0) {
      assertTrue(answer.hjartanAvailable() >= 0, where);
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

  private void replay(EngineStore store) {
    Engine second = new Engine(store, CAPACITY);
    for (EngineFixture.Applied applied : fixture.journal) {
      again(second, applied);
    }
    assertSame(second);
  }

  /** Decides and applies as the journal has it. */
  private void again(Engine second, EngineFixture.Applied applied) {
    UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
    UnsafeBuffer command = new UnsafeBuffer(applied.command);
    second.decide(command, 0, applied.command.length, applied.timeMs, decision, 0);
    second.apply(command, 0, applied.command.length, applied.timeMs, decision, 0);
    assertArrayEquals(
        applied.decision, Arrays.copyOf(decision.byteArray(), second.decisionLength()), "seed " + seed);
  }

  /** The same in a chain of engines, each begun from the state that the one before it wrote at some point. */
  private void replayFromSnapshots() {
    EngineCapacity larger = new EngineCapacity(300, 2_500, 3_000, 500, 40, 3, 1 << 19);
    Engine second = new Engine(new ArrayStore(), CAPACITY);
    int reloads = 0;
    boolean inReplay = false;
    for (EngineFixture.Applied applied : fixture.journal) {
      if (random.nextInt(1_000) == 0) {
        Engine third = new Engine(new ArrayStore(), reloads % 2 == 0 ? larger : CAPACITY);
        try {
          third.readState(MemoryFrames.of(second), Core.VERSION);
        } catch (IOException impossible) {
          throw new AssertionError("seed " + seed, impossible);
        }
        assertEquals(second.stateHash(), third.stateHash(), "seed " + seed);
        inReplay = random.nextBoolean();
        if (!inReplay) {
          third.catchUp();
          third.endReplay();
        }
        third.checkInvariants();
        second = third;
        reloads++;
      }
      again(second, applied);
    }
    assertTrue(reloads > 30, "seed " + seed + ": " + reloads);
    if (inReplay) {
      second.catchUp();
      second.endReplay();
    }
    assertSame(second);
    assertSameMemory(second);
  }

  /** Every request that was ever sent is known to both or to neither, and answered alike. */
  private void assertSameMemory(Engine second) {
    UnsafeBuffer command = new UnsafeBuffer(new byte[1024]);
    UnsafeBuffer one = new UnsafeBuffer(new byte[256]);
    UnsafeBuffer other = new UnsafeBuffer(new byte[256]);
    int known = 0;
    for (TestRequest request : sent) {
      int length = request.encode(command);
      boolean remembered = fixture.engine.remembers(command, 0, length, one, 0);
      assertEquals(remembered, second.remembers(command, 0, length, other, 0), "seed " + seed);
      assertTrue(!remembered || one.equals(other), "seed " + seed);
      known += remembered ? 1 : 0;
    }
    assertTrue(known > 500, "seed " + seed + ": " + known);
  }

  private void assertSame(Engine second) {
    assertEquals(fixture.engine.digest(), second.digest());
    assertEquals(fixture.engine.stateHash(), second.stateHash());
    second.checkInvariants();
  }
}
