package se.valfardskort.authorizer.storage;

import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.EngineCapacity;
import se.valfardskort.authorizer.engine.EngineStore;

/** An engine with the memory that its state lives in. Owned as the engine is. */
public final class StoredEngine implements AutoCloseable {
  private final EngineStore store;
  private final Engine engine;

  /** A fresh engine in a fresh store, which is this one's from now on. */
  public StoredEngine(EngineStore store, EngineCapacity capacity) {
    this.store = store;
    this.engine = new Engine(store, capacity);
  }

  /** The engine. */
  public Engine engine() {
    return engine;
  }

  @Override
  public void close() {
    store.close();
  }
}
