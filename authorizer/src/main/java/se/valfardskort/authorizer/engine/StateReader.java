package se.valfardskort.authorizer.engine;

import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.snapshot.EngineTotalsDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.MessageHeaderDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.RowsDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SectionDecoder;
import se.valfardskort.authorizer.engine.sbe.snapshot.SnapshotEndDecoder;

/**
 * Reads what {@link StateWriter} wrote, or an older one did. Owned by the thread that owns the engine.
 *
 * <p>Whoever calls has proof that the bytes are those that were written: what cannot be is a defect, not damage.
 */
final class StateReader {
  private static final String NEWER =
      ": a newer release wrote it. Start that release, or restore an older copy of the data folder";

  private final StateInput in;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final EngineTotalsDecoder totals = new EngineTotalsDecoder();
  private final SectionDecoder section = new SectionDecoder();
  private final RowsDecoder rowsMessage = new RowsDecoder();
  private final UnsafeBuffer row = new UnsafeBuffer(0, 0);
  private boolean asWrittenNow = true;

  /** Of the totals' block, as written. */
  private int totalsLength;

  /** Of the table that began last. */
  private int tableRows;

  private int rowLength;

  StateReader(StateInput in) {
    this.in = in;
  }

  /** Whether every table so far has the layout of this release. */
  boolean isAsWrittenNow() {
    return asWrittenNow;
  }

  EngineTotalsDecoder totals() throws IOException {
    next(EngineTotalsDecoder.TEMPLATE_ID);
    totalsLength = header.blockLength();
    return totals.wrapAndApplyHeader(in.frame(), 0, header);
  }

  /**
   * Whether the totals go as far as the field at that offset. Programs of one schema version that is not released yet
   * may differ in what they append to it.
   */
  boolean hasTotal(int encodingOffset) {
    return encodingOffset < totalsLength;
  }

  /** Makes one of today's rows of one that was written by an older release, in an older layout. */
  interface OlderRows {
    /** Bytes that a row has at most, in any older layout. */
    int longest();

    /**
     * Fills a row.
     *
     * @param row all zeros
     * @param written where the older row stands, at {@code offset}, with {@code length} bytes
     */
    void read(int id, UnsafeBuffer row, DirectBuffer written, int offset, int length);
  }

  /** Reads a table into {@code rows}, whose rows may be longer than those written. */
  void table(StateTable table, Rows rows, int count) throws IOException {
    table(table, rows, count, null);
  }

  /**
   * The same of a table in which appending bytes was not the only change.
   *
   * @param older for rows of an older layout; null: bytes were only appended
   */
  void table(StateTable table, Rows rows, int count, @Nullable OlderRows older) throws IOException {
    begin(table, rows.rowLength(), older == null ? rows.rowLength() : older.longest(), count);
    OlderRows upgrade = section.layout() == table.layout ? null : older;
    for (int id = 0; id < count; ) {
      int number = nextRows(table, id);
      DirectBuffer frame = in.frame();
      int at = rowsMessage.limit();
      id = rowsMessage.firstRow();
      for (int end = id + number; id < end; id++) {
        // A row of zeros stands already: not writing it leaves memory alone that nothing has touched.
        if (!Rows.isNothing(frame, at, rowLength)) {
          rows.wrap(row, id);
          if (upgrade == null) {
            row.putBytes(0, frame, at, rowLength);
          } else {
            upgrade.read(id, row, frame, at, rowLength);
          }
        }
        at += rowLength;
      }
    }
  }

  byte[] bytes(StateTable table, int count) throws IOException {
    begin(table, 1, 1, count);
    byte[] bytes = new byte[count];
    for (int first = 0; first < count; ) {
      int number = nextRows(table, first);
      in.frame().getBytes(rowsMessage.limit(), bytes, first, number);
      first += number;
    }
    return bytes;
  }

  /** Returns the hash over the state that was written. */
  long end() throws IOException {
    next(SnapshotEndDecoder.TEMPLATE_ID);
    return new SnapshotEndDecoder().wrapAndApplyHeader(in.frame(), 0, header).stateHash();
  }

  /** @param longestOlder bytes that a row has at most in an older layout */
  private void begin(StateTable table, int longestNow, int longestOlder, int count) throws IOException {
    next(SectionDecoder.TEMPLATE_ID);
    section.wrapAndApplyHeader(in.frame(), 0, header);
    if (section.layout() > table.layout) {
      throw new StateMisfitException(
          "its table '" + table.title + "' has layout " + section.layout() + ", this program reads up to "
              + table.layout + NEWER);
    }
    boolean same = section.layout() == table.layout;
    asWrittenNow &= same;
    int longest = same ? longestNow : longestOlder;
    if (!section.name().equals(table.title) || section.rows() != count || section.rowLength() > longest) {
      throw new IllegalStateException(
          "a table '" + section.name() + "' of " + section.rows() + " rows of " + section.rowLength()
              + " bytes stands where '" + table.title + "' of " + count + " rows of at most " + longest + " should");
    }
    tableRows = section.rows();
    rowLength = section.rowLength();
  }

  /** Returns how many rows follow the message just read. */
  private int nextRows(StateTable table, int first) throws IOException {
    int length = next(RowsDecoder.TEMPLATE_ID);
    rowsMessage.wrapAndApplyHeader(in.frame(), 0, header);
    int number = rowsMessage.rows();
    int from = rowsMessage.firstRow();
    long end = rowsMessage.limit() + (long) number * rowLength;
    boolean inOrder = table.sparse ? from >= first && from < tableRows : from == first;
    if (!inOrder || number < 1 || number > tableRows - from || end > length) {
      throw new IllegalStateException(
          number + " rows from " + from + " on stand where row " + first + " of " + tableRows
              + " of '" + table.title + "' should");
    }
    return number;
  }

  private int next(int template) throws IOException {
    int length = in.next();
    header.wrap(in.frame(), 0);
    if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
      throw new IllegalStateException("a frame of schema " + header.schemaId() + " is none of a snapshot");
    }
    if (header.version() > MessageHeaderDecoder.SCHEMA_VERSION) {
      throw new StateMisfitException(
          "it is of schema version " + header.version() + ", this program reads up to "
              + MessageHeaderDecoder.SCHEMA_VERSION + NEWER);
    }
    if (header.templateId() != template) {
      throw new IllegalStateException("a frame of kind " + header.templateId() + " stands where one of kind " + template
          + " should");
    }
    return length;
  }
}
