package se.valfardskort.authorizer.engine;

import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.sbe.snapshot.EngineTotalsEncoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.RowsEncoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SectionEncoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SnapshotEndEncoder;

/** Frames for {@link EngineSnapshot}. Owned by the thread that owns the engine. */
final class StateWriter {
  private static final int ROWS_AT = MessageHeaderEncoder.ENCODED_LENGTH + RowsEncoder.BLOCK_LENGTH;

  /** Of a sparse table, after so many rows it is looked again whether some may be left out. */
  private static final int ROWS_BETWEEN_LOOKS = 64;

  private final StateOutput out;
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final EngineTotalsEncoder totals = new EngineTotalsEncoder();
  private final SectionEncoder section = new SectionEncoder();
  private final RowsEncoder rowsMessage = new RowsEncoder();
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

  StateWriter(StateOutput out) {
    this.out = out;
  }

  /** To be filled in and given to {@link #put}. */
  EngineTotalsEncoder totals() {
    return totals.wrapAndApplyHeader(out.frame(), 0, header);
  }

  void put(EngineTotalsEncoder filled) throws IOException {
    out.put(MessageHeaderEncoder.ENCODED_LENGTH + filled.encodedLength());
  }

  /** Writes the first {@code count} rows of a table. */
  void table(StateTable table, Rows rows, int count) throws IOException {
    int rowLength = rows.rowLength();
    begin(table, rowLength, count);
    int most = (StateOutput.FRAME_CAPACITY - ROWS_AT) / rowLength;
    int first = 0;
    while (first < count) {
      first = table.sparse ? skipNothing(rows, first, count) : first;
      int number = Math.min(table.sparse ? Math.min(most, ROWS_BETWEEN_LOOKS) : most, count - first);
      int at = beginRows(first, number);
      for (int id = first; id < first + number; id++) {
        rows.wrap(row, id);
        out.frame().putBytes(at, row, 0, rowLength);
        at += rowLength;
      }
      out.put(at);
      first += number;
    }
  }

  /** Returns the first row from {@code first} on that is more than zeros, at most the last of {@code count}. */
  private int skipNothing(Rows rows, int first, int count) {
    int id = first;
    rows.wrap(row, id);
    while (id < count - 1 && Rows.isNothing(row, 0, rows.rowLength())) {
      id++;
      rows.wrap(row, id);
    }
    return id;
  }

  /** Writes bytes as a table of rows of one byte. */
  void bytes(StateTable table, byte[] bytes) throws IOException {
    begin(table, 1, bytes.length);
    int most = StateOutput.FRAME_CAPACITY - ROWS_AT;
    for (int first = 0; first < bytes.length; first += most) {
      int number = Math.min(most, bytes.length - first);
      int at = beginRows(first, number);
      out.frame().putBytes(at, bytes, first, number);
      out.put(at + number);
    }
  }

  void end(long stateHash) throws IOException {
    SnapshotEndEncoder end = new SnapshotEndEncoder().wrapAndApplyHeader(out.frame(), 0, header).stateHash(stateHash);
    out.put(MessageHeaderEncoder.ENCODED_LENGTH + end.encodedLength());
  }

  private void begin(StateTable table, int rowLength, int count) throws IOException {
    section
        .wrapAndApplyHeader(out.frame(), 0, header)
        .name(table.title)
        .layout(table.layout)
        .rowLength(rowLength)
        .rows(count);
    out.put(MessageHeaderEncoder.ENCODED_LENGTH + section.encodedLength());
  }

  /** Returns where the first row goes. */
  private int beginRows(int first, int number) {
    rowsMessage.wrapAndApplyHeader(out.frame(), 0, header).firstRow(first).rows(number);
    return ROWS_AT;
  }
}
