package se.valfardskort.authorizer.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.StateOutput;

/**
 * Bytes of a snapshot file, format versions 1 and 2. All numbers are little-endian.
 *
 * <pre>
 *   file header, 16 bytes
 *   0               8         12        16
 *   +---------------+---------+---------+
 *   | "VKSNAPSH"    | version | CRC32C  |  of bytes 0 to 11
 *   +---------------+---------+---------+
 *
 *   frame, 8-byte aligned
 *   0         4         8
 *   +---------+---------+----------------------------+-----+
 *   | length  | CRC32C  | SBE message of schema 753  | pad |
 *   +---------+---------+----------------------------+-----+
 * </pre>
 *
 * <p>{@code length} counts the message alone; the CRC covers all but itself, padding included. The first frame is a
 * SnapshotHeader, the last of what the engine writes a SnapshotEnd; between them lies the state. Version 1 ends there.
 * In version 2 one more frame follows, a SnapshotSeal ({@link SnapshotSeal}): nobody can make it without the key. A
 * file bears its name only when it is whole and on stable storage.
 *
 * <p>Every later version must begin with this file header and this first frame: by them a program that is too old for a
 * snapshot, and must not start, tells it from a file that is damaged, and may be passed over.
 */
final class SnapshotFormat {
  /** What is written without a key. */
  static final int UNSEALED = 1;

  /** What is written with a key. */
  static final int SEALED = 2;

  static final int FILE_HEADER_LENGTH = 16;
  /** "VKSNAPSH" read as a little-endian long. */
  static final long MAGIC = 0x4853_5041_4E53_4B56L;
  static final int VERSION_AT = 8;
  static final int FILE_CRC_AT = 12;

  static final int FRAME_HEADER_LENGTH = 8;
  static final int CRC_AT = 4;
  static final int ALIGNMENT = 8;
  static final int MAXIMUM_FRAME = FRAME_HEADER_LENGTH + StateOutput.FRAME_CAPACITY + ALIGNMENT;

  private static final String PREFIX = "snapshot-";
  private static final String SUFFIX = ".snap";
  private static final int SEQUENCE_DIGITS = 20;

  private SnapshotFormat() {}

  static int align(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static String nameOf(long sequence) {
    String text = Long.toString(sequence);
    return PREFIX + "0".repeat(Math.max(0, SEQUENCE_DIGITS - text.length())) + text + SUFFIX;
  }

  /** The sequence that a snapshot's name says; null where {@code name} is not a snapshot's. */
  static @Nullable Long sequenceOf(String name) {
    if (name.length() != PREFIX.length() + SEQUENCE_DIGITS + SUFFIX.length()
        || !name.startsWith(PREFIX)
        || !name.endsWith(SUFFIX)) {
      return null;
    }
    try {
      long sequence = Long.parseLong(name.substring(PREFIX.length(), PREFIX.length() + SEQUENCE_DIGITS));
      return name.equals(nameOf(sequence)) ? sequence : null;
    } catch (NumberFormatException ignored) {
      return null;
    }
  }

  /** A buffer for one frame with its header, of a file of at most {@code fileSize} bytes. */
  static ByteBuffer frameBuffer(long fileSize) {
    int capacity = Math.clamp(fileSize, FILE_HEADER_LENGTH, MAXIMUM_FRAME);
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  static void writeFileHeader(ByteBuffer bytes, int version) {
    bytes.putLong(0, MAGIC).putInt(VERSION_AT, version);
    bytes.putInt(FILE_CRC_AT, fileCrc(bytes));
  }

  static int fileCrc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(FILE_CRC_AT));
    return (int) crc.getValue();
  }

  /** CRC of the frame at the beginning of {@code view}, whose bounds are moved. */
  static int frameCrc(CRC32C crc, ByteBuffer view, int length) {
    crc.reset();
    view.limit(CRC_AT).position(0);
    crc.update(view);
    view.limit(FRAME_HEADER_LENGTH + align(length)).position(FRAME_HEADER_LENGTH);
    crc.update(view);
    return (int) crc.getValue();
  }
}
