package se.valfardskort.authorizer.app;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import se.valfardskort.authorizer.storage.ChronicleStore;

/** What a start does on threads of its own while the first reads configuration and state. */
final class Beside {
  private Beside() {}

  /** Loads what the first directory needs. To be joined before that is made; it never fails. */
  static CompletableFuture<Boolean> prepareMemory() {
    // What failed here fails again, and is told, where a directory is needed.
    return run("start-memory", () -> {
      ChronicleStore.prepare();
      return true;
    }).exceptionally(failed -> false);
  }

  /** Runs {@code work} on a thread that does not keep the process alive. */
  static <T> CompletableFuture<T> run(String name, Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofPlatform().name(name).daemon(true).start(task));
  }
}
