package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.DiskFile;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.JournalRecord;

/**
 * A big read buffer that slides over one segment, and parses records in it. Owned by the reader's thread.
 */
final class SegmentWindow {
  /** Answer of {@link #parse}: no record begins here, only zeros or the end of the file. */
  static final String NOTHING = "nothing";

  /** Answers of {@link #parse}: the file is shorter than what begins here. */
  static final String CUT_HEADER = "the file ends within a record's header";
  static final String CUT_RECORD = "the file ends within a record";

  private final ByteBuffer bytes;
  private final ByteBuffer crcView;
  private final UnsafeBuffer in;
  private final CRC32C crc = new CRC32C();
  private final JournalRecord scratch = new JournalRecord();
  private @Nullable DiskFile file;
  private long fileSize;
  private long windowStart;
  private int windowLength;
  private int length;
  private byte kind;
  private int version;
  private long durableMark;

  SegmentWindow(int capacity) {
    bytes = ByteBuffer.allocateDirect(Math.max(capacity, 2 * JournalFormat.MAXIMUM_RECORD_LENGTH))
        .order(ByteOrder.LITTLE_ENDIAN);
    crcView = bytes.duplicate();
    in = new UnsafeBuffer(bytes);
  }

  void open(DiskFile opened) throws IOException {
    file = opened;
    reload();
  }

  /** Forgets what was read, and how long the file was: another instance may have written or trimmed it since. */
  void reload() throws IOException {
    fileSize = opened().size();
    windowStart = 0;
    windowLength = 0;
  }

  private DiskFile opened() {
    DiskFile source = file;
    if (source == null) {
      throw new IllegalStateException("no segment is open");
    }
    return source;
  }

  /** Length of the file when it was opened or loaded anew. */
  long fileSize() {
    return fileSize;
  }

  ByteBuffer bytes() {
    return bytes;
  }

  /** Where the file's {@code offset} lies in {@link #bytes}. */
  int index(long offset) {
    return Math.toIntExact(offset - windowStart);
  }

  /** Length of the record parsed last, padding included. */
  int length() {
    return length;
  }

  /** Whether the kind of the record parsed last is one of this format. */
  boolean isKindKnown() {
    return kind == JournalFormat.KIND_DECIDED || kind == JournalFormat.KIND_POISON || isSeal();
  }

  /** Whether the record parsed last is a seal. */
  boolean isSeal() {
    return kind == JournalFormat.KIND_SEAL && version == JournalFormat.SEALED;
  }

  /** Format version of the record parsed last. */
  int version() {
    return version;
  }

  /** The bytes last loaded; what {@link #index} speaks of. */
  UnsafeBuffer buffer() {
    return in;
  }

  /** Durable mark of the record parsed last. */
  long durableMark() {
    return durableMark;
  }

  /** Makes {@code count} bytes at {@code offset} readable; false when the file ends before. */
  boolean load(long offset, int count) throws IOException {
    if (offset + count > fileSize) {
      return false;
    }
    if (offset >= windowStart && offset + count <= windowStart + windowLength) {
      return true;
    }
    bytes.clear();
    windowStart = offset;
    windowLength = DiskIo.readFully(opened(), bytes, offset);
    bytes.clear();
    return windowLength >= count;
  }

  /**
   * Parses the record at {@code offset}.
   *
   * @return null when it is whole and sound; {@link #NOTHING}; or what is wrong
   */
  @Nullable String parse(long offset, JournalRecord into) throws IOException {
    if (!load(offset, JournalFormat.RECORD_HEADER_LENGTH)) {
      return endOfData(offset) == offset ? NOTHING : CUT_HEADER;
    }
    int at = index(offset);
    short magic = in.getShort(at + JournalFormat.MAGIC_AT);
    if (magic != JournalFormat.RECORD_MAGIC) {
      return magic == 0 ? NOTHING : "the record's magic is wrong";
    }
    int recordLength = in.getInt(at + JournalFormat.LENGTH_AT);
    int commandLength = Short.toUnsignedInt(in.getShort(at + JournalFormat.COMMAND_LENGTH_AT));
    int decisionLength = Short.toUnsignedInt(in.getShort(at + JournalFormat.DECISION_LENGTH_AT));
    version = in.getByte(at + JournalFormat.VERSION_AT);
    if (version < JournalFormat.UNSEALED
        || version > JournalFormat.SEALED
        || recordLength > JournalFormat.MAXIMUM_RECORD_LENGTH
        || recordLength != JournalFormat.align(
            JournalFormat.RECORD_HEADER_LENGTH + commandLength + decisionLength)) {
      return "the record's version (" + version + ") or length (" + recordLength + ") cannot be";
    }
    if (!load(offset, recordLength)) {
      return CUT_RECORD;
    }
    at = index(offset);
    if (in.getInt(at + JournalFormat.CRC_AT) != JournalFormat.recordCrc(crc, crcView, at, recordLength)) {
      return "the record's CRC is wrong";
    }
    kind = in.getByte(at + JournalFormat.KIND_AT);
    into.kind = kind == JournalFormat.KIND_DECIDED ? Journal.Kind.DECIDED : Journal.Kind.POISON;
    into.sequence = in.getLong(at + JournalFormat.SEQUENCE_AT);
    into.timeMs = in.getLong(at + JournalFormat.TIME_AT);
    into.epoch = in.getInt(at + JournalFormat.EPOCH_AT);
    into.engineVersion = Short.toUnsignedInt(in.getShort(at + JournalFormat.ENGINE_VERSION_AT));
    into.buffer = in;
    into.commandOffset = at + JournalFormat.RECORD_HEADER_LENGTH;
    into.commandLength = commandLength;
    into.decisionOffset = into.commandOffset + commandLength;
    into.decisionLength = decisionLength;
    length = recordLength;
    durableMark = in.getLong(at + JournalFormat.DURABLE_MARK_AT);
    into.durableMark = durableMark;
    return null;
  }

  /** Offset of the first sound record at or after {@code from}, on the records' alignment; -1: none. */
  long nextValid(long from) throws IOException {
    for (long offset = from; load(offset, JournalFormat.RECORD_HEADER_LENGTH); offset += JournalFormat.ALIGNMENT) {
      if (in.getShort(index(offset)) == JournalFormat.RECORD_MAGIC && parse(offset, scratch) == null) {
        return offset;
      }
    }
    return -1;
  }

  /** Highest durable mark of the sound records at or after {@code from}; 0: there is none. */
  long highestMark(long from) throws IOException {
    long highest = 0;
    for (long offset = nextValid(from); offset >= 0; offset = nextValid(offset + length)) {
      highest = Math.max(highest, durableMark);
    }
    return highest;
  }

  /** Offset after the last byte at or after {@code from} that is not zero; {@code from} when all are. */
  long endOfData(long from) throws IOException {
    long end = from;
    long offset = from;
    while (offset < fileSize) {
      int count = (int) Math.min(JournalFormat.MAXIMUM_RECORD_LENGTH, fileSize - offset);
      if (!load(offset, count)) {
        return end;
      }
      int at = index(offset);
      for (int i = 0; i < count; i++) {
        if (in.getByte(at + i) != 0) {
          end = offset + i + 1;
        }
      }
      offset += count;
    }
    return end;
  }
}
