package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import se.valfardskort.authorizer.engine.sbe.BarReason;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.EarmarkKind;
import se.valfardskort.authorizer.engine.sbe.Vote;

/**
 * Years of a neighbourhood in a seeded run: what the rules promise is counted beside the engine from nothing but what
 * was asked and answered, and a second engine that is fed the same journal, by way of snapshots too, comes to the same
 * state.
 */
final class GrantRandomTest {
  private static final int STEPS = 12_000;
  private static final int CARDS = 12;
  private static final int ELSEWHERE = 11;
  private static final EngineCapacity CAPACITY = new EngineCapacity(40, 40, 100, 100, 60, 4, 1 << 18);
  private static final EarmarkKind[] KINDS = {
    EarmarkKind.FOOD, EarmarkKind.APPLIANCE, EarmarkKind.FUNERAL, EarmarkKind.HOUSING, EarmarkKind.CRISIS,
    EarmarkKind.OTHER
  };

  /** A request as whoever watches from outside knows it. */
  private record Asked(int account, int kind, long amount, long timeMs, Set<Integer> yes) {}

  private record Paid(LocalDate day, int kind) {}

  private final long seed = 20_261_123L;
  private final Random random = new Random(seed);
  private final EngineFixture fixture = EngineFixture.configured(CAPACITY);
  private final Map<Integer, Integer> accountOf = new HashMap<>();
  private final Map<Integer, Asked> asked = new TreeMap<>();
  private final Map<Integer, List<Paid>> paid = new HashMap<>();
  private final Map<Integer, LocalDate> barredUntil = new HashMap<>();
  private final Map<Integer, LocalDate> firstLoad = new HashMap<>();
  private final Map<Integer, Set<Integer>> bonusYears = new HashMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private Neighbourhood baz;

  GrantRandomTest() {
    baz = new Neighbourhood(fixture);
  }

  private LocalDate today() {
    return Instant.ofEpochMilli(fixture.timeMs).atZone(Neighbourhood.STOCKHOLM).toLocalDate();
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  @Test
  void shouldKeepEveryPromiseAndComeToTheSameStateAgain() {
    fixture.timeMs = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
    for (int card = 0; card < CARDS; card++) {
      int bazId = card == ELSEWHERE ? TestPolicy.ANNAN : TestPolicy.FITTJA;
      // Two accounts have two cards.
      int account = card == 3 || card == 5 ? accountOf.getOrDefault(card - 1, -1) : -1;
      accountOf.put(
          card, fixture.open(50 + card, account, bazId, CardStatus.ACTIVE, 9912, 3).accountId());
    }
    for (int step = 0; step < STEPS; step++) {
      fixture.timeMs +=
          random.nextInt(10) == 0 ? random.nextLong(20 * EngineFixture.DAY_MS) : random.nextInt(3_600_000);
      step();
      if (step % 500 == 0) {
        fixture.engine.checkInvariants();
      }
    }
    fixture.engine.checkInvariants();

    for (String often : List.of("paid", "no", "refused vote", "barred", "bonus", "withdrawn", "silence")) {
      assertTrue(counts.getOrDefault(often, 0) >= 20, "seed " + seed + ": " + counts);
    }
    replay();
  }

  private void step() {
    int card = random.nextInt(CARDS);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> request(card);
      case 4, 5, 6, 7, 8, 9, 10, 11, 12 -> vote(card);
      case 13 -> bar(card);
      case 14 -> withdraw(card);
      case 15 -> load(card);
      case 16 -> bonus(card);
      default -> fixture.tick(10);
    }
  }

  private void request(int card) {
    int account = accountOf.getOrDefault(card, -1);
    EarmarkKind kind = KINDS[random.nextInt(KINDS.length)];
    long amount = 1 + random.nextLong(1_100_000);
    Answer answer = baz.request(50 + card, kind, amount);
    if (answer.refusal() == null) {
      requireAllowed(account, kind.value());
      assertTrue(kind != EarmarkKind.OTHER, "seed " + seed);
      asked.put(answer.originalId(), new Asked(account, kind.value(), amount, fixture.timeMs, new HashSet<>()));
    }
  }

  /** The rules of domain.md once more: three in 12 months, housing once, none while barred. */
  private void requireAllowed(int account, int kind) {
    LocalDate today = today();
    List<Paid> lately =
        paid.getOrDefault(account, List.of()).stream().filter(one -> today.isBefore(one.day().plusMonths(12))).toList();
    assertTrue(lately.size() < 3, "seed " + seed + ": " + today + " " + lately);
    long housing = lately.stream().filter(one -> one.kind() == 4).count();
    assertTrue(kind != 4 || housing == 0, "seed " + seed + ": " + today + " " + lately);
    LocalDate until = barredUntil.get(account);
    assertTrue(until == null || !today.isBefore(until), "seed " + seed + ": " + today + " " + until);
  }

