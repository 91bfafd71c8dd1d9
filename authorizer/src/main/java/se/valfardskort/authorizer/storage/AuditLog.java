package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * A short text file of what people did to a journal by hand, a line an act; nobody can write or change a line without
 * the key. One thread at a time.
 *
 * <p>Each line ends with {@code " | "} and 64 hexadecimal digits: HMAC-SHA-256, under the journal's seal key, of the
 * file's name, the line before with its digits, and the line itself.
 */
public final class AuditLog {
  /** What was pruned. */
  public static final String PRUNED = "prune.log";

  /** What replay leaves out. */
  public static final String SKIPPED = "skip.log";

  private static final String MARK = " | ";
  private static final int LARGEST = 16 << 20;

  private AuditLog() {}

  /**
   * The lines without their digits, oldest first; empty where there is no such file.
   *
   * @throws JournalDamagedException when a line is not what somebody with the key wrote after the line before
   */
  public static List<String> read(Disk disk, String name, SealKey key) throws IOException {
    List<String> texts = new ArrayList<>();
    String before = "";
    for (String line : lines(disk, name)) {
      int mark = line.lastIndexOf(MARK);
      String text = mark < 0 ? line : line.substring(0, mark);
      if (!MessageDigest.isEqual(signed(name, before, text, key).getBytes(StandardCharsets.UTF_8),
          line.getBytes(StandardCharsets.UTF_8))) {
        throw new JournalDamagedException(
            disk.describe(name) + ", line " + (texts.size() + 1) + ", was not written here by an authorizer with this"
                + " key, or a line before it was removed: restore the file from the backup of this folder");
      }
      texts.add(text);
      before = line;
    }
    return List.copyOf(texts);
  }

  /** Adds a line, durably. Control characters of {@code text} become blanks. */
  public static void append(Disk disk, String name, SealKey key, String text) throws IOException {
    read(disk, name, key);
    List<String> lines = new ArrayList<>(lines(disk, name));
    String clean = text.replaceAll("\\p{Cntrl}", " ").strip();
    lines.add(signed(name, lines.isEmpty() ? "" : lines.getLast(), clean, key));
    ByteBuffer bytes = ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    String temporary = name + JournalFolder.TEMPORARY;
    disk.delete(temporary);
    try (DiskFile file = disk.create(temporary)) {
      DiskIo.writeFully(file, bytes, 0);
      file.force();
    }
    disk.rename(temporary, name);
  }

  private static List<String> lines(Disk disk, String name) throws IOException {
    if (!disk.list().contains(name)) {
      return List.of();
    }
    try (DiskFile file = disk.open(name)) {
      if (file.size() > LARGEST) {
        throw new JournalDamagedException(disk.describe(name) + " is longer than any such file can be");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      DiskIo.readFully(file, bytes, 0);
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString().lines().toList();
    }
  }

  private static String signed(String name, String before, String text, SealKey key) {
    byte[] mac = key.macOf((name + "\n" + before + "\n" + text).getBytes(StandardCharsets.UTF_8));
    return text + MARK + HexFormat.of().formatHex(mac);
  }
}
