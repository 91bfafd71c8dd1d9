package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSource;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Skips;

/**
 * Reads all segments in their order and believes none of them: magic, version, CRC, sequence, epoch, durable marks.
 *
 * <p>Owned by the thread that reads: the one that starts the application, before {@link FileJournal} is opened, or that
 * of a report beside a running instance. A bad record is a torn tail only if nothing valid follows it and it lies past
 * the durable mark (architecture.md section 4): then, when recovering, the tail is cut off, durably, so that the next
 * reading finds a whole journal. Anything else refuses.
 *
 * <p>What lies past the durable mark is written once more before it is believed: after a sync that failed, the kernel
 * shows bytes that are not on the disk and that no later sync would write.
 *
 * <p>Where the folder has a key, each seal is checked too ({@link SealChain}), and the seals that anchor and witness
 * name must be met.
 */
public final class JournalReader implements JournalSource {
  /** What to do where the whole records end. */
  public enum Mode {
    /** Cut it off, and trim the preallocated zeros, both durably. */
    RECOVER,
    /** Leave every byte as it is. */
    INSPECT,
    /**
     * The same, while another instance writes, stops and starts again: past every durable mark, what is not whole yet
     * ends the reading.
     */
    FOLLOW,
    /** Leave every byte as it is, and the last segment aside, to which another instance may be writing. */
    CLOSED
  }

  /**
   * What the reading found.
   *
   * @param end place of the last record
   * @param lastSegment number of the last segment; 0: none
   * @param lastEpoch of the last segment; 0: none
   * @param segments how many there are
   * @param tornBytes length of the torn tail, from its first bad byte to its last byte that is not zero; 0: none
   * @param tornAt where it began, for the log; empty: there was none
   * @param seals the chain as it goes on; null: of a journal without seals, or of an empty folder
   */
  public record Tail(
      Position end,
      int lastSegment,
      int lastEpoch,
      int segments,
      long tornBytes,
      String tornAt,
      @Nullable SealChain seals) {
    /** Of an empty folder. */
    public static final Tail EMPTY = new Tail(Position.START, 0, 0, 0, 0, "", null);
  }

  /**
   * What of the journal is under seals.
   *
   * @param seals how many there are; where the beginning was pruned, the first is the place from which on they say
   *     something
   * @param to last sequence under a seal; 0: none
   */
  public record Sealing(long seals, long to) {}

  private static final int WINDOW_BYTES = 4 << 20;
  private static final String RESTORE = "Restore this file from the archive or a backup";

  private final JournalFolder folder;
  private final Mode mode;
  private final SnapshotKey start;
  private final SnapshotMatch match;
  private SegmentWindow window = new SegmentWindow(0);
  private final JournalRecord record = new JournalRecord();
  private Tail tail = Tail.EMPTY;
  private Position end;
  private int lastEpoch;
  private int lastSegment;
  private long durableMark;
  /** Where in the present segment begins what no durable mark covers. */
  private long unmarkedFrom;
  /** Where a command's record ended last in this segment: a seal behind it may be one whose sync failed. */
  private long afterLast;
  private long bytesRead;
  private long bytesTotal;
  /** FOLLOW: the marks ahead of the last segment's end have been looked for. */
  private boolean endSettled;
  private final boolean fromOldest;
  private final SealCheck seals;
  private int version;
  private long oldest = 1;

  /** Reads the whole journal of {@code folder}; one whose beginning was pruned is refused. */
  public JournalReader(JournalFolder folder, Mode mode) {
    this(folder, mode, SnapshotKey.START);
  }

  /**
   * Reads what follows a snapshot. Segments that end before it are not looked at and may be gone; where the snapshot's
   * own record is there, the two must agree.
   */
  public JournalReader(JournalFolder folder, Mode mode, SnapshotKey start) {
    this(folder, mode, start, Skips.NOTHING);
  }

  /** As above; where {@code skips} leaves out commands, digests made with them are not compared. */
  public JournalReader(JournalFolder folder, Mode mode, SnapshotKey start, Skips skips) {
    this(folder, mode, start, skips, false);
  }