  private void vote(int card) {
    int newest = asked.keySet().stream().reduce(0, Integer::max);
    int number = Math.max(1, newest - random.nextInt(3));
    Asked request = asked.get(number);
    Vote vote = random.nextInt(12) == 0 ? Vote.NO : Vote.YES;
    final long poolBefore = baz.pool();
    Answer answer = baz.vote(50 + card, number, vote, random.nextInt(8) != 0);
    if (answer.refusal() != null) {
      count("refused vote");
      assertEquals(poolBefore, baz.pool());
      return;
    }
    int voter = accountOf.getOrDefault(card, -1);
    assertTrue(request != null && voter != request.account() && card != ELSEWHERE, "seed " + seed + ": " + request);
    assertTrue(fixture.timeMs < request.timeMs() + 24 * Neighbourhood.HOUR_MS, "seed " + seed);
    if (vote == Vote.NO) {
      asked.remove(number);
      count("no");
      return;
    }
    assertTrue(request.yes().add(voter), "seed " + seed + ": twice by account " + voter);
    assertEquals(request.yes().size() == 2 ? request.amount() : 0, answer.approved(), "seed " + seed);
    if (request.yes().size() == 2) {
      requireAllowed(request.account(), request.kind());
      paid.computeIfAbsent(request.account(), id -> new ArrayList<>()).add(new Paid(today(), request.kind()));
      asked.remove(number);
      assertEquals(poolBefore - request.amount(), baz.pool());
      count("paid");
    }
  }

  private void bar(int card) {
    if (random.nextInt(4) != 0) {
      return;
    }
    BarReason reason = random.nextBoolean() ? BarReason.CONVICTION : BarReason.MISUSE;
    LocalDate day = today().minusDays(random.nextInt(2_000));
    LocalDate until = day.plusYears(reason == BarReason.CONVICTION ? 5 : 2);
    int account = accountOf.getOrDefault(card, -1);
    if (baz.bar(50 + card, reason, day.toString()).refusal() == null) {
      barredUntil.merge(account, until, (one, other) -> one.isAfter(other) ? one : other);
      asked.values().removeIf(request -> request.account() == account);
      count("barred");
    } else {
      LocalDate known = barredUntil.get(account);
      assertTrue(!until.isAfter(today()) || (known != null && !until.isAfter(known)), "seed " + seed);
    }
    if (random.nextBoolean()) {
      baz.liftBar(50 + card, BarReason.CONVICTION);
      baz.liftBar(50 + card, BarReason.MISUSE);
      barredUntil.remove(account);
    }
  }

  private void withdraw(int card) {
    for (Map.Entry<Integer, Asked> entry : asked.entrySet()) {
      if (entry.getValue().account() == accountOf.getOrDefault(card, -1)
          && baz.withdraw(50 + card, entry.getKey()).refusal() == null) {
        asked.remove(entry.getKey());
        count("withdrawn");
        return;
      }
    }
    count("silence");
  }

  private void load(int card) {
    if (fixture.load(50 + card, 0, random.nextLong(500_000), 1).refusal() == null) {
      firstLoad.putIfAbsent(accountOf.getOrDefault(card, -1), today());
    }
  }

  private void bonus(int card) {
    int account = accountOf.getOrDefault(card, -1);
    int year = 1 + random.nextInt(1 + Math.max(1, baz.card(50 + card).offers().bonusYear()));
    long amount = 1 + random.nextLong(600_000);
    final long ordered = fixture.engine.books().getOrDefault("PAYMENT_ORDERS", 0L);
    if (baz.bonus(50 + card, year, amount).refusal() == null) {
      LocalDate first = firstLoad.get(account);
      assertTrue(first != null && !today().isBefore(first.plusMonths(12L * year)), "seed " + seed + ": year " + year);
      assertTrue(today().isBefore(first.plusMonths(12L * (year + 1))), "seed " + seed + ": year " + year);
      assertTrue(amount <= 5_000_00, "seed " + seed);
      assertTrue(bonusYears.computeIfAbsent(account, id -> new HashSet<>()).add(year), "seed " + seed + ": twice");
      assertEquals(ordered + amount, fixture.engine.books().get("PAYMENT_ORDERS"));
      count("bonus");
    }
  }

  private void replay() {
    Engine second = new Engine(new ArrayStore(), CAPACITY);
    UnsafeBuffer command = new UnsafeBuffer(new byte[1024]);
    UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
    int reloads = 0;
    for (EngineFixture.Applied applied : fixture.journal) {
      if (random.nextInt(300) == 0) {
        Engine third = new Engine(new ArrayStore(), CAPACITY);
        try {
          MemoryFrames.of(second).readInto(third);
        } catch (IOException impossible) {
          throw new AssertionError("seed " + seed, impossible);
        }
        assertEquals(second.stateHash(), third.stateHash(), "seed " + seed);
        third.checkInvariants();
        second = third;
        reloads++;
      }
      command.putBytes(0, applied.command);
      int length = applied.command.length;
      second.decide(command, 0, length, applied.timeMs, decision, 0);
      second.apply(command, 0, length, applied.timeMs, decision, 0);
      assertTrue(
          Arrays.equals(applied.decision, Arrays.copyOf(decision.byteArray(), second.decisionLength())),
          "seed " + seed);
    }
    assertTrue(reloads >= 10, "seed " + seed + ": " + reloads);
    assertEquals(fixture.engine.stateHash(), second.stateHash(), "seed " + seed);
    second.checkInvariants();
  }
}
