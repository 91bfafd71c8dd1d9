package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * The {@link SegmentKeys} of a closed segment as a file, {@code <name of the segment>.idx}, format version 1. All
 * numbers are little-endian. One thread.
 *
 * <pre>
 *   header, 4,096 bytes
 *   0               8        12        16              24              32        36
 *   +---------------+---------+---------+---------------+---------------+---------+---------+
 *   | "VKHISTRY"    | version | segment | firstSequence | lastSequence  | cards   | rrns    |
 *   +---------------+---------+---------+---------------+---------------+---------+---------+
 *   40              44                                            4092     4096
 *   +---------------+-----------------------------------------------+---------+
 *   | CRC32C of the | 0                                             | CRC32C  |  of bytes 0 to 4091
 *   | segment's header                                              |         |
 *   +---------------+-----------------------------------------------+---------+
 *
 *   then pages of 4,096 bytes: 511 entries of 8 bytes, 4 bytes 0, CRC32C of bytes 0 to 4091 of the page;
 *   first those of cards, then, on a page of their own, those of DE 37
 * </pre>
 *
 * <p>A look reads a dozen pages and no more. What is damaged is made anew from the segment, which is the truth.
 */
final class HistoryFile implements SegmentKeys {
  static final String SUFFIX = ".idx";

  /** Not what its segment would make. */
  static final class UnfitException extends IOException {
    private static final long serialVersionUID = 1;

    UnfitException(String message) {
      super(message);
    }
  }

  /** "VKHISTRY" read as a little-endian long. */
  private static final long MAGIC = 0x5952_5453_4948_4B56L;
  private static final int VERSION = 1;
  private static final int PAGE = 4096;
  private static final int CRC_AT = PAGE - 4;
  private static final int ENTRIES = 511;
  private static final int LAST_SEQUENCE_AT = 24;
  private static final int CARDS_AT = 32;
  private static final int RRNS_AT = 36;
  private static final int SEGMENT_CRC_AT = 40;
  private static final int PAGES_AT_ONCE = 64;

  private final DiskFile file;
  private final String where;
  private final ByteBuffer page = buffer(PAGE);
  private long loaded = -1;
  private final int[] counts = new int[2];

  private HistoryFile(DiskFile file, String where) {
    this.file = file;
    this.where = where;
  }

  static String nameOf(JournalFormat.SegmentName segment) {
    return segment.name() + SUFFIX;
  }

  private static ByteBuffer buffer(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Opens the file of a segment.
   *
   * @param last sequence that the segment ends with
   * @param segmentCrc that the segment's own header has
   * @throws UnfitException when it is not whole, or of another segment
   */
  static HistoryFile open(Disk disk, JournalFormat.SegmentName segment, long last, int segmentCrc)
      throws IOException {
    String name = nameOf(segment);
    DiskFile file = disk.open(name);
    boolean sound = false;
    try {
      HistoryFile opened = new HistoryFile(file, disk.describe(name));
      opened.readHeader(segment, last, segmentCrc);
      sound = true;
      return opened;
    } finally {
      if (!sound) {
        file.close();
      }
    }
  }

  private void readHeader(JournalFormat.SegmentName segment, long last, int segmentCrc) throws IOException {
    load(0);
    boolean fits = page.getLong(JournalFormat.SEGMENT_MAGIC_AT) == MAGIC
        && page.getInt(JournalFormat.SEGMENT_VERSION_AT) == VERSION
        && page.getInt(JournalFormat.SEGMENT_NUMBER_AT) == segment.number()
        && page.getLong(JournalFormat.SEGMENT_FIRST_SEQUENCE_AT) == segment.firstSequence()
        && page.getLong(LAST_SEQUENCE_AT) == last
        && page.getInt(SEGMENT_CRC_AT) == segmentCrc;
    counts[0] = page.getInt(CARDS_AT);
    counts[1] = page.getInt(RRNS_AT);
    if (!fits || Math.min(counts[0], counts[1]) < 0
        || file.size() != PAGE * (1 + pages(counts[0]) + pages(counts[1]))) {
      throw new UnfitException(where + " is not the index of its segment");
    }
  }

  private static long pages(int count) {
    return (count + ENTRIES - 1L) / ENTRIES;
  }

  @Override
  public long count(Kind kind) {
    return counts[kind.place];
  }

  @Override
  public long at(Kind kind, long index) throws IOException {
    load(1 + (kind == Kind.CARD ? 0 : pages(counts[0])) + index / ENTRIES);
    return page.getLong((int) (index % ENTRIES) * Long.BYTES);
  }

  private void load(long number) throws IOException {
    if (number == loaded) {
      return;
    }
    loaded = -1;
    page.clear();
    if (DiskIo.readFully(file, page, number * PAGE) < PAGE || page.getInt(CRC_AT) != crc(page, 0)) {
      throw new UnfitException(where + ", page " + number + ": it is cut off, or its CRC is wrong");
    }
    loaded = number;
  }

  private static int crc(ByteBuffer bytes, int start) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(start + CRC_AT).position(start));
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Writes all of it, synced; the name is not forced. */
  static void write(DiskFile file, JournalFormat.SegmentName segment, int segmentCrc, Gathered keys)
      throws IOException {
    ByteBuffer header = buffer(PAGE);
    header.putLong(JournalFormat.SEGMENT_MAGIC_AT, MAGIC);
    header.putInt(JournalFormat.SEGMENT_VERSION_AT, VERSION);
    header.putInt(JournalFormat.SEGMENT_NUMBER_AT, segment.number());
    header.putLong(JournalFormat.SEGMENT_FIRST_SEQUENCE_AT, segment.firstSequence());
    header.putLong(LAST_SEQUENCE_AT, keys.lastSequence());
    header.putInt(CARDS_AT, (int) keys.count(Kind.CARD));
    header.putInt(RRNS_AT, (int) keys.count(Kind.RRN));
    header.putInt(SEGMENT_CRC_AT, segmentCrc);
    header.putInt(CRC_AT, crc(header, 0));
    DiskIo.writeFully(file, header, 0);
    long at = PAGE;
    for (Kind kind : Kind.values()) {
      at = writeEntries(file, at, kind, keys);
    }
    file.force();
  }

  private static long writeEntries(DiskFile file, long from, Kind kind, Gathered keys) throws IOException {
    ByteBuffer pages = buffer(PAGES_AT_ONCE * PAGE);
    long at = from;
    long count = keys.count(kind);
    for (long first = 0; first < count; first += ENTRIES) {
      int start = pages.position();
      for (int i = 0; i < ENTRIES && first + i < count; i++) {
        pages.putLong(start + i * Long.BYTES, keys.at(kind, first + i));
      }
      pages.putInt(start + CRC_AT, crc(pages, start));
      pages.position(start + PAGE);
      if (!pages.hasRemaining() || first + ENTRIES >= count) {
        int length = pages.position();
        DiskIo.writeFully(file, pages.flip(), at);
        at += length;
        pages = buffer(PAGES_AT_ONCE * PAGE);
      }
    }
    return at;
  }
}
