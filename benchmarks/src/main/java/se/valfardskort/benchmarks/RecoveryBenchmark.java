package se.valfardskort.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import se.valfardskort.authorizer.app.config.ConfigurationException;
import se.valfardskort.authorizer.app.config.ConfigurationFolder;
import se.valfardskort.authorizer.engine.Core;
import se.valfardskort.authorizer.engine.Engine;
import se.valfardskort.authorizer.pipeline.Position;
import se.valfardskort.authorizer.pipeline.ReadAhead;
import se.valfardskort.authorizer.pipeline.Recovery;
import se.valfardskort.authorizer.storage.ChronicleStore;
import se.valfardskort.authorizer.storage.FolderDisk;
import se.valfardskort.authorizer.storage.JournalFolder;
import se.valfardskort.authorizer.storage.JournalReader;
import se.valfardskort.authorizer.storage.SealKey;
import se.valfardskort.authorizer.storage.SnapshotFolder;
import se.valfardskort.authorizer.storage.SnapshotKey;
import se.valfardskort.authorizer.storage.SnapshotLoader;
import se.valfardskort.authorizer.storage.SnapshotPace;
import se.valfardskort.authorizer.storage.StoredEngine;

/**
 * How long a start takes: part by part in this process, then as an operator sees it, from {@code ./run start} to the
 * ready line.
 *
 * <p>Run: {@code RecoveryBenchmark <folder> [cards] [commands]}; 1,000,000 and 10,000,000 when not said. It makes a
 * data folder of the demonstration in {@code folder}: the cards, a snapshot after them, then the commands (of 20: 15
 * purchases that are approved, 3 that are declined, 1 reversal, 1 completion; a tick each 100). It needs some 8 GB of
 * disk and is removed at the end.
 */
public final class RecoveryBenchmark {
  private static final int DEFAULT_CARDS = 1_000_000;
  private static final int DEFAULT_COMMANDS = 10_000_000;
  private static final int PORT_OFFSET = 9_000;

  private final Path data;
  private final ConfigurationFolder.Loaded loaded;

  private RecoveryBenchmark(Path data, ConfigurationFolder.Loaded loaded) {
    this.data = data;
    this.loaded = loaded;
  }

  /** Prints a line a step. */
  public static void main(String[] arguments) throws IOException, ConfigurationException {
    Path parent = Path.of(arguments.length > 0 ? arguments[0] : System.getProperty("java.io.tmpdir"));
    int cards = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_CARDS;
    int commands = arguments.length > 2 ? Integer.parseInt(arguments[2]) : DEFAULT_COMMANDS;
    Path home = Path.of(System.getProperty("project.root", "."));
    Path folder = Files.createTempDirectory(parent, "recovery-benchmark-");
    try {
      ConfigurationFolder.Loaded loaded = ConfigurationFolder.read(home.resolve("config").resolve("demo"), 0);
      RecoveryBenchmark benchmark = new RecoveryBenchmark(folder.resolve("data"), loaded);
      benchmark.write(cards, commands);
      benchmark.read(commands);
      say("process: cards " + cards + ", commands since the snapshot " + commands);
      int ordinary = cards - specialCards(loaded);
      start(home, folder, ordinary, "after a crash");
      start(home, folder, ordinary, "after a clean stop");
    } finally {
      delete(folder);
    }
  }

  private static int specialCards(ConfigurationFolder.Loaded loaded) {
    return RecoveryRig.plan(loaded).special().size();
  }

  /** The journal, and a snapshot between cards and commands; as after kill -9. */
  private void write(int cards, int commands) throws IOException {
    long startNs = System.nanoTime();
    try (JournalFolder folder = JournalFolder.lock(new FolderDisk(data.resolve("journal")));
        StoredEngine stored = engine();
        RecoveryRig rig = new RecoveryRig(folder, stored.engine(), loaded)) {
      rig.open(cards);
      SnapshotFolder snapshots = snapshots(data.resolve("snapshots"));
      snapshots.write(rig.key(), stored.engine()::writeState, SnapshotPace.UNBOUND, 2);
      rig.send(commands, cards);
    }
    say("made in " + millis(startNs) + " ms");
  }

