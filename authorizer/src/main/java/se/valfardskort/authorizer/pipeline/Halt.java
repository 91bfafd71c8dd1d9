package se.valfardskort.authorizer.pipeline;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one-way switch of the fail-stop (architecture.md section 4).
 *
 * <p>Any thread. A stage sets it before its own progress advances, so whoever later sees that progress sees the switch.
 */
final class Halt {
  private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();
  private final HaltListener listener;

  Halt(HaltListener listener) {
    this.listener = listener;
  }

  boolean isHalted() {
    return cause.get() != null;
  }

  @Nullable Throwable cause() {
    return cause.get();
  }

  /** Halts; the listener hears of the first cause only. */
  void halt(Throwable why) {
    if (cause.compareAndSet(null, why)) {
      listener.halted(why);
    }
  }
}
