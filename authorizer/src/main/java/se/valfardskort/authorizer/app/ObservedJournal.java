package se.valfardskort.authorizer.app;

import java.io.IOException;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;
import se.valfardskort.authorizer.pipeline.Position;

/** Looks over a replay's shoulder: sees every record after the replay has taken it. Owned by the reading thread. */
abstract class ObservedJournal implements JournalSource {
  private final JournalSource source;

  ObservedJournal(JournalSource source) {
    this.source = source;
  }

  /** Takes note of a record; it is valid during the call alone. */
  abstract void note(JournalRecord record);

  @Override
  public final Position readAll(Visitor visitor) throws IOException {
    return source.readAll(record -> {
      visitor.record(record);
      note(record);
    });
  }

  @Override
  public final long bytesRead() {
    return source.bytesRead();
  }

  @Override
  public final long bytesTotal() {
    return source.bytesTotal();
  }
}
