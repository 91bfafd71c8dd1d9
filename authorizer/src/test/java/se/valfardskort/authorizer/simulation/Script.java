package se.valfardskort.authorizer.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Snapshots;
import se.valfardskort.authorizer.pipeline.PipelineSettings.Wiring;

/**
 * What will happen in a world, drawn from its seed: what clients do, what goes wrong, and when. Each event has dice of
 * its own, so that the others stay as they are when one is left out.
 */
final class Script {
  /** What goes wrong. */
  enum Fault {
    /** The process is killed; what it wrote stays in the page cache. */
    KILL,
    POWER_CUT,
    /** The power goes in the midst of an operation of the disk. */
    CUT_WHILE_WRITING,
    /** The process is killed, and the power goes while the next one recovers. */
    CUT_IN_RECOVERY,
    FAILED_FORCE,
    FAILED_WRITE,
    FAILED_READ,
    FAILED_RENAME,
    DISK_FULL,
    SHORT_IO,
    SLOW_FORCES,
    CLOCK_BACK,
    CLOCK_FORWARD,
    /** The machine is off, and a bit of the journal turns over. */
    BIT_FLIP,
    /** The machine is off, and a bit of a snapshot turns over. */
    SNAPSHOT_FLIP,
    /** The machine is off, and segments are gone of which the anchor knows. */
    SEGMENT_LOST,
    /** The machine is off, and an older copy of journal and snapshots is put in their place. */
    ROLLED_BACK,
    /** A follower is started by hand, and killed. */
    FOLLOWER_KILLED,
    /** A follower is started by hand, and the power goes while it works. */
    CUT_IN_FOLLOWER,
    /** Memory fails once, between the decision and the journal. */
    MEMORY,
    /** The operator prunes. */
    PRUNE,
    /** The operator prunes, and the power goes meanwhile. */
    CUT_IN_PRUNE,
    RESET,
    HALF_CLOSE,
    GARBAGE,
    SLOW_READER,
    LOSES_FRAMES,
    DOUBLES_FRAMES,
    SLOW_NETWORK,
    CLEAN_STOP,
    SECOND_INSTANCE
  }

  /**
   * One thing that happens. Immutable.
   *
   * @param id its place in the seed's list, by which it can be left out
   * @param atMs after the beginning
   * @param fault what goes wrong; null: a client acts
   * @param saga what the client does; null: something goes wrong
   * @param dice seed of its own
   */
  record Event(int id, long atMs, @Nullable Fault fault, Acquirer.@Nullable Saga saga, long dice) {
    @Override
    public String toString() {
      return "event " + id + " at " + atMs + " ms: " + (fault == null ? String.valueOf(saga) : fault.toString());
    }
  }

  /** When the last fault has begun and the last client has acted. */
  static final long QUIET_MS = 20_000;

  /** In some worlds everybody comes at once. */
  private static final long RUSH_MS = 8_000;

  private static final long RUSH_TAKES_MS = 30;
  private static final int MOST_EAGER = 10;
  private static final int ORDERS_AT_LEAST = 15;
  private static final long ORDERS = 0x0BDE_75C1_0BDE_75C1L;
  private static final long[] FORCE_NS = {120_000, 120_000, 3_000_000, 20_000_000};

  final long seed;
  final List<Event> events = new ArrayList<>();
  final Wiring wiring;
  final int ringSlots;
  final long segmentBytes;
  /** Little room in the engine's tables: some requests find none, some answers are forgotten; no model then. */
  final boolean cramped;
  final int ordinaryCards;
  /** What a force usually takes: a good disk, a busy one, a bad one. */
  final long forceNs;
  final Snapshots snapshots;
  /** Closed segments are copied into an archive. */
  final boolean archived;
  /** A copy of the anchor is kept where nobody rolls it back. */
  final boolean witnessed;
  /** Caseworkers and a holder give orders, too. */
  final boolean ordered;

  Script(long seed) {
    this.seed = seed;
    SplittableRandom dice = new SplittableRandom(seed);
    wiring = dice.nextBoolean() ? Wiring.FUSED : Wiring.STAGED;
    ringSlots = 16 << dice.nextInt(3);
    segmentBytes = 4096L << dice.nextInt(3);
    cramped = dice.nextInt(8) == 0;
    ordinaryCards = 1 + dice.nextInt(3);
    forceNs = FORCE_NS[dice.nextInt(FORCE_NS.length)];
    snapshots = new Snapshots(MOST_EAGER + dice.nextInt(50), 1 + dice.nextInt(3), dice.nextInt(4) == 0 ? 0 : 5_000);
    archived = dice.nextInt(4) > 0;
    witnessed = dice.nextBoolean();
    int sagas = 25 + dice.nextInt(50);
    boolean busy = dice.nextInt(3) == 0;
    for (int i = 0; i < sagas; i++) {
      long at = busy && i % 3 != 0 ? RUSH_MS + dice.nextLong(RUSH_TAKES_MS) : 500 + dice.nextLong(QUIET_MS - 1_000);
      Acquirer.Saga[] all = Acquirer.Saga.values();
      // The last one is drawn with dice of its own.
      events.add(new Event(i, at, null, all[dice.nextInt(all.length - 1)], dice.nextLong()));
    }
    int faults = switch (dice.nextInt(10)) {
      case 0 -> 0;
      case 1 -> 12 + dice.nextInt(10);
      default -> 1 + dice.nextInt(9);
    };
    for (int i = 0; i < faults; i++) {
      Fault[] all = Fault.values();
      boolean inTheRush = busy && dice.nextBoolean();
      long at = inTheRush ? RUSH_MS + dice.nextLong(2 * RUSH_TAKES_MS) : 200 + dice.nextLong(QUIET_MS - 1_000);
      events.add(new Event(sagas + i, at, all[dice.nextInt(all.length)], null, dice.nextLong()));
    }
    SplittableRandom orders = new SplittableRandom(seed ^ ORDERS);
    ordered = orders.nextInt(3) == 0;
    for (int i = 0; ordered && i < ORDERS_AT_LEAST + faults; i++) {
      long at = 500 + orders.nextLong(QUIET_MS - 1_000);
      events.add(new Event(sagas + faults + i, at, null, Acquirer.Saga.ORDER, orders.nextLong()));
    }
    events.sort(Comparator.comparingLong(Event::atMs).thenComparingInt(Event::id));
  }
}
