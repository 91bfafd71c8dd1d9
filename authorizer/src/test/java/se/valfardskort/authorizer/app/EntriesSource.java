package se.valfardskort.authorizer.app;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.RecordedRun;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;
import se.valfardskort.authorizer.pipeline.Position;

/** A journal in memory. */
final class EntriesSource implements JournalSource {
  private final List<RecordedRun.Entry> entries;
  private long read;

  EntriesSource(List<RecordedRun.Entry> entries) {
    this.entries = entries;
  }

  @Override
  public Position readAll(Visitor visitor) {
    JournalRecord record = new JournalRecord();
    Position last = Position.START;
    for (RecordedRun.Entry entry : entries) {
      byte[] both = new byte[entry.command().length + entry.decision().length];
      System.arraycopy(entry.command(), 0, both, 0, entry.command().length);
      System.arraycopy(entry.decision(), 0, both, entry.command().length, entry.decision().length);
      read++;
      record.sequence = read;
      record.timeMs = entry.timeMs();
      record.engineVersion = Core.VERSION;
      record.buffer = new UnsafeBuffer(both);
      record.commandOffset = 0;
      record.commandLength = entry.command().length;
      record.decisionOffset = entry.command().length;
      record.decisionLength = entry.decision().length;
      visitor.record(record);
      last = new Position(read, entry.timeMs());
    }
    return last;
  }

  @Override
  public long bytesRead() {
    return read;
  }

  @Override
  public long bytesTotal() {
    return entries.size();
  }
}
