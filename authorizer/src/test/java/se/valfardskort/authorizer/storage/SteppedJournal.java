package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.DiskFile;

/** Opens the real {@link FileJournal} without its thread: whoever owns it makes the spare segments step by step. */
public final class SteppedJournal {
  private final ByHand spares;
  private final FileJournal journal;

  private SteppedJournal(ByHand spares, FileJournal journal) {
    this.spares = spares;
    this.journal = journal;
  }

  /** As {@link FileJournal#open}. */
  public static SteppedJournal open(JournalFolder folder, JournalSettings settings, JournalReader.Tail tail)
      throws IOException {
    ByHand spares = new ByHand(folder.disk(), settings);
    return new SteppedJournal(spares, FileJournal.open(folder, settings, tail, spares));
  }

  /** The journal itself. */
  public FileJournal journal() {
    return journal;
  }

  /** Whether a spare segment is wanted and not ready. */
  public boolean wantsSpare() {
    return spares.wanted && spares.ready == null;
  }

  /** Makes the next piece of a spare segment. */
  public void makeSpare() {
    spares.step();
  }

  /** What the thread of {@link SpareSegments} does, when it is told to. */
  private static final class ByHand implements Spares {
    private final Disk disk;
    private final JournalSettings settings;
    private @Nullable SpareFile making;
    private @Nullable DiskFile ready;
    private @Nullable IOException problem;
    private boolean wanted = true;
    /** A force of a spare may let the world go on, which must not come back here. */
    private boolean busy;

    ByHand(Disk disk, JournalSettings settings) {
      this.disk = disk;
      this.settings = settings;
    }

    @Override
    public void start() {
      // There is no thread to start.
    }

    @Override
    public @Nullable IOException problem() {
      return problem;
    }

    @Override
    public void prepare() {
      wanted = true;
    }

    void step() {
      if (busy || !wanted || ready != null) {
        return;
      }
      try {
        work(true);
        problem = null;
      } catch (IOException failed) {
        making = null;
        problem = failed;
      }
    }

    private void work(boolean force) throws IOException {
      busy = true;
      try {
        piece(force);
      } finally {
        busy = false;
      }
    }

    private void piece(boolean force) throws IOException {
      SpareFile spare = making;
      if (spare == null) {
        making = SpareFile.begin(disk, settings);
        return;
      }
      spare.writeChunk(force);
      if (spare.isWhole()) {
        ready = spare.file();
        making = null;
      }
    }

    @Override
    public DiskFile take(ByteBuffer header, String name) throws IOException {
      wanted = true;
      while (ready == null) {
        work(false);
      }
      DiskFile file = ready;
      busy = true;
      try {
        SpareFile.name(disk, file, header, name);
      } finally {
        busy = false;
      }
      ready = null;
      wanted = false;
      return file;
    }

    @Override
    public DiskFile takeFirst(ByteBuffer header, String name) throws IOException {
      return take(header, name);
    }

    @Override
    public void close() throws IOException {
      if (making != null) {
        making.abandon();
      } else if (ready != null) {
        ready.close();
        disk.delete(SpareFile.NAME);
      }
      making = null;
      ready = null;
    }
  }

  /** Where a record lies in the bytes of a segment. */
  @FunctionalInterface
  public interface Found {
    /** A sound record from {@code offset} on, {@code length} bytes long. */
    void record(String file, int offset, int length, long sequence, long durableMark);
  }

  /**
   * Reads images of segments, oldest first, up to the first thing that is no sound record; believes nothing that {@link
   * JournalReader} believes.
   */
  public static void scan(Map<String, byte[]> images, Found found) {
    for (Map.Entry<String, byte[]> image : images.entrySet()) {
      byte[] bytes = image.getValue();
      ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int offset = 64;
      int length = lengthAt(bytes, bytes.length, offset);
      while (length > 0) {
        found.record(image.getKey(), offset, length, words.getLong(offset + 8), words.getLong(offset + 24));
        offset += length;
        length = lengthAt(bytes, bytes.length, offset);
      }
    }
  }

  /** Length of the sound record at {@code offset} of the first {@code limit} bytes; 0: there is none. */
  public static int lengthAt(byte[] bytes, int limit, int offset) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (offset + 48 > limit || words.getShort(offset) != 0x4A56) {
      return 0;
    }
    int length = words.getInt(offset + 4);
    if (length < 48 || offset + length > limit) {
      return 0;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, 44);
    crc.update(bytes, offset + 48, length - 48);
    return (int) crc.getValue() == words.getInt(offset + 44) ? length : 0;
  }
}
