package se.valfardskort.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.engine.sbe.CardRequestEncoder;
import se.valfardskort.authorizer.engine.sbe.DecisionEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.pipeline.Journal;
import se.valfardskort.authorizer.storage.FileJournal;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.JournalSettings;
import se.valfardskort.authorizer.storage.SealKey;

/**
 * How long one group commit takes by its size, and how fast a journal is read back and verified.
 *
 * <p>Run: {@code JournalBenchmark <folder> [records a size]}. The folder should be on the disk that will be used; it is
 * emptied of what the benchmark wrote. Each size runs without seals and with them.
 */
public final class JournalBenchmark {
  private static final int[] BATCHES = {1, 8, 64, 512};
  private static final int DEFAULT_RECORDS = 100_000;
  private static final int MOST_SYNCS = 5_000;

  private JournalBenchmark() {}

  /** Prints two lines a batch size, with seals and without, in turn. */
  public static void main(String[] arguments) throws IOException {
    Path parent = Path.of(arguments.length > 0 ? arguments[0] : System.getProperty("java.io.tmpdir"));
    int records = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_RECORDS;
    SealKey key = SealKey.derivedFrom(new byte[32]);
    for (int batch : BATCHES) {
      run(parent, Math.min(records, batch * MOST_SYNCS), batch, null);
      run(parent, Math.min(records, batch * MOST_SYNCS), batch, key);
    }
  }

  private static void run(Path parent, int records, int batch, @Nullable SealKey key) throws IOException {
    Path folder = Files.createTempDirectory(parent, "journal-benchmark-");
    try {
      System.out.print(key == null ? "without seals: " : "with seals:    ");
      write(folder, records, batch, key);
      read(folder, key);
    } finally {
      delete(folder);
    }
  }

  private static void write(Path path, int records, int batch, @Nullable SealKey key) throws IOException {
    int commandLength = MessageHeaderEncoder.ENCODED_LENGTH + CardRequestEncoder.BLOCK_LENGTH;
    int decisionLength = MessageHeaderEncoder.ENCODED_LENGTH + DecisionEncoder.BLOCK_LENGTH;
    UnsafeBuffer command = new UnsafeBuffer(new byte[commandLength]);
    UnsafeBuffer decision = new UnsafeBuffer(new byte[decisionLength]);
    Latencies syncs = new Latencies(records);
    long startNs;
    long endNs;
    try (JournalFolder folder = JournalFolder.lock(new FolderDisk(path), key);
        FileJournal journal = FileJournal.open(folder, JournalSettings.defaults(), JournalReader.Tail.EMPTY)) {
      startNs = System.nanoTime();
      long batchNs = startNs;
      for (int i = 1; i <= records; i++) {
        journal.append(Journal.Kind.DECIDED, i, i, command, 0, commandLength, decision, 0, decisionLength);
        if (i % batch == 0) {
          journal.sync();
          long nowNs = System.nanoTime();
          syncs.add(nowNs - batchNs);
          batchNs = nowNs;
        }
      }
      journal.sync();
      endNs = System.nanoTime();
    }
    System.out.println("append+sync, batch " + batch + ": " + perSecond(records, endNs - startNs)
        + " records/s; a batch " + syncs.describe());
  }

  private static void read(Path path, @Nullable SealKey key) throws IOException {
    try (JournalFolder folder = JournalFolder.lock(new FolderDisk(path), key)) {
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.INSPECT);
      long startNs = System.nanoTime();
      long records = reader.readAll(record -> {}).sequence();
      System.out.println("  read and verified: " + perSecond(records, System.nanoTime() - startNs) + " records/s ("
          + records + " records, " + reader.bytesRead() + " bytes)");
    }
  }

  private static long perSecond(long count, long durationNs) {
    return Math.round(count * 1e9 / Math.max(1, durationNs));
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
