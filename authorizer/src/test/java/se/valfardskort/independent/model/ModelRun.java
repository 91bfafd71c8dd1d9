package se.valfardskort.independent.model;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Plays rounds of cards against a server with several tellers, and keeps the first play that went wrong. */
final class ModelRun implements AutoCloseable {
  private static final int TELLERS = 3;

  /** After so many messages of each card all wait for the clerk. */
  private static final int STEPS_A_TURN = 9;

  /** More than lies between any two days of a run's settlement. */
  private static final Duration DAYS_BEFORE = Duration.ofDays(10);

  private final Host host;
  private final long seed;
  private final Laws laws;
  private final Set<Kind> kinds;
  private final ReasonBook reasons = new ReasonBook();
  private final Settlement settlement;
  private final Clerk clerk;
  private final ExecutorService threads = Executors.newFixedThreadPool(TELLERS);
  private long played;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final List<Play> failed = new ArrayList<>();

  /** Begins on a day of its own, with totals of nothing. */
  ModelRun(Host host, long seed, Laws laws, Set<Kind> kinds) throws IOException {
    settlement = new Settlement(laws);
    clerk = new Clerk(host, laws, settlement, seed, reasons, Clerk.FIRST_STAN);
    host.timePasses(DAYS_BEFORE.toMillis());
    clerk.begin();
    this.host = host;
    this.seed = seed;
    this.laws = laws;
    this.kinds = kinds;
  }

  /** Commands that were answered as expected, and perhaps a few more. */
  synchronized long played() {
    return played;
  }

  /** Something was not as expected. */
  synchronized boolean hasFailed() {
    return !failed.isEmpty() || clerk.hasFailed();
  }

  /** What the clerk saw; null: nothing wrong. */
  @Nullable String clerksComplaint() {
    return clerk.hasFailed() ? clerk.transcript() : null;
  }

  synchronized List<Play> failed() {
    return List.copyOf(failed);
  }

  /** Waits until so many commands were answered, or something went wrong. */
  synchronized void awaitPlayed(long enough) throws InterruptedException {
    while (played < enough && !stopped.get()) {
      wait();
    }
  }

  /** One round in progress: some cards with their generators. */
  final class Round {
    private final List<Map<Play, Generator>> groups = new ArrayList<>();
    private final String anyPan;

    Round(List<Integer> cards) {
      anyPan = Card.of(cards.getFirst()).pan(true);
      for (int i = 0; i < TELLERS; i++) {
        groups.add(new LinkedHashMap<>());
      }
      for (int i = 0; i < cards.size(); i++) {
        Card card = Card.of(cards.get(i));
        Play play = new Play(card, laws, reasons, host.timeMs(), settlement);
        long cardSeed = new Random(seed * 1_000_003 + card.number()).nextLong();
        groups.get(i % TELLERS).put(play, new Generator(cardSeed, play.model.book, kinds));
      }
    }

    List<Play> plays() {
      return groups.stream().flatMap(group -> group.keySet().stream()).toList();
    }

    /** Starts so many commands on each card; the futures end with the tellers. */
    List<Future<?>> start(int commandsPerCard) {
      List<Future<?>> tellers = new ArrayList<>();
      Phaser turns = new Turns(anyPan);
      for (Map<Play, Generator> group : groups) {
        turns.register();
        tellers.add(threads.submit(guarded(() -> tell(group, commandsPerCard, turns))));
      }
      return tellers;
    }

    void play(int commandsPerCard) throws InterruptedException {
      await(start(commandsPerCard));
    }

    /** It is later for the server, and for all cards of the round; nothing may be under way. */
    void timePasses(long ms) throws IOException {
      host.timePasses(ms);
      Command command = Command.timePasses(ms);
      plays().forEach(play -> play.timePasses(command));
    }

    /** Asks every card for its purses. */
    void compareAllPurses() throws InterruptedException {
      List<Future<?>> tellers = new ArrayList<>();
      for (Map<Play, Generator> group : groups) {
        tellers.add(threads.submit(guarded(() -> inquire(group))));
      }
      await(tellers);
      clerk.reconcileAll();
    }
  }

  /** When all tellers have arrived it is the clerk's turn: nothing else is under way. */
  private final class Turns extends Phaser {
    private final String pan;

    Turns(String pan) {
      this.pan = pan;
    }

    @Override
    protected boolean onAdvance(int phase, int tellersLeft) {
      if (!stopped.get()) {
        int messages = clerk.turn(pan);
        synchronized (ModelRun.this) {
          played += messages;
        }
        if (clerk.hasFailed()) {
          stopped.set(true);
        }
      }
      return tellersLeft == 0;
    }
  }

  /** A teller that breaks stops the others, and wakes who waits for it. */
  private Runnable guarded(Runnable telling) {
    return () -> {
      try {
        telling.run();
      } catch (RuntimeException | AssertionError broken) {
        stopped.set(true);
        throw broken;
      } finally {
        synchronized (this) {
          notifyAll();
        }
      }
    };
  }

  static void await(List<Future<?>> tellers) throws InterruptedException {
    for (Future<?> teller : tellers) {
      try {
        teller.get();
      } catch (ExecutionException broken) {
        throw new AssertionError("a teller could not go on", broken.getCause());
      }
    }
  }

  private void tell(Map<Play, Generator> group, int commandsPerCard, Phaser turns) {
    try (Teller teller = new Teller(host)) {
      for (int i = 0; i < commandsPerCard && !stopped.get(); i++) {
        if (i % STEPS_A_TURN == STEPS_A_TURN - 1) {
          turns.arriveAndAwaitAdvance();
        }
        Map<Play, Command> commands = new HashMap<>();
        group.forEach((play, generator) -> commands.put(play, generator.next()));
        step(teller, commands);
      }
    } finally {
      turns.arriveAndDeregister();
    }
  }

  private void inquire(Map<Play, Generator> group) {
    try (Teller teller = new Teller(host)) {
      Map<Play, Command> commands = new HashMap<>();
      group.forEach((play, generator) -> commands.put(play, generator.inquiry()));
      step(teller, commands);
    }
  }

  private void step(Teller teller, Map<Play, Command> commands) {
    List<Play> wrong = teller.play(commands);
    synchronized (this) {
      played += commands.size();
      if (!wrong.isEmpty()) {
        stopped.set(true);
        failed.addAll(wrong);
      }
      notifyAll();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    clerk.close();
  }
}
