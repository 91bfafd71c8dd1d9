package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * The folder of one journal, held by one instance.
 *
 * <p>Owned by the thread that starts and stops the application. The lock keeps a second instance out while this one
 * lives; the epoch, which rises at each start before anything is appended, tells their records apart should the lock
 * ever fail. The anchor file holds the epoch and the last sequence known durable, so that a journal that was replaced
 * by an older copy is noticed; and the size of the request memory, because what it has forgotten is decided anew, so
 * that the journal can only be replayed with the same; and a check value of the token key, because under another key
 * no card of this journal would be found again.
 *
 * <pre>
 *   anchor, 40 bytes, little-endian
 *   0               8         12        16              24        28              36        40
 *   +---------------+---------+---------+---------------+---------+---------------+---------+
 *   | "VKANCHOR"    | version | epoch   | durableMark   | answers | keyCheck      | CRC32C  |  of bytes 0 to 35
 *   +---------------+---------+---------+---------------+---------+---------------+---------+
 * </pre>
 */
public final class JournalFolder implements AutoCloseable {
  static final String TEMPORARY = ".tmp";

  private static final String LOCK = "lock";
  private static final String ANCHOR = "anchor";
  private static final int ANCHOR_LENGTH = 40;
  /** "VKANCHOR" read as a little-endian long. */
  private static final long ANCHOR_MAGIC = 0x524F_4843_4E41_4B56L;
  private static final int ANCHOR_VERSION_AT = 8;
  private static final int ANCHOR_EPOCH_AT = 12;
  private static final int ANCHOR_MARK_AT = 16;
  private static final int ANCHOR_ANSWERS_AT = 24;
  private static final int ANCHOR_KEY_CHECK_AT = 28;
  private static final int ANCHOR_CRC_AT = 36;

  private final Disk disk;
  private final AutoCloseable lock;
  private int epoch;
  private long durableMark;
  private int answersRemembered;
  private long keyCheck;

  private JournalFolder(Disk disk, AutoCloseable lock) {
    this.disk = disk;
    this.lock = lock;
  }

  /**
   * Locks the folder and reads its anchor.
   *
   * @throws IOException when another instance holds it, or the anchor is damaged
   */
  public static JournalFolder lock(Disk disk) throws IOException {
    JournalFolder folder = new JournalFolder(disk, disk.lock(LOCK));
    boolean read = false;
    try {
      folder.readAnchor();
      read = true;
      return folder;
    } finally {
      if (!read) {
        folder.close();
      }
    }
  }

  /**
   * Reads the anchor of a folder that another instance may be writing to; for {@link JournalReader.Mode#FOLLOW} only.
   *
   * @throws NoSuchFileException when there is none
   * @throws IOException when it is damaged or cannot be read
   */
  public static JournalFolder follow(Disk disk) throws IOException {
    JournalFolder folder = new JournalFolder(disk, () -> { });
    folder.readAnchor();
    if (folder.epoch == 0) {
      throw new NoSuchFileException(disk.describe(""), null, "there is no journal");
    }
    return folder;
  }

  /** Reads the anchor again, which another instance may have replaced meanwhile. */
  void refresh() throws IOException {
    readAnchor();
  }

  /** Which start this is; 0 before the first. */
  public int epoch() {
    return epoch;
  }

  /** Last sequence known durable when the anchor was written. */
  public long durableMark() {
    return durableMark;
  }

  /** Answers that the request memory of this journal's engine holds; 0: none was settled yet. */
  public int answersRemembered() {
    return answersRemembered;
  }

  /**
   * Settles the size of the request memory for this journal, from the next anchor on.
   *
   * @throws IllegalStateException when another size was settled before
   */
  public void settleAnswersRemembered(int answers) {
    if (answersRemembered != 0 && answersRemembered != answers) {
      throw new IllegalStateException(
          "the journal was written with a memory of " + answersRemembered + " answers, not " + answers);
    }
    answersRemembered = answers;
  }

  /** Check value of the key that made this journal's panTokens; 0: none was settled yet. */
  public long keyCheck() {
    return keyCheck;
  }

