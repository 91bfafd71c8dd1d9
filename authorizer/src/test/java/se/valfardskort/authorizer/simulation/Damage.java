package se.valfardskort.authorizer.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.SteppedJournal;

/**
 * What becomes of files while the machine is off, what a start must make of it, and what people do when it is refused:
 * they have a backup of everything but of snapshots.
 */
final class Damage {
  /** What the refusal of a torn batch says; the operator reads no more of it than this. */
  private static final Pattern CUT_BY_HAND =
      Pattern.compile("^(\\S+), offset .* shorten it to (\\d+) bytes", Pattern.DOTALL);

  /** What the refusal says where segments that were pruned are needed again: all of them, or those in a gap. */
  private static final List<String> PRUNED =
      List.of("has no snapshot that can be used", "what lies between is missing");
  private static final int SEGMENT_HEADER = 64;
  private static final int FIRST_SEQUENCE_AT = 16;
  private static final int MARK_AT = 16;
  private static final int ANCHOR_SEAL_AT = 40;
  private static final int KIND_AT = 3;
  private static final byte KIND_SEAL = 3;
  private static final int RECORD_HEADER = 48;
  private static final String ANCHOR = "anchor";

  private enum Kind {
    FLIPPED("flipped bit"),
    LOST("lost segment"),
    ROLLED_BACK("older copy");

    final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** A bit that turned over. */
  private record Flip(String file, Platter platter, int position, int bit) {
    void turn() {
      platter.flip(position, bit);
    }
  }

  /** What was done, and how the backup makes it undone. */
  private record Harm(Kind kind, String file, Runnable mend) {}

  private final World world;
  private Script.@Nullable Fault next;
  private SplittableRandom dice = new SplittableRandom(0);
  private final List<Harm> harms = new ArrayList<>();
  /** Snapshots that nobody may believe, and the copies that were made of them. */
  private final Set<Platter> spoiled = Collections.newSetFromMap(new IdentityHashMap<>());
  /** An older copy of the journal's folder and of the snapshots'; null: nobody has made one. */
  private @Nullable Map<String, Platter> journalThen;
  private Map<String, Platter> snapshotsThen = Map.of();
  private long newestWhole;
  private long newest;

  Damage(World world) {
    this.world = world;
  }

  /** The next time that the machine is off, this happens. */
  void await(Script.Fault fault, SplittableRandom own) {
    next = fault;
    dice = own;
  }

  /** Whether a follower is right to refuse: harm to the journal, or to the only snapshot of what is pruned. */
  boolean explains(JournalDamagedException damaged) {
    return isDone() || isOfPruned(String.valueOf(damaged.getMessage()));
  }

  private boolean isOfPruned(String message) {
    return PRUNED.stream().anyMatch(message::contains) && !spoiled.isEmpty();
  }

  /** Whether something was done to the journal, and no start has come to it yet. */
  boolean isDone() {
    return !harms.isEmpty();
  }

  void machineIsOff() {
    Script.Fault fault = next;
    next = null;
    if (fault != null && harms.isEmpty()) {
      switch (fault) {
        case BIT_FLIP -> flipInJournal();
        case SNAPSHOT_FLIP -> flipInSnapshot();
        case SEGMENT_LOST -> loseSegments();
        case ROLLED_BACK -> rollBack();
        default -> throw world.violation(fault + " damages no file");
      }
    } else if (world.script.witnessed && journalThen == null) {
      journalThen = world.disk.copy();
      snapshotsThen = world.snapshots.copy();
      snapshotsThen.forEach((name, copy) -> {
        if (spoiled.contains(world.snapshots.kept().get(name))) {
          spoiled.add(copy);
        }
      });
    }
  }

  private void harm(Kind kind, String file, String tally, Runnable mend) {
    harms.add(new Harm(kind, file, mend));
    world.tally.count("fault: " + tally);
  }

  private void flipInJournal() {
    List<Flip> candidates = new ArrayList<>();
    Platter anchor = world.disk.kept().get(ANCHOR);
    if (anchor != null) {
      candidates.add(somewhere(ANCHOR, anchor, 0, anchor.keptLength()));
    }
    addRecords(candidates);
    if (!candidates.isEmpty()) {
      Flip flip = candidates.get(dice.nextInt(candidates.size()));
      flip.turn();
      harm(Kind.FLIPPED, flip.file(), "bit flipped", flip::turn);
    }
  }

