package se.valfardskort.authorizer.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Disk;

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
 * <p>With a key the journal is sealed ({@link SealChain}), and the anchor ({@link Anchor}) names the last seal. A copy
 * of the anchor on another disk, the witness, then tells when the whole folder, anchor included, was put back to an
 * older copy.
 */
public final class JournalFolder implements AutoCloseable {
  static final String TEMPORARY = ".tmp";

  private static final String LOCK = "lock";
  private static final String ANCHOR = "anchor";

  private final Disk disk;
  private final @Nullable SealKey sealKey;
  private final Closeable lock;
  private final ReentrantLock anchoring = new ReentrantLock();
  private Anchor anchor = Anchor.NONE;
  private int answersRemembered;
  private long keyCheck;
  private @Nullable Disk witnessDisk;
  private String witnessName = "";
  private Anchor witness = Anchor.NONE;
  private volatile Runnable closedListener = () -> { };
  private volatile @Nullable Closed closed;

  /** How far the segments reach that are full. */
  private record Closed(long sequence, SealMark seal) {}

  private JournalFolder(Disk disk, @Nullable SealKey sealKey, Closeable lock) {
    this.disk = disk;
    this.sealKey = sealKey;
    this.lock = lock;
  }

  /**
   * Locks a folder whose journal has no seals, and reads its anchor.
   *
   * @throws IOException when another instance holds it, or the anchor is damaged
   */
  public static JournalFolder lock(Disk disk) throws IOException {
    return lock(disk, null);
  }

  /**
   * Locks the folder and reads its anchor.
   *
   * @param sealKey what is read is checked against its seals, what is written is sealed
   * @throws IOException when another instance holds it, or the anchor is damaged
   */
  public static JournalFolder lock(Disk disk, @Nullable SealKey sealKey) throws IOException {
    JournalFolder folder = new JournalFolder(disk, sealKey, disk.lock(LOCK));
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
    return follow(disk, null);
  }

  /** As {@link #follow(Disk)}; with a key, the seals are checked. */
  public static JournalFolder follow(Disk disk, @Nullable SealKey sealKey) throws IOException {
    JournalFolder folder = new JournalFolder(disk, sealKey, () -> { });
    folder.readAnchor();
    if (folder.epoch() == 0) {
      throw new NoSuchFileException(disk.describe(""), null, "there is no journal");
    }
    return folder;
  }

  /**
   * Check value of the key that a folder's panTokens were made with, read without a key; 0: none was settled yet.
   *
   * @throws IOException when the anchor is damaged or cannot be read
   */
  public static long keyCheckIn(Disk disk) throws IOException {
    return disk.list().contains(ANCHOR) ? Anchor.read(disk, ANCHOR, null).keyCheck() : 0;
  }

  /** Name of the oldest segment in a folder, sound or not; empty: there is none. */
  public static String oldestSegmentIn(Disk disk) throws IOException {
    List<JournalFormat.SegmentName> all = segmentsOf(disk);
    return all.isEmpty() ? "" : all.getFirst().name();
  }

  /** Reads the anchor again, which another instance may have replaced meanwhile. */
  void refresh() throws IOException {
    readAnchor();
  }

  /** Which start this is; 0 before the first. */
  public int epoch() {
    return anchor.epoch();
  }

  /** Last sequence known durable when the anchor, or the witness, was written. */
  public long durableMark() {
    return Math.max(anchor.durableMark(), witness.durableMark());
  }

  /** Seals that the journal must hold: the anchor's, and the witness's. */
  List<SealMark> requiredSeals() {
    return List.of(anchor.seal(), witness.seal());
  }

