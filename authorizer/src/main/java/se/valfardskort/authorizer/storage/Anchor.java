package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * What is known of a journal beside its segments. Immutable.
 *
 * <pre>
 *   version 1, 40 bytes, little-endian: of a journal without seals
 *   0               8         12        16              24        28              36        40
 *   +---------------+---------+---------+---------------+---------+---------------+---------+
 *   | "VKANCHOR"    | version | epoch   | durableMark   | answers | keyCheck      | CRC32C  |  of bytes 0 to 35
 *   +---------------+---------+---------+---------------+---------+---------------+---------+
 *
 *   version 2, 116 bytes: the same up to 36, then
 *   36        40              48                      80                      112       116
 *   +---------+---------------+-----------------------+-----------------------+---------+
 *   | flags   | seal number   | the seal's MAC        | HMAC of bytes 0 to 79 | CRC32C  |  of bytes 0 to 111
 *   +---------+---------------+-----------------------+-----------------------+---------+
 * </pre>
 *
 * @param epoch which start wrote it; 0: none did
 * @param durableMark last sequence known durable when it was written
 * @param answers size of the request memory; 0: not settled
 * @param keyCheck tells the panTokens' keys apart; 0: not settled
 * @param witnessed a copy is kept outside the folder
 * @param seal last seal known durable when it was written
 */
record Anchor(int epoch, long durableMark, int answers, long keyCheck, boolean witnessed, SealMark seal) {
  /** Of a folder in which nothing was begun. */
  static final Anchor NONE = new Anchor(0, 0, 0, 0, false, SealMark.NONE);

  private static final int UNSEALED = 1;
  private static final int SEALED = 2;
  private static final int UNSEALED_LENGTH = 40;
  private static final int SEALED_LENGTH = 116;
  /** "VKANCHOR" read as a little-endian long. */
  private static final long MAGIC = 0x524F_4843_4E41_4B56L;
  private static final int VERSION_AT = 8;
  private static final int EPOCH_AT = 12;
  private static final int MARK_AT = 16;
  private static final int ANSWERS_AT = 24;
  private static final int KEY_CHECK_AT = 28;
  private static final int FLAGS_AT = 36;
  private static final int SEAL_NUMBER_AT = 40;
  private static final int SEAL_MAC_AT = 48;
  private static final int TAG_AT = 80;
  private static final int WITNESSED = 1;

  /**
   * Reads the anchor {@code name}.
   *
   * @param key null: its HMAC is not looked at
   * @throws JournalDamagedException when it is not one, or not by the holder of the key
   */
  static Anchor read(Disk disk, String name, @Nullable SealKey key) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SEALED_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    try (DiskFile file = disk.open(name)) {
      DiskIo.readFully(file, bytes, 0);
    }
    int length = bytes.position();
    int version = bytes.getInt(VERSION_AT);
    int crcAt = length - Integer.BYTES;
    boolean sound = bytes.getLong(0) == MAGIC
        && ((version == UNSEALED && length == UNSEALED_LENGTH) || (version == SEALED && length == SEALED_LENGTH))
        && bytes.getInt(crcAt) == crc(bytes, crcAt);
    if (!sound) {
      throw new JournalDamagedException(
          disk.describe(name) + " is damaged or of a newer format: restore it from the backup of this folder; without"
              + " it nobody can tell whether the journal is the newest copy");
    }
    if (version == SEALED && key != null && !MessageDigest.isEqual(tag(bytes, key), tagIn(bytes))) {
      throw new JournalDamagedException(
          disk.describe(name) + " was not written under the key of this configuration: somebody changed it, or another"
              + " key was put in place; restore it from the backup of this folder, or the key");
    }
    byte[] mac = copy(bytes, SEAL_MAC_AT, SealKey.MAC_LENGTH);
    return new Anchor(
        bytes.getInt(EPOCH_AT),
        bytes.getLong(MARK_AT),
        bytes.getInt(ANSWERS_AT),
        bytes.getLong(KEY_CHECK_AT),
        version == SEALED && (bytes.getInt(FLAGS_AT) & WITNESSED) != 0,
        version == SEALED ? SealMark.of(bytes.getLong(SEAL_NUMBER_AT), mac) : SealMark.NONE);
  }

  /** Writes it durably as {@code name}; with a key as version 2, else as version 1. */
  void write(Disk disk, String name, @Nullable SealKey key) throws IOException {
    int length = key == null ? UNSEALED_LENGTH : SEALED_LENGTH;
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, MAGIC);
    bytes.putInt(VERSION_AT, key == null ? UNSEALED : SEALED);
    bytes.putInt(EPOCH_AT, epoch);
    bytes.putLong(MARK_AT, durableMark);
    bytes.putInt(ANSWERS_AT, answers);
    bytes.putLong(KEY_CHECK_AT, keyCheck);
    if (key != null) {
      bytes.putInt(FLAGS_AT, witnessed ? WITNESSED : 0);
      bytes.putLong(SEAL_NUMBER_AT, seal.number());
      bytes.put(SEAL_MAC_AT, seal.macBytes());
      bytes.put(TAG_AT, tag(bytes, key));
    }
    bytes.putInt(length - Integer.BYTES, crc(bytes, length - Integer.BYTES));
    String temporary = name + JournalFolder.TEMPORARY;
    disk.delete(temporary);
    try (DiskFile file = disk.create(temporary)) {
      DiskIo.writeFully(file, bytes, 0);
      file.force();
    }
    disk.rename(temporary, name);
  }

  private static byte[] tag(ByteBuffer bytes, SealKey key) {
    return key.macOf(copy(bytes, 0, TAG_AT));
  }

  private static byte[] tagIn(ByteBuffer bytes) {
    return copy(bytes, TAG_AT, SealKey.MAC_LENGTH);
  }

  private static byte[] copy(ByteBuffer bytes, int at, int length) {
    byte[] copy = new byte[length];
    bytes.get(at, copy);
    return copy;
  }

  private static int crc(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(length));
    return (int) crc.getValue();
  }
}
