package se.valfardskort.authorizer.reliability;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.engine.RecordedRun;
import se.valfardskort.authorizer.engine.RecordedRun.Entry;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.JournalSettings;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SteppedJournal;

/**
 * A sealed journal that the real classes wrote, as a crash left it, and where everything in it lies.
 *
 * <pre>
 *   older file: full, sealed, trimmed by a clean stop; the anchor's durable mark covers all of it
 *   last file:  some batches, several seals, then zeros; no mark but those in its own records covers anything of it
 * </pre>
 *
 * <p>An older generation of it has the same layout byte for byte, the same sequences and times, other amounts, and
 * epochs that are lower by one: what a recycled file would hold, at its worst.
 */
final class TailExhibit {
  static final SealKey KEY = SealKey.derivedFrom(new byte[] {
      3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3, 3, 8, 3, 2, 7, 9, 5});
  static final String ANCHOR = "anchor";
  static final int HEADER_LENGTH = 64;
  static final int RECORD_HEADER_LENGTH = 48;
  static final int ALIGNMENT = 8;

  private static final int SEAL_LENGTH = 88;
  private static final short MAGIC = 0x4A56;
  private static final byte SEAL = 3;
  private static final int MOST_IN_A_BATCH = 5;
  /** Share of the bytes that the older file has, as a divisor. */
  private static final int OLDER_SHARE = 3;

  /** A record or a seal where it lies. */
  record Item(int offset, int length, long sequence, boolean seal) {
    int end() {
      return offset + length;
    }
  }

  /** A segment: its bytes, what an older generation has in their place, and what lies in it. */
  static final class File {
    private final String name;
    private final byte[] bytes;
    private final byte[] older;
    private final List<Item> items;

    File(String name, byte[] bytes, byte[] older) {
      this.name = name;
      this.bytes = bytes;
      this.older = older;
      this.items = itemsIn(bytes);
    }

    String name() {
      return name;
    }

    byte[] bytes() {
      return bytes;
    }

    byte[] older() {
      return older;
    }

    List<Item> items() {
      return items;
    }

    /** Offset after the last record or seal. */
    int dataEnd() {
      return items.getLast().end();
    }
  }

  /** Each record, from sequence 1 on. */
  final List<Entry> entries;
  /** Those of the older generation. */
  final List<Entry> olderEntries;
  final List<File> files;
  final byte[] anchor;
  final byte[] olderAnchor;

  private TailExhibit(
      List<Entry> entries, List<Entry> olderEntries, Map<String, byte[]> images, Map<String, byte[]> older) {
    this.entries = entries;
    this.olderEntries = olderEntries;
    anchor = part(images, ANCHOR);
    olderAnchor = part(older, ANCHOR);
    List<File> found = new ArrayList<>();
    images.forEach((name, bytes) -> {
      if (!name.equals(ANCHOR)) {
        found.add(new File(name, bytes, part(older, name)));
      }
    });
    files = List.copyOf(found);
    requireTwins(older);
  }

  /** A journal of exactly {@code length} bytes in two files. */
  static TailExhibit of(long seed, int length) throws IOException {
    // No record is shorter than 200 bytes.
    List<Entry> entries = RecordedRun.of(seed, seed + 1, length / 200);
    List<Entry> olderEntries = RecordedRun.of(seed, seed + 2, length / 200);
    Writer writer = new Writer(entries, length, 2);
    Map<String, byte[]> images = writer.write();
    List<Entry> written = entries.subList(0, writer.count);
    List<Entry> olderWritten = olderEntries.subList(0, writer.count);
    return new TailExhibit(written, olderWritten, images, new Writer(olderWritten, length, 1).write());
  }

  /** All files, by name, undamaged; not copies. */
  Map<String, byte[]> images() {
    Map<String, byte[]> images = new TreeMap<>();
    files.forEach(file -> images.put(file.name(), file.bytes()));
    images.put(ANCHOR, anchor);
    return images;
  }

  File olderFile() {
    return files.getFirst();
  }

  File lastFile() {
    return files.getLast();
  }

  /** Last sequence that the anchor calls durable: the older file's. */
  long mark() {
    return olderFile().items().getLast().sequence();
  }

