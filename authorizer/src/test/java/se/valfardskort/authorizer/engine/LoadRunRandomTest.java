package se.valfardskort.authorizer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.CardStatus;

/**
 * Lists of loads sent by people who lose their place: opened, sent in any order, again and again, left half-way,
 * closed, taken up after a restart from a snapshot, beside loads outside of any run. A model of a few sums says what
 * must come of each: the pool is never overdrawn, nobody gets a month twice, and every ore is where the model has it.
 */
final class LoadRunRandomTest {
  private static final int[] PROGRAMMES = {TestPolicy.PROGRAMME, TestPolicy.OTHER_PROGRAMME};
  private static final int CARDS = 12;
  private static final int LISTS = 8;
  private static final int STEPS = 2_000;
  private static final int STEPS_BETWEEN_CHECKS = 50;

  private record Line(int card, long cash, long hjartan) {}

  private record Listed(long key, int programme, int period, List<Line> lines) {
    long cash() {
      return lines.stream().mapToLong(Line::cash).sum();
    }

    long hjartan() {
      return lines.stream().mapToLong(Line::hjartan).sum();
    }
  }

  /** What the rules say, with sums and sets. */
  private static final class Model {
    final Map<Integer, Long> pool = new HashMap<>();
    final Map<Integer, Listed> open = new HashMap<>();
    final Map<Integer, Long> cashLeft = new HashMap<>();
    final Map<Integer, Long> hjartanLeft = new HashMap<>();
    final Set<Long> closed = new HashSet<>();
    final Map<Integer, Integer> period = new HashMap<>();
    final Map<Integer, Long> cash = new HashMap<>();
    final Map<Integer, Long> hjartan = new HashMap<>();
    long backing;

    long poolOf(int programme) {
      return pool.getOrDefault(programme, 0L);
    }

    boolean opens(Listed list) {
      if (open.containsKey(list.programme) || closed.contains(list.key)
          || list.cash() > poolOf(list.programme) || list.hjartan() > backing) {
        return false;
      }
      open.put(list.programme, list);
      pool.merge(list.programme, -list.cash(), Long::sum);
      backing -= list.hjartan();
      cashLeft.put(list.programme, list.cash());
      hjartanLeft.put(list.programme, list.hjartan());
      return true;
    }

    boolean loads(Listed list, Line line) {
      if (!list.equals(open.get(list.programme)) || programmeOf(line.card) != list.programme
          || !take(accountOf(line.card), list.period, line)) {
        return false;
      }
      cashLeft.merge(list.programme, -line.cash, Long::sum);
      hjartanLeft.merge(list.programme, -line.hjartan, Long::sum);
      return true;
    }

    boolean loadsOutside(int month, Line line) {
      int programme = programmeOf(line.card);
      if (line.cash > poolOf(programme) || line.hjartan > backing || !take(accountOf(line.card), month, line)) {
        return false;
      }
      pool.merge(programme, -line.cash, Long::sum);
      backing -= line.hjartan;
      return true;
    }

    private boolean take(int account, int month, Line line) {
      if (month != 0 && month <= period.getOrDefault(account, 0)) {
        return false;
      }
      if (month != 0) {
        period.put(account, month);
      }
      cash.merge(account, line.cash, Long::sum);
      hjartan.merge(account, line.hjartan, Long::sum);
      return true;
    }

    boolean closes(Listed list) {
      if (!list.equals(open.get(list.programme))) {
        return false;
      }
      open.remove(list.programme);
      closed.add(list.key);
      pool.merge(list.programme, cashLeft.getOrDefault(list.programme, 0L), Long::sum);
      backing += hjartanLeft.getOrDefault(list.programme, 0L);
      cashLeft.put(list.programme, 0L);
      hjartanLeft.put(list.programme, 0L);
      return true;
    }
  }

  /** Every third card is the second card of the account before it. */
  private static int accountOf(int card) {
    return card % 3 == 2 ? card - 1 : card;
  }

  private static int programmeOf(int card) {
    return PROGRAMMES[accountOf(card) % 2];
  }

  /** One run of the dice: the engine, the model beside it, and what is known of both. */
  private static final class Play {
    private final long seed;
    private final Random random;
    private final Model model = new Model();
    private final List<Listed> lists = new ArrayList<>();
    private final Map<Integer, Integer> accounts = new HashMap<>();
    private final Map<Integer, Integer> loaded = new HashMap<>();
    private EngineFixture fixture = new EngineFixture();
    private String where = "";

    Play(long seed) {
      this.seed = seed;
      random = new Random(seed);
      fixture.activate(TestPolicy.configuration());
      for (int card = 0; card < CARDS; card++) {
        int account = accounts.getOrDefault(accountOf(card), -1);
        Answer opened =
            fixture.open(
                card, account, programmeOf(card), TestPolicy.FITTJA, CardStatus.ACTIVE, EngineFixture.EXPIRY, 3);
        accounts.put(card, opened.accountId());
      }
      for (int number = 1; number <= LISTS; number++) {
        lists.add(list(random, number));
      }
    }