  private JournalReader(JournalFolder folder, Mode mode, SnapshotKey start, Skips skips, boolean fromOldest) {
    this.folder = folder;
    this.mode = mode;
    this.start = start;
    this.match = new SnapshotMatch(start, skips);
    this.end = start.position();
    this.fromOldest = fromOldest;
    this.durableMark = folder.durableMark();
    this.seals = new SealCheck(folder);
  }

  /** Reads what there is of a journal, from its oldest segment on. */
  public static JournalReader fromOldest(JournalFolder folder, Mode mode) {
    return new JournalReader(folder, mode, SnapshotKey.START, Skips.NOTHING, true);
  }

  /** First sequence that the oldest segment can hold, what is before it was pruned; meaningful after a reading. */
  public long oldest() {
    return oldest;
  }

  /** What was found to be under seals; meaningful after {@link #readAll}, and where the folder has a key. */
  public Sealing sealing() {
    return seals.sealing();
  }

  /** What was found; meaningful after {@link #readAll}. */
  public Tail tail() {
    return tail;
  }

  @Override
  public long bytesRead() {
    return bytesRead;
  }

  @Override
  public long bytesTotal() {
    return bytesTotal;
  }

  @Override
  public Position readAll(Visitor visitor) throws IOException {
    List<JournalFormat.SegmentName> segments = segmentsToRead();
    countBytes(segments);
    begin(segments);
    long tornBytes = 0;
    String tornAt = "";
    for (int i = 0; i < segments.size(); i++) {
      JournalFormat.SegmentName name = segments.get(i);
      boolean last = i == segments.size() - 1 && mode != Mode.CLOSED;
      try (DiskFile file = folder.disk().open(name.name())) {
        window.open(file);
        readHeader(name);
        long validEnd = readRecords(name, last, visitor);
        long dirtyEnd = last ? window.endOfData(validEnd) : validEnd;
        if (dirtyEnd > validEnd) {
          tornBytes = dirtyEnd - validEnd;
          tornAt = folder.disk().describe(name.name()) + " at offset " + validEnd;
        }
        if (last) {
          requireEnd();
        }
        if (last && mode == Mode.RECOVER) {
          visitor.end();
          DiskIo.writeAgain(file, end.sequence() > durableMark ? unmarkedFrom : afterLast, validEnd);
          file.force();
          // A rename that failed may have left the name in the cache alone.
          folder.disk().rename(name.name(), name.name());
          // First that all is durable, then the cut: killed between the two, a start leaves nothing to wonder about.
          folder.anchor(end.sequence(), seals.mark());
          file.truncate(validEnd);
          file.force();
        }
      }
    }
    if (mode == Mode.CLOSED) {
      // A snapshot of a clean stop may be ahead of what is closed.
      end = end.sequence() < start.sequence() ? start.position() : end;
      tail = new Tail(end, lastSegment, lastEpoch, segments.size(), 0, "", seals.chain());
      return end;
    }
    if (segments.isEmpty()) {
      requireEnd();
    }
    tail = new Tail(end, lastSegment, lastEpoch, segments.size(), tornBytes, tornAt, seals.chain());
    return end;
  }

  private void begin(List<JournalFormat.SegmentName> segments) {
    boolean whole = segments.isEmpty() || segments.get(0).number() == 1;
    oldest = segments.isEmpty() ? 1 : segments.get(0).firstSequence();
    if (!whole && fromOldest) {
      lastSegment = segments.get(0).number() - 1;
      end = new Position(segments.get(0).firstSequence() - 1, 0);
    }
    seals.begin(whole);
  }

  /** Before anything is changed: what a snapshot, the anchor and the witness have seen must be there. */
  private void requireEnd() throws IOException {
    requireWholeUpToSnapshot();
    if (end.sequence() < durableMark) {
      throw olderCopy("sequence " + end.sequence(), "sequence " + durableMark);
    }
    long missing = seals.missing();
    if (missing > 0) {
      throw olderCopy("sequence " + end.sequence() + ", without its last seals", "seal " + missing);
    }
  }

