package se.valfardskort.authorizer.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.gateway.SteppedGateway;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.independent.WireMessage.Layout;
import se.valfardskort.independent.model.CardTwin;

/**
 * One seed's world: clients, network, the authorizer's process, its disk, and the time that all of them live in.
 *
 * <p>One thread takes one task after the other, in the order of their simulated times; dice drawn from the seed say how
 * long everything takes. Where a process waits for its disk, the tasks that do not need that process's waiting thread
 * go on meanwhile.
 */
final class World implements SimDisk.Surroundings {
  /** How a process ends. */
  enum Death {
    KILL,
    POWER_CUT
  }

  private record Task(long ns, long order, Runnable what) {}

  static final long NS_PER_MS = 1_000_000L;
  private static final long DOOMED_MS = 3_000;
  private static final int MOST_TASKS = 400_000;
  private static final int FIRST_CARD = 50;
  private static final int SHARED_CARDS = 2;

  final Script script;
  final SimClock clock = new SimClock();
  final SplittableRandom dice;
  final Tally tally = new Tally();
  final Trace trace;
  /** The journal's folder; the others are on the same disk. */
  final SimDisk disk;
  final SimDisk snapshots;
  final SimDisk archive;
  final SimDisk witness;
  final Truth truth;
  final List<Wire> wires = new ArrayList<>();
  final List<Acquirer> clients = new ArrayList<>();
  private final List<Chores.Load> loads = new ArrayList<>();
  private final List<SimDisk> folders;
  final Operator operator;
  final Orders orders = new Orders(this);
  private final Misfortunes misfortunes;
  private final Ending ending = new Ending(this);
  private final Map<Integer, Exchange> exchanges = new HashMap<>();
  private final Set<Exchange> openExchanges = new LinkedHashSet<>();
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::ns).thenComparingLong(Task::order));
  private long order;
  private int stan;
  private @Nullable Server server;
  private @Nullable Death pending;
  private @Nullable Violation violation;
  private @Nullable Fiber running;
  private boolean booting;
  private boolean finished;
  private boolean doomed;

  /**
   * Makes the world of a seed.
   *
   * @param events those of the script that happen
   * @param words gets the trace in words; null: nobody wants it
   */
  World(Script script, List<Script.Event> events, @Nullable PrintStream words) {
    this.script = script;
    dice = new SplittableRandom(script.seed ^ 0x5DEECE66DL);
    trace = new Trace(clock, words);
    DiskFaults faults = new DiskFaults(script.forceNs);
    disk = new SimDisk(dice.split(), faults, tally, this);
    snapshots = new SimDisk(dice.split(), faults, tally, this);
    archive = new SimDisk(dice.split(), faults, tally, this);
    witness = new SimDisk(dice.split(), faults, tally, this);
    folders = List.of(disk, snapshots, archive, witness);
    operator = new Operator(this);
    truth = new Truth(this, Setting.shared().capacity(script.cramped));
    misfortunes = new Misfortunes(this);
    meetClients();
    for (Script.Event event : events) {
      at(event.atMs() * NS_PER_MS, () -> happen(event));
    }
    at(0, this::boot);
    at(Script.QUIET_MS * NS_PER_MS, ending::begin);
  }

  private void meetClients() {
    List<String> own = cards();
    List<String> shared = new ArrayList<>(sharedCards());
    // The account that several cards share is the last one's: nobody models it.
    for (int i = 0; i < own.size() - 1; i++) {
      truth.model(own.get(i), new CardTwin(FIRST_CARD + i));
    }
    shared.add(own.getLast());
    List<String> all = new ArrayList<>(own);
    all.addAll(sharedCards());
    clients.add(new Acquirer(this, 0, Setting.BINARY, Layout.BINARY, "123456", all));
    clients.add(new Acquirer(this, 1, Setting.ASCII, Layout.ASCII, "123456", all));
    clients.add(new Acquirer(this, 2, Setting.BINARY, Layout.BINARY, "654321", all));
    clients.add(new Acquirer(this, 3, Setting.EDITION_1993, Layout.BINARY_1993, "123456", shared));
  }

  /** PANs of the cards with an account of their own. */
  List<String> cards() {
    List<String> pans = new ArrayList<>();
    for (int i = 0; i <= script.ordinaryCards; i++) {
      pans.add(CardTwin.pan(FIRST_CARD + i));
    }
    return pans;
  }

  /** PANs of the further cards of the last account. */
  List<String> sharedCards() {
    List<String> pans = new ArrayList<>();
    for (int i = 1; i <= SHARED_CARDS; i++) {
      pans.add(CardTwin.pan(FIRST_CARD + script.ordinaryCards + i));
    }
    return pans;
  }

  // Time

  void at(long ns, Runnable what) {
    tasks.add(new Task(ns, order++, what));
  }

  void after(long ns, Runnable what) {
    at(clock.nanoTime() + ns, what);
  }

  /** Lets all of it happen; throws the first {@link Violation}. */
  void run() {
    try {
      runOn();
    } finally {
      // Links are shared with the worlds to come.
      vanish();
      operator.powerWent();
    }
  }

  private void runOn() {
    int taken = 0;
    while (!finished) {
      Task task = tasks.poll();
      if (task == null || ++taken > MOST_TASKS) {
        throw violation("the world does not come to rest");
      }
      take(task);
      Death death = pending;
      if (death != null && violation == null) {
        die(death);
      }
    }
  }

  private void take(Task task) {
    clock.advanceTo(task.ns());
    try {
      task.what().run();
    } catch (PowerCut cut) {
      pending = Death.POWER_CUT;
    } catch (RuntimeException | AssertionError thrown) {
      throw thrown instanceof Violation known ? known : violation("something threw: " + thrown, thrown);
    }
    if (violation != null) {
      throw violation;
    }
  }

  /** Who runs now; null: the world itself, and the authorizer in it. */
  void runs(@Nullable Fiber fiber) {
    running = fiber;
  }

  @Override
  public void waitFor(long ns) {
    Fiber another = running;
    if (another != null) {
      another.waitFor(ns);
      return;
    }
    long end = clock.nanoTime() + ns;
    Task next = tasks.peek();
    while (next != null && next.ns() <= end && pending == null && violation == null) {
      tasks.remove();
      take(next);
      next = tasks.peek();
    }
    clock.advanceTo(end);
    if (pending != null) {
      throw new PowerCut();
    }
  }

  @Override
  public void powerWent() {
    if (running != null) {
      tally.count("fault: power cut beside the authorizer");
    }
    pending = Death.POWER_CUT;
  }

  // Promises

  /** A promise is broken; the first one counts. */
  Violation violation(String what) {
    return violation(what, null);
  }

  Violation violation(String what, @Nullable Throwable cause) {
    Violation first = violation;
    if (first == null) {
      first = new Violation(what, cause);
      violation = first;
      trace.say("VIOLATION " + what);
    }
    return first;
  }

  // Clients

  int nextStan() {
    return ++stan;
  }

  void opened(Exchange exchange) {
    exchanges.put(exchange.stan, exchange);
    openExchanges.add(exchange);
  }

  void closed(Exchange exchange) {
    openExchanges.remove(exchange);
  }

  @Nullable Exchange exchange(int number) {
    return exchanges.get(number);
  }

  /** Somebody connects; null: nobody listens. */
  SteppedGateway.@Nullable Connection connect(int link) {
    Server now = server;
    return now == null || !now.isOpen() ? null : now.gateway().connect(link);
  }

  /** An operator wants it done once, and asks every process until one has done it. */
  void load(Chores.Load wanted) {
    loads.add(wanted);
    Server now = server;
    if (now != null) {
      now.load(wanted);
    }
  }

  /** What operators want done. */
  List<Chores.Load> loads() {
    return loads;
  }

  private void happen(Script.Event event) {
    if (doomed) {
      return;
    }
    Acquirer.Saga saga = event.saga();
    SplittableRandom own = new SplittableRandom(event.dice());
    Script.Fault fault = event.fault();
    if (saga != null) {
      clients.get(own.nextInt(clients.size())).begin(saga, own);
    } else if (fault != null) {
      trace.note("fault " + fault, event.id(), 0);
      misfortunes.strike(fault, own);
    }
  }

  /**
   * The journal holds what was not decided. Nobody can go on from there: the follower must say so, and a start, before
   * a person mends it. The world ends with that.
   */
  void memoryFailed() {
    tally.count("fault: memory failed");
    doomed = true;
    misfortunes.cease();
    after(DOOMED_MS * NS_PER_MS, operator::follow);
    after(2 * DOOMED_MS * NS_PER_MS, () -> end(Death.KILL));
  }

  // The process

  /** Whether a follower is right to refuse with that. */
  boolean explains(JournalDamagedException damaged) {
    return misfortunes.explains(damaged);
  }

  /** Whether something was done to the journal that no start has refused yet. */
  boolean isDamaged() {
    return misfortunes.isDamaged();
  }

  /** What came before and up to {@code sequence} is going to be removed: a sound snapshot must have it. */
  void requireSnapshot(long sequence) {
    misfortunes.requireSnapshot(sequence);
  }

  @Nullable Server server() {
    return server;
  }

  /** The process is going to end so, as soon as whatever it is doing has been left. */
  void end(Death death) {
    pending = death;
  }

  void halted() {
    tally.count("process halted by its disk");
    if (pending == null) {
      pending = Death.KILL;
    }
  }

  private void die(Death death) {
    pending = null;
    trace.note("death " + death, wires.size(), 0);
    tally.count(death == Death.KILL ? "process killed" : "power cut");
    losesProcess();
    vanish();
    disk.faults.cutAfter(Long.MAX_VALUE);
    if (death == Death.POWER_CUT) {
      operator.powerWent();
      folders.forEach(SimDisk::cutPower);
    }
    misfortunes.machineIsOff();
    after((50 + dice.nextLong(2_000)) * NS_PER_MS, this::boot);
  }

  private void losesProcess() {
    folders.forEach(SimDisk::losesProcess);
  }

  private void vanish() {
    Server dead = server;
    server = null;
    if (dead != null) {
      dead.die();
    }
    wires.forEach(Wire::die);
    wires.clear();
  }

  private void boot() {
    if (server != null || booting) {
      return;
    }
    trace.note("boot", 0, 0);
    booting = true;
    try {
      misfortunes.beforeBoot();
      Server started = new Server(this);
      server = started;
      misfortunes.booted(started.from());
      if (doomed) {
        // It was lost before it was durable, or a stop's snapshot has what was decided: a stranger reads it all.
        losesProcess();
        vanish();
        finish();
      }
    } catch (JournalDamagedException damaged) {
      losesProcess();
      misfortunes.refused(damaged);
      after(300 * NS_PER_MS, this::boot);
    } catch (ReplayDifference different) {
      if (!truth.mayBeMisjournaled()) {
        throw violation("the start decides otherwise: " + different.getMessage(), different);
      }
      tally.count("recovery: record that was not decided so refused");
      finished = true;
    } catch (IOException failed) {
      losesProcess();
      tally.count("start failed");
      if (!misfortunes.explainsFailedStart()) {
        throw violation("the start failed on a sound disk: " + failed.getMessage(), failed);
      }
      after(500 * NS_PER_MS, this::boot);
    } finally {
      booting = false;
    }
  }

  /** SIGTERM; the process ends when all is answered, and is started again. */
  void stop() {
    Server now = server;
    if (now != null && now.isOpen()) {
      now.stop();
      after(NS_PER_MS, () -> closeWhenDrained(now, clock.nanoTime() + 10_000 * NS_PER_MS, true));
    }
  }

  private void closeWhenDrained(Server stopping, long deadlineNs, boolean again) {
    if (server != stopping) {
      return;
    }
    if (stopping.gateway().connections() > 0 || !stopping.isDrained()) {
      if (clock.nanoTime() > deadlineNs) {
        throw violation("a stop does not end: " + stopping.gateway().connections() + " connections are open");
      }
      after(5 * NS_PER_MS, () -> closeWhenDrained(stopping, deadlineNs, again));
      return;
    }
    try {
      stopping.close();
      tally.count("clean stop");
    } catch (IOException failed) {
      tally.count("stop failed by its disk");
      if (!misfortunes.explainsFailedStart()) {
        throw violation("the stop failed on a sound disk: " + failed.getMessage(), failed);
      }
    }
    losesProcess();
    vanish();
    if (again) {
      after(500 * NS_PER_MS, this::boot);
    } else {
      finish();
    }
  }

  // The end

  /** From now on nothing goes wrong. */
  void cease() {
    misfortunes.cease();
  }

  boolean isDoomed() {
    return doomed;
  }

  /** Requests that have no answer yet. */
  Set<Exchange> openExchanges() {
    return openExchanges;
  }

  /** SIGTERM, for the last time. */
  void stopForGood(Server last) {
    last.stop();
    after(NS_PER_MS, () -> closeWhenDrained(last, clock.nanoTime() + 10_000 * NS_PER_MS, false));
  }

  /** The machine is switched off for good, or nobody can go on. */
  private void finish() {
    finished = true;
    operator.powerWent();
    folders.forEach(SimDisk::cutPower);
    ending.inspect();
    if (misfortunes.gatewayFaults() > 0) {
      throw violation("a connection ended by a fault of the gateway's own");
    }
    tally.add("simulated ms", clock.nanoTime() / NS_PER_MS);
    tally.add("commands journaled", truth.certain());
    tally.add("steps", trace.steps());
  }
}
