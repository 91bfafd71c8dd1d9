package se.valfardskort.authorizer.mutation;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a scenario in a world with planted faults. */
public final class MutantRun {
  private MutantRun() {}

  /**
   * Runs scenario number {@code index} of {@code scenarios} against freshly loaded code with these edits.
   *
   * @return what it threw; null: it noticed nothing
   * @throws MutationException when an edit cannot be made, or the scenario never loaded the class that it changes
   */
  public static @Nullable Throwable run(List<Edit> edits, Class<? extends Scenarios> scenarios, int index)
      throws ReflectiveOperationException {
    MutantLoader world = new MutantLoader(edits);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(world);
    try {
      Class<?> there = world.loadClass(scenarios.getName());
      // The interface, too, is another class in that world.
      List<?> all = (List<?>) there.getMethod("all").invoke(there.getDeclaredConstructor().newInstance());
      Runnable scenario = (Runnable) all.get(index);
      try {
        scenario.run();
      } catch (RuntimeException | Error thrown) {
        refuse(thrown);
        world.requireAllLoaded();
        return thrown;
      }
      world.requireAllLoaded();
      return null;
    } catch (InvocationTargetException e) {
      throw new MutationException("the scenarios could not be made: " + e.getCause());
    } finally {
      thread.setContextClassLoader(before);
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
