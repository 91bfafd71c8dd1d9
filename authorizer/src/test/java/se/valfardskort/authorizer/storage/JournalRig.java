package se.valfardskort.authorizer.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.MessageClass;
import se.valfardskort.authorizer.pipeline.CounterCore;
import se.valfardskort.authorizer.pipeline.Disk;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.pipeline.Slot;

/** One start of a journal with the small engine: lock, recover, open; then records can be appended. */
final class JournalRig implements AutoCloseable {
  static final JournalSettings SMALL =
      new JournalSettings(JournalSettings.Durability.FSYNC, 16 * 1024, 4096, 4096, 10_000);

  private static final int BLOCK = 4096;

  final JournalFolder folder;
  final CounterCore core = new CounterCore();
  final JournalReader.Tail tail;
  final FileJournal journal;
  private final Slot slot = new Slot();
  private Position end;

  private JournalRig(JournalFolder folder, JournalSettings settings) throws IOException {
    this.folder = folder;
    JournalReader reader = new JournalReader(folder, JournalReader.Mode.RECOVER);
    end = Recovery.replay(reader, core, (records, bytes, total) -> {});
    tail = reader.tail();
    journal = FileJournal.open(folder, settings, tail);
  }

  static JournalRig start(Disk disk, JournalSettings settings) throws IOException {
    return start(disk, settings, null);
  }

  /** With a key, the journal is sealed. */
  static JournalRig start(Disk disk, JournalSettings settings, @Nullable SealKey key) throws IOException {
    return start(JournalFolder.lock(disk, key), settings);
  }

  /** On a locked folder, which is closed with the rig. */
  static JournalRig start(JournalFolder folder, JournalSettings settings) throws IOException {
    boolean started = false;
    try {
      JournalRig rig = new JournalRig(folder, settings);
      started = true;
      return rig;
    } finally {
      if (!started) {
        folder.close();
      }
    }
  }

  /** Decides, applies and appends one request; the key is its sequence. */
  void append(long amountMinor) throws IOException {
    long sequence = end.sequence() + 1;
    long timeMs = end.timeMs() + 1000;
    CounterCore.fill(slot, sequence, amountMinor, MessageClass.AUTHORIZATION);
    core.decide(slot.command, 0, slot.commandLength, timeMs, slot.decision, 0);
    core.apply(slot.command, 0, slot.commandLength, timeMs, slot.decision, 0);
    append(Journal.Kind.DECIDED, sequence, timeMs);
  }

  /** Appends a command on which the engine throws. */
  void appendPoison() throws IOException {
    CounterCore.fill(slot, end.sequence() + 1, CounterCore.THROW_WHILE_DECIDING, MessageClass.AUTHORIZATION);
    core.refuse(slot.command, 0, slot.commandLength, 910, slot.decision, 0);
    append(Journal.Kind.POISON, end.sequence() + 1, end.timeMs() + 1000);
  }

  private void append(Journal.Kind kind, long sequence, long timeMs) throws IOException {
    journal.append(
        kind, sequence, timeMs, slot.command, 0, slot.commandLength, slot.decision, 0, core.decisionLength());
    end = new Position(sequence, timeMs);
  }

  /** Appends {@code count} records, a sync after every {@code batch} of them and at the end. */
  void appendMany(int count, int batch) throws IOException {
    for (int i = 1; i <= count; i++) {
      append(i);
      if (i % batch == 0) {
        journal.sync();
      }
    }
    journal.sync();
  }

  @Override
  public void close() throws IOException {
    try {
      journal.close();
    } finally {
      folder.close();
    }
  }

  /**
   * The folder as a crash right now could leave it, while it is being written: whatever the copy has, it has all that
   * was written before that. So the anchor goes first, then the segments, newest first and each from its end.
   */
  static void image(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    List<Path> files;
    try (Stream<Path> all = Files.list(from)) {
      files = all.filter(file -> !file.toString().endsWith(JournalFolder.TEMPORARY)).toList();
    }
    for (Path file : files) {
      if (!isSegment(file)) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
    for (Path file : files.stream().filter(JournalRig::isSegment).sorted(Comparator.reverseOrder()).toList()) {
      copyFromTheEnd(file, to.resolve(from.relativize(file)));
    }
  }

  private static boolean isSegment(Path file) {
    return file.toString().endsWith(".log");
  }

  private static void copyFromTheEnd(Path from, Path to) throws IOException {
    byte[] block = new byte[BLOCK];
    try (RandomAccessFile in = new RandomAccessFile(from.toFile(), "r");
        RandomAccessFile out = new RandomAccessFile(to.toFile(), "rw")) {
      long end = in.length();
      while (end > 0) {
        long start = Math.max(0, end - BLOCK);
        in.seek(start);
        in.readFully(block, 0, (int) (end - start));
        out.seek(start);
        out.write(block, 0, (int) (end - start));
        end = start;
      }
    }
  }

  /** The newest segment of a folder. */
  static Path lastSegment(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(JournalRig::isSegment).max(Path::compareTo).orElseThrow();
    }
  }
}
