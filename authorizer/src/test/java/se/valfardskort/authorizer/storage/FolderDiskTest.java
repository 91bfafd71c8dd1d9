package se.valfardskort.authorizer.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
