package se.valfardskort.authorizer.engine;

import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Rebuilds the directory of the request keys from the rows that have them.
 *
 * <p>Writes to the directory and to nothing else, through flyweights of its own, so that several threads may do it at
 * once, and beside others that read the tables.
 */
final class RequestIndex {
  private static final int ROWS_AT_ONCE = 1 << 16;

  private final RequestMemory memory;
  private final OriginalTable originals;

  /** First row that nobody has taken on: answers, then originals. */
  private final AtomicLong next = new AtomicLong();

  RequestIndex(RequestMemory memory, OriginalTable originals) {
    this.memory = memory;
    this.originals = originals;
  }

  /** Enters keys until there are none left that no other thread has taken on. */
  void build() {
    UnsafeBuffer row = new UnsafeBuffer(0, 0);
    int remembered = memory.remembered();
    long rows = (long) remembered + originals.everUsed();
    try (Directory.Filler directory = memory.directory().filler()) {
      for (long first = next.getAndAdd(ROWS_AT_ONCE); first < rows; first = next.getAndAdd(ROWS_AT_ONCE)) {
        long end = Math.min(rows, first + ROWS_AT_ONCE);
        for (long number = first; number < end; number++) {
          if (number < remembered) {
            enterAnswer(directory, row, (int) number);
          } else {
            enterOriginal(directory, row, (int) (number - remembered));
          }
        }
      }
    }
  }

  private void enterAnswer(Directory.Filler directory, UnsafeBuffer row, int slot) {
    memory.rows().wrap(row, slot);
    directory.put(row, RequestMemory.KEY, slot);
  }

  private void enterOriginal(Directory.Filler directory, UnsafeBuffer row, int id) {
    originals.rows().wrap(row, id);
    if (OriginalTable.stateOf(row) != OriginalState.FREE) {
      directory.put(row, originals.keyOffset(), memory.slots() + id);
    }
  }

  /**
   * To be asked when every thread has returned.
   *
   * @throws IllegalStateException when two answers have one key: what went in last would answer for both
   */
  void requireAll() {
    int remembered = memory.remembered();
    int entered = memory.directory().size();
    if (entered != remembered + originals.live()) {
      throw new IllegalStateException(
          "invariant 4: " + remembered + " answers and " + originals.live() + " originals have " + entered
              + " request keys");
    }
  }
}
