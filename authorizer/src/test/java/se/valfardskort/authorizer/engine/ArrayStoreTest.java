package se.valfardskort.authorizer.engine;

/** {@link ArrayStore} under the common test. */
final class ArrayStoreTest extends EngineStoreTest {
  @Override
  protected EngineStore newStore() {
    return new ArrayStore();
  }
}
