package se.valfardskort.authorizer.mutation;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs a scenario in a world with planted faults. */
public final class MutantRun {
  /** A planted fault may make a loop endless. A machine may be busy: this is no catch, and must not come early. */
  private static final int PATIENCE_SECONDS = 300;

  private MutantRun() {}

  /**
   * Runs scenario number {@code index} of {@code scenarios} against freshly loaded code with these edits.
   *
   * @return what it threw; null: it noticed nothing
   * @throws MutationException when an edit cannot be made, the scenario never loaded the class that it changes, or
   *     does not end
   */
  public static @Nullable Throwable run(List<Edit> edits, Class<? extends Scenarios> scenarios, int index)
      throws InterruptedException {
    MutantLoader world = new MutantLoader(edits);
    FutureTask<@Nullable Throwable> task = new FutureTask<>(() -> play(world, scenarios, index));
    Thread thread = new Thread(task, "mutant");
    thread.setDaemon(true);
    thread.setContextClassLoader(world);
    thread.start();
    try {
      Throwable thrown = task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      world.requireAllLoaded();
      return thrown;
    } catch (TimeoutException e) {
      throw new MutationException("a scenario with " + edits + " did not end: plant another fault");
    } catch (ExecutionException e) {
      throw new MutationException("a scenario with " + edits + " could not be played: " + e.getCause());
    }
  }

  private static @Nullable Throwable play(MutantLoader world, Class<? extends Scenarios> scenarios, int index)
      throws ReflectiveOperationException {
    Class<?> there = world.loadClass(scenarios.getName());
    // The interface, too, is another class in that world.
    List<?> all = (List<?>) there.getMethod("all").invoke(there.getDeclaredConstructor().newInstance());
    Runnable scenario = (Runnable) all.get(index);
    try {
      scenario.run();
      return null;
    } catch (RuntimeException | Error thrown) {
      refuse(thrown);
      return thrown;
    }
  }

  /** A fault that could not be planted, or code that cannot run at all, is no catch. */
  private static void refuse(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof MutationException mutation) {
        throw mutation;
      }
      if (cause instanceof LinkageError broken) {
        throw broken;
      }
    }
  }
}
