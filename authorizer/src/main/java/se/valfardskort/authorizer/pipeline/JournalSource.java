package se.valfardskort.authorizer.pipeline;

import java.io.IOException;

/** All that the journal holds, oldest first, verified on the way. Owned by the thread that recovers. */
public interface JournalSource {
  /** Takes one record after the other. */
  @FunctionalInterface
  interface Visitor {
    /** The record is valid until the return. */
    void record(JournalRecord record);

    /** All records have been shown; called before a torn tail is cut off, and only then. */
    default void end() throws IOException {}
  }

  /**
   * Reads everything.
   *
   * @return the last record's place
   * @throws IOException when the journal is damaged in a way that is not a torn tail, or cannot be read; the message
   *     says file, offset, sequence, what is wrong and how to mend it
   */
  Position readAll(Visitor visitor) throws IOException;

  /** Bytes read so far, for progress. */
  long bytesRead();

  /** Bytes there are to read, roughly, for progress. */
  long bytesTotal();
}
