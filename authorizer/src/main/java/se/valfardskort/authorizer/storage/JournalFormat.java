package se.valfardskort.authorizer.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of the journal, format versions 1 and 2. All numbers are little-endian.
 *
 * <p>A folder holds segments {@code journal-<segment>-<first sequence>.log}; a segment is its header, then records,
 * then zeros up to its preallocated length (or its end, once it was trimmed).
 *
 * <pre>
 *   segment header, 64 bytes
 *   0               8        12        16              24        28        32              40
 *   +---------------+---------+---------+---------------+---------+---------+---------------+
 *   | "VKJOURNL"    | version | segment | firstSequence | epoch   | 0       | durableMark   |
 *   +---------------+---------+---------+---------------+---------+---------+---------------+
 *   40                                                          60        64
 *   +-----------------------------------------------------------+---------+
 *   | 0                                                         | CRC32C  |  of bytes 0 to 59
 *   +-----------------------------------------------------------+---------+
 *
 *   record, 8-byte aligned
 *   0     2   3   4         8               16              24              32
 *   +-----+---+---+---------+---------------+---------------+---------------+
 *   |magic|ver|knd| length  | sequence      | timeMs        | durableMark   |
 *   +-----+---+---+---------+---------------+---------------+---------------+
 *   32        36     38     40     42     44        48
 *   +---------+------+------+------+------+---------+-----------+------------+-----+
 *   | epoch   |engine| 0    |cmdLen|decLen| CRC32C  | command   | decision   | pad |
 *   +---------+------+------+------+------+---------+-----------+------------+-----+
 * </pre>
 *
 * <p>{@code length} counts header, command, decision and padding. The CRC covers bytes 0 to 43 and all from 48 to
 * {@code length}. {@code durableMark} is the last sequence that was known durable when these bytes were written: what
 * lies at or before a mark can be damaged, but never torn.
 *
 * <p>Version 2 is version 1 with seals ({@link SealChain}): records of a kind of their own, whose command is the seal's
 * body and whose decision is empty. A seal takes no sequence and names the last one. The first record of a segment is a
 * seal over all that was before it, on disk before the segment has its name; the last record of a segment that was
 * full, or that ended with a clean stop, is a seal too. A folder may begin with version 1 and go on with version 2.
 */
final class JournalFormat {
  /** Without seals: by releases before there were any, and where no key is at hand. */
  static final int UNSEALED = 1;
  static final int SEALED = 2;

  static final int SEGMENT_HEADER_LENGTH = 64;
  /** "VKJOURNL" read as a little-endian long. */
  static final long SEGMENT_MAGIC = 0x4C4E_5255_4F4A_4B56L;
  static final int SEGMENT_MAGIC_AT = 0;
  static final int SEGMENT_VERSION_AT = 8;
  static final int SEGMENT_NUMBER_AT = 12;
  static final int SEGMENT_FIRST_SEQUENCE_AT = 16;
  static final int SEGMENT_EPOCH_AT = 24;
  static final int SEGMENT_DURABLE_MARK_AT = 32;
  static final int SEGMENT_CRC_AT = 60;

  static final int RECORD_HEADER_LENGTH = 48;
  /** "VJ" read as a little-endian short. */
  static final short RECORD_MAGIC = 0x4A56;
  static final int MAGIC_AT = 0;
  static final int VERSION_AT = 2;
  static final int KIND_AT = 3;
  static final int LENGTH_AT = 4;
  static final int SEQUENCE_AT = 8;
  static final int TIME_AT = 16;
  static final int DURABLE_MARK_AT = 24;
  static final int EPOCH_AT = 32;
  static final int ENGINE_VERSION_AT = 36;
  static final int COMMAND_LENGTH_AT = 40;
  static final int DECISION_LENGTH_AT = 42;
  static final int CRC_AT = 44;

  static final byte KIND_DECIDED = 1;
  static final byte KIND_POISON = 2;
  static final byte KIND_SEAL = 3;

  static final int ALIGNMENT = 8;
  /** Bound of a command and of a decision; a slot of the ring holds far less. */
  static final int MAXIMUM_BODY_PART = 8192;
  static final int MAXIMUM_RECORD_LENGTH = align(RECORD_HEADER_LENGTH + 2 * MAXIMUM_BODY_PART);

  private static final String PREFIX = "journal-";
  private static final String SUFFIX = ".log";
  private static final int NUMBER_DIGITS = 8;
  private static final int SEQUENCE_DIGITS = 20;

  private JournalFormat() {}

  /** A segment's name, and what it says. */
  record SegmentName(String name, int number, long firstSequence) {}

  static int align(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static String nameOf(int number, long firstSequence) {
    return PREFIX + pad(number, NUMBER_DIGITS) + '-' + pad(firstSequence, SEQUENCE_DIGITS) + SUFFIX;
  }

  /** Returns null where {@code name} is not a segment's. */
  static @Nullable SegmentName parse(String name) {
    int expected = PREFIX.length() + NUMBER_DIGITS + 1 + SEQUENCE_DIGITS + SUFFIX.length();
    if (name.length() != expected || !name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
      return null;
    }
    int dash = PREFIX.length() + NUMBER_DIGITS;
    try {
      int number = Integer.parseInt(name.substring(PREFIX.length(), dash));
      long first = Long.parseLong(name.substring(dash + 1, name.length() - SUFFIX.length()));
      return name.equals(nameOf(number, first)) ? new SegmentName(name, number, first) : null;
    } catch (NumberFormatException ignored) {
      return null;
    }
  }

  private static String pad(long value, int digits) {
    String text = Long.toString(value);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  /**
   * CRC32C of a record whose bytes begin at {@code start}. {@code view} is a duplicate of the buffer, kept by the
   * caller so that nothing is allocated; its bounds are moved.
   */
  static int recordCrc(CRC32C crc, ByteBuffer view, int start, int length) {
    crc.reset();
    view.limit(start + CRC_AT).position(start);
    crc.update(view);
    view.limit(start + length).position(start + RECORD_HEADER_LENGTH);
    crc.update(view);
    return (int) crc.getValue();
  }

  static int segmentCrc(ByteBuffer header, int start) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().limit(start + SEGMENT_CRC_AT).position(start));
    return (int) crc.getValue();
  }
}
