package se.valfardskort.benchmarks;

import se.valfardskort.authorizer.engine.ArrayStore;
import se.valfardskort.authorizer.engine.EngineStore;
import se.valfardskort.authorizer.storage.ChronicleStore;

/** The stores that are measured beside each other. */
public enum StoreKind {
  /** What production uses. */
  CHRONICLE,
  /** Chronicle Map replaced by a bare table: how fast a directory could be. */
  PROBING,
  /** Plain Java arrays: what tests use. */
  ARRAY;

  /** A new, empty store. */
  public EngineStore open() {
    return switch (this) {
      case CHRONICLE -> new ChronicleStore();
      case PROBING -> new ProbingStore();
      case ARRAY -> new ArrayStore();
    };
  }
}
