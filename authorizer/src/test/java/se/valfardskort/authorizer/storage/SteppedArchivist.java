package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The real {@link Archivist} without its thread: whoever owns it has it take what is there. */
public final class SteppedArchivist {
  private final Archivist archivist;
  private boolean wanted = true;

  /** Hears from {@code folder} when there is something to do. */
  public SteppedArchivist(JournalFolder folder, SegmentArchive archive) {
    archivist = new Archivist(folder, archive, List.of(), 0, _ -> { });
    folder.onSegmentClosed(() -> wanted = true);
  }

  /** Whether there is something to do. */
  public boolean isWanted() {
    return wanted;
  }

  /**
   * Takes all that is closed; returns what failed, and then wants to do it again.
   *
   * @param newest the newest segment, too: the journal is closed
   */
  public @Nullable IOException takeAll(boolean newest) {
    wanted = false;
    try {
      IOException failed = archivist.takeAll(newest);
      wanted |= failed != null;
      return failed;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("no command was to be waited for", interrupted);
    }
  }

  /** Segments that it has taken. */
  public long taken() {
    return archivist.taken();
  }
}