  private void read(int commands) throws IOException {
    try (JournalFolder folder = JournalFolder.lock(new FolderDisk(data.resolve("journal")))) {
      SnapshotFolder snapshots = snapshots(data.resolve("snapshots"));
      long startNs = System.nanoTime();
      engine().close();
      say("the first Chronicle Map of the process " + millis(startNs) + " ms");
      Path second = data.resolveSibling("second");
      SnapshotFolder others = snapshots(second);
      replay(folder, snapshots, others, commands);
      try (StoredEngine again = load(folder, others).engine()) {
        finish(again.engine());
      }
      delete(second);
    }
  }

  /** Replays from the newest of {@code snapshots}, and writes the next one to {@code others}. */
  private void replay(JournalFolder folder, SnapshotFolder snapshots, SnapshotFolder others, int commands)
      throws IOException {
    SnapshotLoader.Loaded filled = load(folder, snapshots);
    try (StoredEngine stored = filled.engine()) {
      Engine engine = stored.engine();
      JournalReader reader = new JournalReader(folder, JournalReader.Mode.INSPECT, filled.key());
      long startNs = System.nanoTime();
      final long startCpuNs = processorNs();
      Position end = Recovery.follow(new ReadAhead(reader), engine, (records, bytes, total) -> { });
      long tookNs = System.nanoTime() - startNs;
      say(String.format(
          Locale.ROOT, "replayed %d commands in %d ms (%s): %,d/s", commands, tookNs / 1_000_000,
          cpuMillis(startCpuNs), Math.round(commands * 1e9 / tookNs)));
      finish(engine);

      startNs = System.nanoTime();
      SnapshotKey key =
          new SnapshotKey(
              end.sequence(), end.timeMs(), folder.epoch(), engine.digest(), Core.VERSION, folder.keyCheck(),
              folder.answersRemembered());
      long bytes = others.write(key, engine::writeState, SnapshotPace.UNBOUND, 2);
      say("wrote a snapshot of " + (bytes >> 20) + " MiB with " + engine.originals() + " originals in "
          + millis(startNs) + " ms");
    }
  }

  private SnapshotLoader.Loaded load(JournalFolder folder, SnapshotFolder snapshots) throws IOException {
    long startNs = System.nanoTime();
    long startCpuNs = processorNs();
    SnapshotLoader.Loaded filled = new SnapshotLoader(snapshots, folder, this::engine, RecoveryBenchmark::say).load();
    say("loaded the snapshot of sequence " + filled.key().sequence() + " in " + millis(startNs) + " ms ("
        + cpuMillis(startCpuNs) + ")");
    return filled;
  }

  /** As a start does it, but one after the other on one thread. */
  private static void finish(Engine engine) {
    long startNs = System.nanoTime();
    long startCpuNs = processorNs();
    engine.checkInvariants();
    say("checked the invariants in " + millis(startNs) + " ms (" + cpuMillis(startCpuNs) + ")");
    startNs = System.nanoTime();
    startCpuNs = processorNs();
    engine.catchUp();
    engine.endReplay();
    say("indexed the request keys in " + millis(startNs) + " ms (" + cpuMillis(startCpuNs)
        + "); a start does both on two threads");
  }

  /** Sealed, or the process would not believe them. */
  private SnapshotFolder snapshots(Path folder) throws IOException {
    return new SnapshotFolder(
        new FolderDisk(folder), SealKey.derivedFrom(loaded.settings().panTokenKey().bytes()));
  }

  private StoredEngine engine() {
    return new StoredEngine(new ChronicleStore(), RecoveryRig.capacity(loaded));
  }

  private static void start(Path home, Path folder, int ordinaryCards, String when) throws IOException {
    long startNs = System.nanoTime();
    try (ServerUnderTest server =
        ServerUnderTest.start(home, folder, PORT_OFFSET, ordinaryCards, "fsync", folder.resolve("gc.log"))) {
      say(when + ": " + millis(startNs) + " ms to: " + server.readyLine());
      say(when + ": " + server.peakMemory());
      startNs = System.nanoTime();
    }
    say("stopped cleanly in " + millis(startNs) + " ms");
  }

  private static long millis(long startNs) {
    return (System.nanoTime() - startNs) / 1_000_000;
  }

  /** Processor time of all threads, which a busy machine changes less than the clock's. */
  private static long processorNs() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  private static String cpuMillis(long startCpuNs) {
    return "processor time " + (processorNs() - startCpuNs) / 1_000_000 + " ms";
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.delete(file);
      }
    }
  }
}