    void play() throws IOException {
      for (int step = 0; step < STEPS; step++) {
        where = "seed " + seed + ", step " + step;
        Listed list = lists.get(random.nextInt(LISTS));
        switch (random.nextInt(12)) {
          case 0 -> fundPool(list.programme);
          case 1 -> fundTreasury();
          case 2 -> open(list);
          case 3 -> {
            if (random.nextInt(4) == 0) {
              assertEquals(model.closes(list), fixture.closeRun(list.programme, list.key).refusal() == null, where);
            }
          }
          case 4 -> loadOutside();
          case 5 -> {
            if (random.nextInt(8) == 0) {
              startFromASnapshot();
            }
          }
          default -> load(list, list.lines.get(random.nextInt(list.lines.size())));
        }
        if (step % STEPS_BETWEEN_CHECKS == 0) {
          check(fixture.engine, model, where);
        }
      }
      check(fixture.engine, model, "seed " + seed + ", the end");
      assertTrue(model.closed.size() > 2 && !loaded.isEmpty(), "seed " + seed + " came to nothing");
    }

    private void fundPool(int programme) {
      long amount = 1L + random.nextInt(1_000);
      fixture.fundPool(programme, amount);
      model.pool.merge(programme, amount, Long::sum);
    }

    private void fundTreasury() {
      long amount = 1L + random.nextInt(700);
      fixture.fundTreasury(amount);
      model.backing += amount;
    }

    private void open(Listed list) {
      Answer opened =
          fixture.openRun(list.programme, list.period, list.key, list.lines.size(), list.cash(), list.hjartan());
      long missing = Math.max(0, list.cash() - model.poolOf(list.programme));
      assertEquals(model.opens(list), opened.refusal() == null, where);
      if (opened.refusal() == CommandRefusal.POOL_SHORT) {
        assertEquals(missing, opened.cash(), where);
      }
    }

    private void loadOutside() {
      int month = random.nextInt(3) == 0 ? 2611 + random.nextInt(2) : 0;
      Line line = new Line(random.nextInt(CARDS), random.nextInt(90), 1 + random.nextInt(40));
      boolean loads = model.loadsOutside(month, line);
      assertEquals(loads, fixture.load(line.card, month, line.cash, line.hjartan).refusal() == null, where);
      count(loads && month != 0, line.card, month);
    }

    private void load(Listed list, Line line) {
      boolean loads = model.loads(list, line);
      LoadTerms terms = new LoadTerms(list.period, line.cash, line.hjartan, list.key, list.programme, List.of());
      assertEquals(loads, fixture.load(line.card, terms).refusal() == null, where);
      count(loads, line.card, list.period);
    }

    private void startFromASnapshot() throws IOException {
      EngineFixture next = new EngineFixture();
      MemoryFrames.of(fixture.engine).readInto(next.engine);
      assertEquals(fixture.engine.stateHash(), next.engine.stateHash(), where);
      next.timeMs = fixture.timeMs;
      fixture = next;
    }

    private void count(boolean loads, int card, int month) {
      int account = accounts.getOrDefault(card, -1);
      if (loads) {
        assertTrue(month > loaded.getOrDefault(account, 0), where + ": a month twice");
        loaded.put(account, month);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldKeepEveryOreAndNoMonthTwice(long seed) throws IOException {
    new Play(seed).play();
  }

  /** Some of its cards belong to another programme, and two to one account. */
  private static Listed list(Random random, int number) {
    int programme = PROGRAMMES[random.nextInt(PROGRAMMES.length)];
    List<Line> lines = new ArrayList<>();
    for (int card = 0; card < CARDS; card++) {
      if (random.nextInt(3) > 0) {
        lines.add(new Line(card, random.nextInt(120), 1 + random.nextInt(60)));
      }
    }
    lines.add(new Line(0, 1, 1));
    return new Listed(number, programme, 2610 + random.nextInt(3), lines);
  }

  private static void check(Engine engine, Model model, String where) {
    engine.checkInvariants();
    long cash = model.cash.values().stream().mapToLong(Long::longValue).sum();
    long hjartan = model.hjartan.values().stream().mapToLong(Long::longValue).sum();
    long cashLeft = model.cashLeft.values().stream().mapToLong(Long::longValue).sum();
    long hjartanLeft = model.hjartanLeft.values().stream().mapToLong(Long::longValue).sum();
    for (int programme : PROGRAMMES) {
      long pool = model.poolOf(programme);
      assertTrue(pool >= 0, where);
      assertEquals(pool, engine.loadRun(programme).poolMinor(), where);
      assertEquals(model.open.containsKey(programme), engine.loadRun(programme).isOpen(), where);
    }
    Map<String, Long> books = engine.books();
    assertEquals(cash, books.get("CASH_AVAILABLE"), where);
    assertEquals(hjartan, books.get("HJARTAN_AVAILABLE"), where);
    assertEquals(cashLeft, books.get("POOL_RESERVED"), where);
    assertEquals(hjartanLeft, books.get("BACKING_RESERVED"), where);
    assertEquals(model.backing, engine.loadRun(PROGRAMMES[0]).backingMinor(), where);
    long kronor = books.values().stream().mapToLong(Long::longValue).sum();
    assertEquals(0, kronor, where);
  }
}
