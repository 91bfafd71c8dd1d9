package se.valfardskort.authorizer.simulation;

import java.io.IOException;
import java.util.SplittableRandom;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalFolder;

/** Lets go wrong what the script says, and does what people do then. */
final class Misfortunes {
  private static final long NS_PER_MS = World.NS_PER_MS;
  private static final long FOLLOWER_NS = 150 * NS_PER_MS;

  private final World world;
  private final long faultsBefore = Setting.shared().links.faults();
  private final Damage damage;
  private long cutInBoot = -1;
  private long troubleUntilNs;
  private boolean ceased;

  Misfortunes(World world) {
    this.world = world;
    damage = new Damage(world);
  }

  void strike(Script.Fault fault, SplittableRandom own) {
    DiskFaults disk = world.disk.faults;
    switch (fault) {
      case KILL -> world.end(World.Death.KILL);
      case POWER_CUT -> world.end(World.Death.POWER_CUT);
      case CUT_WHILE_WRITING -> disk.cutAfter(own.nextInt(14));
      case CUT_IN_RECOVERY -> {
        cutInBoot = own.nextInt(45);
        world.end(World.Death.KILL);
      }
      case FAILED_FORCE -> disturb(DiskFaults.Kind.FAILED_FORCE, 1 + own.nextInt(3), 1_500);
      case FAILED_WRITE -> disturb(DiskFaults.Kind.FAILED_WRITE, 1 + own.nextInt(4), 1_500);
      case FAILED_RENAME -> disturb(DiskFaults.Kind.FAILED_RENAME, 1 + own.nextInt(2), 3_000);
      case FAILED_READ -> {
        disturb(DiskFaults.Kind.FAILED_READ, 1 + own.nextInt(6), 2_500);
        world.end(World.Death.KILL);
      }
      case SHORT_IO -> {
        disturb(DiskFaults.Kind.SHORT_WRITE, 2, 4_000);
        disturb(DiskFaults.Kind.SHORT_READ, 2, 4_000);
      }
      case DISK_FULL -> {
        disk.fill(true);
        untilThen(1_000 + own.nextLong(3_000), () -> disk.fill(false));
      }
      case SLOW_FORCES -> {
        disk.slowForces(50 + own.nextLong(2_500));
        untilThen(1_500, () -> disk.slowForces(0));
      }
      case CLOCK_BACK -> step(-1 - own.nextLong(7_200_000));
      case CLOCK_FORWARD -> step(world.script.cramped && own.nextBoolean()
          ? 8L * 86_400_000 : 1 + own.nextLong(7_200_000));
      case BIT_FLIP, SNAPSHOT_FLIP, SEGMENT_LOST, ROLLED_BACK -> {
        damage.await(fault, own);
        world.end(World.Death.POWER_CUT);
      }
      case FOLLOWER_KILLED -> {
        Fiber follower = world.operator.follow();
        world.after(own.nextLong(FOLLOWER_NS), () -> {
          if (!follower.isOver()) {
            world.tally.count("fault: follower killed");
            follower.kill();
          }
        });
      }
      case CUT_IN_FOLLOWER -> {
        world.operator.follow();
        world.after(own.nextLong(FOLLOWER_NS), () -> disk.cutAfter(own.nextInt(6)));
      }
      case MEMORY -> {
        if (own.nextInt(3) == 0) {
          world.truth.misjournalNext();
        }
      }
      case PRUNE -> world.operator.prune();
      case CUT_IN_PRUNE -> {
        world.operator.prune();
        disk.cutAfter(own.nextInt(40));
      }
      case CLEAN_STOP -> world.stop();
      case SECOND_INSTANCE -> startAnother();
      default -> disturbNetwork(fault, world.clients.get(own.nextInt(world.clients.size())), own);
    }
  }

