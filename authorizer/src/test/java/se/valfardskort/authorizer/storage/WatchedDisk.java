package se.valfardskort.authorizer.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * A disk that writes down in which order it is asked to write, force, shorten and rename, and by which name a file was
 * given to the next start before its bytes were forced.
 */
final class WatchedDisk implements Disk {
  private final Disk real;
  private final List<WatchedFile> files = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> namedTooEarly = new CopyOnWriteArrayList<>();
  private final Map<String, Boolean> dirty = new ConcurrentHashMap<>();

  WatchedDisk(Disk real) {
    this.real = real;
  }

  /** What was asked of the file {@code name}, in order. */
  List<String> asked(String name) {
    List<String> lines = new ArrayList<>();
    for (String line : asked) {
      if (line.startsWith(name + ": ")) {
        lines.add(line.substring(name.length() + 2));
      }
    }
    return lines;
  }

  /** All of it: each line begins with the file's name. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** Names that files got while bytes of theirs were not forced yet. */
  List<String> namedTooEarly() {
    return namedTooEarly;
  }

  /** Names of the files that are open and begin so, sorted. */
  List<String> stillOpen(String prefix) {
    return files.stream().map(file -> file.name).filter(name -> name.startsWith(prefix)).sorted().toList();
  }

  /** Whether there are bytes of the file that were not forced. */
  boolean isDirty(String name) {
    return dirty.getOrDefault(name, false);
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return new WatchedFile(name, real.create(name));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new WatchedFile(name, real.open(name));
  }

  @Override
  public List<String> list() throws IOException {
    return real.list();
  }

  @Override
  public void forceNames() throws IOException {
    real.forceNames();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    boolean unforced = isDirty(from);
    real.rename(from, to);
    for (WatchedFile file : files) {
      if (file.name.equals(from)) {
        file.name = to;
      }
    }
    asked.add(to + ": named, was " + from);
    if (unforced) {
      namedTooEarly.add(to);
    }
    dirty.remove(from);
    dirty.put(to, unforced);
  }

  @Override
  public void delete(String name) throws IOException {
    real.delete(name);
    dirty.remove(name);
  }

  @Override
  public Closeable lock(String name) throws IOException {
    return real.lock(name);
  }

  @Override
  public String describe(String name) {
    return real.describe(name);
  }

  private final class WatchedFile implements DiskFile {
    private final DiskFile file;
    private volatile String name;

    WatchedFile(String name, DiskFile file) {
      this.name = name;
      this.file = file;
      files.add(this);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      dirty.put(name, true);
      int written = file.write(from, position);
      asked.add(name + ": write " + position + " to " + (position + written));
      return written;
    }

    @Override
    public void force() throws IOException {
      file.force();
      asked.add(name + ": force");
      dirty.put(name, false);
    }

    @Override
    public void truncate(long size) throws IOException {
      dirty.put(name, true);
      file.truncate(size);
      asked.add(name + ": truncate " + size);
    }

    @Override
    public void close() throws IOException {
      files.remove(this);
      file.close();
    }
  }
}