  /** Of records known durable: behind the last mark nobody can tell a flip from a tear. */
  private void addRecords(List<Flip> candidates) {
    TreeMap<String, byte[]> images = new TreeMap<>();
    world.disk.kept().forEach((name, platter) -> {
      if (SimDisk.isSegment(name)) {
        images.put(name, Arrays.copyOf(platter.kept(), platter.keptLength()));
      }
    });
    long[] mark = new long[1];
    int[] end = new int[1];
    SteppedJournal.scan(images, (file, offset, length, sequence, durable) -> {
      mark[0] = Math.max(mark[0], durable);
      end[0] = file.equals(images.lastKey()) ? offset : 0;
    });
    SteppedJournal.scan(images, (file, offset, length, sequence, durable) -> {
      Platter platter = world.disk.kept().get(file);
      boolean last = offset == end[0] && file.equals(images.lastKey());
      if (sequence <= mark[0] && platter != null && !(last && isSealOfNobody(platter, offset))) {
        candidates.add(somewhere(file, platter, offset, length));
        if (offset == SEGMENT_HEADER) {
          candidates.add(somewhere(file, platter, 0, SEGMENT_HEADER));
        }
      }
    });
  }

  /**
   * A seal takes no sequence, so that the mark of the record before it does not speak of it: the last one may be what a
   * write that was cut short has left, unless the segment begins with it or the anchor names it.
   */
  private boolean isSealOfNobody(Platter segment, int offset) {
    Platter anchor = world.disk.kept().get(ANCHOR);
    long named = anchor == null ? 0 : words(anchor).getLong(ANCHOR_SEAL_AT);
    return offset != SEGMENT_HEADER
        && segment.kept()[offset + KIND_AT] == KIND_SEAL
        && words(segment).getLong(offset + RECORD_HEADER) > named;
  }

  private void flipInSnapshot() {
    List<String> names = new ArrayList<>();
    for (String name : world.snapshots.kept().keySet()) {
      if (SimDisk.snapshotAt(name) > 0) {
        names.add(name);
      }
    }
    if (!names.isEmpty()) {
      // The newest one rather than another: the others are hardly ever read.
      String name = dice.nextInt(3) > 0 ? names.getLast() : names.get(dice.nextInt(names.size()));
      Platter platter = world.snapshots.kept().get(name);
      if (platter != null && spoiled.add(platter)) {
        somewhere(name, platter, 0, platter.keptLength()).turn();
        world.tally.count("fault: bit of a snapshot flipped");
      }
    }
  }

  private Flip somewhere(String file, Platter platter, int from, int length) {
    return new Flip(file, platter, from + dice.nextInt(length), dice.nextInt(8));
  }

  /** Takes away a segment that the anchor has seen full or closed, and perhaps all after it, or the anchor itself. */
  private void loseSegments() {
    Platter anchor = world.disk.kept().get(ANCHOR);
    if (anchor == null) {
      return;
    }
    long mark = words(anchor).getLong(MARK_AT);
    List<String> seen = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (Map.Entry<String, Platter> file : world.disk.kept().entrySet()) {
      if (SimDisk.isSegment(file.getKey())) {
        all.add(file.getKey());
        if (firstSequence(file.getValue()) <= mark) {
          seen.add(file.getKey());
        }
      }
    }
    if (seen.isEmpty() || dice.nextInt(8) == 0) {
      lose(ANCHOR);
      return;
    }
    boolean tail = dice.nextBoolean();
    int at = tail ? seen.size() - 1 : dice.nextInt(seen.size());
    int last = tail ? all.size() - 1 : at;
    for (int i = at; i <= last; i++) {
      lose(all.get(i));
    }
  }

  private void lose(String name) {
    try {
      Platter platter = world.disk.takeAway(name);
      harm(Kind.LOST, name, "segment taken away", () -> world.disk.putBack(name, platter));
    } catch (IOException gone) {
      throw world.violation(name + " is not there", gone);
    }
  }

