package se.valfardskort.authorizer.pipeline;

import java.io.IOException;
import org.agrona.DirectBuffer;

/**
 * The append-only record of commands and their decisions; the authority on what happened.
 *
 * <p>Owned by the journal's thread (the pipeline thread when fused). {@link #append} buffers, {@link #sync} makes all
 * that was appended durable. After either has thrown, the journal refuses everything: the caller must stop without
 * answering, because the records may or may not survive.
 */
public interface Journal extends AutoCloseable {
  /** What a record is, beside its command. */
  enum Kind {
    /** A command and the decision that was applied. */
    DECIDED,
    /** A command on which the engine threw while deciding: kept as evidence, skipped by replay. */
    POISON
  }

  /** Appends one record. Sequences are consecutive. The buffers may be reused after the return. */
  void append(
      Kind kind,
      long sequence,
      long timeMs,
      DirectBuffer command,
      int commandOffset,
      int commandLength,
      DirectBuffer decision,
      int decisionOffset,
      int decisionLength)
      throws IOException;

  /** Returns when every appended record is on stable storage (in mode {@code os}: handed to the kernel). */
  void sync() throws IOException;

  /** Sequence of the last record that is durable; 0 when there is none. */
  long durableSequence();

  @Override
  void close() throws IOException;
}
