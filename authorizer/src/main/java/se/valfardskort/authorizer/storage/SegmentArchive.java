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

  /** Whether the folder has a file of that name and length. */
  boolean hasCopy(String segment) throws IOException {
    Disk to = archive;
    return to != null && to.list().contains(segment) && size(to, segment) == size(journal, segment);
  }

  /** Whether the folder has the segment byte for byte; reads both. */
  boolean hasSameBytes(String segment) throws IOException {
    Disk to = archive;
    return to != null && hasCopy(segment) && MessageDigest.isEqual(sha256(to, segment), sha256(journal, segment));
  }

  /**
   * Copies a closed segment into the folder, durably, and reads it back.
   *
   * @throws IOException when it could not be copied, or what was read back is not what was there
   */
  void copy(String segment) throws IOException {
    Disk to = archive;
    if (to == null) {
      throw new IllegalStateException("no archive folder is configured");
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

  private static long size(Disk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name)) {
      return file.size();
    }
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
