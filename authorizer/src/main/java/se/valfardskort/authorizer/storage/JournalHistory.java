package se.valfardskort.authorizer.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.CommandKeys;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.JournalRecord;
import se.valfardskort.authorizer.pipeline.JournalSearch;
import se.valfardskort.authorizer.storage.SegmentKeys.Gathered;
import se.valfardskort.authorizer.storage.SegmentKeys.Kind;

/**
 * Finds records of a card, or with a DE 37, in a journal that is being written.
 *
 * <p>Each closed segment has an index beside the journal ({@link HistoryFile}), made by the follower, or by the first
 * look that misses it; the newest segment is read through, so that what was appended a moment ago is found. An index
 * that is missing, damaged or of another segment is made anew. Nothing but a segment's own records is believed: each
 * that is shown was read there, CRC and all.
 *
 * <p>Any thread; one look at a time. A look needs the entries of one segment in memory, 16 bytes a record, and makes at
 * most {@value #MOST_MADE} indexes; older segments without one then wait for the next look, or the follower.
 */
public final class JournalHistory implements JournalSearch {
  static final int MOST_MADE = 8;

  private static final int READ_AT_ONCE = 1 << 20;
  private static final String LOCK = "lock";

  private final Disk journal;
  private final Disk indexes;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final JournalRecord record = new JournalRecord();
  private @Nullable SegmentWindow stream;
  private @Nullable SegmentWindow single;

  /**
   * Takes what it needs.
   *
   * @param journal only read
   * @param indexes a folder of their own
   */
  public JournalHistory(Disk journal, Disk indexes) {
    this.journal = journal;
    this.indexes = indexes;
  }

  @Override
  public Result ofCard(DirectBuffer token, int offset, int most, Predicate<JournalRecord> wanted) throws IOException {
    return find(Kind.CARD, SegmentKeys.hashOfToken(token, offset), most, found -> {
      int at = CommandKeys.tokenOffset(found.buffer, found.commandOffset);
      return at != CommandKeys.NONE
          && isSame(found.buffer, at, token, offset, CommandKeys.TOKEN_LENGTH)
          && wanted.test(found);
    });
  }

  @Override
  public Result ofRrn(String rrn, int most) throws IOException {
    UnsafeBuffer sought = new UnsafeBuffer(rrn.getBytes(StandardCharsets.US_ASCII));
    if (sought.capacity() != CommandKeys.RRN_LENGTH) {
      throw new IllegalArgumentException("DE 37 has " + CommandKeys.RRN_LENGTH + " characters");
    }
    return find(Kind.RRN, SegmentKeys.hashOfRrn(sought, 0), most, found -> {
      int at = CommandKeys.rrnOffset(found.buffer, found.commandOffset);
      return at != CommandKeys.NONE && isSame(found.buffer, at, sought, 0, CommandKeys.RRN_LENGTH);
    });
  }

