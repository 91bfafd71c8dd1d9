package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * Where the journal gets its next segment from: a file of real zeros, made ready ahead.
 *
 * <p>Called by the journal's thread, except {@link #problem}, which any may ask.
 */
interface Spares extends AutoCloseable {
  /** Begins with the first one. Called once. */
  void start();

  /** Why there is no spare, where making one has failed; null while all is well. */
  @Nullable IOException problem();

  /** Asks for a spare, for later. Allocates nothing and does not wait. */
  void prepare();

  /**
   * Waits for the spare, gives it the name {@code name} durably, and hands it over. {@code header} is written first, so
   * that a segment never bears its name without it.
   */
  DiskFile take(ByteBuffer header, String name) throws IOException;

  /** As {@link #take}, but at the start nobody waits for an answer: the first failure is told at once. */
  DiskFile takeFirst(ByteBuffer header, String name) throws IOException;

  /** Ends the making and removes what was made and not taken. */
  @Override
  void close() throws IOException;
}
