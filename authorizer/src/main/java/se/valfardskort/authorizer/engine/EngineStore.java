package se.valfardskort.authorizer.engine;

/**
 * Where the engine's state lives: off heap in production, plain arrays in tests.
 *
 * <p>The engine asks for each directory and each table once, when it is built. Nothing in a store survives its process:
 * after a start the state is rebuilt from the journal (architecture.md section 4).
 */
public interface EngineStore extends AutoCloseable {
  /** Makes an empty directory for keys of {@code keyLength} bytes: 16, 24 or 32. */
  Directory directory(String name, int keyLength, int capacity);

  /** Makes a table of zeroed rows. */
  Rows rows(String name, int rowLength, int capacity);

  /** Frees the memory; wrapped rows must not be touched afterwards. */
  @Override
  void close();
}
