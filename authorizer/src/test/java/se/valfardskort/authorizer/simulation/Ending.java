package se.valfardskort.authorizer.simulation;

import java.io.IOException;
import se.valfardskort.authorizer.engine.ArrayStore;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.ReplayDifference;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;

/** How a world ends: nothing goes wrong any more, everybody is answered, and a stranger looks at the disk. */
final class Ending {
  private static final long NS_PER_MS = World.NS_PER_MS;
  /** After the last fault all must be well again within this time. */
  private static final long RECOVERED_WITHIN_MS = 60_000;

  private static final long SETTLED_AFTER_MS = 5_000;
  private static final long FORGOTTEN_AFTER_MS = 31L * 86_400_000;

  private final World world;

  Ending(World world) {
    this.world = world;
  }

  /** From now on nothing goes wrong. */
  void begin() {
    if (world.isDoomed()) {
      return;
    }
    world.trace.note("quiet", 0, 0);
    world.cease();
    if (world.script.cramped) {
      // What takes up the room expires, and some days later it is forgotten.
      forget(4);
    }
    // A force that hangs goes on hanging for a while.
    world.after(SETTLED_AFTER_MS * NS_PER_MS, () -> awaitRest(deadlineNs(), this::probe));
  }

  private long deadlineNs() {
    return world.clock.nanoTime() + RECOVERED_WITHIN_MS * NS_PER_MS;
  }

  private void forget(int times) {
    if (times > 0) {
      world.clock.step(FORGOTTEN_AFTER_MS);
      world.after(4_000 * NS_PER_MS, () -> forget(times - 1));
    }
  }

  private void awaitRest(long deadlineNs, Runnable then) {
    Server now = world.server();
    boolean listening = now != null && now.isOpen();
    if (listening && world.openExchanges().isEmpty() && world.orders.areAnswered()) {
      then.run();
    } else if (world.clock.nanoTime() > deadlineNs) {
      throw world.violation(
          "all faults have ceased for " + RECOVERED_WITHIN_MS + " ms, but "
              + (listening && world.openExchanges().isEmpty() ? "orders are not answered"
                  : listening ? world.openExchanges().size() + " requests are open, one is "
                  + world.openExchanges().iterator().next().words() : "nobody listens"));
    } else {
      world.after(100 * NS_PER_MS, () -> awaitRest(deadlineNs, then));
    }
  }

  /** Everybody gets an answer now. */
  private void probe() {
    world.clients.forEach(Acquirer::probe);
    awaitRest(deadlineNs(), this::leave);
  }

  private void leave() {
    Server now = world.server();
    if (now == null) {
      throw world.violation("nobody is there at the end");
    }
    world.truth.check(now.engine());
    world.stopForGood(now);
  }

  /** What a stranger finds on the disk when the machine has been switched off, with what the archive has. */
  void inspect() {
    world.operator.putBackPruned();
    try (JournalFolder folder = JournalFolder.lock(world.disk, Setting.shared().sealKey)) {
      Engine engine = new Engine(new ArrayStore(), Setting.shared().capacity(world.script.cramped));
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.INSPECT);
      Position end = Recovery.replay(reader, engine, (records, bytes, total) -> { });
      world.truth.recoveredAll(end, engine);
    } catch (ReplayDifference different) {
      if (!world.truth.isMisjournaled()) {
        throw world.violation("a stranger decides otherwise: " + different.getMessage(), different);
      }
      world.tally.count("ending: record that was not decided so met behind a stop's snapshot");
    } catch (IOException unreadable) {
      throw world.violation("what a clean stop has left cannot be read: " + unreadable.getMessage(), unreadable);
    }
  }
}
