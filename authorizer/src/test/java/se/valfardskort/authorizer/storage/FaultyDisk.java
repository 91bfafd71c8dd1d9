package se.valfardskort.authorizer.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/**
 * A real disk that can be told to misbehave: hang or fail a sync, fail, shorten or run out of room in a write. Faults
 * strike journal segments only, unless they are about room; preparing a spare is another matter.
 */
public final class FaultyDisk implements Disk {
  private final Disk real;
  private final List<FaultyFile> files = new CopyOnWriteArrayList<>();
  private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong forces = new AtomicLong();
  private volatile boolean forcing = true;
  private volatile boolean failSync;
  private volatile boolean failWrite;
  private volatile boolean failLocks;
  private volatile boolean shortWrites;
  private volatile boolean dieAfterCuts;
  private volatile @Nullable CountDownLatch hanging;
  private volatile CountDownLatch reached = new CountDownLatch(1);

  /** Behaves until told otherwise. */
  public FaultyDisk(Disk real) {
    this.real = real;
  }

  /** For tests of thousands of starts: what is tested there is bytes, not the platter. */
  FaultyDisk withoutForcing() {
    forcing = false;
    return this;
  }

  /** From now on a sync of the journal hangs until {@link #release}. */
  public void hangSyncs() {
    reached = new CountDownLatch(1);
    hanging = new CountDownLatch(1);
  }

  /** Returns when a sync hangs. */
  public void awaitHangingSync() throws InterruptedException {
    reached.await();
  }

  /** Lets hanging syncs go on. */
  public void release() {
    CountDownLatch latch = hanging;
    hanging = null;
    if (latch != null) {
      latch.countDown();
    }
  }

  /** From now on each sync of the journal throws. */
  public void failSyncs() {
    failSync = true;
  }

  /** From now on nobody can write himself down as the holder. */
  public void failLocks() {
    failLocks = true;
  }

  /** The disk is well again; the journal must not believe it. */
  public void mend() {
    failSync = false;
    failWrite = false;
  }

  void failWrites() {
    failWrite = true;
  }

  /** From now on a file that is made shorter is the last that the process ever did. */
  void dieAfterCuts() {
    dieAfterCuts = true;
  }

  void shortenWrites() {
    shortWrites = true;
  }

  /** Room for this many more bytes of any file. */
  void leaveRoom(long bytes) {
    room.set(bytes);
  }

  /** Syncs of journal segments so far. */
  public long forces() {
    return forces.get();
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return keep(new FaultyFile(name, real.create(name)));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return keep(new FaultyFile(name, real.open(name)));
  }

  private FaultyFile keep(FaultyFile file) {
    files.add(file);
    return file;
  }

  @Override
  public List<String> list() throws IOException {
    return real.list();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    real.rename(from, to);
    for (FaultyFile file : files) {
      if (file.name.equals(from)) {
        file.name = to;
      }
    }
  }

  @Override
  public void forceNames() throws IOException {
    real.forceNames();
  }

  @Override
  public void delete(String name) throws IOException {
    real.delete(name);
  }

  @Override
  public Closeable lock(String name) throws IOException {
    if (failLocks) {
      throw new IOException("the disk was told to fail");
    }
    return real.lock(name);
  }

  @Override
  public String describe(String name) {
    return real.describe(name);
  }

  private final class FaultyFile implements DiskFile {
    private final DiskFile file;
    private volatile String name;

    FaultyFile(String name, DiskFile file) {
      this.name = name;
      this.file = file;
    }

    private boolean isJournal() {
      return name.startsWith("journal-");
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
      if (failWrite && isJournal()) {
        throw new IOException("Input/output error");
      }
      if (position + from.remaining() > file.size() && room.addAndGet(-from.remaining()) < 0) {
        throw new IOException("No space left on device");
      }
      if (!shortWrites || from.remaining() < 2) {
        return file.write(from, position);
      }
      ByteBuffer part = from.duplicate().limit(from.position() + from.remaining() / 2);
      int written = file.write(part, position);
      from.position(from.position() + written);
      return written;
    }

    @Override
    public void force() throws IOException {
      if (isJournal()) {
        forces.incrementAndGet();
        hang();
        if (failSync) {
          throw new IOException("Input/output error");
        }
      }
      if (forcing) {
        file.force();
      }
    }

    private void hang() throws IOException {
      CountDownLatch latch = hanging;
      if (latch == null) {
        return;
      }
      reached.countDown();
      try {
        latch.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException(interrupted);
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
      if (dieAfterCuts) {
        throw new IOException("killed after a cut");
      }
    }

    @Override
    public void close() throws IOException {
      files.remove(this);
      file.close();
    }
  }
}