  /**
   * Settles the key of the panTokens for this journal, from the next anchor on.
   *
   * @param check tells keys apart and reveals none
   * @throws IllegalStateException when another key was settled before
   */
  public void settleKeyCheck(long check) {
    if (keyCheck != 0 && keyCheck != check) {
      throw new IllegalStateException("the panTokens of this journal were made with another key");
    }
    keyCheck = check;
  }

  Disk disk() {
    return disk;
  }

  /** All segments, in their order. */
  List<JournalFormat.SegmentName> segments() throws IOException {
    List<JournalFormat.SegmentName> segments = new ArrayList<>();
    for (String name : disk.list()) {
      JournalFormat.SegmentName segment = JournalFormat.parse(name);
      if (segment != null) {
        segments.add(segment);
      }
    }
    segments.sort(Comparator.comparingInt(JournalFormat.SegmentName::number));
    return segments;
  }

  /** Begins the next epoch, durably; {@code lastSequence} has been recovered and is on disk. */
  void raiseEpoch(int lastEpoch, long lastSequence) throws IOException {
    for (String name : disk.list()) {
      if (name.endsWith(TEMPORARY)) {
        disk.delete(name);
      }
    }
    epoch = Math.max(epoch, lastEpoch) + 1;
    writeAnchor(lastSequence);
  }

  /** Notes, durably, how far the journal is on stable storage. */
  void anchor(long durableSequence) throws IOException {
    writeAnchor(durableSequence);
  }

  private void readAnchor() throws IOException {
    if (!disk.list().contains(ANCHOR)) {
      if (!segments().isEmpty()) {
        throw new JournalDamagedException(
            disk.describe(ANCHOR) + " is missing beside the journal's segments: restore it from the backup of this"
                + " folder; without it nobody can tell whether the journal is the newest copy");
      }
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(ANCHOR_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    try (DiskFile file = disk.open(ANCHOR)) {
      DiskIo.readFully(file, bytes, 0);
    }
    boolean sound = bytes.position() == ANCHOR_LENGTH
        && bytes.getLong(0) == ANCHOR_MAGIC
        && bytes.getInt(ANCHOR_VERSION_AT) == JournalFormat.VERSION
        && bytes.getInt(ANCHOR_CRC_AT) == anchorCrc(bytes);
    if (!sound) {
      throw new JournalDamagedException(
          disk.describe(ANCHOR) + " is damaged or of a newer format: restore it from the backup of this folder; without"
              + " it nobody can tell whether the journal is the newest copy");
    }
    epoch = bytes.getInt(ANCHOR_EPOCH_AT);
    durableMark = bytes.getLong(ANCHOR_MARK_AT);
    answersRemembered = bytes.getInt(ANCHOR_ANSWERS_AT);
    keyCheck = bytes.getLong(ANCHOR_KEY_CHECK_AT);
  }

  private void writeAnchor(long mark) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(ANCHOR_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, ANCHOR_MAGIC);
    bytes.putInt(ANCHOR_VERSION_AT, JournalFormat.VERSION);
    bytes.putInt(ANCHOR_EPOCH_AT, epoch);
    bytes.putLong(ANCHOR_MARK_AT, mark);
    bytes.putInt(ANCHOR_ANSWERS_AT, answersRemembered);
    bytes.putLong(ANCHOR_KEY_CHECK_AT, keyCheck);
    bytes.putInt(ANCHOR_CRC_AT, anchorCrc(bytes));
    disk.delete(ANCHOR + TEMPORARY);
    try (DiskFile file = disk.create(ANCHOR + TEMPORARY)) {
      DiskIo.writeFully(file, bytes, 0);
      file.force();
    }
    disk.rename(ANCHOR + TEMPORARY, ANCHOR);
    durableMark = mark;
  }

  private static int anchorCrc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(ANCHOR_CRC_AT));
    return (int) crc.getValue();
  }

  /** Lets the next instance in. */
  @Override
  public void close() throws IOException {
    try {
      lock.close();
    } catch (IOException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException("cannot release " + disk.describe(LOCK), failure);
    }
  }
}
