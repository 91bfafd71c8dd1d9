package se.valfardskort.authorizer.engine;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Rebuilds the directory of the request keys from the rows that have them. Owned by the core thread.
 */
final class RequestIndex {
  private final RequestMemory memory;
  private final OriginalTable originals;
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

  RequestIndex(RequestMemory memory, OriginalTable originals) {
    this.memory = memory;
    this.originals = originals;
  }

  void build() {
    Directory directory = memory.directory();
    int remembered = memory.remembered();
    for (int slot = 0; slot < remembered; slot++) {
      memory.rows().wrap(row, slot);
      directory.put(row, RequestMemory.KEY, slot);
    }
    int everUsed = originals.everUsed();
    for (int id = 0; id < everUsed; id++) {
      originals.select(id);
      if (originals.state() != OriginalState.FREE) {
        directory.put(originals.row(), originals.keyOffset(), memory.slots() + id);
      }
    }
    memory.indexed();
  }
}
