package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * Where closed segments go: a folder, or somebody else's hands, or both. One thread at a time.
 *
 * <p>What was handed over to a command is noted in the journal's folder, in {@value #HANDED_OVER}: a name a line. It is
 * a note, not evidence: handing over twice does no harm.
 */
public final class SegmentArchive {
  static final String HANDED_OVER = "handed-over";

  private static final int CHUNK = 1 << 20;
  /** Has the header and the first seal, and of a journal without seals the first records: no two journals share it. */
  private static final int HEAD = 4096;

  private final Disk journal;
  private final @Nullable Disk archive;

  /** @param archive the folder; null: there is none */
  public SegmentArchive(Disk journal, @Nullable Disk archive) {
    this.journal = journal;
    this.archive = archive;
  }

  /** Segments that are closed: every one but the newest, in their order. */
  public static List<String> closed(Disk journal) throws IOException {
    List<String> all = all(journal);
    return all.subList(0, Math.max(0, all.size() - 1));
  }

  /** All segments, in their order. */
  static List<String> all(Disk journal) throws IOException {
    return JournalFolder.segmentsOf(journal).stream().map(JournalFormat.SegmentName::name).toList();
  }

  /**
   * Closed segments that wait: the folder, where there is one, does not have them, or the command has not taken them.
   *
   * @param byCommand a command is configured
   */
  public List<String> waiting(boolean byCommand) throws IOException {
    List<String> waiting = new ArrayList<>();
    for (String segment : closed(journal)) {
      if ((hasFolder() && !hasCopy(segment)) || (byCommand && !wasHandedOver(segment))) {
        waiting.add(segment);
      }
    }
    return waiting;
  }

  /** Whether a folder is configured. */
  boolean hasFolder() {
    return archive != null;
  }

  /** For messages: where the folder is; empty: there is none. */
  public String describe() {
    return archive == null ? "" : archive.describe("");
  }

  /** Whether the folder has a file of that name and length that begins as the segment does. */
  boolean hasCopy(String segment) throws IOException {
    Disk to = archive;
    if (to == null || !to.list().contains(segment)) {
      return false;
    }
    try (DiskFile here = journal.open(segment);
        DiskFile there = to.open(segment)) {
      return here.size() == there.size() && chunkAt(here, 0, HEAD).equals(chunkAt(there, 0, HEAD));
    }
  }

  /** Whether the folder has the segment byte for byte; reads both. */
  boolean hasSameBytes(String segment) throws IOException {
    Disk to = archive;
    return to != null && hasCopy(segment) && MessageDigest.isEqual(sha256(to, segment), sha256(journal, segment));
  }

  /**
   * Copies a closed segment into the folder, durably, and reads it back. What the folder has under that name is only
   * replaced by the same records.
   *
   * @throws IOException when it could not be copied, or what was read back is not what was there, or the folder has
   *     another segment of that name
   */
  void copy(String segment) throws IOException {
    Disk to = archive;
    if (to == null) {
      throw new IllegalStateException("no archive folder is configured");
    }
    if (to.list().contains(segment) && !hasSameRecords(to, segment)) {
      throw new IOException(
          "the archive has another segment of that name: another journal's? nothing was overwritten; compare "
              + journal.describe(segment) + " with " + to.describe(segment)
              + ", and name a folder of its own for this journal in authorizer.yaml, or move that file away if it is no"
              + " use");
    }
    String temporary = segment + JournalFolder.TEMPORARY;
    to.delete(temporary);
    byte[] written;
    try (DiskFile in = journal.open(segment);
        DiskFile out = to.create(temporary)) {
      MessageDigest digest = SealKey.sha256();
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      long at = 0;
      while (DiskIo.readFully(in, chunk.clear(), at) > 0) {
        chunk.flip();
        digest.update(chunk.duplicate());
        int length = chunk.remaining();
        DiskIo.writeFully(out, chunk, at);
        at += length;
      }
      out.force();
      written = digest.digest();
    }
    if (!MessageDigest.isEqual(written, sha256(to, temporary))) {
      to.delete(temporary);
      throw new IOException("the copy of " + journal.describe(segment) + " in " + describe()
          + " is not what was written: look at that disk");
    }
    to.rename(temporary, segment);
  }

  /** Makes sure that all copies that can be seen now still have their names when the power has gone. */
  void forceNames() throws IOException {
    Disk to = archive;
    if (to != null) {
      to.forceNames();
    }
  }

  /** Whether a command has taken the segment. */
  boolean wasHandedOver(String segment) throws IOException {
    return handedOver().contains(segment);
  }

  /** Notes, durably, that a command has taken the segment. */
  void noteHandedOver(String segment) throws IOException {
    List<String> names = new ArrayList<>(handedOver());
    names.add(segment);
    List<String> there = journal.list();
    names.removeIf(name -> !there.contains(name));
    ByteBuffer bytes = ByteBuffer.wrap((String.join("\n", names) + "\n").getBytes(StandardCharsets.US_ASCII));
    String temporary = HANDED_OVER + JournalFolder.TEMPORARY;
    journal.delete(temporary);
    try (DiskFile file = journal.create(temporary)) {
      DiskIo.writeFully(file, bytes, 0);
      file.force();
    }
    journal.rename(temporary, HANDED_OVER);
  }

  private List<String> handedOver() throws IOException {
    if (!journal.list().contains(HANDED_OVER)) {
      return List.of();
    }
    try (DiskFile file = journal.open(HANDED_OVER)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), CHUNK));
      DiskIo.readFully(file, bytes, 0);
      return StandardCharsets.US_ASCII.decode(bytes.flip()).toString().lines().toList();
    }
  }

  /**
   * Whether the two differ by zeros at the end at most. A segment was archived at its full length when the power failed
   * before the next one had its name: the restart then took it for the newest, and trimmed it.
   */
  private boolean hasSameRecords(Disk to, String segment) throws IOException {
    try (DiskFile here = journal.open(segment);
        DiskFile there = to.open(segment)) {
      long common = Math.min(here.size(), there.size());
      long at = 0;
      while (at < common) {
        int length = (int) Math.min(CHUNK, common - at);
        if (!chunkAt(here, at, length).equals(chunkAt(there, at, length))) {
          return false;
        }
        at += length;
      }
      return isZeroFrom(here, common) && isZeroFrom(there, common);
    }
  }

  private static boolean isZeroFrom(DiskFile file, long from) throws IOException {
    long at = from;
    while (at < file.size()) {
      ByteBuffer chunk = chunkAt(file, at, CHUNK);
      if (!chunk.hasRemaining() || chunk.mismatch(ByteBuffer.allocate(chunk.remaining())) >= 0) {
        return false;
      }
      at += chunk.remaining();
    }
    return true;
  }

  private static ByteBuffer chunkAt(DiskFile file, long at, int length) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(length);
    DiskIo.readFully(file, chunk, at);
    return chunk.flip();
  }

  private static byte[] sha256(Disk disk, String name) throws IOException {
    MessageDigest digest = SealKey.sha256();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    try (DiskFile file = disk.open(name)) {
      long at = 0;
      while (DiskIo.readFully(file, chunk.clear(), at) > 0) {
        at += chunk.position();
        digest.update(chunk.flip());
      }
    }
    return digest.digest();
  }
}