  /** What seals are made and checked with; null: nothing is sealed. */
  @Nullable SealKey sealKey() {
    return sealKey;
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

  /**
   * Keeps a copy of each anchor as {@code name} on another disk, and reads the one that is there. Called after the
   * lock, before anything is read; the folder must have a key.
   *
   * @throws JournalDamagedException when the witness has seen more than this folder holds, is of another journal,
   *     damaged, or missing
   */
  public void keepWitness(Disk on, String name) throws IOException {
    readWitness(on, name);
    requireNotBehindWitness(on, name);
    witnessDisk = on;
    witnessName = name;
  }

  /**
   * Reads the witness that another instance keeps, also while that one runs, starts or stops; changes nothing. For a
   * folder that is followed.
   *
   * @return whether there is one; false: none was ever kept
   * @throws JournalDamagedException as {@link #keepWitness}
   */
  public boolean compareWithWitness(Disk on, String name) throws IOException {
    readWitness(on, name);
    // The anchor is written before its witness: read after it, it is never behind unless it is an older copy.
    refresh();
    requireNotBehindWitness(on, name);
    witnessDisk = on;
    witnessName = name;
    return witness.epoch() > 0;
  }

  /** Which start the witness has seen; 0: there is none. */
  public int witnessEpoch() {
    return witness.epoch();
  }

  /** Last sequence that the witness has seen on stable storage. */
  public long witnessMark() {
    return witness.durableMark();
  }

  private void readWitness(Disk on, String name) throws IOException {
    if (on.list().contains(name)) {
      witness = Anchor.read(on, name, sealKey);
    } else if (anchor.witnessed()) {
      throw new JournalDamagedException(
          "the witness " + on.describe(name) + " is missing: mount its disk, or restore it. Only if it is lost for good"
              + " and './run journal verify --without-witness' finds the journal whole: take 'witness' out of"
              + " authorizer.yaml, start and stop once, then put it back, and a new one is begun");
    }
  }

  private void requireNotBehindWitness(Disk on, String name) throws IOException {
    if (witness.epoch() > anchor.epoch()) {
      throw new JournalDamagedException(
          "the journal in " + disk.describe("") + " is an older copy: it was last started as epoch " + anchor.epoch()
              + ", but the witness " + on.describe(name) + " has seen epoch " + witness.epoch() + " with sequence "
              + witness.durableMark() + " on stable storage; put the newest copy back, or restore the newest segments"
              + " and the anchor from the archive");
    }
  }

  /** For messages: where the witness is; empty: none is kept. */
  String describeWitness() {
    Disk on = witnessDisk;
    return on == null ? "" : on.describe(witnessName);
  }

  Disk disk() {
    return disk;
  }

  /** First sequence that the oldest segment can hold; what is before it is not in this folder. */
  public long oldestSequence() throws IOException {
    List<JournalFormat.SegmentName> all = segments();
    return all.isEmpty() ? 1 : all.getFirst().firstSequence();
  }

  /** All segments, in their order. */
  List<JournalFormat.SegmentName> segments() throws IOException {
    return segmentsOf(disk);
  }

  /** All segments of a journal's folder, in their order. */
  static List<JournalFormat.SegmentName> segmentsOf(Disk disk) throws IOException {
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

  /** Begins the next epoch, durably; {@code lastSequence} and {@code seal} have been recovered and are on disk. */
  void raiseEpoch(int lastEpoch, long lastSequence, SealMark seal) throws IOException {
    for (String name : disk.list()) {
      if (name.endsWith(TEMPORARY)) {
        disk.delete(name);
      }
    }
    write(Math.max(epoch(), lastEpoch) + 1, lastSequence, seal);
  }

  /** Notes, durably, how far the journal is on stable storage. Any thread; one that comes late changes nothing. */
  void anchor(long durableSequence, SealMark seal) throws IOException {
    write(epoch(), durableSequence, seal);
  }

  private void writeWitness(Anchor next, Disk on) throws IOException {
    try {
      next.write(on, witnessName, sealKey);
    } catch (IOException failed) {
      throw new IOException(
          "the witness " + on.describe(witnessName) + " cannot be written (" + failed + "): mend its disk, or take"
              + " 'witness' out of authorizer.yaml",
          failed);
    }
  }

  /** {@code listener} hears, on the journal's thread, that a segment is full and on disk; it must not wait. */
  void onSegmentClosed(Runnable listener) {
    closedListener = listener;
  }

  /** A segment is full and on stable storage. Called by the journal's thread. */
  void segmentClosed(long lastSequence, SealMark seal) {
    closed = new Closed(lastSequence, seal);
    closedListener.run();
  }

  /** Notes in anchor and witness how far full segments reach. Any thread. */
  void anchorClosed() throws IOException {
    Closed last = closed;
    if (last != null) {
      anchor(last.sequence, last.seal);
    }
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
    anchor = Anchor.read(disk, ANCHOR, sealKey);
    answersRemembered = anchor.answers();
    keyCheck = anchor.keyCheck();
  }

  private void write(int epoch, long mark, SealMark seal) throws IOException {
    anchoring.lock();
    try {
      if (epoch == anchor.epoch() && mark < anchor.durableMark()) {
        return;
      }
      Disk on = witnessDisk;
      Anchor next = new Anchor(epoch, mark, answersRemembered, keyCheck, on != null, seal);
      next.write(disk, ANCHOR, sealKey);
      anchor = next;
      if (on != null) {
        writeWitness(next, on);
      }
    } finally {
      anchoring.unlock();
    }
  }

  /** Lets the next instance in. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
