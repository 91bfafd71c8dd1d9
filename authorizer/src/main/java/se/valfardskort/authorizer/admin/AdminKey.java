package se.valfardskort.authorizer.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The key of the admin command port: whoever can read its file may give commands. Immutable, any thread.
 *
 * <p>It lies in the data folder, for its owner alone, and is made at the first start. {@link #toString} does not tell
 * it.
 */
public final class AdminKey {
  /** Its file in the data folder. */
  public static final String FILE = "admin.key";

  /** What commands given with it bear as their author. */
  public static final String NAME = "local-operator";

  private static final int BYTES = 32;
  private static final Pattern TEXT = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final String text;

  private AdminKey(String text) {
    this.text = text;
  }

  /** The key of a data folder; made where there is none. */
  public static AdminKey open(Path data) throws IOException, AdminKeyException {
    Path file = data.resolve(FILE);
    if (!Files.exists(file)) {
      make(data, file);
    }
    return read(data);
  }

  /**
   * The key of a data folder.
   *
   * @throws java.nio.file.NoSuchFileException when no start has made one
   * @throws AdminKeyException when others may read the file, or it is not what a start made
   */
  public static AdminKey read(Path data) throws IOException, AdminKeyException {
    Path file = data.resolve(FILE);
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
      throw new AdminKeyException(
          "others may read or change " + file + ", by which anybody could give commands: delete it, so that the next"
              + " start makes another, or, where nobody has read it, chmod 600 it");
    }
    if (!TEXT.matcher(text).matches()) {
      throw new AdminKeyException(
          file + " does not hold a key (64 hexadecimal digits): delete it, so that the next start makes another");
    }
    return new AdminKey(text);
  }

  /** Appears whole or not at all, and is never readable to others. */
  private static void make(Path data, Path file) throws IOException {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    Path beside = data.resolve(FILE + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(beside, PosixFilePermissions.asFileAttribute(OWNER));
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      ByteBuffer line = StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(secret) + "\n");
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(data, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /** Whether that is it; takes as long whatever was guessed. */
  boolean is(String presented) {
    return MessageDigest.isEqual(
        text.getBytes(StandardCharsets.US_ASCII), presented.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What an {@code Authorization} header says. */
  public String authorization() {
    return "Bearer " + text;
  }

  @Override
  public String toString() {
    return NAME;
  }
}
