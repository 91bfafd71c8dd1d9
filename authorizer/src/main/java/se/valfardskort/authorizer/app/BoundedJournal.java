package se.valfardskort.authorizer.app;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;
import se.valfardskort.authorizer.pipeline.Position;

/**
 * A journal up to one sequence: what lies behind it is not read, and may be damaged. Somebody may look at each record
 * before and after it is taken. Owned by the reading thread.
 */
final class BoundedJournal implements JournalSource {
  /** Looks over a replay's shoulder; the record is valid during the call alone. */
  interface Watcher {
    /** Before the replay takes it. */
    void before(JournalRecord record);

    /** After the replay has taken it. */
    void after(JournalRecord record);
  }

  /** Ends the reading; carries nothing. */
  private static final class EnoughException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EnoughException() {
      super(null, null, false, false);
    }
  }

  private final JournalSource source;
  private final long to;
  private final @Nullable Watcher watcher;
  private Position last;
  private long handedOver;

  /** @param start place of the last record before those of {@code source} */
  BoundedJournal(JournalSource source, Position start, long to, @Nullable Watcher watcher) {
    this.source = source;
    this.last = start;
    this.to = to;
    this.watcher = watcher;
  }

  /** Sequence of the record that the replay was last given; 0: none. */
  long handedOver() {
    return handedOver;
  }

  @Override
  public Position readAll(Visitor visitor) throws IOException {
    try {
      source.readAll(record -> take(record, visitor));
    } catch (EnoughException ended) {
      // The record that was asked for has been taken.
    }
    return last;
  }

  private void take(JournalRecord record, Visitor visitor) {
    if (record.sequence > to) {
      throw new EnoughException();
    }
    handedOver = record.sequence;
    if (watcher != null) {
      watcher.before(record);
    }
    visitor.record(record);
    if (watcher != null) {
      watcher.after(record);
    }
    last = new Position(record.sequence, record.timeMs);
    if (record.sequence == to) {
      throw new EnoughException();
    }
  }

  @Override
  public long bytesRead() {
    return source.bytesRead();
  }

  @Override
  public long bytesTotal() {
    return source.bytesTotal();
  }
}