  private void disturb(DiskFaults.Kind kind, int oneIn, long ms) {
    world.disk.faults.oneIn(kind, oneIn);
    untilThen(ms, () -> world.disk.faults.without(kind));
  }

  private void untilThen(long ms, Runnable mended) {
    long until = world.clock.nanoTime() + ms * NS_PER_MS;
    troubleUntilNs = Math.max(troubleUntilNs, until);
    world.at(until, mended);
  }

  private void step(long ms) {
    world.clock.step(ms);
    world.tally.count(ms < 0 ? "fault: clock set back" : "fault: clock set forward");
  }

  private void disturbNetwork(Script.Fault fault, Acquirer client, SplittableRandom own) {
    Wire wire = client.wire();
    switch (fault) {
      case LOSES_FRAMES -> {
        client.losesOneIn = 1 + own.nextInt(4);
        untilThen(1_000 + own.nextLong(5_000), () -> client.losesOneIn = 0);
      }
      case DOUBLES_FRAMES -> {
        client.doublesOneIn = 1 + own.nextInt(2);
        untilThen(8_000, () -> client.doublesOneIn = 0);
      }
      case SLOW_NETWORK -> {
        client.slowNetworkMs = 100 + own.nextLong(4_000);
        untilThen(5_000, () -> client.slowNetworkMs = 0);
      }
      case RESET, HALF_CLOSE, GARBAGE, SLOW_READER -> {
        if (wire != null) {
          disturb(fault, wire, own);
        }
      }
      default -> throw world.violation("nobody knows the fault " + fault);
    }
  }

  private void disturb(Script.Fault fault, Wire wire, SplittableRandom own) {
    world.tally.count("fault: " + fault);
    if (fault == Script.Fault.RESET) {
      wire.cut();
    } else if (fault == Script.Fault.HALF_CLOSE) {
      wire.halfClose();
    } else if (fault == Script.Fault.SLOW_READER) {
      wire.stopReading(own.nextInt(200), 1_000 + own.nextLong(6_000));
    } else {
      byte[] garbage = new byte[1 + own.nextInt(80)];
      own.nextBytes(garbage);
      wire.send(garbage);
    }
  }

  private void startAnother() {
    Server server = world.server();
    if (server == null || !server.isOpen()) {
      return;
    }
    world.tally.count("fault: second instance");
    try (JournalFolder another = JournalFolder.lock(world.disk, Setting.shared().sealKey)) {
      throw world.violation("a second instance got the folder in epoch " + another.epoch());
    } catch (IOException refused) {
      world.trace.note("second instance refused", 0, 0);
    }
  }

  // Between two lives

  /** The machine is off: now is the time for rays. */
  void machineIsOff() {
    damage.machineIsOff();
  }

  boolean explains(JournalDamagedException damaged) {
    return damage.explains(damaged);
  }

  boolean isDamaged() {
    return damage.isDone();
  }

  void requireSnapshot(long sequence) {
    damage.requireSnapshot(sequence);
  }

  void beforeBoot() {
    damage.beforeBoot();
    if (cutInBoot >= 0) {
      world.disk.faults.cutAfter(cutInBoot);
      cutInBoot = -1;
    }
  }

  /** @param from sequence of the snapshot that it began with; 0: none */
  void booted(long from) {
    damage.booted(from);
  }

  void refused(JournalDamagedException damaged) {
    damage.refused(damaged);
  }

  boolean explainsFailedStart() {
    return !ceased && world.clock.nanoTime() <= troubleUntilNs + 100 * NS_PER_MS;
  }

  /** All is well from now on. */
  void cease() {
    ceased = true;
    world.disk.faults.mend();
    world.clock.mend();
    cutInBoot = -1;
    for (Acquirer client : world.clients) {
      client.losesOneIn = 0;
      client.doublesOneIn = 0;
      client.slowNetworkMs = 0;
    }
  }

  long gatewayFaults() {
    return Setting.shared().links.faults() - faultsBefore;
  }
}
