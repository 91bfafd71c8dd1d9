package se.valfardskort.authorizer.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * A folder of the real file system. Any thread.
 *
 * <p>What it creates is its owner's alone where the file system is POSIX: a journal says who bought what where.
 */
public final class FolderDisk implements Disk {
  /**
   * Locks held by this process. The kernel drops a process's lock when any of its descriptors on the file closes, so a
   * second attempt within one process must be turned away before it opens the file.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final int PID_CAPACITY = 32;

  private final Path folder;
  private final boolean readOnly;
  private final FileAttribute<?>[] ownersFile;

  /** Creates the folder where it is missing. */
  public FolderDisk(Path folder) throws IOException {
    this(created(folder), false);
  }

  private FolderDisk(Path folder, boolean readOnly) throws IOException {
    this.folder = folder.toRealPath();
    this.readOnly = readOnly;
    ownersFile = ownersAlone(folder, "rw-------");
  }

  /**
   * A folder of which nothing will be changed; neither it nor its files need be writable. Creating, renaming, deleting
   * and locking throw.
   *
   * @throws NoSuchFileException when there is no such folder
   */
  public static FolderDisk readOnly(Path folder) throws IOException {
    return new FolderDisk(folder, true);
  }

  private static Path created(Path folder) throws IOException {
    createFolder(folder);
    return folder;
  }

  /** Creates the folder, and those above it, where they are missing; those that exist keep their permissions. */
  public static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, ownersAlone(folder, "rwx------"));
  }

  private static FileAttribute<?>[] ownersAlone(Path path, String permissions) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  @Override
  public DiskFile create(String name) throws IOException {
    requireWritable(name);
    return open(name, StandardOpenOption.CREATE_NEW);
  }

  @Override
  public DiskFile open(String name) throws IOException {
    if (readOnly) {
      Path path = folder.resolve(name);
      return new ChannelFile(path, FileChannel.open(path, StandardOpenOption.READ));
    }
    return open(name, StandardOpenOption.READ);
  }

  private DiskFile open(String name, StandardOpenOption option) throws IOException {
    Path path = folder.resolve(name);
    return new ChannelFile(path, openOwned(path, option));
  }

  private void requireWritable(String name) {
    if (readOnly) {
      throw new IllegalStateException(describe(name) + " must not be changed: its folder was opened for reading");
    }
  }

  private FileChannel openOwned(Path path, StandardOpenOption option) throws IOException {
    return FileChannel.open(
        path, EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE, option), ownersFile);
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(FolderDisk::nameOf).sorted().toList();
    }
  }

  private static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    requireWritable(to);
    Files.move(
        folder.resolve(from),
        folder.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    forceNames();
  }

  @Override
  public void delete(String name) throws IOException {
    requireWritable(name);
    Files.deleteIfExists(folder.resolve(name));
  }

  @Override
  public void forceNames() throws IOException {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public String describe(String name) {
    return folder.resolve(name).toString();
  }

  @Override
  public Closeable lock(String name) throws IOException {
    requireWritable(name);
    Path path = folder.resolve(name);
    if (!HELD.add(path)) {
      throw taken(path, "this process");
    }
    FileChannel channel = null;
    try {
      channel = openOwned(path, StandardOpenOption.CREATE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        throw taken(path, "process " + holder(channel));
      }
      ByteBuffer pid = StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n");
      channel.truncate(0);
      channel.write(pid, 0);
      FileChannel held = channel;
      channel = null;
      return () -> {
        held.close();
        HELD.remove(path);
      };
    } finally {
      if (channel != null) {
        channel.close();
        HELD.remove(path);
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException another) {
      return null;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(PID_CAPACITY);
    channel.read(pid, 0);
    String text = StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
    return text.isEmpty() ? "unknown" : text;
  }

  private static FolderTakenException taken(Path path, String holder) {
    return new FolderTakenException(
        "another instance uses this data folder: " + path + " is locked by " + holder
            + "; stop that one first, or give this one another folder with --data");
  }

  /** A file behind a channel. */
  private record ChannelFile(Path path, FileChannel channel) implements DiskFile {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return channel.read(into, position);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      return channel.write(from, position);
    }

    @Override
    public void force() throws IOException {
      // Contents and length, not the time stamps: fdatasync.
      channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
      if (channel.size() < size) {
        throw new NoSuchFileException(path.toString(), null, "shorter than " + size + " bytes");
      }
      channel.truncate(size);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
