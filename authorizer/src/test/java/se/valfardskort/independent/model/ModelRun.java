package se.valfardskort.independent.model;

import java.io.IOException;
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
import java.util.concurrent.atomic.AtomicBoolean;

/** Plays rounds of cards against a server with several tellers, and keeps the first play that went wrong. */
final class ModelRun implements AutoCloseable {
  private static final int TELLERS = 3;

  private final Host host;
  private final long seed;
  private final Laws laws;
  private final Set<Kind> kinds;
  private final ReasonBook reasons = new ReasonBook();
  private final ExecutorService threads = Executors.newFixedThreadPool(TELLERS);
  private long played;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final List<Play> failed = new ArrayList<>();

  ModelRun(Host host, long seed, Laws laws, Set<Kind> kinds) {
    this.host = host;
    this.seed = seed;
    this.laws = laws;
    this.kinds = kinds;
  }

  /** Commands that were answered as expected, and perhaps a few more. */
  synchronized long played() {
    return played;
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

    Round(List<Integer> cards) {
      for (int i = 0; i < TELLERS; i++) {
        groups.add(new LinkedHashMap<>());
      }
      for (int i = 0; i < cards.size(); i++) {
        Card card = Card.of(cards.get(i));
        Play play = new Play(card, laws, reasons, host.timeMs());
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
      for (Map<Play, Generator> group : groups) {
        tellers.add(threads.submit(guarded(() -> tell(group, commandsPerCard))));
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

  private void tell(Map<Play, Generator> group, int commandsPerCard) {
    try (Teller teller = new Teller(host)) {
      for (int i = 0; i < commandsPerCard && !stopped.get(); i++) {
        Map<Play, Command> commands = new HashMap<>();
        group.forEach((play, generator) -> commands.put(play, generator.next()));
        step(teller, commands);
      }
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
  }
}
