package se.valfardskort.authorizer.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.app.SteppedApp;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.storage.JournalDamagedException;
import se.valfardskort.authorizer.storage.PrunePlan;
import se.valfardskort.authorizer.storage.SegmentArchive;
import se.valfardskort.authorizer.storage.SnapshotFolder;

/** Whoever looks after the machine: follows and prunes, each by a process of its own beside the authorizer. */
final class Operator {
  private static final long NS_PER_MS = World.NS_PER_MS;
  private static final long OPERATION_NS = 200_000;
  private static final long PAUSE_NS = 2 * NS_PER_MS;

  private final World world;
  private final List<Fiber> processes = new ArrayList<>();

  Operator(World world) {
    this.world = world;
  }

  private Fiber start(String name, Fiber.Body body) {
    Fiber process = new Fiber(world, name, body);
    processes.removeIf(Fiber::isOver);
    processes.add(process);
    return process;
  }

  /** The machine is off. */
  void powerWent() {
    processes.forEach(Fiber::kill);
    processes.clear();
  }

  /** Has a follower write a snapshot of what is closed. */
  Fiber follow() {
    return start("follower", this::follow);
  }

  private void follow(Fiber self) {
    try {
      long sequence = SteppedApp.follow(
          world.disk.seenBy(self.life(), OPERATION_NS), Setting.shared().sealKey, snapshotsSeenBy(self),
          Setting.shared().capacity(world.script.cramped),
          (file, bytes) -> {
            file.force();
            self.waitFor(PAUSE_NS);
          },
          world.script.snapshots.keep());
      world.tally.count(sequence == 0 ? "follower: nothing to do" : "follower: snapshot written");
      if (sequence > 0) {
        world.truth.followed(sequence);
      }
    } catch (JournalDamagedException damaged) {
      if (!world.explains(damaged)) {
        throw world.violation("the follower refuses a sound journal: " + damaged.getMessage(), damaged);
      }
      world.tally.count("follower: refused damage");
    } catch (ReplayDifference different) {
      if (!world.truth.mayBeMisjournaled()) {
        throw world.violation("the follower differs: " + different.getMessage(), different);
      }
      world.tally.count("follower: alarm, it decides otherwise");
    } catch (IOException failed) {
      world.tally.count("follower: failed by its disk");
      world.trace.say("follower: " + failed.getMessage());
    }
  }

  private SnapshotFolder snapshotsSeenBy(Fiber self) {
    return new SnapshotFolder(world.snapshots.seenBy(self.life(), OPERATION_NS), Setting.shared().sealKey);
  }

  /** Removes segments that nobody needs any more. */
  Fiber prune() {
    return start("prune", this::prune);
  }

  private void prune(Fiber self) {
    Disk journal = world.disk.seenBy(self.life(), OPERATION_NS);
    SegmentArchive archive =
        new SegmentArchive(journal, world.script.archived ? world.archive.seenBy(self.life(), OPERATION_NS) : null);
    try {
      SnapshotFolder snapshots = snapshotsSeenBy(self);
      List<Long> sequences = snapshots.sequences();
      long oldest = sequences.isEmpty() ? 0 : sequences.getLast();
      PrunePlan plan = PrunePlan.of(journal, archive, oldest);
      if (plan.segments().isEmpty() || !SteppedApp.isSound(
          journal, Setting.shared().sealKey, snapshots, Setting.shared().capacity(world.script.cramped), oldest)) {
        world.tally.count("prune: nothing to do");
        return;
      }
      world.requireSnapshot(plan.keptFrom() - 1);
      plan.carryOut(journal, archive, snapshots, Setting.shared().sealKey, "now", "operator");
      world.tally.add("prune: segment removed", plan.segments().size());
      world.trace.note("pruned", plan.keptFrom(), plan.segments().size());
    } catch (JournalDamagedException damaged) {
      if (!world.isDamaged()) {
        throw world.violation("the prune refuses a sound journal: " + damaged.getMessage(), damaged);
      }
    } catch (IOException failed) {
      world.tally.count("prune: failed by its disk");
    }
  }

  /** Puts back what was pruned, from the archive. */
  void putBackPruned() {
    world.archive.kept().forEach((name, platter) -> {
      if (SimDisk.isSegment(name) && !world.disk.names().containsKey(name)) {
        world.disk.putBack(name, platter.copy());
      }
    });
  }
}