  private JournalDamagedException olderCopy(String end, String seen) {
    String witness = folder.describeWitness();
    return new JournalDamagedException(
        "the journal in " + folder.disk().describe("") + " ends at " + end + ", but " + seen + " was on stable storage"
            + (witness.isEmpty() ? "" : " (its anchor, or the witness " + witness + ", has seen it)")
            + ": its end was lost or an older copy was put in its place; restore the newest segments from the archive");
  }

  private List<JournalFormat.SegmentName> segmentsToRead() throws IOException {
    List<JournalFormat.SegmentName> all = folder.segments();
    int until = mode == Mode.CLOSED ? Math.max(0, all.size() - 1) : all.size();
    int from = 0;
    while (from + 1 < until && start.makesDispensable(all.get(from), all.get(from + 1))) {
      from++;
    }
    List<JournalFormat.SegmentName> needed = all.subList(from, until);
    if (start.sequence() > 0 && !needed.isEmpty() && needed.getFirst().firstSequence() <= start.sequence() + 1) {
      lastSegment = needed.getFirst().number() - 1;
      long before = needed.getFirst().firstSequence() - 1;
      end = before == start.sequence() ? start.position() : new Position(before, 0);
    }
    return needed;
  }

  private void requireWholeUpToSnapshot() throws JournalDamagedException {
    if (end.sequence() < start.sequence()) {
      throw new JournalDamagedException(
          "the journal in " + folder.disk().describe("") + " ends at sequence " + end.sequence()
              + ", but there is a snapshot of sequence " + start.sequence()
              + ": its end was lost or an older copy was put in its place; restore the newest segments from the"
              + " archive");
    }
  }

  /** The record of the snapshot's own sequence must be the one that the snapshot was taken after. */
  private void compareWithSnapshot(JournalFormat.SegmentName name, long offset) throws JournalDamagedException {
    String wrong = match.wrong(record);
    if (wrong != null) {
      throw damaged(
          name, offset, wrong, "Files of two journals were mixed: restore journal and snapshots from one backup");
    }
  }

  private void countBytes(List<JournalFormat.SegmentName> segments) throws IOException {
    long largest = 0;
    for (JournalFormat.SegmentName name : segments) {
      try (DiskFile file = folder.disk().open(name.name())) {
        bytesTotal += file.size();
        largest = Math.max(largest, file.size());
      }
    }
    window = new SegmentWindow((int) Math.min(WINDOW_BYTES, largest));
  }

  private void readHeader(JournalFormat.SegmentName name) throws IOException {
    if (!window.load(0, JournalFormat.SEGMENT_HEADER_LENGTH)) {
      throw damaged(name, 0, "the file is shorter than its header", RESTORE);
    }
    ByteBuffer bytes = window.bytes();
    int at = window.index(0);
    if (bytes.getLong(at + JournalFormat.SEGMENT_MAGIC_AT) != JournalFormat.SEGMENT_MAGIC
        || bytes.getInt(at + JournalFormat.SEGMENT_CRC_AT) != JournalFormat.segmentCrc(bytes, at)) {
      throw damaged(name, 0, "its header is not one of a journal segment, or its CRC is wrong", RESTORE);
    }
    int found = bytes.getInt(at + JournalFormat.SEGMENT_VERSION_AT);
    if (found < JournalFormat.UNSEALED || found > JournalFormat.SEALED) {
      throw damaged(name, 0, "it is of format version " + found + ", this program reads versions "
          + JournalFormat.UNSEALED + " to " + JournalFormat.SEALED, "Start the release that wrote it");
    }
    if (found < version) {
      throw damaged(name, 0, "it has no seals, but the segment before it has: it was not written after that", RESTORE);
    }
    version = found;
    long first = bytes.getLong(at + JournalFormat.SEGMENT_FIRST_SEQUENCE_AT);
    int number = bytes.getInt(at + JournalFormat.SEGMENT_NUMBER_AT);
    if (number != name.number() || first != name.firstSequence()) {
      throw damaged(name, 0, "its header says segment " + number + " from sequence " + first, "Undo its renaming");
    }
    if (lastSegment == 0 && number != 1 && start.sequence() == 0) {
      throw damaged(name, 0, "the journal begins with this segment: what was before sequence " + first
          + " was pruned or lost; prune.log in this folder says what was pruned, and where it was archived",
          "Put the archived segments back, or start from a snapshot");
    }
    if (number != lastSegment + 1 || first != end.sequence() + 1) {
      throw damaged(name, 0, "it follows segment " + lastSegment + ", which ends at sequence " + end.sequence()
          + ": what lies between is missing", RESTORE);
    }
    int epoch = bytes.getInt(at + JournalFormat.SEGMENT_EPOCH_AT);
    if (mode == Mode.FOLLOW && epoch > folder.epoch()) {
      // The authorizer has started again since the anchor was read; an epoch is in the anchor before its first segment.
      folder.refresh();
    }
    if (epoch < lastEpoch || epoch > folder.epoch()) {
      throw damaged(name, 0, "its epoch " + epoch + " lies outside " + lastEpoch + " (the segment before) to "
          + folder.epoch() + " (the anchor): two instances wrote, or files of two journals were mixed", RESTORE);
    }
    durableMark = Math.max(durableMark, bytes.getLong(at + JournalFormat.SEGMENT_DURABLE_MARK_AT));
    unmarkedFrom = JournalFormat.SEGMENT_HEADER_LENGTH;
    afterLast = JournalFormat.SEGMENT_HEADER_LENGTH;
    lastSegment = number;
    lastEpoch = epoch;
    bytesRead += JournalFormat.SEGMENT_HEADER_LENGTH;
    seals.cover(window, at, JournalFormat.SEGMENT_HEADER_LENGTH);
    if (version == JournalFormat.SEALED) {
      String wrong = window.parse(JournalFormat.SEGMENT_HEADER_LENGTH, record);
      if (wrong != null || !window.isSeal()) {
        throw damaged(name, JournalFormat.SEGMENT_HEADER_LENGTH, "a segment begins with a seal, which was on stable"
            + " storage before the segment had its name, but " + (wrong == null ? "another record stands here" : wrong),
            RESTORE);
      }
    }
  }

