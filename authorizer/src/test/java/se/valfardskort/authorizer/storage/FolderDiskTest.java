package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.valfardskort.authorizer.pipeline.DiskFile;

/** What a real folder lets others see. */
final class FolderDiskTest {
  private final Path root;

  FolderDiskTest(@TempDir Path root) {
    this.root = root;
    assumeTrue(root.getFileSystem().supportedFileAttributeViews().contains("posix"));
  }

  @Test
  void shouldCreateFoldersAndFilesForTheirOwnerAlone() throws Exception {
    Path folder = root.resolve("data").resolve("journal");

    FolderDisk disk = new FolderDisk(folder);
    disk.create("made").close();
    disk.lock("lock").close();

    assertEquals("rwx------", permissions(root.resolve("data")));
    assertEquals("rwx------", permissions(folder));
    assertEquals("rw-------", permissions(folder.resolve("made")));
    assertEquals("rw-------", permissions(folder.resolve("lock")));
  }

  @Test
  void shouldLeaveThePermissionsOfWhatExistsToTheOperator() throws Exception {
    Path folder = Files.createDirectory(root.resolve("data"));
    Path file = Files.createFile(folder.resolve("there"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    new FolderDisk(folder).open("there").close();

    assertEquals("rwxr-x---", permissions(folder));
    assertEquals("rw-r-----", permissions(file));
  }

  @Test
  void shouldReadAFolderThatNobodyMayChange() throws Exception {
    Path folder = Files.createDirectory(root.resolve("data"));
    Files.writeString(folder.resolve("there"), "as it was");
    Files.setPosixFilePermissions(folder.resolve("there"), PosixFilePermissions.fromString("r--------"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));

    FolderDisk disk = FolderDisk.readOnly(folder);
    try (DiskFile file = disk.open("there")) {
      ByteBuffer bytes = ByteBuffer.allocate(2);
      assertEquals(2, file.read(bytes, 0));
      assertEquals("as", StandardCharsets.US_ASCII.decode(bytes.flip()).toString());
      assertThrows(NonWritableChannelException.class, () -> file.write(ByteBuffer.allocate(1), 0));
      assertThrows(NonWritableChannelException.class, () -> file.truncate(1));
    }
    assertEquals(List.of("there"), disk.list());
    assertThrows(IllegalStateException.class, () -> disk.create("new"));
    assertThrows(IllegalStateException.class, () -> disk.rename("there", "elsewhere"));
    assertThrows(IllegalStateException.class, () -> disk.delete("there"));
    assertThrows(IllegalStateException.class, () -> disk.lock("lock"));
    assertEquals("as it was", Files.readString(folder.resolve("there")));
    assertThrows(NoSuchFileException.class, () -> FolderDisk.readOnly(root.resolve("missing")));
    assertFalse(Files.exists(root.resolve("missing")));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
