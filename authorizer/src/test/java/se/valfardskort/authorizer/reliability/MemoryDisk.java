package se.valfardskort.authorizer.reliability;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/** Files in memory: a disk without a platter, for trials of bytes by the hundred thousand. One thread. */
final class MemoryDisk implements Disk {
  private final TreeMap<String, Content> files = new TreeMap<>();
  private boolean locked;
  private boolean full;

  /** Bytes of a file, and how many of them there are. */
  private static final class Content {
    private byte[] bytes;
    private int length;

    Content(byte[] bytes) {
      this.bytes = bytes;
      this.length = bytes.length;
    }
  }

  /** A disk with these files, which are copied. */
  static MemoryDisk holding(Map<String, byte[]> images) {
    MemoryDisk disk = new MemoryDisk();
    images.forEach((name, bytes) -> disk.files.put(name, new Content(bytes.clone())));
    return disk;
  }

  /** The files as they are, by name; copies. */
  Map<String, byte[]> images() {
    Map<String, byte[]> images = new TreeMap<>();
    files.forEach((name, content) -> images.put(name, Arrays.copyOf(content.bytes, content.length)));
    return images;
  }

  /** Whether {@code name} holds the first {@code length} bytes of {@code expected}, and nothing else. */
  boolean holds(String name, byte[] expected, int length) {
    Content content = files.get(name);
    return content != null
        && content.length == length
        && Arrays.equals(content.bytes, 0, length, expected, 0, length);
  }

  /** The process is gone; what it wrote stays. */
  void losesProcess() {
    locked = false;
  }

  /** From now on there is, or is no, room for new segments. */
  void isFull(boolean now) {
    full = now;
  }

  /** Somebody shortens a file by hand. */
  void shorten(String name, int length) throws IOException {
    find(name).length = length;
  }

  private Content find(String name) throws NoSuchFileException {
    Content content = files.get(name);
    if (content == null) {
      throw new NoSuchFileException(name);
    }
    return content;
  }

  @Override
  public DiskFile create(String name) throws IOException {
    if (full && name.startsWith("spare")) {
      throw new IOException("No space left on device");
    }
    Content content = new Content(new byte[0]);
    if (files.putIfAbsent(name, content) != null) {
      throw new IOException(name + " exists");
    }
    return new MemoryFile(content);
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new MemoryFile(find(name));
  }

  @Override
  public List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Content content = find(from);
    files.remove(from);
    files.put(to, content);
  }

  @Override
  public void forceNames() {}

  @Override
  public void delete(String name) {
    files.remove(name);
  }

  @Override
  public Closeable lock(String name) throws IOException {
    if (locked) {
      throw new IOException("another instance uses this data folder: " + name);
    }
    locked = true;
    return () -> locked = false;
  }

  @Override
  public String describe(String name) {
    return name;
  }

  private record MemoryFile(Content content) implements DiskFile {
    @Override
    public long size() {
      return content.length;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      int count = (int) Math.min(into.remaining(), content.length - position);
      if (count <= 0) {
        return -1;
      }
      into.put(content.bytes, (int) position, count);
      return count;
    }

    @Override
    public int write(ByteBuffer from, long position) {
      int start = (int) position;
      int count = from.remaining();
      int end = Math.max(content.length, start + count);
      if (content.bytes.length < end) {
        content.bytes = Arrays.copyOf(content.bytes, Math.max(end, 2 * content.bytes.length));
      }
      if (start > content.length) {
        Arrays.fill(content.bytes, content.length, start, (byte) 0);
      }
      from.get(content.bytes, start, count);
      content.length = end;
      return count;
    }

    @Override
    public void force() {}

    @Override
    public void truncate(long size) {
      content.length = (int) Math.min(content.length, size);
    }

    @Override
    public void close() {}
  }
}