  /** Returns the offset after the last valid record. */
  private long readRecords(JournalFormat.SegmentName name, boolean last, Visitor visitor) throws IOException {
    long offset = JournalFormat.SEGMENT_HEADER_LENGTH;
    while (true) {
      String wrong = window.parse(offset, record);
      if (wrong != null && last && mode == Mode.FOLLOW) {
        if (isLiveEnd(name, offset, wrong)) {
          return offset;
        }
        continue;
      }
      if (wrong != null) {
        if (wrong.equals(SegmentWindow.NOTHING)) {
          long data = window.endOfData(offset);
          if (data == offset) {
            return offset;
          }
          wrong = "zeros stand where a record should, and other bytes up to offset " + data;
        }
        requireTornTail(name, last, offset, wrong);
        return offset;
      }
      // Whole and sound, so it was written on purpose: in the wrong place it is never a torn tail.
      String misplaced = misplaced();
      if (misplaced != null) {
        throw damaged(name, offset, "the record is sound, but " + misplaced, RESTORE);
      }
      if (window.isSeal()) {
        checkSeal(name, offset);
      } else if (record.sequence > start.sequence()) {
        visitor.record(record);
      } else if (record.sequence == start.sequence()) {
        compareWithSnapshot(name, offset);
      }
      end = new Position(record.sequence, record.timeMs);
      if (window.durableMark() > durableMark && window.durableMark() == record.sequence - 1) {
        unmarkedFrom = offset;
      }
      seals.cover(window, window.index(offset), window.length());
      durableMark = Math.max(durableMark, window.durableMark());
      offset += window.length();
      bytesRead += window.length();
      afterLast = window.isSeal() ? afterLast : offset;
    }
  }

  private void checkSeal(JournalFormat.SegmentName name, long offset) throws IOException {
    String wrong = seals.wrong(record);
    if (wrong != null) {
      throw damaged(name, offset, wrong,
          "Compare with the archive, restore what differs, and find out who could write here");
    }
  }

