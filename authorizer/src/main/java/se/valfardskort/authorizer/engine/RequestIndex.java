package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Rebuilds the directory of the request keys from the rows that have them.
 *
 * <p>Writes to the directory and to nothing else, through a flyweight of its own, so that it may run on one thread
 * while another reads the tables.
 */
final class RequestIndex {
  private final RequestMemory memory;
  private final OriginalTable originals;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

  RequestIndex(RequestMemory memory, OriginalTable originals) {
    this.memory = memory;
    this.originals = originals;
  }

  /**
   * Enters every key.
   *
   * @throws IllegalStateException when two answers have one key: what went in last would answer for both
   */
  void build() {
    Directory directory = memory.directory();
    int remembered = memory.remembered();
    for (int slot = 0; slot < remembered; slot++) {
      memory.rows().wrap(row, slot);
      directory.put(row, RequestMemory.KEY, slot);
    }
    int everUsed = originals.everUsed();
    for (int id = 0; id < everUsed; id++) {
      originals.rows().wrap(row, id);
      if (OriginalTable.stateOf(row) != OriginalState.FREE) {
        directory.put(row, originals.keyOffset(), memory.slots() + id);
      }
    }
    if (directory.size() != remembered + originals.live()) {
      throw new IllegalStateException(
          "invariant 4: " + remembered + " answers and " + originals.live() + " originals have "
              + directory.size() + " request keys");
    }
  }
}
