package se.valfardskort.authorizer.simulation;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Another process of a world: a thread that runs only while the world waits for it, so that never two of them do.
 *
 * <p>It hands back wherever it waits for its disk, and the world lets it go on when that time has come.
 */
final class Fiber {
  /** What the process does; ends by {@link PowerCut} when it is killed or the power goes. */
  interface Body {
    void run(Fiber self);
  }

  private final World world;
  private final SimDisk.Life life = new SimDisk.Life();
  private final Semaphore mine = new Semaphore(0);
  private final Semaphore others = new Semaphore(0);
  private final Thread thread;
  private boolean killed;
  private boolean over;
  private @Nullable Throwable thrown;

  /** Begins before long. */
  Fiber(World world, String name, Body body) {
    this.world = world;
    thread = Thread.ofVirtual().name(name).unstarted(() -> {
      mine.acquireUninterruptibly();
      try {
        if (!killed) {
          body.run(this);
        }
      } catch (PowerCut cut) {
        // Somebody ended it, or everything.
      } catch (RuntimeException | Error unexpected) {
        thrown = unexpected;
      } finally {
        over = true;
        others.release();
      }
    });
    thread.start();
    world.after(1, this::goOn);
  }

  /** Files and locks that it holds are its own for so long. */
  SimDisk.Life life() {
    return life;
  }

  /** Whether nothing of it runs any more. */
  boolean isOver() {
    return over;
  }

  /** SIGKILL; called by the world. */
  void kill() {
    if (!over) {
      killed = true;
      life.end();
      letRun();
    }
  }

  private void goOn() {
    if (!over) {
      letRun();
    }
  }

  private void letRun() {
    world.runs(this);
    mine.release();
    others.acquireUninterruptibly();
    world.runs(null);
    if (over) {
      life.end();
    }
    Throwable unexpected = thrown;
    thrown = null;
    if (unexpected instanceof Violation broken) {
      throw broken;
    }
    if (unexpected != null) {
      throw world.violation(thread.getName() + " threw " + unexpected, unexpected);
    }
  }

  /** Called by the process itself. */
  void waitFor(long ns) {
    if (killed) {
      throw new PowerCut();
    }
    world.after(ns, this::goOn);
    others.release();
    mine.acquireUninterruptibly();
    if (killed) {
      throw new PowerCut();
    }
  }
}