  private @Nullable String misplaced() {
    if (record.sequence != end.sequence() + (window.isSeal() ? 0 : 1)) {
      return "its sequence is " + record.sequence;
    }
    if (!window.isKindKnown() || window.version() != version) {
      return "its kind or version is not one of this segment's format";
    }
    if (record.epoch != lastEpoch) {
      return "its epoch is " + record.epoch + ", the segment's is " + lastEpoch;
    }
    if (record.timeMs < end.timeMs()) {
      return "its time " + record.timeMs + " is before the last one's, " + end.timeMs();
    }
    if (window.durableMark() >= record.sequence + (window.isSeal() ? 1 : 0)) {
      return "it says that sequence " + window.durableMark() + " was durable before it";
    }
    return null;
  }

  /**
   * Whether the records of a segment that may be being written end here. What is past the last durable sequence may be
   * missing, half written, or on its way out of order; what is not must stand here.
   *
   * <p>The marks are looked for once, then the records up to them are asked for: an instance that writes faster than
   * this one reads is not chased for ever.
   *
   * @return false: a mark lies ahead, and the bytes here are to be parsed again, since they may have come meanwhile
   * @throws JournalDamagedException when a record is missing that was on stable storage
   */
  private boolean isLiveEnd(JournalFormat.SegmentName name, long offset, String wrong) throws IOException {
    String what = wrong.equals(SegmentWindow.NOTHING) ? "no record stands here" : wrong;
    if (endSettled) {
      if (end.sequence() < durableMark) {
        throw damaged(name, offset, what + ", but sequence " + durableMark + " was on stable storage", RESTORE);
      }
      return true;
    }
    endSettled = true;
    // The marks before the bytes: what a mark counts as durable was written before the mark was.
    window.reload();
    durableMark = Math.max(durableMark, window.highestMark(offset));
    folder.refresh();
    JournalFormat.SegmentName next = segmentAfter(name);
    durableMark = Math.max(durableMark, next == null ? folder.durableMark() : next.firstSequence() - 1);
    if (end.sequence() < durableMark) {
      window.reload();
      return false;
    }
    if (next == null) {
      requireUncut(name, offset, what);
    }
    return true;
  }

  private JournalFormat.@Nullable SegmentName segmentAfter(JournalFormat.SegmentName name) throws IOException {
    for (JournalFormat.SegmentName each : folder.segments()) {
      if (each.number() > name.number()) {
        return each;
      }
    }
    return null;
  }

  /**
   * A segment keeps the length it was made with, a multiple of whole pages, until a stop trims it to its last record
   * and says so in the anchor: where the file ends otherwise, somebody shortened it.
   */
  private void requireUncut(JournalFormat.SegmentName name, long offset, String what) throws IOException {
    boolean within = what.equals(SegmentWindow.CUT_HEADER) || what.equals(SegmentWindow.CUT_RECORD);
    boolean behind = window.fileSize() <= offset
        && window.fileSize() % JournalSettings.SMALLEST_SEGMENT != 0
        && folder.durableMark() < end.sequence();
    if (within || behind) {
      throw damaged(name, offset, (within ? what : "the file ends here") + ", but a segment keeps its length until the"
          + " authorizer has stopped and noted its end: it was cut off", "If the authorizer is starting or stopping"
          + " right now, read again; else restore this file from the archive or a backup");
    }
  }

  private void requireTornTail(JournalFormat.SegmentName name, boolean last, long offset, String wrong)
      throws IOException {
    if (!last) {
      throw damaged(name, offset, wrong + ", and later segments follow", RESTORE);
    }
    long valid = window.nextValid(offset + JournalFormat.ALIGNMENT);
    if (valid >= 0) {
      throw damaged(name, offset, wrong + ", but a valid record follows at offset " + valid
          + ": this is damage, not a write that a crash cut short", RESTORE
          + ". Only if a power failure tore the last batch (the last sequence known durable is " + durableMark
          + "): keep a copy of the file and shorten it to " + offset + " bytes");
    }
    if (end.sequence() < durableMark) {
      throw damaged(name, offset, wrong + ", but sequence " + durableMark + " was on stable storage", RESTORE);
    }
  }

  private JournalDamagedException damaged(
      JournalFormat.SegmentName name, long offset, String what, String mend) {
    return new JournalDamagedException(
        folder.disk().describe(name.name()) + ", offset " + offset + ", where sequence " + (end.sequence() + 1)
            + " is expected: " + what + ". " + mend + ". Nothing was changed.");
  }
}