  /** Hash of the state after {@code count} records, by an engine that is fed the records themselves. */
  long stateHash(int count) {
    Engine engine = RecordedRun.engine();
    UnsafeBuffer decision = new UnsafeBuffer(new byte[256]);
    engine.beginReplay();
    for (Entry entry : entries.subList(0, count)) {
      UnsafeBuffer command = new UnsafeBuffer(entry.command());
      engine.decide(command, 0, entry.command().length, entry.timeMs(), decision, 0);
      engine.apply(command, 0, entry.command().length, entry.timeMs(), decision, 0);
    }
    engine.catchUp();
    engine.endReplay();
    return engine.stateHash();
  }

  private static byte[] part(Map<String, byte[]> images, String name) {
    byte[] bytes = images.get(name);
    if (bytes == null) {
      throw new IllegalStateException("no " + name + " among " + images.keySet());
    }
    return bytes;
  }

  /** Where things lie in bytes that nothing has damaged. */
  private static List<Item> itemsIn(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Item> items = new ArrayList<>();
    int offset = HEADER_LENGTH;
    while (offset + RECORD_HEADER_LENGTH <= bytes.length && words.getShort(offset) == MAGIC) {
      Item item = new Item(offset, words.getInt(offset + 4), words.getLong(offset + 8), bytes[offset + 3] == SEAL);
      items.add(item);
      offset = item.end();
    }
    return List.copyOf(items);
  }

  /** The trial is only as good as its exhibit. */
  private void requireTwins(Map<String, byte[]> older) {
    long records = 0;
    long seals = 0;
    for (File file : files) {
      if (file.bytes().length != file.older().length || !file.items().equals(itemsIn(file.older()))) {
        throw new IllegalStateException(file.name() + " of the older generation has another layout");
      }
      seals += file.items().stream().filter(Item::seal).count();
      records += file.items().stream().filter(item -> !item.seal()).count();
    }
    if (files.size() != 2 || older.size() != 3 || records != entries.size() || seals < 4) {
      throw new IllegalStateException(
          files.size() + " files with " + records + " records and " + seals + " seals, not two with "
              + entries.size() + " and some seals");
    }
  }

  /** Two lives of a journal, the second without an end. */
  private static final class Writer {
    private final List<Entry> entries;
    private final int length;
    private final int firstEpoch;
    private final MemoryDisk disk = new MemoryDisk();
    private int count;

    Writer(List<Entry> entries, int length, int firstEpoch) {
      this.entries = entries;
      this.length = length;
      this.firstEpoch = firstEpoch;
    }

    Map<String, byte[]> write() throws IOException {
      for (int epoch = 1; epoch < firstEpoch; epoch++) {
        startOnAFullDisk();
      }
      FileJournal first = start(length);
      append(first, length / OLDER_SHARE);
      first.close();
      disk.losesProcess();
      int left = length - disk.images().values().stream().mapToInt(bytes -> bytes.length).sum() + anchorLength();
      append(start(left), left);
      return disk.images();
    }

    private int anchorLength() {
      return part(disk.images(), ANCHOR).length;
    }

    /** The epoch rises, and nothing is written in it. */
    private void startOnAFullDisk() throws IOException {
      disk.isFull(true);
      try {
        start(length);
        throw new IllegalStateException("a journal was begun on a full disk");
      } catch (IOException noRoom) {
        disk.isFull(false);
        disk.losesProcess();
      }
    }

    private FileJournal start(long segmentBytes) throws IOException {
      JournalFolder folder = JournalFolder.lock(disk, KEY);
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.RECOVER);
      reader.readAll(record -> { });
      JournalSettings settings =
          new JournalSettings(JournalSettings.Durability.FSYNC, segmentBytes, 4096, 4096, 10_000);
      return SteppedJournal.open(folder, settings, reader.tail()).journal();
    }

    /** Appends while there is room for a batch's next record and two seals in {@code room} bytes. */
    private void append(FileJournal journal, int room) throws IOException {
      int inBatch = 0;
      long batchBytes = 0;
      while (count < entries.size()) {
        Entry entry = entries.get(count);
        int most = RECORD_HEADER_LENGTH + entry.command().length + entry.decision().length + ALIGNMENT;
        long used = HEADER_LENGTH + SEAL_LENGTH + journal.bytesAppended() + batchBytes;
        if (used + most + 2 * SEAL_LENGTH > room) {
          break;
        }
        TailRecovery.append(journal, ++count, entry.timeMs(), entry);
        batchBytes += most;
        inBatch++;
        if (inBatch > count % MOST_IN_A_BATCH) {
          journal.sync();
          inBatch = 0;
          batchBytes = 0;
        }
      }
      journal.sync();
    }
  }
}
