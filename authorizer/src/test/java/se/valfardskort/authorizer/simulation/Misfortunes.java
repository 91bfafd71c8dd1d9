package se.valfardskort.authorizer.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.SteppedJournal;

/** Lets go wrong what the script says, and does what people do then. */
final class Misfortunes {
  /** What the refusal of a torn batch says; the operator reads no more of it than this. */
  private static final Pattern CUT_BY_HAND =
      Pattern.compile("^(\\S+), offset .* shorten it to (\\d+) bytes", Pattern.DOTALL);

  private static final long NS_PER_MS = World.NS_PER_MS;
  private static final int SEGMENT_HEADER = 64;
  private static final String ANCHOR = "anchor";

  /** A bit that turned over. */
  private record Flip(Platter platter, int position, int bit) {}

  private final World world;
  private final long faultsBefore = Setting.shared().links.faults();
  private @Nullable SplittableRandom flipNext;
  private final List<Flip> flipped = new ArrayList<>();
  private long cutInBoot = -1;
  private long troubleUntilNs;
  private boolean ceased;

  Misfortunes(World world) {
    this.world = world;
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
      case BIT_FLIP -> {
        flipNext = own;
        world.end(World.Death.POWER_CUT);
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
    SplittableRandom own = flipNext;
    if (own == null) {
      return;
    }
    flipNext = null;
    List<Flip> candidates = new ArrayList<>();
    for (Map.Entry<String, Platter> file : world.disk.kept().entrySet()) {
      if (file.getKey().equals(ANCHOR)) {
        candidates.add(somewhere(file.getValue(), 0, file.getValue().keptLength(), own));
      }
    }
    addRecords(candidates, own);
    if (!candidates.isEmpty()) {
      Flip flip = candidates.get(own.nextInt(candidates.size()));
      flip.platter().flip(flip.position(), flip.bit());
      flipped.add(flip);
      world.tally.count("fault: bit flipped");
    }
  }

  /** Of records known durable: behind the last mark nobody can tell a flip from a tear. */
  private void addRecords(List<Flip> candidates, SplittableRandom own) {
    TreeMap<String, byte[]> images = new TreeMap<>();
    world.disk.kept().forEach((name, platter) -> {
      if (SimDisk.isJournal(name)) {
        images.put(name, Arrays.copyOf(platter.kept(), platter.keptLength()));
      }
    });
    long[] mark = new long[1];
    SteppedJournal.scan(images, (file, offset, length, sequence, durable) -> mark[0] = Math.max(mark[0], durable));
    SteppedJournal.scan(images, (file, offset, length, sequence, durable) -> {
      Platter platter = world.disk.kept().get(file);
      if (sequence <= mark[0] && platter != null) {
        candidates.add(somewhere(platter, offset, length, own));
        if (offset == SEGMENT_HEADER) {
          candidates.add(somewhere(platter, 0, SEGMENT_HEADER, own));
        }
      }
    });
  }

  private static Flip somewhere(Platter platter, int from, int length, SplittableRandom own) {
    return new Flip(platter, from + own.nextInt(length), own.nextInt(8));
  }

  void beforeBoot() {
    if (cutInBoot >= 0) {
      world.disk.faults.cutAfter(cutInBoot);
      cutInBoot = -1;
    }
  }

  void booted() {
    if (!flipped.isEmpty()) {
      throw world.violation("a bit has turned over, and the start did not notice");
    }
  }

  /** The start was refused: the operator does what the message says. */
  void refused(JournalDamagedException damaged) {
    world.trace.note("refused", 0, 0);
    world.trace.say(String.valueOf(damaged.getMessage()));
    if (!flipped.isEmpty()) {
      // The backup has it as it was.
      flipped.forEach(flip -> flip.platter().flip(flip.position(), flip.bit()));
      flipped.clear();
      world.tally.count("recovery: flipped bit refused");
      return;
    }
    Matcher byHand = CUT_BY_HAND.matcher(String.valueOf(damaged.getMessage()));
    if (!byHand.find() || world.tally.of("fault: torn journal") == 0) {
      throw world.violation("the start was refused on a sound journal: " + damaged.getMessage(), damaged);
    }
    world.tally.count("recovery: torn batch refused, cut by hand");
    try {
      world.disk.shorten(byHand.group(1), Integer.parseInt(byHand.group(2)));
    } catch (IOException gone) {
      throw world.violation("the message names no file: " + damaged.getMessage(), gone);
    }
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