  private static boolean isSame(DirectBuffer one, int oneAt, DirectBuffer other, int otherAt, int length) {
    for (int i = 0; i < length; i++) {
      if (one.getByte(oneAt + i) != other.getByte(otherAt + i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Result ofSequence(long sequence) throws IOException {
    oneAtATime.lock();
    try {
      List<JournalFormat.SegmentName> segments = JournalFolder.segmentsOf(journal);
      long oldest = segments.isEmpty() ? 1 : segments.getFirst().firstSequence();
      for (JournalFormat.SegmentName segment : segments.reversed()) {
        if (segment.firstSequence() <= sequence) {
          return new Result(recordsUpTo(segment, sequence), oldest, true);
        }
      }
      return new Result(List.of(), oldest, true);
    } finally {
      oneAtATime.unlock();
    }
  }

  private List<JournalRecord> recordsUpTo(JournalFormat.SegmentName segment, long sequence) throws IOException {
    SegmentWindow window = stream();
    try (DiskFile file = journal.open(segment.name())) {
      window.open(file);
      for (long at = JournalFormat.SEGMENT_HEADER_LENGTH; window.parse(at, record) == null; at += window.length()) {
        if (record.sequence == sequence && !window.isSeal()) {
          return List.of(record.copy());
        }
      }
    } catch (NoSuchFileException pruned) {
      return List.of();
    }
    return List.of();
  }

  private Result find(Kind kind, int hash, int most, Predicate<JournalRecord> wanted) throws IOException {
    oneAtATime.lock();
    try {
      List<JournalFormat.SegmentName> segments = JournalFolder.segmentsOf(journal);
      List<JournalRecord> found = new ArrayList<>();
      long from = 1;
      long next = Long.MAX_VALUE;
      int made = 0;
      for (JournalFormat.SegmentName segment : segments.reversed()) {
        boolean live = next == Long.MAX_VALUE;
        try (DiskFile file = journal.open(segment.name())) {
          int crc = headerCrc(file);
          Found kept = live ? null : findKept(file, segment, next - 1, crc, kind, hash, most - found.size(), wanted);
          if (kept == null && !live && made++ == MOST_MADE) {
            return new Result(List.copyOf(found), from, false);
          }
          Found here = kept != null
              ? kept
              : findIn(file, gather(file, segment, live ? -1 : next - 1, crc), kind, hash, most - found.size(), wanted);
          found.addAll(here.records);
        } catch (NoSuchFileException pruned) {
          break;
        }
        next = segment.firstSequence();
        from = next;
        if (found.size() == most) {
          break;
        }
      }
      return new Result(List.copyOf(found), from, true);
    } finally {
      oneAtATime.unlock();
    }
  }

  /** What a segment has. */
  private record Found(List<JournalRecord> records) {}

  /** Looks in the index that is there; null: there is none that fits. */
  private @Nullable Found findKept(
      DiskFile file,
      JournalFormat.SegmentName segment,
      long last,
      int crc,
      Kind kind,
      int hash,
      int most,
      Predicate<JournalRecord> wanted)
      throws IOException {
    try (HistoryFile keys = HistoryFile.open(indexes, segment, last, crc)) {
      return findIn(file, keys, kind, hash, most, wanted);
    } catch (NoSuchFileException | HistoryFile.UnfitException absent) {
      return null;
    }
  }

  private Found findIn(
      DiskFile file, SegmentKeys keys, Kind kind, int hash, int most, Predicate<JournalRecord> wanted)
      throws IOException {
    List<JournalRecord> found = new ArrayList<>();
    SegmentWindow window = single();
    window.open(file);
    for (long i = keys.lastOf(kind, hash); i >= 0 && found.size() < most; i--) {
      long entry = keys.at(kind, i);
      if (SegmentKeys.hashOf(entry) != hash) {
        break;
      }
      String wrong = window.parse(SegmentKeys.offsetOf(entry), record);
      if (wrong != null) {
        throw new HistoryFile.UnfitException("no record lies where the index says: " + wrong);
      }
      if (wanted.test(record)) {
        found.add(record.copy());
      }
    }
    return new Found(found);
  }

  /** Reads a segment through, and keeps its index where it is closed. */
  private Gathered gather(DiskFile file, JournalFormat.SegmentName segment, long last, int crc) throws IOException {
    Gathered keys = new Gathered();
    SegmentWindow window = stream();
    window.open(file);
    long at = JournalFormat.SEGMENT_HEADER_LENGTH;
    for (; window.parse(at, record) == null; at += window.length()) {
      if (!window.isSeal()) {
        keys.add(record, at);
      }
    }
    keys.sort();
    if (last >= 0) {
      // A segment without a record ends where the one before it does.
      long ends = Math.max(keys.lastSequence(), segment.firstSequence() - 1);
      if (ends != last) {
        throw new JournalDamagedException(
            journal.describe(segment.name()) + ", offset " + at + ": no sound record of sequence " + (ends + 1)
                + " stands here, though the next segment begins behind it; './run journal verify' says more");
      }
      if (keys.lastSequence() == last) {
        keep(segment, crc, keys);
      }
    }
    return keys;
  }

  /** Where it cannot be kept, or another process is at it, the next look reads the segment again. */
  private void keep(JournalFormat.SegmentName segment, int crc, Gathered keys) {
    String name = HistoryFile.nameOf(segment);
    String unfinished = name + JournalFolder.TEMPORARY;
    try (Closeable _ = indexes.lock(LOCK)) {
      indexes.delete(unfinished);
      try (DiskFile file = indexes.create(unfinished)) {
        HistoryFile.write(file, segment, crc, keys);
      }
      indexes.rename(unfinished, name);
    } catch (IOException notKept) {
      return;
    }
  }

  private static int headerCrc(DiskFile file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(JournalFormat.SEGMENT_HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    DiskIo.readFully(file, header, 0);
    return header.getInt(JournalFormat.SEGMENT_CRC_AT);
  }

  /**
   * Makes the indexes that closed segments lack, and removes those whose segments are gone. For the follower.
   *
   * @return how many were made
   */
  public int keepUp() throws IOException {
    oneAtATime.lock();
    try {
      removeLeftOver();
      List<JournalFormat.SegmentName> segments = JournalFolder.segmentsOf(journal);
      int made = 0;
      for (int i = 0; i + 1 < segments.size(); i++) {
        made += keepUp(segments.get(i), segments.get(i + 1).firstSequence() - 1) ? 1 : 0;
      }
      return made;
    } finally {
      oneAtATime.unlock();
    }
  }

  private boolean keepUp(JournalFormat.SegmentName segment, long last) throws IOException {
    try (DiskFile file = journal.open(segment.name())) {
      int crc = headerCrc(file);
      if (isKept(segment, last, crc)) {
        return false;
      }
      gather(file, segment, last, crc);
      return true;
    } catch (NoSuchFileException pruned) {
      return false;
    }
  }

  private boolean isKept(JournalFormat.SegmentName segment, long last, int crc) throws IOException {
    try (HistoryFile kept = HistoryFile.open(indexes, segment, last, crc)) {
      return kept.count(Kind.CARD) >= 0;
    } catch (NoSuchFileException | HistoryFile.UnfitException absent) {
      return false;
    }
  }

  /** Removes the indexes of segments that are gone: retention follows the journal's. */
  public void removeLeftOver() throws IOException {
    List<String> segments =
        JournalFolder.segmentsOf(journal).stream().map(JournalFormat.SegmentName::name).toList();
    for (String name : indexes.list()) {
      boolean index = name.endsWith(HistoryFile.SUFFIX);
      if (index && !segments.contains(name.substring(0, name.length() - HistoryFile.SUFFIX.length()))) {
        indexes.delete(name);
      }
    }
  }

  private SegmentWindow stream() {
    SegmentWindow window = stream;
    if (window == null) {
      window = new SegmentWindow(READ_AT_ONCE);
      stream = window;
    }
    return window;
  }

  private SegmentWindow single() {
    SegmentWindow window = single;
    if (window == null) {
      window = new SegmentWindow(0);
      single = window;
    }
    return window;
  }
}