  private void rollBack() {
    Map<String, Platter> then = journalThen;
    if (then == null) {
      return;
    }
    Map<String, Platter> journal = new TreeMap<>(world.disk.kept());
    Map<String, Platter> snapshots = new TreeMap<>(world.snapshots.kept());
    world.disk.restore(then);
    world.snapshots.restore(snapshotsThen);
    journalThen = null;
    harm(Kind.ROLLED_BACK, "", "older copy put in place", () -> {
      world.disk.restore(journal);
      world.snapshots.restore(snapshots);
    });
  }

  // The next start

  void beforeBoot() {
    newestWhole = newestWhole();
    newest = world.snapshots.names().keySet().stream().mapToLong(SimDisk::snapshotAt).max().orElse(0);
  }

  private long newestWhole() {
    long whole = 0;
    for (String name : world.snapshots.names().keySet()) {
      if (!isSpoiled(name)) {
        whole = Math.max(whole, SimDisk.snapshotAt(name));
      }
    }
    return whole;
  }

  /** The journal is going to be pruned: what goes must be in a snapshot that a start can begin with. */
  void requireSnapshot(long sequence) {
    if (newestWhole() < sequence) {
      throw world.violation("all up to sequence " + sequence + " is pruned, and no whole snapshot has it");
    }
  }

  /** It came up, and had all that may not be lost. */
  void booted(long from) {
    String name = snapshotOf(from);
    if (isSpoiled(name)) {
      throw world.violation("a bit of " + name + " has turned over, and the start began with it");
    }
    if (from < newestWhole) {
      throw world.violation(
          "the start began with the snapshot of sequence " + from + ", though there is a whole one of " + newestWhole);
    }
    if (newest > from) {
      world.tally.count("recovery: damaged snapshot passed over");
    }
    for (Harm harm : harms) {
      if (harm.kind() == Kind.FLIPPED && isNeeded(harm.file(), from)) {
        throw world.violation("a bit of " + harm.file() + " has turned over, and the start did not notice");
      }
      world.tally.count("recovery: " + harm.kind().words + " where no start looks");
      if (harm.kind() != Kind.ROLLED_BACK) {
        harm.mend().run();
      }
    }
    harms.clear();
  }

  /** Another file may bear the name by now. */
  private boolean isSpoiled(String name) {
    Platter platter = world.snapshots.names().get(name);
    return platter != null && spoiled.contains(platter);
  }

  private static String snapshotOf(long sequence) {
    String digits = Long.toString(sequence);
    return "snapshot-" + "0".repeat(20 - digits.length()) + digits + ".snap";
  }

  /** Segments that end before the snapshot are not looked at. */
  private boolean isNeeded(String file, long from) {
    Map.Entry<String, Platter> after = world.disk.names().higherEntry(file);
    return !SimDisk.isSegment(file) || after == null || !SimDisk.isSegment(after.getKey())
        || firstSequence(after.getValue()) > from;
  }

  private static long firstSequence(Platter segment) {
    return words(segment).getLong(FIRST_SEQUENCE_AT);
  }

  private static ByteBuffer words(Platter platter) {
    return ByteBuffer.wrap(platter.kept()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The start was refused: the operator does what the message says. */
  void refused(JournalDamagedException damaged) {
    String message = String.valueOf(damaged.getMessage());
    world.trace.note("refused", 0, 0);
    world.trace.say(message);
    if (!harms.isEmpty()) {
      harms.forEach(harm -> harm.mend().run());
      world.tally.count("recovery: " + harms.getFirst().kind().words + " refused");
      harms.clear();
    } else if (isOfPruned(message)) {
      world.operator.putBackPruned();
      world.tally.count("recovery: pruned segments put back");
    } else {
      cutByHand(message, damaged);
    }
  }

  private void cutByHand(String message, JournalDamagedException damaged) {
    Matcher byHand = CUT_BY_HAND.matcher(message);
    if (!byHand.find() || world.tally.of("fault: torn journal") == 0) {
      throw world.violation("the start was refused on a sound journal: " + message, damaged);
    }
    world.tally.count("recovery: torn batch refused, cut by hand");
    try {
      world.disk.shorten(byHand.group(1), Integer.parseInt(byHand.group(2)));
    } catch (IOException gone) {
      throw world.violation("the message names no file: " + message, gone);
    }
  }
}
